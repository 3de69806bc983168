"""What sending money costs: averages of every kind, and what reaching the targets would save."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from corridors.atlas.schema import atlas_schema
from corridors.building.steps.price_findings import found_in, no_saving, older_saving, without_flows
from corridors.building.steps.published import Finding
from corridors.parameters import value
from corridors.remittances.prices import WEIGHTINGS, average_cost, median_cost, savings

_GROUPS = ("receiving_region", "sending_region", "receiving", "sending")
_CORRIDOR = ["sending", "receiving"]
_INDEX = {column.name: column.dtype for column in atlas_schema()["price_index"].columns}
_SAVING = {column.name: column.dtype for column in atlas_schema()["price_saving"].columns}
_APART = int(value("price_flow_years"))


def price_tables(
    prices: pl.DataFrame, quotes: pl.DataFrame, flows: pl.DataFrame, seed: int
) -> tuple[Mapping[str, pl.DataFrame], list[Finding]]:
    """Average costs by quarter, group and kind of average, and what reaching the targets would save.

    Parameters
    ----------
    prices
        Averages by corridor and quarter.
    quotes
        Averages over all quotes, by quarter.
    flows
        Rows of ``remittance_flow`` of all rules. The reconciled ones weigh the prices of their year, or of
        the years at most the parameter ``price_flow_years`` away; the other rules give the range.
    seed
        Seed of the resampling.

    Returns
    -------
    tuple of mapping and list
        Rows of ``price_index`` and of ``price_saving``; and findings: dear corridors, averages of few
        quotes, and what lacks flows of its time.
    """
    sent = flows.filter(pl.col("sending") != "UNK", pl.col("value") > 0)
    weighed, unweighed = _weighted(prices, sent)
    saved, unsaved = _saved(prices, sent.filter(rule="reconciled"), seed)
    index = pl.concat([*_over_corridors(prices, seed), _over_quotes(quotes), weighed])
    return {"price_index": index, "price_saving": saved}, [
        *found_in(prices),
        *unweighed,
        *unsaved,
    ]


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
    rows = rows.rename({"mean_pct": "value", "services": "quotes"}, strict=False)
    rows = rows.with_columns(scope=pl.lit(scope), place=place)
    return rows.select(
        (pl.col(name) if name in rows.columns else pl.lit(None).alias(name)).cast(dtype)
        for name, dtype in _INDEX.items()
    )


def _weighted(prices: pl.DataFrame, flows: pl.DataFrame) -> tuple[pl.DataFrame, list[Finding]]:
    """Averages weighted by the money of their time, with the range over the rules that make the flows."""
    flows = flows.join(prices, on=_CORRIDOR, how="semi")
    years = flows.filter(rule="reconciled")["year"].unique().to_list()
    near = [quarter for quarter in prices["quarter"].unique().sort() if _nearest(quarter, years) is not None]
    lost = prices["quarter"].n_unique() - len(near)
    findings = [without_flows(lost, _APART)] if lost else []
    if not near:
        return pl.DataFrame(schema=_INDEX), findings
    when = prices.filter(pl.col("quarter").is_in(near))
    by_rule = pl.concat(
        average_cost(when, weights=part.select(*_CORRIDOR, "year", "value"))
        .to_polars()
        .with_columns(rule=pl.lit(rule))
        for (rule,), part in flows.sort("rule").group_by("rule", maintain_order=True)
    )
    span = by_rule.group_by("quarter").agg(low=pl.col("mean_pct").min(), high=pl.col("mean_pct").max())
    rows = by_rule.filter(rule="reconciled").drop("lower", "upper").join(span, on="quarter").sort("quarter")
    return _index("world", rows.rename({"low": "lower", "high": "upper"})), findings


def _nearest(quarter: str, years: list[int]) -> int | None:
    """The year of flows nearest to a quarter, if it is near enough."""
    at = int(quarter[:4])
    found = min(years, key=lambda year: (abs(year - at), year), default=None)
    return found if found is not None and abs(found - at) <= _APART else None


def _saved(prices: pl.DataFrame, flows: pl.DataFrame, seed: int) -> tuple[pl.DataFrame, list[Finding]]:
    """Savings at the last prices that have flows of about their time."""
    both = prices.join(flows, on=_CORRIDOR, how="semi")
    years = flows.join(prices, on=_CORRIDOR, how="semi")["year"].unique().to_list()
    known = both["quarter"].unique().sort(descending=True).to_list()
    of = {quarter: year for quarter in known if (year := _nearest(quarter, years)) is not None}
    if not of:
        return pl.DataFrame(schema=_SAVING), [no_saving(prices, flows, _APART)]
    quarter, year = next(iter(of.items()))
    findings = [older_saving(known[0], quarter, year, max(years), _APART)] if quarter != known[0] else []
    weights = flows.filter(year=year).select(*_CORRIDOR, "value", "lower", "upper")
    quarters = [q for q in prices["quarter"].unique().sort() if q <= quarter and q[:4] == quarter[:4]]
    table = savings(prices, weights, quarters=quarters, seed=seed).to_polars()
    made = table.rename({"receiving_region": "region"}).with_columns(
        price_quarter=pl.lit(quarter), flow_year=pl.lit(year, pl.Int64)
    )
    return made.select(*_SAVING), findings
