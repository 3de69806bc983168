"""Remittances between countries, what they cost, and whom they lift."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from corridors.building.steps.prices import price_tables
from corridors.building.steps.products import Product
from corridors.building.steps.published import Finding, finding_table
from corridors.remittances.matrix import RemittanceMatrix, bilateral_remittances
from corridors.remittances.welfare import country_welfare

RULES = ("migrants", "income", "income-gap", "reconciled")
_LACKS = {
    "no-income": "income per head unknown: that of its region's mean stands in for the rules that need one",
    "no-inflow": "migrants abroad but no recorded inflow: no remittances estimated",
    "no-outflow": "migrants live here but no outflow is recorded: nothing to reconcile with",
    "no-stock": "a recorded inflow but no migrants abroad in the stock: it stands under UNK",
    "stock-year": "no stock of this year",
    "stock-one-end": "corridors with one stock",
    "income-year": "income per head of the year unknown: the latest before it stands in",
    "carried-forward": "the recorded inflow repeats an earlier year: no remittances estimated",
    "zero-inflow": "recorded inflow of exactly zero, which may mean not reported",
    "zero-outflow": "recorded outflow of exactly zero, which may mean not reported: it binds nothing",
}


def money_tables(tables: Mapping[str, pl.DataFrame], draws: int, seed: int) -> Product:
    """Remittances, their prices and whom they lift.

    Parameters
    ----------
    tables
        ``stock``, ``population``, ``economy``, ``remittances``, ``remittance_price``, ``quote_average`` and
        ``income_distribution``.
    draws, seed
        Draws behind intervals, and their seed.

    Returns
    -------
    Product
        Rows of ``remittance_flow``, ``price_index``, ``price_saving`` and ``welfare``.
    """
    sent, lacking = remittance_table(tables, draws, seed)
    priced, unpriced = price_tables(tables["remittance_price"], tables["quote_average"], sent, seed)
    return Product(
        "remittances, prices, welfare",
        {"remittance_flow": sent, **priced, "welfare": welfare_table(tables)},
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


def welfare_table(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Poverty and inequality by country with and without remittances."""
    names = ("income_distribution", "remittances", "population", "economy")
    return country_welfare(*(tables[name] for name in names))
