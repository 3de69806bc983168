"""Rules that judge a statement by figures: each gives a verdict, how sure it is, and why.

A rule never sees the statement, only figures with their intervals. Where an interval reaches to both
sides of what a rule asks, the verdict is ``uncertain``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from corridors.cooperation.claims.figures import Answer, ClaimFigure, Verdict, difference, mirrored, told
from corridors.errors import DataError
from corridors.wording import with_unit

CLEAR = "the interval is on one side"
BARE = "figures without an interval, taken as they are"
STRADDLES = "the interval reaches to both sides"


def _banded(figure: ClaimFigure, cuts: tuple[float, ...], answers: tuple[Answer, ...], words: str) -> Verdict:
    """The answer of the band a figure is in; uncertain where its interval is in several."""

    def band(value: float) -> int:
        return sum(value >= cut for cut in cuts)

    low, high = figure.interval
    if band(low) != band(high):
        return Verdict("uncertain", STRADDLES, words)
    return Verdict(answers[band(figure.value)], BARE if figure.lower is None else CLEAR, words)


def rose(then: ClaimFigure, now: ClaimFigure, *, unit: str = "") -> Verdict:
    """Whether a figure grew.

    Raises
    ------
    DataError
        ``now`` is not after ``then``.

    Examples
    --------
    >>> rose(ClaimFigure(2010, 44), ClaimFigure(2022, 56)).verdict
    'supported'
    """
    _later(then, now)
    words = f"{told(then, unit)}, {told(now, unit)}"
    return _banded(mirrored(difference(then, now)), (0.0,), ("supported", "not-supported"), words)


def _later(then: ClaimFigure, now: ClaimFigure) -> None:
    if now.year <= then.year:
        raise DataError(f"a change can not be judged from {then.year} to {now.year}")


def fell(then: ClaimFigure, now: ClaimFigure, *, unit: str = "") -> Verdict:
    """Whether a figure became smaller.

    Examples
    --------
    >>> fell(ClaimFigure(2011, 9.2, 8.8, 9.6), ClaimFigure(2012, 9.0, 8.6, 9.4)).verdict
    'uncertain'
    """
    words = f"{told(then, unit)}, {told(now, unit)}"
    turned = rose(mirrored(then), mirrored(now))
    return Verdict(turned.verdict, turned.certainty, words)


def fell_by(then: ClaimFigure, now: ClaimFigure, *, points: float, years: float, unit: str = "") -> Verdict:
    """Whether a figure fell as fast as so many points in so many years.

    Parameters
    ----------
    then, now
        Figures; what is asked for is in proportion to the years between them, at most ``points``.
    points, years
        Fall asked for, in the unit of the figures, and the years it was given.
    unit
        Unit of the figures, for words.

    Returns
    -------
    Verdict
        Supported where it fell at least as much as asked for.

    Raises
    ------
    DataError
        ``now`` is not after ``then``, or ``points`` or ``years`` are not above zero.

    Examples
    --------
    >>> fell_by(ClaimFigure(2009, 10.0), ClaimFigure(2014, 5.0), points=5, years=5).verdict
    'supported'
    >>> fell_by(ClaimFigure(2011, 9.2), ClaimFigure(2014, 8.0), points=5, years=5).verdict
    'not-supported'
    """
    _later(then, now)
    if points <= 0 or years <= 0:
        raise DataError(f"a fall of {points:g} in {years:g} years can not be judged: give numbers above zero")
    between = now.year - then.year
    asked = points * min(1.0, between / years)
    fall = mirrored(difference(then, now))
    words = (
        f"{told(then, unit)}, {told(now, unit)}: a fall of {fall.value:.2f} in {between} years, where "
        f"{points:g} in {years:g} years is {asked:.2f}"
    )
    return _banded(fall, (asked,), ("not-supported", "supported"), words)


def above(figure: ClaimFigure, *, threshold: float, unit: str = "") -> Verdict:
    """Whether a figure is greater than a threshold.

    Examples
    --------
    >>> above(ClaimFigure(2020, 0.66, 0.63, 0.69), threshold=0.5, unit="share").verdict
    'supported'
    """
    turned = below(mirrored(figure), threshold=-threshold)
    words = f"{told(figure, unit)}; threshold {with_unit(threshold, unit)}"
    return Verdict(turned.verdict, turned.certainty, words)


def below(figure: ClaimFigure, *, threshold: float, unit: str = "") -> Verdict:
    """Whether a figure is less than a threshold.

    Examples
    --------
    >>> below(ClaimFigure(2020, 7.0, 6.7, 7.3), threshold=5).verdict
    'not-supported'
    """
    words = f"{told(figure, unit)}; threshold {with_unit(threshold, unit)}"
    return _banded(figure, (threshold,), ("supported", "not-supported"), words)


def exceeds(
    groups: Mapping[str, ClaimFigure], *, first: str, second: str, times: float = 1, unit: str = ""
) -> Verdict:
    """Whether one group has so many times what another has.

    Returns
    -------
    Verdict
        Supported from ``times``, partly where the first is greater by less.

    Examples
    --------
    >>> prices = {"a": ClaimFigure(2020, 9), "b": ClaimFigure(2020, 2)}
    >>> exceeds(prices, first="a", second="b", times=3).verdict
    'supported'
    """
    a, b = _group(groups, first), _group(groups, second)
    words = f"{first}: {told(a, unit)}; {second}: {told(b, unit)}"
    margin = difference(ClaimFigure(b.year, b.value * times, *_ends(b, times)), a)
    verdict = _banded(margin, (0.0,), ("not-supported", "supported"), words)
    if verdict.verdict == "not-supported" and times > 1 and difference(b, a).interval[0] > 0:
        return Verdict("partly-supported", verdict.certainty, words)
    return verdict


def _group(groups: Mapping[str, ClaimFigure], name: str) -> ClaimFigure:
    if name not in groups:
        raise DataError(f"there is no figure for '{name}'", f"there are: {', '.join(groups) or 'none'}")
    return groups[name]


def _ends(figure: ClaimFigure, times: float) -> tuple[float | None, float | None]:
    low, high = figure.lower, figure.upper
    return (None if low is None else low * times, None if high is None else high * times)


def in_every(groups: Mapping[str, ClaimFigure], *, threshold: float, unit: str = "") -> Verdict:
    """Whether every group reaches a threshold.

    Returns
    -------
    Verdict
        Supported where all do, not where none does, else mixed.

    Examples
    --------
    >>> regions = {"Africa": ClaimFigure(2020, 49), "Europe": ClaimFigure(2020, 0)}
    >>> in_every(regions, threshold=1).verdict
    'mixed'
    """
    named = ", ".join(f"{name} {with_unit(figure.value, _bare(unit))}" for name, figure in groups.items())
    least, most = (sum(f.interval[end] >= threshold for f in groups.values()) for end in (0, 1))
    reached = sum(f.value >= threshold for f in groups.values())
    words = f"{reached} of {len(groups)} reach {with_unit(threshold, unit)}: {named}"
    answers: set[Answer] = {_of_all(count, len(groups)) for count in (least, most)}
    return _from(groups, answers, words)


def _bare(unit: str) -> str:
    return unit if unit == "share" else ""


def _of_all(count: int, of: int) -> Answer:
    return "supported" if count == of else "not-supported" if count == 0 else "mixed"


def in_most(groups: Mapping[str, ClaimFigure], *, threshold: float, unit: str = "") -> Verdict:
    """Whether more than half of the groups reach a threshold.

    Returns
    -------
    Verdict
        Supported by more than half, partly by at least one, not by none.

    Examples
    --------
    >>> groups = {"a": ClaimFigure(2020, 2), "b": ClaimFigure(2020, 3), "c": ClaimFigure(2020, 0)}
    >>> in_most(groups, threshold=1).verdict
    'supported'
    """
    counts = [sum(f.interval[end] >= threshold for f in groups.values()) for end in (0, 1)]
    reached = sum(f.value >= threshold for f in groups.values())
    words = f"{reached} of {len(groups)} reach {with_unit(threshold, unit)}"
    if counts[0] != counts[1]:
        words += f" ({counts[0]} to {counts[1]} within their ranges)"
    answers: set[Answer] = {_of_most(count, len(groups)) for count in counts}
    return _from(groups, answers, words)


def _of_most(count: int, of: int) -> Answer:
    return "supported" if 2 * count > of else "partly-supported" if count else "not-supported"


def _from(groups: Mapping[str, ClaimFigure], answers: set[Answer], words: str) -> Verdict:
    if len(answers) > 1:
        return Verdict("uncertain", STRADDLES, words)
    bare = all(figure.lower is None for figure in groups.values())
    return Verdict(answers.pop(), BARE if bare else CLEAR, words)


def highest(groups: Mapping[str, ClaimFigure], *, first: str, unit: str = "") -> Verdict:
    """Whether a group has more than every other.

    Returns
    -------
    Verdict
        Supported where it has the most, not where it has the least, else mixed.

    Examples
    --------
    >>> groups = {"low": ClaimFigure(2010, 3), "middle": ClaimFigure(2010, 2), "high": ClaimFigure(2010, 4)}
    >>> highest(groups, first="low").verdict
    'mixed'
    """
    value = _group(groups, first).value
    others = [figure.value for name, figure in groups.items() if name != first]
    if not others:
        raise DataError(f"there is no group beside '{first}' to compare it with")
    words = ", ".join(f"{name} {with_unit(figure.value, unit)}" for name, figure in groups.items())
    answer: Answer = (
        "supported" if value > max(others) else "not-supported" if value <= min(others) else "mixed"
    )
    return Verdict(answer, BARE, words)


RULES: Mapping[str, Callable[..., Verdict]] = MappingProxyType(
    {rule.__name__: rule for rule in (rose, fell, fell_by, above, below, exceeds, in_every, in_most, highest)}
)
