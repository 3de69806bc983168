"""A matrix reconciled with reported totals."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import NDArray

from corridors.results import Result

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Reconciled(Result, keys=("sending",)):
    """Corridors reconciled with reported totals.

    Attributes
    ----------
    table
        Recipient by sender, shape ``(m, n)``, unit of the totals.
    rest
        What no sender accounts for, by recipient, shape ``(m,)``.
    inflow
        Reported inflows, shape ``(m,)``; NaN where not reported.
    outflow
        Reported outflows, shape ``(n,)``; NaN where not reported.
    sender_factor, recipient_factor
        By what the prior was multiplied, shapes ``(n,)`` and ``(m,)``.
    residual
        Largest relative distance of a total from the optimum: of an exact one, from its report.
    steps
        Newton steps.
    senders
        Names of the ``n`` senders, or their positions.
    """

    table: Array
    rest: Array
    inflow: Array
    outflow: Array
    sender_factor: Array = field(repr=False)
    recipient_factor: Array = field(repr=False)
    residual: float
    steps: int
    senders: tuple[str, ...] = field(repr=False)

    @property
    def total(self) -> float:
        """World total, the residual sender included."""
        return float(self.table.sum() + self.rest.sum())

    def to_polars(self) -> pl.DataFrame:
        """Senders: reported and fitted outflow, their difference, and the factor on the prior."""
        fitted = self.table.sum(0)
        return pl.DataFrame(
            {
                "sending": self.senders,
                "reported": self.outflow,
                "fitted": fitted,
                "difference": fitted - self.outflow,
                "factor": self.sender_factor,
            }
        ).with_columns(pl.col("reported", "difference").fill_nan(None))

    def summary(self) -> str:
        """World total, reported outflows, the residual sender, and the largest differences."""
        known = self.outflow > 0
        lines = [
            f"total {self.total:,.0f}, of which residual sender {self.rest.sum():,.0f}",
            f"reporting senders: reported {self.outflow[known].sum():,.0f}, "
            f"fitted {self.table.sum(0)[known].sum():,.0f}",
        ]
        gap = np.where(known, self.table.sum(0) - self.outflow, 0.0)
        order = [j for j in np.argsort(-np.abs(gap))[:5].tolist() if known[j]]
        lines += [f"  {self.senders[j]}: {self.outflow[j]:,.0f} reported, {gap[j]:+,.0f}" for j in order]
        return "\n".join(lines)
