"""Newton's method on the dual of a fit: one unknown per total, not one per cell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
from scipy.linalg import LinAlgError, cho_factor, cho_solve

from corridors.numerics.blas import one_blas_thread
from corridors.numerics.typing import Array

Cells = TypeVar("Cells")
# A point of the dual: cells, value, gradient (totals of the cells less wanted totals). An infinite value
# refuses the point.
State = tuple[Cells, float, Array]

# Settles what no cell feels, such as a constant common to all prices.
RIDGE = 1e-13
# Factors beyond exp of this are no longer numbers; prices that far apart are on their way to infinity.
MAX_LOG_FACTOR = 600.0

_HALVINGS = 60


@dataclass(frozen=True, slots=True)
class DualFit(Generic[Cells]):
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
    met
        Whether the error came below the tolerance. If not, the prices run off to infinity: the totals can
        not be met by cells that are all positive.
    """

    prices: Array
    cells: Cells
    error: float
    steps: int
    met: bool


def minimise_dual(
    start: Array,
    state: Callable[[Array], State[Cells]],
    direction: Callable[[Cells, Array, float], Array | None],
    measure: Callable[[Array, Cells], float],
    *,
    tolerance: float,
    max_steps: int,
    polish: bool = True,
) -> DualFit[Cells]:
    """Minimise a convex dual by Newton's method with line search.

    Parameters
    ----------
    start
        First prices, shape ``(k,)``.
    state
        Cells, value and gradient at given prices. Cells may be whatever the other two functions need.
    direction
        Newton step, shape ``(k,)``, at given cells, gradient and error; None where there is none.
        :func:`along` makes it from a Hessian.
    measure
        Error of the totals from the gradient and the cells.
    tolerance
        Error at which to stop.
    max_steps
        Limit of Newton steps.
    polish
        Take one step more at the end: it costs little and ends at machine precision.

    Returns
    -------
    DualFit
        Of the last point; see its ``met``.

    Examples
    --------
    >>> import numpy as np
    >>> from corridors.numerics.dual import along, minimise_dual
    >>> fit = minimise_dual(
    ...     np.zeros(1),
    ...     lambda p: (np.exp(p), float(np.exp(p).sum() - 3 * p.sum()), np.exp(p) - 3),
    ...     along(lambda x, _: np.diag(x)),
    ...     lambda gradient, _: float(abs(gradient).max()),
    ...     tolerance=1e-12,
    ...     max_steps=50,
    ... )
    >>> fit.cells.round(9).tolist(), fit.met
    ([3.0], True)
    """
    with one_blas_thread():
        prices, now = start, state(start)
        error = measure(now[2], now[0])
        for step in range(max_steps):
            met = error <= tolerance
            if met and not polish:
                return DualFit(prices, now[0], error, step, met=True)
            move = direction(now[0], now[2], error)
            if met:
                last = prices if move is None else prices + move
                after = state(last)
                if measure(after[2], after[0]) < error:
                    prices, now, error = last, after, measure(after[2], after[0])
                return DualFit(prices, now[0], error, step, met=True)
            moved = None if move is None else _line_search(state, measure, prices, move, now, error)
            if moved is None:
                return DualFit(prices, now[0], error, step, met=False)
            prices, now, error = moved
    return DualFit(prices, now[0], error, max_steps, met=False)


def _line_search(
    state: Callable[[Array], State[Cells]],
    measure: Callable[[Array, Cells], float],
    prices: Array,
    move: Array,
    now: State[Cells],
    error: float,
) -> tuple[Array, State[Cells], float] | None:
    slope, length = float(now[2] @ move), 1.0
    for _ in range(_HALVINGS):
        trial = prices + length * move
        then = state(trial)
        if np.isfinite(then[1]):
            after = measure(then[2], then[0])
            # Near the optimum the value is flat to rounding; the error still tells.
            lower = then[1] <= now[1] + 1e-4 * length * slope
            if lower or (length == 1.0 and after < error / 2):
                return trial, then, after
        length /= 2
    return None


def along(
    curvature: Callable[[Cells, float], Array],
) -> Callable[[Cells, Array, float], Array | None]:
    """Newton steps from a Hessian that may be singular where prices are free.

    Parameters
    ----------
    curvature
        Hessian, shape ``(k, k)``, at given cells and error.

    Returns
    -------
    callable
        The ``direction`` of :func:`minimise_dual`.

    Examples
    --------
    >>> import numpy as np
    >>> from corridors.numerics.dual import along
    >>> along(lambda x, _: np.diag(x))(np.array([2.0]), np.array([6.0]), 0.0).round(9).tolist()
    [-3.0]
    """

    def direction(cells: Cells, gradient: Array, error: float) -> Array | None:
        # Scaling by the diagonal keeps small places as visible as large ones; the ridge fixes
        # the prices that are free, which the cells do not feel.
        hessian = curvature(cells, error)
        diagonal = hessian.diagonal()
        root = np.sqrt(np.where(diagonal > 0, diagonal, 1.0))
        scaled = hessian / root[:, None] / root
        scaled[np.diag_indices_from(scaled)] += RIDGE
        try:
            return -cho_solve(cho_factor(scaled), gradient / root) / root
        except (LinAlgError, ValueError):
            return None

    return direction
