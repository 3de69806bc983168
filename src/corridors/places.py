"""Countries and areas: one register, found by any name or code they go by.

The register holds the countries and areas of the United Nations' population tables, the units
that older tables know and maps no longer show, the Channel Islands, and the origins without a
territory (unknown, stateless, …). Elsewhere in the package places are ISO 3166-1 alpha-3 codes;
this module is where names turn into codes.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from corridors import packaged
from corridors.errors import NotFound
from corridors.wording import close_names, did_you_mean

if TYPE_CHECKING:
    import polars as pl

__all__ = [
    "Name",
    "Place",
    "code",
    "codes",
    "every",
    "find",
    "members",
    "names",
    "says_missing",
    "says_total",
    "table",
]

KINDS = ("country", "historical", "group", "special")
INCOME_GROUPS: Mapping[str, tuple[str, ...]] = {
    "Low income": ("L",),
    "Lower middle income": ("LM",),
    "Upper middle income": ("UM",),
    "High income": ("H",),
    "Low and middle income": ("L", "LM", "UM"),
}


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


def find(query: str | int, *, year: int | None = None) -> Place:
    """Find a place by code or name.

    Parameters
    ----------
    query
        ISO alpha-3 or alpha-2 code, M49 number (``4``, ``"004"``), or a name in one of many
        spellings and languages. Case, accents, punctuation, "the" and "and" do not matter;
        "St" is "Saint". A code or an abbreviation of up to three letters must stand as it is
        written: ``NA`` is Namibia, ``n/a`` is no place.
    year
        The year the query speaks of. A present-day name or code then means the historical place
        that held its ground: Serbia in 2000 is Serbia and Montenegro. Without it, and for
        tables that project today's borders on the past, the meaning is that of today.

    Returns
    -------
    Place

    Raises
    ------
    NotFound
        The register has no such place, or not in that year, or the query is a word for a missing
        value.

    Examples
    --------
    >>> from corridors import places
    >>> places.find("cote divoire").name
    "Côte d'Ivoire"
    >>> places.find("SDN", year=2005).members
    ('SDN', 'SSD')
    """
    place = _meant(query)
    if place is None:
        _refuse_known(query)
        labels = {key: f"{place.name} ({place.code})" for key, place in _index().items()}
        raise NotFound(
            f"no place is called {query!r}",
            _suggestion(query, labels),
            "'corridors table place' lists the register",
        )
    if year is None:
        return place
    for unit in _holders().get(place.code, ()):
        if _stood(unit, year):
            return unit
    if not _stood(place, year):
        span = f"{place.valid_from} to {place.valid_to}"
        raise NotFound(
            f"{place.name} ({place.code}) is a place of the years {span}, not of {year}",
            f"Today its territory is {', '.join(place.members)}. {place.note}",
            "use those codes, or look it up without a year; 'corridors table place' lists all",
        )
    return place


def _refuse_known(query: str | int) -> None:
    """Refuse what is known to be no place of the register, and say what it is."""
    title = f"no place is called {query!r}"
    if says_missing(query):
        raise NotFound(title, "it says that the place is missing", "give the place or leave out the row")
    if says_total(query):
        raise NotFound(title, "it stands for several places together", "leave it out, or give its places")
    if why := _elsewhere().get(_key(query)):
        raise NotFound(title, why, "leave it out, or add it to the place that it is counted with")


def code(query: str | int, *, year: int | None = None) -> str:
    """Code of the place that `find` finds.

    Examples
    --------
    >>> from corridors import places
    >>> places.code("South Korea"), places.code("Україна"), places.code(36)
    ('KOR', 'UKR', 'AUS')
    """
    return find(query, year=year).code


def says_missing(text: str | int) -> bool:
    """Whether a text is a word for a missing value, such as ``n/a``; the bare code ``NA`` is not.

    Examples
    --------
    >>> from corridors import places
    >>> places.says_missing("n/a"), places.says_missing("#N/A"), places.says_missing("NA")
    (True, True, False)
    """
    bare = " ".join(str(text).casefold().split())
    return bare in _words("missing") or (bare != "" and not any(map(str.isalnum, bare)))


def says_total(text: str | int, *, regions: bool = True) -> bool:
    """Whether a text stands for several places together, such as ``World`` or ``Total``.

    Parameters
    ----------
    text
        What stands where a place should.
    regions
        Whether regions and groups of income count.

    Examples
    --------
    >>> from corridors import places
    >>> places.says_total("Total"), places.says_total("Africa"), places.says_total("Mali")
    (True, True, False)
    """
    bare = " ".join(str(text).casefold().split())
    if bare in _words("total") or bare == "world":
        return True
    return regions and len(bare) > 2 and _meant(text) is None and _key(text) in _groups()


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
    return tuple(place for place in _register() if kind in (None, place.kind))


def members(group: str) -> tuple[str, ...]:
    """Codes of the present-day places in a group, in order.

    Parameters
    ----------
    group
        "World", a region or subregion, an income group by letter or name, or a place that has
        members. Where a subregion and a country share a name (Micronesia), it is the subregion.

    Raises
    ------
    NotFound
        There is no such group.

    Examples
    --------
    >>> from corridors import places
    >>> places.members("Northern America")
    ('BMU', 'CAN', 'GRL', 'SPM', 'USA')
    >>> places.members("Netherlands Antilles")
    ('BES', 'CUW', 'SXM')
    """
    key = _key(group)
    if key in _groups():
        return _groups()[key][1]
    place = _meant(group)
    if place is None or not place.members:
        labels = {key: name for key, (name, _) in _groups().items()}
        raise NotFound(
            f"no group of places is called {group!r}",
            _suggestion(group, labels),
            "'corridors table place' lists regions, subregions and income groups",
        )
    return place.members


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
        for place in _register()
    ]
    return pl.DataFrame(rows, schema=schema, orient="row")


# Reading the register


@cache
def _outside() -> list[dict[str, str]]:
    """Places that are not in the figure of present-day countries and areas."""
    return packaged.rows("ground/place_historical.csv")


@cache
def _register() -> tuple[Place, ...]:
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
    return tuple(sorted(map(_place, [*countries, *_outside()]), key=lambda place: place.code))


def _place(row: Mapping[str, str]) -> Place:
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


# Looking up

_SHORT = 3
_WORDS = {
    "and": "",
    "the": "",
    "st": "saint",
    "ste": "sainte",
    "rep": "republic",
    "dem": "democratic",
}
_LETTERS = str.maketrans(
    {
        "ł": "l",
        "ø": "o",
        "đ": "d",
        "ð": "d",
        "ı": "i",
        "æ": "ae",
        "œ": "oe",
        "þ": "th",
        "ə": "e",
    }
)


def _key(query: str | int) -> str:
    """What is left of a name or code when everything that does not matter is gone."""
    text = str(query).strip()
    if text.isdecimal():
        return text.lstrip("0")
    flat = unicodedata.normalize("NFKD", text).casefold().translate(_LETTERS)
    bare = (character for character in flat if not unicodedata.combining(character))
    words = "".join(c if unicodedata.category(c)[0] in "LMN" else " " for c in bare).split()
    if len(words) > 1:  # a word alone may be a code: AND is Andorra, ST São Tomé and Príncipe
        words = [_WORDS.get(word, word) for word in words]
    key = "".join(words)
    return "" if key.isdecimal() else key  # "4.0" and "-4" are not M49 numbers


def _entries() -> Iterator[tuple[str, str]]:
    """Every key with the code of its place."""
    for place in _register():
        for known in (place.code, place.iso2, place.m49, place.name):
            if known is not None:
                yield _key(known), place.code
    for name in names():
        yield _key(name.text), name.country


@cache
def _written() -> dict[str, set[str]]:
    """How the short keys are written: a code of two or three letters is one only as it stands."""
    written: dict[str, set[str]] = {}
    for place in _register():
        for known in (place.code, place.iso2):
            if known:
                written.setdefault(_key(known), set()).add(_bare(known))
    for name in names():
        written.setdefault(_key(name.text), set()).add(_bare(name.text))
    return {key: texts for key, texts in written.items() if len(key) <= _SHORT}


def _bare(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().strip().removeprefix("the ")


def _meant(query: str | int) -> Place | None:
    key = _key(query)
    if 0 < len(key) <= _SHORT and not key.isdecimal() and _bare(str(query)) not in _written().get(key, ()):
        return None
    return _index().get(key)


@cache
def _words(kind: str) -> frozenset[str]:
    return frozenset(row["word"] for row in packaged.rows(f"ground/{kind}_words.csv"))


@cache
def _elsewhere() -> dict[str, str]:
    """Places of ISO 3166 that the register does not hold, and why, by key."""
    told: dict[str, str] = {}
    for row in packaged.rows("ground/place_elsewhere.csv"):
        words = f"{row['name']} ({row['code']}) is not in the register: {row['why']}"
        told |= {_key(row[name]): words for name in ("code", "iso2", "name")}
    return told


@cache
def _index() -> dict[str, Place]:
    by_code = {place.code: place for place in _register()}
    return {key: by_code[code] for key, code in _entries()}


@cache
def _holders() -> dict[str, list[Place]]:
    """Historical places that a code means in their years."""
    holders: dict[str, list[Place]] = {}
    for row in _outside():
        for replaced in row["replaces"].split():
            holders.setdefault(replaced, []).append(_place(row))
    return holders


def _stood(place: Place, year: int) -> bool:
    first, last = place.valid_from, place.valid_to
    return (first is None or first <= year) and (last is None or year <= last)


@cache
def _groups() -> dict[str, tuple[str, tuple[str, ...]]]:
    """Name and members of each group that is not itself a place, by key."""
    countries = every("country")
    found = {"World": [place.code for place in countries]}
    for place in countries:
        for name in {place.region, place.subregion} - {None}:
            found.setdefault(str(name), []).append(place.code)
    for name, letters in INCOME_GROUPS.items():
        found[name] = [place.code for place in countries if place.income_group in letters]
    groups = {_key(name): (name, tuple(inside)) for name, inside in found.items()}
    letters = {_key(of[0]): groups[_key(name)] for name, of in INCOME_GROUPS.items() if len(of) == 1}
    return groups | letters


def _suggestion(query: str | int, labels: Mapping[str, str]) -> str:
    """The nearest labels by their keys, as a question."""
    close = close_names(_key(query), labels, most=20)
    return did_you_mean(list(dict.fromkeys(labels[key] for key in close))[:5])
