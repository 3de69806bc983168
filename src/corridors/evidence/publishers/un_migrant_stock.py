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

# Codes from 900 on are regions and groups; one of them is no group of countries: "Other", of other or
# unknown birthplace, without whom the totals of a destination are not the published ones.
_FIRST_GROUP = 900
_OTHER = 2003
_CODE = {
    "destination": re.compile(r"(location )?code.*destination|destination.*code", re.IGNORECASE),
    "origin": re.compile(r"(location )?code.*origin|origin.*code", re.IGNORECASE),
}
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
        The sheet is laid out otherwise; says what was looked for.
    """
    path = next(iter(files.values()))
    cells = sheet_cells(path, "Table 1", card.name)
    header, row = _header(cells, card)
    columns, years = _columns(header, card)
    count, first = len(years), _first_year(header)
    body = _coded(cells.slice(row + 1), columns, cells.columns[first : first + 3 * count], card)
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
    stock = people.drop_nulls(["male", "female"])
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
    body: pl.DataFrame, columns: Mapping[str, int], figures: list[str], card: SourceCard
) -> pl.DataFrame:
    """Rows of pairs of countries: the two codes, then the figures as texts."""
    sides = [pl.col(body.columns[at]).alias(side) for side, at in columns.items()]
    coded = counts(body.select(*sides, *figures), columns, card)
    anonymous = coded.filter(
        pl.any_horizontal(pl.col(*columns).is_null()), pl.any_horizontal(pl.col(figures).is_not_null())
    )
    if anonymous.height:
        raise changed(card, f"{counted(anonymous.height, 'row')} with figures but without both codes")
    origin = pl.col("origin")
    return coded.filter(pl.col("destination") < _FIRST_GROUP, (origin < _FIRST_GROUP) | (origin == _OTHER))


def _first_year(header: list[str]) -> int:
    return next(i for i, t in enumerate(header) if _YEAR.fullmatch(t))
