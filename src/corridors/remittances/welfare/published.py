"""Distributions from published groups: thresholds and shares met exactly."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from corridors.errors import DataError
from corridors.numerics.typing import Array
from corridors.remittances.welfare.curve import Distribution
from corridors.remittances.welfare.refusals import poverty_line

# How far rounded figures may put the mean of a group beyond its thresholds; in 167 published surveys none is.
_ROUNDING = 0.2
_EDGE = 2e-3
_STEEPEST = 500.0


@dataclass(frozen=True, slots=True)
class Interpolated(Distribution):
    """A density in each group that meets its thresholds and its mean.

    Between two thresholds the density is the flattest (of greatest entropy) with the
    published mean of the group, ``exp(tilt * income)``. Below the first threshold it is a
    power of income, above the last Pareto's; both have one number, given by the mean.

    Attributes
    ----------
    mean
        Mean income.
    thresholds
        Incomes between the groups, shape ``(g - 1,)``.
    means
        Mean income of each group, shape ``(g,)``, after the repairs told in ``note``.
    tilt
        Of each inner group, shape ``(g - 2,)``, for incomes scaled to 0 to 1.
    note
        What was repaired.
    """

    mean: float
    thresholds: Array
    means: Array
    tilt: Array
    note: tuple[str, ...] = ()

    @property
    def average(self) -> float:
        """Mean income."""
        return self.mean

    @classmethod
    def of(cls, shares: ArrayLike, thresholds: ArrayLike, mean: float) -> Interpolated:
        """From shares of equal groups and the thresholds between them.

        Parameters
        ----------
        shares
            Share of income of each of ``g`` equal groups, poorest first, as fractions or per
            cent, shape ``(g,)``.
        thresholds
            Shape ``(g - 1,)``, unit of the mean.
        mean
            Mean income.

        Raises
        ------
        DataError
            Shares that do not sum to one or fall; thresholds that are not positive or fall, or from which
            the mean of a group lies too far for rounding.

        Notes
        -----
        Thresholds are published rounded, so that the mean of a group can lie on or outside
        them; it is then moved just inside and this is noted.

        Examples
        --------
        >>> from corridors.remittances.welfare import Interpolated
        >>> fifths = Interpolated.of([8, 13, 17, 23, 39], [2.6, 3.7, 5.0, 7.3], 5.0)
        >>> round(fifths.headcount(3.0), 4), fifths.shares(5).round(6).tolist()
        (0.2488, [0.08, 0.13, 0.17, 0.23, 0.39])
        """
        share = clean_shares(shares)
        cut = np.asarray(thresholds, dtype=np.float64)
        if cut.shape != (share.size - 1,):
            raise DataError(f"{share.size} groups have {share.size - 1} thresholds, not {cut.size}")
        if not (np.isfinite(cut).all() and cut[0] > 0 and (np.diff(cut) >= 0).all()):
            raise DataError("thresholds must be positive and must not fall", f"given: {cut.tolist()}")
        level = share * share.size * positive_mean(mean)
        low, high = np.concatenate([[0.0], cut]), np.concatenate([cut, [np.inf]])
        width = np.where(np.isfinite(high), high - low, low)
        most = np.where(np.isfinite(high), high - _EDGE * width, np.inf)
        held = np.clip(level, low + _EDGE * width, most)
        moved = np.flatnonzero(np.abs(held - level) > 1e-12 * mean)
        _refuse_far(level, held)
        note = tuple(f"mean of group {k + 1} moved from {level[k]:.4g} to {held[k]:.4g}" for k in moved)
        inner = np.diff(cut)
        place = np.divide(held[1:-1] - cut[:-1], inner, out=np.full(inner.size, 0.5), where=inner > 0)
        return cls(float(held.mean()), cut, held, _tilts(place), note)

    def _ends(self) -> tuple[float, float]:
        """Exponents of the lower power and of the upper Pareto tail."""
        first, last = float(self.thresholds[0]), float(self.thresholds[-1])
        return float(self.means[0]) / (first - float(self.means[0])), float(self.means[-1]) / (
            float(self.means[-1]) - last
        )

    def knots(self) -> Array:
        """Fractions of people at the thresholds."""
        return np.arange(1, self.means.size) / self.means.size

    def quantile(self, p: ArrayLike) -> Array:
        """Income that the fraction *p* does not exceed."""
        x = np.asarray(p, dtype=np.float64)
        g = self.means.size
        group = np.clip((x * g).astype(np.int64), 0, g - 1)
        u = np.clip(x * g - group, 0.0, 1.0)
        lower, upper = self._ends()
        k = np.clip(group - 1, 0, g - 3)
        cut = self.thresholds
        inner = cut[k] + (cut[k + 1] - cut[k]) * _unit_quantile(u, self.tilt[k])
        with np.errstate(divide="ignore"):
            top = cut[-1] * (1.0 - u) ** (-1.0 / upper)
        return np.where(group == 0, cut[0] * u ** (1.0 / lower), np.where(group == g - 1, top, inner))

    def headcount(self, line: float) -> float:
        """Fraction of people below the line."""
        z = poverty_line(line)
        cut, g = self.thresholds, self.means.size
        lower, upper = self._ends()
        if z <= cut[0]:
            return float((z / cut[0]) ** lower / g)
        if z >= cut[-1]:
            return float(1.0 - (cut[-1] / z) ** upper / g)
        k = int(np.searchsorted(cut, z, side="left")) - 1
        u = float(_unit_cdf((z - cut[k]) / (cut[k + 1] - cut[k]), float(self.tilt[k])))
        return (k + 1 + u) / g

    def lorenz(self, p: ArrayLike) -> Array:
        """Share of income of the poorest fraction *p*."""
        x = np.asarray(p, dtype=np.float64)
        g = self.means.size
        group = np.clip((x * g).astype(np.int64), 0, g - 1)
        u = np.clip(x * g - group, 0.0, 1.0)
        lower, upper = self._ends()
        k = np.clip(group - 1, 0, g - 3)
        cut = self.thresholds
        width = cut[k + 1] - cut[k]
        inner = cut[k] * u + width * _unit_partial(u, self.tilt[k])
        bottom = self.means[0] * u ** (1.0 + 1.0 / lower)
        top = self.means[-1] * (1.0 - (1.0 - u) ** (1.0 - 1.0 / upper))
        part = np.where(group == 0, bottom, np.where(group == g - 1, top, inner))
        done = np.concatenate([[0.0], np.cumsum(self.means)])[group]
        return (done + part) / (g * self.mean)


def _refuse_far(level: Array, held: Array) -> None:
    """Refuse thresholds that contradict shares and mean, as those of another unit do."""
    ratio = np.divide(held, level, out=np.ones_like(held), where=level > 0)
    far = np.flatnonzero(np.abs(np.log(ratio)) > np.log1p(_ROUNDING))
    if far.size:
        raise DataError(
            "thresholds contradict shares and mean",
            "\n".join(
                f"group {k + 1}: its mean is {level[k]:.4g} by its share, {held[k]:.4g} at its threshold"
                for k in far[:5]
            ),
            "give thresholds and mean in the same unit and for the same period (a day, a month)",
        )


def clean_shares(shares: ArrayLike) -> Array:
    """Shares of equal groups as fractions that sum to one, shape ``(g,)``.

    Raises
    ------
    DataError
        Fewer than four, missing, negative or falling shares, or a sum off by half a per cent.

    Examples
    --------
    >>> from corridors.remittances.welfare.published import clean_shares
    >>> clean_shares([10, 20, 30, 40]).tolist()
    [0.1, 0.2, 0.3, 0.4]
    """
    given = np.asarray(shares, dtype=np.float64)
    if given.ndim != 1 or given.size < 4:
        raise DataError(f"shares of at least four groups are needed, not of shape {given.shape}")
    if not np.isfinite(given).all():
        raise DataError("shares are missing", f"given: {given.tolist()}")
    total = float(given.sum())
    whole = 100.0 if abs(total - 100) < abs(total - 1) else 1.0
    if abs(total / whole - 1) > 5e-3:
        raise DataError(f"shares sum to {total:g}, not to {whole:g}", remedy="give one share for each group")
    if (given < 0).any() or (np.diff(given) < -1e-9 * whole).any():
        raise DataError("shares must not be negative and must rise from poorest to richest",
                        f"given: {given.tolist()}")  # fmt: skip
    return given / total


def positive_mean(mean: float) -> float:
    """The mean, which must be a positive number.

    Examples
    --------
    >>> from corridors.remittances.welfare.published import positive_mean
    >>> positive_mean(3)
    3.0
    """
    if not (np.isfinite(mean) and mean > 0):
        raise DataError(f"the mean must be positive, not {mean}")
    return float(mean)


# Density exp(k s) on 0 <= s <= 1. For k > 0 everything is computed mirrored, to avoid overflow. ----


def _unit_cdf(s: ArrayLike, k: ArrayLike) -> Array:
    x, tilt = np.asarray(s, dtype=np.float64), np.asarray(k, dtype=np.float64)
    size = -np.maximum(np.abs(tilt), 1e-9)
    side = np.where(tilt > 0, 1.0 - x, x)
    found = np.expm1(size * side) / np.expm1(size)
    return np.where(tilt > 0, 1.0 - found, found)


def _unit_quantile(u: Array, k: Array) -> Array:
    size = -np.maximum(np.abs(k), 1e-9)
    side = np.where(k > 0, 1.0 - u, u)
    with np.errstate(divide="ignore"):
        found = np.clip(np.log1p(side * np.expm1(size)) / size, 0.0, 1.0)
    return np.where(k > 0, 1.0 - found, found)


def _unit_partial(u: Array, k: Array) -> Array:
    """Integral of the quantile from 0 to u."""
    size = -np.maximum(np.abs(k), 1e-3)
    side = np.where(k > 0, 1.0 - u, u)
    found = _left_partial(side, size)
    mirrored = u - (_left_partial(np.ones_like(u), size) - found)
    exact = np.where(k > 0, mirrored, found)
    # Near a flat density the quantile is u + k u (1 - u) / 2 to second order.
    flat = u * u / 2 + k * (u * u / 4 - u**3 / 6)
    return np.where(np.abs(k) < 1e-3, flat, exact)


def _left_partial(u: Array, size: Array) -> Array:
    with np.errstate(divide="ignore"):
        s = np.clip(np.log1p(u * np.expm1(size)) / size, 0.0, 1.0)
    return (s * np.exp(size * s) - np.expm1(size * s) / size) / np.expm1(size)


def _tilts(place: Array) -> Array:
    """Tilt with a given mean on 0 to 1, by halving."""
    low, high = np.full(place.size, -_STEEPEST), np.full(place.size, _STEEPEST)
    for _ in range(80):
        middle = (low + high) / 2
        below = _unit_mean(middle) < place
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    return (low + high) / 2


def _unit_mean(k: Array) -> Array:
    size = np.maximum(np.abs(k), 1e-4)
    found = 1.0 / -np.expm1(-size) - 1.0 / size
    exact = np.where(k > 0, found, 1.0 - found)
    return np.where(np.abs(k) < 1e-4, 0.5 + k / 12, exact)
