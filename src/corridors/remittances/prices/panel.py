"""An index of costs that composition can not move."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

import numpy as np
import polars as pl

from corridors.errors import DataError
from corridors.intake import IntoTable
from corridors.remittances.prices.eligible import CORRIDOR, Eligible, Prices, sample
from corridors.remittances.prices.quarters import Quarter
from corridors.remittances.prices.unit_means import unit_means


def panel_index(
    prices: Prices,
    *,
    quarters: Iterable[str | Quarter] | None = None,
    unit: Sequence[str] = CORRIDOR,
    chained: bool = True,
    weights: IntoTable | None = None,
    eligible: Eligible | None = None,
) -> pl.DataFrame:
    """Index of costs that compares like with like.

    Parameters
    ----------
    prices, unit, eligible
        As in :func:`corridors.remittances.prices.decompose_change`.
    quarters
        Which; all if not given.
    chained
        Link ratios of means over units that are there in both of two neighbouring quarters; else only
        units count that are there in every quarter.
    weights
        Flows that weigh corridors.

    Returns
    -------
    DataFrame
        ``quarter``, ``index`` (first quarter 100), ``cost_pct`` (the first mean moved by the index),
        ``matched`` (units compared), ``mean_pct`` (mean over all units, whose composition changes).

    Raises
    ------
    DataError
        Two neighbouring quarters without a unit in common, or a mean that is not above zero.

    Examples
    --------
    >>> from corridors import evidence
    >>> from corridors.remittances.prices import panel_index
    >>> prices = evidence.load().table("remittance_price")
    >>> index = panel_index(prices, quarters=["2011Q1", "2016Q3", "2020Q3"])
    >>> index["index"].round(1).to_list(), index["matched"].to_list()
    ([100.0, 85.0, 79.3], [199, 188, 360])
    """
    found = sample(prices, eligible or Eligible(), quarters, unit)
    when = sorted(found.table["quarter"].unique())
    every = {q: unit_means(found, q, unit, False, weights) for q in when}
    weigh = every
    if not chained:
        common = every[when[0]].select(unit)
        for side in every.values():
            common = common.join(side.select(unit), on=list(unit), nulls_equal=True)
        weigh = {
            q: side.join(common, on=list(unit), how="semi", nulls_equal=True) for q, side in every.items()
        }
    rows = [(when[0], 100.0, weigh[when[0]].height)]
    for before, after in pairwise(when):
        pair = weigh[before].join(weigh[after], on=list(unit), nulls_equal=True, suffix="_1").sort(unit)
        rows.append((after, rows[-1][1] * _ratio(pair, before, after), pair.height))
    table = pl.DataFrame(rows, schema=["quarter", "index", "matched"], orient="row")
    first = _mean(weigh[when[0]])
    means = [_mean(side) for side in every.values()]
    return table.select(
        "quarter",
        "index",
        (pl.col("index") * first / 100).alias("cost_pct"),
        "matched",
        pl.Series("mean_pct", means),
    )


def _ratio(pair: pl.DataFrame, before: str, after: str) -> float:
    if not pair.height:
        raise DataError(f"no unit has prices in both {before} and {after}", remedy="choose coarser units")
    # Weights of the two quarters are averaged, so the index is the same read backwards.
    weight = ((pair["w"] / pair["w"].sum() + pair["w_1"] / pair["w_1"].sum()) / 2).to_numpy()
    low, high = (float(weight @ pair[name].to_numpy()) for name in ("cost", "cost_1"))
    if low <= 0 or high <= 0:
        raise DataError(f"the mean cost of {before} or {after} is not above zero", remedy="see negatives=")
    return high / low


def _mean(side: pl.DataFrame) -> float:
    return float(np.average(side["cost"].to_numpy(), weights=side["w"].to_numpy()))
