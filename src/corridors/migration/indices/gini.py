"""Gini indices of flows, by sorting rather than by comparing all pairs."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

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

Side = Literal["origins", "destinations"]


def gini_total(flows: ArrayLike) -> Array:
    """Gini index of all corridors.

    Parameters
    ----------
    flows
        Shape ``(..., n, n)``; the diagonal is ignored.

    Returns
    -------
    ndarray
        Shape ``(...)``, 0 (equal) to 1 (one corridor has all); NaN without moves.

    Notes
    -----
    Plane and Mulligan (1997), with the divisor corrected so that the maximum is 1. By
    sorting, ``O(n² log n)``; comparing all pairs is ``O(n⁴)``.

    Examples
    --------
    >>> from corridors.migration.indices import gini_total
    >>> float(gini_total([[0, 3], [0, 0]]))
    1.0
    """
    cells = all_cells(flow_table(flows))
    return ratio(_pairwise(cells), 2.0 * (cells.shape[-1] - 1) * cells.sum(-1))


def gini_standardised(flows: ArrayLike, side: Side) -> Array:
    """Part of the total Gini that comes from differences within rows or columns.

    Parameters
    ----------
    flows
        Shape ``(..., n, n)``; the diagonal is ignored.
    side
        ``origins`` compares the destinations of each origin, ``destinations`` the origins of
        each destination.

    Returns
    -------
    ndarray
        Shape ``(...)``, 0 to 1; NaN without moves, and where all corridors are equal.

    Notes
    -----
    Plane and Mulligan (1997), rows (columns) Gini over total Gini.

    Examples
    --------
    >>> from corridors.migration.indices import gini_standardised
    >>> float(gini_standardised([[0, 4, 2], [1, 0, 1], [1, 1, 0]], "origins").round(6))
    0.111111
    """
    table = flow_table(flows)
    rows = off_diagonal(oriented(table, side))
    return ratio(_pairwise(rows).sum(-1), _pairwise(all_cells(table)))


def mean_weighted_gini(
    flows: ArrayLike, side: Side | Literal["mean"] = "mean", *, compat: Compat | None = None
) -> Array:
    """Mean Gini index of the fields of out- or in-migration.

    Parameters
    ----------
    flows
        Shape ``(..., n, n)``; the diagonal is ignored.
    side
        ``origins``: how unequal the destinations of an origin are, each origin weighted by
        its departures; ``destinations`` likewise, weighted by arrivals; ``mean`` of both.
    compat
        ``"migest"`` weights origins by *arrivals*, destinations by *departures*, and divides
        the weighted mean once more by ``n``, so that it shrinks as places are added.

    Returns
    -------
    ndarray
        Shape ``(...)``, 0 to 1; NaN for fewer than three places or without moves.

    Notes
    -----
    Plane and Mulligan (1997); Bell et al. (2002).

    Examples
    --------
    >>> from corridors.migration.indices import mean_weighted_gini
    >>> float(mean_weighted_gini([[0, 4, 0], [1, 0, 1], [1, 1, 0]], "origins"))
    0.5
    """
    table = flow_table(flows)
    if side == "mean":
        both = [mean_weighted_gini(table, one, compat=compat) for one in ("origins", "destinations")]
        return (both[0] + both[1]) / 2
    rows = off_diagonal(oriented(table, side))
    places, own = rows.shape[-2], rows.sum(-1)
    each = ratio(_pairwise(rows), 2.0 * (places - 2) * own, empty=0.0)
    total = own.sum(-1)
    if places < 3:
        total = np.zeros_like(total)
    if known_compat(compat):
        other = table.sum(-2 if side == "origins" else -1)
        return ratio((each * other).sum(-1), total) / places
    return ratio((each * own).sum(-1), total)


def _pairwise(cells: Array) -> Array:
    """Sum of absolute differences over all ordered pairs along the last axis."""
    n = cells.shape[-1]
    return 2.0 * np.sort(cells, axis=-1) @ (2.0 * np.arange(1, n + 1) - n - 1)
