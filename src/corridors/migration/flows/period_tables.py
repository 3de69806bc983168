"""From labelled tables of stocks and population to the arrays of one period."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from corridors.errors import DataError
from corridors.intake import IntoTable, TableSpec, take
from corridors.numerics.typing import Array

Units = Mapping[str, str]

# Where fewer natives are left than this many times the births of the period before, the
# stock and the population figures contradict: newborn natives have older compatriots.
_ROOM_FOR_NEWBORN = 1.25

_STOCK = TableSpec(
    "stock",
    texts=["origin", "destination"],
    any_places=["origin", "destination"],
    whole=["year"],
    numbers=["value"],
    added=["value"],
    key=["origin", "destination", "year"],
    at_least={"value": 0},
)
_POPULATION = TableSpec(
    "population",
    texts=["country"],
    any_places=["country"],
    whole=["year"],
    numbers=["population", "births", "deaths"],
    added=["population", "births", "deaths"],
    blank=["births", "deaths"],
    key=["country", "year"],
    at_least={"population": 0, "births": 0, "deaths": 0},
)


@dataclass(frozen=True, slots=True)
class PeriodTables:
    """All that the flow methods need to know about one period and one sex.

    Attributes
    ----------
    places
        Codes of the ``n`` places, sorted.
    period
        First and last year (mid-years).
    foreign_start, foreign_end
        Foreign-born by birthplace and residence, shape ``(n, n)``, persons, zero diagonal.
    population_start, population_end
        Shape ``(n,)``, persons at mid-year.
    births, deaths
        Events from mid-year to mid-year, shape ``(n,)``, persons.
    least_native_start, least_native_end
        Native-born to keep where stock and population contradict, shape ``(n,)``; zero
        where they do not.
    borrowed
        Places whose stock is not published at an end but in another year; that end has
        the birthplace shares of the nearest year.
    left_out
        Places without any stock, as residence or as birthplace.
    """

    places: tuple[str, ...]
    period: tuple[int, int]
    foreign_start: Array
    foreign_end: Array
    population_start: Array
    population_end: Array
    births: Array
    deaths: Array
    least_native_start: Array
    least_native_end: Array
    borrowed: tuple[str, ...]
    left_out: tuple[str, ...]


def period_tables(
    stock: IntoTable,
    population: IntoTable,
    period: tuple[int, int],
    *,
    units: Units | None = None,
) -> PeriodTables:
    """Assemble the arrays of one period from labelled tables.

    Parameters
    ----------
    stock
        Columns ``origin`` (birthplace), ``destination`` (residence), ``year``, ``value``
        (persons). A pair that is absent while its destination has rows
        in that year is a stock of zero; a destination without any row in a year has no
        published stock then, which is not zero: its birthplace shares of the nearest year
        stand in, and it is named in ``borrowed``.
    population
        Columns ``country``, ``year``, ``population``, ``births``, ``deaths`` (persons;
        population at mid-year, events of the calendar year), every year of the period;
        :func:`carry_events` fills events that a last year has not yet.
    period
        First and last year.
    units
        Code of the territory that the figures of a code belong to in this period, for
        example ``{"SRB": "SCG", "MNE": "SCG"}``; other codes stand for themselves.

    Returns
    -------
    PeriodTables

    Raises
    ------
    DataError
        Missing years, missing or negative figures, duplicate pairs; names the rows.

    Notes
    -----
    Births and deaths between mid-years are half of those of the first and last calendar
    year and all of those between. Where the foreign-born leave no room for recent births
    in the population, ``least_native`` asks for the lowest native-born share of the years
    that do not contradict: the least change in line with the rest of the series.

    Examples
    --------
    >>> import polars as pl
    >>> from corridors.migration import period_tables
    >>> stock = pl.DataFrame({"origin": ["A", "B"] * 2, "destination": ["B", "A"] * 2,
    ...                       "year": [2010, 2010, 2015, 2015], "value": [10.0, 5, 16, 4]})
    >>> years = list(range(2010, 2016))
    >>> people = pl.DataFrame({"country": ["A"] * 6 + ["B"] * 6, "year": years * 2,
    ...                        "population": [100.0] * 12, "births": [1.0] * 12, "deaths": [1.0] * 12})
    >>> tables = period_tables(stock, people, (2010, 2015))
    >>> tables.places, tables.births.tolist()
    (('A', 'B'), [5.0, 5.0])
    """
    start, end = period
    people = _people(population, units or {})
    pairs = _pairs(stock, units or {})
    ends = pairs.filter(pl.col("year").is_in([start, end]))
    named = set(ends["origin"]) | set(ends["destination"])
    if not named:
        raise DataError(f"no migrant stock in {start} or {end}", remedy="give the stock of both years")
    known = set(people.filter(pl.col("year") == start)["country"])
    places = tuple(sorted(named & known))
    if strangers := sorted(named - known):
        raise DataError(
            f"{len(strangers)} place(s) have a migrant stock but no population in {start}",
            ", ".join(strangers[:10]),
            "add them to the population table, or map them to a unit that has population",
        )
    series = _Series(people, places)
    population_start, population_end = series.at("population", start), series.at("population", end)
    foreign = {year: _matrix(pairs, places, year) for year in sorted(set(pairs["year"]) | {start, end})}
    borrowed = _borrow(foreign, (start, end), series)
    least_start, least_end = _least_native(series, foreign, (start, end))
    return PeriodTables(
        places=places,
        period=(start, end),
        foreign_start=foreign[start],
        foreign_end=foreign[end],
        population_start=population_start,
        population_end=population_end,
        births=series.between("births", start, end),
        deaths=series.between("deaths", start, end),
        least_native_start=least_start,
        least_native_end=least_end,
        borrowed=tuple(places[j] for j in np.flatnonzero(borrowed)),
        left_out=tuple(sorted(known - named)),
    )


class _Series:
    """Population figures as arrays over places."""

    def __init__(self, people: pl.DataFrame, places: Sequence[str]) -> None:
        self._places = places
        frame = people.filter(pl.col("country").is_in(places)).sort("country", "year")
        self.years = sorted(set(frame["year"]))
        self._cube = {
            name: frame.pivot("year", index="country", values=name, sort_columns=False).sort("country")
            for name in ("population", "births", "deaths")
        }

    def at(self, name: str, year: int) -> Array:
        table = self._cube[name]
        values = (
            table[str(year)].to_numpy().astype(np.float64)
            if str(year) in table.columns
            else np.full(len(self._places), np.nan)
        )
        if not np.all(np.isfinite(values)):
            absent = [p for p, v in zip(self._places, values, strict=True) if not np.isfinite(v)]
            raise DataError(
                f"{name} of {year} is missing for {len(absent)} place(s)",
                ", ".join(absent[:10]),
                f"give the {name} of every year of the period"
                + ("" if name == "population" else ", or carry rates forward with carry_events"),
            )
        return values

    def covers(self, name: str, year: int) -> bool:
        table = self._cube[name]
        return str(year) in table.columns and table[str(year)].null_count() == 0

    def between(self, name: str, start: int, end: int) -> Array:
        inner = sum((self.at(name, y) for y in range(start + 1, end)), np.zeros(len(self._places)))
        return inner + (self.at(name, start) + self.at(name, end)) / 2


def _borrow(foreign: dict[int, Array], ends: tuple[int, int], series: _Series) -> NDArray[np.bool_]:
    """Fill columns without any published stock from the nearest year that has one."""
    published = {year: table.any(0) for year, table in foreign.items()}
    borrowed = np.zeros_like(published[ends[0]])
    for year in ends:
        for other in sorted(foreign, key=lambda y: (abs(y - year), -y)):
            gap = ~foreign[year].any(0) & published[other]
            if gap.any():
                ratio = series.at("population", year) / series.at("population", other)
                foreign[year][:, gap] = (foreign[other] * ratio)[:, gap]
                borrowed |= gap
    return borrowed


def _least_native(
    series: _Series, foreign: Mapping[int, Array], ends: tuple[int, int]
) -> tuple[Array, Array]:
    """Native-born to keep at the ends where stock and population contradict, else zero."""
    span = ends[1] - ends[0]
    share, newborn = {}, {}
    for year in (y for y in foreign if y in series.years):
        population = series.at("population", year)
        known = all(series.covers("births", y) for y in range(year - span, year + 1))
        births = series.between("births", year - span, year) if known else 0.0
        newborn[year] = _ROOM_FOR_NEWBORN * births / population
        share[year] = 1 - foreign[year].sum(0) / population
    sound = {y: share[y] > newborn[y] for y in share}
    lowest = np.min([np.where(sound[y], share[y], np.inf) for y in share], axis=0)
    kept = []
    for year in ends:
        keep = np.where(np.isfinite(lowest), np.maximum(lowest, newborn[year]), newborn[year])
        kept.append(np.where(sound[year], 0.0, np.minimum(keep, 1.0) * series.at("population", year)))
    return kept[0], kept[1]


def _matrix(pairs: pl.DataFrame, places: Sequence[str], year: int) -> Array:
    row = pl.DataFrame({"code": places, "index": np.arange(len(places))})
    cells = (
        pairs.filter(pl.col("year") == year)
        .join(row.rename({"code": "origin", "index": "i"}), on="origin")
        .join(row.rename({"code": "destination", "index": "j"}), on="destination")
    )
    table = np.zeros((len(places), len(places)))
    table[cells["i"].to_numpy(), cells["j"].to_numpy()] = cells["value"].to_numpy()
    return table


def _pairs(stock: IntoTable, units: Units) -> pl.DataFrame:
    return (
        _in_units(take(stock, _STOCK), units, "origin", "destination")
        .filter(pl.col("origin") != pl.col("destination"))
        .group_by("origin", "destination", "year")
        .agg(pl.col("value").sum())
    )


def _people(population: IntoTable, units: Units) -> pl.DataFrame:
    frame = take(population, _POPULATION)
    sums = [pl.when(pl.col(c).null_count() == 0).then(pl.col(c).sum()).alias(c) for c in _POPULATION.numbers]
    return _in_units(frame, units, "country").group_by("country", "year").agg(sums)


def _in_units(frame: pl.DataFrame, units: Units, *columns: str) -> pl.DataFrame:
    return frame.with_columns(pl.col(c).replace(dict(units)) for c in columns)
