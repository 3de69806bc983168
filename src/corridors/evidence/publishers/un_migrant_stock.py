"""UN DESA, International Migrant Stock: the workbook by sex, destination and origin."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import polars as pl

from corridors.evidence.sources.codes import by_m49
from corridors.evidence.sources.offers import Request, SourceCard
from corridors.evidence.sources.offers import no_more as more
from corridors.evidence.sources.sheets import sheet_cells
from corridors.evidence.sources.tabular import changed, counts
from corridors.wording import counted

__all__ = ["BLANKS", "more", "read", "requests"]

# Codes from 900 on are regions and groups. One of these rows is no group of countries: "Others", of other or
# unknown birthplace, without whom the totals of a destination are not the published ones. It is found by its
# name, which others who read the workbook of 2024 print with the same people as here; its number, 2003, is
# known from notes on the workbook only. Whether it was found shows in the sums: `_refuse_missing_people`.
_FIRST_GROUP = 900
_WORLD = 900
_OTHER = 2003
_OTHERS = ("other", "others", "other and unknown", "other origins")
_MOST_MISSING = 0.01
"""Share of a destination's people from the world whom the rows of origins may lack."""
_CODE = {
    "destination": re.compile(r"(location )?code.*destination|destination.*code", re.IGNORECASE),
    "origin": re.compile(r"(location )?code.*origin|origin.*code", re.IGNORECASE),
}
_NAME = re.compile(r"(?!.*\bcode\b).*area of origin", re.IGNORECASE)
# "Data type" in the edition of 2024, "Type of data of destination" in that of 2020: letters such as "B R".
_BASIS = re.compile(r"(data type|type of data)( of destination)?", re.IGNORECASE)
_LETTERS = {"foreign_born": "B", "foreign_citizens": "C", "refugees_added": "R", "imputed": "I"}
BLANKS = ("..", "-")
"""Not available or not reported; none or negligible."""

_YEAR = re.compile(r"(19|20)\d\d(\.0)?")


def requests(card: SourceCard) -> tuple[Request, ...]:
    """The one workbook."""
    return tuple(Request(file, address, card.kind) for file, address in card.addresses.items())


def read(card: SourceCard, files: Mapping[str, Path]) -> dict[str, pl.DataFrame]:
    """Women and men by birthplace, residence and year.

    The layout is found by its words, since editions differ: a header row with the years three
    times (both sexes, male, female) and the numeric codes of destination and origin.

    Returns
    -------
    dict
        ``migrant_stock``: origin, destination, year, female, male (persons); other and unknown
        birthplaces are the origin OTH. Pairs of which nothing is published and regions are not in.
        ``destination_basis``: what each destination counts, 0 or 1.

    Raises
    ------
    DataError
        The sheet is laid out otherwise; says what was looked for. Or the origins of a destination add up
        to fewer people than it has from the world.
    """
    path = next(iter(files.values()))
    cells = sheet_cells(path, "Table 1", card.name)
    header, row = _header(cells, card)
    columns, years = _columns(header, card)
    count, first = len(years), _first_year(header)
    name = [i for i, text in enumerate(header) if _NAME.fullmatch(text)]
    if len(name) != 1:
        raise changed(card, f"no single column with the name of the origin: {header[:8]}")
    body = _coded(cells.slice(row + 1), columns, name[0], cells.columns[first : first + 3 * count], card)
    long = [
        body.select(
            *columns,
            year=pl.lit(year),
            # Blocks of years: both sexes, then male, then female.
            male=pl.nth(2 + count + at),
            female=pl.nth(2 + 2 * count + at),
        )
        for at, year in enumerate(years)
    ]
    people = counts(pl.concat(long), ("male", "female"), card, blanks=BLANKS, rounded=True)
    _refuse_missing_people(people, card)
    stock = people.drop_nulls(["male", "female"]).filter(pl.col("origin") != _WORLD)
    if stock.is_empty():
        raise changed(card, "no pair of countries with figures by sex")
    return {
        "migrant_stock": by_m49(stock, ("origin", "destination"), card).select(
            "origin", "destination", "year", "female", "male"
        ),
        "destination_basis": _basis(cells.slice(row + 1), header, columns["destination"], card),
    }


def _basis(body: pl.DataFrame, header: list[str], destination: int, card: SourceCard) -> pl.DataFrame:
    """What the stock of each destination counts, from the letters of its data type."""
    at = [i for i, text in enumerate(header) if _BASIS.fullmatch(text)]
    if len(at) != 1:
        raise changed(card, f"no single column with the type of data: {header[:8]}")
    told = body.select(destination=pl.nth(destination), letters=pl.nth(at[0]).str.strip_chars())
    told = counts(told.drop_nulls().filter(pl.col("letters") != ""), ["destination"], card)
    told = (
        told.filter(pl.col("destination") < _FIRST_GROUP, ~pl.col("letters").is_in(BLANKS))
        .unique()
        .sort("destination")
    )
    known = f"[{''.join(_LETTERS.values())} ,]+"
    strange = told.filter(~pl.col("letters").str.contains(f"^{known}$"))
    if strange.height:
        raise changed(card, f"a type of data that is not known: '{strange['letters'][0]}'")
    if told["destination"].is_duplicated().any():
        raise changed(card, "a destination with two types of data")
    flags = {name: pl.col("letters").str.contains(letter).cast(pl.Int64) for name, letter in _LETTERS.items()}
    return by_m49(told.with_columns(**flags), ("destination",), card).select("destination", *_LETTERS)


def _header(cells: pl.DataFrame, card: SourceCard) -> tuple[list[str], int]:
    for row, values in enumerate(cells.head(40).iter_rows()):
        texts = [" ".join((v or "").split()) for v in values]
        if sum(bool(_YEAR.fullmatch(t)) for t in texts) >= 3:
            return texts, row
    raise changed(card, "no row with years among the first 40")


def _columns(header: list[str], card: SourceCard) -> tuple[dict[str, int], list[int]]:
    found = {side: [i for i, t in enumerate(header) if rule.search(t)] for side, rule in _CODE.items()}
    if any(len(at) != 1 for at in found.values()):
        raise changed(card, f"no single column with the code of origin and of destination: {header[:8]}")
    years = [int(float(t)) for t in header if _YEAR.fullmatch(t)]
    third, rest = divmod(len(years), 3)
    if rest or years[:third] * 3 != years or len(set(years[:third])) != third:
        raise changed(card, f"the years do not stand there three times in the same order: {years}")
    return {side: at[0] for side, at in found.items()}, years[:third]


def _coded(
    body: pl.DataFrame, columns: Mapping[str, int], name: int, figures: list[str], card: SourceCard
) -> pl.DataFrame:
    """Rows of pairs of countries, and of each with the world: the two codes, then the figures as texts."""
    sides = [pl.col(body.columns[at]).alias(side) for side, at in columns.items()]
    other = pl.nth(name).str.strip_chars(" *").str.to_lowercase().is_in(_OTHERS)
    coded = counts(body.select(*sides, *figures, other=other.fill_null(False)), columns, card)
    coded = coded.with_columns(origin=pl.when("other").then(_OTHER).otherwise("origin")).drop("other")
    anonymous = coded.filter(
        pl.any_horizontal(pl.col(*columns).is_null()), pl.any_horizontal(pl.col(figures).is_not_null())
    )
    if anonymous.height:
        raise changed(card, f"{counted(anonymous.height, 'row')} with figures but without both codes")
    origin = pl.col("origin")
    kept = (origin < _FIRST_GROUP) | origin.is_in([_WORLD, _OTHER])
    return coded.filter(pl.col("destination") < _FIRST_GROUP, kept)


def _refuse_missing_people(people: pl.DataFrame, card: SourceCard) -> None:
    """Refuse a sheet whose origins do not add up to the world: the row of others is not where it was."""
    both, world = pl.col("male") + pl.col("female"), pl.col("origin") == _WORLD
    sums = (
        people.group_by("destination", "year")
        .agg(named=both.filter(~world).sum(), everyone=both.filter(world).sum())
        .filter(pl.col("everyone") - pl.col("named") > _MOST_MISSING * pl.col("everyone"))
    )
    if sums.height:
        destination, year, named, everyone = sums.sort("everyone", "destination").row(-1)
        raise changed(
            card,
            f"origins of destination {destination} in {year} add up to {named:,} people, of {everyone:,} from"
            " the world: no row is named Others",
        )


def _first_year(header: list[str]) -> int:
    return next(i for i, t in enumerate(header) if _YEAR.fullmatch(t))
