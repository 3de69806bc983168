"""The data sheets of the price workbook as tables of texts, a piece at a time."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from corridors import workbooks
from corridors.errors import DataError
from corridors.remittances.prices.layout import AFTER, BEFORE, PRICE_POINTS, schema
from corridors.wording import close_names
from corridors.workbooks import Rows
from corridors.workbooks.workbook import SAVE_AGAIN

_HEADER_WITHIN = 20


@dataclass(frozen=True, slots=True)
class Piece:
    """Some rows of a data sheet.

    Attributes
    ----------
    sheet
        Name of the sheet.
    layout
        ``before`` or ``after`` the change of 2016 Q2.
    table
        Texts by column of the schema; columns of a price point as ``200:fee_lcu``. ``row`` is the
        row of the sheet.
    headers
        Name in the sheet of each column, for errors.
    """

    sheet: str
    layout: str
    table: pl.DataFrame
    headers: Mapping[str, str]


class Workbook(workbooks.Workbook):
    """The price workbook, open for reading.

    Parameters
    ----------
    path
        File of the price workbook.

    Raises
    ------
    NotFound
        There is no such file.
    DataError
        The file is no Excel workbook.
    """

    def data_sheets(self) -> dict[str, str]:
        """Layouts of the data sheets that are there, by the sheet's name.

        Raises
        ------
        DataError
            None of the sheets is one; names those there are.
        """
        wanted = {_key(BEFORE): "before", _key(AFTER): "after"}
        found = {name: wanted[_key(name)] for name in self.sheets if _key(name) in wanted}
        if not found:
            raise DataError(
                f"file {self.name} has no sheet '{BEFORE}' or '{AFTER}'",
                f"its sheets: {', '.join(self.sheets)}",
                "give the full workbook of Remittance Prices Worldwide, or rename its data sheet back",
            )
        return found

    def pieces(self, sheet: str, layout: str) -> Iterator[Piece]:
        """Rows of a data sheet in pieces of some ten thousand, under the names of the schema.

        Raises
        ------
        DataError
            No row with column names, columns that are missing or twice, damaged XML.
        """
        where = f"sheet '{sheet}' of {self.name}"
        columns: dict[int, str] | None = None
        headers: dict[str, str] = {}
        for rows in self.rows(sheet):
            first = 0
            if columns is None:
                first, columns, headers = _header(rows, where)
            yield Piece(sheet, layout, _named(rows, columns, first), headers)
        if columns is None:
            raise DataError(f"{where} is empty", remedy=SAVE_AGAIN)


def _key(text: str) -> str:
    return re.sub(r"[\s_-]+", " ", text.strip().lower())


def _aliases() -> dict[str, str]:
    """Column of the schema by the key of each header that may stand for it."""
    found: dict[str, str] = {}
    for row in schema():
        for alias in filter(None, row["aliases"].split("|")):
            if "{n}" in alias:
                for amount, block in PRICE_POINTS.items():
                    found[_key(alias.replace("cc{n}", block))] = f"{amount}:{row['column']}"
            else:
                found[_key(alias)] = row["column"]
    return found


def _header(rows: Rows, where: str) -> tuple[int, dict[int, str], dict[str, str]]:
    """First row of data, the schema's column at each position of a cell, and its name in the sheet."""
    known = _aliases()
    best: tuple[int, list[str]] = (0, [])
    for at in range(min(_HEADER_WITHIN, rows.cells.height)):
        titles = [text or "" for text in rows.cells.row(at)]
        if sum(_key(title) in known for title in titles) > sum(_key(title) in known for title in best[1]):
            best = (at, titles)
    at, titles = best
    columns = {place: known[_key(title)] for place, title in enumerate(titles) if _key(title) in known}
    _refuse_missing(set(columns.values()), titles, where, int(rows.number[at]))
    twice = sorted({name for name in columns.values() if list(columns.values()).count(name) > 1})
    if twice:
        raise DataError(
            f"{where} has columns that mean the same",
            "; ".join(
                f"{name}: {', '.join(titles[p] for p, n in columns.items() if n == name)}" for name in twice
            ),
            "keep one of them",
        )
    return at + 1, columns, {name: titles[place] for place, name in columns.items()}


def _refuse_missing(found: set[str], titles: list[str], where: str, row: int) -> None:
    required = {line["column"] for line in schema() if line["required"] == "1"}
    needed = {alias: column for alias, column in _aliases().items() if column.split(":")[-1] in required}
    missing = {column: alias for alias, column in needed.items() if column not in found}
    if not missing:
        return
    shown = []
    for column, alias in missing.items():
        close = close_names(alias, (_key(title) for title in titles if title), most=1)
        shown.append(f"{alias} (for {column.split(':')[-1]})" + (f"; is it '{close[0]}'?" if close else ""))
    raise DataError(
        f"{where} lacks {len(missing)} column(s)",
        "\n".join([f"column names were looked for in row {row}", *shown]),
        "give the columns their names in the published workbook; remittance_quotes.csv lists them",
    )


def _named(rows: Rows, columns: dict[int, str], first: int) -> pl.DataFrame:
    width = rows.cells.width
    present = {place: name for place, name in columns.items() if place < width}
    table = rows.cells.select(pl.col(f"c{place}").alias(name) for place, name in present.items())
    absent = [name for place, name in columns.items() if place >= width]
    table = table.with_columns(pl.lit(None, pl.String).alias(name) for name in absent)
    return table.with_columns(row=pl.Series(rows.number)).slice(first)
