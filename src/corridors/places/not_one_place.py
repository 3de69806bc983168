"""What stands where a place should: words for a missing one, for several together, codes held elsewhere."""

from __future__ import annotations

import re
from functools import cache

from corridors import packaged
from corridors.errors import NotFound
from corridors.places.keys import groups, key_of, meant


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
    >>> places.says_total("TOTAL (1)"), places.says_total("of which:")
    (True, True)
    """
    bare = _NOTE.sub("", " ".join(str(text).casefold().split()))
    if bare in _words("total") or bare == "world":
        return True
    return regions and len(bare) > 2 and meant(text) is None and key_of(text) in groups()


def refuse_known(query: str | int) -> None:
    """Refuse what is known to be no place of the register, and say what it is."""
    title = f"no place is called {query!r}"
    if says_missing(query):
        raise NotFound(title, "it says that the place is missing", "give the place or leave out the row")
    if says_total(query):
        raise NotFound(title, "it stands for several places together", "leave it out, or give its places")
    if why := elsewhere().get(key_of(query)):
        raise NotFound(title, why, "leave it out, or add it to the place that it is counted with")


# A colon, or a note such as (1), [a] or *, after a word.
_NOTE = re.compile(r"\s*(:|\*+|\([^)]*\)|\[[^]]*\])$")


@cache
def _words(kind: str) -> frozenset[str]:
    return frozenset(row["word"] for row in packaged.rows(f"ground/{kind}_words.csv"))


@cache
def elsewhere() -> dict[str, str]:
    """Places of ISO 3166 that the register does not hold, and why, by key."""
    told: dict[str, str] = {}
    for row in packaged.rows("ground/place_elsewhere.csv"):
        words = f"{row['name']} ({row['code']}) is not in the register: {row['why']}"
        told |= {key_of(row[name]): words for name in ("code", "iso2", "name")}
    return told
