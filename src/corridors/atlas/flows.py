"""Flows of all periods and sexes from the evidence."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import pairwise

import polars as pl

from corridors import evidence
from corridors.atlas.tables import finding_table
from corridors.evidence import Evidence
from corridors.executors import executor
from corridors.migration import SEXES, FlowEstimate, estimate_flows, of_sex

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


def flow_estimates(
    known: Evidence,
    stock: pl.DataFrame,
    keys: list[Key],
    draws: int,
    seed: int,
    run_on: str,
) -> Iterator[FlowEstimate]:
    """Flows of every period and sex, in order."""
    inputs = (
        stock.select("origin", "destination", "year", "sex", "value"),
        known.table("population"),
        known.table("sex_structure"),
    )
    return executor(run_on).map(partial(_one_estimate, inputs, draws, seed), keys)


def _one_estimate(
    inputs: tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame],
    draws: int,
    seed: int,
    key: Key,
) -> FlowEstimate:
    stock, population, structure = inputs
    period, sex = key
    return estimate_flows(
        stock.filter(sex=sex).drop("sex"),
        of_sex(population, structure, sex),
        period,
        sex=sex,
        units=units_of(period[0]),
        repair=True,
        draws=draws,
        seed=seed,
    )
