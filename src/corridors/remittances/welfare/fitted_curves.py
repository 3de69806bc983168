"""Curves of income in closed form: general quadratic and beta Lorenz curves, and the lognormal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import minimize_scalar
from scipy.special import beta as beta_function
from scipy.stats import norm

from corridors.errors import DataError
from corridors.numerics.typing import Array
from corridors.remittances.welfare.curve import Distribution
from corridors.remittances.welfare.refusals import poverty_line


@dataclass(frozen=True, slots=True)
class Quadratic(Distribution):
    """General quadratic Lorenz curve: ``L (1 - L) = a (p² - L) + b L (p - 1) + c (p - L)``.

    Attributes
    ----------
    mean
        Mean income.
    a, b, c
        Coefficients.

    Notes
    -----
    Villaseñor and Arnold (1989); poverty measures by Datt (1998).

    Examples
    --------
    >>> from corridors.remittances.welfare import Quadratic
    >>> round(Quadratic(109.9, 0.8877478, -1.4514459, 0.20264).headcount(89), 5)
    0.45061
    """

    mean: float
    a: float
    b: float
    c: float

    @property
    def average(self) -> float:
        """Mean income."""
        return self.mean

    @classmethod
    def fit(cls, p: Array, share: Array, mean: float) -> Quadratic:
        """By least squares on points of the curve, the last (1, 1) left out."""
        p, share = p[:-1], share[:-1]
        columns = np.stack([p * p - share, share * (p - 1), p - share], axis=1)
        a, b, c = np.linalg.lstsq(columns, share * (1 - share), rcond=None)[0]
        return cls(mean, float(a), float(b), float(c))

    def _emnr(self) -> tuple[float, float, float, float]:
        e = -(self.a + self.b + self.c + 1)
        m, n = self.b**2 - 4 * self.a, 2 * self.b * e - 4 * self.c
        square = n * n - 4 * m * e * e
        return e, m, n, float(np.sqrt(square)) if square >= 0 else float("nan")

    def lorenz(self, p: ArrayLike) -> Array:
        """Share of income of the poorest fraction *p*."""
        e, m, n, _ = self._emnr()
        x = np.asarray(p, dtype=np.float64)
        return -0.5 * (self.b * x + e + np.sqrt(np.maximum(m * x * x + n * x + e * e, 0.0)))

    def quantile(self, p: ArrayLike) -> Array:
        """Income that the fraction *p* does not exceed."""
        e, m, n, _ = self._emnr()
        x = np.asarray(p, dtype=np.float64)
        root = np.sqrt(np.maximum(m * x * x + n * x + e * e, 1e-300))
        return self.mean * (-0.5 * self.b - (2 * m * x + n) / (4 * root))

    def headcount(self, line: float) -> float:
        """Fraction of people below the line, in closed form; NaN for a curve not normal."""
        _, m, n, r = self._emnr()
        k = self.b + 2 * poverty_line(line) / self.mean
        square = k * k - m
        if square <= 0 or m == 0 or np.isnan(r):
            return float("nan")
        return float(np.clip(-(n + r * k / np.sqrt(square)) / (2 * m), 0.0, 1.0))

    def normal(self) -> bool:
        """Whether the curve rises and bends as a Lorenz curve must."""
        e, m, n, r = self._emnr()
        if np.isnan(r) or e > 0 or self.c < 0:
            return False
        most = n * n / (4 * e * e) if e else np.inf
        return m < 0 or (0 < m < most and (n >= 0 or m < -n / 2))

    def valid(self) -> bool:
        """Normal, and the coefficients *a* and *c* add up to 0.9 or more."""
        return self.normal() and self.a + self.c >= 0.9


@dataclass(frozen=True, slots=True)
class Beta(Distribution):
    """Beta Lorenz curve: ``L = p - theta * p ** gamma * (1 - p) ** delta``.

    Attributes
    ----------
    mean
        Mean income.
    theta, gamma, delta
        Coefficients.

    Notes
    -----
    Kakwani (1980).

    Examples
    --------
    >>> from corridors.remittances.welfare import Beta
    >>> round(Beta(109.9, 0.5613532, 0.9309501, 0.5800259).headcount(89), 5)
    0.45117
    """

    mean: float
    theta: float
    gamma: float
    delta: float

    @property
    def average(self) -> float:
        """Mean income."""
        return self.mean

    @classmethod
    def fit(cls, p: Array, share: Array, mean: float) -> Beta:
        """By least squares in logarithms, the last point (1, 1) left out."""
        p, share = p[:-1], share[:-1]
        if not (share < p).all():
            raise DataError("a Lorenz curve of full equality has no beta form")
        columns = np.stack([np.ones_like(p), np.log(p), np.log1p(-p)], axis=1)
        log_theta, gamma, delta = np.linalg.lstsq(columns, np.log(p - share), rcond=None)[0]
        return cls(mean, float(np.exp(log_theta)), float(gamma), float(delta))

    def lorenz(self, p: ArrayLike) -> Array:
        """Share of income of the poorest fraction *p*."""
        x = np.asarray(p, dtype=np.float64)
        return x - self.theta * x**self.gamma * (1 - x) ** self.delta

    def quantile(self, p: ArrayLike) -> Array:
        """Income that the fraction *p* does not exceed; may be negative for the very poorest."""
        x = np.clip(np.asarray(p, dtype=np.float64), 1e-300, 1 - 1e-16)
        bent = self.gamma / x - self.delta / (1 - x)
        return self.mean * (1 - self.theta * x**self.gamma * (1 - x) ** self.delta * bent)

    def published_severity(self, line: float) -> float:
        """Severity as Datt (1998) and PIP publish it for this curve.

        Where gamma is below one the curve gives the very poorest negative incomes, and the
        published formula counts their gaps above one; :meth:`fgt` counts them as one, which is
        closer to microdata.
        """
        p, w = self._nodes(self.headcount(line))
        return float(w @ (1.0 - self.quantile(p) / line) ** 2)

    def gini(self) -> float:
        """Gini coefficient, in closed form."""
        return float(2 * self.theta * beta_function(1 + self.gamma, 1 + self.delta))

    def normal(self) -> bool:
        """Whether quantiles rise over the whole curve (checked where PIP checks)."""
        x = np.arange(0.001, 0.999, 0.05)
        g, d = self.gamma, self.delta
        bend = g * (1 - g) / x**2 + 2 * g * d / (x * (1 - x)) + d * (1 - d) / (1 - x) ** 2
        return bool((self.theta * x**g * (1 - x) ** d * bend >= 0).all())

    def valid(self) -> bool:
        """Normal, and the poorest have no negative incomes (checked where PIP checks)."""
        return self.normal() and bool((self.quantile([0.001, 0.051]) >= 0).all())


@dataclass(frozen=True, slots=True)
class Lognormal(Distribution):
    """Lognormal distribution of income.

    Attributes
    ----------
    mean
        Mean income.
    sigma
        Standard deviation of its logarithm.

    Examples
    --------
    >>> from corridors.remittances.welfare import Lognormal
    >>> income = Lognormal.of_gini(5.0, 0.4)
    >>> round(income.headcount(2.15), 4), round(income.gini(), 4)
    (0.2215, 0.4)
    """

    mean: float
    sigma: float

    @property
    def average(self) -> float:
        """Mean income."""
        return self.mean

    @classmethod
    def of_gini(cls, mean: float, gini: float) -> Lognormal:
        """With a given Gini coefficient, between 0 and 1."""
        if not 0 < gini < 1:
            raise DataError(f"a Gini coefficient lies between 0 and 1, not {gini}")
        return cls(mean, float(np.sqrt(2) * norm.ppf((gini + 1) / 2)))

    @classmethod
    def fit(cls, p: Array, share: Array, mean: float) -> Lognormal:
        """By least squares on the points of the curve."""

        def distance(sigma: float) -> float:
            return float(((norm.cdf(norm.ppf(p[:-1]) - sigma) - share[:-1]) ** 2).sum())

        found: Any = minimize_scalar(distance, bounds=(1e-3, 5.0), method="bounded")
        return cls(mean, float(found.x))

    def lorenz(self, p: ArrayLike) -> Array:
        """Share of income of the poorest fraction *p*."""
        return np.asarray(norm.cdf(norm.ppf(np.asarray(p)) - self.sigma))

    def quantile(self, p: ArrayLike) -> Array:
        """Income that the fraction *p* does not exceed."""
        z = norm.ppf(np.asarray(p, dtype=np.float64))
        return np.asarray(self.mean * np.exp(self.sigma * z - self.sigma**2 / 2))

    def headcount(self, line: float) -> float:
        """Fraction of people below the line, in closed form."""
        return float(norm.cdf(np.log(poverty_line(line) / self.mean) / self.sigma + self.sigma / 2))

    def gini(self) -> float:
        """Gini coefficient, in closed form."""
        return float(2 * norm.cdf(self.sigma / np.sqrt(2)) - 1)

    def growth_elasticity(self, line: float) -> float:
        """Per cent change of the headcount for one per cent more income for all.

        Bourguignon (2003).
        """
        at = np.log(poverty_line(line) / self.mean) / self.sigma + self.sigma / 2
        return float(-norm.pdf(at) / norm.cdf(at) / self.sigma)

    def normal(self) -> bool:
        """Always: every lognormal has a proper Lorenz curve."""
        return True

    def valid(self) -> bool:
        """Always."""
        return True
