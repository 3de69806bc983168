"""Newton's method on the dual of a fit: one unknown per total, not one per cell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import LinAlgError, cho_factor, cho_solve

from corridors.numerics.blas import one_blas_thread

Array = NDArray[np.float64]
# A point of the dual: cells, value, gradient (totals of the cells less wanted totals).
State = tuple[Array, float, Array]

_RIDGE = 1e-13


@dataclass(frozen=True, slots=True)
class DualFit:
    """Where Newton's method ended.

    Attributes
    ----------
    prices
        Multipliers of the totals, shape ``(k,)``.
    cells
        The fitted cells that belong to them.
    error
        Error of the totals, by the measure of the caller.
    steps
        Newton steps.
    """

    prices: Array
    cells: Array
    error: float
    steps: int


def minimise_dual(
    start: Array,
    state: Callable[[Array], State],
    curvature: Callable[[Array, float], Array],
    measure: Callable[[Array, Array], float],
    *,
    tolerance: float,
    max_steps: int,
) -> DualFit | None:
    """Minimise a convex dual by Newton's method with line search.

    Parameters
    ----------
    start
        First prices, shape ``(k,)``.
    state
        Cells, value and gradient at given prices.
    curvature
        Hessian, shape ``(k, k)``, at given cells and error; it may be singular where
        prices are free.
    measure
        Error of the totals from the gradient and the cells.
    tolerance
        Error at which to stop.
    max_steps
        Limit of Newton steps.

    Returns
    -------
    DualFit or None
        None where the prices run off to infinity: the totals can not be met by cells
        that are all positive.

    Examples
    --------
    >>> import numpy as np
    >>> from corridors.numerics.dual import minimise_dual
    >>> fit = minimise_dual(
    ...     np.zeros(1),
    ...     lambda p: (np.exp(p), float(np.exp(p).sum() - 3 * p.sum()), np.exp(p) - 3),
    ...     lambda x, _: np.diag(x),
    ...     lambda gradient, _: float(abs(gradient).max()),
    ...     tolerance=1e-12,
    ...     max_steps=50,
    ... )
    >>> fit.cells.round(9).tolist()
    [3.0]
    """
    prices, now = start, state(start)
    error = measure(now[2], now[0])
    with one_blas_thread():
        for step in range(max_steps):
            direction = _direction(curvature(now[0], error), now[2])
            if error <= tolerance:
                # One step more costs little and ends at machine precision.
                last = prices if direction is None else prices + direction
                after = state(last)
                if measure(after[2], after[0]) < error:
                    prices, now, error = last, after, measure(after[2], after[0])
                return DualFit(prices, now[0], error, step)
            if direction is None:
                return None
            moved = _line_search(state, measure, prices, direction, now, error)
            if moved is None:
                return None
            prices, now, error = moved
    return None


def _line_search(
    state: Callable[[Array], State],
    measure: Callable[[Array, Array], float],
    prices: Array,
    direction: Array,
    now: State,
    error: float,
) -> tuple[Array, State, float] | None:
    slope, length = float(now[2] @ direction), 1.0
    for _ in range(60):
        trial = prices + length * direction
        then = state(trial)
        after = measure(then[2], then[0])
        # Near the optimum the value is flat to rounding; the error still tells.
        lower = then[1] <= now[1] + 1e-4 * length * slope
        if np.isfinite(then[1]) and (lower or (length == 1.0 and after < error / 2)):
            return trial, then, after
        length /= 2
    return None


def _direction(hessian: Array, gradient: Array) -> Array | None:
    # Scaling by the diagonal keeps small places as visible as large ones; the ridge fixes
    # the prices that are free, which the cells do not feel.
    diagonal = hessian.diagonal()
    root = np.sqrt(np.where(diagonal > 0, diagonal, 1.0))
    scaled = hessian / root[:, None] / root
    scaled[np.diag_indices_from(scaled)] += _RIDGE
    try:
        return -cho_solve(cho_factor(scaled), gradient / root) / root
    except (LinAlgError, ValueError):
        return None
