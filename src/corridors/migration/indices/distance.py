"""How far people move."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from corridors.migration.indices.gravity import gravity_fit
from corridors.migration.indices.index_inputs import (
    Compat,
    distances,
    flow_table,
    known_compat,
    off_diagonal,
    ratio,
)
from corridors.numerics.typing import Array


def mean_distance(flows: ArrayLike, distance: ArrayLike) -> Array:
    """Mean distance of a move.

    Parameters
    ----------
    flows
        Shape ``(..., n, n)``, origin by destination; the diagonal is ignored.
    distance
        Shape ``(n, n)``, any unit of length, positive off the diagonal.

    Returns
    -------
    ndarray
        Shape ``(...)``, unit of ``distance``; NaN without moves.

    Raises
    ------
    DataError
        Shapes differ, or a distance is not positive.

    Examples
    --------
    >>> from corridors.migration.indices import mean_distance
    >>> float(mean_distance([[0, 3], [1, 0]], [[0, 10], [20, 0]]))
    12.5
    """
    table = flow_table(flows)
    length = distances(distance, table.shape[-1])
    return ratio((table * length).sum((-2, -1)), table.sum((-2, -1)))


def median_distance(flows: ArrayLike, distance: ArrayLike, *, compat: Compat | None = None) -> Array:
    """Distance that half of the moves do not exceed.

    Moves are spread evenly around each distance: the median is interpolated between the
    midpoints of cumulated moves, so it does not jump when a flow changes a little.

    Parameters
    ----------
    flows, distance
        As in :func:`mean_distance`.
    compat
        ``"migest"`` keeps corridors of equal length apart, in the order of rows. The median
        of a symmetric distance table then depends on how moves divide between both
        directions and on the order of places (or on the last digit of the distances). The
        default adds corridors of equal length up.

    Returns
    -------
    ndarray
        Shape ``(...)``, unit of ``distance``; NaN without moves.

    Raises
    ------
    DataError
        As in :func:`mean_distance`.

    Notes
    -----
    Bell et al. (2002).

    Examples
    --------
    >>> from corridors.migration.indices import median_distance
    >>> float(median_distance([[0, 3, 0], [3, 0, 2], [0, 2, 0]], [[0, 1, 2], [1, 0, 3], [2, 3, 0]]))
    1.8
    """
    table = flow_table(flows)
    apart = known_compat(compat)
    length = off_diagonal(distances(distance, table.shape[-1])).ravel()
    cells = off_diagonal(table).reshape(-1, length.size)
    found = np.array([_median(length, moves, apart) for moves in cells])
    return found.reshape(table.shape[:-2])


def distance_decay(flows: ArrayLike, distance: ArrayLike) -> Array:
    """How fast moves thin out with distance, net of the size of places.

    Parameters
    ----------
    flows, distance
        As in :func:`mean_distance`.

    Returns
    -------
    ndarray
        Shape ``(...)``: per cent fewer moves (if negative) at a distance one per cent
        longer. NaN without moves, where the flows do not tell distance from the effects of
        origins and destinations, and where distance separates used from empty corridors.

    Raises
    ------
    DataError
        As in :func:`mean_distance`, or a fit that does not converge.

    Notes
    -----
    Flowerdew and Aitkin (1982): coefficient of log distance in a Poisson regression with
    an effect for each origin and each destination.

    Examples
    --------
    >>> import numpy as np
    >>> from corridors.migration.indices import distance_decay
    >>> length = np.array([[0, 1, 2, 4], [1, 0, 3, 2], [2, 3, 0, 5], [4, 2, 5, 0.0]])
    >>> moves = np.divide(1000, length, where=length > 0, out=np.zeros((4, 4)))
    >>> float(distance_decay(moves, length).round(6))
    -1.0
    """
    table = flow_table(flows)
    n = table.shape[-1]
    length = distances(distance, n)
    return gravity_fit(table, np.log(length + np.eye(n))).slope


def _median(length: Array, moves: Array, apart: bool) -> float:
    if not moves.sum() > 0:
        return float("nan")
    if apart:
        order = np.argsort(length, kind="stable")
        points, mass = length[order], moves[order]
    else:
        used = moves > 0
        points, position = np.unique(length[used], return_inverse=True)
        mass = np.bincount(position, moves[used])
    middle = (np.cumsum(mass) - mass / 2) / mass.sum()
    return float(np.interp(0.5, middle, points))
