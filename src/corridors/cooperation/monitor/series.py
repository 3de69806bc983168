"""A random walk with drift through observations: where it will be, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import t as student

from corridors.errors import DataError
from corridors.numerics.typing import Array

FEWEST = 3


@dataclass(frozen=True, slots=True)
class Walks:
    """What many series say of themselves; every attribute has shape ``(n,)``.

    Attributes
    ----------
    count
        Observations.
    first, last
        First and last value.
    span
        Years between them.
    roughness
        Sum of squared steps, each divided by its years.
    error_first, error_last
        Variance of the error of the first and last observation.
    """

    count: Array
    first: Array
    last: Array
    span: Array
    roughness: Array
    error_first: Array
    error_last: Array

    @property
    def drift(self) -> Array:
        """Change a year, shape ``(n,)``; missing for a single observation."""
        return np.divide(
            self.last - self.first, self.span, out=np.full(self.span.shape, np.nan), where=self.span > 0
        )

    @property
    def variance(self) -> Array:
        """Variance of the steps of a year about their drift, shape ``(n,)``.

        Errors of observation are in it: those of a panel that is asked again repeat from year to year, and
        what was taken off would often be more than there is.
        """
        span = np.where(self.span > 0, self.span, np.nan)
        spread = self.roughness - (self.last - self.first) ** 2 / span
        free = np.where(self.count >= FEWEST, self.count - 2, np.nan)
        # Rounding leaves a hair of spread where steps are equal.
        return np.where(spread <= 1e-12 * self.roughness, 0.0, spread) / free


@dataclass(frozen=True, slots=True)
class Projection:
    """A predictive Student t distribution for each series.

    Attributes
    ----------
    mean, sd, degrees
        Location, scale and degrees of freedom, shape ``(n,)``; scale missing below three observations.
    """

    mean: Array
    sd: Array
    degrees: Array

    def above(self, threshold: ArrayLike) -> Array:
        """Probability of at least ``threshold``, shape ``(n,)``; missing where the scale is.

        Examples
        --------
        >>> from corridors.cooperation.monitor import project
        >>> float(project([2018, 2019, 2021], [1.0, 3.0, 4.0], 2024).above(7.0).round(6)[0])
        0.5
        """
        return t_above(np.asarray(threshold, dtype=np.float64) - self.mean, self.sd, self.degrees)

    def interval(self, level: float) -> tuple[Array, Array]:
        """Central interval of a probability, two arrays of shape ``(n,)``."""
        width = student.ppf((1 + level) / 2, self.degrees) * self.sd
        return self.mean - width, self.mean + width


def t_above(distance: ArrayLike, sd: ArrayLike, degrees: ArrayLike) -> Array:
    """Probability that a centred Student t variable is at least ``distance``; a scale of zero is certain.

    Parameters
    ----------
    distance, sd, degrees
        Shape ``(n,)``.

    Examples
    --------
    >>> from corridors.cooperation.monitor.series import t_above
    >>> t_above([0.0, 0.0, 1.0], [1.0, 0.0, 0.0], [2.0, 2.0, 2.0]).tolist()
    [0.5, 1.0, 0.0]
    """
    gap, scale, free = (np.asarray(x, dtype=np.float64) for x in (distance, sd, degrees))
    sure = np.where(gap <= 0, 1.0, 0.0)
    ratio = np.divide(gap, scale, out=np.zeros_like(gap), where=scale > 0)
    chance = np.asarray(student.sf(ratio, free), dtype=np.float64)
    return np.where(np.isnan(scale), np.nan, np.where(scale > 0, chance, sure))


def project_walks(walks: Walks, horizon: ArrayLike) -> Projection:
    """Where random walks with drift will be after ``horizon`` years.

    Parameters
    ----------
    walks
        The series.
    horizon
        Years after the last observation, shape ``(n,)``, zero or more.

    Notes
    -----
    Steps of ``d`` years have mean ``drift * d`` and variance ``s2 * d`` (Harvey 1989, Forecasting,
    Structural Time Series Models and the Kalman Filter; Lee and Carter 1992). Generalised least squares
    gives ``drift = (last - first) / span`` and ``s2`` with ``count - 2`` degrees of freedom, so that under
    the usual reference prior the future is Student t about ``last + drift * h`` with variance
    ``s2 * h * (1 + h / span)``. Errors of observation of variance ``e`` add
    ``e_last * (1 + h / span)**2 + e_first * (h / span)**2``; what they put into ``s2`` stays there, so that
    the interval is rather too wide than too narrow.

    Examples
    --------
    >>> import numpy as np
    >>> from corridors.cooperation.monitor.series import project_walks, summarise
    >>> walk = summarise([2020, 2021, 2022], [1.0, 2.0, 3.0])
    >>> project_walks(walk, [2.0]).mean.tolist()
    [5.0]
    """
    years = np.asarray(horizon, dtype=np.float64)
    share = np.divide(years, walks.span, out=np.full(years.shape, np.nan), where=walks.span > 0)
    move = np.where(years == 0, 0.0, walks.drift * years)
    variance = walks.variance * years * (1 + share)
    variance = variance + walks.error_last * (1 + share) ** 2 + walks.error_first * share**2
    free = np.where(walks.count >= FEWEST, walks.count - 2, np.nan)
    return Projection(walks.last + move, np.sqrt(variance), free)


def summarise(years: ArrayLike, values: ArrayLike, *, errors: ArrayLike = 0.0) -> Walks:
    """One series as :class:`Walks` of length one.

    Parameters
    ----------
    years, values
        Shape ``(t,)``, years increasing.
    errors
        Standard deviation of the error of each observation, a number or shape ``(t,)``.

    Raises
    ------
    DataError
        Shapes differ, numbers are not finite, or years do not increase.

    Examples
    --------
    >>> from corridors.cooperation.monitor.series import summarise
    >>> float(summarise([2020, 2024], [1.0, 3.0]).drift[0])
    0.5
    """
    when, what = (np.asarray(x, dtype=np.float64) for x in (years, values))
    wrong = np.broadcast_to(np.asarray(errors, dtype=np.float64) ** 2, what.shape)
    if when.shape != what.shape or when.ndim != 1 or not when.size:
        raise DataError("years and values do not fit", f"shapes {when.shape} and {what.shape}")
    if not (np.isfinite(when).all() and np.isfinite(what).all() and np.isfinite(wrong).all()):
        raise DataError("a series holds a number that is not finite", remedy="leave out missing years")
    steps = np.diff(when)
    if (steps <= 0).any():
        raise DataError("years do not increase", f"{when.tolist()}", "sort them and give each year once")
    parts = (
        float(when.size),
        what[0],
        what[-1],
        when[-1] - when[0],
        (np.diff(what) ** 2 / steps).sum(),
        wrong[0],
        wrong[-1],
    )
    return Walks(*(np.array([part], dtype=np.float64) for part in parts))


def project(years: ArrayLike, values: ArrayLike, at: float, *, errors: ArrayLike = 0.0) -> Projection:
    """Where one series will be in a year: a random walk with drift, closed form.

    Parameters
    ----------
    years, values
        Shape ``(t,)``, years increasing.
    at
        The year asked for, not before the last observation.
    errors
        Standard deviation of the error of each observation, a number or shape ``(t,)``.

    Returns
    -------
    Projection
        Of length one; with fewer than three observations there is a line but no scale.

    Raises
    ------
    DataError
        As :func:`summarise`, or the year lies in the past.

    Notes
    -----
    See :func:`corridors.cooperation.monitor.series.project_walks`.

    Examples
    --------
    >>> from corridors.cooperation.monitor import project
    >>> found = project([2015, 2017, 2018, 2020], [9.0, 8.0, 8.2, 7.0], 2030)
    >>> round(float(found.mean[0]), 3), round(float(found.sd[0]), 3), int(found.degrees[0])
    (3.0, 2.627, 2)
    """
    walk = summarise(years, values, errors=errors)
    horizon = at - float(np.asarray(years, dtype=np.float64)[-1])
    if horizon < 0:
        raise DataError(f"{at:g} lies before the last observation", remedy="ask for a later year")
    return project_walks(walk, np.array([horizon]))
