"""What would be saved if no corridor cost more than a target, and by the arithmetic of published figures?"""

from __future__ import annotations

import polars as pl

from corridors import places
from corridors.atlas.schema import atlas_schema
from corridors.building.steps.price_findings import no_saving, older_saving
from corridors.building.steps.published import Finding
from corridors.parameters import value
from corridors.remittances.prices import savings

_CORRIDOR = ["sending", "receiving"]
_SAVING = {column.name: column.dtype for column in atlas_schema()["price_saving"].columns}
_APART = int(value("price_flow_years"))
_SCOPES = ("receiving_region", "receiving", "sending")
_POORER = ("L", "LM", "UM")
LOWER_INCOMES = "Low- and middle-income countries"


def saved(
    prices: pl.DataFrame, quotes: pl.DataFrame, flows: pl.DataFrame, seed: int
) -> tuple[pl.DataFrame, list[Finding]]:
    """Savings at the last prices that have flows of about their time.

    Parameters
    ----------
    prices
        Averages by corridor and quarter.
    quotes
        Averages over all quotes, by quarter.
    flows
        Rows of ``remittance_flow`` of all rules; the reconciled ones are the estimate, the interval holds
        what all give. Money whose sender is not known counts in the share that has a price.
    seed
        Seed of the draws.
    """
    reconciled = flows.filter(rule="reconciled")
    both = prices.join(reconciled, on=_CORRIDOR, how="semi")
    years = reconciled.join(prices, on=_CORRIDOR, how="semi")["year"].unique().to_list()
    known = both["quarter"].unique().sort(descending=True).to_list()
    of = {quarter: year for quarter in known if (year := nearest(quarter, years)) is not None}
    if not of:
        return pl.DataFrame(schema=_SAVING), [no_saving(prices, reconciled, _APART)]
    quarter, year = next(iter(of.items()))
    findings = [older_saving(known[0], quarter, year, max(years), _APART)] if quarter != known[0] else []
    quarters = [q for q in prices["quarter"].unique().sort() if q <= quarter and q[:4] == quarter[:4]]
    sent = flows.filter(year=year)
    made = pl.concat(
        [
            _of_scope(prices, sent, quarters, "receiving_region", seed, world="world"),
            _poorer(prices, sent, quarters, seed),
            *(_of_scope(prices, sent, quarters, scope, seed) for scope in _SCOPES[1:]),
        ]
    )
    mean = quotes.filter(quarter=quarter)["mean_cost_pct"]
    table = made.with_columns(
        price_quarter=pl.lit(quarter),
        flow_year=pl.lit(year, pl.Int64),
        as_published=as_published(float(mean[0])) if mean.len() else pl.lit(None, pl.Float64),
    )
    return table.select(pl.col(name).cast(dtype) for name, dtype in _SAVING.items()), findings


def as_published(mean_cost: float) -> pl.Expr:
    """What the arithmetic of published figures gives: the gap of the mean over services, times all money.

    Examples
    --------
    >>> import polars as pl
    >>> rows = pl.DataFrame({"scope": ["world", "receiving"], "target_pct": 3.0, "flow": 60.0,
    ...                      "priced_share": 0.6})
    >>> rows.select(as_published(7.0))["as_published"].round(6).to_list()
    [4.0, None]
    """
    whole = pl.col("flow") / pl.col("priced_share")
    gap = (mean_cost - pl.col("target_pct")).clip(0) / 100
    return pl.when(pl.col("scope").is_in(["world", "income"])).then(gap * whole).alias("as_published")


def nearest(quarter: str, years: list[int]) -> int | None:
    """The year of flows nearest to a quarter, if it is near enough.

    Examples
    --------
    >>> nearest("2020Q3", [2015, 2021]), nearest("2018Q1", [2015])
    (2021, None)
    """
    at = int(quarter[:4])
    found = min(years, key=lambda year: (abs(year - at), year), default=None)
    return found if found is not None and abs(found - at) <= _APART else None


def _of_scope(
    prices: pl.DataFrame, sent: pl.DataFrame, quarters: list[str], scope: str, seed: int, world: str = ""
) -> pl.DataFrame:
    """Rows of the groups of a scope, and of the whole where it is given a name."""
    columns = [*_CORRIDOR, "value", "lower", "upper"]
    by_rule = {rule: part.select(columns) for (rule,), part in sent.sort("rule").group_by("rule")}
    flows = by_rule.pop("reconciled")
    others = [by_rule[rule].drop("lower", "upper") for rule in sorted(by_rule)]
    made = savings(prices, flows, others=others, quarters=quarters, by=scope, draws=400, seed=seed)
    whole = pl.col(scope) == "World"
    table = made.to_polars().with_columns(scope=pl.when(whole).then(pl.lit(world)).otherwise(pl.lit(scope)))
    return table.filter(pl.col("scope") != "").rename({scope: "place"})


def _poorer(prices: pl.DataFrame, sent: pl.DataFrame, quarters: list[str], seed: int) -> pl.DataFrame:
    """Rows of the countries that published figures of savings are about."""
    year = int(sent["year"][0])
    poorer = [c for c in sent["receiving"].unique() if places.income_class(c, year) in _POORER]
    into = sent.filter(pl.col("receiving").is_in(poorer))
    if into.filter(rule="reconciled").join(prices, on=_CORRIDOR, how="semi").is_empty():
        return _of_scope(prices, sent, quarters, "receiving_region", seed, world="world").clear()
    rows = _of_scope(prices, into, quarters, "receiving_region", seed, world="income").filter(scope="income")
    return rows.with_columns(place=pl.lit(LOWER_INCOMES))
