"""Mean cost of units, such as corridors, and their shares."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from corridors.errors import DataError
from corridors.intake import IntoTable
from corridors.remittances.prices.eligible import CORRIDOR, Sample
from corridors.remittances.prices.weights import flow_weights


def unit_means(
    found: Sample, quarter: str, unit: Sequence[str], services: bool, weights: IntoTable | None
) -> pl.DataFrame:
    """Mean cost of each unit in a quarter, and its share of all weight."""
    if lost := [name for name in unit if name not in found.table.columns]:
        raise DataError(
            f"prices have no column {', '.join(lost)}", f"columns: {', '.join(found.table.columns)}"
        )
    part = found.table.filter(quarter=quarter).sort(*unit, "cost")
    side = part.group_by(list(unit), maintain_order=True).agg(
        pl.col("cost").mean(), w=pl.len().cast(pl.Float64)
    )
    if weights is not None:
        side = side.drop("w").join(flow_weights(weights).rename({"value": "w"}), on=CORRIDOR, how="inner")
    elif not services:
        side = side.with_columns(w=pl.lit(1.0))
    if not side.height:
        raise DataError(f"no price of {quarter} has a flow", remedy="check the codes of the places")
    return side.select(*unit, "cost", pl.col("w") / pl.col("w").sum())
