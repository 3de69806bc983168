"""Poisson regression of flows on origin, destination and one covariate.

With both sets of effects the maximum-likelihood table keeps departures and
arrivals. The origin effects are eliminated in closed form; what is left is a
convex problem in the destination effects and one slope, solved by Newton's
method for a whole stack of tables at once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corridors.errors import DataError
from corridors.migration.indices.index_inputs import ratio
from corridors.numerics.blas import one_blas_thread
from corridors.numerics.dual import RIDGE
from corridors.numerics.typing import Array

_TOLERANCE = 1e-12
_MAX_STEPS = 100
_LONGEST = 8.0
# A covariate that changes flows by more than this many powers of e separates them perfectly.
_SEPARATED = 60.0


@dataclass(frozen=True, slots=True)
class StackedFit:
    """Expected flows and slope of a stack of tables.

    Attributes
    ----------
    fitted
        Expected flows, shape ``(..., n, n)``, zero diagonal, same margins as observed.
    slope
        Coefficient of the covariate, shape ``(...)``; NaN without a covariate, where the
        flows do not tell it from origin and destination effects, and where the likelihood
        has no maximum because the covariate separates used from empty corridors.
    """

    fitted: Array
    slope: Array


def gravity_fit(flows: Array, covariate: Array | None = None) -> StackedFit:
    """Fit ``log E[m_ij] = a_i + b_j + slope x_ij`` off the diagonal.

    Parameters
    ----------
    flows
        Non-negative, shape ``(..., n, n)``, zero diagonal.
    covariate
        Shape ``(n, n)``; its diagonal is ignored. None for effects of places only.

    Returns
    -------
    StackedFit

    Raises
    ------
    DataError
        The fit did not converge; names how far the margins are off.

    Notes
    -----
    Flowerdew and Aitkin (1982); quasi-independence: Willekens (1983).

    Examples
    --------
    >>> import numpy as np
    >>> from corridors.migration.indices.gravity import gravity_fit
    >>> x = np.log(np.array([[1, 2, 4, 9.0], [2, 1, 3, 5], [4, 3, 1, 6], [9, 5, 6, 1]]))
    >>> moves = np.exp(5 - 2 * x) * (1 - np.eye(4))
    >>> float(gravity_fit(moves, x).slope.round(6))
    -2.0
    """
    n = flows.shape[-1]
    stack = flows.reshape(-1, n, n)
    total = stack.sum((-2, -1))
    share = ratio(stack, total[:, None, None], empty=0.0)
    x = np.zeros((n, n)) if covariate is None else np.where(np.eye(n, dtype=bool), 0.0, covariate)
    centred = x - x.sum() / (n * (n - 1))
    problem = _Problem(share, centred, covariate is not None)
    with one_blas_thread():
        fitted, slope = _newton(problem)
    slope[total <= 0] = np.nan
    return StackedFit(
        (fitted * total[:, None, None]).reshape(flows.shape),
        np.asarray(slope.reshape(flows.shape[:-2])),
    )


class _Problem:
    """The reduced log-likelihood of a stack, its gradient and Hessian."""

    def __init__(self, share: Array, x: Array, sloped: bool) -> None:
        n = share.shape[-1]
        self.leave, self.arrive = share.sum(-1), share.sum(-2)
        self.share, self.x, self.sloped = share, x, sloped
        self.open: NDArray[np.bool_] = (self.arrive > 0)[:, None, :] & ~np.eye(n, dtype=bool)
        self.moment = (share * x).sum((-2, -1))
        self.spread = (share * x**2).sum((-2, -1)) - self.moment**2

    def start(self) -> Array:
        b = np.log(np.where(self.arrive > 0, self.arrive, 1.0))
        return np.concatenate([b, np.zeros((len(b), 1))], axis=1)

    def value(self, theta: Array) -> tuple[Array, Array]:
        """Objective, shape ``(B,)``, and shares of destinations, shape ``(B, n, n)``."""
        eta = np.where(self.open, theta[:, None, :-1] + theta[:, -1, None, None] * self.x, -np.inf)
        top = eta.max(-1, keepdims=True)
        top = np.where(np.isfinite(top), top, 0.0)
        weight = np.exp(eta - top)
        sums = weight.sum(-1)
        logs = np.log(np.where(sums > 0, sums, 1.0)) + top[..., 0]
        linear = (self.arrive * theta[:, :-1]).sum(-1) + theta[:, -1] * self.moment
        return (self.leave * logs).sum(-1) - linear, ratio(weight, sums[..., None], empty=0.0)

    def gradient(self, part: Array) -> Array:
        mu = self.leave[..., None] * part
        slope = (mu * self.x).sum((-2, -1)) - self.moment if self.sloped else np.zeros(len(mu))
        return np.concatenate([mu.sum(-2) - self.arrive, slope[:, None]], axis=1)

    def hessian(self, part: Array) -> Array:
        mu = self.leave[..., None] * part
        n = mu.shape[-1]
        full = np.zeros((len(mu), n + 1, n + 1))
        full[:, :n, :n] = -np.swapaxes(part, -1, -2) @ mu
        full[:, np.arange(n), np.arange(n)] += mu.sum(-2)
        if self.sloped:
            deviation = self.x - (part * self.x).sum(-1, keepdims=True)
            full[:, :n, n] = full[:, n, :n] = (mu * deviation).sum(-2)
            full[:, n, n] = (mu * deviation**2).sum((-2, -1))
        return full

    def scale(self) -> Array:
        """Root of the natural size of each parameter's curvature, shape ``(B, n + 1)``."""
        sizes = np.concatenate([self.arrive, self.spread[:, None]], axis=1)
        return np.sqrt(np.where(sizes > 0, sizes, 1.0))

    def separated(self, theta: Array) -> NDArray[np.bool_]:
        return np.abs(theta[:, -1]) * np.ptp(self.x) > _SEPARATED

    def residual(self, theta: Array, gradient: Array) -> Array:
        """Largest relative error of a margin or of the slope; zero where there is no maximum."""
        error = np.max(np.abs(gradient) / self.scale() ** np.r_[[2.0] * self.x.shape[0], 1.0], axis=1)
        return np.where(self.separated(theta), 0.0, error)


def _newton(problem: _Problem) -> tuple[Array, Array]:
    theta = problem.start()
    value, part = problem.value(theta)
    residual = problem.residual(theta, problem.gradient(part))
    for _ in range(_MAX_STEPS):
        if np.all(residual <= _TOLERANCE):
            break
        gradient = problem.gradient(part)
        direction = _direction(problem, part, gradient)
        theta, value, part, moved = _step(problem, theta, value, part, direction, gradient)
        residual = problem.residual(theta, problem.gradient(part))
        if not np.any(moved):
            break
    if np.any(residual > 1e-7):
        raise DataError(
            "the regression of flows on origins and destinations did not converge",
            f"largest relative error of a margin: {residual.max():.2g}",
            "drop places with hardly any moves",
        )
    return problem.leave[..., None] * part, _slope(problem, theta, part)


def _direction(problem: _Problem, part: Array, gradient: Array) -> Array:
    # The ridge settles the free constant of the destination effects, which no flow feels.
    scale = problem.scale()
    matrix = problem.hessian(part) / (scale[:, :, None] * scale[:, None, :])
    size = matrix.shape[-1]
    unused = np.zeros((len(matrix), size))
    unused[:, :-1] = problem.arrive <= 0
    unused[:, -1] = not problem.sloped
    matrix[:, np.arange(size), np.arange(size)] += RIDGE + unused
    newton = -np.linalg.solve(matrix, (gradient / scale)[..., None])[..., 0] / scale
    # Where the likelihood is nearly flat a full step goes too far to come back from.
    reach = np.max(np.abs(newton) * np.r_[np.ones(size - 1), np.ptp(problem.x) + 1e-300], axis=1)
    return newton * np.minimum(1.0, _LONGEST / np.maximum(reach, 1e-300))[:, None]


def _step(
    problem: _Problem, theta: Array, value: Array, part: Array, direction: Array, gradient: Array
) -> tuple[Array, Array, Array, NDArray[np.bool_]]:
    slope = (direction * gradient).sum(-1)
    before = problem.residual(theta, gradient)
    length = np.where(before <= _TOLERANCE, 0.0, 1.0)
    accepted = length == 0.0
    for _ in range(40):
        trial = theta + length[:, None] * direction
        new_value, new_part = problem.value(trial)
        # Near the optimum the value is flat to rounding; the gradient still tells.
        falls = new_value <= value + 1e-4 * length * slope
        flat = new_value <= value + 1e-13 * (1 + np.abs(value))
        better = problem.residual(trial, problem.gradient(new_part)) < 0.5 * before
        accepted = accepted | falls | (flat & better)
        if np.all(accepted):
            break
        length = np.where(accepted, length, length / 2)
    else:
        length = np.where(accepted, length, 0.0)
        trial = theta + length[:, None] * direction
        new_value, new_part = problem.value(trial)
    return trial, new_value, new_part, length > 0


def _slope(problem: _Problem, theta: Array, part: Array) -> Array:
    if not problem.sloped:
        return np.full(len(theta), np.nan)
    scale = problem.scale()
    matrix = problem.hessian(part) / (scale[:, :, None] * scale[:, None, :])
    n = matrix.shape[-1] - 1
    cross = matrix[:, :n, n]
    inner = matrix[:, :n, :n] + np.eye(n) * RIDGE
    inner[:, np.arange(n), np.arange(n)] += problem.arrive <= 0
    told = matrix[:, n, n] - (cross * np.linalg.solve(inner, cross[..., None])[..., 0]).sum(-1)
    return np.where((told > 1e-9) & ~problem.separated(theta), theta[:, -1], np.nan)
