"""The lognormal distribution of income, in closed form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import minimize_scalar
from scipy.stats import norm

from corridors.errors import DataError
from corridors.remittances.welfare.curve import Distribution
from corridors.remittances.welfare.refusals import Array, poverty_line


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
