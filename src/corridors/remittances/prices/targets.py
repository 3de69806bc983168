"""How prices stand against the agreed targets: five percent, three percent, no corridor above five."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import polars as pl

from corridors.errors import DataError
from corridors.intake import IntoTable
from corridors.parameters import value as parameter
from corridors.remittances.prices.averages import Over, average_cost
from corridors.remittances.prices.eligible import (
    CORRIDOR,
    Eligible,
    Prices,
    corridor_means,
    sample,
    with_groups,
)
from corridors.remittances.prices.quarters import Quarter
from corridors.remittances.prices.smart import SmartAverages
from corridors.results import Result

AVERAGE_BELOW = parameter("price_target_average")
NO_CORRIDOR_ABOVE = parameter("price_target_corridor")
TARGETS = (NO_CORRIDOR_ABOVE, AVERAGE_BELOW)
_FIVE_BY = 2014


@dataclass(frozen=True, slots=True)
class TargetStatus(Result, keys=("year",)):
    """Standing against a target, a row a quarter or year.

    Attributes
    ----------
    table
        Columns depend on the target; see the function.
    target
        The target in words.
    measure
        What it was measured by.
    """

    table: pl.DataFrame
    target: str
    measure: str

    def to_polars(self) -> pl.DataFrame:
        """The standing, with target and measure in columns."""
        return self.table.with_columns(target=pl.lit(self.target), measure=pl.lit(self.measure))

    def summary(self) -> str:
        """Target, measure and the last row."""
        last = self.table.row(-1, named=True)
        told = ", ".join(f"{name} {value}" for name, value in last.items())
        return f"{self.target}\n  measured by {self.measure}\n  last: {told}"


def sdg_10c(
    prices: Prices,
    *,
    by: str | Sequence[str] = (),
    smart: SmartAverages | None = None,
    over: Over | None = None,
    quarters: Iterable[str | Quarter] | None = None,
    eligible: Eligible | None = None,
) -> TargetStatus:
    """Standing on SDG target 10.c: average cost below 3 %, no corridor above 5 %, by 2030.

    Parameters
    ----------
    prices
        Quotes, or averages of corridors.
    by
        Groups of places, such as ``"receiving"`` or ``"sending_region"``; the world if not given.
    smart
        Averages of the cheapest qualifying services, by which corridors are judged as the indicator says;
        a corridor in which none qualifies does not meet the target. Where not given, corridors are
        judged by their average, a stricter test.
    over, quarters, eligible
        As in :func:`average_cost`.

    Returns
    -------
    TargetStatus
        ``quarter``, the groups, ``average_pct``, ``below_3`` (strictly), ``corridors``, ``above_5``
        (strictly), ``share_met`` (of corridors, 0 to 1), ``worst_pct``, ``worst`` (corridor), ``without``
        (corridors that can not be judged), ``every_corridor`` and ``met``: both components.

    Notes
    -----
    United Nations metadata of indicator 10.c.1: component 1 is the mean over services; component 2 asks for
    three services in each corridor whose average is 5 % or less.

    Examples
    --------
    >>> from corridors import evidence
    >>> from corridors.remittances.prices import sdg_10c
    >>> prices = evidence.load().table("remittance_price")
    >>> status = sdg_10c(prices, quarters=["2020Q3"])
    >>> status.table.select("below_3", "above_5", "met").row(0)
    (False, 241, False)
    """
    rule = eligible or Eligible()
    groups = [by] if isinstance(by, str) else list(by)
    world = average_cost(prices, by=groups, over=over, quarters=quarters, eligible=rule)
    if smart is None:
        costs = corridor_means(sample(prices, rule, quarters)).with_columns(judged=pl.col("cost"))
        measure = "averages of corridors"
    else:
        costs = smart.table.with_columns(judged=pl.col("smart_pct"))
        costs = costs.filter(pl.col("quarter").is_in(world.table["quarter"].to_list()))
        measure = f"the {smart.criteria.cheapest} cheapest qualifying services (SmaRT-compatible)"
    above = above_target(pl.col("judged"))
    worst = pl.col("judged").arg_max()
    keys = ["quarter", *groups]
    of = (
        with_groups(costs, groups)
        .group_by(keys)
        .agg(
            corridors=pl.len().cast(pl.Int64),
            above_5=above.sum().cast(pl.Int64),
            share_met=(~above).sum() / pl.len(),
            worst_pct=pl.col("judged").max(),
            worst=pl.concat_str(CORRIDOR, separator="-").gather(worst).first(),
            without=pl.col("judged").null_count().cast(pl.Int64),
        )
    )
    table = (
        world.table.select(*keys, average_pct="mean_pct")
        .join(of, on=keys)
        .sort(keys)
        .with_columns(
            below_3=below_target(pl.col("average_pct")),
            every_corridor=(pl.col("above_5") == 0) & (pl.col("without") == 0),
        )
        .with_columns(met=pl.col("below_3") & pl.col("every_corridor"))
    )
    order = "average_pct below_3 corridors above_5 share_met worst_pct worst without every_corridor met"
    return TargetStatus(
        table.select(*keys, *order.split()),
        in_words(),
        f"{world.weighting}; corridors by {measure}",
    )


def below_target(average: pl.Expr, target: float = AVERAGE_BELOW) -> pl.Expr:
    """Whether an average meets the first component of SDG 10.c: strictly below."""
    return average < target


def above_target(cost: pl.Expr, target: float = NO_CORRIDOR_ABOVE) -> pl.Expr:
    """Whether a corridor fails the second component of SDG 10.c: its cost is above."""
    # The hair is for costs that were added up from fee and margin.
    return cost > target + 1e-12


def in_words(average: float = AVERAGE_BELOW, corridor: float = NO_CORRIDOR_ABOVE) -> str:
    """The two components of SDG 10.c.

    Examples
    --------
    >>> in_words()
    'SDG 10.c: average below 3 % and no corridor above 5 %'
    """
    return f"SDG 10.c: average below {average:g} % and no corridor above {corridor:g} %"


def five_by_five(
    prices: Prices,
    *,
    over: Over | None = None,
    weights: IntoTable | None = None,
    eligible: Eligible | None = None,
) -> TargetStatus:
    """Verdict of the five-by-five objective: 5 % within five years of 2009.

    Parameters
    ----------
    prices
        Quotes, or averages of corridors.
    over, weights, eligible
        As in :func:`average_cost`.

    Returns
    -------
    TargetStatus
        A row a year: ``year``, ``waves``, ``average_pct`` (mean of the year's quarters), ``gap_points``
        (above 5 %), ``met`` (5 % or less), ``share_of_corridors`` (at 5 % or less, of corridors and
        quarters, 0 to 1), ``due`` (whether the year is 2014 or later).

    Notes
    -----
    Declared by the G8 at L'Aquila in 2009 and taken over by the G20.

    Examples
    --------
    >>> from corridors import evidence
    >>> from corridors.remittances.prices import five_by_five
    >>> prices = evidence.load().table("remittance_price")
    >>> verdict = five_by_five(prices).table
    >>> verdict["met"].any(), round(verdict["average_pct"][-1], 2)
    (False, 7.18)
    """
    rule = eligible or Eligible()
    world = average_cost(prices, over=over, weights=weights, eligible=rule)
    year = pl.col("quarter").str.head(4).cast(pl.Int64).alias("year")
    costs = corridor_means(sample(prices, rule)).group_by(year)
    shares = costs.agg(share_of_corridors=(pl.col("cost") <= NO_CORRIDOR_ABOVE).mean())
    table = (
        world.table.group_by(year)
        .agg(waves=pl.len().cast(pl.Int64), average_pct=pl.col("mean_pct").mean())
        .join(shares, on="year")
        .sort("year")
        .with_columns(
            gap_points=pl.col("average_pct") - NO_CORRIDOR_ABOVE,
            met=pl.col("average_pct") <= NO_CORRIDOR_ABOVE,
            due=pl.col("year") >= _FIVE_BY,
        )
    )
    order = "year waves average_pct gap_points met share_of_corridors due"
    return TargetStatus(table.select(order.split()), "Five by five: 5 % by 2014", world.weighting)


def target_list(targets: Iterable[float]) -> tuple[float, ...]:
    """Targets in percent, checked.

    Raises
    ------
    DataError
        A target that is not above zero, or none.
    """
    found = tuple(float(target) for target in targets)
    if not found or any(not 0 < target < 100 for target in found):
        raise DataError("targets are percentages above 0", f"given: {found}", "for example 5 and 3")
    return found
