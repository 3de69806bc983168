"""Search for the parameters of a schedule: starting values, solver, information."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
from scipy.optimize import least_squares, nnls

from corridors.errors import DataError
from corridors.migration.age.curve import curve, curve_jacobian, shapes_and_slopes
from corridors.numerics.blas import one_blas_thread
from corridors.numerics.typing import Array

BOUNDS: Mapping[str, tuple[float, float]] = {
    "a1": (0.0, np.inf), "alpha1": (1e-3, 3.0),
    "a2": (0.0, np.inf), "alpha2": (1e-3, 3.0), "mu2": (5.0, 55.0), "lambda2": (1e-2, 5.0),
    "a3": (0.0, np.inf), "alpha3": (1e-3, 3.0), "mu3": (45.0, 95.0), "lambda3": (1e-2, 5.0),
    "a4": (0.0, np.inf), "lambda4": (1e-4, 0.5), "c": (0.0, np.inf),
}  # fmt: skip
LEVELS = ("a1", "a2", "a3", "a4", "c")


@dataclass(frozen=True, slots=True)
class Target:
    """What a schedule is fitted to, in units in which the highest rate is 1.

    Attributes
    ----------
    ages, width
        As in :meth:`AgeSchedule.rate`; shape ``(m,)``.
    names
        Parameters, ``p`` of them.
    rates
        Observed rates, shape ``(m,)``.
    root
        Square roots of weights for starting values (and least squares), shape ``(m,)``.
    counts, exposure
        For Poisson counts; None for least squares.
    lower, upper
        Bounds, shape ``(p,)``.
    """

    ages: Array
    width: float
    names: tuple[str, ...]
    rates: Array
    root: Array
    counts: Array | None
    exposure: Array | None
    lower: Array
    upper: Array

    def residual(self, theta: Array) -> Array:
        """Weighted or deviance residuals, shape ``(m,)``."""
        fitted = curve(self.ages, self.names, theta, self.width)
        if self.counts is None or self.exposure is None:
            return self.root * (fitted - self.rates)
        return deviance_residual(self.counts, self.exposure * fitted)[0]

    def jacobian(self, theta: Array) -> Array:
        """Derivative of :meth:`residual`, shape ``(m, p)``."""
        slope = curve_jacobian(self.ages, self.names, theta, self.width)
        if self.counts is None or self.exposure is None:
            return self.root[:, None] * slope
        fitted = curve(self.ages, self.names, theta, self.width)
        by_mean = deviance_residual(self.counts, self.exposure * fitted)[1]
        return (by_mean * self.exposure)[:, None] * slope

    def information_root(self, theta: Array) -> Array:
        """Matrix whose cross-product is the expected information, shape ``(m, p)``."""
        slope = curve_jacobian(self.ages, self.names, theta, self.width)
        if self.counts is None or self.exposure is None:
            return self.root[:, None] * slope
        fitted = np.maximum(curve(self.ages, self.names, theta, self.width), 1e-300)
        return np.sqrt(self.exposure / fitted)[:, None] * slope


def deviance_residual(counts: Array, means: Array) -> tuple[Array, Array]:
    """Signed roots of Poisson deviances, whose squares add up to the deviance, and slopes.

    Parameters
    ----------
    counts, means
        Observed and expected, shape ``(m,)``.

    Returns
    -------
    residual, slope
        Shape ``(m,)``; the slope is the derivative by the mean.

    Examples
    --------
    >>> import numpy as np
    >>> from corridors.migration.age.search import deviance_residual
    >>> deviance_residual(np.array([4.0, 0.0]), np.array([4.0, 2.0]))[0].tolist()
    [0.0, 2.0]
    """
    mean = np.maximum(means, 1e-300)
    some = counts > 0
    y = np.where(some, counts, 1.0)
    z = np.where(some, mean / y - 1.0, 0.0)
    near = np.abs(z) < 1e-3
    far = np.where(near, 1.0, z)
    series = 1 - z * (2 / 3 - z * (1 / 2 - z * (2 / 5 - z / 3)))
    curvature = np.where(near, series, 2 * (far - np.log1p(far)) / far**2)
    half = np.sqrt(y * curvature)
    residual = np.where(some, z * half, np.sqrt(2 * mean))
    return residual, np.where(some, y / (mean * half), 1 / np.sqrt(2 * mean))


@dataclass(frozen=True, slots=True)
class Found:
    """End of one search: parameters, sum of squares, and whether it converged."""

    theta: Array
    cost: float
    converged: bool
    message: str


def search(target: Target, starts: int) -> list[Found]:
    """Search from several starting values; the best first.

    Raises
    ------
    DataError
        Bounds that leave no room, or that no start could be evaluated within.
    """
    found: list[Found] = []
    for start in _starting_values(target, starts):
        low, high = target.lower, target.upper
        room = np.where(np.isfinite(high - low), high - low, 1.0)
        inside = np.clip(start, low + 1e-4 * room, np.where(np.isfinite(high), high - 1e-4 * room, np.inf))
        # The stubs of SciPy do not know that jac may be a function.
        jac: Any = target.jacobian
        with one_blas_thread():
            end = least_squares(
                target.residual,
                inside,
                jac=jac,
                bounds=(low, high),
                x_scale="jac",
                ftol=1e-14,
                xtol=1e-13,
                gtol=1e-14,
                max_nfev=1000,
            )
        found.append(Found(end.x, 2 * float(end.cost), end.status > 0, str(end.message)))
    return sorted(found, key=lambda one: one.cost)


def bounds_of(names: tuple[str, ...], own: Mapping[str, tuple[float, float]] | None) -> tuple[Array, Array]:
    """Lower and upper bounds by parameter, the user's before the built-in ones.

    Raises
    ------
    DataError
        Bounds for an unknown parameter, or not in order.

    Examples
    --------
    >>> from corridors.migration.age.search import bounds_of
    >>> bounds_of(("mu2",), {"mu2": (15, 30)})[0].tolist()
    [15.0]
    """
    given = dict(own or {})
    if unknown := set(given) - set(names):
        raise DataError(f"bounds for unknown parameter(s): {', '.join(sorted(unknown))}")
    both = np.array([given.get(name, BOUNDS[name]) for name in names], dtype=np.float64)
    if np.any(np.isnan(both)) or np.any(both[:, 0] >= both[:, 1]):
        bad = [name for name, (low, high) in zip(names, both, strict=True) if not low < high]
        raise DataError(f"bounds without room: {', '.join(bad)}", remedy="give (lower, upper), in this order")
    return both[:, 0], both[:, 1]


def _starting_values(target: Target, starts: int) -> list[Array]:
    """Grids of slopes and locations, levels by non-negative least squares; the best few."""
    kept: list[dict[str, float]] = [{}]
    for grid in _grids(target):
        scored = [(_levels(target, {**k, **g})[0], {**k, **g}) for k, g in product(kept, grid)]
        kept = _apart([slopes for _, slopes in sorted(scored, key=lambda one: one[0])], max(starts, 3))
    return [_levels(target, slopes)[1] for slopes in kept[:starts]]


def _grids(target: Target) -> Iterator[list[dict[str, float]]]:
    centre = target.ages + target.width / 2
    young = np.flatnonzero((centre >= 12) & (centre <= 45))
    peak = float(centre[young[np.argmax(target.rates[young])]]) if young.size else 23.0
    labour: list[dict[str, float]] = []
    for child, fall, rise, offset in product(
        (0.04, 0.1, 0.25), (0.06, 0.12, 0.25), (0.2, 0.4, 0.8), (-3, 0, 3)
    ):
        # Where the double exponential has its maximum.
        location = peak + offset - max(np.log(rise / fall), 0.0) / rise
        labour.append({"alpha1": child, "alpha2": fall, "lambda2": rise, "mu2": location})
    yield labour
    if "a3" in target.names:
        places = product((60.0, 66.0, 72.0), (0.2, 0.7), (0.15, 0.4))
        yield [{"mu3": m, "alpha3": fall, "lambda3": rise} for m, fall, rise in places]
    if "a4" in target.names:
        yield [{"lambda4": slope} for slope in (0.02, 0.05, 0.1)]


def _levels(target: Target, slopes: dict[str, float]) -> tuple[float, Array]:
    """Sum of squares and parameters with the best levels for given slopes."""
    owners = {"a1": "alpha1", "a2": "mu2", "a3": "mu3", "a4": "lambda4"}
    names = tuple(n for n in target.names if n in slopes or owners.get(n, "alpha1") in slopes)
    theta = np.array([slopes.get(name, 1.0) for name in names])
    shapes, _ = shapes_and_slopes(target.ages, names, theta, target.width)
    design = target.root[:, None] * np.stack(list(shapes.values()), axis=1)
    size = np.maximum(np.linalg.norm(design, axis=0), 1e-300)
    levels, rest = nnls(design / size, target.root * target.rates)
    best = dict(zip(shapes, levels / size, strict=True))
    return float(rest), np.array([slopes.get(n, best.get(n, 0.0)) for n in target.names])


def _apart(ranked: list[dict[str, float]], count: int) -> list[dict[str, float]]:
    """The best few that differ in more than how fast children's rates fall."""
    kept: dict[tuple[float, ...], dict[str, float]] = {}
    for slopes in ranked:
        kept.setdefault(tuple(v for k, v in slopes.items() if k not in ("alpha1", "alpha2")), slopes)
    return list(kept.values())[:count]
