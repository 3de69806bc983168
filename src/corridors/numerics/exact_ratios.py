"""By how much did acts become more or less frequent? Exact intervals for counts."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from corridors.errors import DataError


class Ratio(NamedTuple):
    """A ratio with an exact interval.

    Attributes
    ----------
    value
        The ratio; not a number where there is nothing on either side, infinite where nothing is below.
    lower, upper
        Ends of the interval, 0 to infinity.
    """

    value: float
    lower: float
    upper: float

    @property
    def differs(self) -> bool:
        """Whether the interval excludes 1."""
        return self.lower > 1 or self.upper < 1


def rate_ratio(before: int, years_before: float, since: int, years_since: float, *, level: float) -> Ratio:
    """How many times the rate before the rate since is, of two Poisson counts.

    Parameters
    ----------
    before, since
        Acts in either time.
    years_before, years_since
        Length of either, above 0.
    level
        Probability to cover, above 0 and below 1.

    Raises
    ------
    DataError
        A count is below 0 or a time is not above 0.

    Notes
    -----
    Given the sum of both, the count since is binomial (Przyborowski and Wilenski, 1940); its exact interval
    (Clopper and Pearson, 1934) covers at least the level.

    Examples
    --------
    >>> from corridors.numerics.exact_ratios import rate_ratio
    >>> [round(x, 3) for x in rate_ratio(29, 11, 12, 11, level=0.95)]
    [0.414, 0.192, 0.836]
    """
    from scipy.special import betaincinv

    if min(before, since) < 0 or not min(years_before, years_since) > 0:
        raise DataError("a count is below 0, or a time is not above 0")
    tail = (1 - level) / 2
    lower = float(betaincinv(since, before + 1, tail)) if since else 0.0
    upper = float(betaincinv(since + 1, before, 1 - tail)) if before else 1.0
    scale = years_before / years_since
    value = np.nan if not before and not since else _odds(since, before) * scale
    return Ratio(value, _odds(lower, 1 - lower) * scale, _odds(upper, 1 - upper) * scale)


def odds_ratio(with_before: int, before: int, with_since: int, since: int, *, level: float) -> Ratio:
    """How many times the odds before the odds since are, of two shares.

    Parameters
    ----------
    with_before, before
        Acts before that have what is asked for, of so many.
    with_since, since
        The same since.
    level
        Probability to cover, above 0 and below 1.

    Raises
    ------
    DataError
        More have it than there are, or a count is below 0.

    Notes
    -----
    The conditional estimate and exact interval of Fisher's noncentral hypergeometric distribution, which
    covers at least the level; nothing in either time gives 0 to infinity.

    Examples
    --------
    >>> from corridors.numerics.exact_ratios import odds_ratio
    >>> [round(x, 2) for x in odds_ratio(149, 446, 25, 124, level=0.95)]
    [0.5, 0.3, 0.83]
    """
    from scipy.stats.contingency import odds_ratio as conditional

    table = np.array([[with_since, since - with_since], [with_before, before - with_before]])
    if (table < 0).any():
        raise DataError("more have it than there are, or a count is below 0")
    if (table.sum(axis=0) == 0).any() or (table.sum(axis=1) == 0).any():
        return Ratio(np.nan, 0.0, np.inf)
    found = conditional(table, kind="conditional")
    ends = found.confidence_interval(confidence_level=level)
    return Ratio(float(found.statistic), float(ends.low), float(ends.high))


def _odds(share: float, rest: float) -> float:
    return share / rest if rest else float(np.inf)
