"""Words that say on which side of a number the truth lies."""

from __future__ import annotations

import re

_MORE = (
    "more than", "over", "above", "higher than", "greater than", "larger than", "dearer than", "exceeding",
    "exceeds", "exceeded", "exceed", "in excess of", "upwards of", "beyond", "surpassing", "surpassed",
    "surpasses", "costlier than",
)  # fmt: skip
_AT_LEAST = (
    "at least", "no fewer than", "not fewer than", "not less than", "no less than", "a minimum of",
    "not be less than", "not be lower than", "not fall below", "not be below",
    )  # fmt: skip
_LESS = (
    "less than", "fewer than", "under", "below", "lower than", "smaller than", "cheaper than",
    "slightly less than", "slightly under", "just under", "just below",
)  # fmt: skip
_AT_MOST = (
    "at most", "no more than", "not more than", "up to", "within", "not exceeding", "a maximum of",
    "no higher than", "not higher than", "as many as", "as much as",
    "not exceed", "cannot exceed", "never exceed", "not be more than", "not be higher than", "not be above",
)  # fmt: skip
_ABOUT = (
    "nearly", "almost", "about", "around", "approximately", "some", "roughly", "an estimated", "close to",
    "an average of", "circa",
)  # fmt: skip
_BARELY = ("just over", "slightly more than", "slightly over", "just above", "well over", "far more than")
BOUNDS = (
    dict.fromkeys(_MORE, ">") | dict.fromkeys(_AT_LEAST, ">=") | dict.fromkeys(_LESS, "<")
    | dict.fromkeys(_AT_MOST, "<=") | dict.fromkeys(_ABOUT, "~") | dict.fromkeys(_BARELY, ">") | {"only": ""}
)  # fmt: skip
BEFORE = "|".join(sorted(BOUNDS, key=len, reverse=True))
_AFTER = re.compile(
    r"^ (?:(?P<up>or (?:more|above|over|higher)|and (?:more|above|over)|at least)"
    r"|(?P<down>or (?:less|fewer|below|lower|under)|at most))(?!\w| \d)",
    re.IGNORECASE,
)


def bound_of(words: str | None) -> str | None:
    """``<``, ``<=``, ``>``, ``>=`` or ``~`` (about); None without such words.

    Examples
    --------
    >>> bound_of("less than"), bound_of("at least"), bound_of("nearly"), bound_of("only")
    ('<', '>=', '~', None)
    """
    return BOUNDS.get((words or "").lower()) or None


def bound_after(text: str) -> tuple[str, str] | None:
    """The words right behind an amount that bound it, and the bound.

    Examples
    --------
    >>> bound_after(" or more of them"), bound_after(" of them")
    (('or more', '>='), None)
    """
    found = _AFTER.match(text)
    return (found.group().strip(), ">=" if found["up"] else "<=") if found else None


def ends(first: float, last: float, bound: str | None) -> tuple[float | None, float | None]:
    """The least and the greatest that an amount can be; an open end is None.

    Examples
    --------
    >>> ends(3, 3, "<"), ends(3, 4, None)
    ((None, 3), (3, 4))
    """
    low = None if bound in ("<", "<=") else first
    return low, None if bound in (">", ">=") else last
