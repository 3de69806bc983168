"""Groups of cells with known sums, and what to say where they contradict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.sparse import csr_array

from corridors.errors import DataError, InfeasibleError
from corridors.numerics.incidence import least_repair
from corridors.numerics.typing import Array, Ids


@dataclass(frozen=True, slots=True)
class Partition:
    """Groups of cells whose sums are known.

    Attributes
    ----------
    ids
        Group of each cell, shape of the table; -1 where a cell is in none.
    totals
        Wanted sum of each group, shape ``(k,)``, unit of the table.
    name
        What a group is called in messages, such as ``"row"``.
    labels
        Names of the ``k`` groups; their positions where not given.
    """

    ids: Ids
    totals: Array
    name: str = "group"
    labels: Sequence[str] | None = None

    def label(self, group: int) -> str:
        """Name of one group for messages.

        Examples
        --------
        >>> from corridors.numerics.partitions import margin
        >>> margin((2, 2), [0], [1.0, 1.0], name="row").label(1)
        'row 1'
        """
        return f"{self.name} {self.labels[group] if self.labels else group}"


def margin(
    shape: Sequence[int],
    kept: Sequence[int],
    totals: ArrayLike,
    *,
    name: str = "margin",
    labels: Sequence[str] | None = None,
) -> Partition:
    """Partition of a table by some of its axes: a margin of one dimension or more.

    Parameters
    ----------
    shape
        Shape of the table.
    kept
        Axes that tell groups apart; the sum runs over all others.
    totals
        Wanted sums, axes in the order of ``kept``.
    name, labels
        As in :class:`Partition`.

    Raises
    ------
    DataError
        Where the shape of ``totals`` is not that of the kept axes.

    Examples
    --------
    >>> from corridors.numerics.partitions import margin
    >>> margin((2, 3), [1], [5, 6, 7]).ids.tolist()
    [[0, 1, 2], [0, 1, 2]]
    """
    values = np.asarray(totals, dtype=np.float64)
    wanted = tuple(shape[axis] for axis in kept)
    if values.shape != wanted:
        raise DataError(
            f"totals of {name} have shape {values.shape}, but the table needs {wanted}",
            remedy="give one total for each group",
        )
    grid = np.indices(tuple(shape), dtype=np.int64)
    ids = np.zeros(grid.shape[1:], dtype=np.int64)
    for axis in kept:
        ids = ids * shape[axis] + grid[axis]
    return Partition(ids, values.ravel(), name, labels)


def group_sums(ids: Ids, cells: Array, groups: int) -> Array:
    """Sum of cells by group.

    Parameters
    ----------
    ids
        Group of each cell, 0 to ``groups - 1``, shape ``(cells,)``.
    cells
        Values, shape ``(cells,)``.
    groups
        Number of groups.

    Examples
    --------
    >>> import numpy as np
    >>> from corridors.numerics.partitions import group_sums
    >>> group_sums(np.array([0, 1, 0]), np.array([1.0, 2.0, 3.0]), 2).tolist()
    [4.0, 2.0]
    """
    return np.asarray(np.bincount(ids, weights=cells, minlength=groups), dtype=np.float64)


def checked_partitions(seed: ArrayLike, partitions: Sequence[Partition]) -> tuple[Array, list[Partition]]:
    """Seed and partitions as arrays, refused where they can not belong together.

    Raises
    ------
    DataError
        Shapes differ, group numbers have no total, or a value is negative or not finite.
    InfeasibleError
        Partitions of all cells have different sums.

    Examples
    --------
    >>> from corridors.numerics.partitions import checked_partitions, margin
    >>> len(checked_partitions([[1, 1]], [margin((1, 2), [0], [3])])[1])
    1
    """
    a = np.asarray(seed, dtype=np.float64)
    parts = [
        Partition(np.asarray(p.ids), np.asarray(p.totals, dtype=np.float64), p.name, p.labels)
        for p in partitions
    ]
    if not parts:
        raise DataError("there is nothing to fit to", remedy="give at least one partition")
    for p in parts:
        if p.ids.shape != a.shape or p.totals.ndim != 1:
            raise DataError(f"groups of {p.name} have shape {p.ids.shape}, but the table {a.shape}")
        if p.ids.size and (p.ids.min() < -1 or p.ids.max() >= p.totals.size):
            raise DataError(
                f"group numbers of {p.name} must lie between 0 and {p.totals.size - 1}, or be -1",
                f"found {p.ids.min()} to {p.ids.max()}",
            )
        if p.labels is not None and len(p.labels) != p.totals.size:
            raise DataError(f"{len(p.labels)} labels for {p.totals.size} totals of {p.name}")
    for name, values in (("seed", a), *((f"totals of {p.name}", p.totals) for p in parts)):
        bad = np.argwhere(~np.isfinite(values) | (values < 0))
        if bad.size:
            raise DataError(f"{name} must be finite and not negative", f"at positions {bad[:5].tolist()}")
    _check_sums(a, parts)
    return a, parts


def _check_sums(a: Array, parts: Sequence[Partition]) -> None:
    whole = [p for p in parts if not np.any((p.ids < 0) & (a > 0))]
    for p in whole[1:]:
        first, other = whole[0].totals.sum(), p.totals.sum()
        if abs(first - other) > 1e-9 * max(first, other):
            raise InfeasibleError(
                f"totals of {whole[0].name} and of {p.name} have different sums",
                f"{whole[0].name}: {first:.10g}, {p.name}: {other:.10g}",
                "scale one of them, or find what is counted in one only",
                culprits=(whole[0].name, p.name),
            )


def raise_contradiction(a: Array, parts: Sequence[Partition]) -> None:
    """Find the least change of totals that would allow a table, and refuse where it is not nil.

    Raises
    ------
    InfeasibleError
        Names the totals that contradict, by linear program.

    Examples
    --------
    >>> import numpy as np
    >>> from corridors.numerics.partitions import margin, raise_contradiction
    >>> raise_contradiction(np.ones((1, 2)), [margin((1, 2), [0], [3]), margin((1, 2), [1], [1, 3])])
    Traceback (most recent call last):
    corridors.errors.InfeasibleError: no table with these zeros has these totals
    """
    cells = np.flatnonzero(a.ravel() > 0)
    totals = np.concatenate([p.totals for p in parts])
    names = [p.label(k) for p in parts for k in range(p.totals.size)]
    rows, columns, offset = [], [], 0
    for p in parts:
        group = p.ids.ravel()[cells]
        rows.append(group[group >= 0] + offset)
        columns.append(np.flatnonzero(group >= 0))
        offset += p.totals.size
    place = (np.concatenate(rows), np.concatenate(columns))
    incidence = csr_array((np.ones(place[0].size), place), shape=(totals.size, cells.size))
    change, _ = least_repair(incidence, totals)
    culprits = np.flatnonzero(change)
    if not culprits.size:
        return
    order = culprits[np.argsort(-np.abs(change[culprits]), kind="stable")].tolist()
    raise InfeasibleError(
        "no table with these zeros has these totals",
        "\n".join(f"{names[k]}: total {totals[k]:,.6g}, least change {change[k]:+,.6g}" for k in order[:8]),
        "change these totals by the amounts shown, or allow more cells",
        culprits=[names[k] for k in order],
        repair={names[k]: float(change[k]) for k in order},
    )
