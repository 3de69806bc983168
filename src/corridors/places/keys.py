"""What is left of a name or code when everything that does not matter is gone, and what it then means."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache

from corridors.places.register import Place, every, names, outside, place_of, register
from corridors.wording import close_names, did_you_mean

INCOME_GROUPS: Mapping[str, tuple[str, ...]] = {
    "Low income": ("L",),
    "Lower middle income": ("LM",),
    "Upper middle income": ("UM",),
    "High income": ("H",),
    "Low and middle income": ("L", "LM", "UM"),
}

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


def key_of(query: str | int) -> str:
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


def entries() -> Iterator[tuple[str, str]]:
    """Every key with the code of its place."""
    for place in register():
        for known in (place.code, place.iso2, place.m49, place.name):
            if known is not None:
                yield key_of(known), place.code
    for name in names():
        yield key_of(name.text), name.country


@cache
def written() -> dict[str, set[str]]:
    """How the short keys are written: a code of two or three letters is one only as it stands."""
    written: dict[str, set[str]] = {}
    for place in register():
        for known in (place.code, place.iso2):
            if known:
                written.setdefault(key_of(known), set()).add(bare(known))
    for name in names():
        written.setdefault(key_of(name.text), set()).add(bare(name.text))
    return {key: texts for key, texts in written.items() if len(key) <= _SHORT}


def bare(text: str) -> str:
    """A text as it is written, but for capitals, blanks around it and the article."""
    return unicodedata.normalize("NFKC", text).casefold().strip().removeprefix("the ")


def meant(query: str | int) -> Place | None:
    """The place of a name or code; a short code only as it stands."""
    key = key_of(query)
    if 0 < len(key) <= _SHORT and not key.isdecimal() and bare(str(query)) not in written().get(key, ()):
        return None
    return index().get(key)


@cache
def index() -> dict[str, Place]:
    """The place of each key."""
    by_code = {place.code: place for place in register()}
    return {key: by_code[code] for key, code in entries()}


@cache
def holders() -> dict[str, list[Place]]:
    """Historical places that a code means in their years."""
    holders: dict[str, list[Place]] = {}
    for row in outside():
        for replaced in row["replaces"].split():
            holders.setdefault(replaced, []).append(place_of(row))
    return holders


def stood(place: Place, year: int) -> bool:
    """Whether a place was one in a year."""
    first, last = place.valid_from, place.valid_to
    return (first is None or first <= year) and (last is None or year <= last)


@cache
def groups() -> dict[str, tuple[str, tuple[str, ...]]]:
    """Name and members of each group that is not itself a place, by key."""
    countries = every("country")
    found = {"World": [place.code for place in countries]}
    for place in countries:
        for name in {place.region, place.subregion} - {None}:
            found.setdefault(str(name), []).append(place.code)
    for name, letters in INCOME_GROUPS.items():
        found[name] = [place.code for place in countries if place.income_group in letters]
    groups = {key_of(name): (name, tuple(inside)) for name, inside in found.items()}
    letters = {key_of(of[0]): groups[key_of(name)] for name, of in INCOME_GROUPS.items() if len(of) == 1}
    return groups | letters


def suggestion(query: str | int, labels: Mapping[str, str]) -> str:
    """The nearest labels by their keys, as a question."""
    close = close_names(key_of(query), labels, most=20)
    return did_you_mean(list(dict.fromkeys(labels[key] for key in close))[:5])
