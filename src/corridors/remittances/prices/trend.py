"""Distance of each corridor to targets, and the year it would meet them on its trend."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from corridors.errors import DataError
from corridors.numerics.typing import Array
from corridors.parameters import value as parameter
from corridors.remittances.prices.eligible import CORRIDOR, Eligible, Prices, corridor_means, sample
from corridors.remittances.prices.quarters import Quarter
from corridors.remittances.prices.resample import covered
from corridors.remittances.prices.targets import TARGETS, target_list
from corridors.results import Result

_LEAST = int(parameter("price_trend_quarters"))


@dataclass(frozen=True, slots=True)
class Distances(Result, keys=("sending", "receiving", "target_pct")):
    """Distance of corridors to targets.

    Attributes
    ----------
    table
        A row a corridor and target: ``sending``, ``receiving``, ``target_pct``, ``quarter`` (last one with
        a price), ``cost_pct``, ``gap_points`` (above the target; negative below), ``cut_needed`` (share of
        the cost, 0 where met), ``waves``, ``slope`` (points a year, robust), ``slope_low``,
        ``slope_high``, ``year`` (of meeting the target on the trend), ``year_early``, ``year_late`` (null:
        never), ``verdict``: ``met`` (the trend line is there already), ``on trend``, ``never`` (on this
        trend), or ``too short`` (too few quarters for a trend).
    level
        Coverage of the interval of the slope.
    """

    table: pl.DataFrame
    level: float

    def to_polars(self) -> pl.DataFrame:
        """One row a corridor and target."""
        return self.table

    def summary(self) -> str:
        """How many corridors have each verdict, by target."""
        lines: list[str] = []
        for target in self.table["target_pct"].unique(maintain_order=True):
            part = self.table.filter(target_pct=target)
            counts = dict(part["verdict"].value_counts().iter_rows())
            soon = part.filter((pl.col("verdict") == "on trend") & (pl.col("year") <= 2030)).height
            told = ", ".join(
                f"{name} {counts.get(name, 0)}" for name in ("met", "on trend", "never", "too short")
            )
            lines.append(f"{target:g} %: {told}; on trend by 2030: {soon}")
        return "\n".join(lines)


def distance_to_targets(
    prices: Prices,
    *,
    targets: Sequence[float] = TARGETS,
    quarters: Iterable[str | Quarter] | None = None,
    least: int = _LEAST,
    level: float | None = None,
    eligible: Eligible | None = None,
) -> Distances:
    """Distance of each corridor to targets and the year it would meet them on its trend.

    Parameters
    ----------
    prices
        Quotes, or averages of corridors.
    targets
        Percent of the amount sent.
    quarters
        Which the trend is of; all if not given.
    least
        Fewest quarters for a trend.
    level
        Coverage of the slope's interval; default from the parameter table.
    eligible
        Which quotes count.

    Returns
    -------
    Distances

    Raises
    ------
    DataError
        Targets that are not above zero; fewer than three quarters asked for.

    Notes
    -----
    The slope is the median of slopes between all pairs of quarters, its interval that of Sen (1968). It takes
    quarters as independent; prices persist, so it is too narrow. A trend is not a forecast.

    Examples
    --------
    >>> from corridors import evidence
    >>> from corridors.remittances.prices import distance_to_targets
    >>> prices = evidence.load().table("remittance_price")
    >>> far = distance_to_targets(prices, targets=[5])
    >>> far.table.filter(sending="USA", receiving="MEX")["verdict"].item()
    'met'
    """
    wanted, chosen = target_list(targets), covered(level)
    if least < 3:
        raise DataError(f"{least} quarters make no trend", remedy="ask for three or more")
    means = corridor_means(sample(prices, eligible or Eligible(), quarters))
    rows: list[dict[str, Any]] = []
    for (sending, receiving), part in means.group_by(CORRIDOR, maintain_order=True):
        when = np.array([Quarter.parse(q).years for q in part["quarter"]])
        cost = part["cost"].to_numpy()
        fit = theil_sen(when, cost, chosen) if cost.size >= least else None
        head = {"sending": sending, "receiving": receiving}
        rows += [head | _standing(part["quarter"][-1], when, cost, target, fit) for target in wanted]
    table = pl.DataFrame(rows, infer_schema_length=None).with_columns(
        pl.col("year", "year_early", "year_late").cast(pl.Int64),
        pl.col("slope", "slope_low", "slope_high").cast(pl.Float64),
    )
    return Distances(table.sort(pl.col("target_pct").rank("dense", descending=True), *CORRIDOR), chosen)


def theil_sen(x: Array, y: Array, level: float) -> tuple[float, float, float]:
    """Robust slope and its interval.

    Returns
    -------
    tuple
        Slope, lower and upper bound.

    Examples
    --------
    >>> import numpy as np
    >>> from corridors.remittances.prices.trend import theil_sen
    >>> theil_sen(np.arange(9.0), np.r_[np.arange(8.0), 90.0], 0.8)[0]
    1.0
    """
    from scipy.stats import theilslopes

    found: Any = theilslopes(y, x, alpha=level)
    return float(found[0]), float(found[2]), float(found[3])


def _standing(
    last: str, when: Array, cost: Array, target: float, fit: tuple[float, float, float] | None
) -> dict[str, Any]:
    now = float(cost[-1])
    row: dict[str, Any] = {
        "target_pct": target,
        "quarter": last,
        "cost_pct": now,
        "gap_points": now - target,
        "cut_needed": max(0.0, 1 - target / now) if now > 0 else 0.0,
        "waves": int(cost.size),
    }
    names = ("slope", "slope_low", "slope_high", "year", "year_early", "year_late")
    if fit is None:
        return row | dict.fromkeys(names, None) | {"verdict": "too short"}
    middle, level = float(np.median(when)), float(np.median(cost))
    years = [_crossing(middle, level, slope, float(when[-1]), target) for slope in (fit[0], fit[1], fit[2])]
    reached = level + fit[0] * (float(when[-1]) - middle) <= target
    verdict = "met" if reached else ("never" if years[0] is None else "on trend")
    return row | dict(zip(names, (*fit, *years), strict=True)) | {"verdict": verdict}


def _crossing(middle: float, level: float, slope: float, now: float, target: float) -> int | None:
    """Year in which a line through the medians meets a target; the last year where it has already."""
    if level + slope * (now - middle) <= target:
        return math.floor(now)
    if slope >= 0:
        return None
    year = middle + (target - level) / slope
    return math.floor(year) if year < 10_000 else None
