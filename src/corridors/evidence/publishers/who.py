"""WHO, Global Health Observatory: density of physicians, nurses and midwives."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import polars as pl

from corridors import packaged
from corridors.errors import DataError
from corridors.evidence.sources.codes import by_code
from corridors.evidence.sources.offers import Request, SourceCard
from corridors.evidence.sources.tabular import (
    changed,
    json_object,
    numbers,
    records,
    refuse_twice,
    rows_of,
    years,
)
from corridors.evidence.table_schemas import table_schema

__all__ = ["BLANKS", "INDICATORS", "more", "read", "requests"]

INDICATORS: Mapping[str, str] = {
    "HWF_0001": "physicians_per_10000",
    "HWF_0006": "nurses_midwives_per_10000",
}
"""Indicators of the observatory, and our columns."""

BLANKS = ()
"""JSON has null, and no other sign for no figure."""

_FIELDS = {
    "indicator": "IndicatorCode",
    "kind": "SpatialDimType",
    "country": "SpatialDim",
    "year": "TimeDim",
    "sex": "Dim1",
    "value": "NumericValue",
}
_NEXT = "@odata.nextLink"


def requests(card: SourceCard) -> tuple[Request, ...]:
    """One file an indicator."""
    return tuple(Request(file, address, card.kind) for file, address in card.addresses.items())


def more(card: SourceCard, request: Request, path: Path) -> tuple[Request, ...]:
    """The next page, where the answer names one."""
    link = json_object(path, card).get(_NEXT)
    if link is None:
        return ()
    address = _on_same_host(link, request.address)
    if address is None:
        raise changed(card, f"the next page is elsewhere: {str(link)[:200]}")
    name, _, page = request.file.removesuffix(".json").partition(".page")
    return (Request(f"{name}.page{int(page or 1) + 1:04d}.json", address, request.kind),)


def read(card: SourceCard, files: Mapping[str, Path]) -> dict[str, pl.DataFrame]:
    """The latest density of each country, and whether it is on the support and safeguards list.

    The list is not in the observatory: its flag is that of the embedded figures. Countries that have
    only one of the two densities, and those outside the embedded figures, are left out.

    Returns
    -------
    dict
        ``health_workforce``: country, densities (per 10,000 people), their years, safeguards_list_2023.

    Raises
    ------
    DataError
        An indicator or a field is missing; a density is none.
    """
    pages = [rows_of(json_object(path, card), "value", card) for path in files.values()]
    rows = records([row for page in pages for row in page], _FIELDS, card)
    total = pl.col("sex").is_null() | pl.col("sex").str.contains("(_BTSX|_TOTL|_TOTAL)$")
    texts = rows.filter((pl.col("kind") == "COUNTRY") & total).select("indicator", "country", "year", "value")
    figures = numbers(years(texts, "year", card), ["value"], card, blanks=BLANKS)
    missing = sorted(set(INDICATORS) - set(figures["indicator"]))
    if missing:
        raise changed(card, f"no figures of countries for indicator {', '.join(missing)}")
    known = by_code(figures.drop_nulls(), ("country",), card)
    one = refuse_twice(known, ("indicator", "country", "year"), card)
    table = _flags()
    for indicator, column in INDICATORS.items():
        latest = one.filter(indicator=indicator).sort("year").unique("country", keep="last")
        _refuse_no_density(latest, column, card)
        latest = latest.select(
            "country", pl.col("value").alias(column), pl.col("year").alias(f"{column}_year")
        )
        table = table.join(latest, on="country")
    if table.is_empty():
        raise changed(card, "no country with both densities")
    return {"health_workforce": table.select(table_schema("health_workforce").names).sort("country")}


@cache
def _flags() -> pl.DataFrame:
    embedded = pl.read_csv(packaged.content("evidence/figures/health_workforce.csv"), infer_schema=False)
    return embedded.select("country", "safeguards_list_2023")


def _refuse_no_density(latest: pl.DataFrame, column: str, card: SourceCard) -> None:
    most = table_schema("health_workforce").column(column).maximum
    assert most is not None
    bad = latest.filter(~pl.col("value").is_between(0, most))
    if bad.height:
        raise DataError(
            f"source '{card.name}' gives {column} that is none",
            f"{bad['country'][0]} {bad['year'][0]}: {bad['value'][0]:g}",
            "the indicator may count heads now; use the release of corridors that knows it",
        )


def _on_same_host(link: object, address: str) -> str | None:
    """A link in the scheme of an address, if it is to the same host; behind proxies schemes get lost."""
    here = urlsplit(address)
    try:
        there = urlsplit(link) if isinstance(link, str) else None
    except ValueError:
        return None
    if there is None or there.netloc != here.netloc or there.scheme not in ("http", "https"):
        return None
    return there._replace(scheme=here.scheme).geturl()
