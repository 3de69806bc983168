"""Named ways to spoil a good file: strategies of hypothesis, one a kind."""

from __future__ import annotations

import gzip
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from functools import cache

from hypothesis import strategies as st

from awkward.files import Good, Must, Spoilt, as_csv, as_xlsx, typed

Draw = Callable[[st.SearchStrategy], object]  # type: ignore[type-arg]
Spoiler = Callable[[Draw, Good], Spoilt | None]
KINDS: dict[str, Spoiler] = {}


def kind(spoiler: Spoiler) -> Spoiler:
    """Enter a way of spoiling under the name of its function."""
    KINDS[spoiler.__name__.replace("_", " ").strip()] = spoiler
    return spoiler


@st.composite
def spoilt(draw: Draw, table: Good, name: str) -> Spoilt | None:
    """A table spoilt in the named way; None where it can not be spoilt so."""
    found = None if name in table.never else KINDS[name](draw, table)
    return None if found is None else replace(found, kind=name)


def _text(
    table: Good, *rows: int, must: Must = "either", separator: str | None = None, words: tuple[str, ...] = ()
) -> Spoilt:
    content = as_csv(table.columns, table.rows, separator=separator or table.separators[0])
    return Spoilt("", content.encode(), table.suffixes[0], rows, must, words)


def _one(draw: Draw, names: object) -> str | None:
    found = list(names)  # type: ignore[call-overload]
    return draw(st.sampled_from(found)) if found else None  # type: ignore[return-value]


def _row(draw: Draw, table: Good) -> int:
    return draw(st.integers(0, len(table.rows) - 1))  # type: ignore[return-value]


def _cell(draw: Draw, table: Good, columns: object, text: str, must: Must = "refuse") -> Spoilt | None:
    column = _one(draw, columns)
    if column is None:
        return None
    row = _row(draw, table)
    return _text(table.put(row, column, text), row + 1, must=must)


# How a text is written.


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
    return _text(table, must="read", separator=_one(draw, table.separators))


@kind
def a_line_that_says_the_separator(draw: Draw, table: Good) -> Spoilt:
    mark = _one(draw, ";,\t") or ";"
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
    title = _one(draw, ["Migrants by birthplace\n\n", "Table 3; of the, report\nSource, of all\n\n"]) or ""
    text = as_csv(table.columns, table.rows, separator=table.separators[0])
    return Spoilt("", (title + text).encode(), table.suffixes[0], must="read")


@kind
def a_note_below(draw: Draw, table: Good) -> Spoilt:
    note = _one(draw, ["Source: Department of Economic and Social Affairs", "* provisional"])
    text = as_csv(table.columns, table.rows, separator=table.separators[0]) + f"{note}\n"
    return Spoilt("", text.encode(), table.suffixes[0], (len(table.rows) + 1,), "refuse")


@kind
def blank_rows_between(draw: Draw, table: Good) -> Spoilt:
    at, nothing = _row(draw, table), [""] * len(table.columns)
    return _text(table.with_rows([*table.rows[:at], nothing, *table.rows[at:]]), at + 1)


@kind
def separators_at_the_end(draw: Draw, table: Good) -> Spoilt:
    rows = [[*row, "", ""] for row in table.rows]
    return _text(replace(table, columns=[*table.columns, "", ""], rows=rows), must="read")


@kind
def a_column_nobody_asked_for(draw: Draw, table: Good) -> Spoilt:
    name = _one(draw, ["note, with, commas", 'he said "yes"', "Bemerkung; lang"]) or ""
    rows = [[*row, "a, b; c"] for row in table.rows]
    return _text(replace(table, columns=[*table.columns, name], rows=rows))


@kind
def columns_in_another_order(draw: Draw, table: Good) -> Spoilt:
    order = draw(st.permutations(range(len(table.columns))))
    rows = [[row[n] for n in order] for row in table.rows]  # type: ignore[attr-defined]
    columns = [table.columns[n] for n in order]  # type: ignore[attr-defined]
    return _text(replace(table, columns=columns, rows=rows), must="read")


@kind
def rows_in_another_order(draw: Draw, table: Good) -> Spoilt:
    return _text(table.with_rows(draw(st.permutations(table.rows))), must="read")  # type: ignore[arg-type]


@kind
def names_of_columns_in_capitals(draw: Draw, table: Good) -> Spoilt:
    change = draw(st.sampled_from([str.upper, str.title, lambda name: f" {name.replace('_', ' ')} "]))
    columns = [change(name) for name in table.columns]  # type: ignore[operator]
    return _text(replace(table, columns=columns), must="read")


@kind
def blanks_around_cells(draw: Draw, table: Good) -> Spoilt:
    around = _one(draw, [" ", "  ", "\u00a0", "\u2009"]) or ""
    return _text(table.with_rows([[f"{around}{c}{around}" for c in row] for row in table.rows]), must="read")


@kind
def letters_in_two_pieces(draw: Draw, table: Good) -> Spoilt:
    parts = [[unicodedata.normalize("NFD", cell) for cell in row] for row in table.rows]
    return _text(table.with_rows(parts), must="read")


@kind
def marks_that_nobody_sees(draw: Draw, table: Good) -> Spoilt | None:
    column = _one(draw, [*table.known, *table.free])
    if column is None:
        return None
    unseen, row = _one(draw, "\u200b\u200e\ufeff\u00ad") or "", _row(draw, table)
    cell = table.cells(column)[row]
    return _text(table.put(row, column, cell[:1] + unseen + cell[1:]), row + 1, must="read")


@kind
def a_row_with_too_many_cells(draw: Draw, table: Good) -> Spoilt:
    row = _row(draw, table)
    rows = [[*cells, "7"] if n == row else cells for n, cells in enumerate(table.rows)]
    return _text(table.with_rows(rows), row + 1, must="refuse")


@kind
def a_row_with_too_few_cells(draw: Draw, table: Good) -> Spoilt:
    row = _row(draw, table)
    rows = [cells[:-1] if n == row else cells for n, cells in enumerate(table.rows)]
    return _text(table.with_rows(rows), row + 1, must="refuse")


@kind
def a_row_that_begins_one_cell_late(draw: Draw, table: Good) -> Spoilt | None:
    if table.columns[0] in table.blank:
        return None
    row = _row(draw, table)
    rows = [["", *cells[:-1]] if n == row else cells for n, cells in enumerate(table.rows)]
    return _text(table.with_rows(rows), row + 1, must="refuse")


@kind
def names_of_columns_again_in_the_middle(draw: Draw, table: Good) -> Spoilt:
    at = 1 + draw(st.integers(0, len(table.rows) - 2))  # type: ignore[operator]
    return _text(table.with_rows([*table.rows[:at], table.columns, *table.rows[at:]]), at + 1, must="refuse")


@kind
def a_column_twice(draw: Draw, table: Good) -> Spoilt:
    column = _one(draw, table.columns) or ""
    rows = [[*row, row[table.at(column)]] for row in table.rows]
    return _text(replace(table, columns=[*table.columns, column], rows=rows), must="refuse", words=(column,))


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
    column = _one(draw, table.texts)
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
    row = _row(draw, table)
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


# How a number is written.


def _figures(table: Good, write: Callable[[float], str], must: Must = "either") -> Spoilt | None:
    if not table.figures:
        return None
    texts = {
        n: {name: write(float(row[table.at(name)])) for name in table.figures if row[table.at(name)]}
        for n, row in enumerate(table.rows)
    }
    spoiled = table.mapped(texts)
    changed = [n + 1 for n, row in enumerate(spoiled.rows) if row != table.rows[n]]
    return _text(spoiled, *changed, must=must) if changed else None


def _marked(thousands: str, decimal: str) -> Callable[[float], str]:
    swap = str.maketrans({",": thousands, ".": decimal})

    def write(value: float) -> str:
        plain = f"{value:,.0f}" if value.is_integer() else f"{value:,}"
        return plain.translate(swap)

    return write


@kind
def commas_between_thousands(draw: Draw, table: Good) -> Spoilt | None:
    return _figures(table, _marked(",", "."))


@kind
def points_between_thousands(draw: Draw, table: Good) -> Spoilt | None:
    return _figures(table, _marked(".", ","))


@kind
def blanks_between_thousands(draw: Draw, table: Good) -> Spoilt | None:
    return _figures(table, _marked(_one(draw, " \u00a0\u202f\u2009") or " ", _one(draw, ".,") or "."))


@kind
def apostrophes_between_thousands(draw: Draw, table: Good) -> Spoilt | None:
    return _figures(table, _marked(_one(draw, "'\u2019") or "'", "."))


@kind
def decimals_after_a_comma(draw: Draw, table: Good) -> Spoilt | None:
    return _figures(table, lambda value: f"{value:.2f}".replace(".", ","), must="read")


@kind
def needless_decimals(draw: Draw, table: Good) -> Spoilt | None:
    return _figures(table, lambda value: f"{value:.2f}" if round(value, 2) == value else str(value), "read")


@kind
def three_needless_decimals(draw: Draw, table: Good) -> Spoilt | None:
    mark = _one(draw, ".,") or "."
    return _figures(table, lambda value: f"{value:.3f}".replace(".", mark))


@kind
def powers_of_ten(draw: Draw, table: Good) -> Spoilt | None:
    return _figures(table, lambda value: f"{value:.12E}", must="read")


@kind
def thousands_marked_in_one_row(draw: Draw, table: Good) -> Spoilt | None:
    column = _one(draw, table.figures)
    if column is None:
        return None
    row, mark = _row(draw, table), _one(draw, ".,") or ","
    cell = table.cells(column)[row]
    if not cell or abs(float(cell)) < 1000:
        return None
    written = _marked(mark, "." if mark == "," else ",")(float(cell))
    return _text(table.put(row, column, written), row + 1)


def _suffixed(name: str, words: list[str], must: Must = "refuse", *, unsigned: bool = False) -> None:
    def spoil(draw: Draw, table: Good) -> Spoilt | None:
        column = _one(draw, [n for n in table.figures if not (unsigned and n in table.signed)])
        if column is None:
            return None
        row = _row(draw, table)
        cell = table.cells(column)[row]
        text = (_one(draw, words) or "").format(cell)
        return _text(table.put(row, column, text), row + 1, must=must) if float(cell or 0) else None

    KINDS[name] = spoil


_suffixed("a unit beside a number", ["{} persons", "{}%", "USD {}", "${}", "{} k", "{} thousand"])
_suffixed("a footnote beside a number", ["{}*", "{} [1]", "{}(a)", "{} e", "{}†", "~{}", "<{}", ">{}"])
_suffixed("two numbers in a cell", ["{0}-{0}", "{0}/{0}", "{0} 12", "{0}–{0}", "{0};{0}"])
_suffixed("a number in brackets", ["({})", "[{}]"])
_suffixed("digits of another script", ["\u0661\u0662\u0663{}", "\uff11\uff12{}"])
_suffixed("a number as a formula", ["={}", "+{}", "'{}"], "either")
_suffixed("a sign written as a dash", ["\u2212{}", "\u2013{}", "{}-"], unsigned=True)


def _worded(name: str, words: list[str], must: Must = "refuse") -> None:
    def spoil(draw: Draw, table: Good) -> Spoilt | None:
        return _cell(draw, table, table.figures, _one(draw, words) or "", must)

    KINDS[name] = spoil


_worded("a word for missing among numbers", ["n/a", "..", "-", "NA", "n.d.", "x", "#N/A", "NULL", "nan", "…"])
_worded("no finite number", ["NaN", "inf", "-inf", "Infinity", "1e999"])
_worded("a date among numbers", ["2019-05-01", "01/05/2019", "1-May", "May-19"])
_worded("a truth among numbers", ["TRUE", "yes", "False"])


@kind
def a_blank_number(draw: Draw, table: Good) -> Spoilt | None:
    return _cell(draw, table, [name for name in table.figures if name not in table.blank], "")


@kind
def a_negative_number(draw: Draw, table: Good) -> Spoilt | None:
    column = _one(draw, [name for name in table.figures if name not in table.signed])
    if column is None:
        return None
    row = _row(draw, table)
    cell = table.cells(column)[row]
    return _text(table.put(row, column, f"-{cell}"), row + 1, must="refuse") if float(cell or 0) else None


@kind
def a_year_that_is_none(draw: Draw, table: Good) -> Spoilt | None:
    words = ["2010/11", "2010-2011", "FY2010", "2010 (p)", "c. 2010", "20 10", "2010.5", "MMX", "10"]
    return _cell(draw, table, table.years, _one(draw, words) or "")


@kind
def a_year_as_a_date(draw: Draw, table: Good) -> Spoilt | None:
    if not table.years:
        return None
    row, column = _row(draw, table), _one(draw, table.years) or ""
    text = (_one(draw, ["{}-01-01", "01/01/{}", "{}-01-01 00:00:00", "31.12.{}"]) or "").format(
        table.cells(column)[row]
    )
    return _text(table.put(row, column, text), row + 1)


@kind
def a_year_with_a_point(draw: Draw, table: Good) -> Spoilt | None:
    if not table.years:
        return None
    column = _one(draw, table.years) or ""
    texts = {n: {column: f"{cell}.0"} for n, cell in enumerate(table.cells(column))}
    return _text(table.mapped(texts), must="read")


# How a place is written.


@kind
def a_word_for_missing_among_places(draw: Draw, table: Good) -> Spoilt | None:
    words = ["n/a", "N.A.", "#N/A", "s.d.", "s/o", "T.O.", "p.a.", "M/A", "N.E.", "c/o", "i.e.", "D/K", "..",
             "-", "(no)", "n. a.", "unknown place", "TBD", "?"]  # fmt: skip
    word = _one(draw, words) or ""
    columns = table.known if word in ("unknown place", "(no)", "i.e.", "c/o") else [*table.known, *table.free]
    return _cell(draw, table, columns, word)


@kind
def a_blank_place(draw: Draw, table: Good) -> Spoilt | None:
    return _cell(draw, table, [*table.known, *table.free], "")


@kind
def a_place_nobody_knows(draw: Draw, table: Good) -> Spoilt | None:
    words = ["Atlantis", "XYZ", "QQ", "999", "Germany and France", "SJM", "Other countries"]
    return _cell(draw, table, table.known, _one(draw, words) or "")


@kind
def a_row_of_a_total(draw: Draw, table: Good) -> Spoilt | None:
    column = _one(draw, [*table.known, *table.free])
    if column is None:
        return None
    words = ["Total", "World", "TOTAL", " total ", "All countries", "Grand total", "Total:", "Insgesamt",
             "of which:", "Total general", "TOTAL (1)", "Sub-total"]  # fmt: skip
    word = _one(draw, [w for w in words if not (table.world and w == "World")]) or ""
    return _summed(table, column, word)


def _summed(table: Good, column: str, word: str) -> Spoilt:
    at = table.at(column)
    others = [table.at(name) for name in (*table.key, *table.years) if name != column]
    sums: dict[tuple[str, ...], list[str]] = {}
    for row in table.rows:
        group = tuple(row[n] for n in others)
        total = sums.get(group)
        if total is None:
            sums[group] = [word if n == at else cell for n, cell in enumerate(row)]
            continue
        for name in table.figures:
            n = table.at(name)
            if total[n] and row[n]:
                added = round(float(total[n]) + float(row[n]), 6)
                total[n] = f"{added:.0f}" if added.is_integer() else f"{added}"
    rows = [*table.rows, *sums.values()]
    return _text(table.with_rows(rows), *range(len(table.rows) + 1, len(rows) + 1), must="refuse")


@kind
def a_total_of_another_name(draw: Draw, table: Good) -> Spoilt | None:
    free = [name for name in table.free if name in table.key and not table.rates]
    column = _one(draw, free)
    if column is None or not table.figures or len(set(table.cells(column))) < 3:
        return None
    word = _one(draw, ["Gebiet", "Reino", "The whole federation", "Alle zusammen"]) or ""
    return _summed(table, column, word)


@kind
def a_region_among_countries(draw: Draw, table: Good) -> Spoilt | None:
    words = ["Africa", "Europe", "Latin America and the Caribbean", "High income", "European Union", "OECD"]
    return _cell(draw, table, table.known, _one(draw, words) or "")


@kind
def places_by_other_names(draw: Draw, table: Good) -> Spoilt | None:
    if not table.known:
        return None
    from corridors import places

    how = _one(draw, ["name", "iso2", "m49", "lower", "any"])
    texts: dict[int, dict[str, str]] = {}
    for n in range(len(table.rows)):
        for column in table.known:
            place = places.find(table.cells(column)[n])
            said = {"name": place.name, "iso2": place.iso2, "m49": f"{place.m49:03d}" if place.m49 else None}
            said |= {"lower": place.code.lower(), "any": _one(draw, _names_of(place.code))}
            texts.setdefault(n, {})[column] = said[how or "name"] or place.code
    return _text(table.mapped(texts), must="read")


@cache
def _names_of(code: str) -> list[str]:
    """Names of a place in any language, without those that other places share."""
    from corridors import places

    return [name.text for name in places.names() if name.country == code and places.code(name.text) == code]


# Rows as a whole.


@kind
def a_row_twice(draw: Draw, table: Good) -> Spoilt | None:
    if not table.key:
        return None
    row = _row(draw, table)
    return _text(table.with_rows([*table.rows, table.rows[row]]), row + 1, must="refuse")


@kind
def a_row_twice_with_another_figure(draw: Draw, table: Good) -> Spoilt | None:
    column = _one(draw, [name for name in table.figures if name not in table.key])
    if column is None or not table.key:
        return None
    row = _row(draw, table)
    again = list(table.rows[row])
    again[table.at(column)] = "17"
    return _text(table.with_rows([*table.rows, again]), row + 1, must="refuse")


@kind
def a_column_that_is_not_there(draw: Draw, table: Good) -> Spoilt | None:
    column = _one(draw, table.needed or table.key)
    if column is None:
        return None
    at = table.at(column)
    rows = [[cell for n, cell in enumerate(row) if n != at] for row in table.rows]
    columns = [name for name in table.columns if name != column]
    return _text(replace(table, columns=columns, rows=rows), must="refuse", words=(column,))


@kind
def no_rows(draw: Draw, table: Good) -> Spoilt:
    return _text(table.with_rows([]), must="refuse")


@kind
def nothing_at_all(draw: Draw, table: Good) -> Spoilt:
    content = draw(st.sampled_from([b"", b"\n\n", b"\xef\xbb\xbf", b"\xff\xfe", b"   "]))
    return Spoilt("", content, table.suffixes[0], must="refuse")  # type: ignore[arg-type]


# Workbooks.


def _book(name: str, must: Must = "read") -> Callable[[Callable[[Draw, Good], Spoilt]], None]:
    def enter(spoil: Callable[[Draw, Good], Spoilt]) -> None:
        def guarded(draw: Draw, table: Good) -> Spoilt | None:
            placed = table.known or table.free
            fits = ".xlsx" in table.suffixes and (placed or name != "cells joined over rows")
            return spoil(draw, table) if fits else None

        KINDS[name] = guarded

    return enter


def _xlsx(content: bytes, *rows: int, must: Must = "read", words: tuple[str, ...] = ()) -> Spoilt:
    return Spoilt("", content, ".xlsx", rows, must, words)


@_book("a workbook")
def _plain(draw: Draw, table: Good) -> Spoilt:
    return _xlsx(as_xlsx({"final": typed(table)}))


@_book("a workbook of texts")
def _texts(draw: Draw, table: Good) -> Spoilt:
    return _xlsx(as_xlsx({"final": [list(table.columns), *(list(row) for row in table.rows)]}))


@_book("a hidden sheet before")
def _hidden(draw: Draw, table: Good) -> Spoilt:
    old = typed(table)[: len(table.rows)]
    return _xlsx(as_xlsx({"old": old, "final": typed(table)}, hidden=["old"]))


@_book("a sheet of words before")
def _words(draw: Draw, table: Good) -> Spoilt:
    notes = [["Figures of the ministry"], [None, "see the next sheet"]]
    return _xlsx(as_xlsx({"read me": notes, "final": typed(table)}))


@_book("two sheets alike")
def _alike(draw: Draw, table: Good) -> Spoilt:
    return _xlsx(as_xlsx({"2019": typed(table), "2020": typed(table)[:-1]}), must="refuse", words=("2019",))


@_book("a title and blank rows in a workbook")
def _titled(draw: Draw, table: Good) -> Spoilt:
    above: list[list[object]] = [["Migrants by birthplace"], [], [None, "thousands of words"], []]
    return _xlsx(as_xlsx({"final": [*above, *typed(table)]}))


@_book("a formula that failed")
def _failed(draw: Draw, table: Good) -> Spoilt:
    rows, row = typed(table), _row(draw, table)
    column = draw(st.sampled_from([table.at(name) for name in (*table.figures, *table.years)] or [0]))
    rows[row + 1][column] = "#DIV/0!"  # type: ignore[index]
    return _xlsx(as_xlsx({"final": rows}), row + 1, must="refuse")


@_book("cells joined over rows")
def _joined(draw: Draw, table: Good) -> Spoilt:
    rows = typed(table)
    column = table.at(_one(draw, [*table.known, *table.free]) or "")
    row = 1 + draw(st.integers(1, len(table.rows) - 1))  # type: ignore[operator]
    rows[row][column] = None  # type: ignore[index]
    return _xlsx(as_xlsx({"final": rows}), row, must="refuse")


@_book("no workbook though it is called one")
def _no_book(draw: Draw, table: Good) -> Spoilt:
    return _xlsx(as_csv(table.columns, table.rows).encode(), must="refuse")
