"""From a table of population and net migration to series of rates."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import polars as pl

from corridors.intake import IntoTable, TableSpec, take
from corridors.migration.projection.model import net_rate
from corridors.numerics.typing import Array
from corridors.results import Result

_POPULATION = TableSpec(
    "population",
    texts=["country"],
    any_places=["country"],
    whole=["year"],
    numbers=["population", "net_migration"],
    key=["country", "year"],
    above={"population": 0},
)


@dataclass(frozen=True, slots=True)
class RatePanel(Result, keys=("country", "year")):
    """Net-migration rates of all countries and years.

    Attributes
    ----------
    labels
        Names of the ``C`` countries, sorted.
    years
        The ``T`` years.
    rates
        Net migration per person, shape ``(C, T)``; NaN where a country has no row.
    population
        The same shape, persons.
    """

    labels: tuple[str, ...]
    years: tuple[int, ...]
    rates: Array = field(repr=False)
    population: Array = field(repr=False)

    def to_polars(self) -> pl.DataFrame:
        """One row a country and year that has a rate."""
        i, t = np.nonzero(np.isfinite(self.rates))
        return pl.DataFrame(
            {
                "country": pl.Series(self.labels, dtype=pl.String).gather(i),
                "year": np.asarray(self.years, dtype=np.int32)[t],
                "rate": self.rates[i, t],
                "population": self.population[i, t],
            }
        )

    def summary(self) -> str:
        """How many countries and years have a rate."""
        known = int(np.isfinite(self.rates).sum())
        return (
            f"Net-migration rates of {len(self.labels)} countries, {self.years[0]}–{self.years[-1]}: "
            f"{known:,} of {self.rates.size:,} known"
        )


def rate_panel(population: IntoTable) -> RatePanel:
    """Series of net-migration rates, one row a country.

    Parameters
    ----------
    population
        Columns ``country``, ``year``, ``population``, ``net_migration``, persons. Years between the
        first and the last must all be there for some country.

    Raises
    ------
    DataError
        A column is missing, a row stands twice, a value is missing or no number, or a population
        is not above zero and its net migration.

    Examples
    --------
    >>> import polars as pl
    >>> from corridors.migration.projection import rate_panel
    >>> table = pl.DataFrame({"country": ["B", "B", "A"], "year": [2000, 2001, 2001],
    ...                       "population": [110, 100, 95], "net_migration": [10, 0, -5]})
    >>> rate_panel(table).rates.round(3).tolist()
    [[nan, -0.05], [0.1, 0.0]]
    """
    frame = take(population, _POPULATION)
    places = frame["country"].unique().sort()
    first = frame["year"].min()
    years = np.arange(int(str(first)), int(str(frame["year"].max())) + 1)
    row = places.search_sorted(frame["country"]).to_numpy()
    column = frame["year"].to_numpy() - years[0]
    rates, people = (np.full((len(places), len(years)), np.nan) for _ in range(2))
    people[row, column] = frame["population"].to_numpy()
    rates[row, column] = net_rate(frame["net_migration"].to_numpy(), frame["population"].to_numpy())
    return RatePanel(tuple(places), tuple(int(y) for y in years), rates, people)
