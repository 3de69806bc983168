"""Population, births and deaths of one sex."""

from __future__ import annotations

import numpy as np
import polars as pl

from corridors.errors import DataError
from corridors.intake import IntoTable, TableSpec, refuse, take

SEXES = ("total", "female", "male")
_EVENTS = ("population", "births", "deaths")
_PEOPLE = TableSpec(
    "population",
    texts=["country"],
    whole=["year"],
    numbers=_EVENTS,
    blank=_EVENTS,
    key=["country", "year"],
    at_least=dict.fromkeys(_EVENTS, 0),
)
_SHARES = TableSpec(
    "sex structure",
    texts=["country"],
    whole=["year"],
    numbers=[f"female_{name}_pct" for name in _EVENTS],
    key=["country", "year"],
    at_least={f"female_{name}_pct": 0 for name in _EVENTS},
)


def of_sex(
    population: IntoTable,
    structure: IntoTable,
    sex: str,
) -> pl.DataFrame:
    """Split population, births and deaths by sex.

    Parameters
    ----------
    population
        Columns ``country``, ``year``, ``population``, ``births``, ``deaths``, both sexes, persons.
    structure
        Columns ``country``, ``year``, ``female_population_pct``, ``female_births_pct``,
        ``female_deaths_pct``; years between are interpolated, years outside take the nearest. A
        country that is absent takes the mean of those present, weighted by population.
    sex
        ``female``, ``male`` or ``total`` (figures unchanged).

    Returns
    -------
    polars.DataFrame
        The columns of ``population`` named above, of one sex.

    Examples
    --------
    >>> import polars as pl
    >>> from corridors.migration import of_sex
    >>> people = pl.DataFrame({"country": ["A"], "year": [2000], "population": [100.0],
    ...                        "births": [4.0], "deaths": [2.0]})
    >>> shares = pl.DataFrame({"country": ["A"], "year": [2000],
    ...                        "female_population_pct": [52.0], "female_births_pct": [49.0],
    ...                        "female_deaths_pct": [45.0]})
    >>> of_sex(people, shares, "female").row(0)
    ('A', 2000, 52.0, 1.96, 0.9)
    """
    if sex not in SEXES:
        raise DataError(f"sex must be one of {', '.join(SEXES)}, not {sex!r}")
    people = take(population, _PEOPLE)
    if sex == "total":
        return people
    shares = _yearly(_checked(structure), people)
    parts = {name: pl.col(f"female_{name}_pct") / 100 for name in _EVENTS}
    return (
        people.join(shares, on=["country", "year"], how="left", maintain_order="left")
        .with_columns(
            (pl.col(name) * (part if sex == "female" else 1 - part)).alias(name)
            for name, part in parts.items()
        )
        .select(_PEOPLE.columns)
    )


def _checked(structure: IntoTable) -> pl.DataFrame:
    shares = take(structure, _SHARES)
    for name in _SHARES.numbers:
        title = f"table 'sex structure': column '{name}' is above 100"
        refuse(shares, pl.col(name) > 100, title, "give percent", ["country", "year", name])
    return shares


def _yearly(structure: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    """Shares for every country and year of the population table."""
    years = np.array(sorted(set(people["year"])))
    lines: dict[str, dict[str, np.ndarray]] = {}
    for (country,), rows in structure.sort("year").group_by(["country"], maintain_order=True):
        x = rows["year"].to_numpy()
        lines[str(country)] = {n: np.interp(years, x, rows[n].to_numpy()) for n in _SHARES.numbers}
    size = dict(people.group_by("country").agg(pl.col("population").mean()).iter_rows())
    weights = np.array([size.get(c, 0.0) for c in lines])
    weights = weights if weights.sum() > 0 else np.ones(len(lines))
    mean = {
        n: np.average([line[n] for line in lines.values()], axis=0, weights=weights) for n in _SHARES.numbers
    }
    return pl.concat(
        pl.DataFrame({"country": [c] * years.size, "year": years, **lines.get(c, mean)})
        for c in sorted(set(people["country"]))
    )
