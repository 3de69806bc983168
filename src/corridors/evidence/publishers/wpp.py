"""UN DESA, World Population Prospects: demographic indicators of countries and areas."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from corridors.evidence.sources.codes import by_code
from corridors.evidence.sources.offers import Request, SourceCard
from corridors.evidence.sources.offers import no_more as more
from corridors.evidence.sources.tabular import changed, collect, numbers, scan, years

__all__ = ["BLANKS", "more", "read", "requests"]

_FIRST_YEAR = 1985
# The last year that a revision estimates: what follows is projected, no figure.
_LAST_ESTIMATE = {"World Population Prospects 2024": 2023}
_IN_THOUSANDS = {
    "population": "TPopulation1July",
    "births": "Births",
    "deaths": "Deaths",
    "net_migration": "NetMigrations",
}
BLANKS = ("..", "...")
"""The CSV file leaves cells empty; two and three dots are the sign in the publisher's other files."""

_COLUMNS = ("ISO3_code", "LocTypeName", "Time", *_IN_THOUSANDS.values())
_MOST_OF_WORLD = 1.02


def requests(card: SourceCard) -> tuple[Request, ...]:
    """The one file."""
    return tuple(Request(file, address, card.kind) for file, address in card.addresses.items())


def read(card: SourceCard, files: Mapping[str, Path]) -> dict[str, pl.DataFrame]:
    """Population, births, deaths and net migration, estimates only.

    Returns
    -------
    dict
        ``population``: country, year, population, births, deaths, net_migration (persons; the
        file has thousands with three decimals). Rows without any figure are left out.

    Raises
    ------
    DataError
        Columns are missing or hold something else, the countries together are more than the
        world, or the last estimated year of the revision is not known.

    Notes
    -----
    United Nations, Population Division (2024). World Population Prospects 2024.
    """
    if card.revision not in _LAST_ESTIMATE:
        raise changed(card, f"the last estimated year of {card.revision!r} is not known")
    lazy = scan(next(iter(files.values())), card, _COLUMNS)
    kind = pl.col("LocTypeName").str.strip_chars()
    texts = lazy.filter(kind.is_in(["Country/Area", "World"])).select(_COLUMNS)
    table = years(collect(texts, card), "Time", card)
    table = table.filter(pl.col("Time").is_between(_FIRST_YEAR, _LAST_ESTIMATE[card.revision]))
    table = numbers(table, _IN_THOUSANDS.values(), card, blanks=BLANKS).with_columns(kind)
    countries = table.filter(LocTypeName="Country/Area").select(
        country="ISO3_code",
        year="Time",
        **{name: (1000 * pl.col(column)).round().cast(pl.Int64, strict=False)
           for name, column in _IN_THOUSANDS.items()},
    ).filter(~pl.all_horizontal(pl.col(*_IN_THOUSANDS).is_null()))  # fmt: skip
    if countries.is_empty():
        raise changed(card, "no country or area (LocTypeName 'Country/Area') with figures")
    _refuse_double(countries, table.filter(LocTypeName="World"), card)
    coded = by_code(countries, ["country"], card)
    return {"population": coded.select("country", "year", *_IN_THOUSANDS)}


def _refuse_double(countries: pl.DataFrame, world: pl.DataFrame, card: SourceCard) -> None:
    """Countries that are together more than the world have groups of countries among them."""
    totals = countries.group_by("year").agg(pl.col("population").sum())
    both = totals.join(
        world.select(year="Time", world=1000 * pl.col("TPopulation1July")), on="year", how="inner"
    ).sort("year")
    over = both.filter(pl.col("population") > _MOST_OF_WORLD * pl.col("world"))
    if over.height:
        year, people, all_people = over.row(0)
        raise changed(card, f"{year}: countries together {people:,.0f} persons, the world {all_people:,.0f}")
