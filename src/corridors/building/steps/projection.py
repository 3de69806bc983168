"""Who may move: net migration of every country projected."""

from __future__ import annotations

import polars as pl

from corridors.building.steps.products import Product
from corridors.building.steps.published import Finding, finding_table
from corridors.migration.projection import fit_net_rates, forecast, rate_panel

LAST_PROJECTED = 2100


def projected_tables(population: pl.DataFrame, seed: int) -> Product:
    """The projection as a step of the build.

    Parameters
    ----------
    population, seed
        As for :func:`projection_table`.

    Returns
    -------
    Product
        Rows of ``net_migration_projection``.
    """
    projected, refused = projection_table(population, seed)
    return Product(
        "projection of net migration", {"net_migration_projection": projected}, finding_table(refused)
    )


def projection_table(population: pl.DataFrame, seed: int) -> tuple[pl.DataFrame, list[Finding]]:
    """Net migration of every country projected, with intervals, balanced over the world.

    Parameters
    ----------
    population
        Columns ``country``, ``year``, ``population``, ``births``, ``net_migration``. Learnt from are the
        years with births: those without are a projection of the publisher's own.
    seed
        Seed of the draws and trajectories.

    Returns
    -------
    tuple of polars.DataFrame and list
        The projection, and a finding instead where the chains do not converge.
    """
    panel = rate_panel(population.filter(pl.col("births").is_not_null()))
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
