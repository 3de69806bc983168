"""A file before and after it was spoilt."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import polars as pl
import xlsxwriter

Row = list[str]


@dataclass(frozen=True)
class Good:
    """A table that a door reads, and what its columns hold."""

    columns: Row
    rows: list[Row]
    known: Sequence[str] = ()
    """Columns of places of the register."""
    free: Sequence[str] = ()
    """Columns of places with names of any kind."""
    whole: Sequence[str] = ()
    numbers: Sequence[str] = ()
    years: Sequence[str] = ()
    texts: Sequence[str] = ()
    """Columns of other texts, in which a sentence may stand."""
    key: Sequence[str] = ()
    suffixes: Sequence[str] = (".csv", ".xlsx")
    separators: str = ",;\t|"
    blank: Sequence[str] = ()
    """Columns of numbers that may be blank."""
    signed: Sequence[str] = ()
    """Columns of numbers that may be negative."""
    needed: Sequence[str] = ()
    """Columns that can not be absent."""
    never: Sequence[str] = ()
    """Kinds of spoiling that this table can not show."""
    rates: bool = False
    """Whether its numbers do not add up over places."""
    world: bool = False
    """Whether the world is a place here."""

    @property
    def frame(self) -> pl.DataFrame:
        """The table in memory, as texts."""
        return pl.DataFrame(self.rows, schema=list(self.columns), orient="row")

    @property
    def figures(self) -> list[str]:
        """Columns of numbers that are no years."""
        return [*self.whole, *self.numbers]

    def at(self, column: str) -> int:
        return self.columns.index(column)

    def cells(self, column: str) -> list[str]:
        return [row[self.at(column)] for row in self.rows]

    def put(self, row: int, column: str, text: str) -> Good:
        """The table with another text in one cell."""
        return self.mapped({row: {column: text}})

    def mapped(self, texts: Mapping[int, Mapping[str, str]]) -> Good:
        rows = [
            [texts.get(n, {}).get(name, cell) for name, cell in zip(self.columns, row, strict=True)]
            for n, row in enumerate(self.rows)
        ]
        return replace(self, rows=rows)

    def with_rows(self, rows: Iterable[Row]) -> Good:
        return replace(self, rows=[list(row) for row in rows])


Must = Literal["read", "refuse", "either"]


@dataclass(frozen=True)
class Spoilt:
    """The bytes of a file, where it was spoilt, and what must become of it.

    ``rows`` count from 1 below the names of the columns; a refusal must name one of them.
    ``read``: the result is that of the good table; ``refuse``: it is refused; ``either``: one of the two.
    """

    kind: str
    content: bytes
    suffix: str = ".csv"
    rows: Sequence[int] = ()
    must: Must = "either"
    words: Sequence[str] = field(default=())
    """Any of these names the place of the fault as well as a row does: a column, a sheet."""


def as_csv(
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    separator: str = ",",
    ends: str = "\n",
    quoting: Literal[0, 1] = csv.QUOTE_MINIMAL,
) -> str:
    """A table as the text of a CSV file."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=separator, lineterminator=ends, quoting=quoting)
    writer.writerow(columns)
    writer.writerows(rows)
    return buffer.getvalue()


def as_xlsx(sheets: Mapping[str, Sequence[Sequence[object]]], hidden: Sequence[str] = ()) -> bytes:
    """Sheets as a workbook; a cell ``#DIV/0!`` is a formula that failed."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        seen = False
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for at, row in enumerate(rows):
                for column, cell in enumerate(row):
                    if cell == "#DIV/0!":
                        sheet.write_formula(at, column, "=1/0", None, "#DIV/0!")
                    elif cell is not None:
                        sheet.write(at, column, cell)
            if name in hidden:
                sheet.hide()
            elif not seen:
                sheet.activate()
                sheet.set_first_sheet()
                seen = True
    return buffer.getvalue()


def typed(table: Good) -> list[list[object]]:
    """Header and rows with numbers as numbers, as a workbook has them."""
    numeric = {table.at(name) for name in (*table.figures, *table.years)}
    rows: list[list[object]] = [
        [_number(cell) if n in numeric else (cell or None) for n, cell in enumerate(row)]
        for row in table.rows
    ]
    return [list(table.columns), *rows]


def _number(cell: str) -> object:
    return float(cell) if cell else None
