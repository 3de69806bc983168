"""World Bank, Remittance Prices Worldwide: average costs of corridors from the workbook of quotes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

import polars as pl

from corridors.evidence.sources.codes import by_code
from corridors.evidence.sources.source_cards import Request, SourceCard
from corridors.evidence.sources.strict_rows import changed, json_answer, numbers
from corridors.workbooks import Rows, Workbook

__all__ = ["more", "read", "requests"]

_WORKBOOK = re.compile(r"rpw_dataset_\d{4}_(?P<year>\d{4})_q(?P<quarter>[1-4])[\w.-]*\.xlsx", re.IGNORECASE)
_SHEET = re.compile(r"\s*dataset\s*\((up to|from)\b", re.IGNORECASE)
_COLUMNS = {
    "period": "quarter",
    "source_code": "sending",
    "destination_code": "receiving",
    "cc1 total cost %": "cost",
    "transparent": "transparent",
}
_HEADER_WITHIN = 20
# Codes of the World Bank that are not those of ISO.
_OWN_CODES = {"KSV": "XKX", "ROM": "ROU", "ZAR": "COD", "WBG": "PSE", "TMP": "TLS", "ADO": "AND"}


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
    """Mean total cost of sending USD 200 over the transparent services of a corridor and quarter.

    Returns
    -------
    dict
        ``remittance_price``: sending, receiving, quarter, cost_usd200_pct.

    Raises
    ------
    DataError
        No workbook, no data sheet, columns that are missing, cells that can not be read.

    Notes
    -----
    World Bank, Remittance Prices Worldwide, methodology: services that do not disclose their
    exchange rate are left out (their margin is stored as zero, which it is not), each of the others
    counts once.
    """
    name = next((file for file in files if _WORKBOOK.fullmatch(file)), None)
    if name is None:
        raise changed(card, f"no workbook among the files {', '.join(files)}")
    pieces: list[pl.DataFrame] = []
    with Workbook(files[name], name) as book:
        sheets = [sheet for sheet in book.sheets if _SHEET.match(sheet)]
        if not sheets:
            raise changed(card, f"no sheet 'Dataset (…)' among {', '.join(book.sheets)}")
        for sheet in sheets:
            pieces += [_summed(quotes, card) for quotes in _quotes(book, sheet, card)]
    sums = pl.concat(pieces).group_by("sending", "receiving", "quarter").agg(pl.col("cost", "services").sum())
    if sums.is_empty():
        raise changed(card, "no quote of a transparent service")
    mean = sums.with_columns(cost_usd200_pct=pl.col("cost") / pl.col("services"))
    coded = by_code(mean, ["sending", "receiving"], card, but=_OWN_CODES)
    return {"remittance_price": coded.select("sending", "receiving", "quarter", "cost_usd200_pct")}


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


def _quotes(book: Workbook, sheet: str, card: SourceCard) -> Iterator[pl.DataFrame]:
    """Quotes of a sheet in pieces: the columns needed, as texts."""
    places: dict[str, int] = {}
    for rows in book.rows(sheet):
        first = 0
        if not places:
            first, places = _header(rows, sheet, card)
        known = {
            name: pl.col(f"c{at}") if at < rows.cells.width else pl.lit(None, pl.String)
            for name, at in places.items()
        }
        yield rows.cells.slice(first).select(**{name: cell.str.strip_chars() for name, cell in known.items()})
    if not places:
        raise changed(card, f"sheet '{sheet}' is empty")


def _header(rows: Rows, sheet: str, card: SourceCard) -> tuple[int, dict[str, int]]:
    """Number of rows down to the header, and where each column is."""
    for at, cells in enumerate(rows.cells.head(_HEADER_WITHIN).iter_rows()):
        titles = [" ".join((text or "").lower().split()) for text in cells]
        places = {name: titles.index(title) for title, name in _COLUMNS.items() if title in titles}
        if len(places) == len(_COLUMNS):
            return at + 1, places
    raise changed(card, f"sheet '{sheet}' has no row with the columns {', '.join(_COLUMNS)}")


def _summed(quotes: pl.DataFrame, card: SourceCard) -> pl.DataFrame:
    """Sum and number of the costs of transparent services, by corridor and quarter."""
    clear = quotes.filter(pl.col("transparent").str.to_lowercase() == "yes")
    made = numbers(clear, ["cost"], card).filter(pl.col("cost").is_not_null())
    parts = pl.col("quarter").str.extract_groups(r"^(\d{4})[ _-]?(?:([1-4])Q|Q([1-4]))$")
    quarter = pl.concat_str(
        parts.struct.field("1"), pl.lit("Q"), pl.coalesce(parts.struct.field("2"), parts.struct.field("3"))
    )
    made = made.with_columns(quarter.alias("label"))
    if made["label"].null_count():
        raise changed(card, f"no quarter: {made.filter(pl.col('label').is_null())['quarter'][0]!r}")
    return made.group_by("sending", "receiving", quarter="label").agg(pl.col("cost").sum(), services=pl.len())
