"""Figures with intervals, and what is said about them."""

from __future__ import annotations

from dataclasses import dataclass
from math import hypot, isfinite
from typing import Literal

from corridors.errors import DataError
from corridors.wording import dated

Answer = Literal[
    "supported",
    "half-supported",
    "supported-on-proxy",
    "mixed",
    "uncertain",
    "not-supported-on-proxy",
    "not-supported",
    "not-checkable",
]


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
    margin
        Relative error that later revisions may still bring, where it has no interval. That of a change is as
        large, since what is wrong with a publisher's series is mostly wrong in both years.

    Raises
    ------
    DataError
        A value that is no number, an interval that does not hold it, or a margin below zero.

    Examples
    --------
    >>> ClaimFigure(2020, 7.0, 6.7, 7.3).interval
    (6.7, 7.3)
    >>> ClaimFigure(2020, 200.0, margin=0.1).interval
    (180.0, 220.0)
    """

    year: int
    value: float
    lower: float | None = None
    upper: float | None = None
    margin: float = 0.0

    def __post_init__(self) -> None:
        low, high = self.interval
        if not isfinite(self.value) or (self.lower is None) != (self.upper is None):
            raise DataError(f"the figure of {self.year} needs a value, and both ends of an interval or none")
        if not 0 <= self.margin < 1:
            raise DataError(f"the margin of {self.year} is {self.margin:g}: give a relative error below 1")
        if not low <= self.value <= high:
            raise DataError(f"the interval {low:g} to {high:g} of {self.year} does not hold {self.value:g}")

    @property
    def interval(self) -> tuple[float, float]:
        """Both ends, those of the margin where there is no interval; the value twice without either."""
        if self.lower is None or self.upper is None:
            half = abs(self.value) * self.margin
            return self.value - half, self.value + half
        return self.lower, self.upper

    @property
    def bare(self) -> bool:
        """Whether it has neither an interval nor a margin."""
        return self.lower is None and not self.margin


@dataclass(frozen=True, slots=True)
class Verdict:
    """What figures say about a statement.

    Attributes
    ----------
    verdict
        One of :data:`Answer`.
    certainty
        How sure that is, in words.
    explanation
        The figures and what follows, in words.
    """

    verdict: Answer
    certainty: str
    explanation: str


def difference(then: ClaimFigure, now: ClaimFigure) -> ClaimFigure:
    """Now less then, with an interval where the two have intervals or margins.

    Parameters
    ----------
    then, now
        Figures in one unit.

    Notes
    -----
    Half-widths are added in squares, each side with the ends that make it (method of variance
    estimates recovery; Zou and Donner 2008), as if the two were independent: too wide where errors repeat.
    Where both have a margin only, it is that of their ratio.

    Examples
    --------
    >>> difference(ClaimFigure(2011, 9, 5, 13), ClaimFigure(2014, 8, 5, 11)).interval
    (-6.0, 4.0)
    >>> difference(ClaimFigure(2011, 200, margin=0.25), ClaimFigure(2014, 300, margin=0.25)).interval
    (40.0, 175.0)
    """
    value = now.value - then.value
    margin = max(then.margin, now.margin)
    if then.bare or now.bare:
        return ClaimFigure(now.year, value)
    if then.lower is None and now.lower is None:
        ends = sorted((now.value / (1 + margin) - then.value, now.value * (1 + margin) - then.value))
        return ClaimFigure(now.year, value, *ends, margin=margin)
    (low, high), (least, most) = now.interval, then.interval
    below = hypot(now.value - low, most - then.value)
    above = hypot(high - now.value, then.value - least)
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
        figure.margin,
    )
