"""Which mark parts thousands and which the decimals: what the texts of a column say as numbers."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace

import polars as pl

TWO_WAYS = "write no marks between thousands, and decimals with a point and other than three digits"
_SPACES = "[\u0020\u00a0\u2007\u2009\u202f]"
_APOSTROPHES = "['\u2019]"
_MINUS = "^[\u2212\u2012\u2013]"
_SEPARATES = f"[.,]|{_SPACES}|{_APOSTROPHES}|{_MINUS}"
_SIGN = r"^[+-]?"
_OTHER = {".": ",", ",": "."}


@dataclass(frozen=True, slots=True)
class Numerals:
    """The numbers that texts say.

    Attributes
    ----------
    values
        Numbers; null where the text is missing, no number or ambiguous.
    wrong, ambiguous
        True where a text is no number; where it can be read in two ways that the column does not settle.
    decimal, thousands
        The mark that parts decimals, the mark between groups of three digits; empty where none stands.
    """

    values: pl.Series
    wrong: pl.Series
    ambiguous: pl.Series
    decimal: str = ""
    thousands: str = ""


def numerals(
    text: pl.Series, *, whole: bool = False, low: float = -math.inf, high: float = math.inf
) -> Numerals:
    """Read the numbers of a column, whose cells together settle what a point and a comma mean.

    Parameters
    ----------
    text
        Texts without blanks around them.
    whole
        Whether whole numbers are due: three digits after a mark are then thousands, unless all are zeros.
    low, high
        What the numbers can be at least and at most; a reading outside is none.

    Returns
    -------
    Numerals

    Notes
    -----
    ``1.234`` is 1.234 or 1,234. It is the first where another cell shows that the point parts decimals
    (``0.5``, ``1234.5``, ``1,234.5``), the second where another shows that it parts thousands
    (``1.234.567``, ``1.234,5``), and ambiguous where no cell tells. The same holds for the comma.

    Examples
    --------
    >>> import polars as pl
    >>> from corridors.intake.numerals import numerals
    >>> numerals(pl.Series(["1.234,5", "12"])).values.to_list()
    [1234.5, 12.0]
    >>> numerals(pl.Series(["573.000", "61.000"]), whole=True).ambiguous.to_list()
    [True, True]
    >>> numerals(pl.Series(["1,022", "14"]), whole=True).values.to_list()
    [1022.0, 14.0]
    """
    none = pl.repeat(False, text.len(), dtype=pl.Boolean, eager=True)
    if not text.str.contains(_SEPARATES).any():
        return _cast(text, text, none)
    plain = text.str.replace(_MINUS, "-").str.replace_all(_SPACES, " ").str.replace_all(_APOSTROPHES, "'")
    seen = {mark: _Seen.of(plain, mark, whole) for mark in _OTHER}
    spaced = [m for m in " '" if _any(plain, rf"{_SIGN}[0-9]{{1,3}}({m}[0-9]{{3}})+([.,][0-9]+)?$")]
    decimal, doubtful = _decimal(seen, plain, low, high)
    thousands = [mark for mark in _OTHER if mark != decimal and seen[mark].may_group] + spaced
    if len(thousands) > 1:
        doubtful |= _contains(plain, "[., ']")
    read = _without(plain, thousands[0]) if thousands else plain
    read = read.str.replace(",", ".", literal=True) if decimal == "," else read
    unsettled = doubtful & text.is_not_null()
    grouping = thousands[0] if thousands and not unsettled.any() else ""
    found = _cast(text, read, unsettled, decimal, grouping)
    # All of them are unread, but only those at fault are named.
    return replace(found, ambiguous=_odd_ones(plain, unsettled))


@dataclass(frozen=True, slots=True)
class _Seen:
    """What the cells of a column show about one mark."""

    decimal: bool
    groups: bool
    either: pl.Series

    @classmethod
    def of(cls, text: pl.Series, mark: str, whole: bool) -> _Seen:
        m, o = (f"[{c}]" for c in (mark, _OTHER[mark]))
        either = _contains(text, rf"{_SIGN}[1-9][0-9]{{0,2}}{m}[0-9]{{3}}$")
        one = _contains(text, rf"{_SIGN}[0-9]*{m}[0-9]*([eE][+-]?[0-9]+)?$")
        after = _any(text, rf"{_SIGN}[0-9]{{1,3}}({o}[0-9]{{3}})+{m}[0-9]+$") or _any(
            text, rf"{_SIGN}[0-9]{{1,3}}([ '][0-9]{{3}})+{m}[0-9]+$"
        )
        groups = _any(text, rf"{_SIGN}[0-9]{{1,3}}({m}[0-9]{{3}}){{2,}}$") or _any(
            text, rf"{_SIGN}[0-9]{{1,3}}({m}[0-9]{{3}})+{o}[0-9]+$"
        )
        # Whole numbers have no decimals, so three digits that are not all zeros are a group.
        groups |= whole and bool((either & ~_contains(text, f"{m}000$")).any())
        return cls(bool((one & ~either).any()) or after, groups, either)

    @property
    def may_group(self) -> bool:
        return self.groups or bool(self.either.any())


def _decimal(seen: dict[str, _Seen], text: pl.Series, low: float, high: float) -> tuple[str, pl.Series]:
    """The mark of decimals, and the cells that may mean something else."""
    doubtful = pl.repeat(False, text.len(), dtype=pl.Boolean, eager=True)
    marks = [mark for mark, shown in seen.items() if shown.decimal]
    for mark, shown in seen.items():
        if shown.decimal and (shown.groups or len(marks) > 1):
            doubtful |= _contains(text, f"[{mark}]")
    if marks:
        return marks[0], doubtful
    for mark, shown in seen.items():
        if shown.groups or not shown.either.any():
            continue
        if seen[_OTHER[mark]].groups:
            return mark, doubtful
        if _outside(text, shown.either, mark, low, high):
            return mark, doubtful
        doubtful |= shown.either
    return "", doubtful


def with_points(text: pl.Series, decimal: str) -> pl.Series:
    """The texts of a column with numbers that can be read in one way only, since their decimal mark is known.

    Parameters
    ----------
    text
        Texts without blanks around them.
    decimal
        The mark of decimals; the other one, a blank and an apostrophe part thousands.

    Examples
    --------
    >>> import polars as pl
    >>> with_points(pl.Series(["573.000", "1.234,5", "n/a"]), ",").to_list()
    ['573000', '1234.50', 'n/a']
    >>> with_points(pl.Series(["573.125", "7"]), ".").to_list()
    ['573.1250', '7']
    """
    plain = text.str.replace(_MINUS, "-").str.replace_all(_SPACES, " ").str.replace_all(_APOSTROPHES, "'")
    grouping = _OTHER[decimal]
    shape = rf"{_SIGN}([0-9]{{1,3}}([{grouping} '][0-9]{{3}})+|[0-9]*)([{decimal}][0-9]+)?$"
    bare = plain.str.replace_all(f"[{grouping} ']", "").str.replace(decimal, ".", literal=True)
    # One digit more: three digits after a point would be thousands again.
    read = bare.str.replace(r"(\.[0-9]+)$", "${1}0")
    return read.zip_with(_contains(plain, shape), text)


def both_readings(text: str) -> str:
    """The two numbers that an ambiguous text may be, in words.

    Examples
    --------
    >>> both_readings("573.000")
    "'573.000' may be 573 or 573,000"
    """
    bare = text.strip()
    if len(re.findall("[., ']", bare)) > 1:
        return f"'{bare}' is written with other marks than the rest of the column"
    small, large = (float(re.sub("[., ']", mark, bare, count=1)) for mark in (".", ""))
    return f"'{bare}' may be {small:,.15g} or {large:,.15g}"


def _odd_ones(text: pl.Series, doubtful: pl.Series) -> pl.Series:
    """Of the doubtful cells those with the rarer decimal mark, where one is rarer: they are at fault."""
    if not doubtful.any():
        return doubtful
    ends = [doubtful & _contains(text, rf"{_SIGN}[0-9., ']*[{mark}][0-9]*$") for mark in _OTHER]
    rarer, other = sorted(ends, key=lambda cells: int(cells.sum()))
    return rarer if 0 < int(rarer.sum()) < int(other.sum()) else doubtful


def _outside(text: pl.Series, either: pl.Series, mark: str, low: float, high: float) -> bool:
    """Whether a cell can not be thousands, since no number of the column is so large or small."""
    if math.isinf(low) and math.isinf(high):
        return False
    grouped = text.filter(either).str.replace(mark, "", literal=True).cast(pl.Float64)
    return bool(((grouped < low) | (grouped > high)).any())


def _without(text: pl.Series, mark: str) -> pl.Series:
    """Texts without the mark where it parts groups of three digits; others stay, and are then no numbers."""
    grouped = _contains(text, rf"{_SIGN}[0-9]{{1,3}}([{mark}][0-9]{{3}})+([.,][0-9]+)?$")
    return text.str.replace_all(mark, "", literal=True).zip_with(grouped, text)


def _cast(
    text: pl.Series, read: pl.Series, unsettled: pl.Series, decimal: str = "", thousands: str = ""
) -> Numerals:
    values = read.cast(pl.Float64, strict=False)
    wrong = text.is_not_null() & values.is_null() & ~unsettled
    return Numerals(
        values.set(unsettled, None) if unsettled.any() else values, wrong, unsettled, decimal, thousands
    )


def _contains(text: pl.Series, pattern: str) -> pl.Series:
    return text.str.contains(pattern).fill_null(value=False)


def _any(text: pl.Series, pattern: str) -> bool:
    return bool(text.str.contains(pattern).any())
