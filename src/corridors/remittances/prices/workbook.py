"""The data sheets of the price workbook under the names of the schema, a piece at a time."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from corridors.remittances.prices.layout import PRICE_POINTS, schema
from corridors.workbooks.remittance_prices import Piece, PriceWorkbook


class QuoteWorkbook(PriceWorkbook):
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

    def pieces(self, sheet: str, layout: str) -> Iterator[Piece]:
        """Rows of a data sheet in pieces, columns of a price point as ``200:fee_lcu``.

        Raises
        ------
        DataError
            No row with column names, columns that are missing or twice, damaged XML.
        """
        columns, required = _columns()
        return self.rows_named(sheet, layout, columns, required)


@cache
def _columns() -> tuple[dict[str, str], frozenset[str]]:
    """Column of the schema by each header that may stand for it, and those that must be there."""
    found: dict[str, str] = {}
    required: set[str] = set()
    for row in schema():
        for alias in filter(None, row["aliases"].split("|")):
            names = (
                {alias.replace("cc{n}", block): f"{amount}:{row['column']}"
                 for amount, block in PRICE_POINTS.items()}
                if "{n}" in alias
                else {alias: row["column"]}
            )  # fmt: skip
            found |= names
            if row["required"] == "1":
                required |= set(names.values())
    return found, frozenset(required)
