"""Newton's method on the dual of a fit to totals of which some are exact, some soft, some free.

The fitted table is ``Q[i, j] * exp(u[i] + v[j])``, the least of

``KL(T | Q) + sum_i a[i] KL(row_i | r[i]) + sum_j b[j] KL(column_j | c[j])``

where the weight ``a`` or ``b`` of a total is infinite if it is exact and zero if it is free. A soft
total is missed by the factor ``exp(-u/a)``. The dual in ``(u, v)`` is convex; with rows eliminated a
step costs the cube of the number of columns, however many rows (years) there are.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from corridors.numerics.dual import MAX_LOG_FACTOR, Factor, State, minimise_dual
from corridors.numerics.typing import Array, Mask


@dataclass(frozen=True, slots=True)
class Totals:
    """Wanted totals of one side.

    Attributes
    ----------
    wanted
        Shape ``(k,)``; ignored where free.
    weight
        Weight of missing a total, relative to leaving the prior: infinite for exact, 0 for free.
    """

    wanted: Array
    weight: Array

    @property
    def free(self) -> Mask:
        """Which totals bind nothing."""
        return (self.weight == 0) | (self.wanted == 0)

    @property
    def exact(self) -> Mask:
        """Which totals must be met."""
        return np.isinf(self.weight) & ~self.free

    def aimed(self, prices: Array) -> tuple[Array, Array, float]:
        """Aim at given prices, its curvature, and the value added to the dual.

        Examples
        --------
        >>> import numpy as np
        >>> from corridors.numerics.soft_totals import Totals
        >>> aim, bend, value = Totals(np.array([4.0]), np.array([2.0])).aimed(np.zeros(1))
        >>> aim.tolist(), bend.tolist(), value
        ([4.0], [2.0], 8.0)
        """
        soft = ~self.free & ~self.exact
        aim = np.where(self.free, 0.0, self.wanted)
        bend = np.zeros_like(aim)
        aim[soft] *= np.exp(-prices[soft] / self.weight[soft])
        bend[soft] = aim[soft] / self.weight[soft]
        value = float((self.weight[soft] * aim[soft]).sum() - (aim[self.exact] * prices[self.exact]).sum())
        return aim, bend, value


@dataclass(frozen=True, slots=True)
class SoftFit:
    """A table fitted to exact and soft totals.

    Attributes
    ----------
    table
        Shape ``(m, n)``.
    rows, columns
        Log factors, shapes ``(m,)`` and ``(n,)``.
    residual
        Largest relative distance of a total from what it should be.
    steps
        Newton steps.
    """

    table: Array
    rows: Array
    columns: Array
    residual: float
    steps: int


@dataclass(frozen=True, slots=True)
class _Point:
    table: Array
    bend: tuple[Array, Array]
    error: float


def fit_soft(
    prior: Array, rows: Totals, columns: Totals, *, tolerance: float = 1e-11, max_steps: int = 100
) -> SoftFit | None:
    """Fit a table to totals, some exact and some soft.

    Parameters
    ----------
    prior
        Non-negative, shape ``(m, n)``. A zero cell stays zero.
    rows, columns
        Wanted totals and their weights. Rows and columns whose exact total is 0 must be empty in the prior.
    tolerance
        Largest relative error of a total at which to stop.
    max_steps
        Limit of Newton steps.

    Returns
    -------
    SoftFit or None
        None where the factors run off to infinity: the exact totals contradict the zeros.

    Notes
    -----
    Unbalanced optimal transport in its dual form: Chizat, Peyré, Schmitzer and Vialard (2018).

    Examples
    --------
    >>> import numpy as np
    >>> from corridors.numerics.soft_totals import Totals, fit_soft
    >>> exact, soft = np.full(2, np.inf), np.array([1.0, 0.0])
    >>> rows, columns = Totals(np.array([5.0, 5.0]), exact), Totals(np.array([2.0, 0.0]), soft)
    >>> fit_soft(np.ones((2, 2)), rows, columns).table.sum(0).round(3).tolist()
    [3.583, 6.417]
    """
    held = prior.sum(1)
    start = np.zeros(held.size)
    sure = rows.exact & (held > 0)
    start[sure] = np.log(rows.wanted[sure] / held[sure])
    # One sweep for the soft columns: far-off reports would cost a step for each factor of e.
    across = (prior * np.exp(start)[:, None]).sum(0)
    lean = np.zeros(across.size)
    soft = ~columns.free & ~columns.exact & (across > 0)
    pull = columns.weight[soft] / (1 + columns.weight[soft])
    lean[soft] = pull * np.log(columns.wanted[soft] / across[soft])
    fit = minimise_dual(
        np.concatenate([start, lean]),
        lambda prices: _state(prior, rows, columns, prices),
        lambda point, gradient, error, factor: _direction(
            point, gradient, error, factor, rows.free, columns.free
        ),
        lambda _, point: point.error,
        tolerance=tolerance,
        max_steps=max_steps,
        polish=False,
    )
    if not fit.met:
        return None
    u, v = np.split(fit.prices, [held.size])
    return SoftFit(fit.cells.table, u, v, fit.error, fit.steps)


def _state(prior: Array, rows: Totals, columns: Totals, prices: Array) -> State[_Point]:
    u, v = np.split(prices, [len(prior)])
    # A trial step may overflow; it is then refused.
    with np.errstate(over="ignore", invalid="ignore"):
        table = prior * np.exp(u)[:, None] * np.exp(v)
        row_aim, row_bend, row_value = rows.aimed(u)
        column_aim, column_bend, column_value = columns.aimed(v)
        down = np.where(rows.free, 0.0, table.sum(1) - row_aim)
        across = np.where(columns.free, 0.0, table.sum(0) - column_aim)
        scale = (np.where(row_aim > 0, row_aim, 1.0), np.where(column_aim > 0, column_aim, 1.0))
        error = max(
            float(np.max(np.abs(down) / scale[0], initial=0.0)),
            float(np.max(np.abs(across) / scale[1], initial=0.0)),
        )
        value = float(table.sum()) + row_value + column_value
    # A cell has a factor of its row and one of its column: each may take half of the room.
    near = np.abs(prices).max(initial=0.0) < MAX_LOG_FACTOR / 2
    point = _Point(table, (row_bend, column_bend), error)
    return point, value if near else np.inf, np.concatenate([down, across])


def _direction(
    point: _Point, gradient: Array, error: float, factor: Factor, free_rows: Mask, free_columns: Mask
) -> Array | None:
    # A free column never moves: the system is of the others.
    bound = np.flatnonzero(~free_columns)
    x = np.where(free_rows[:, None], 0.0, point.table[:, bound])
    across_rows = np.where(free_rows, 1.0, point.table.sum(1) + point.bend[0])
    across_rows = np.where(across_rows > 0, across_rows, 1.0)

    def system() -> tuple[Array, Array]:
        half = x / np.sqrt(across_rows)[:, None]
        system = half.T @ half
        np.negative(system, out=system)
        down_columns = (point.table.sum(0) + point.bend[1])[bound]
        system[np.diag_indices_from(system)] += down_columns
        return system, down_columns

    down, across = np.split(gradient, [len(x)])
    moved = factor.solved(system, x.T @ (down / across_rows) - across[bound], error)
    if moved is None:
        return None
    dv = np.zeros_like(across)
    dv[bound] = moved
    return np.concatenate([(-down - x @ moved) / across_rows, dv])
