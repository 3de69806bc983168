"""How evenly moves spread over corridors."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from corridors.migration.indices.gravity import gravity_fit
from corridors.migration.indices.index_inputs import (
    Compat,
    all_cells,
    flow_table,
    known_compat,
    off_diagonal,
    oriented,
    ratio,
)
from corridors.numerics.typing import Array


def connectivity(flows: ArrayLike, *, threshold: float = 0.0) -> Array:
    """Share of corridors that are used.

    Parameters
    ----------
    flows
        Shape ``(..., n, n)``, origin by destination; the diagonal is ignored.
    threshold
        A corridor is used where more than this many move.

    Returns
    -------
    ndarray
        Shape ``(...)``, 0 to 1.

    Notes
    -----
    Bell et al. (2002).

    Examples
    --------
    >>> from corridors.migration.indices import connectivity
    >>> float(connectivity([[0, 3], [0, 0]]))
    0.5
    """
    cells = off_diagonal(flow_table(flows))
    return np.asarray((cells > threshold).mean((-2, -1)))


def inequality_equal(flows: ArrayLike) -> Array:
    """Share of moves that would have to change corridor for all to be equal.

    Parameters
    ----------
    flows
        Shape ``(..., n, n)``; the diagonal is ignored.

    Returns
    -------
    ndarray
        Shape ``(...)``, 0 to 1; NaN without moves.

    Notes
    -----
    Bell et al. (2002): ``½ sum|m/M - 1/(n(n-1))|``.

    Examples
    --------
    >>> from corridors.migration.indices import inequality_equal
    >>> float(inequality_equal([[0, 3], [1, 0]]))
    0.25
    """
    cells = off_diagonal(flow_table(flows))
    n = cells.shape[-2]
    share = ratio(cells, cells.sum((-2, -1))[..., None, None])
    return 0.5 * np.abs(share - 1.0 / (n * (n - 1))).sum((-2, -1))


def inequality_similarity(flows: ArrayLike) -> Array:
    """Share of moves that depart from independence of origin and destination.

    Parameters
    ----------
    flows
        Shape ``(..., n, n)``; the diagonal is ignored.

    Returns
    -------
    ndarray
        Shape ``(...)``, 0 to 1; NaN without moves.

    Notes
    -----
    Bell et al. (2002): ``½ sum|m - f| / M`` with ``f`` the table of the same departures
    and arrivals in which, off the diagonal, destination does not depend on origin.

    Examples
    --------
    >>> from corridors.migration.indices import inequality_similarity
    >>> float(inequality_similarity([[0, 2, 2], [2, 0, 2], [2, 2, 0]]).round(9))
    0.0
    """
    table = flow_table(flows)
    expected = gravity_fit(table).fitted
    return 0.5 * ratio(np.abs(table - expected).sum((-2, -1)), table.sum((-2, -1)))


def coefficient_of_variation(flows: ArrayLike, *, compat: Compat | None = None) -> Array:
    """Standard deviation of corridors over their mean.

    Parameters
    ----------
    flows
        Shape ``(..., n, n)``; the diagonal is ignored.
    compat
        ``"migest"`` takes ``sqrt(S / (N(N-1)) / mean)`` over ``N = n²`` cells with the empty
        diagonal, ``S`` the sum of squared deviations. A misplaced bracket makes it grow
        with the root of the unit of the flows, so it is no coefficient of variation.

    Returns
    -------
    ndarray
        Shape ``(...)``; NaN without moves.

    Notes
    -----
    Rogers and Raymer (1998).

    Examples
    --------
    >>> from corridors.migration.indices import coefficient_of_variation
    >>> float(coefficient_of_variation([[0, 3], [1, 0]]))
    0.5
    """
    table = flow_table(flows)
    if known_compat(compat):
        n = table.shape[-1] ** 2
        mean = table.mean((-2, -1))
        squares = ((table - mean[..., None, None]) ** 2).sum((-2, -1))
        return np.sqrt(ratio(squares / (n * (n - 1)), mean))
    cells = all_cells(table)
    return ratio(cells.std(-1), cells.mean(-1))


def aggregated_cv(flows: ArrayLike) -> Array:
    """Coefficients of variation of all rows and columns, weighted by their moves.

    Parameters
    ----------
    flows
        Shape ``(..., n, n)``; the diagonal is ignored.

    Returns
    -------
    ndarray
        Shape ``(...)``: the mean over columns plus the mean over rows; NaN without moves.

    Notes
    -----
    Rogers and Raymer (1998), the aggregate system-wide coefficient of variation.

    Examples
    --------
    >>> from corridors.migration.indices import aggregated_cv
    >>> float(aggregated_cv([[0, 3, 1], [2, 0, 2], [2, 2, 0]]).round(4))
    0.3333
    """
    table = flow_table(flows)
    parts = np.zeros(table.shape[:-2])
    for side in ("origins", "destinations"):
        rows = off_diagonal(oriented(table, side))
        own = rows.sum(-1)
        each = ratio(rows.std(-1), rows.mean(-1), empty=0.0)
        parts = parts + ratio((each * own).sum(-1), own.sum(-1))
    return parts
