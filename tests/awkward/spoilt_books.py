"""Workbooks: sheets, cells that failed, cells joined."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import strategies as st

from awkward.files import Good, Must, Spoilt, as_csv, as_xlsx, typed
from awkward.spoiling import KINDS, Draw, one_of, some_row


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
    rows, row = typed(table), some_row(draw, table)
    column = draw(st.sampled_from([table.at(name) for name in (*table.figures, *table.years)] or [0]))
    rows[row + 1][column] = "#DIV/0!"  # type: ignore[index]
    return _xlsx(as_xlsx({"final": rows}), row + 1, must="refuse")


@_book("cells joined over rows")
def _joined(draw: Draw, table: Good) -> Spoilt:
    rows = typed(table)
    column = table.at(one_of(draw, [*table.known, *table.free]) or "")
    row = 1 + draw(st.integers(1, len(table.rows) - 1))  # type: ignore[operator]
    rows[row][column] = None  # type: ignore[index]
    return _xlsx(as_xlsx({"final": rows}), row, must="refuse")


@_book("no workbook though it is called one")
def _no_book(draw: Draw, table: Good) -> Spoilt:
    return _xlsx(as_csv(table.columns, table.rows).encode(), must="refuse")
