"""Who moved: flows of every period and sex, and what is derived from them: net migration, indices, years."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import numpy as np
import polars as pl

from corridors import evidence
from corridors.building.steps.products import Product
from corridors.building.steps.published import Finding, finding_table, flow_findings, net_table
from corridors.evidence import Evidence
from corridors.migration import SEXES, FlowEstimate, carry_events, estimate_flows, of_sex
from corridors.migration.annual import mid_year_net, split_years
from corridors.migration.indices import migration_indices
from corridors.numerics.typing import Array

Key = tuple[tuple[int, int], str]
LEAST = 0.5
"""Flows of fewer people than this are no rows of the atlas: as an estimate they say nothing."""
INDEXED = ("pseudo-bayes", "minimum-closed")


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


def moving(known: Evidence, stock: pl.DataFrame) -> tuple[dict[str, pl.DataFrame], pl.DataFrame]:
    """Stock and population that flows are made of, and findings about what was left out or filled.

    Parameters
    ----------
    known
        Population, its sexes, distances and territories.
    stock
        The migrant stock in long form.

    Returns
    -------
    tuple of dict and polars.DataFrame
        ``stock`` of places that have a population, ``population`` with events of every year,
        ``territory``, and the other tables of :func:`flow_tables`.
    """
    people = known.table("population")
    filled = carry_events(people)
    territory = evidence.territories(known.table("migrant_stock"))
    settled = set(people["country"]) | set(territory["unit"])
    inside = pl.col("origin").is_in(settled) & pl.col("destination").is_in(settled)
    tables = {name: known.table(name) for name in ("age_structure", "events_by_sex", "proximity")}
    tables |= {"stock": stock.filter(inside), "population": filled, "territory": territory}
    found = [*_left_out(stock, inside, settled), *_repeated(stock), *_carried(people, filled)]
    return tables, finding_table(found)


def _left_out(stock: pl.DataFrame, inside: pl.Expr, settled: set[str]) -> list[Finding]:
    last = stock["year"].max()
    current = stock.filter(pl.col("year") == last, pl.col("sex") == "total")
    outside = current.filter(~inside)
    if outside.is_empty():
        return []
    codes = sorted((set(outside["origin"]) | set(outside["destination"])) - settled)
    message = (
        "no population table has them, so flows do not know them: people born there, or of unknown origin, "
        "count as natives of where they live"
    )
    value, reference = float(outside["value"].sum()), float(current["value"].sum())
    return [("migrant_flow", "no-population", f"{', '.join(codes)}, {last}", message, value, reference)]


def _repeated(stock: pl.DataFrame) -> list[Finding]:
    """Places whose stock is the same to the person in two stock years: one figure stands for both."""
    rows: list[Finding] = []
    total = stock.filter(sex="total").select("origin", "destination", "year", "value")
    pairs = ["origin", "destination"]
    for start, end in pairwise(sorted(set(total["year"]))):
        first, last = (total.filter(year=year).drop("year") for year in (start, end))
        both = first.join(last, on=pairs, how="full", coalesce=True, suffix="_end")
        same = both.group_by("destination").agg(
            pl.col("value").eq_missing(pl.col("value_end")).all().alias("same"), pl.col("value").sum()
        )
        rows += [
            (
                "migrant_stock",
                "repeated-stock",
                f"{place}, {start}–{end}",
                f"{place}: the stock of {start} and that of {end} are the same to the person in every pair: "
                "one figure stands for both, and flows of the period rest on population alone",
                value,
                value,
            )
            for place, value in same.filter("same")
            .select("destination", "value")
            .sort("destination")
            .iter_rows()
        ]
    return rows


def _carried(given: pl.DataFrame, filled: pl.DataFrame) -> list[Finding]:
    rows: list[Finding] = []
    for event in ("births", "deaths"):
        new = filled.join(given.filter(pl.col(event).is_null()), on=["country", "year"], how="semi")
        for year, count, value in (
            new.group_by("year").agg(pl.len(), pl.col(event).sum()).sort("year").iter_rows()
        ):
            message = (
                f"no {event} of {year} are known: the rates of the last year known, applied to the people of "
                f"{year}, stand in for {count} places wherever flows need them"
            )
            rows.append(("population", "events-carried-forward", f"{event}, {year}", message, value, None))
    return rows


def units_of(territory: pl.DataFrame, start: int) -> dict[str, str]:
    """Territory that the figures of a code belong to in a period that starts in a year."""
    rows = territory.filter(pl.col("first_period") <= start, pl.col("last_period").fill_null(9999) >= start)
    return {member: unit for unit, member in rows.select("unit", "member").iter_rows() if unit != member}


def flow_tables(tables: Mapping[str, pl.DataFrame], draws: int, seed: int, key: Key) -> Product:
    """Flows of one period and sex.

    Parameters
    ----------
    tables
        As :func:`moving` makes them.
    draws, seed
        Perturbed stocks behind each interval, and their seed.
    key
        Period and sex.

    Returns
    -------
    Product
        Rows of ``migrant_flow``, ``net_migration``, ``migration_index`` and ``annual_flow``.
    """
    period, sex = key
    units = units_of(tables["territory"], period[0])
    estimate = estimate_flows(
        tables["stock"].filter(sex=sex).drop("sex"),
        of_sex(tables["population"], tables["age_structure"], tables["events_by_sex"], sex),
        period,
        sex=sex,
        units=units,
        repair=True,
        draws=draws,
        seed=seed,
    )
    yearly, released = annual_table(estimate, tables["population"], units)
    world = float(estimate.flows["pseudo-bayes"]["total"].sum())
    return Product(
        f"flows {period[0]}–{period[1]}, {sex}",
        {
            "migrant_flow": estimate.to_polars(least=LEAST),
            "net_migration": net_table(estimate),
            "migration_index": index_table(estimate, tables["proximity"]),
            "annual_flow": yearly,
        },
        pl.concat([flow_findings(estimate), finding_table(released)]),
        {period: world} if sex == "total" else {},
    )


def index_table(estimate: FlowEstimate, proximity: pl.DataFrame) -> pl.DataFrame:
    """Indices of the world's flows of one period.

    Parameters
    ----------
    estimate
        Flows of one period and sex.
    proximity
        Columns ``origin``, ``destination``, ``distance_km``. Indices of distance use the places whose
        distances to all others are known.
    """
    people = estimate.account.start.sum(0) + estimate.account.deaths.sum(0)
    distance = distances(proximity, estimate.places)
    apart = np.flatnonzero(np.isfinite(distance).sum(1) > len(estimate.places) / 2)
    block = np.ix_(apart, apart)
    frames: list[pl.DataFrame] = []
    for method in INDEXED:
        total = estimate.flows[method]["total"]
        everywhere = migration_indices(total, people).to_polars()
        near = migration_indices(total[block], distance=distance[block]).to_polars()
        near = near.filter(~pl.col("index").is_in(everywhere["index"].to_list()))
        frames.append(pl.concat([everywhere, near]).with_columns(method=pl.lit(method)))
    return pl.concat(frames).select(
        pl.lit(estimate.period[0]).alias("period_start"),
        pl.lit(estimate.period[1]).alias("period_end"),
        pl.lit(estimate.sex).alias("sex"),
        "method",
        pl.col("index").alias("name"),
        "value",
        "unit",
        "description",
    )


def distances(proximity: pl.DataFrame, places: tuple[str, ...]) -> Array:
    """Distances between places in kilometres, shape ``(n, n)``; NaN where not known."""
    table = np.full((len(places), len(places)), np.nan)
    rows = proximity.filter(pl.col("origin").is_in(places), pl.col("destination").is_in(places))
    position = {code: i for i, code in enumerate(places)}
    i, j = (rows[name].replace_strict(position).to_numpy() for name in ("origin", "destination"))
    table[i, j] = table[j, i] = rows["distance_km"].to_numpy()
    np.fill_diagonal(table, 0.0)
    return table


def annual_table(
    estimate: FlowEstimate, population: pl.DataFrame, units: dict[str, str]
) -> tuple[pl.DataFrame, list[Finding]]:
    """Pseudo-Bayes flows of both sexes divided among the years of the period.

    Parameters
    ----------
    estimate
        Flows of one period and sex; nothing is made but for both sexes together.
    population
        Columns ``country``, ``year``, ``net_migration``, every calendar year of the period.
    units
        Code of the territory of each code in this period.

    Returns
    -------
    tuple of polars.DataFrame and list
        Moves of half a person or more, and findings about places whose sums over the period had to give way.
    """
    types = {"origin": pl.String, "destination": pl.String, "year": pl.Int64, "value": pl.Float64}
    if estimate.sex != "total":
        return pl.DataFrame(schema=types), []
    start, end = estimate.period
    net = (
        population.filter(pl.col("year").is_between(start, end))
        .with_columns(pl.col("country").replace(units))
        .filter(pl.col("country").is_in(list(estimate.places)))
        .group_by("country", "year")
        .agg(pl.col("net_migration").sum())
        .pivot("year", index="country", values="net_migration", sort_columns=False)
        .sort("country")
    )
    calendar = net.select(str(y) for y in range(start, end + 1)).to_numpy().T.astype(np.float64)
    split = split_years(
        estimate.flows["pseudo-bayes"]["total"],
        mid_year_net(calendar),
        labels=estimate.places,
        years=range(start, end),
        repair=True,
    )
    rows = split.to_polars().select(*types).filter(pl.col("value") >= LEAST)
    findings: list[Finding] = [
        (
            "annual_flow",
            "years-exceed-period",
            f"{place}, {start}–{end}",
            f"{place}: yearly net migration swings more than the flows of the period allow; arrivals of its "
            f"years differ from those of the period by {change:+,.0f}, and departures likewise",
            arrivals,
            arrivals + change,
        )
        for place, arrivals, _, change in split.released_totals().iter_rows()
    ]
    return rows, findings
