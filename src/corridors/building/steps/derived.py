"""What is derived from flows and population: indices, yearly flows, projections."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from corridors.building.steps.published import Finding
from corridors.migration import FlowEstimate
from corridors.migration.annual import mid_year_net, split_years
from corridors.migration.indices import migration_indices
from corridors.migration.projection import fit_net_rates, forecast, rate_panel

Array = NDArray[np.float64]

INDEXED = ("pseudo-bayes", "minimum-closed")
LAST_PROJECTED = 2100


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
    index = {code: i for i, code in enumerate(places)}
    rows = proximity.filter(pl.col("origin").is_in(list(index)), pl.col("destination").is_in(list(index)))
    for origin, destination, km in rows.select("origin", "destination", "distance_km").iter_rows():
        table[index[origin], index[destination]] = table[index[destination], index[origin]] = km
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
        Moves of half a person or more, and findings about places whose five-year sums had to give way.
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
    rows = split.to_polars().select(*types).filter(pl.col("value") >= 0.5)
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


def projection_table(population: pl.DataFrame, seed: int) -> tuple[pl.DataFrame, list[Finding]]:
    """Net migration of every country projected, with intervals, balanced over the world.

    Parameters
    ----------
    population
        Columns ``country``, ``year``, ``population``, ``net_migration``: what is learnt from.
    seed
        Seed of the draws and trajectories.

    Returns
    -------
    tuple of polars.DataFrame and list
        The projection, and a finding instead where the chains do not converge.
    """
    panel = rate_panel(population)
    for draws in (4_000, 16_000):
        posterior = fit_net_rates(
            panel.rates, draws=draws, burn_in=500, thin=3, seed=seed, labels=panel.labels
        )
        if posterior.converged:
            break
    else:
        message = f"no projection: {posterior.summary().splitlines()[0]}"
        return _projected(pl.DataFrame()), [
            ("net_migration_projection", "not-converged", "WORLD", message, None, None)
        ]
    ahead = forecast(
        posterior,
        panel.rates,
        panel.population[:, -1],
        LAST_PROJECTED - panel.years[-1],
        last_year=panel.years[-1],
        trajectories=400,
        zero_sum=True,
        seed=seed,
    )
    return _projected(ahead.to_polars()), []


def _projected(frame: pl.DataFrame) -> pl.DataFrame:
    names = {
        "country": "country",
        "year": "year",
        "count_median": "value",
        "count_lower80": "lower",
        "count_upper80": "upper",
        "count_lower95": "lower95",
        "count_upper95": "upper95",
        "median": "rate",
    }
    if frame.is_empty():
        types = {"country": pl.String, "year": pl.Int64}
        return pl.DataFrame(schema={n: types.get(n, pl.Float64) for n in names.values()})
    return frame.select(pl.col(old).alias(new) for old, new in names.items())
