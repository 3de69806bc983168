"""Layout of the workbook Remittance Prices Worldwide: sheets, headers, vocabulary."""

from __future__ import annotations

import csv
from functools import cache

from corridors import packaged
from corridors.remittances.prices.quarters import Quarter
from corridors.workbooks.remittance_prices import AFTER, BEFORE

__all__ = ["AFTER", "BEFORE", "HEADERS", "LAST_BEFORE", "NUMBERS", "PREAMBLE", "PRICE_POINTS", "schema"]

LAST_BEFORE = Quarter(2016, 1)
PRICE_POINTS = {200: "cc1", 500: "cc2"}

_ENDS = ["code", "name", "region", "income", "lending", "G8G20"]
_BLOCK = (
    "lcu amount",
    "denomination amount",
    "lcu code",
    "lcu fee",
    "lcu fx rate",
    "fx margin",
    "total cost %",
)
_START = ["id", "period", *(f"{end}_{part}" for end in ("source", "destination") for part in _ENDS)]
_COSTS = [f"{cc} {part}" for cc in PRICE_POINTS.values() for part in _BLOCK]
NUMBERS = frozenset(
    {"id", "inter lcu bank fx", *(name for name in _COSTS if not name.endswith("code"))},
)

# Header of each sheet, in order, with the column of the generator that fills it.
HEADERS: dict[str, dict[str, str]] = {
    BEFORE: {name: name for name in _START}
    | {"firm": "firm", "firm_type": "firm_type", "product": "product", "sending location": "location"}
    | {"speed actual": "speed actual"}
    | {name: name for name in (*_COSTS, "inter lcu bank fx", "transparent")}
    | {"note1": "note", "note2": "note2", "coverage": "reach", "pick-up method": "pick-up"}
    | {"date": "date", "corridor": "corridor"},
    AFTER: {name: name for name in _START}
    | {"firm": "firm", "firm_type": "firm_type", "payment instrument": "instrument"}
    | {"access point": "access", "speed actual": "speed actual"}
    | {name: name for name in (*_COSTS, "inter lcu bank fx", "transparent")}
    | {"Standard Note": "note", "note2": "note2", "receiving network coverage": "coverage"}
    | {"pickup location": "pickup place", "pickup method": "pickup"}
    | {"date": "date", "corridor": "corridor"},
}

PREAMBLE = {
    "Terms of Use": ["GENERATED FOR TESTS. Nobody quoted these prices."],
    "Methodology": ["Generated quotes in the layout of Remittance Prices Worldwide."],
    "Legend": ["id", "period", "sending network coverage"],
    "Countries": ["Generated"],
}


@cache
def schema() -> tuple[dict[str, str], ...]:
    """Rows of ``remittance_quotes.csv``: what is read from a row of a data sheet.

    Examples
    --------
    >>> from corridors.remittances.prices.layout import schema
    >>> next(row["aliases"] for row in schema() if row["column"] == "access")
    'access point|sending location'
    """
    text = packaged.text("remittances/quote_columns.csv")
    return tuple(csv.DictReader(text.splitlines()))
