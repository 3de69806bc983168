"""Why exact totals of recipients and senders contradict, in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NoReturn

import numpy as np
from numpy.typing import NDArray

from corridors.errors import InfeasibleError
from corridors.numerics import Partition
from corridors.numerics.partitions import raise_contradiction
from corridors.numerics.soft_totals import Totals

Array = NDArray[np.float64]
Labels = tuple[Sequence[str], Sequence[str]]


def refuse_stranded(seed: Array, rows: Totals, columns: Totals, labels: Labels) -> None:
    """Refuse a total that must be met but has no cell to go to.

    Parameters
    ----------
    seed
        Shape ``(years * m, n + 1)``; the last column is the residual sender.
    rows, columns
        Wanted totals of both sides.
    labels
        Names of the ``m`` recipients and ``n`` senders.

    Raises
    ------
    InfeasibleError
        Names the recipients or senders.

    Examples
    --------
    >>> import numpy as np
    >>> from corridors.remittances.matrix.feasible import refuse_stranded
    >>> from corridors.numerics.soft_totals import Totals
    >>> total = Totals(np.ones(1), np.ones(1))
    >>> refuse_stranded(np.zeros((1, 2)), total, Totals(np.ones(2), np.zeros(2)), (["A"], ["B"]))
    Traceback (most recent call last):
    corridors.errors.InfeasibleError: an inflow has no cell to go to: recipient A
    """
    row_names, column_names = _names(seed, labels)
    sides = ((1, rows, row_names, "an inflow", True), (0, columns, column_names, "an exact outflow", False))
    for axis, totals, names, word, soft_too in sides:
        bound = ~totals.free if soft_too else totals.exact
        lost = np.flatnonzero(bound & ~(seed > 0).any(axis)).tolist()
        if lost:
            culprits = [names[i] for i in lost]
            raise InfeasibleError(
                f"{word} has no cell to go to: {', '.join(culprits[:8])}",
                remedy="give the prior a positive cell, a residual sender, or leave the total out",
                culprits=culprits,
            )


def raise_infeasible(seed: Array, rows: Totals, columns: Totals, labels: Labels) -> NoReturn:
    """Name the exact totals that contradict, with the least change that would allow a matrix.

    Parameters
    ----------
    seed, rows, columns, labels
        As in :func:`refuse_stranded`.

    Raises
    ------
    InfeasibleError
        Always.

    Examples
    --------
    >>> import numpy as np
    >>> from corridors.remittances.matrix.feasible import raise_infeasible
    >>> from corridors.numerics.soft_totals import Totals
    >>> rows = Totals(np.array([1.0]), np.array([np.inf]))
    >>> columns = Totals(np.array([2.0, 0.0]), np.array([np.inf, 0.0]))
    >>> raise_infeasible(np.ones((1, 2)), rows, columns, (["A"], ["B"]))
    Traceback (most recent call last):
    corridors.errors.InfeasibleError: no table with these zeros has these totals
    """
    row_names, column_names = _names(seed, labels)
    grid = np.indices(seed.shape, dtype=np.int64)
    parts = [
        _partition(grid[0], rows, [n.removeprefix("recipient ") for n in row_names], "recipient"),
        _partition(grid[1], columns, [n.removeprefix("sender ") for n in column_names], "sender"),
    ]
    raise_contradiction(seed, [p for p in parts if p.totals.size])
    raise InfeasibleError(
        "exact or nearly exact totals can only be met by emptying cells that the prior fills",
        remedy="declare fewer totals exact, raise standard errors, or zero the cells that must be empty",
    )


def _partition(ids: NDArray[np.int64], totals: Totals, names: Sequence[str], word: str) -> Partition:
    kept = np.flatnonzero(totals.exact | (np.isinf(totals.weight) & (totals.wanted == 0)))
    place = np.full(totals.wanted.size, -1, dtype=np.int64)
    place[kept] = np.arange(kept.size)
    return Partition(place[ids], totals.wanted[kept], word, [names[i] for i in kept.tolist()])


def _names(seed: Array, labels: Labels) -> tuple[list[str], list[str]]:
    recipients, senders = labels
    years = seed.shape[0] // max(len(recipients), 1)
    several = [f" (year {t + 1} of {years})" if years > 1 else "" for t in range(years)]
    rows = [f"recipient {r}{when}" for when in several for r in recipients]
    return rows, [*(f"sender {s}" for s in senders), "residual sender"]
