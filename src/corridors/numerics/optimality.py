"""Distances of tables, and the proof that a table is the nearest."""

from __future__ import annotations

from typing import Literal

import numpy as np

from corridors.numerics.incidence import net_of, off_diagonal
from corridors.numerics.projections import ProjectedTable
from corridors.numerics.typing import Array, Mask

Distance = Literal["kl", "l1", "l2"]


def divergence(y: Array, m: Array, w: Array, distance: Distance) -> float:
    """Distance of a table from a prior: what the projections minimise.

    Parameters
    ----------
    y, m, w
        Table, prior and weights (not used by ``"kl"``), shape ``(n, n)``.
    distance
        ``"kl"``: ``sum(y log(y/m) - y + m)``; ``"l1"``: ``sum(w |y - m|)``; ``"l2"``:
        ``sum(w (y - m)²)``.

    Examples
    --------
    >>> import numpy as np
    >>> from corridors.numerics.optimality import divergence
    >>> divergence(np.full((2, 2), 3.0), np.ones((2, 2)), np.ones((2, 2)), "l2")
    16.0
    """
    if distance == "l1":
        return float((w * np.abs(y - m)).sum())
    if distance == "l2":
        return float((w * (y - m) ** 2).sum())
    live = (y > 0) & (m > 0)
    log_ratio = np.log(np.where(live, y, 1.0)) - np.log(np.where(live, m, 1.0))
    return float((y * log_ratio - y + m).sum())


def kkt_residual(
    answer: ProjectedTable,
    net: Array,
    prior: Array,
    allowed: Mask,
    weights: Array,
    distance: Distance,
    *,
    total: float | None = None,
) -> float:
    """Largest relative violation of the conditions under which a table is the nearest.

    Parameters
    ----------
    answer
        Table and prices.
    net, prior, allowed, weights, distance, total
        The question, as in :func:`corridors.migration.net_matrix`, as arrays.

    Returns
    -------
    float
        The largest of: error of a net total, by the largest turnover; negative cells;
        the slope of the distance less the price difference where it is not met by a bound.

    Notes
    -----
    Karush (1939), Kuhn and Tucker (1951): for a convex distance these are sufficient.

    Examples
    --------
    >>> import numpy as np
    >>> from corridors.numerics.optimality import kkt_residual
    >>> from corridors.numerics.projections import ProjectedTable
    >>> m = np.array([[0.0, 10.0], [10.0, 0.0]])
    >>> guess = ProjectedTable(np.array([[0.0, 14.0], [10.0, 0.0]]), np.zeros(2), 0)
    >>> kkt_residual(guess, np.array([-4.0, 4.0]), m, m > 0, np.ones((2, 2)), "l2") > 0.01
    True
    """
    y, gap = answer.table, answer.prices - answer.prices[:, None]
    moves = off_diagonal(y) + off_diagonal(prior)
    turnover = moves.sum(0) + moves.sum(1) + np.abs(net)
    scale = float(turnover.max(initial=0.0)) or 1.0
    primal = max(float(np.abs(net_of(y) - net).max(initial=0.0)), float(-y.min(initial=0.0))) / scale
    primal = max(primal, float(y[~allowed].sum()) / scale)
    if distance == "kl":
        live = allowed & (y > 0)
        slope = np.log(np.where(live, y, 1.0)) - np.log(np.where(live, prior, 1.0)) - gap
        slope = slope[live]
        if total is not None and slope.size:
            # A known total adds one factor common to all cells.
            slope = slope - slope.mean()
            primal = max(primal, abs(float(y.sum()) - total) / total)
        return max(primal, float(np.abs(slope).max(initial=0.0)))
    if distance == "l2":
        slack = y - prior - gap / weights
        broken = np.where(y > 0, np.abs(slack), np.maximum(-slack, 0.0)) / scale
    else:
        room = 1e-9 * scale
        low = np.where(y > prior + room, weights, np.where(y > room, -weights, -np.inf))
        high = np.where(y < prior - room, -weights, weights)
        broken = np.maximum(np.maximum(low - gap, gap - high), 0.0) / weights
    return max(primal, float(broken[allowed].max(initial=0.0)))
