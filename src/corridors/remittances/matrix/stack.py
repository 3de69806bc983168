"""Years of priors and totals on top of each other, checked and scaled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from corridors.errors import DataError
from corridors.remittances.matrix.reconciled import Reconciled

Array = NDArray[np.float64]


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
        >>> from corridors.remittances.matrix.stack import Stack
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

    def split(
        self, table: Array, rows: Array, columns: Array, residual: float, steps: int
    ) -> tuple[Reconciled, ...]:
        """Take a fitted stack apart by year.

        Parameters
        ----------
        table
            Shape ``(years * m, n + 1)``, the residual sender last.
        rows, columns
            Factors, shapes ``(years * m,)`` and ``(n + 1,)``.
        residual, steps
            Of the fit.
        """
        years = len(self.outflows)
        parts = zip(
            np.split(table, years),
            np.split(self.inflow, years),
            self.outflows,
            np.split(rows, years),
            strict=True,
        )
        return tuple(
            Reconciled(t[:, :-1], t[:, -1], i, o, columns[:-1], r, residual, steps, self.labels[1])
            for t, i, o, r in parts
        )


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
