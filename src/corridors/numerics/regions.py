"""Blocks and stripes of a table sorted by region, and the factors behind a fitted table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy.sparse import block_array, csr_array
from scipy.sparse.csgraph import breadth_first_order, connected_components

from corridors.errors import DataError
from corridors.numerics.typing import Array, Ids


def two_way_factors(seed: ArrayLike, table: ArrayLike) -> tuple[Array, Array]:
    """Factors of rows and columns that turn a seed into a fitted table.

    Parameters
    ----------
    seed, table
        Shape ``(m, n)``; for more axes, sum over them first.

    Returns
    -------
    alpha, beta
        ``table = alpha[:, None] * beta * seed``. One constant of each connected part is
        free: the geometric mean of beta, weighted by the column totals, is one. Factors
        of empty rows and columns are zero.

    Examples
    --------
    >>> from corridors.numerics.regions import two_way_factors
    >>> alpha, beta = two_way_factors([[1, 1], [1, 1]], [[2, 2], [4, 4]])
    >>> alpha.tolist(), beta.tolist()
    ([2.0, 4.0], [1.0, 1.0])
    """
    a, x = np.asarray(seed, dtype=np.float64), np.asarray(table, dtype=np.float64)
    if a.ndim != 2 or a.shape != x.shape:
        raise DataError(f"seed and table must be alike, not of shapes {a.shape} and {x.shape}")
    live = (a > 0) & (x > 0)
    log_ratio = np.log(np.where(live, x, 1.0)) - np.log(np.where(live, a, 1.0))
    graph = csr_array(block_array([[None, csr_array(live)], [csr_array(live.T), None]]))
    m = a.shape[0]
    log_factor, weight = np.zeros(sum(a.shape)), np.append(np.zeros(m), x.sum(0))
    _, part = connected_components(graph, directed=False)
    for first in np.unique(part, return_index=True)[1].tolist():
        order, before = breadth_first_order(graph, first, directed=False)
        for node in order[1:].tolist():
            i, j = sorted((node, int(before[node])))
            log_factor[node] = log_ratio[i, j - m] - log_factor[before[node]]
        if weight[order].sum() > 0:
            mean = np.average(log_factor[order], weights=weight[order])
            log_factor[order] += np.where(order < m, mean, -mean)
    factor = np.where(np.append(live.any(1), live.any(0)), np.exp(log_factor), 0.0)
    return factor[:m], factor[m:]


def block_ids(rows: Sequence[int], columns: Sequence[int] | None = None) -> Ids:
    """Number of the block of each cell, where places are sorted by region.

    Parameters
    ----------
    rows, columns
        Number of places of each region along the rows and along the columns (the same
        where not given).

    Returns
    -------
    ndarray
        Blocks counted row by row from 0: totals of shape ``(regions, regions)`` belong to it.

    Examples
    --------
    >>> from corridors.numerics.regions import block_ids
    >>> block_ids([1, 2]).tolist()
    [[0, 1, 1], [2, 3, 3], [2, 3, 3]]
    """
    down = np.repeat(np.arange(len(rows), dtype=np.int64), rows)
    across = np.repeat(np.arange(len(columns or rows), dtype=np.int64), columns or rows)
    return down[:, None] * len(columns or rows) + across


def stripe_ids(sizes: Sequence[int], *, along: Literal["rows", "columns"] = "rows") -> Ids:
    """Number of the stripe of each cell: one place on one side, one region on the other.

    Parameters
    ----------
    sizes
        Number of places of each region.
    along
        ``"rows"``: each row by region of destination, totals of shape ``(n, regions)``;
        ``"columns"``: region of origin by each column, shape ``(regions, n)``.

    Examples
    --------
    >>> from corridors.numerics.regions import stripe_ids
    >>> stripe_ids([1, 2]).tolist()
    [[0, 1, 1], [2, 3, 3], [4, 5, 5]]
    """
    single = [1] * sum(sizes)
    return block_ids(single, sizes) if along == "rows" else block_ids(sizes, single)
