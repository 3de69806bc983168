"""What every distribution of income can answer, published in groups or fitted as a curve."""

from __future__ import annotations

from abc import ABC, abstractmethod
from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike

from corridors.errors import DataError
from corridors.numerics.typing import Array
from corridors.remittances.welfare.refusals import poverty_line

_NODES = 48


class Distribution(ABC):
    """A distribution of income per person, known by its quantiles and Lorenz curve."""

    __slots__ = ()

    @property
    @abstractmethod
    def average(self) -> float:
        """Mean income."""

    @abstractmethod
    def lorenz(self, p: ArrayLike) -> Array:
        """Share of income of the poorest fraction *p*, shape of *p*."""

    @abstractmethod
    def quantile(self, p: ArrayLike) -> Array:
        """Income that the fraction *p* does not exceed, shape of *p*, unit of the mean."""

    def headcount(self, line: float) -> float:
        """Fraction of people below the line.

        Where quantiles of a fitted curve fall before they rise, the place beyond which they
        stay above the line.
        """
        z = poverty_line(line)
        low, high = 0.0, 1.0
        for _ in range(60):
            middle = (low + high) / 2
            below = float(self.quantile(middle)) < z
            low, high = (middle, high) if below else (low, middle)
        return 0.0 if high < 1e-15 else (low + high) / 2

    def fgt(self, line: float, alpha: float = 0.0) -> float:
        """Poverty by Foster, Greer and Thorbecke; see the function of the same name.

        Parameters
        ----------
        line
            Poverty line, unit of the mean.
        alpha
            0 headcount ratio, 1 poverty gap, 2 severity; any number not negative. Beyond 1,
            negative incomes of a fitted curve count as zero.
        """
        if not alpha >= 0:
            raise DataError(f"alpha must not be negative, not {alpha}")
        poor = self.headcount(line)
        if alpha == 0 or poor == 0:
            return poor
        if alpha == 1:
            return poor - self.average / line * float(self.lorenz(poor))
        p, w = self._nodes(poor)
        return float(w @ np.clip(1.0 - self.quantile(p) / line, 0.0, 1.0) ** alpha)

    def watts(self, line: float) -> float:
        """Watts index; NaN where the curve has poor people with incomes of zero or less.

        The integral is exact to about six digits; the published code of PIP sums over one
        hundred coarse bins and differs by one to three per cent.
        """
        poor = self.headcount(line)
        p, w = self._nodes(poor)
        income = self.quantile(p)
        if (income <= 0).any():
            return float("nan")
        return float(w @ np.maximum(np.log(line / income), 0.0))

    def gini(self) -> float:
        """Gini coefficient of the whole curve."""
        p, w = self._nodes(1.0)
        return 1.0 - 2.0 * float(w @ self.lorenz(p))

    def median(self) -> float:
        """Income that half of the people do not exceed."""
        return float(self.quantile(0.5))

    def shares(self, groups: int = 10) -> Array:
        """Share of income of each of equal groups, poorest first, shape ``(groups,)``."""
        return np.diff(self.lorenz(np.linspace(0.0, 1.0, groups + 1)))

    def people(self, n: int = 1000) -> Array:
        """Mean income of each of ``n`` equal groups, shape ``(n,)``: the curve as a sample."""
        return self.shares(n) * n * self.average

    def knots(self) -> Array:
        """Where the curve may bend between 0 and 1."""
        return np.zeros(0)

    def _nodes(self, end: float) -> tuple[Array, Array]:
        """Places and weights to integrate over from 0 to ``end``."""
        knots = self.knots()
        edges = np.concatenate([[0.0], knots[(knots > 0) & (knots < end)], [end]])
        places, weights = zip(*(_segment(a, b) for a, b in pairwise(edges)), strict=True)
        return np.concatenate(places), np.concatenate(weights)


def _segment(low: float, high: float) -> tuple[Array, Array]:
    # Crowds nodes at both ends of the population, where curves can be steep.
    t, w = _rule()
    if low == 0.0 and high == 1.0:
        place, slope = t**3 * (10 - 15 * t + 6 * t * t), 30 * t**2 * (1 - t) ** 2
    elif low == 0.0:
        place, slope = t**4, 4 * t**3
    elif high == 1.0:
        place, slope = 1 - (1 - t) ** 4, 4 * (1 - t) ** 3
    else:
        place, slope = t, np.ones_like(t)
    return low + (high - low) * place, (high - low) * w * slope


@cache
def _rule() -> tuple[Array, Array]:
    x, w = np.polynomial.legendre.leggauss(_NODES)
    return (x + 1) / 2, w / 2
