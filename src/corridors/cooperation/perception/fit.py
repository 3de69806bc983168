"""Rescaling of proportions: guesses are pulled towards a prior, on the scale of log-odds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import ArrayLike
from scipy import optimize, special, stats

from corridors.cooperation.perception.refusals import check_rows, percent, positive
from corridors.errors import DataError
from corridors.numerics.typing import Array
from corridors.results import Result


@dataclass(frozen=True, slots=True)
class Rescaling(Result, keys=("label",)):
    """A fitted rescaling ``logit(guess) = gamma logit(true) + (1 - gamma) logit(delta)``.

    Attributes
    ----------
    gamma, gamma_se
        Weight of the true value (1: no rescaling) and its standard error.
    delta, delta_se
        The prior guesses are pulled to, a share, and its standard error by the delta method.
    delta_interval
        80 % profile (Fieller) interval of delta; None where gamma is not distinguishable from 1,
        when every prior fits.
    r_squared
        Share of the (weighted) variance of guesses on the scale of log-odds.
    sigma
        Standard deviation of countries around the line, log-odds.
    n
        Rows fitted.
    labels, perceived, expected
        Names, guesses and what rescaling alone predicts, percent, shape ``(n,)``.
    intercept, covariance
        Intercept of the line and covariance of (intercept, gamma), shape ``(2, 2)``.
    """

    gamma: float
    gamma_se: float
    delta: float
    delta_se: float
    delta_interval: tuple[float, float] | None
    r_squared: float
    sigma: float
    n: int
    labels: tuple[str, ...]
    perceived: Array
    expected: Array
    intercept: float
    covariance: Array

    @property
    def residuals(self) -> Array:
        """Guess less expected, percentage points, shape ``(n,)``."""
        return self.perceived - self.expected

    def predict(self, actual: ArrayLike, *, level: float = 0.8) -> tuple[Array, Array, Array]:
        """Mean guess under rescaling alone, with a prediction interval.

        Parameters
        ----------
        actual
            True shares, percent, shape ``(m,)``.
        level
            Probability of the interval.

        Returns
        -------
        tuple of arrays
            Expected, lower, upper, percent, each of shape ``(m,)``.
        """
        true = special.logit(percent(actual, "actual", None))
        design = np.column_stack([np.ones_like(true), true])
        middle = design @ np.array([self.intercept, self.gamma])
        spread = np.sqrt(self.sigma**2 + np.einsum("ij,jk,ik->i", design, self.covariance, design))
        half = stats.t.ppf((1 + level) / 2, self.n - 2) * spread
        low, mid, high = (100 * special.expit(x) for x in (middle - half, middle, middle + half))
        return mid, low, high

    def summary(self) -> str:
        """The fit in four lines."""
        interval = self.delta_interval
        within = "any prior fits" if interval is None else f"80 % {interval[0]:.3f} to {interval[1]:.3f}"
        return "\n".join(
            [
                f"gamma {self.gamma:.3f} (se {self.gamma_se:.3f}): weight of the true share",
                f"delta {self.delta:.3f} (se {self.delta_se:.3f}; {within}): share guesses are pulled to",
                f"R² {self.r_squared:.2f} over {self.n} rows, on log-odds",
                "A residual is what rescaling leaves: it proves neither prejudice nor its absence.",
            ]
        )

    def to_polars(self) -> pl.DataFrame:
        """One row a guess: label, perceived, expected by rescaling alone, residual, percent."""
        return pl.DataFrame(
            {
                "label": self.labels,
                "perceived": self.perceived,
                "expected": self.expected,
                "residual": self.residuals,
            }
        )


def rescaled(actual: ArrayLike, gamma: float, delta: float) -> Array:
    """Guess of a share under rescaling alone.

    Parameters
    ----------
    actual
        True shares, percent, shape ``(n,)``.
    gamma
        Weight of the true value.
    delta
        Prior, a share between 0 and 1.

    Returns
    -------
    ndarray
        Percent, shape ``(n,)``.

    Notes
    -----
    Landy, Guay and Marghetis (2018), Psychonomic Bulletin & Review 25.

    Examples
    --------
    >>> rescaled([10], 1.0, 0.5).round(6).tolist(), rescaled([10], 0.0, 0.5).tolist()
    ([10.0], [50.0])
    """
    true = special.logit(percent(actual, "actual", None))
    return 100 * special.expit(gamma * true + (1 - gamma) * special.logit(delta))


def fit_rescaling(
    perceived: ArrayLike,
    actual: ArrayLike,
    *,
    weights: ArrayLike | None = None,
    standard_errors: ArrayLike | None = None,
    labels: Sequence[str] | None = None,
) -> Rescaling:
    """Fit the rescaling model by least squares on the scale of log-odds.

    Parameters
    ----------
    perceived, actual
        Mean guesses and true shares, percent, shape ``(n,)``, n at least 3, strictly within 0 to 100.
    weights
        How much each row counts, positive, shape ``(n,)``.
    standard_errors
        Standard errors of the guesses, points, shape ``(n,)``. Rows then count by the inverse of their
        error variance plus a variance between rows (Paule and Mandel 1982). Not with weights.
    labels
        Names of rows for errors.

    Returns
    -------
    Rescaling

    Raises
    ------
    DataError
        Rows of 0 or 100 %, of different lengths, fewer than three, or all of one true share.

    Notes
    -----
    Landy, Guay and Marghetis (2018); Guay and others (2025), PNAS. The fit to a mean guess
    is of groups, not of persons. gamma of 1 is no rescaling.

    Examples
    --------
    >>> guess = rescaled([1, 10, 40], 0.5, 0.4)
    >>> found = fit_rescaling(guess, [1, 10, 40])
    >>> round(found.gamma, 6), round(found.delta, 6)
    (0.5, 0.4)
    """
    guess, true = percent(perceived, "perceived", labels), percent(actual, "actual", labels)
    names = tuple(labels) if labels is not None else tuple(str(i + 1) for i in range(guess.size))
    check_rows(guess, true, names)
    x, y = np.column_stack([np.ones(true.size), special.logit(true)]), special.logit(guess)
    if standard_errors is None:
        weight = positive(weights, "weights", guess.size)
        weight = weight / weight.mean()
        scale = None
    else:
        if weights is not None:
            raise DataError("give weights or standard errors, not both")
        error = positive(standard_errors, "standard_errors", guess.size) / 100 / (guess * (1 - guess))
        scale = _between(x, y, error**2)
        weight = 1 / (scale + error**2)
    inverse = np.linalg.inv(x.T @ (weight[:, None] * x))
    intercept, gamma = inverse @ (x.T @ (weight * y))
    left = y - x @ np.array([intercept, gamma])
    variance = float(weight @ left**2) / (guess.size - 2) if scale is None else 1.0
    covariance: Array = np.asarray(variance * inverse, dtype=np.float64)
    centred = y - np.average(y, weights=weight)
    total = float(weight @ centred**2)
    prior, prior_se, interval = _prior(intercept, gamma, covariance, guess.size - 2)
    return Rescaling(
        float(gamma),
        float(np.sqrt(covariance[1, 1])),
        prior,
        prior_se,
        interval,
        1 - float(weight @ left**2) / total if total > 0 else float("nan"),
        float(np.sqrt(variance if scale is None else scale)),
        guess.size,
        names,
        100 * guess,
        100 * special.expit(x @ np.array([intercept, gamma])),
        float(intercept),
        covariance,
    )


def _prior(
    intercept: float, gamma: float, covariance: Array, freedom: int
) -> tuple[float, float, tuple[float, float] | None]:
    rest = 1 - gamma
    if abs(rest) < 1e-12:
        return float("nan"), float("nan"), None
    centre = intercept / rest
    delta = float(special.expit(centre))
    gradient = np.array([1 / rest, intercept / rest**2])
    spread = float(np.sqrt(gradient @ covariance @ gradient)) * delta * (1 - delta)
    # Fieller: the priors c for which intercept - c (1 - gamma) is not distinguishable from zero.
    t2 = float(stats.t.ppf(0.9, freedom)) ** 2
    a = rest**2 - t2 * covariance[1, 1]
    b = -2 * (intercept * rest + t2 * covariance[0, 1])
    c = intercept**2 - t2 * covariance[0, 0]
    if a <= 0:
        return delta, spread, None
    root = np.sqrt(max(b * b - 4 * a * c, 0.0))
    low, high = special.expit((-b - root) / (2 * a)), special.expit((-b + root) / (2 * a))
    return delta, spread, (float(low), float(high))


def _between(x: Array, y: Array, error: Array) -> float:
    """Variance between rows that makes the weighted squares equal their degrees of freedom."""

    def excess(tau: float) -> float:
        weight = 1 / (tau + error)
        beta = np.linalg.solve(x.T @ (weight[:, None] * x), x.T @ (weight * y))
        return float(weight @ (y - x @ beta) ** 2) - (y.size - 2)

    if excess(0.0) <= 0:
        return 0.0
    top = float(np.var(y)) + 1.0
    while excess(top) > 0:
        top *= 4
    return float(optimize.root_scalar(excess, bracket=(0.0, top), method="brentq").root)
