"""Which place is meant, by any name or code it goes by, and who belongs to a group?"""

from __future__ import annotations

from corridors.errors import NotFound
from corridors.places.keys import groups, holders, index, key_of, meant, stood, suggestion
from corridors.places.not_one_place import refuse_known
from corridors.places.register import Place


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
    place = meant(query)
    if place is None:
        refuse_known(query)
        labels = {key: f"{place.name} ({place.code})" for key, place in index().items()}
        raise NotFound(
            f"no place is called {query!r}",
            suggestion(query, labels),
            "'corridors table place' lists the register",
        )
    if year is None:
        return place
    for unit in holders().get(place.code, ()):
        if stood(unit, year):
            return unit
    if not stood(place, year):
        span = f"{place.valid_from} to {place.valid_to}"
        raise NotFound(
            f"{place.name} ({place.code}) is a place of the years {span}, not of {year}",
            f"Today its territory is {', '.join(place.members)}. {place.note}",
            "use those codes, or look it up without a year; 'corridors table place' lists all",
        )
    return place


def code(query: str | int, *, year: int | None = None) -> str:
    """Code of the place that `find` finds.

    Examples
    --------
    >>> from corridors import places
    >>> places.code("South Korea"), places.code("Україна"), places.code(36)
    ('KOR', 'UKR', 'AUS')
    """
    return find(query, year=year).code


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
    key = key_of(group)
    if key in groups():
        return groups()[key][1]
    place = meant(group)
    if place is None or not place.members:
        labels = {key: name for key, (name, _) in groups().items()}
        raise NotFound(
            f"no group of places is called {group!r}",
            suggestion(group, labels),
            "'corridors table place' lists regions, subregions and income groups",
        )
    return place.members
