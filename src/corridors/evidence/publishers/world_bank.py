"""World Bank, World Development Indicators: remittances and gross domestic product by API."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from typing import Any, cast

import polars as pl

from corridors.errors import DataError
from corridors.evidence.sources.codes import by_code
from corridors.evidence.sources.offers import Request, SourceCard
from corridors.evidence.sources.tabular import changed, json_answer, numbers, records, years

__all__ = ["BLANKS", "more", "read", "requests"]

_COUNTRIES = "countries"
_FIRST_YEAR = 1990
_MOST_PAGES = 1000
_PAGE = ".page"


@dataclass(frozen=True, slots=True)
class _Series:
    """What an indicator is here: its table, column, what a unit of ours is, and its decimals."""

    table: str
    column: str
    unit: float
    decimals: int
    words: str = ""


# The base of purchasing power moves with each round of prices; the column is of 2021.
_SERIES = {
    "BX.TRF.PWKR.CD.DT": _Series("remittances", "received", 1e6, 6),
    "BM.TRF.PWKR.CD.DT": _Series("remittances", "paid", 1e6, 6),
    "NY.GDP.MKTP.CD": _Series("economy", "gdp_usd_million", 1e6, 6),
    "NY.GDP.PCAP.CD": _Series("economy", "gdp_per_capita_usd", 1.0, 4),
    "NY.GDP.PCAP.PP.KD": _Series("economy", "gdp_per_capita_ppp2021", 1.0, 4, "2021"),
    "PA.NUS.FCRF": _Series("economy", "lcu_per_usd", 1.0, 6),
    "NE.CON.PRVT.ZS": _Series("economy", "household_consumption_pct_gdp", 1.0, 4),
}
BLANKS = ("..",)
"""JSON has null; two dots are the sign in the publisher's other files."""

_FIELDS = {
    "indicator": "indicator.id",
    "words": "indicator.value",
    "country": "countryiso3code",
    "year": "date",
    "value": "value",
}


def requests(card: SourceCard) -> tuple[Request, ...]:
    """The list of countries and the first page of each indicator."""
    return tuple(Request(file, address, card.kind) for file, address in card.addresses.items())


def more(card: SourceCard, request: Request, path: Path) -> tuple[Request, ...]:
    """Further pages, as the first one counts them."""
    if request.file not in card.addresses:
        return ()
    meta, _ = _page(path, card)
    name = request.file.removesuffix(".json")
    return tuple(
        Request(f"{name}{_PAGE}{page}.json", f"{request.address}&page={page}", request.kind)
        for page in range(2, _count(meta, "pages", card, _MOST_PAGES) + 1)
    )


def read(card: SourceCard, files: Mapping[str, Path]) -> dict[str, pl.DataFrame]:
    """Indicators as columns; aggregates are left out by the publisher's own list of countries.

    Returns
    -------
    dict
        The table of the card: ``remittances`` (country, year, received, paid; USD million) or
        ``economy`` (country, year, gdp_usd_million, gdp_per_capita_usd, gdp_per_capita_ppp2021,
        lcu_per_usd, household_consumption_pct_gdp).
        Null is missing; rows without any figure are left out.

    Raises
    ------
    DataError
        An error message, missing pages or rows, fields or a base year that changed.

    Notes
    -----
    World Bank, World Development Indicators. Aggregates have the region ``NA`` in the list.
    """
    kept = _countries(card, files)
    columns = [
        _column(card, name, {f: p for f, p in files.items() if _belongs(f, name)}, kept)
        for name in card.addresses
        if not _belongs(name, _COUNTRIES)
    ]
    table = reduce(
        lambda left, right: left.join(right, on=["country", "year"], how="full", coalesce=True), columns
    )
    wanted = [name for name in table.columns if name not in ("country", "year")]
    table = table.filter(pl.any_horizontal(pl.col(wanted).is_not_null()))
    if table.is_empty():
        raise changed(card, f"no country with a figure since {_FIRST_YEAR}")
    coded = by_code(table, ["country"], card).select("country", "year", *wanted)
    return dict.fromkeys(card.tables, coded)


def _belongs(file: str, name: str) -> bool:
    return file.removesuffix(".json").split(_PAGE)[0] == name.removesuffix(".json")


def _page(path: Path, card: SourceCard) -> tuple[dict[str, Any], list[Any]]:
    """What an answer says of itself, and its rows."""
    answer = json_answer(path, card)
    if not (isinstance(answer, list) and len(cast(list[Any], answer)) == 2 and isinstance(answer[0], dict)):
        raise changed(card, "the answer is not [what it says of itself, rows]")
    meta, rows = cast(tuple[dict[str, Any], Any], answer)
    if not isinstance(rows, list | None):
        raise changed(card, "the rows of the answer are no list")
    return meta, cast(list[Any], rows or [])


def _count(meta: Mapping[str, Any], name: str, card: SourceCard, most: int = 10_000_000) -> int:
    value = str(meta.get(name))
    if not (value.isascii() and value.isdecimal() and len(value) < 9 and int(value) <= most):
        raise changed(card, f"the answer counts its {name} as {value[:40]!r}")
    return int(value)


def _rows(card: SourceCard, name: str, files: Mapping[str, Path]) -> list[Any]:
    """All rows of all pages; refused when the publisher counts others."""
    found: list[Any] = []
    total = 0
    for path in files.values():
        meta, rows = _page(path, card)
        total = _count(meta, "total", card)
        found += rows
    if not files or len(found) != total:
        raise DataError(
            f"source '{card.name}': {name} has {len(found):,} rows in {len(files)} pages, "
            f"the publisher counts {total:,}",
            remedy="fetch the source again",
        )
    return found


def _countries(card: SourceCard, files: Mapping[str, Path]) -> pl.DataFrame:
    """Codes of countries and areas, without aggregates."""
    rows = _rows(card, "the list of countries", {f: p for f, p in files.items() if _belongs(f, _COUNTRIES)})
    table = records(rows, {"country": "id", "region": "region.id"}, card)
    kept = table.filter(pl.col("region").str.strip_chars() != "NA").select("country")
    if kept.is_empty() or kept.height == table.height:
        raise changed(card, "the list of countries does not tell aggregates (region NA) from countries")
    return kept.unique()


def _column(card: SourceCard, name: str, files: Mapping[str, Path], kept: pl.DataFrame) -> pl.DataFrame:
    """One indicator: country, year, and its column in our unit."""
    code = name.removesuffix(".json")
    if code not in _SERIES:
        raise changed(card, f"{code} is no indicator that is known")
    series = _SERIES[code]
    table = records(_rows(card, code, files), _FIELDS, card)
    others = table.filter(
        ((pl.col("indicator") != code) | ~pl.col("words").str.contains(series.words, literal=True)).fill_null(
            True
        )
    )
    if others.height:
        raise changed(card, f"{code} {series.words}: found {others['indicator'][0]}, {others['words'][0]}")
    table = years(table.join(kept, on="country", how="semi"), "year", card)
    table = numbers(table.filter(pl.col("year") >= _FIRST_YEAR), ["value"], card, blanks=BLANKS)
    _refuse_twice(table, code, card)
    value = (pl.col("value") / series.unit).round(series.decimals)
    return table.filter(pl.col("value").is_not_null()).select("country", "year", value.alias(series.column))


def _refuse_twice(table: pl.DataFrame, code: str, card: SourceCard) -> None:
    twice = table.filter(pl.struct("country", "year").is_duplicated())
    if twice.height:
        raise changed(card, f"{code} has two rows of {twice['country'][0]} in {twice['year'][0]}")
