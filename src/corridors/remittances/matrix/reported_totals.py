"""What recipients and senders report: checked, stacked by year, and whether all of it can be met."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NoReturn

import numpy as np
from numpy.typing import ArrayLike, NDArray

from corridors.errors import DataError, InfeasibleError
from corridors.numerics import Partition
from corridors.numerics.partitions import raise_contradiction
from corridors.numerics.soft_totals import Totals
from corridors.numerics.typing import Array


@dataclass(frozen=True, slots=True)
class Stack:
    """Years on top of each other, senders side by side."""

    prior: Array
    mass: Array
    inflow: Array
    inflow_sd: Array
    outflows: Array
    outflow_sum: Array
    outflow_sd: Array
    labels: tuple[tuple[str, ...], tuple[str, ...]]

    @staticmethod
    def of(
        priors: Sequence[ArrayLike],
        inflows: Sequence[ArrayLike],
        outflows: Sequence[ArrayLike],
        outflow_sd: ArrayLike,
        inflow_sd: ArrayLike,
        labels: tuple[Sequence[str], Sequence[str]] | None,
    ) -> Stack:
        """Check and stack.

        Examples
        --------
        >>> from corridors.remittances.matrix.reported_totals import Stack
        >>> Stack.of([[[1, 3]]], [[8]], [[2, 2]], 0.5, 0.0, None).prior.tolist()
        [[2.0, 6.0]]
        """
        if not len(priors) == len(inflows) == len(outflows) or not priors:
            raise DataError("give as many priors as inflows and outflows, at least one of each")
        tables = [np.asarray(p, dtype=np.float64) for p in priors]
        ins = [np.asarray(x, dtype=np.float64) for x in inflows]
        outs = [np.asarray(x, dtype=np.float64) for x in outflows]
        shape = tables[0].shape
        same = all(t.shape == shape and t.ndim == 2 for t in tables)
        if not same or any(x.shape != shape[:1] for x in ins) or any(x.shape != shape[1:] for x in outs):
            raise DataError(f"priors, inflows and outflows do not fit each other; the first prior is {shape}")
        for name, group, gaps in (("prior", tables, False), ("inflow", ins, True), ("outflow", outs, True)):
            if any(np.any(x < 0) or np.any(np.isinf(x)) or (not gaps and np.any(np.isnan(x))) for x in group):
                raise DataError(
                    f"some {name} is negative or not finite", remedy="NaN may stand for an unknown total"
                )
        return _stacked(tables, ins, outs, _sds(outflow_sd, shape[1]), _sds(inflow_sd, shape[0]), labels)


def _stacked(
    tables: list[Array],
    ins: list[Array],
    outs: list[Array],
    outflow_sd: Array,
    inflow_sd: Array,
    labels: tuple[Sequence[str], Sequence[str]] | None,
) -> Stack:
    held = [t.sum(1) for t in tables]
    mass = [np.where(np.isnan(i), h, i) for i, h in zip(ins, held, strict=True)]
    scaled = [
        t * np.divide(m, h, out=np.zeros_like(m), where=h > 0)[:, None]
        for t, h, m in zip(tables, held, mass, strict=True)
    ]
    reports, sent = np.stack(outs), np.stack([s.sum(0) for s in scaled])
    known = np.isfinite(reports)
    told, meant = np.where(known, reports, 0.0).sum(0), np.where(known, sent, 0.0).sum(0)
    # Years without a report take the mean ratio of report to prior, so that one factor serves all.
    blown = np.divide(told * sent.sum(0), meant, out=told.copy(), where=meant > 0)
    m, n = tables[0].shape
    # A sender that reports softly what is zero, or nothing at all, is free.
    names = (
        (tuple(map(str, labels[0])), tuple(map(str, labels[1])))
        if labels
        else (tuple(map(str, range(m))), tuple(map(str, range(n))))
    )
    if (len(names[0]), len(names[1])) != (m, n):
        raise DataError(f"{len(names[0])} and {len(names[1])} labels do not fit a prior of shape {(m, n)}")
    return Stack(
        np.vstack(scaled),
        np.concatenate(mass),
        np.concatenate(ins),
        np.tile(inflow_sd, len(ins)),
        reports,
        np.where(known.any(0), blown, np.nan),
        outflow_sd,
        names,
    )


def _sds(sd: ArrayLike, size: int) -> Array:
    each = np.asarray(sd, dtype=np.float64)
    if each.ndim > 1 or (each.ndim == 1 and each.size != size):
        raise DataError(f"standard errors of shape {each.shape} do not fit {size} totals")
    if np.any(np.isnan(each)) or np.any(each < 0):
        raise DataError("standard errors must not be negative or unknown", remedy="infinite frees a total")
    return np.broadcast_to(each, (size,)).copy()


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
    >>> from corridors.remittances.matrix.reported_totals import refuse_stranded
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
    >>> from corridors.remittances.matrix.reported_totals import raise_infeasible
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
