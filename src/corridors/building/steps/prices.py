"""What sending money costs: averages of every kind, targets, what reaching them would save."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from corridors.atlas.schema import atlas_schema
from corridors.building.steps.price_findings import found_in, without_flows
from corridors.building.steps.price_savings import nearest, saved
from corridors.building.steps.price_targets import standing
from corridors.building.steps.published import Finding
from corridors.parameters import value
from corridors.remittances.prices import WEIGHTINGS, average_cost, median_cost, weighted_cost

_GROUPS = ("receiving_region", "sending_region", "receiving", "sending")
_CORRIDOR = ["sending", "receiving"]
_INDEX = {column.name: column.dtype for column in atlas_schema()["price_index"].columns}
_APART = int(value("price_flow_years"))


def price_tables(
    prices: pl.DataFrame, quotes: pl.DataFrame, flows: pl.DataFrame, seed: int
) -> tuple[Mapping[str, pl.DataFrame], list[Finding]]:
    """Average costs of every kind by quarter and group, standing on targets, what reaching them would save.

    Parameters
    ----------
    prices
        Averages by corridor and quarter.
    quotes
        Averages over all quotes, by quarter.
    flows
        Rows of ``remittance_flow`` of all rules. The reconciled ones weigh the prices of their year, or of
        the years at most the parameter ``price_flow_years`` away; intervals hold what the other rules give.
    seed
        Seed of the resampling.

    Returns
    -------
    tuple of mapping and list
        Rows of ``price_index``, ``price_target`` and ``price_saving``; and findings: dear corridors,
        averages of few quotes, and what lacks flows of its time.
    """
    sent = flows.filter(pl.col("value") > 0)
    weighed, unweighed = _weighted(prices, sent, seed)
    saving, unsaved = saved(prices, quotes, sent, seed)
    tables = {
        "price_index": pl.concat([*_over_corridors(prices, seed), _over_quotes(quotes), weighed]),
        "price_target": standing(prices, quotes),
        "price_saving": saving,
    }
    return tables, [*found_in(prices), *unweighed, *unsaved]


def _over_corridors(prices: pl.DataFrame, seed: int) -> list[pl.DataFrame]:
    made = [_index("world", average_cost(prices, draws=200, seed=seed).to_polars())]
    for group in _GROUPS:
        draws = 200 if group.endswith("region") else 0
        made.append(_index(group, average_cost(prices, by=group, draws=draws, seed=seed).to_polars()))
    return [*made, _index("world", median_cost(prices).rename({"median_pct": "mean_pct"}))]


def _over_quotes(quotes: pl.DataFrame) -> pl.DataFrame:
    """The published averages over all quotes: the mean and the median."""
    kinds = {"mean_cost_pct": WEIGHTINGS["services"], "median_cost_pct": WEIGHTINGS["median-quote"]}
    return pl.concat(
        _index(
            "world",
            quotes.select("quarter", "quotes", "corridors", mean_pct=column, weighting=pl.lit(words)),
        )
        for column, words in kinds.items()
    )


def _index(scope: str, rows: pl.DataFrame) -> pl.DataFrame:
    place = pl.lit("World") if scope == "world" else pl.col(scope)
    names = {"mean_pct": "value", "services": "quotes", "weight_share": "priced_share"}
    rows = rows.rename(names, strict=False)
    rows = rows.with_columns(scope=pl.lit(scope), place=place)
    return rows.select(
        (pl.col(name) if name in rows.columns else pl.lit(None).alias(name)).cast(dtype)
        for name, dtype in _INDEX.items()
    )


def _weighted(prices: pl.DataFrame, flows: pl.DataFrame, seed: int) -> tuple[pl.DataFrame, list[Finding]]:
    """Averages weighted by the money of their time; the interval holds what all rules of flows give."""
    priced = flows.filter(rule="reconciled").join(prices, on=_CORRIDOR, how="semi")
    years = priced["year"].unique().to_list()
    near = [quarter for quarter in prices["quarter"].unique().sort() if nearest(quarter, years) is not None]
    lost = prices["quarter"].n_unique() - len(near)
    findings = [without_flows(lost, _APART)] if lost else []
    if not near:
        return pl.DataFrame(schema=_INDEX), findings
    columns = [*_CORRIDOR, "year", "value", "lower", "upper"]
    rules = flows.filter(pl.col("year").is_in(years)).sort("rule").partition_by("rule", as_dict=True)
    of = {str(rule): part.select(columns) for (rule,), part in rules.items()}
    first = of.pop("reconciled")
    others = [part.drop("lower", "upper") for part in of.values()]
    made = weighted_cost(prices, first, others=others, quarters=near, seed=seed)
    return _index("world", made.to_polars()), findings
