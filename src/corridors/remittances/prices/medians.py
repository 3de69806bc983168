"""The median cost, which a few dear corridors or services can not pull up."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import polars as pl
from scipy.stats import binom

from corridors.errors import DataError
from corridors.numerics.typing import Array
from corridors.remittances.prices.averages import Over
from corridors.remittances.prices.eligible import CORRIDOR, Eligible, Prices, corridor_means, sample
from corridors.remittances.prices.quarters import Quarter
from corridors.remittances.prices.resample import covered
from corridors.remittances.prices.weightings import WEIGHTINGS

_WORDS = {"corridors": WEIGHTINGS["median-corridor"], "services": WEIGHTINGS["median-quote"]}


def median_cost(
    prices: Prices,
    *,
    over: Over = "corridors",
    quarters: Iterable[str | Quarter] | None = None,
    eligible: Eligible | None = None,
    level: float | None = None,
) -> pl.DataFrame:
    """Median total cost by quarter, with an interval from order statistics.

    Parameters
    ----------
    prices, quarters, eligible
        As in :func:`corridors.remittances.prices.average_cost`.
    over
        ``"corridors"``: the median of the corridors' means; ``"services"``: the median quote.
    level
        Coverage of the interval; the parameter ``interval_level`` where not given.

    Returns
    -------
    DataFrame
        ``quarter``, ``median_pct``, ``lower``, ``upper`` (percent of the amount sent; null where there are
        too few), ``corridors``, ``weighting``.

    Raises
    ------
    DataError
        The median quote is asked of averages of corridors.

    Notes
    -----
    The interval lies between two order statistics and covers at least the level for any distribution,
    as if what is surveyed were drawn independently (Conover 1999, section 3.2).

    Examples
    --------
    >>> from corridors import evidence
    >>> from corridors.remittances.prices import median_cost
    >>> prices = evidence.load().table("remittance_price")
    >>> median_cost(prices, quarters=["2020Q3", "2025Q3"])["median_pct"].to_list()
    [6.31, 5.145]
    """
    found = sample(prices, eligible or Eligible(), quarters)
    if over == "services" and not found.services:
        raise DataError("averages of corridors do not say what each service costs", remedy="give quotes")
    rows = found.table if over == "services" else corridor_means(found)
    asked = covered(level)
    made: list[tuple[object, ...]] = []
    for (quarter,), part in rows.sort("quarter").group_by("quarter", maintain_order=True):
        cost = np.sort(part["cost"].to_numpy())
        corridors = part.select(CORRIDOR).n_unique()
        made.append((quarter, float(np.median(cost)), *_between(cost, asked), corridors))
    columns = {"quarter": pl.String, **dict.fromkeys(("median_pct", "lower", "upper"), pl.Float64)}
    table = pl.DataFrame(made, schema=columns | {"corridors": pl.Int64}, orient="row")
    return table.with_columns(weighting=pl.lit(_WORDS[over]))


def _between(cost: Array, level: float) -> tuple[float | None, float | None]:
    """The order statistics that the median lies between, of sorted costs."""
    rank = int(binom.ppf((1 - level) / 2, cost.size, 0.5))
    if rank < 1 or binom.cdf(rank - 1, cost.size, 0.5) > (1 - level) / 2:
        return None, None
    return float(cost[rank - 1]), float(cost[cost.size - rank])
