"""Rules that judge a statement by figures: each gives a verdict, how sure it is, and why.

A rule never sees the statement, only figures with their intervals or margins. Where these reach to both
sides of what a rule asks, the verdict is ``uncertain``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from corridors.cooperation.claims.figures import Answer, ClaimFigure, Verdict, difference, mirrored, told
from corridors.errors import DataError
from corridors.wording import with_unit

CLEAR = "the interval is on one side"
BARE = "figures without an interval, taken as they are"
STRADDLES = "the interval reaches to both sides"
_REVISIONS = "a margin of {:.2g} % for later revisions"

Groups = Mapping[str, ClaimFigure]
Pairs = Mapping[str, tuple[ClaimFigure, ClaimFigure]]


def _certainty(figures: Iterable[ClaimFigure], *, told_apart: bool) -> str:
    """How sure a verdict on figures is, in words."""
    held = list(figures)
    margin = max((figure.margin for figure in held), default=0.0)
    if margin:
        within = _REVISIONS.format(100 * margin)
        return f"on one side, with {within}" if told_apart else f"within {within}"
    if not told_apart:
        return STRADDLES
    return BARE if all(figure.bare for figure in held) else CLEAR


def _banded(figure: ClaimFigure, cuts: tuple[float, ...], answers: tuple[Answer, ...], words: str) -> Verdict:
    """The answer of the band a figure is in; uncertain where its interval is in several."""

    def band(value: float) -> int:
        return sum(value >= cut for cut in cuts)

    low, high = figure.interval
    apart = band(low) == band(high)
    return Verdict(
        answers[band(figure.value)] if apart else "uncertain", _certainty([figure], told_apart=apart), words
    )


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
    >>> rose(ClaimFigure(2011, 1.61, margin=0.1), ClaimFigure(2022, 1.68, margin=0.1)).verdict
    'uncertain'
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
    return Verdict(turned.verdict, turned.certainty, _beside(figure, threshold, unit))


def below(figure: ClaimFigure, *, threshold: float, unit: str = "") -> Verdict:
    """Whether a figure is less than a threshold.

    Examples
    --------
    >>> below(ClaimFigure(2020, 7.0, 6.7, 7.3), threshold=5).verdict
    'not-supported'
    """
    words = _beside(figure, threshold, unit)
    return _banded(figure, (threshold,), ("supported", "not-supported"), words)


def at_least(figure: ClaimFigure, *, threshold: float, unit: str = "") -> Verdict:
    """Whether a figure reaches a threshold: "some" is at least three.

    Examples
    --------
    >>> at_least(ClaimFigure(2011, 24), threshold=3, unit="agreements").explanation
    '24 agreements in 2011; threshold 3 agreements'
    """
    words = _beside(figure, threshold, unit)
    return _banded(figure, (threshold,), ("not-supported", "supported"), words)


def _beside(figure: ClaimFigure, threshold: float, unit: str) -> str:
    return f"{told(figure, unit)}; threshold {with_unit(threshold, unit)}"


def in_every(groups: Groups, *, threshold: float, unit: str = "") -> Verdict:
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
    reached = sum(figure.value >= threshold for figure in groups.values())
    named = ", ".join(f"{name} {_short(figure, unit)}" for name, figure in groups.items())
    words = f"{reached} of {len(groups)} reach {with_unit(threshold, unit)}: {named}"
    return _all_of(groups, threshold, words, "mixed")


def each_part(groups: Groups, *, threshold: float, unit: str = "") -> Verdict:
    """Whether every part of a statement holds: a part holds where its figure reaches the threshold.

    Returns
    -------
    Verdict
        Supported where all parts hold, half where some do, not where none does.

    Examples
    --------
    >>> parts = {"aid was larger": ClaimFigure(2011, 0.46), "investment was larger": ClaimFigure(2011, 0.54)}
    >>> each_part(parts, threshold=0.5, unit="share").explanation
    'aid was larger: 46 %, no; investment was larger: 54 %, yes; threshold 50 %'
    """
    said = "; ".join(
        f"{name}: {_short(figure, unit)}, {'yes' if figure.value >= threshold else 'no'}"
        for name, figure in groups.items()
    )
    words = f"{said}; threshold {with_unit(threshold, unit)}"
    return _all_of(groups, threshold, words, "half-supported")


def _short(figure: ClaimFigure, unit: str) -> str:
    return with_unit(figure.value, unit if unit == "share" else "")


def _all_of(groups: Groups, threshold: float, words: str, some: Answer) -> Verdict:
    def answer(count: int) -> Answer:
        return "supported" if count == len(groups) else some if count else "not-supported"

    least, most = (sum(f.interval[end] >= threshold for f in groups.values()) for end in (0, 1))
    return _from(groups.values(), {answer(least), answer(most)}, words)


def most_rose(pairs: Pairs, *, unit: str = "") -> Verdict:
    """Whether a figure grew in more than half of the places that have it in both years.

    Parameters
    ----------
    pairs
        By place the figure then and now. A change within its interval or margin is not told apart.
    unit
        Unit of the figures, for words.

    Returns
    -------
    Verdict
        Uncertain where it hangs on places whose change is not told apart.

    Raises
    ------
    DataError
        There is no place, or ``now`` is not after ``then``.

    Examples
    --------
    >>> then, up, up_or_down = (ClaimFigure(year, value, margin=0.1) for year, value in
    ...                         ((2006, 2.0), (2011, 3.0), (2011, 2.1)))
    >>> most_rose({"a": (then, up), "b": (then, up), "c": (then, up_or_down)}).explanation
    'of 3 places 2 rose, 0 fell, 1 is not told apart; from 2006 to 2011 the middle changed from 2 to 3'
    """
    if not pairs:
        raise DataError("there is no place with a figure in both years")
    single = [rose(then, now) for then, now in pairs.values()]
    up, down, open_ = (
        sum(one.verdict == answer for one in single) for answer in ("supported", "not-supported", "uncertain")
    )
    ends = [sorted((pair[at] for pair in pairs.values()), key=_value)[len(pairs) // 2] for at in (0, 1)]
    words = (
        f"of {len(pairs)} places {up} rose, {down} fell, {open_} {'is' if open_ == 1 else 'are'} not told "
        f"apart; from {ends[0].year} to {ends[1].year} the middle changed from "
        f"{with_unit(ends[0].value, unit)} to {with_unit(ends[1].value, unit)}"
    )
    answers: set[Answer] = {_of_most(up, len(pairs)), _of_most(up + open_, len(pairs))}
    return _from((figure for pair in pairs.values() for figure in pair), answers, words)


def _value(figure: ClaimFigure) -> float:
    return figure.value


def _of_most(count: int, of: int) -> Answer:
    return "supported" if 2 * count > of else "not-supported"


def _from(figures: Iterable[ClaimFigure], answers: set[Answer], words: str) -> Verdict:
    apart = len(answers) == 1
    return Verdict(answers.pop() if apart else "uncertain", _certainty(figures, told_apart=apart), words)


RULES: Mapping[str, Callable[..., Verdict]] = MappingProxyType(
    {
        rule.__name__: rule
        for rule in (rose, fell, fell_by, above, below, at_least, in_every, each_part, most_rose)
    }
)
