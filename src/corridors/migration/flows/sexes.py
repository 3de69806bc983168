"""Population, births and deaths of one sex."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl

from corridors.errors import DataError
from corridors.intake import IntoTable, TableSpec, refuse, take
from corridors.numerics.typing import Array

SEXES = ("total", "female", "male")
_EVENTS = ("births", "deaths")
_COUNTS = ("population", *_EVENTS)
_PEOPLE = TableSpec(
    "population",
    texts=["country"],
    any_places=["country"],
    whole=["year"],
    numbers=_COUNTS,
    blank=_COUNTS,
    key=["country", "year"],
    at_least=dict.fromkeys(_COUNTS, 0),
)
_AGES = TableSpec(
    "ages",
    texts=["country", "age"],
    any_places=["country"],
    whole=["year"],
    numbers=["female", "male"],
    key=["country", "year", "age"],
    at_least={"female": 0, "male": 0},
)
_SHARES = TableSpec(
    "events",
    texts=["country"],
    any_places=["country"],
    whole=["year"],
    numbers=[f"female_{name}_pct" for name in _EVENTS],
    key=["country", "year"],
    at_least={f"female_{name}_pct": 0 for name in _EVENTS},
)


def of_sex(
    population: IntoTable,
    ages: IntoTable,
    events: IntoTable,
    sex: str,
) -> pl.DataFrame:
    """Split population, births and deaths by sex.

    Parameters
    ----------
    population
        Columns ``country``, ``year``, ``population``, ``births``, ``deaths``, both sexes, persons.
    ages
        Columns ``country``, ``year``, ``age``, ``female``, ``male``, persons: all ages of a year together
        give the female share of the population.
    events
        Columns ``country``, ``year``, ``female_births_pct``, ``female_deaths_pct``.
    sex
        ``female``, ``male`` or ``total`` (figures unchanged).

    Returns
    -------
    polars.DataFrame
        The columns of ``population`` named above, of one sex.

    Notes
    -----
    Shares of years between are interpolated, years outside take the nearest. A country that is absent
    from ``ages`` or ``events`` takes the mean of those present there, weighted by population.

    Examples
    --------
    >>> import polars as pl
    >>> from corridors.migration import of_sex
    >>> people = pl.DataFrame({"country": ["A"], "year": [2000], "population": [100.0],
    ...                        "births": [4.0], "deaths": [2.0]})
    >>> ages = pl.DataFrame({"country": "A", "year": 2000, "age": ["0-14", "15+"],
    ...                      "female": [12, 40], "male": [13, 35]})
    >>> events = pl.DataFrame({"country": ["A"], "year": [2000], "female_births_pct": [49.0],
    ...                        "female_deaths_pct": [45.0]})
    >>> of_sex(people, ages, events, "female").row(0)
    ('A', 2000, 52.0, 1.96, 0.9)
    """
    if sex not in SEXES:
        raise DataError(f"sex must be one of {', '.join(SEXES)}, not {sex!r}")
    people = take(population, _PEOPLE)
    if sex == "total":
        return people
    living = _yearly(_living(ages), people, ["population"])
    shares = living.join(_yearly(_happening(events), people, _EVENTS), on=["country", "year"])
    return (
        people.join(shares, on=["country", "year"], how="left", maintain_order="left", suffix="_share")
        .with_columns(
            pl.col(name) * (pl.col(f"{name}_share") if sex == "female" else 1 - pl.col(f"{name}_share"))
            for name in _COUNTS
        )
        .select(_PEOPLE.columns)
    )


def _living(ages: IntoTable) -> pl.DataFrame:
    """Female share of the population, by country and year."""
    sums = (
        take(ages, _AGES)
        .group_by("country", "year", maintain_order=True)
        .agg(pl.col("female", "male").sum())
        .with_columns(both=pl.col("female") + pl.col("male"))
    )
    nobody = "table 'ages': nobody of any age"
    refuse(sums, pl.col("both") == 0, nobody, "leave out years without figures", ["country", "year"])
    return sums.select("country", "year", population=pl.col("female") / pl.col("both"))


def _happening(events: IntoTable) -> pl.DataFrame:
    """Female shares of births and deaths, by country and year."""
    shares = take(events, _SHARES)
    for name in _SHARES.numbers:
        title = f"table 'events': column '{name}' is above 100"
        refuse(shares, pl.col(name) > 100, title, "give percent", ["country", "year", name])
    return shares.select("country", "year", *((pl.col(f"female_{n}_pct") / 100).alias(n) for n in _EVENTS))


def _yearly(shares: pl.DataFrame, people: pl.DataFrame, names: Sequence[str]) -> pl.DataFrame:
    """Shares for every country and year of the population table."""
    years = np.array(sorted(set(people["year"])))
    lines: dict[str, Mapping[str, Array]] = {}
    for (country,), rows in shares.sort("year").group_by(["country"], maintain_order=True):
        x = rows["year"].to_numpy()
        lines[str(country)] = {n: np.interp(years, x, rows[n].to_numpy()) for n in names}
    size = dict(people.group_by("country").agg(pl.col("population").mean()).iter_rows())
    weights = np.array([size.get(c) or 0.0 for c in lines])
    weights = weights if weights.sum() > 0 else np.ones(len(lines))
    mean = {n: np.average([line[n] for line in lines.values()], axis=0, weights=weights) for n in names}
    codes = sorted(set(people["country"]))
    whole = {n: np.concatenate([lines.get(c, mean)[n] for c in codes]) for n in names}
    pairs = {"country": np.repeat(codes, years.size), "year": np.tile(years, len(codes))}
    return pl.DataFrame(pairs | whole)
