"""What would be saved if every corridor met a target."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from corridors.errors import DataError
from corridors.intake import IntoTable
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
from corridors.remittances.prices.input_errors import (
    A_YEAR,
    checked_draws,
    cost_error,
    flow_spread,
    price_noise,
)
from corridors.remittances.prices.quarters import Quarter
from corridors.remittances.prices.resample import covered
from corridors.remittances.prices.targets import TARGETS, target_list
from corridors.remittances.prices.weights import flow_weights
from corridors.results import Result

_FLOW_SD = value("remittance_flow_sd")
_NOISE_WAVES = 8


@dataclass(frozen=True, slots=True)
class Savings(Result):
    """Money saved a year if no corridor were above a target.

    Attributes
    ----------
    table
        A row a target and group, first the world: ``target_pct``, the group, ``saved``, ``lower``,
        ``upper``, ``least``, ``most`` (over the rules that make the flows), ``flow`` (of corridors with a
        price), all in the unit of the flows, ``corridors``, ``above`` (corridors above the target),
        ``cost_pct`` (mean weighted by flows), ``marked`` (part of ``saved`` in corridors so dear, or with
        so few quotes, that a single quote can turn it) and ``priced_share`` (of the group's flows; null
        where the group is not told from the places).
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
    others: Sequence[IntoTable] = (),
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
        they are taken as an interval of the same coverage. Money whose sender is not known can stand
        under a code without a price: it counts in the share that is priced.
    others
        Flows of the same corridors by other rules, as defensible: the interval holds what all of them
        give.
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
    at most a year apart, or from the number of its quotes where that is more; its flow with the error of
    the flow. Intervals are percentiles of the draws, moved
    so that their median is the estimate, since cutting costs off at the target makes draws larger; with
    flows by several rules they run from the least lower end to the greatest upper one. Nothing is said of
    how flows would respond to cheaper prices.

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
    wanted, chosen, times = target_list(targets), covered(level), checked_draws(draws, flow_sd)
    table, shares = _costed(prices, flows, quarters, by, eligible or Eligible())
    rng = np.random.default_rng(seed)
    noise, blow = (rng.standard_normal((times, table.height)) for _ in range(2))
    cost_draws = table["cost"].to_numpy() + table["se"].to_numpy() * noise
    blown = np.exp(flow_spread(table, flow_sd, chosen) * blow)
    money = [table["value"].to_numpy(), *(_likewise(table, flow_weights(other)) for other in others)]
    rows: list[dict[str, object]] = []
    for target in wanted:
        point = [saving(flow, table["cost"].to_numpy(), target) for flow in money]
        drawn = [saving(flow * blown, cost_draws, target) for flow in money]
        for name in (None, *sorted(table[by].drop_nulls().unique())):
            mask = np.ones(table.height, bool)
            if name is not None:
                mask = (table[by] == name).fill_null(False).to_numpy()
            rows.append(
                {"target_pct": target, by: "World" if name is None else name}
                | _between([part[mask].sum() for part in point], [d[:, mask].sum(1) for d in drawn], chosen)
                | _told(table.filter(pl.Series(mask)), target)
                | {"priced_share": shares.get(name)}
            )
    found = pl.DataFrame(rows, schema_overrides={"priced_share": pl.Float64})
    return Savings(found, shares[None], chosen)


def _between(points: Sequence[float], drawn: Sequence[Array], level: float) -> dict[str, object]:
    """The saving by the first rule, an interval that holds those of all, and their range."""
    tail = (1 - level) / 2
    low, high = float(min(points)), float(max(points))
    ends = [at + np.quantile(d, [tail, 1 - tail]) - np.median(d) for at, d in zip(points, drawn, strict=True)]
    return {
        "saved": float(points[0]),
        "lower": min(low, max(0.0, min(float(end[0]) for end in ends))),
        "upper": max(high, *(float(end[1]) for end in ends)),
        "least": low,
        "most": high,
    }


def _told(rows: pl.DataFrame, target: float) -> dict[str, object]:
    """Money and corridors behind a saving."""
    doubtful = (pl.col("cost") > value("price_extreme")) | (pl.col("services") <= value("price_few_quotes"))
    few = rows.filter(doubtful.fill_null(False))
    return {
        "flow": float(rows["value"].sum()),
        "corridors": rows.height,
        "above": int((rows["cost"] > target).sum()),
        "cost_pct": float(np.average(rows["cost"].to_numpy(), weights=rows["value"].to_numpy())),
        "marked": float(saving(few["value"].to_numpy(), few["cost"].to_numpy(), target).sum()),
    }


def _likewise(table: pl.DataFrame, other: pl.DataFrame) -> Array:
    """Flows of another rule for the same corridors; none is no money."""
    both = table.select(CORRIDOR).join(
        other.select(*CORRIDOR, "value"), on=CORRIDOR, how="left", maintain_order="left"
    )
    return both["value"].fill_null(0.0).to_numpy()


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
    costs = (
        means.filter(pl.col("quarter").is_in(chosen))
        .group_by(CORRIDOR)
        .agg(
            pl.col("cost").mean(),
            waves=pl.len(),
            services=pl.when(pl.col("services").null_count() == 0).then(pl.col("services").sum()),
        )
        .join(price_noise(means, _NOISE_WAVES), on=CORRIDOR)
    )
    costs = costs.with_columns(cost_error(costs).alias("se"))
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
    if by in CORRIDOR or by not in found.table.columns:
        whole = dict(with_groups(every, [by], year).group_by(by).agg(pl.col("value").sum()).iter_rows())
        priced = table.group_by(by).agg(pl.col("value").sum()).drop_nulls()
        shares |= {name: value / whole[name] for name, value in priced.iter_rows()}
    return table, shares


def _of_a_year(quarters: Sequence[str]) -> list[str]:
    """The last quarter and those less than a year before it: no older prices stand in over a gap."""
    last = Quarter.parse(quarters[-1]).index
    return [quarter for quarter in quarters if Quarter.parse(quarter).index > last - A_YEAR]
