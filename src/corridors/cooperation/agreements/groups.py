"""Decades, pairs of regions and pairs of income groups."""

from __future__ import annotations

from typing import Literal, get_args

import polars as pl

from corridors import places as register
from corridors.errors import DataError
from corridors.intake import IntoTable, TableSpec, take

Grouping = Literal["decade", "region_pair", "income_pair"]
_INCOME = {"L": 0, "LM": 1, "UM": 2, "H": 3}
_BACK = {rank: name for name, rank in _INCOME.items()}
UNKNOWN = "not classified"
_PLACES = TableSpec(
    "places",
    texts=["country", "region", "income_group"],
    blank=["region", "income_group"],
    key=["country"],
)


def decade(year: pl.Expr) -> pl.Expr:
    """Decade of a year, as ``1990s``."""
    return pl.format("{}s", year // 10 * 10)


def with_groups(table: pl.DataFrame, places: IntoTable | None = None) -> pl.DataFrame:
    """Add ``decade``, ``region_pair`` and ``income_pair`` to agreements.

    Parameters
    ----------
    table
        With ``party_a``, ``party_b``, ``year``.
    places
        ``country``, ``region``, ``income_group``; default the register of places. Income groups are
        those of today, whatever the year of signature.

    Raises
    ------
    DataError
        The places lack a column.
    """
    known = register.table() if places is None else take(places, _PLACES)
    rank = pl.col("income_group").replace_strict(_INCOME, default=None, return_dtype=pl.Int64)
    side = known.select("country", "region", rank=rank).unique("country")
    joined = table.join(side, left_on="party_a", right_on="country", how="left").join(
        side, left_on="party_b", right_on="country", how="left", suffix="_b", maintain_order="left"
    )
    ends = (pl.min_horizontal("rank", "rank_b"), pl.max_horizontal("rank", "rank_b"))
    names = [end.replace_strict(_BACK, default=None, return_dtype=pl.String) for end in ends]
    both = pl.col("rank").is_not_null() & pl.col("rank_b").is_not_null()
    regions = pl.col("region").is_not_null() & pl.col("region_b").is_not_null()
    ordered = (pl.min_horizontal("region", "region_b"), pl.max_horizontal("region", "region_b"))
    return joined.with_columns(
        decade=decade(pl.col("year")),
        region_pair=pl.when(regions).then(pl.format("{} – {}", *ordered)).otherwise(pl.lit(UNKNOWN)),
        income_pair=pl.when(both).then(pl.format("{} – {}", *names)).otherwise(pl.lit(UNKNOWN)),
    ).drop("region", "region_b", "rank", "rank_b")


def check_grouping(by: str | None) -> None:
    """Refuse a grouping that is not known."""
    if by is not None and by not in get_args(Grouping):
        raise DataError(
            f"provisions can not be grouped by {by!r}", remedy=f"use {', '.join(get_args(Grouping))}, or none"
        )
