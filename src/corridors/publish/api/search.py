"""Places by any of their names."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache

from corridors import places
from corridors.publish.site.documents import names
from corridors.wording import close_names

MOST_HITS = 20
_ENOUGH = 0.75


@dataclass(frozen=True, slots=True)
class Hit:
    """A place that was found.

    Attributes
    ----------
    code, name, matched, kind, region
        See the register; ``matched`` is the name that fits best.
    """

    code: str
    name: str
    matched: str
    kind: str
    region: str | None


def search(query: str, limit: int = 10) -> list[Hit]:
    """Places whose code or one of whose names fits a query, best first.

    A whole name or code comes first, then names that begin with the query, names with a word
    that begins with it, names that contain it, and last names spelt nearly so. Among equals
    countries come before other places, and short names before long.

    Parameters
    ----------
    query
        In any language and script; case and accents do not matter.
    limit
        Most places.

    Examples
    --------
    >>> [hit.code for hit in search("coree")][:2]
    ['KOR', 'PRK']
    >>> search("Filipinas")[0].code, search("филип")[0].code, search("MEX")[0].name
    ('PHL', 'PHL', 'Mexico')
    """
    wanted = _flat(query)
    if not wanted:
        return []
    ranked = _fitting(wanted) or _near(wanted)
    best: dict[str, tuple[tuple[int, int, int, str], str]] = {}
    for rank, code, known, length in ranked:
        key = (rank, 0 if _by_code()[code].kind == "country" else 1, length, code)
        if code not in best or key < best[code][0]:
            best[code] = (key, known)
    ordered = sorted(best.items(), key=lambda item: item[1][0])[:limit]
    return [_hit(code, known) for code, (_, known) in ordered]


def _fitting(wanted: str) -> list[tuple[int, str, str, int]]:
    return [
        (rank, code, known, len(flat))
        for flat, code, known in _index()
        if (rank := _rank(wanted, flat)) is not None
    ]


def _rank(wanted: str, flat: str) -> int | None:
    if wanted not in flat:
        return None
    if flat == wanted:
        return 0
    if flat.startswith(wanted):
        return 1
    return 2 if f" {wanted}" in flat else 3


def _near(wanted: str) -> list[tuple[int, str, str, int]]:
    flats: dict[str, list[tuple[str, str]]] = {}
    for flat, code, known in _index():
        flats.setdefault(flat, []).append((code, known))
    close = close_names(wanted, flats, MOST_HITS, _ENOUGH)
    return [(4 + n, code, known, len(flat)) for n, flat in enumerate(close) for code, known in flats[flat]]


def _hit(code: str, known: str) -> Hit:
    place = _by_code()[code]
    return Hit(code, place.name, known, place.kind, place.region)


@cache
def _by_code() -> dict[str, places.Place]:
    return {place.code: place for place in places.every(None)}


@cache
def _index() -> tuple[tuple[str, str, str], ...]:
    """Flat name, code and name as it is written, of every name of every place."""
    entries = {
        (_flat(known), place.code, known)
        for place in places.every(None)
        for known in (place.name, place.code, place.iso2, *names().get(place.code, ()))
        if known
    }
    return tuple(sorted(entries))


def _flat(text: str) -> str:
    """Letters and digits without case and accents, words parted by blanks."""
    bare = unicodedata.normalize("NFKD", text).casefold()
    kept = (c for c in bare if not unicodedata.combining(c))
    return " ".join("".join(c if c.isalnum() else " " for c in kept).split())
