"""What does sending cost where corridors count by the money they carry, and how sure is that?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import polars as pl

from corridors.errors import DataError
from corridors.intake import IntoTable
from corridors.numerics.typing import Array
from corridors.parameters import value
from corridors.remittances.prices.averages import Averages
from corridors.remittances.prices.eligible import CORRIDOR, Eligible, Prices, corridor_means, sample
from corridors.remittances.prices.input_errors import checked_draws, cost_error, flow_spread, price_noise
from corridors.remittances.prices.quarters import Quarter
from corridors.remittances.prices.resample import covered, generator
from corridors.remittances.prices.weightings import WEIGHTINGS
from corridors.remittances.prices.weights import flow_weights, nearest_years

_FLOW_SD = value("remittance_flow_sd")


def weighted_cost(
    prices: Prices,
    flows: IntoTable,
    *,
    others: Sequence[IntoTable] = (),
    quarters: Iterable[str | Quarter] | None = None,
    flow_sd: float = _FLOW_SD,
    draws: int = 400,
    level: float | None = None,
    seed: int = 0,
    eligible: Eligible | None = None,
) -> Averages:
    """Average cost by quarter, corridors weighted by money, with the errors of prices and of flows.

    Parameters
    ----------
    prices
        Quotes, or averages of corridors.
    flows
        ``sending``, ``receiving``, ``value``, and ``year`` where each quarter is to have the flows of its
        year (or the nearest); where ``lower`` and ``upper`` are given they are an interval of the same
        coverage. Money of senders that have no price counts in ``weight_share``.
    others
        Flows of the same corridors by other rules, as defensible: the interval holds all of them.
    quarters, eligible
        As in :func:`average_cost`.
    flow_sd
        Relative standard deviation of flows without bounds, independent between corridors.
    draws, level, seed
        Number of draws, coverage (default from the parameter table), seed.

    Returns
    -------
    Averages
        With ``least`` and ``most``: the averages by all rules.

    Raises
    ------
    DataError
        No corridor with a price has a flow; faults of prices or flows. Quarters without one are left out.

    Notes
    -----
    Every price is drawn with the error of its corridor's mean, every flow with its own; the interval runs
    from the least lower end over the rules to the greatest upper one.

    Examples
    --------
    >>> import polars as pl
    >>> from corridors import evidence
    >>> from corridors.remittances.prices import weighted_cost
    >>> prices = evidence.load().table("remittance_price")
    >>> flows = pl.DataFrame({"sending": ["DEU", "ZAF"], "receiving": ["NGA", "BWA"], "value": [500.0, 300]})
    >>> found = weighted_cost(prices, flows, quarters=["2020Q1"]).table
    >>> found.select(pl.col("lower") < pl.col("mean_pct"), pl.col("mean_pct") < pl.col("upper")).row(0)
    (True, True)
    """
    asked, times = covered(level), checked_draws(draws, flow_sd)
    noise = price_noise(corridor_means(sample(prices, eligible or Eligible())))
    of = corridor_means(sample(prices, eligible or Eligible(), quarters)).join(noise, on=CORRIDOR)
    rules = [flow_weights(table, by_year=True) for table in (flows, *others)]
    years = next((rule["year"] for rule in rules if "year" in rule.columns), None)
    if years is not None:
        of = of.join(nearest_years(of["quarter"], years).rename({"flow_year": "year"}), on="quarter")
    on = [*CORRIDOR, *(["year"] if years is not None else [])]
    rows: list[pl.DataFrame] = []
    for (quarter,), part in of.sort("quarter", *CORRIDOR).group_by("quarter", maintain_order=True):
        rng = generator(seed, (quarter,))
        error = cost_error(part.with_columns(waves=pl.lit(1))).to_numpy()
        drawn = part["cost"].to_numpy() + error * rng.standard_normal((times, part.height))
        blow = rng.standard_normal((times, part.height))
        made = [_by_rule(part, rule, on, (drawn, blow), flow_sd, asked) for rule in rules]
        rows.append(_of_quarter(part, made))
    table = pl.concat(rows).drop_nulls("mean_pct")
    if table.is_empty():
        raise DataError("no corridor with a price has a flow", remedy="check the codes of the places")
    if years is None:
        table = table.drop("flow_year")
    return Averages(table, WEIGHTINGS["money"], asked)


Drawn = tuple[Array, Array]


def _by_rule(
    part: pl.DataFrame, rule: pl.DataFrame, on: Sequence[str], drawn: Drawn, flow_sd: float, level: float
) -> dict[str, float]:
    """Average, ends of its interval and weight by the flows of one rule."""
    both = part.with_row_index("at").join(rule, on=list(on), maintain_order="left")
    if not both.height:
        return {}
    cost, flow = both["cost"].to_numpy(), both["value"].to_numpy()
    costs, blows = (values[:, both["at"].to_numpy()] for values in drawn)
    flows = flow * np.exp(flow_spread(both, flow_sd, level) * blows)
    tail = (1 - level) / 2
    low, high = np.quantile((flows * costs).sum(1) / flows.sum(1), [tail, 1 - tail])
    whole = rule.filter(year=both["year"][0]) if "year" in on else rule
    return {
        "mean": float(np.average(cost, weights=flow)),
        "lower": float(low),
        "upper": float(high),
        "weight": float(flow.sum()),
        "share": float(flow.sum()) / float(whole["value"].sum()),
        "corridors": both.height,
        "services": float(both["services"].sum()) if both["services"].null_count() == 0 else float("nan"),
    }


def _of_quarter(part: pl.DataFrame, made: Sequence[dict[str, float]]) -> pl.DataFrame:
    known = [rule for rule in made if rule]
    first = made[0]
    means = [rule["mean"] for rule in known]
    services = first.get("services", float("nan"))
    return pl.DataFrame(
        {
            "quarter": part["quarter"][0],
            "mean_pct": first.get("mean"),
            "lower": min((*(rule["lower"] for rule in known), *means), default=None),
            "upper": max((*(rule["upper"] for rule in known), *means), default=None),
            "services": None if np.isnan(services) else int(services),
            "corridors": int(first.get("corridors", 0)),
            "weight": first.get("weight"),
            "weight_share": first.get("share"),
            "flow_year": part["year"][0] if "year" in part.columns else None,
            "least": min(means, default=None),
            "most": max(means, default=None),
        },
        schema_overrides={
            **dict.fromkeys(("services", "corridors", "flow_year"), pl.Int64),
            **dict.fromkeys(
                ("mean_pct", "lower", "upper", "weight", "weight_share", "least", "most"), pl.Float64
            ),
        },
    )
