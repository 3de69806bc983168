"""Figures with intervals, and what is said about them."""

from __future__ import annotations

from dataclasses import dataclass
from math import hypot, isfinite
from typing import Literal

from corridors.errors import DataError
from corridors.wording import dated

Answer = Literal["supported", "partly-supported", "not-supported", "mixed", "uncertain", "not-checkable"]


@dataclass(frozen=True, slots=True)
class ClaimFigure:
    """A figure of a year, with its interval where it has one.

    Attributes
    ----------
    year
        Its year.
    value
        Its value.
    lower, upper
        Ends of its interval; both or neither.

    Raises
    ------
    DataError
        A value that is no number, or an interval that does not hold it.

    Examples
    --------
    >>> ClaimFigure(2020, 7.0, 6.7, 7.3).interval
    (6.7, 7.3)
    """

    year: int
    value: float
    lower: float | None = None
    upper: float | None = None

    def __post_init__(self) -> None:
        low, high = self.interval
        if not isfinite(self.value) or (self.lower is None) != (self.upper is None):
            raise DataError(f"the figure of {self.year} needs a value, and both ends of an interval or none")
        if not low <= self.value <= high:
            raise DataError(f"the interval {low:g} to {high:g} of {self.year} does not hold {self.value:g}")

    @property
    def interval(self) -> tuple[float, float]:
        """Both ends; the value twice where there is no interval."""
        return (
            self.value if self.lower is None else self.lower,
            self.value if self.upper is None else self.upper,
        )


@dataclass(frozen=True, slots=True)
class Verdict:
    """What figures say about a statement.

    Attributes
    ----------
    verdict
        ``supported``, ``partly-supported``, ``not-supported``, ``mixed`` or ``uncertain``.
    certainty
        How sure that is, in words.
    explanation
        The figures and what follows, in words.
    """

    verdict: Answer
    certainty: str
    explanation: str


def difference(then: ClaimFigure, now: ClaimFigure) -> ClaimFigure:
    """Now less then, with an interval where both have one.

    Parameters
    ----------
    then, now
        Figures in one unit.

    Notes
    -----
    Half-widths are added in squares, each side with the ends that make it (method of variance
    estimates recovery; Zou and Donner 2008), as if the two were independent: too wide where errors repeat.

    Examples
    --------
    >>> difference(ClaimFigure(2011, 9, 5, 13), ClaimFigure(2014, 8, 5, 11))
    ClaimFigure(year=2014, value=-1, lower=-6.0, upper=4.0)
    """
    value = now.value - then.value
    if then.lower is None or then.upper is None or now.lower is None or now.upper is None:
        return ClaimFigure(now.year, value)
    below = hypot(now.value - now.lower, then.upper - then.value)
    above = hypot(now.upper - now.value, then.value - then.lower)
    return ClaimFigure(now.year, value, value - below, value + above)


def told(figure: ClaimFigure, unit: str) -> str:
    """A figure with its year and interval, for reading.

    Examples
    --------
    >>> told(ClaimFigure(2020, 7.0, 6.7, 7.3), "%")
    '7 % in 2020 (6.7 to 7.3)'
    """
    return dated(figure.value, unit, figure.year, figure.lower, figure.upper)


def mirrored(figure: ClaimFigure) -> ClaimFigure:
    """A figure with the opposite sign.

    Examples
    --------
    >>> mirrored(ClaimFigure(2020, 2.0, 1.0, 4.0)).interval
    (-4.0, -1.0)
    """
    return ClaimFigure(
        figure.year,
        -figure.value,
        None if figure.upper is None else -figure.upper,
        None if figure.lower is None else -figure.lower,
    )
