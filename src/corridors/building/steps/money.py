"""Remittances between countries, what they cost, and whom they lift."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from corridors.atlas.schema import atlas_schema
from corridors.building.steps.products import Product
from corridors.building.steps.published import Finding, finding_table
from corridors.remittances.matrix import RemittanceMatrix, bilateral_remittances
from corridors.remittances.prices import average_cost, savings
from corridors.remittances.welfare import country_welfare

RULES = ("migrants", "income", "income-gap", "reconciled")
_LACKS = {
    "no-income": "income per head unknown: that of its region's mean stands in for the rules that need one",
    "no-inflow": "migrants abroad but no recorded inflow: no remittances estimated",
    "no-outflow": "migrants live here but no outflow is recorded: nothing to reconcile with",
    "no-stock": "a recorded inflow but no migrants abroad in the stock: it stands under UNK",
    "stock-year": "no stock of this year: that of the nearest year stands in",
    "zero-inflow": "recorded inflow of exactly zero, which may mean not reported",
    "zero-outflow": "recorded outflow of exactly zero, which may mean not reported: it binds nothing",
}
_PRICE_GROUPS = ("receiving_region", "sending_region", "receiving", "sending")
_YEAR = pl.col("quarter").str.head(4).cast(pl.Int64).alias("year")
_SAVING = {column.name: column.dtype for column in atlas_schema()["price_saving"].columns}


def money_tables(tables: Mapping[str, pl.DataFrame], draws: int, seed: int) -> Product:
    """Remittances, their prices and whom they lift.

    Parameters
    ----------
    tables
        ``stock``, ``population``, ``economy``, ``remittances``, ``remittance_price`` and
        ``income_distribution``.
    draws, seed
        Draws behind intervals, and their seed.

    Returns
    -------
    Product
        Rows of ``remittance_flow``, ``price_index``, ``price_saving`` and ``welfare``.
    """
    sent, lacking = remittance_table(tables, draws, seed)
    costs, saved, unpriced = price_tables(tables["remittance_price"], sent, seed)
    made = {"remittance_flow": sent, "price_index": costs, "price_saving": saved}
    return Product(
        "remittances, prices, welfare",
        {**made, "welfare": welfare_table(tables)},
        finding_table([*lacking, *unpriced]),
    )


def remittance_table(
    tables: Mapping[str, pl.DataFrame], draws: int, seed: int
) -> tuple[pl.DataFrame, list[Finding]]:
    """Bilateral remittances by rule in the stock years and the last year with recorded totals.

    Parameters
    ----------
    tables
        ``remittances``, ``economy``, and ``stock``: the migrant stock in long form, of which both sexes
        together are used.
    draws, seed
        Draws behind the intervals of income-gap and reconciled rules, and their seed.

    Returns
    -------
    tuple of polars.DataFrame and list
        ``sending, receiving, year, rule, value, lower, upper`` in USD million, and findings about places
        that lack what the rules need.
    """
    people = tables["stock"].filter(sex="total").select("origin", "destination", "year", "value")
    economy, totals = tables["economy"], tables["remittances"]
    recorded = set(totals["year"])
    years = sorted((set(people["year"]) & recorded) | {max(recorded)})
    frames: list[pl.DataFrame] = []
    findings: list[Finding] = []
    for year in years:
        for rule in RULES:
            matrix = _matrix(people, economy, totals, year, rule, draws, seed)
            frames.append(matrix.to_polars().with_columns(rule=pl.lit(rule)))
            if rule == "reconciled":
                findings += _matrix_findings(matrix)
    columns = ["sending", "receiving", "year", "rule", "value", "lower", "upper"]
    return pl.concat(frames).select(columns).filter(pl.col("value") > 0), findings


def _matrix(
    people: pl.DataFrame,
    economy: pl.DataFrame,
    totals: pl.DataFrame,
    year: int,
    rule: str,
    draws: int,
    seed: int,
) -> RemittanceMatrix:
    reconciled = rule == "reconciled"
    return bilateral_remittances(
        people,
        economy,
        totals,
        year,
        rule="income-gap" if reconciled else rule,
        reliability="low" if reconciled else None,
        draws=draws if rule in ("income-gap", "reconciled") else 0,
        seed=seed,
    )


def _matrix_findings(matrix: RemittanceMatrix) -> list[Finding]:
    rest = float(matrix.rest.sum())
    share = rest / matrix.total if matrix.total else 0.0
    world: Finding = (
        "remittance_flow",
        "residual-sender",
        f"WORLD, {matrix.year}",
        f"recorded outflows leave {rest:,.0f} of {matrix.total:,.0f} million dollars without a sender "
        f"({share:.0%}): they stand under UNK",
        rest,
        matrix.total,
    )
    kinds: dict[str, list[str]] = {}
    for note in matrix.notes:
        kinds.setdefault(note.rule, []).append(note.place)
    lacking: list[Finding] = [
        (
            "remittance_flow",
            rule,
            f"{', '.join(places)}, {matrix.year}",
            _LACKS.get(rule, rule),
            len(places),
            None,
        )
        for rule, places in kinds.items()
    ]
    return [world, *lacking]


def price_tables(
    prices: pl.DataFrame, flows: pl.DataFrame, seed: int
) -> tuple[pl.DataFrame, pl.DataFrame, list[Finding]]:
    """Average costs by quarter and group, and what reaching the targets would save.

    Parameters
    ----------
    prices
        Averages by corridor and quarter.
    flows
        Rows of ``remittance_flow``; the reconciled ones of the last year that they share with the prices
        are the weights.
    seed
        Seed of the resampling.

    Returns
    -------
    tuple of two polars.DataFrame and list
        Rows of ``price_index`` and of ``price_saving``, and a finding instead of what needs a shared year
        where there is none.
    """
    reconciled = flows.filter(pl.col("rule") == "reconciled", pl.col("sending") != "UNK")
    year = _shared_year(prices, reconciled)
    indices = [_index("world", average_cost(prices, draws=200, seed=seed).to_polars())]
    for group in _PRICE_GROUPS:
        draws = 200 if group.endswith("region") else 0
        indices.append(_index(group, average_cost(prices, by=group, draws=draws, seed=seed).to_polars()))
    if year is None:
        return pl.concat(indices), pl.DataFrame(schema=_SAVING), [_no_shared_year(prices, reconciled)]
    weights = reconciled.filter(year=year).select("sending", "receiving", "value", "lower", "upper")
    indices.append(_index("world", average_cost(prices, weights=weights).to_polars()))
    quarters = [q for q in prices["quarter"].unique().sort() if q.startswith(str(year))]
    saved = savings(prices, weights, quarters=quarters, seed=seed).to_polars()
    saved = saved.rename({"receiving_region": "region"}).with_columns(year=pl.lit(year, pl.Int64))
    return pl.concat(indices), saved.select(*_SAVING), []


def _shared_year(prices: pl.DataFrame, flows: pl.DataFrame) -> int | None:
    """The last year in which some corridor has both a price and a flow."""
    corridor = ["sending", "receiving", "year"]
    priced = prices.with_columns(year=_YEAR).join(flows.filter(pl.col("value") > 0), on=corridor, how="semi")
    last = priced["year"].max()
    return None if last is None else int(str(last))


def _no_shared_year(prices: pl.DataFrame, flows: pl.DataFrame) -> Finding:
    priced, sent = (
        ", ".join(map(str, years.unique().sort())) or "no year"
        for years in (prices.select(_YEAR).to_series(), flows["year"])
    )
    return (
        "price_saving",
        "price-saving-not-possible",
        "WORLD",
        f"no corridor has a price and a flow of the same year, so nothing is said of savings, nor of the "
        f"average cost by money sent: prices are of {priced}, reconciled remittances of {sent}",
        None,
        None,
    )


def _index(scope: str, rows: pl.DataFrame) -> pl.DataFrame:
    place = pl.lit("World") if scope == "world" else pl.col(scope)
    return rows.select(
        pl.lit(scope).alias("scope"),
        place.alias("place"),
        "quarter",
        "weighting",
        pl.col("mean_pct").alias("value"),
        "lower",
        "upper",
        pl.col("corridors").cast(pl.Int64),
    )


def welfare_table(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Poverty and inequality by country with and without remittances."""
    names = ("income_distribution", "remittances", "population", "economy")
    return country_welfare(*(tables[name] for name in names))
