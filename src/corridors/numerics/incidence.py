"""Totals as sums over cells: which cell counts where, and the least repair of totals."""

from __future__ import annotations

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_array, csr_array, eye_array, hstack
from scipy.sparse.csgraph import connected_components

from corridors.numerics.typing import Array, Mask

EXACT = {"primal_feasibility_tolerance": 1e-9, "dual_feasibility_tolerance": 1e-9}


def off_diagonal(table: Array) -> Array:
    """A copy of a square table without its diagonal.

    Stayers can be a million times as many as movers; taken along in sums that then
    cancel, they would drown the movers in rounding.

    Examples
    --------
    >>> import numpy as np
    >>> from corridors.numerics.incidence import off_diagonal
    >>> off_diagonal(np.ones((2, 2))).tolist()
    [[0.0, 1.0], [1.0, 0.0]]
    """
    moves = table.copy()
    np.fill_diagonal(moves, 0.0)
    return moves


def net_of(table: Array) -> Array:
    """Arrivals less departures, column sums less row sums, shape ``(n,)``.

    Examples
    --------
    >>> import numpy as np
    >>> from corridors.numerics.incidence import net_of
    >>> net_of(np.array([[0.0, 5.0], [2.0, 0.0]])).tolist()
    [-3.0, 3.0]
    """
    moves = off_diagonal(table)
    return moves.sum(0) - moves.sum(1)


def least_repair(incidence: csr_array, totals: Array) -> tuple[Array, Array]:
    """The least change of totals under which non-negative cells can meet them.

    Parameters
    ----------
    incidence
        What a unit of each cell adds to each total, shape ``(k, cells)``.
    totals
        Wanted totals, shape ``(k,)``.

    Returns
    -------
    change, cells
        Least sum of absolute changes by linear program, shape ``(k,)``, and a filling,
        shape ``(cells,)``.

    Examples
    --------
    >>> import numpy as np
    >>> from scipy.sparse import csr_array
    >>> from corridors.numerics.incidence import least_repair
    >>> least_repair(csr_array(np.ones((2, 1))), np.array([3.0, 3.0]))[0].tolist()
    [0.0, 0.0]
    """
    # HiGHS judges feasibility by an absolute 1e-9: this unit makes it 1e-15 of the total.
    unit = max(float(np.abs(totals).sum()), 1e-300) * 1e-6
    k, cells = totals.size, int((incidence.T @ totals).size)
    identity = eye_array(k)
    solution = linprog(
        np.concatenate([np.zeros(cells), np.ones(2 * k)]),
        A_eq=hstack([incidence, -identity, identity]).tocsr(),
        b_eq=totals / unit,
        method="highs",
        options=EXACT,
    )
    if solution.status != 0:
        raise ArithmeticError(f"the linear program of least repair failed: {solution.message}")
    x = np.asarray(solution.x, dtype=np.float64)
    up, down = x[cells:-k], x[-k:]
    change = np.where(np.abs(up - down) > 1e-6, up - down, 0.0) * unit
    filling = np.where(x[:cells] > 1e-6, x[:cells], 0.0) * unit
    return change, filling


def net_incidence(allowed: Mask) -> csr_array:
    """What each allowed cell adds to each net total, shape ``(n, cells)``, cells row by row.

    Examples
    --------
    >>> import numpy as np
    >>> from corridors.numerics.incidence import net_incidence
    >>> net_incidence(np.array([[False, True], [False, False]])).toarray().tolist()
    [[-1.0], [1.0]]
    """
    i, j = np.nonzero(allowed)
    cell, one = np.arange(i.size), np.ones(i.size)
    place = (np.concatenate([j, i]), np.concatenate([cell, cell]))
    shape = (allowed.shape[0], i.size)
    return csr_array(coo_array((np.concatenate([one, -one]), place), shape=shape))


def usable_cells(allowed: Mask, filling: Array) -> Mask:
    """Cells that are positive in at least one table with the net totals of a filling.

    A cell is usable where it is filled, or where it lies on a cycle of allowed cells
    and of filled cells taken backwards.

    Examples
    --------
    >>> import numpy as np
    >>> from corridors.numerics.incidence import usable_cells
    >>> way_out = np.array([[False, True], [False, False]])
    >>> bool(usable_cells(way_out, np.array([0.0])).any())
    False
    """
    filled = np.zeros(allowed.shape, dtype=np.bool_)
    filled[allowed] = filling > 0
    _, part = connected_components(csr_array(allowed | filled.T), connection="strong")
    return allowed & (filled | (part[:, None] == part))
