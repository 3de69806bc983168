"""SDG 10.c.1 from one cost a corridor: mean, its interval, corridors above the target."""

from __future__ import annotations

import numpy as np
import polars as pl
from scipy.stats import t as student

from corridors.errors import DataError
from corridors.intake import IntoTable, TableSpec, refuse, take
from corridors.remittances.prices.resample import covered
from corridors.remittances.prices.targets import (
    AVERAGE_BELOW,
    NO_CORRIDOR_ABOVE,
    TargetStatus,
    above_target,
    below_target,
    in_words,
)

_FIGURES = ("cost_pct", "fee", "fx_margin_pct", "weight")
_CORRIDORS = TableSpec(
    "corridors",
    texts=["sending", "receiving"],
    any_places=["sending", "receiving"],
    whole=["year"],
    numbers=_FIGURES,
    optional=["year", *_FIGURES],
    key=["sending", "receiving", "year"],
)


def remittance_cost(
    corridors: IntoTable,
    *,
    amount: float = 200.0,
    mean_target: float = AVERAGE_BELOW,
    corridor_target: float = NO_CORRIDOR_ABOVE,
    level: float | None = None,
) -> TargetStatus:
    """SDG 10.c.1 from a table of corridors: mean cost and corridors above 5 %.

    Parameters
    ----------
    corridors
        ``sending``, ``receiving`` and either ``cost_pct`` or ``fee`` (in money, of ``amount``) and
        ``fx_margin_pct``; optionally ``year`` and ``weight`` (such as the flow).
    amount
        What is sent, in the money of the fees; USD 200 in the indicator.
    mean_target, corridor_target
        Percent: the mean should be below the first, no corridor above the second.
    level
        Probability of the intervals; the parameter ``interval_level`` where not given.

    Returns
    -------
    TargetStatus
        By year and average (simple, and weighted where there are weights): value (percent of the amount),
        lower, upper, corridors, above (corridors above the target), above_share (by count, or by weight),
        mean_met, corridors_met.

    Raises
    ------
    DataError
        A cost can not be worked out, weights are negative or all zero, or a corridor stands twice.

    Notes
    -----
    Cost is fee over amount plus exchange margin. The targets are less than 3 % and no corridor above 5 % by
    2030 (A/RES/70/1, target 10.c). The published average is the mean over *services*, and the metadata (2
    February 2018) judge corridors by their three cheapest qualifying services: for both, see
    :func:`sdg_10c`. The interval takes corridors as drawn from all.

    Examples
    --------
    >>> import polars as pl
    >>> from corridors.remittances.prices import remittance_cost
    >>> asked = pl.DataFrame({"sending": ["A", "B"], "receiving": ["C", "C"], "fee": [5.0, 9.0],
    ...                       "fx_margin_pct": [1.5, 2.5]})
    >>> remittance_cost(asked).table.select("value", "above").row(0)
    (5.5, 1)
    """
    if not amount > 0:
        raise DataError(f"an amount of {amount} can not be sent", remedy="give an amount above 0")
    asked = covered(level)
    table = _costs(corridors, amount)
    parts = [_averages(table.with_columns(weight=pl.lit(1.0)), "simple", corridor_target, asked)]
    if table["weight"].is_not_null().any():
        parts.append(_averages(table, "weighted", corridor_target, asked))
    found = pl.concat(parts).sort("year", "average", maintain_order=True)
    found = found.with_columns(
        mean_met=below_target(pl.col("value"), mean_target), corridors_met=pl.col("above") == 0
    )
    return TargetStatus(
        found,
        in_words(mean_target, corridor_target),
        f"means over corridors, percent of {amount:g} (the published average is over services); "
        f"interval: {asked:.0%}, as if corridors were drawn from all corridors; none for a single one",
    )


def _costs(corridors: IntoTable, amount: float) -> pl.DataFrame:
    table = take(corridors, _CORRIDORS)
    key = list(_CORRIDORS.key)
    parts = 100 * pl.col("fee") / amount + pl.col("fx_margin_pct")
    table = table.with_columns(cost=pl.coalesce("cost_pct", parts))
    refuse(
        table,
        pl.col("cost").is_null(),
        "table 'corridors': a corridor has no cost",
        "give cost_pct, or fee and fx_margin_pct; an undisclosed margin is not zero",
        key,
    )
    off = (pl.col("fee") < 0) | (pl.col("cost") >= 100)
    refuse(
        table,
        off,
        "table 'corridors': a cost is not possible",
        "give fees in money and margins in percent",
        [*key, "cost"],
    )
    weighted = table["weight"].is_not_null().any()
    wrong = (pl.col("weight") < 0) | (pl.col("weight").is_null() & weighted)
    refuse(
        table,
        wrong,
        "table 'corridors': a weight is missing or negative",
        "give every corridor a weight",
        key,
    )
    empty = weighted & (pl.col("weight").sum().over("year") <= 0)
    refuse(
        table, empty, "table 'corridors': all weights of a year are zero", "give one corridor a weight", key
    )
    return table


def _averages(table: pl.DataFrame, name: str, target: float, level: float) -> pl.DataFrame:
    share = pl.col("weight") / pl.col("weight").sum().over("year")
    high = above_target(pl.col("cost"), target)
    # The ratio estimator of a mean, each corridor a sampling unit.
    found = (
        table.with_columns(share=share)
        .with_columns(mean=(pl.col("share") * pl.col("cost")).sum().over("year"))
        .group_by("year", maintain_order=True)
        .agg(
            value=pl.col("mean").first(),
            squares=(pl.col("share") * (pl.col("cost") - pl.col("mean"))).pow(2).sum(),
            corridors=pl.len(),
            above=high.sum(),
            above_share=pl.col("share").filter(high).sum(),
        )
    )
    n = found["corridors"].to_numpy().astype(np.float64)
    free = np.maximum(n - 1, 1)
    se = np.where(n > 1, np.sqrt(found["squares"].to_numpy() * n / free), np.nan)
    width = student.ppf((1 + level) / 2, free) * se
    value = found["value"].to_numpy()
    bounds = [pl.Series("lower", value - width), pl.Series("upper", value + width)]
    return found.with_columns(bounds).select(
        "year", pl.lit(name).alias("average"), "value", pl.col("lower", "upper").fill_nan(None),
        "corridors", "above", "above_share",
    )  # fmt: skip
