"""Means, ratios and quantiles of a survey, with the error its design gives them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t as student

from corridors.numerics.typing import Array


@dataclass(frozen=True, slots=True)
class SampledUnits:
    """Who was drawn with whom.

    Attributes
    ----------
    weight
        Shape ``(n,)``, positive.
    unit
        Number of each row's primary sampling unit, shape ``(n,)``.
    stratum
        Number of each sampling unit's stratum, shape ``(units,)``.
    """

    weight: Array
    unit: NDArray[np.intp]
    stratum: NDArray[np.intp]

    @property
    def degrees(self) -> int:
        """Degrees of freedom: sampling units less strata."""
        return len(self.stratum) - len(np.unique(self.stratum))


@dataclass(frozen=True, slots=True)
class SurveyEstimate:
    """A figure from a survey.

    Attributes
    ----------
    value
        The figure.
    se
        Its standard error; NaN where the design can not tell.
    lower, upper
        Its interval; NaN where the design can not tell.
    """

    value: float
    se: float
    lower: float
    upper: float


def design_of(weight: Array, stratum: Array, psu: Array) -> SampledUnits:
    """A design from columns; a sampling unit's label counts within its stratum.

    Parameters
    ----------
    weight, stratum, psu
        Shape ``(n,)``; labels of any kind.

    Examples
    --------
    >>> import numpy as np
    >>> from corridors.cooperation.sdg.survey import design_of
    >>> design_of(np.ones(4), np.array(["a", "a", "b", "b"]), np.array([1, 2, 1, 2])).degrees
    2
    """
    strata = np.unique(stratum, return_inverse=True)[1]
    labels = np.unique(psu, return_inverse=True)[1]
    pairs, unit = np.unique(np.stack([strata, labels]), axis=1, return_inverse=True)
    return SampledUnits(np.asarray(weight, dtype=np.float64), np.ravel(unit), pairs[0].astype(np.intp))


def linearised_se(score: Array, design: SampledUnits) -> float:
    """Standard error of a total of linearised scores, sampling units drawn with replacement in strata.

    Parameters
    ----------
    score
        Weight times influence of each row, shape ``(n,)``; zero outside of a domain.
    design
        Who was drawn with whom.

    Returns
    -------
    float
        NaN where no stratum has two sampling units. A stratum with one is centred at the mean of all.

    Notes
    -----
    Taylor linearisation (Woodruff 1971; Binder 1983; Lumley 2010, Complex Surveys).

    Examples
    --------
    >>> import numpy as np
    >>> from corridors.cooperation.sdg.survey import design_of, linearised_se
    >>> x = np.array([1.0, 2.0, 3.0, 6.0])
    >>> simple = design_of(np.ones(4), np.zeros(4), np.arange(4))
    >>> round(linearised_se((x - x.mean()) / 4, simple), 6), round(float(x.std(ddof=1)) / 2, 6)
    (1.080123, 1.080123)
    """
    if design.degrees < 1:
        return float("nan")
    total = np.bincount(design.unit, score, len(design.stratum))
    units = np.bincount(design.stratum)
    mean = np.bincount(design.stratum, total) / np.maximum(units, 1)
    lone = units[design.stratum] == 1
    centre = np.where(lone, total.mean(), mean[design.stratum])
    factor = np.where(lone, 1.0, (units / np.maximum(units - 1, 1))[design.stratum])
    return float(np.sqrt((factor * (total - centre) ** 2).sum()))


def ratio(
    top: Array, bottom: Array, design: SampledUnits, inside: NDArray[np.bool_], level: float
) -> SurveyEstimate:
    """Weighted sum of one variable over that of another, within a domain.

    Parameters
    ----------
    top, bottom
        Shape ``(n,)``. A mean has ones at the bottom.
    design
        Who was drawn with whom; also of rows outside of the domain.
    inside
        Rows of the domain, shape ``(n,)``.
    level
        Probability that the interval is meant to cover.

    Examples
    --------
    >>> import numpy as np
    >>> from corridors.cooperation.sdg.survey import design_of, ratio
    >>> simple = design_of(np.ones(3), np.zeros(3), np.arange(3))
    >>> ratio(np.array([2.0, 4, 6]), np.array([1.0, 2, 3]), simple, np.ones(3, bool), 0.9)
    SurveyEstimate(value=2.0, se=0.0, lower=2.0, upper=2.0)
    """
    weight = np.where(inside, design.weight, 0.0)
    size = float((weight * bottom).sum())
    value = float((weight * top).sum()) / size
    se = linearised_se(weight * (top - value * bottom) / size, design)
    width = float(student.ppf((1 + level) / 2, max(design.degrees, 1))) * se
    return SurveyEstimate(value, se, value - width, value + width)


def quantile(
    x: Array, share: float, design: SampledUnits, inside: NDArray[np.bool_], level: float
) -> SurveyEstimate:
    """Weighted quantile within a domain, its interval turned round from that of the share below it.

    Parameters
    ----------
    x
        Shape ``(n,)``.
    share
        Share of the weight at or below the quantile, within 0 and 1.
    design, inside, level
        As in :func:`ratio`.

    Notes
    -----
    Woodruff (1952). The standard error is the width of the interval over twice the quantile of Student t.

    Examples
    --------
    >>> import numpy as np
    >>> from corridors.cooperation.sdg.survey import design_of, quantile
    >>> simple = design_of(np.ones(5), np.zeros(5), np.arange(5))
    >>> quantile(np.array([1.0, 2, 3, 4, 100]), 0.5, simple, np.ones(5, bool), 0.8).value
    3.0
    """
    order = np.argsort(x[inside], kind="stable")
    values, weight = x[inside][order], design.weight[inside][order]
    below = np.cumsum(weight) / weight.sum()

    def at(p: float) -> float:
        # A hair of slack, or rounding in the sum decides which of two values is the median.
        return float(values[min(int(np.searchsorted(below, p - 1e-12)), len(values) - 1)])

    value = at(share)
    found = ratio((x <= value).astype(np.float64), np.ones_like(x), design, inside, level)
    if np.isnan(found.se):
        return SurveyEstimate(value, found.se, found.se, found.se)
    t_value = float(student.ppf((1 + level) / 2, design.degrees))
    width = t_value * found.se
    lower, upper = at(max(share - width, 0.0)), at(min(share + width, 1.0))
    return SurveyEstimate(value, (upper - lower) / (2 * t_value), lower, upper)
