"""Multiplicative components: a table as overall level times effects times interactions.

Every count is the product of how many move at all, how many leave each origin, how many
reach each destination, and how much more a pair exchanges than these say.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from corridors.errors import DataError
from corridors.numerics.typing import Array

Reference = Literal["total", "geometric-mean"]


@dataclass(frozen=True, slots=True)
class Components:
    """Multiplicative components of a table.

    Attributes
    ----------
    reference
        ``"total"`` or ``"geometric-mean"``.
    overall
        Total of the table, or geometric mean of its cells, unit of the table.
    effects
        By tuple of axes, such as ``(0,)`` for origins and ``(0, 1)`` for pairs; each
        array has the shape of these axes, without unit.
    shape
        Shape of the table.
    """

    reference: Reference
    overall: float
    effects: Mapping[tuple[int, ...], Array]
    shape: tuple[int, ...]

    @property
    def association(self) -> Array:
        """All interactions together, shape of the table: observed over independent.

        Examples
        --------
        >>> from corridors.migration.components import multiplicative_components
        >>> multiplicative_components([[5, 2], [1, 7]]).association.round(4).tolist()
        [[1.7857, 0.4762], [0.3125, 1.4583]]
        """
        return self._product([axes for axes in self.effects if len(axes) > 1])

    def product(self) -> Array:
        """The table again, as the product of all components.

        Examples
        --------
        >>> from corridors.migration.components import multiplicative_components
        >>> multiplicative_components([[5, 2], [1, 7]]).product().round(9).tolist()
        [[5.0, 2.0], [1.0, 7.0]]
        """
        return self.overall * self._product(list(self.effects))

    def _product(self, chosen: list[tuple[int, ...]]) -> Array:
        product = np.ones(self.shape)
        for axes in chosen:
            product = product * _spread(self.effects[axes], axes, len(self.shape))
        return product


def multiplicative_components(table: ArrayLike, *, reference: Reference = "total") -> Components:
    """Split a table of any dimension into multiplicative components.

    Parameters
    ----------
    table
        Non-negative counts, one axis or more, such as origin, destination, age.
    reference
        ``"total"``: effects are shares of the total, interactions the ratio of a margin
        to what the lower components say. ``"geometric-mean"``: effects are ratios of
        geometric means, as in a log-linear model with effect coding; all cells must be
        positive.

    Returns
    -------
    Components

    Raises
    ------
    DataError
        Cells negative, not finite, or all zero; a zero cell with the geometric mean.

    Notes
    -----
    Willekens (1983); Raymer, Bonaguidi and Valentini (2006). Where a margin is empty, the
    interactions within it are one: nothing is known of them.

    Examples
    --------
    >>> from corridors.migration.components import multiplicative_components
    >>> parts = multiplicative_components([[5, 2], [1, 7]])
    >>> parts.overall, parts.effects[(1,)].tolist()
    (15.0, [0.4, 0.6])
    """
    counts = _checked(table, reference)
    axes_of_table = range(counts.ndim)
    mean_log = 0.0
    if reference == "total":
        overall = float(counts.sum())
    else:
        mean_log = float(np.log(counts).mean())
        overall = float(np.exp(mean_log))
    effects: dict[tuple[int, ...], Array] = {}
    for order in range(1, counts.ndim + 1):
        for axes in combinations(axes_of_table, order):
            others = tuple(axis for axis in axes_of_table if axis not in axes)
            if reference == "total":
                margin = counts.sum(axis=others) / overall
            else:
                margin = np.exp(np.log(counts).mean(axis=others) - mean_log)
            lower = np.ones(margin.shape)
            for fewer in (f for f in effects if set(f) < set(axes)):
                within = tuple(axes.index(axis) for axis in fewer)
                lower = lower * _spread(effects[fewer], within, order)
            effects[axes] = np.divide(margin, lower, out=np.ones(margin.shape), where=lower > 0)
    return Components(reference, overall, effects, counts.shape)


def components_by_slice(
    table: ArrayLike, axis: int = -1, *, reference: Reference = "total"
) -> tuple[Components, ...]:
    """Multiplicative components of each slice, such as of each age or year.

    Parameters
    ----------
    table
        Non-negative counts, two axes or more.
    axis
        Axis whose positions are split one by one.
    reference
        As in :func:`multiplicative_components`.

    Examples
    --------
    >>> from corridors.migration.components import components_by_slice
    >>> [c.overall for c in components_by_slice([[5, 2], [1, 7]], axis=0)]
    [7.0, 8.0]
    """
    counts = np.asarray(table, dtype=np.float64)
    if counts.ndim < 2:
        raise DataError(f"slices need a table of two axes or more, not of shape {counts.shape}")
    if not -counts.ndim <= axis < counts.ndim:
        raise DataError(f"the table has {counts.ndim} axes; there is no axis {axis}")
    return tuple(
        multiplicative_components(part, reference=reference) for part in np.moveaxis(counts, axis, 0)
    )


def _spread(effect: Array, axes: tuple[int, ...], dimensions: int) -> Array:
    return np.expand_dims(effect, tuple(axis for axis in range(dimensions) if axis not in axes))


def _checked(table: ArrayLike, reference: str) -> Array:
    counts = np.asarray(table, dtype=np.float64)
    if reference not in ("total", "geometric-mean"):
        raise DataError(f"no reference called {reference!r}", remedy="choose 'total' or 'geometric-mean'")
    bad = np.argwhere(~np.isfinite(counts) | (counts < 0))
    if bad.size:
        raise DataError("the table must be finite and not negative", f"at positions {bad[:5].tolist()}")
    if counts.ndim == 0 or not counts.sum() > 0:
        raise DataError("a table without counts has no components")
    zero = np.argwhere(counts == 0)
    if reference == "geometric-mean" and zero.size:
        raise DataError(
            f"{len(zero)} empty cell(s) have no geometric mean",
            f"at positions {zero[:5].tolist()}",
            "use the total as reference, or leave out the places concerned",
        )
    return counts
