"""What takes long: flows of all periods and sexes, remittances, projections, one task each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Literal

import polars as pl

from corridors import evidence
from corridors.building.steps.derived import annual_table, index_table, projection_table
from corridors.building.steps.money import price_tables, remittance_table, welfare_table
from corridors.building.steps.published import finding_table, flow_findings
from corridors.evidence import Evidence
from corridors.executors import executor
from corridors.migration import SEXES, FlowEstimate, estimate_flows, of_sex
from corridors.numerics.blas import one_blas_thread

Key = tuple[tuple[int, int], str]


def keys_of(known: Evidence) -> tuple[list[Key], pl.DataFrame]:
    """Periods between stock years, by sex, and findings about those that can not be estimated.

    A period needs population, births and deaths of all its years.
    """
    years = sorted(set(known.table("migrant_stock")["year"]))
    covered = set(known.table("population")["year"])
    periods = [(a, b) for a, b in pairwise(years) if set(range(a, b + 1)) <= covered]
    message = "no flows: the population table does not cover all years of the period"
    rows = [
        ("migrant_flow", "period-left-out", f"{a}–{b}", message, None, None)
        for a, b in pairwise(years)
        if (a, b) not in periods
    ]
    return [(period, sex) for period in periods for sex in SEXES], finding_table(rows)


def units_of(start: int) -> dict[str, str]:
    """Territory that the figures of a code belong to in a period that starts in a year."""
    rows = evidence.territories().filter(
        pl.col("first_period") <= start, pl.col("last_period").fill_null(9999) >= start
    )
    return {member: unit for unit, member in rows.select("unit", "member").iter_rows() if unit != member}


@dataclass(frozen=True, slots=True)
class PeriodResult:
    """All that is estimated for one period and sex.

    Attributes
    ----------
    estimate
        Flows by all methods.
    indices
        Rows of ``migration_index``.
    yearly
        Rows of ``annual_flow``; none but for both sexes together.
    findings
        What had to be changed.
    """

    estimate: FlowEstimate
    indices: pl.DataFrame
    yearly: pl.DataFrame
    findings: pl.DataFrame


@dataclass(frozen=True, slots=True)
class MoneyResult:
    """Remittances, their prices and whom they lift: rows of the tables of these names."""

    remittance_flow: pl.DataFrame
    price_index: pl.DataFrame
    price_saving: pl.DataFrame
    welfare: pl.DataFrame
    findings: pl.DataFrame


@dataclass(frozen=True, slots=True)
class ProjectionResult:
    """Rows of ``net_migration_projection``."""

    projection: pl.DataFrame
    findings: pl.DataFrame


Result = PeriodResult | MoneyResult | ProjectionResult
Task = Key | Literal["money", "projection"]


def results(
    known: Evidence,
    stock: pl.DataFrame,
    keys: Sequence[Key],
    draws: int,
    seed: int,
    run_on: str,
) -> Iterator[Result]:
    """Money, projection, then flows of every period and sex, in this order on any executor."""
    tables = {name: known.table(name) for name in _NEEDED}
    tables["stock"] = stock.select("origin", "destination", "year", "sex", "value")
    tasks: list[Task] = ["money", "projection", *keys]
    return executor(run_on).map(partial(_result, tables, draws, seed), tasks)


_NEEDED = (
    "population",
    "sex_structure",
    "proximity",
    "economy",
    "remittances",
    "remittance_price",
    "income_distribution",
)


def _result(tables: dict[str, pl.DataFrame], draws: int, seed: int, task: Task) -> Result:
    # With several threads the order of summation, and so the last digit, would depend on the machine.
    with one_blas_thread():
        return _computed(tables, draws, seed, task)


def _computed(tables: dict[str, pl.DataFrame], draws: int, seed: int, task: Task) -> Result:
    if task == "money":
        sent, lacking = remittance_table(tables, draws, seed)
        costs, saved, unpriced = price_tables(tables["remittance_price"], sent, seed)
        return MoneyResult(sent, costs, saved, welfare_table(tables), finding_table([*lacking, *unpriced]))
    if task == "projection":
        projected, refused = projection_table(tables["population"], seed)
        return ProjectionResult(projected, finding_table(refused))
    return _period_result(tables, draws, seed, task)


def _period_result(inputs: dict[str, pl.DataFrame], draws: int, seed: int, key: Key) -> PeriodResult:
    period, sex = key
    units = units_of(period[0])
    estimate = estimate_flows(
        inputs["stock"].filter(sex=sex).drop("sex"),
        of_sex(inputs["population"], inputs["sex_structure"], sex),
        period,
        sex=sex,
        units=units,
        repair=True,
        draws=draws,
        seed=seed,
    )
    yearly, released = annual_table(estimate, inputs["population"], units)
    return PeriodResult(
        estimate,
        index_table(estimate, inputs["proximity"]),
        yearly,
        pl.concat([flow_findings(estimate), finding_table(released)]),
    )
