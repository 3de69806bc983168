"""Remittances between countries, what they cost, and whom they lift."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from corridors.building.steps.prices import price_tables
from corridors.building.steps.products import Product
from corridors.building.steps.published import Finding, finding_table
from corridors.remittances.matrix import RemittanceMatrix, estimated_by_rules, matrix_inputs
from corridors.remittances.welfare import country_welfare

FIRST_YEAR = 2000
"""Before it, fewer than 150 countries record what they receive."""

_LACKS = {
    "no-income": "income per head unknown: that of its region's mean stands in for the rules that need one",
    "no-inflow": "migrants abroad but no recorded inflow: no remittances estimated",
    "no-outflow": "migrants live here but no outflow is recorded: nothing to reconcile with",
    "no-stock": "a recorded inflow but no migrants abroad in the stock: it stands under UNK",
    "income-year": "income per head of the year unknown: the latest before it stands in",
    "carried-forward": "the recorded inflow repeats an earlier year: no remittances estimated",
    "zero-inflow": "recorded inflow of exactly zero, which may mean not reported",
    "zero-outflow": "recorded outflow of exactly zero, which may mean not reported: it binds nothing",
}


def years_of_flows(tables: Mapping[str, pl.DataFrame]) -> list[int]:
    """Years with recorded totals, from 2000 and from the first stock; at least the last.

    Examples
    --------
    >>> import polars as pl
    >>> from corridors.building.steps.money import years_of_flows
    >>> years = pl.DataFrame({"year": [1999, 2000, 2001]})
    >>> years_of_flows({"stock": years, "remittances": years})
    [2000, 2001]
    """
    recorded = set(tables["remittances"]["year"])
    first = max(FIRST_YEAR, min(tables["stock"]["year"]))
    return sorted({year for year in recorded if year >= first} | {max(recorded)})


def flows_of_years(tables: Mapping[str, pl.DataFrame], years: Sequence[int]) -> Product:
    """Bilateral remittances of some years.

    Parameters
    ----------
    tables, years
        As in :func:`remittance_table`.

    Returns
    -------
    Product
        Rows of ``remittance_flow``.
    """
    sent, lacking = remittance_table(tables, years)
    span = f"remittances {min(years)}–{max(years)}"
    return Product(span, {"remittance_flow": sent}, finding_table(lacking))


def priced(tables: Mapping[str, pl.DataFrame], seed: int, flows: pl.DataFrame) -> Product:
    """What sending costs, weighted by the remittances of all years.

    Parameters
    ----------
    tables
        ``remittance_price`` and ``quote_average``.
    seed
        Seed of the resampling.
    flows
        Rows of ``remittance_flow``.

    Returns
    -------
    Product
        Rows of ``price_index`` and ``price_saving``.
    """
    made, lacking = price_tables(tables["remittance_price"], tables["quote_average"], flows, seed)
    return Product("prices", made, finding_table(lacking))


def lifted(tables: Mapping[str, pl.DataFrame]) -> Product:
    """Poverty by country as surveyed, and without remittances.

    Parameters
    ----------
    tables
        ``income_distribution``, ``remittances``, ``population``, ``economy``.

    Returns
    -------
    Product
        Rows of ``welfare``, and a finding for each country whose survey gives no estimate.
    """
    names = ("income_distribution", "remittances", "population", "economy")
    welfare = country_welfare(*(tables[name] for name in names))
    refused = welfare.filter(pl.col("reason").is_not_null(), measure="headcount").unique(
        "country", maintain_order=True
    )
    findings: list[Finding] = [
        ("welfare", "no-estimate", f"{country}, {year}",
         f"poverty without remittances is not estimated: {reason}", None, None)
        for country, year, reason in refused.select("country", "year", "reason").iter_rows()
    ]  # fmt: skip
    return Product("welfare", {"welfare": welfare}, finding_table(findings))


def remittance_table(
    tables: Mapping[str, pl.DataFrame], years: Sequence[int] | None = None
) -> tuple[pl.DataFrame, list[Finding]]:
    """Bilateral remittances by rule and year.

    Parameters
    ----------
    tables
        ``remittances``, ``economy``, and ``stock``: the migrant stock in long form, of which both sexes
        together are used.
    years
        Years; default :func:`years_of_flows`.

    Returns
    -------
    tuple of polars.DataFrame and list
        ``sending, receiving, year, rule, value, lower, upper`` in USD million, and findings about places
        that lack what the rules need. However small, every corridor is kept: a threshold of a thousand
        dollars would save 3 % of the rows, and what small states receive would not add up.
    """
    people = tables["stock"].filter(sex="total").select("origin", "destination", "year", "value")
    frames: list[pl.DataFrame] = []
    findings: list[Finding] = []
    for year in years_of_flows(tables) if years is None else years:
        inputs = matrix_inputs(people, tables["economy"], tables["remittances"], year)
        by_rule = estimated_by_rules(inputs)
        frames += [matrix.to_polars().with_columns(rule=pl.lit(rule)) for rule, matrix in by_rule.items()]
        findings += _matrix_findings(by_rule["reconciled"])
    columns = ["sending", "receiving", "year", "rule", "value", "lower", "upper"]
    return pl.concat(frames).select(columns).filter(pl.col("value") > 0), findings


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
    words = dict(_LACKS)
    for note in matrix.notes:
        kinds.setdefault(note.rule, []).append(note.place)
    if "closed" in kinds:
        pairs = ", ".join(kinds["closed"])
        words["closed"] = f"between these no money is taken to be sent, whatever the migrants: {pairs}"
    for note in matrix.notes:
        if note.place == "WORLD":
            words[note.rule] = note.message
    lacking: list[Finding] = [
        (
            "remittance_flow",
            rule,
            f"{', '.join(places)}, {matrix.year}",
            words.get(rule, rule),
            len(places),
            None,
        )
        for rule, places in kinds.items()
    ]
    return [world, *lacking]
