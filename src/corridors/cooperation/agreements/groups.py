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
        ``country``, ``region``, ``income_group``, the same for every year. Default the regions of the
        register of places, and the class of income of the year of signature.

    Raises
    ------
    DataError
        The places lack a column.
    """
    joined = _with_sides(table, None if places is None else take(places, _PLACES))
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


def _with_sides(table: pl.DataFrame, known: pl.DataFrame | None) -> pl.DataFrame:
    """Add ``region`` and ``rank`` of income of the first party, ``region_b`` and ``rank_b`` of the second."""
    rank = pl.col("income_group").replace_strict(_INCOME, default=None, return_dtype=pl.Int64)
    places = register.table() if known is None else known
    side = places.select("country", "region", rank=rank).unique("country")
    joined = table.with_columns(_year=pl.col("year").clip(upper_bound=register.last_classified()))
    for party, suffix in (("party_a", ""), ("party_b", "_b")):
        joined = joined.join(
            side.rename(lambda name, suffix=suffix: name if name == "country" else f"{name}{suffix}"),
            left_on=party,
            right_on="country",
            how="left",
            maintain_order="left",
        )
        if known is None:
            classes = register.income_classes().select(
                pl.col("country").alias(party), pl.col("year").alias("_year"), rank.alias("_rank")
            )
            joined = joined.join(classes, on=[party, "_year"], how="left", maintain_order="left")
            joined = joined.with_columns(pl.col("_rank").alias(f"rank{suffix}")).drop("_rank")
    return joined.drop("_year")


def check_grouping(by: str | None) -> None:
    """Refuse a grouping that is not known."""
    if by is not None and by not in get_args(Grouping):
        raise DataError(
            f"provisions can not be grouped by {by!r}", remedy=f"use {', '.join(get_args(Grouping))}, or none"
        )
