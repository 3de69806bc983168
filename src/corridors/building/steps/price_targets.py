"""How do prices stand against target 10.c: the world, regions, countries?"""

from __future__ import annotations

import polars as pl

from corridors.atlas.schema import atlas_schema
from corridors.parameters import value
from corridors.remittances.prices import WEIGHTINGS, sdg_10c

_TARGET = {column.name: column.dtype for column in atlas_schema()["price_target"].columns}
_SCOPES = ("receiving_region", "sending_region", "receiving", "sending")


def standing(prices: pl.DataFrame, quotes: pl.DataFrame) -> pl.DataFrame:
    """Standing on both components of target 10.c by quarter and place.

    Parameters
    ----------
    prices
        Averages by corridor and quarter.
    quotes
        Averages over all quotes: the first component of the world, where they are known.

    Returns
    -------
    DataFrame
        Rows of ``price_target``.

    Examples
    --------
    >>> from corridors import evidence
    >>> known = evidence.load()
    >>> rows = standing(known.table("remittance_price"), known.table("quote_average"))
    >>> rows.filter(scope="world", quarter="2025Q3").select("average_pct", "above_5", "corridors").row(0)
    (6.363, 186, 348)
    """
    parts = [_of(prices, "world"), *(_of(prices, scope) for scope in _SCOPES)]
    known = quotes.select("quarter", over_quotes="mean_cost_pct")
    services = pl.col("over_quotes").is_not_null() & (pl.col("scope") == "world")
    table = pl.concat(parts).join(known, on="quarter", how="left", maintain_order="left")
    average = pl.when(services).then("over_quotes").otherwise("average_pct")
    words = pl.when(services).then(pl.lit(WEIGHTINGS["services"])).otherwise(pl.lit(WEIGHTINGS["corridors"]))
    below = average < value("price_target_average")
    table = table.with_columns(
        average_pct=average, weighting=words, below_3=below, met=below & (pl.col("above_5") == 0)
    )
    return table.select(pl.col(name).cast(dtype) for name, dtype in _TARGET.items())


def _of(prices: pl.DataFrame, scope: str) -> pl.DataFrame:
    by = [] if scope == "world" else [scope]
    found = sdg_10c(prices, by=by, over="corridors").table
    place = pl.lit("World") if scope == "world" else pl.col(scope)
    return found.with_columns(scope=pl.lit(scope), place=place).drop(by)
