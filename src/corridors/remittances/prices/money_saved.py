"""What would be saved if every corridor met a target."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from corridors.errors import DataError
from corridors.intake import IntoTable
from corridors.numerics.intervals import z_of_level
from corridors.numerics.typing import Array
from corridors.parameters import value
from corridors.remittances.prices.algebra import saving
from corridors.remittances.prices.eligible import (
    CORRIDOR,
    Eligible,
    Prices,
    corridor_means,
    sample,
    with_groups,
)
from corridors.remittances.prices.quarters import Quarter
from corridors.remittances.prices.resample import LEAST_DRAWS, covered
from corridors.remittances.prices.targets import TARGETS, target_list
from corridors.remittances.prices.weights import flow_weights
from corridors.results import Result

_FLOW_SD = value("remittance_flow_sd")
_NOISE_WAVES = 8
_A_YEAR = 4


@dataclass(frozen=True, slots=True)
class Savings(Result):
    """Money saved a year if no corridor were above a target.

    Attributes
    ----------
    table
        A row a target and group, first the world: ``target_pct``, the group, ``saved``, ``lower``,
        ``upper``, ``flow`` (of corridors with a price), all in the unit of the flows, ``corridors``,
        ``above`` (corridors above the target), ``cost_pct`` (mean weighted by flows) and ``priced_share``
        (of the group's flows; null where the group is not told from the places).
    priced_share
        Share of all flows whose corridor has a price; the rest saves nothing here.
    level
        Coverage of the intervals.
    """

    table: pl.DataFrame
    priced_share: float
    level: float

    def to_polars(self) -> pl.DataFrame:
        """One row a target and group."""
        return self.table

    def summary(self) -> str:
        """A line a target and group."""
        lines = [f"saved a year; {self.priced_share:.0%} of flows have a price; {self.level:.0%} intervals"]
        for row in self.table.iter_rows():
            target, group, saved, low, high = row[:5]
            lines.append(f"  {target:g} %  {group!s:<32}{saved:14,.6g}  [{low:,.6g}, {high:,.6g}]")
        return "\n".join(lines)

    def key_columns(self) -> tuple[str, ...]:
        """Columns that name a row."""
        return tuple(self.table.columns[:2])


def savings(
    prices: Prices,
    flows: IntoTable,
    *,
    targets: Sequence[float] = TARGETS,
    quarters: Iterable[str | Quarter] | None = None,
    by: str = "receiving_region",
    flow_sd: float = _FLOW_SD,
    draws: int = 1000,
    level: float | None = None,
    seed: int = 0,
    eligible: Eligible | None = None,
) -> Savings:
    """Money saved a year if every corridor met a target, flows held as they are.

    Parameters
    ----------
    prices
        Quotes, or averages of corridors.
    flows
        ``sending``, ``receiving``, ``value`` a year, in any unit; where ``lower`` and ``upper`` are given
        they are taken as an interval of the same coverage.
    targets
        Percent of the amount sent.
    quarters
        Whose mean cost counts; those of the year up to the last one if not given.
    by
        Group: a column of the prices or ``receiving_region``, ``sending_region``, ``…_subregion``,
        ``…_income``.
    flow_sd
        Relative standard deviation of flows without bounds, independent between corridors: a choice
        of this project, not an estimate.
    draws, level, seed
        Number of draws, coverage (default from the parameter table), seed.
    eligible
        Which quotes count.

    Returns
    -------
    Savings

    Raises
    ------
    DataError
        No flow has a price; faults of prices, flows or targets.

    Notes
    -----
    The cost of a corridor is drawn with the error of its mean, told from changes between quarters that are
    at most a year apart. Intervals are basic bootstrap intervals (Davison and Hinkley 1997), since cutting
    costs off at the target makes draws larger than the estimate on average. Nothing is said of how flows
    would respond to cheaper prices.

    Examples
    --------
    >>> import polars as pl
    >>> from corridors import evidence
    >>> from corridors.remittances.prices import savings
    >>> prices = evidence.load().table("remittance_price")
    >>> flows = pl.DataFrame({"sending": ["DEU", "ZAF"], "receiving": ["NGA", "BWA"], "value": [500.0, 300]})
    >>> found = savings(prices, flows, targets=[5], quarters=["2020Q1"])
    >>> found.table.filter(receiving_region="World")["above"].item()
    2
    """
    wanted, chosen = target_list(targets), covered(level)
    if draws < LEAST_DRAWS:
        raise DataError(f"{draws} draws are too few for an interval", remedy=f"ask for {LEAST_DRAWS} or more")
    if not flow_sd >= 0:
        raise DataError(f"a standard deviation can not be {flow_sd}")
    table, shares = _costed(prices, flows, quarters, by, eligible or Eligible())
    cost, flow, group = table["cost"].to_numpy(), table["value"].to_numpy(), table[by]
    cost_draws, flow_draws = _draws(table, flow_sd, chosen, draws, np.random.default_rng(seed))
    rows: list[dict[str, object]] = []
    for target in wanted:
        point, drawn = saving(flow, cost, target), saving(flow_draws, cost_draws, target)
        for name in (None, *sorted(group.drop_nulls().unique())):
            inside = np.ones(flow.size, bool) if name is None else (group == name).fill_null(False).to_numpy()
            tail = (1 - chosen) / 2
            low, high = np.quantile(drawn[:, inside].sum(1), [tail, 1 - tail])
            at = float(point[inside].sum())
            rows.append(
                {
                    "target_pct": target,
                    by: "World" if name is None else name,
                    "saved": at,
                    "lower": max(0.0, 2 * at - float(high)),
                    "upper": max(0.0, 2 * at - float(low)),
                    "flow": float(flow[inside].sum()),
                    "corridors": int(inside.sum()),
                    "above": int((cost[inside] > target).sum()),
                    "cost_pct": float(np.average(cost[inside], weights=flow[inside])),
                    "priced_share": shares.get(name),
                }
            )
    found = pl.DataFrame(rows, schema_overrides={"priced_share": pl.Float64})
    return Savings(found, shares[None], chosen)


def _costed(
    prices: Prices,
    flows: IntoTable,
    quarters: Iterable[str | Quarter] | None,
    by: str,
    eligible: Eligible,
) -> tuple[pl.DataFrame, dict[str | None, float]]:
    """Flows with the mean cost of their corridor and its standard error, and the share priced by group."""
    found = sample(prices, eligible, keep=[by])
    known = sorted(found.table["quarter"].unique())
    chosen = sorted(str(Quarter.parse(q)) for q in quarters) if quarters is not None else _of_a_year(known)
    sample(prices, eligible, chosen)
    means = corridor_means(found).filter(pl.col("quarter") <= chosen[-1])
    when = 4 * pl.col("quarter").str.head(4).cast(pl.Int64) + pl.col("quarter").str.tail(1).cast(pl.Int64)
    # A step over a gap in the survey is change, not noise.
    near = pl.when(when.diff() <= _A_YEAR).then(pl.col("cost").diff())
    step = near.drop_nulls().tail(_NOISE_WAVES)
    noise = means.group_by(CORRIDOR).agg(noise=((step**2).sum() / (2 * step.count())).sqrt())
    # Prices of a single quarter do not tell their noise.
    usual = noise["noise"].fill_nan(None).median() or 0.0
    costs = (
        means.filter(pl.col("quarter").is_in(chosen))
        .group_by(CORRIDOR)
        .agg(pl.col("cost").mean(), waves=pl.len())
        .join(noise, on=CORRIDOR)
        .with_columns(se=pl.col("noise").fill_nan(None).fill_null(usual) / pl.col("waves").sqrt())
    )
    every = flow_weights(flows)
    table = every.join(costs, on=CORRIDOR, how="inner").sort(CORRIDOR)
    if not table.height:
        raise DataError("no flow is of a corridor with a price", remedy="check the codes of the places")
    if by in found.table.columns and by not in CORRIDOR:
        of = found.table.filter(pl.col("quarter").is_in(chosen)).sort("quarter", by)
        table = table.join(of.group_by(CORRIDOR).agg(pl.col(by).last()), on=CORRIDOR)
    year = int(chosen[-1][:4])
    table = with_groups(table, [by], year)
    shares: dict[str | None, float] = {None: float(table["value"].sum()) / float(every["value"].sum())}
    if by not in found.table.columns:
        whole = dict(with_groups(every, [by], year).group_by(by).agg(pl.col("value").sum()).iter_rows())
        priced = table.group_by(by).agg(pl.col("value").sum()).drop_nulls()
        shares |= {name: value / whole[name] for name, value in priced.iter_rows()}
    return table, shares


def _of_a_year(quarters: Sequence[str]) -> list[str]:
    """The last quarter and those less than a year before it: no older prices stand in over a gap."""
    last = Quarter.parse(quarters[-1]).index
    return [quarter for quarter in quarters if Quarter.parse(quarter).index > last - _A_YEAR]


def _draws(
    table: pl.DataFrame, flow_sd: float, level: float, draws: int, rng: np.random.Generator
) -> tuple[Array, Array]:
    cost, se, flow = (table[name].to_numpy() for name in ("cost", "se", "value"))
    spread = np.full(flow.size, np.sqrt(np.log1p(flow_sd**2)))
    if {"lower", "upper"} <= set(table.columns):
        wide = (pl.col("upper") / pl.col("lower")).log() / (2 * z_of_level(level))
        given = table.select(pl.when((pl.col("lower") > 0) & (wide >= 0)).then(wide)).to_series()
        spread = given.fill_null(pl.Series(spread)).to_numpy() if given.null_count() < given.len() else spread
    made = cost + se * rng.standard_normal((draws, cost.size))
    return made, flow * np.exp(spread * rng.standard_normal((draws, cost.size)) - spread**2 / 2)
