"""Births and deaths of the years that a population table ends with and has none of."""

from __future__ import annotations

import polars as pl

from corridors.intake import IntoTable, TableSpec, take

_EVENTS = ("births", "deaths")
_POPULATION = TableSpec(
    "population",
    texts=["country"],
    any_places=["country"],
    whole=["year"],
    numbers=["population", *_EVENTS],
    blank=_EVENTS,
    key=["country", "year"],
    at_least={"population": 0, "births": 0, "deaths": 0},
    others=True,
)


def carry_events(population: IntoTable) -> pl.DataFrame:
    """Fill blank births and deaths after a country's last known ones by the rates of that year.

    Parameters
    ----------
    population
        Columns ``country``, ``year``, ``population``, ``births``, ``deaths``; other columns are kept.

    Returns
    -------
    polars.DataFrame
        The table, sorted; blanks before the last known figure stay blank.

    Examples
    --------
    >>> import polars as pl
    >>> from corridors.migration import carry_events
    >>> people = pl.DataFrame({"country": ["A", "A"], "year": [2023, 2024], "population": [100, 110],
    ...                        "births": [2.0, None], "deaths": [1.0, None]})
    >>> carry_events(people).row(1)
    ('A', 2024, 110.0, 2.2, 1.1)
    """
    frame = take(population, _POPULATION).sort("country", "year")

    def carried(event: str) -> pl.Expr:
        known = pl.col(event).is_not_null()
        last = pl.col("year").filter(known).max().over("country")
        rate = (pl.col(event) / pl.col("population")).forward_fill().over("country")
        return pl.when(~known & (pl.col("year") > last)).then(rate * pl.col("population")).otherwise(event)

    return frame.with_columns(carried(event).alias(event) for event in _EVENTS)
