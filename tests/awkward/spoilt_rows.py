"""How a place is written, and rows as a whole."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from hypothesis import strategies as st

from awkward.files import Good, Spoilt
from awkward.spoiling import Draw, as_file, kind, one_cell, one_of, some_row
from corridors import places


@kind
def a_word_for_missing_among_places(draw: Draw, table: Good) -> Spoilt | None:
    words = ["n/a", "N.A.", "#N/A", "s.d.", "s/o", "T.O.", "p.a.", "M/A", "N.E.", "c/o", "i.e.", "D/K", "..",
             "-", "(no)", "n. a.", "unknown place", "TBD", "?"]  # fmt: skip
    word = one_of(draw, words) or ""
    # Where names are free, only what says so is missing: T.O. may be a place.
    columns = [*table.known, *(table.free if places.says_missing(word) else ())]
    return one_cell(draw, table, columns, word)


@kind
def a_blank_place(draw: Draw, table: Good) -> Spoilt | None:
    return one_cell(draw, table, [*table.known, *table.free], "")


@kind
def a_place_nobody_knows(draw: Draw, table: Good) -> Spoilt | None:
    words = ["Atlantis", "XYZ", "QQ", "999", "Germany and France", "SJM", "Some countries"]
    return one_cell(draw, table, table.known, one_of(draw, words) or "")


@kind
def a_row_of_a_total(draw: Draw, table: Good) -> Spoilt | None:
    column = one_of(draw, [*table.known, *table.free])
    if column is None:
        return None
    words = ["Total", "World", "TOTAL", " total ", "All countries", "Grand total", "Total:", "Insgesamt",
             "of which:", "Total general", "TOTAL (1)", "Sub-total"]  # fmt: skip
    word = one_of(draw, [w for w in words if not (table.world and w == "World")]) or ""
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
    return as_file(table.with_rows(rows), *range(len(table.rows) + 1, len(rows) + 1), must="refuse")


@kind
def a_total_of_another_name(draw: Draw, table: Good) -> Spoilt | None:
    free = [name for name in table.free if name in table.key and not table.rates]
    column = one_of(draw, free)
    if column is None or not table.figures or len(set(table.cells(column))) < 3:
        return None
    word = one_of(draw, ["Gebiet", "Reino", "The whole federation", "Alle zusammen"]) or ""
    return _summed(table, column, word)


@kind
def a_region_among_countries(draw: Draw, table: Good) -> Spoilt | None:
    words = ["Africa", "Europe", "Latin America and the Caribbean", "High income", "European Union", "OECD"]
    return one_cell(draw, table, table.known, one_of(draw, words) or "")


@kind
def places_by_other_names(draw: Draw, table: Good) -> Spoilt | None:
    if not table.known:
        return None
    from corridors import places

    how = one_of(draw, ["name", "iso2", "m49", "lower", "any"])
    texts: dict[int, dict[str, str]] = {}
    for n in range(len(table.rows)):
        for column in table.known:
            place = places.find(table.cells(column)[n])
            said = {"name": place.name, "iso2": place.iso2, "m49": f"{place.m49:03d}" if place.m49 else None}
            said |= {"lower": place.code.lower(), "any": one_of(draw, _names_of(place.code))}
            texts.setdefault(n, {})[column] = said[how or "name"] or place.code
    return as_file(table.mapped(texts), must="read")


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
    row = some_row(draw, table)
    return as_file(table.with_rows([*table.rows, table.rows[row]]), row + 1, must="refuse")


@kind
def a_row_twice_with_another_figure(draw: Draw, table: Good) -> Spoilt | None:
    column = one_of(draw, [name for name in table.figures if name not in table.key])
    if column is None or not table.key:
        return None
    row = some_row(draw, table)
    again = list(table.rows[row])
    again[table.at(column)] = "17"
    return as_file(table.with_rows([*table.rows, again]), row + 1, must="refuse")


@kind
def a_column_that_is_not_there(draw: Draw, table: Good) -> Spoilt | None:
    column = one_of(draw, table.needed or table.key)
    if column is None:
        return None
    at = table.at(column)
    rows = [[cell for n, cell in enumerate(row) if n != at] for row in table.rows]
    columns = [name for name in table.columns if name != column]
    return as_file(replace(table, columns=columns, rows=rows), must="refuse", words=(column,))


@kind
def no_rows(draw: Draw, table: Good) -> Spoilt:
    return as_file(table.with_rows([]), must="refuse")


@kind
def nothing_at_all(draw: Draw, table: Good) -> Spoilt:
    content = draw(st.sampled_from([b"", b"\n\n", b"\xef\xbb\xbf", b"\xff\xfe", b"   "]))
    return Spoilt("", content, table.suffixes[0], must="refuse")  # type: ignore[arg-type]
