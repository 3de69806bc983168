"""Projections of a bilateral table on net totals.

Net totals say how many more arrive than leave; they leave a whole family of
tables open. The nearest table to a prior one is unique by Kullback-Leibler
divergence and by squares, where Newton's method on the dual needs one unknown
per place, and a linear program by absolute differences.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array, hstack
from scipy.sparse.csgraph import connected_components

from corridors.numerics.dual import MAX_LOG_FACTOR, State, along, minimise_dual
from corridors.numerics.incidence import EXACT, net_incidence, net_of, off_diagonal
from corridors.numerics.typing import Array, Mask


@dataclass(frozen=True, slots=True)
class ProjectedTable:
    """A table projected on net totals, with the prices that prove it nearest.

    Attributes
    ----------
    table
        Shape ``(n, n)``, origin by destination, unit of the prior.
    prices
        Multipliers of the net totals, shape ``(n,)``; what counts is ``price[j] - price[i]``.
    steps
        Newton steps; 0 where a linear program answered.
    """

    table: Array
    prices: Array
    steps: int


def project_kl(
    prior: Array,
    net: Array,
    *,
    total: float | None = None,
    tolerance: float = 1e-10,
    max_steps: int = 100,
) -> ProjectedTable | None:
    """Table of least Kullback-Leibler divergence from a prior with given net totals.

    Parameters
    ----------
    prior
        Non-negative table, shape ``(n, n)``; zero cells stay zero.
    net
        Arrivals less departures, shape ``(n,)``, adding up to zero.
    total
        Sum of all cells, where known.
    tolerance
        Largest error of a net total, relative to the arrivals and departures of the place.
    max_steps
        Limit of Newton steps.

    Returns
    -------
    ProjectedTable or None
        None where it does not converge: no such table, or only with cells emptied.

    Notes
    -----
    ``y[i, j] = m[i, j] * exp(p[j] - p[i])``, times one factor where the total is known
    (Willekens 1999; Abel 2013). The dual ``sum(y) - net @ p`` is convex in ``p``.

    Examples
    --------
    >>> import numpy as np
    >>> from corridors.numerics.projections import project_kl
    >>> answer = project_kl(np.array([[0.0, 10.0], [10.0, 0.0]]), np.array([-15.0, 15.0]))
    >>> answer.table.round(6).tolist()
    [[0.0, 20.0], [5.0, 0.0]]
    """

    def state(p: Array) -> State[Array]:
        if np.ptp(p) > MAX_LOG_FACTOR:
            return prior, np.inf, np.full_like(net, np.inf)
        factor = np.exp(p - p.mean())
        y = prior / factor[:, None] * factor
        np.fill_diagonal(y, prior.diagonal())
        size = float(y.sum())
        if total is None:
            return y, size - float(net @ p), net_of(y) - net
        y *= total / size
        return y, total * float(np.log(size)) - float(net @ p), net_of(y) - net

    def curvature(y: Array, _: float) -> Array:
        hessian = _laplacian(y)
        if total is not None:
            hessian -= np.outer(net_of(y), net_of(y) / total)
        return hessian

    if total is not None and not prior.any():
        return None
    start = _balanced_start(prior, net) if total is None else np.zeros_like(net)
    return _project(start, state, curvature, np.abs(net), tolerance, max_steps)


def project_l2(
    prior: Array,
    net: Array,
    *,
    allowed: Mask,
    weights: Array,
    tolerance: float = 1e-12,
    max_steps: int = 200,
) -> ProjectedTable | None:
    """Non-negative table of least weighted squared distance from a prior with given net totals.

    Parameters
    ----------
    prior, net, max_steps
        As in :func:`project_kl`.
    allowed
        Cells that may be positive, shape ``(n, n)``.
    weights
        Positive weights of the squared differences, shape ``(n, n)``.
    tolerance
        Largest error of a net total, relative to arrivals and departures.

    Notes
    -----
    ``y = max(0, m + (p[j] - p[i]) / w)``; the dual is convex and piecewise quadratic, so
    that Newton's method ends exactly once it knows which cells are zero (Qi and Sun 1993).

    Examples
    --------
    >>> import numpy as np
    >>> from corridors.numerics.projections import project_l2
    >>> m = np.array([[0.0, 10.0], [10.0, 0.0]])
    >>> one = np.ones((2, 2))
    >>> project_l2(m, np.array([-4.0, 4.0]), allowed=one > 0, weights=one).table.tolist()
    [[0.0, 12.0], [8.0, 0.0]]
    """
    slack = np.where(allowed, 1.0 / weights, 0.0)

    def state(p: Array) -> State[Array]:
        y = np.maximum(prior + (p - p[:, None]) * slack, 0.0)
        return y, float((weights * y * y).sum()) / 2 - float(net @ p), net_of(y) - net

    def curvature(y: Array, residual: float) -> Array:
        # A place whose cells are all zero would have no curvature; closed cells lend some,
        # which fades as the fit closes.
        closed = 1e-2 * min(1.0, residual)
        return _laplacian(np.where(y > 0, 1.0, closed) * slack)

    # Squares know no small places: errors count against the largest turnover as well.
    moves = off_diagonal(prior)
    size = np.abs(net) + 1e-2 * (moves.sum(0) + moves.sum(1) + np.abs(net)).max(initial=0.0)
    return _project(np.zeros_like(net), state, curvature, size, tolerance, max_steps)


def project_l1(prior: Array, net: Array, *, allowed: Mask, weights: Array) -> ProjectedTable | None:
    """Non-negative table of least weighted absolute distance from a prior with given net totals.

    Parameters as in :func:`project_l2`. The least distance is unique, the table is not:
    adding to one direction of a corridor and taking from the other cost the same.

    Examples
    --------
    >>> import numpy as np
    >>> from corridors.numerics.projections import project_l1
    >>> m = np.array([[0.0, 10.0], [10.0, 0.0]])
    >>> one = np.ones((2, 2))
    >>> answer = project_l1(m, np.array([-4.0, 4.0]), allowed=one > 0, weights=one)
    >>> float(abs(answer.table - m).sum())
    4.0
    """
    unit = max(float(np.abs(net).sum()), float(off_diagonal(prior).sum()), 1e-300) * 1e-6
    open_cells = allowed & ~np.eye(net.size, dtype=np.bool_)
    reducible = open_cells & (prior > 0)
    missing = net - net_of(prior)
    # The first place of each connected part follows from the others; to ask for it as well
    # would make rounding look like a contradiction.
    _, part = connected_components(csr_array(open_cells), directed=False)
    if np.any(np.abs(np.bincount(part, missing)) > 1e-3 * unit):
        return None
    asked = np.ones(net.size, dtype=np.bool_)
    asked[np.unique(part, return_index=True)[1]] = False
    if not asked.any():
        return ProjectedTable(prior, np.zeros_like(net), 0)
    upper = np.concatenate([np.full(int(open_cells.sum()), np.inf), prior[reducible] / unit])
    solution = linprog(
        np.concatenate([weights[open_cells], weights[reducible]]),
        A_eq=hstack([net_incidence(open_cells)[asked], -net_incidence(reducible)[asked]]).tocsr(),
        b_eq=missing[asked] / unit,
        bounds=np.column_stack([np.zeros(upper.size), upper]),
        method="highs",
        options=EXACT,
    )
    if solution.status != 0:
        return None
    table, prices = prior.copy(), np.zeros_like(net)
    added = int(open_cells.sum())
    table[open_cells] += solution.x[:added] * unit
    table[reducible] -= solution.x[added:] * unit
    prices[asked] = solution.eqlin.marginals
    return ProjectedTable(np.where(table > 1e-12 * prior, table, 0.0), prices, 0)


def _project(
    start: Array,
    state: Callable[[Array], State[Array]],
    curvature: Callable[[Array, float], Array],
    size: Array,
    tolerance: float,
    max_steps: int,
) -> ProjectedTable | None:
    def measure(gradient: Array, y: Array) -> float:
        moves = off_diagonal(y)
        scale = moves.sum(0) + moves.sum(1) + size
        return float(np.max(np.abs(gradient) / np.where(scale > 0, scale, 1.0), initial=0.0))

    fit = minimise_dual(start, state, along(curvature), measure, tolerance=tolerance, max_steps=max_steps)
    return ProjectedTable(fit.cells, fit.prices - fit.prices.mean(), fit.steps) if fit.met else None


def _laplacian(weight: Array) -> Array:
    both = -(weight + weight.T)
    both[np.diag_indices_from(both)] = 0.0
    both[np.diag_indices_from(both)] = -both.sum(1)
    return both


def _balanced_start(prior: Array, net: Array) -> Array:
    """A few damped sweeps of the place-by-place solution, which is a quadratic root."""
    off = off_diagonal(prior)
    p = np.zeros_like(net)
    for _ in range(4):
        factor = np.exp(p)
        leaving, arriving = off @ factor, off.T @ (1 / factor)
        size = np.abs(net) + np.sqrt(net**2 + 4 * leaving * arriving)
        # arriving * f - leaving / f = net, solved without cancellation.
        upper, lower = np.where(net > 0, size, 2 * leaving), np.where(net > 0, 2 * arriving, size)
        fine = (upper > 0) & (lower > 0)
        root = np.log(np.where(fine, upper, 1.0) / np.where(fine, lower, 1.0))
        p = np.where(fine, (p + root) / 2, p)
        p = np.clip(p - p.mean(), -50.0, 50.0)
    return p
