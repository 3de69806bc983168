"""How a text is written: ways to spoil the layout of a file."""

from __future__ import annotations

import gzip
import unicodedata
from dataclasses import replace

from hypothesis import strategies as st

from awkward.files import Good, Must, Spoilt, as_csv
from awkward.spoiling import KINDS, Draw, as_file, kind, one_of, some_row


def _encoded(name: str, encoding: str, mark: bytes = b"", must: Must = "read") -> None:
    def spoil(_: Draw, table: Good) -> Spoilt:
        text = as_csv(table.columns, table.rows, separator=table.separators[0])
        return Spoilt("", mark + text.encode(encoding), table.suffixes[0], must=must)

    KINDS[name] = spoil


_encoded("Excel's Unicode text", "utf-16")
_encoded("UTF-16 without a mark", "utf-16-le")
_encoded("UTF-16, big end first", "utf-16-be", b"\xfe\xff")
_encoded("Windows-1252", "cp1252")
_encoded("UTF-8 with a mark", "utf-8-sig")


@kind
def another_separator(draw: Draw, table: Good) -> Spoilt:
    return as_file(table, must="read", separator=one_of(draw, table.separators))


@kind
def a_line_that_says_the_separator(draw: Draw, table: Good) -> Spoilt:
    mark = one_of(draw, ";,\t") or ";"
    text = f"sep={mark}\n" + as_csv(table.columns, table.rows, separator=mark)
    return Spoilt("", text.encode(), table.suffixes[0], must="read")


@kind
def ends_of_lines_of_another_system(draw: Draw, table: Good) -> Spoilt:
    text = as_csv(table.columns, table.rows, separator=table.separators[0], ends="\r\n")
    return Spoilt("", text.encode(), table.suffixes[0], must="read")


@kind
def ends_of_lines_of_old_systems(draw: Draw, table: Good) -> Spoilt:
    text = as_csv(table.columns, table.rows, separator=table.separators[0], ends="\r")
    return Spoilt("", text.encode(), table.suffixes[0], must="either")


@kind
def all_cells_in_quotes(draw: Draw, table: Good) -> Spoilt:
    text = as_csv(table.columns, table.rows, separator=table.separators[0], quoting=1)
    return Spoilt("", text.encode(), table.suffixes[0], must="read")


@kind
def a_title_above(draw: Draw, table: Good) -> Spoilt:
    title = one_of(draw, ["Migrants by birthplace\n\n", "Table 3; of the, report\nSource, of all\n\n"]) or ""
    text = as_csv(table.columns, table.rows, separator=table.separators[0])
    return Spoilt("", (title + text).encode(), table.suffixes[0], must="read")


@kind
def a_note_below(draw: Draw, table: Good) -> Spoilt:
    note = one_of(draw, ["Source: Department of Economic and Social Affairs", "* provisional"])
    text = as_csv(table.columns, table.rows, separator=table.separators[0]) + f"{note}\n"
    return Spoilt("", text.encode(), table.suffixes[0], (len(table.rows) + 1,), "refuse")


@kind
def blank_rows_between(draw: Draw, table: Good) -> Spoilt:
    at, nothing = some_row(draw, table), [""] * len(table.columns)
    return as_file(table.with_rows([*table.rows[:at], nothing, *table.rows[at:]]), at + 1)


@kind
def separators_at_the_end(draw: Draw, table: Good) -> Spoilt:
    rows = [[*row, "", ""] for row in table.rows]
    return as_file(replace(table, columns=[*table.columns, "", ""], rows=rows), must="read")


@kind
def a_column_nobody_asked_for(draw: Draw, table: Good) -> Spoilt:
    name = one_of(draw, ["note, with, commas", 'he said "yes"', "Bemerkung; lang"]) or ""
    rows = [[*row, "a, b; c"] for row in table.rows]
    return as_file(replace(table, columns=[*table.columns, name], rows=rows))


@kind
def columns_in_another_order(draw: Draw, table: Good) -> Spoilt:
    order = draw(st.permutations(range(len(table.columns))))
    rows = [[row[n] for n in order] for row in table.rows]  # type: ignore[attr-defined]
    columns = [table.columns[n] for n in order]  # type: ignore[attr-defined]
    return as_file(replace(table, columns=columns, rows=rows), must="read")


@kind
def rows_in_another_order(draw: Draw, table: Good) -> Spoilt:
    return as_file(table.with_rows(draw(st.permutations(table.rows))), must="read")  # type: ignore[arg-type]


@kind
def names_of_columns_in_capitals(draw: Draw, table: Good) -> Spoilt:
    change = draw(st.sampled_from([str.upper, str.title, lambda name: f" {name.replace('_', ' ')} "]))
    columns = [change(name) for name in table.columns]  # type: ignore[operator]
    return as_file(replace(table, columns=columns), must="read")


@kind
def blanks_around_cells(draw: Draw, table: Good) -> Spoilt:
    around = one_of(draw, [" ", "  ", "\u00a0", "\u2009"]) or ""
    return as_file(
        table.with_rows([[f"{around}{c}{around}" for c in row] for row in table.rows]), must="read"
    )


@kind
def letters_in_two_pieces(draw: Draw, table: Good) -> Spoilt:
    parts = [[unicodedata.normalize("NFD", cell) for cell in row] for row in table.rows]
    return as_file(table.with_rows(parts), must="read")


@kind
def marks_that_nobody_sees(draw: Draw, table: Good) -> Spoilt | None:
    column = one_of(draw, [*table.known, *table.free])
    if column is None:
        return None
    unseen, row = one_of(draw, "\u200b\u200e\ufeff\u00ad") or "", some_row(draw, table)
    cell = table.cells(column)[row]
    return as_file(table.put(row, column, cell[:1] + unseen + cell[1:]), row + 1, must="read")


@kind
def a_row_with_too_many_cells(draw: Draw, table: Good) -> Spoilt:
    row = some_row(draw, table)
    rows = [[*cells, "7"] if n == row else cells for n, cells in enumerate(table.rows)]
    return as_file(table.with_rows(rows), row + 1, must="refuse")


@kind
def a_row_with_too_few_cells(draw: Draw, table: Good) -> Spoilt:
    row = some_row(draw, table)
    rows = [cells[:-1] if n == row else cells for n, cells in enumerate(table.rows)]
    return as_file(table.with_rows(rows), row + 1, must="refuse")


@kind
def a_row_that_begins_one_cell_late(draw: Draw, table: Good) -> Spoilt | None:
    if table.columns[0] in table.blank:
        return None
    row = some_row(draw, table)
    rows = [["", *cells[:-1]] if n == row else cells for n, cells in enumerate(table.rows)]
    return as_file(table.with_rows(rows), row + 1, must="refuse")


@kind
def names_of_columns_again_in_the_middle(draw: Draw, table: Good) -> Spoilt:
    at = 1 + draw(st.integers(0, len(table.rows) - 2))  # type: ignore[operator]
    return as_file(
        table.with_rows([*table.rows[:at], table.columns, *table.rows[at:]]), at + 1, must="refuse"
    )


@kind
def a_column_twice(draw: Draw, table: Good) -> Spoilt:
    column = one_of(draw, table.columns) or ""
    rows = [[*row, row[table.at(column)]] for row in table.rows]
    return as_file(
        replace(table, columns=[*table.columns, column], rows=rows), must="refuse", words=(column,)
    )


@kind
def a_quote_left_open(draw: Draw, table: Good) -> Spoilt:
    at = draw(st.integers(0, len(table.rows) - 2))
    separator = table.separators[0]
    lines = as_csv(table.columns, table.rows, separator=separator).splitlines()
    cells = lines[at + 1].split(separator)  # type: ignore[operator]
    column = draw(st.integers(0, len(cells) - 1))
    cells[column] = '"' + cells[column]  # type: ignore[index,operator]
    lines[at + 1] = separator.join(cells)  # type: ignore[operator]
    return Spoilt("", "\n".join(lines).encode(), table.suffixes[0], (at + 1,), "refuse")  # type: ignore[operator]


@kind
def two_quotes_that_swallow_rows(draw: Draw, table: Good) -> Spoilt | None:
    column = one_of(draw, table.texts)
    if column is None or len(table.rows) < 3:
        return None
    at = draw(st.integers(0, len(table.rows) - 3))
    separator, place = table.separators[0], table.at(column)
    lines = as_csv(table.columns, table.rows, separator=separator).splitlines()
    for row, change in ((at, lambda cell: '"' + cell), (at + 2, lambda cell: cell + '"')):  # type: ignore[operator]
        cells = lines[row + 1].split(separator)
        cells[place] = change(cells[place].strip('"'))
        lines[row + 1] = separator.join(cells)
    return Spoilt("", "\n".join(lines).encode(), table.suffixes[0], (at + 1,), "refuse")  # type: ignore[operator]


@kind
def bytes_that_are_no_text(draw: Draw, table: Good) -> Spoilt:
    row = some_row(draw, table)
    lines = as_csv(table.columns, table.rows, separator=table.separators[0]).encode().splitlines()
    lines[row + 1] = lines[row + 1] + b"\x00\x81\x8d"
    return Spoilt("", b"\n".join(lines), table.suffixes[0], (row + 1,))


@kind
def a_compressed_file(draw: Draw, table: Good) -> Spoilt | None:
    if ".csv.gz" not in table.suffixes:
        return None
    text = as_csv(table.columns, table.rows)
    return Spoilt("", gzip.compress(text.encode()), ".csv.gz", must="read")


@kind
def a_compressed_file_cut_short(draw: Draw, table: Good) -> Spoilt | None:
    if ".csv.gz" not in table.suffixes:
        return None
    packed = gzip.compress(as_csv(table.columns, table.rows).encode())
    cut = draw(st.integers(3, len(packed) - 1))
    return Spoilt("", packed[:cut], ".csv.gz", must="refuse")  # type: ignore[misc]
