"""What a statement promises in the unit of an indicator: value, direction, day."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from corridors.cooperation.documents.number_words import WORD, value_of
from corridors.cooperation.documents.parts import Quantity

_DOWN = re.compile(
    r"\b(?:reduc\w+|lower\w*|cut(?:s|ting)?|decreas\w+|eliminat\w+|end(?:ing)?|minimi[sz]\w+|halv\w+|"
    r"prevent\w*|combat\w*|fewer|cheaper)\b",
    re.IGNORECASE,
)
_UP = re.compile(
    r"\b(?:increas\w+|rais(?:e|es|ing)|expand\w*|strengthen\w*|promot\w+|ratif\w+|acced\w+|conclud\w+|"
    r"improv\w+|enhanc\w+|extend\w*|widen\w*|more)\b",
    re.IGNORECASE,
)
_BY_YEAR = re.compile(r"\b(?:by|before)(?: the end of)? ((?:19|20)\d{2})\b", re.IGNORECASE)
_YEARS = re.compile(rf"\b(?:over|within|in) (?:the (?:next|following) )?(\d+|{WORD}) years\b", re.IGNORECASE)
_RELATIVE = re.compile(r"\bby (?:at least |up to |about )?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class DraftTarget:
    """Value and day to be reached, which way it should go; each None where nothing says so."""

    value: float | None
    day: date | None
    direction: str | None


def target_of(
    text: str, quantities: Sequence[Quantity], unit: str, better: str, stated: date | None, offset: int = 0
) -> DraftTarget:
    """The target in a statement, in the unit of an indicator.

    Parameters
    ----------
    text
        The statement.
    quantities
        Of the statement.
    unit, better
        Of the indicator; ``better`` is ``lower``, ``higher`` or blank.
    stated
        Day of the document, from which "within five years" counts.
    offset
        Where the statement begins in its paragraph.

    Examples
    --------
    >>> from corridors.cooperation.documents import parse
    >>> found = parse("1. Members were urged to cut it to less than 3 per cent by 2030.")
    >>> target_of(found.statements[0].text, found.quantities, "share", "lower", None)
    DraftTarget(value=0.03, day=datetime.date(2030, 12, 31), direction='at-most')
    """
    day = _day(text, stated)
    way = _way(text, better)
    for one in quantities:
        value = in_unit(one, unit)
        start = one.start - offset
        # "By five percentage points" and "prices dearer than 5 per cent" are no values to be reached.
        relative = _RELATIVE.search(text[:start]) or one.text.lower().startswith("by ")
        passed = one.bound in (">", ">=") and _DOWN.search(text[:start])
        if value is None or relative or passed or day is None or (one.low is None and one.high is None):
            continue
        bound = {"<": "at-most", "<=": "at-most", ">": "at-least", ">=": "at-least"}.get(one.bound or "")
        direction = bound or {"decrease": "at-most", "increase": "at-least"}.get(way or "")
        if direction:
            return DraftTarget(value, day, direction)
    return DraftTarget(None, None, way)


def ended_above(text: str, threshold: float) -> date | None:
    """The day by which nothing is to cost more than a threshold in per cent; None where nobody says so.

    Examples
    --------
    >>> ended_above("eliminate corridors with costs higher than 5 per cent by 2030", 5)
    datetime.date(2030, 12, 31)
    """
    above = (
        r"\b(?:eliminat\w+|end(?:ing)?|abolish\w*|no)\b[^.;]*"
        rf"(?:higher than|above|over|more than|exceeding) {threshold:g}(?: per cent|%| percent)"
    )
    return _day(text, None) if re.search(above, text, re.IGNORECASE) else None


def in_unit(quantity: Quantity, unit: str) -> float | None:
    """A quantity in the unit of an indicator; None where it counts something else.

    Examples
    --------
    >>> from corridors.cooperation.documents import parse
    >>> (found,) = parse("1. They sent US$ 2.5 bn.").quantities
    >>> in_unit(found, "USD million"), in_unit(found, "share")
    (2500.0, None)
    """
    if quantity.kind != "amount":
        return None
    of, value = quantity.unit.lower(), quantity.value
    if of == "per cent":
        return value if unit.startswith("%") else value / 100 if unit == "share" else None
    if of == "share":
        return value if unit == "share" else 100 * value if unit.startswith("%") else None
    if of == "usd":
        return value / 1e6 if unit.startswith("USD million") else None
    same = {
        "states": ("states", "member states", "states parties", "countries"),
        "countries": ("states", "member states", "countries"),
        "agreements": ("agreements",),
        "percentage points": ("percentage points",),
        "persons": ("persons", "people", "migrants", "refugees", "nurses", "workers"),
    }
    return value if of in same.get(unit, ()) else None


def _day(text: str, stated: date | None) -> date | None:
    if found := _BY_YEAR.search(text):
        return date(int(found[1]), 12, 31)
    within = _YEARS.search(text)
    if within is None or stated is None:
        return None
    return date(stated.year + int(value_of(within[1])), 12, 31)


def _way(text: str, better: str) -> str | None:
    if better:
        return "decrease" if better == "lower" else "increase"
    down, up = _DOWN.search(text), _UP.search(text)
    if bool(down) == bool(up):
        return None
    return "decrease" if down else "increase"
