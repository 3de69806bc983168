"""How a number or a year is written: ways to spoil cells of numbers."""

from __future__ import annotations

from collections.abc import Callable

from awkward.files import Good, Must, Spoilt
from awkward.spoiling import KINDS, Draw, as_file, kind, one_cell, one_of, some_row


def _figures(table: Good, write: Callable[[float], str], must: Must = "either") -> Spoilt | None:
    if not table.figures:
        return None
    texts = {
        n: {name: write(float(row[table.at(name)])) for name in table.figures if row[table.at(name)]}
        for n, row in enumerate(table.rows)
    }
    spoiled = table.mapped(texts)
    changed = [n + 1 for n, row in enumerate(spoiled.rows) if row != table.rows[n]]
    return as_file(spoiled, *changed, must=must) if changed else None


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
    return _figures(table, _marked(one_of(draw, " \u00a0\u202f\u2009") or " ", one_of(draw, ".,") or "."))


@kind
def apostrophes_between_thousands(draw: Draw, table: Good) -> Spoilt | None:
    return _figures(table, _marked(one_of(draw, "'\u2019") or "'", "."))


@kind
def decimals_after_a_comma(draw: Draw, table: Good) -> Spoilt | None:
    return _figures(table, lambda value: f"{value:.2f}".replace(".", ","), must="read")


@kind
def needless_decimals(draw: Draw, table: Good) -> Spoilt | None:
    return _figures(table, lambda value: f"{value:.2f}" if round(value, 2) == value else str(value), "read")


@kind
def three_needless_decimals(draw: Draw, table: Good) -> Spoilt | None:
    mark = one_of(draw, ".,") or "."
    return _figures(table, lambda value: f"{value:.3f}".replace(".", mark))


@kind
def powers_of_ten(draw: Draw, table: Good) -> Spoilt | None:
    return _figures(table, lambda value: f"{value:.12E}", must="read")


@kind
def thousands_marked_in_one_row(draw: Draw, table: Good) -> Spoilt | None:
    column = one_of(draw, table.figures)
    if column is None:
        return None
    row, mark = some_row(draw, table), one_of(draw, ".,") or ","
    cell = table.cells(column)[row]
    if not cell or abs(float(cell)) < 1000:
        return None
    written = _marked(mark, "." if mark == "," else ",")(float(cell))
    return as_file(table.put(row, column, written), row + 1)


def _suffixed(name: str, words: list[str], must: Must = "refuse", *, unsigned: bool = False) -> None:
    def spoil(draw: Draw, table: Good) -> Spoilt | None:
        column = one_of(draw, [n for n in table.figures if not (unsigned and n in table.signed)])
        if column is None:
            return None
        row = some_row(draw, table)
        cell = table.cells(column)[row]
        text = (one_of(draw, words) or "").format(cell)
        return as_file(table.put(row, column, text), row + 1, must=must) if float(cell or 0) else None

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
        return one_cell(draw, table, table.figures, one_of(draw, words) or "", must)

    KINDS[name] = spoil


_worded("a word for missing among numbers", ["n/a", "..", "-", "NA", "n.d.", "x", "#N/A", "NULL", "nan", "…"])
_worded("no finite number", ["NaN", "inf", "-inf", "Infinity", "1e999"])
_worded("a date among numbers", ["2019-05-01", "01/05/2019", "1-May", "May-19"])
_worded("a truth among numbers", ["TRUE", "yes", "False"])


@kind
def a_blank_number(draw: Draw, table: Good) -> Spoilt | None:
    return one_cell(draw, table, [name for name in table.figures if name not in table.blank], "")


@kind
def a_negative_number(draw: Draw, table: Good) -> Spoilt | None:
    column = one_of(draw, [name for name in table.figures if name not in table.signed])
    if column is None:
        return None
    row = some_row(draw, table)
    cell = table.cells(column)[row]
    return as_file(table.put(row, column, f"-{cell}"), row + 1, must="refuse") if float(cell or 0) else None


@kind
def a_year_that_is_none(draw: Draw, table: Good) -> Spoilt | None:
    words = ["2010/11", "2010-2011", "FY2010", "2010 (p)", "c. 2010", "20 10", "2010.5", "MMX", "10"]
    return one_cell(draw, table, table.years, one_of(draw, words) or "")


@kind
def a_year_as_a_date(draw: Draw, table: Good) -> Spoilt | None:
    if not table.years:
        return None
    row, column = some_row(draw, table), one_of(draw, table.years) or ""
    text = (one_of(draw, ["{}-01-01", "01/01/{}", "{}-01-01 00:00:00", "31.12.{}"]) or "").format(
        table.cells(column)[row]
    )
    return as_file(table.put(row, column, text), row + 1)


@kind
def a_year_with_a_point(draw: Draw, table: Good) -> Spoilt | None:
    if not table.years:
        return None
    column = one_of(draw, table.years) or ""
    texts = {n: {column: f"{cell}.0"} for n, cell in enumerate(table.cells(column))}
    return as_file(table.mapped(texts), must="read")
