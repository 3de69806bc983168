"""World Bank, Remittance Prices Worldwide: averages by corridor and over all, from the workbook of quotes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

import polars as pl

from corridors.evidence.sources.codes import by_code
from corridors.evidence.sources.offers import Request, SourceCard
from corridors.evidence.sources.tabular import changed, json_answer, numbers
from corridors.workbooks.remittance_prices import (
    BLANKS,
    PLACE_CODES,
    THOUSANDS,
    PriceWorkbook,
    quarter_column,
    transparent_column,
)

__all__ = ["BLANKS", "more", "read", "requests"]

_WORKBOOK = re.compile(r"rpw_dataset_\d{4}_(?P<year>\d{4})_q(?P<quarter>[1-4])[\w.-]*\.xlsx", re.IGNORECASE)
_COLUMNS = {
    "period": "quarter",
    "source_code": "sending",
    "destination_code": "receiving",
    "cc1 total cost %": "cost",
    "cc1 fx margin": "margin",
    "transparent": "transparent",
}


def requests(card: SourceCard) -> tuple[Request, ...]:
    """The entry of the data catalogue, which names the workbook of the latest quarter."""
    return tuple(Request(file, address, "json") for file, address in card.addresses.items())


def more(card: SourceCard, request: Request, path: Path) -> tuple[Request, ...]:
    """The workbook: of several that the catalogue names, that of the latest quarter.

    Raises
    ------
    DataError
        The catalogue names none.
    """
    if request.file not in card.addresses:
        return ()
    found: dict[str, tuple[int, int]] = {}
    for text in _texts(json_answer(path, card)):
        name = _address_name(text)
        match = _WORKBOOK.fullmatch(name)
        if match is not None:
            found[text] = (int(match["year"]), int(match["quarter"]))
    if not found:
        raise changed(card, "the catalogue names no address of a workbook rpw_dataset_…_q….xlsx")
    address = max(found, key=lambda text: (found[text], text))
    return (Request(_address_name(address), address, "xlsx"),)


def read(card: SourceCard, files: Mapping[str, Path]) -> dict[str, pl.DataFrame]:
    """Costs of sending USD 200 over transparent services: the mean of each corridor, and over all quotes.

    Returns
    -------
    dict
        ``remittance_price``: sending, receiving, quarter, cost_usd200_pct, quotes; ``quote_average``:
        quarter, quotes, corridors, mean_cost_pct, median_cost_pct, mean_fee_pct, mean_fx_margin_pct.

    Raises
    ------
    DataError
        No workbook, no data sheet, columns that are missing, cells that can not be read.

    Notes
    -----
    World Bank, Remittance Prices Worldwide, methodology: services that do not disclose their
    exchange rate are left out (their margin is stored as zero, which it is not), each of the others
    counts once. What of a cost is no margin is fee.
    """
    name = next((file for file in files if _WORKBOOK.fullmatch(file)), None)
    if name is None:
        raise changed(card, f"no workbook among the files {', '.join(files)}")
    pieces: list[pl.DataFrame] = []
    with PriceWorkbook(files[name], name) as book:
        for sheet, layout in book.data_sheets().items():
            rows = book.rows_named(sheet, layout, _COLUMNS, _COLUMNS.values())
            pieces += [_clear(piece.table, card) for piece in rows]
    quotes = pl.concat(pieces)
    if quotes.is_empty():
        raise changed(card, "no quote of a transparent service")
    corridors = ["sending", "receiving", "quarter"]
    mean = quotes.group_by(corridors).agg(cost_usd200_pct=pl.col("cost").mean(), quotes=pl.len())
    coded = by_code(mean, ["sending", "receiving"], card, but=dict(PLACE_CODES))
    return {
        "remittance_price": coded.select(*corridors, "cost_usd200_pct", "quotes"),
        "quote_average": _over_all(quotes),
    }


def _texts(answer: Any) -> Iterator[str]:
    """All texts of an answer, however deep."""
    waiting = [answer]
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            yield value.strip()
        elif isinstance(value, dict):
            waiting += cast(dict[str, Any], value).values()
        elif isinstance(value, list):
            waiting += cast(list[Any], value)


def _address_name(text: str) -> str:
    if not text.startswith(("http://", "https://")) or not text.isprintable():
        return ""
    try:
        return urlsplit(text).path.rpartition("/")[2]
    except ValueError:
        return ""


def _clear(quotes: pl.DataFrame, card: SourceCard) -> pl.DataFrame:
    """Quotes of transparent services: corridor, quarter, cost and exchange margin."""
    clear = quotes.filter(transparent_column(pl.col("transparent"))).with_columns(
        pl.col("sending", "receiving").str.strip_chars().str.to_uppercase(),
        label=quarter_column(pl.col("quarter")),
    )
    made = numbers(clear, ["cost", "margin"], card, blanks=BLANKS, thousands=THOUSANDS).drop_nulls("cost")
    unclear = made.filter(pl.col("label").is_null())
    if unclear.height:
        raise changed(card, f"no quarter: {unclear['quarter'][0]!r}")
    return made.select("sending", "receiving", "cost", "margin", quarter="label")


def _over_all(quotes: pl.DataFrame) -> pl.DataFrame:
    """Averages over all quotes of each quarter."""
    margin = pl.col("margin").mean()
    return (
        quotes.group_by("quarter")
        .agg(
            quotes=pl.len().cast(pl.Int64),
            corridors=pl.struct("sending", "receiving").n_unique().cast(pl.Int64),
            mean_cost_pct=pl.col("cost").mean(),
            median_cost_pct=pl.col("cost").median(),
            mean_fee_pct=(pl.col("cost").filter(pl.col("margin").is_not_null()).mean() - margin),
            mean_fx_margin_pct=margin,
        )
        .sort("quarter")
    )
