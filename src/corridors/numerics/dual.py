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
# A factor serves the next step, too, while the error falls to this share: a digit for a fifth of the cost.
_SERVES = 0.1


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


class Factor:
    """The factor of a Hessian, kept from step to step while it serves.

    Near the optimum the Hessian hardly changes, and to factorise it is most of the work of a step.

    Examples
    --------
    >>> import numpy as np
    >>> from corridors.numerics.dual import Factor
    >>> factor = Factor()
    >>> size, right = np.array([4.0, 9.0]), np.array([8.0, 9.0])
    >>> factor.solved(lambda: (np.diag(size), size), right, error=1.0).round(9).tolist()
    [2.0, 1.0]
    >>> factor.solved(lambda: (np.eye(2), np.ones(2)), right, error=0.05).round(9).tolist()
    [2.0, 1.0]
    """

    def __init__(self) -> None:
        self._held: tuple[tuple[Array, bool], Array] | None = None
        self._error = np.inf
        self.kept = False

    def solved(self, system: Callable[[], tuple[Array, Array]], right: Array, error: float) -> Array | None:
        """Solution of the system, by its own factor or the one kept; None where it has none.

        Parameters
        ----------
        system
            Makes the matrix, shape ``(k, k)``, symmetric and positive, and the size of each of its rows,
            shape ``(k,)``: scaling by it keeps small places as visible as large ones. Both may be changed.
        right
            Right side, shape ``(k,)``.
        error
            Error of the totals at this step.
        """
        self.kept = self._held is not None and error <= _SERVES * self._error
        self._error = error
        try:
            if self._held is None or not self.kept:
                matrix, size = system()
                root = np.sqrt(np.where(size > 0, size, 1.0))
                matrix /= root[:, None]
                matrix /= root
                # The ridge fixes the prices that are free, which the cells do not feel.
                matrix[np.diag_indices_from(matrix)] += RIDGE
                self._held = cho_factor(matrix, overwrite_a=True), root
            held, root = self._held
            return cho_solve(held, right / root) / root
        except (LinAlgError, ValueError):
            return None

    def forget(self) -> None:
        """Take the factor of the next system, however far the error has fallen."""
        self._held = None


def minimise_dual(
    start: Array,
    state: Callable[[Array], State[Cells]],
    direction: Callable[[Cells, Array, float, Factor], Array | None],
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
        Newton step, shape ``(k,)``, at given cells, gradient and error, by the :class:`Factor` that goes with
        the run; None where there is none. :func:`along` makes it from a Hessian.
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
        prices, now, factor = start, state(start), Factor()
        error = measure(now[2], now[0])
        for step in range(max_steps):
            met = error <= tolerance
            if met and not polish:
                return DualFit(prices, now[0], error, step, met=True)
            if met:
                factor.forget()
            move = direction(now[0], now[2], error, factor)
            if met:
                last = prices if move is None else prices + move
                after = state(last)
                if measure(after[2], after[0]) < error:
                    prices, now, error = last, after, measure(after[2], after[0])
                return DualFit(prices, now[0], error, step, met=True)
            moved = None if move is None else _line_search(state, measure, prices, move, now, error)
            if moved is None and factor.kept:
                factor.forget()
                move = direction(now[0], now[2], error, factor)
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
) -> Callable[[Cells, Array, float, Factor], Array | None]:
    """Newton steps from a Hessian that may be singular where prices are free.

    Parameters
    ----------
    curvature
        Hessian, shape ``(k, k)``, at given cells and error; a new array each time.

    Returns
    -------
    callable
        The ``direction`` of :func:`minimise_dual`.

    Examples
    --------
    >>> import numpy as np
    >>> from corridors.numerics.dual import Factor, along
    >>> along(lambda x, _: np.diag(x))(np.array([2.0]), np.array([6.0]), 0.0, Factor()).round(9).tolist()
    [-3.0]
    """

    def direction(cells: Cells, gradient: Array, error: float, factor: Factor) -> Array | None:
        def system() -> tuple[Array, Array]:
            hessian = curvature(cells, error)
            return hessian, hessian.diagonal().copy()

        return factor.solved(system, -gradient, error)

    return direction
