"""Faults of the real workbook, put into generated quotes."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import polars as pl

UNDISCLOSED = (
    "The 0% in the exchange rate margin does NOT necessarily mean that there is no exchange rate cost, "
    "but rather that this cost is not disclosed to the sender at the time of sending."
)


def with_faults(rng: np.random.Generator, raw: pl.DataFrame) -> pl.DataFrame:
    """Put faults into a few rows each: about one in ten has one.

    Parameters
    ----------
    rng
        Source of chance.
    raw
        Columns of the workbook, as text.

    Returns
    -------
    DataFrame
        The rows with faults, duplicates after the row they repeat.
    """
    chance = pl.Series(rng.random(raw.height))
    year = pl.col("period").str.head(4).cast(pl.Int64)

    def hit(low: float, high: float) -> pl.Expr:
        return pl.lit(chance).is_between(low, high, closed="left")

    hidden = hit(0.0, 0.05) & (year <= 2021)
    said = hit(0.05, 0.053) & (year <= 2021)
    zero = hidden | said
    changes: list[pl.Expr] = [
        pl.when(hidden).then(pl.lit("no")).otherwise("transparent").alias("transparent"),
        pl.when(hidden).then(pl.lit(UNDISCLOSED)).otherwise("note").alias("note"),
        pl.when(said).then(pl.lit(UNDISCLOSED)).otherwise("note2").alias("note2"),
        pl.when(hit(0.06, 0.061)).then(pl.lit("0")).otherwise("inter lcu bank fx").alias("inter lcu bank fx"),
        pl.when(hit(0.062, 0.065)).then(_earlier("date")).otherwise("date").alias("date"),
        pl.when(hit(0.066, 0.071)).then(pl.col("instrument").str.to_uppercase()).otherwise("instrument")
        .alias("instrument"),
        pl.when(hit(0.071, 0.074)).then(pl.col("firm").str.to_lowercase() + " ").otherwise("firm")
        .alias("firm"),
        pl.when(hit(0.09, 0.095) & (pl.col("part_of") == "old")).then(pl.lit("N/A")).otherwise("speed actual")
        .alias("speed actual"),
        pl.col("corridor").str.replace("KSV$", "XKX"),
    ]  # fmt: skip
    raw = raw.with_columns(part_of=pl.when(year < 2016).then(pl.lit("old")).otherwise(pl.lit("new")))
    for block in ("cc1", "cc2"):
        changes += _cost_faults(block, zero, hit)
    made = raw.with_columns(changes).drop("part_of")
    again = made.filter(pl.lit(chance).is_between(0.095, 0.096)).with_columns(
        id=pl.concat_str(pl.lit("9"), pl.col("id"))
    )
    return pl.concat([made, again])


def _cost_faults(block: str, zero: pl.Expr, hit: Callable[[float, float], pl.Expr]) -> list[pl.Expr]:
    amount, fee = (pl.col(f"{block} {part}").cast(pl.Float64) for part in ("lcu amount", "lcu fee"))
    share = (100 * fee / amount).round(2)
    margin = pl.col(f"{block} fx margin").cast(pl.Float64)
    shown = pl.when(zero).then(0.0).when(hit(0.075, 0.08)).then(-(share + 1.5).round(2)).otherwise(margin)
    huge = pl.when(hit(0.08, 0.082)).then((amount * 0.6).round(2)).otherwise(fee)
    total = (100 * huge / amount).round(2) + shown
    total = pl.when(hit(0.082, 0.083)).then(total + 0.5).otherwise(total)
    odd = pl.when(hit(0.083, 0.0835)).then(pl.lit("201")).otherwise(f"{block} denomination amount")
    code = pl.when(hit(0.084, 0.0845)).then(pl.lit("CFA")).otherwise(f"{block} lcu code")
    return [
        huge.cast(pl.String).alias(f"{block} lcu fee"),
        shown.cast(pl.String).alias(f"{block} fx margin"),
        total.round(2).cast(pl.String).alias(f"{block} total cost %"),
        odd.alias(f"{block} denomination amount"),
        code.alias(f"{block} lcu code"),
    ]


def _earlier(column: str) -> pl.Expr:
    """A day of two years before, in either spelling."""
    text = pl.col(column)
    serial = text.cast(pl.Int64, strict=False)
    year = text.str.tail(4).cast(pl.Int64, strict=False)
    return (
        pl.when(serial.is_not_null())
        .then((serial - 731).cast(pl.String))
        .otherwise(pl.format("{}/{}", text.str.head(6), year - 2))
    )
