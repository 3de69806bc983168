"""Every place there is: the register, and all names that places go by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from corridors import packaged
from corridors.errors import NotFound

if TYPE_CHECKING:
    import polars as pl

KINDS = ("country", "historical", "group", "special")


@dataclass(frozen=True, slots=True)
class Place:
    """A row of the register.

    Attributes
    ----------
    code
        ISO 3166-1 alpha-3, or the code statistical tables use where ISO has none.
    name
        Display name, as the United Nations writes it.
    iso2, m49
        Other codes, where the place has them.
    region, subregion
        Of the United Nations' M49 standard.
    income_group
        Of the World Bank: ``L``, ``LM``, ``UM``, ``H``, or None where it is not classified.
    lat, lon
        A point for a label, in degrees.
    kind
        ``country``, ``historical``, ``group`` or ``special``.
    valid_from, valid_to
        First and last year of a historical place. The last is the last year in which it stood
        at mid-year, the date of the stock tables; for the former Sudan, divided eight days
        after mid-year 2011, it is the last full year, 2010.
    members
        Present-day codes of a historical place or a group.
    note
        What a reader of old tables should know.

    Examples
    --------
    >>> from corridors import places
    >>> places.find("Namibia").iso2
    'NA'
    """

    code: str
    name: str
    iso2: str | None
    m49: int | None
    region: str | None
    subregion: str | None
    income_group: str | None
    lat: float | None
    lon: float | None
    kind: str
    valid_from: int | None
    valid_to: int | None
    members: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Name:
    """A name that a place goes by.

    Attributes
    ----------
    country
        Code of the place.
    text
        The name.
    language
        Code of a language, as in ``zh-Hant``.
    preferred
        Whether the place is shown by it where that language is spoken.
    """

    country: str
    text: str
    language: str
    preferred: bool


def every(kind: str | None = "country") -> tuple[Place, ...]:
    """All places of a kind, or of every kind with None, by code.

    Examples
    --------
    >>> from corridors import places
    >>> [place.name for place in places.every("group")]
    ['Channel Islands']
    """
    if kind is not None and kind not in KINDS:
        raise NotFound(f"no kind of place is called {kind!r}", remedy=f"use {', '.join(KINDS)}")
    return tuple(place for place in register() if kind in (None, place.kind))


def codes(*kinds: str) -> frozenset[str]:
    """Codes of the places of some kinds, or of all kinds when none is given.

    Examples
    --------
    >>> from corridors import places
    >>> sorted(places.codes("group", "special"))
    ['CHI', 'OTH', 'TIB', 'UNK', 'XXA']
    """
    return frozenset(place.code for kind in kinds or KINDS for place in every(kind))


@cache
def names() -> tuple[Name, ...]:
    """All names of all places, in the order of the register of names.

    Examples
    --------
    >>> from corridors import places
    >>> [name.text for name in places.names() if name.country == "CIV" and name.preferred]
    ["Côte d'Ivoire"]
    """
    return tuple(
        Name(row["country"], row["name"], row["language"], row["preferred"] == "1")
        for row in packaged.rows("ground/place_names.csv")
    )


def table() -> pl.DataFrame:
    """Register as a table: a row for each place, members joined by spaces.

    Examples
    --------
    >>> from corridors import places
    >>> places.table().filter(country="SCG")["members"].item()
    'MNE SRB XKX'
    """
    import polars as pl

    schema = {
        "country": pl.String,
        "name": pl.String,
        "iso2": pl.String,
        "m49": pl.Int64,
        "region": pl.String,
        "subregion": pl.String,
        "income_group": pl.String,
        "lat": pl.Float64,
        "lon": pl.Float64,
        "kind": pl.String,
        "valid_from": pl.Int64,
        "valid_to": pl.Int64,
        "members": pl.String,
        "note": pl.String,
    }
    rows = [
        (
            *(
                place.code,
                place.name,
                place.iso2,
                place.m49,
                place.region,
                place.subregion,
            ),
            *(place.income_group, place.lat, place.lon, place.kind),
            *(
                place.valid_from,
                place.valid_to,
                " ".join(place.members) or None,
                place.note,
            ),
        )
        for place in register()
    ]
    return pl.DataFrame(rows, schema=schema, orient="row")


@cache
def outside() -> list[dict[str, str]]:
    """Places that are not in the figure of present-day countries and areas."""
    return packaged.rows("ground/place_historical.csv")


@cache
def register() -> tuple[Place, ...]:
    """All places of every kind, by code."""
    iso2 = {row["country"]: row["iso2"] for row in packaged.rows("ground/place_iso2.csv")}
    display = {name.country: name.text for name in names() if name.preferred}
    countries = [
        {
            **row,
            "name": display.get(row["country"], row["name"]),
            "iso2": iso2[row["country"]],
        }
        for row in packaged.rows("evidence/figures/place.csv")
    ]
    return tuple(sorted(map(place_of, [*countries, *outside()]), key=lambda place: place.code))


def place_of(row: Mapping[str, str]) -> Place:
    """Place of a row, whose empty or absent cells are unknown."""

    def whole(column: str) -> int | None:
        return int(text) if (text := row.get(column)) else None

    def real(column: str) -> float | None:
        return float(text) if (text := row.get(column)) else None

    return Place(
        code=row["country"],
        name=row["name"],
        iso2=row["iso2"] or None,
        m49=whole("m49"),
        region=row["region"] or None,
        subregion=row["subregion"] or None,
        income_group=row.get("income_group") or None,
        lat=real("lat"),
        lon=real("lon"),
        kind=row.get("kind", "country"),
        valid_from=whole("valid_from"),
        valid_to=whole("valid_to"),
        members=tuple(row.get("members", "").split()),
        note=row.get("note", ""),
    )
