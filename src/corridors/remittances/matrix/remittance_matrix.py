"""A bilateral remittance matrix of one year, labelled."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from corridors.numerics.typing import Array
from corridors.remittances.matrix.interval import Intervals
from corridors.remittances.matrix.notes import Note
from corridors.remittances.matrix.provenance import EstimatedBy
from corridors.remittances.matrix.reconciliation import Reconciled
from corridors.results import Result, dataset

if TYPE_CHECKING:
    import xarray as xr


REST = "UNK"
"""Code of the residual sender: "Unknown" in the register of places."""


@dataclass(frozen=True, slots=True)
class RemittanceMatrix(Result, keys=("sending", "receiving")):
    """Estimated remittances of one year between places; modelled, not observed.

    Attributes
    ----------
    places
        Codes of the ``n`` places.
    year
        The year.
    rule
        ``migrants``, ``income``, ``income-gap`` or ``seed``; with ``+totals`` where reconciled.
    exponent
        Of the income gap, or None.
    exponent_source
        Where the exponent comes from.
    values
        Recipient by sender, shape ``(n, n)``, USD million; a row of zeros where no inflow is recorded.
    rest
        From the residual sender, by recipient, shape ``(n,)``.
    inflow, outflow
        Recorded totals, shape ``(n,)``; NaN where unknown.
    intervals
        Range of each corridor over the rules and their measured errors.
    reconciled
        Details of the reconciliation, or None.
    estimated_by
        Tag that keeps regressions off; see :mod:`corridors.remittances.matrix.provenance`.
    notes
        Places without income, stock, inflow or outflow, and what was done.
    """

    places: tuple[str, ...]
    year: int
    rule: str
    exponent: float | None
    exponent_source: str
    values: Array = field(repr=False)
    rest: Array = field(repr=False)
    inflow: Array = field(repr=False)
    outflow: Array = field(repr=False)
    intervals: Intervals = field(repr=False)
    reconciled: Reconciled | None = field(repr=False)
    estimated_by: EstimatedBy
    notes: tuple[Note, ...] = field(repr=False)

    @property
    def total(self) -> float:
        """World total, USD million: the recorded inflows used."""
        return float(self.values.sum() + self.rest.sum())

    def to_polars(self) -> pl.DataFrame:
        """Positive corridors: sending, receiving, year, rule, value, lower, upper (USD million).

        The residual sender has the code ``UNK``. Recipients without a recorded inflow have no rows;
        they are in :meth:`notes_table`.
        """
        table = np.column_stack([self.values, self.rest])
        i, j = np.nonzero(table)
        bounds = self.intervals
        codes = pl.Series([*self.places, REST], dtype=pl.String)
        return pl.DataFrame(
            {
                "sending": codes.gather(j),
                "receiving": codes.gather(i),
                "value": table[i, j],
                "lower": bounds.lower[i, j],
                "upper": bounds.upper[i, j],
            }
        ).select(
            "sending",
            "receiving",
            pl.lit(self.year, pl.Int32).alias("year"),
            pl.lit(self.rule).alias("rule"),
            "value",
            "lower",
            "upper",
        )

    def senders(self) -> pl.DataFrame:
        """What each place sends by this matrix, its range over rules and errors, and what it reports."""
        bounds = self.intervals
        return pl.DataFrame(
            {
                "sending": [*self.places, REST],
                "value": np.append(self.values.sum(0), self.rest.sum()),
                "lower": bounds.sent_lower,
                "upper": bounds.sent_upper,
                "reported": np.append(self.outflow, np.nan),
            }
        ).with_columns(pl.col("reported").fill_nan(None))

    def notes_table(self) -> pl.DataFrame:
        """The notes as a table: rule, place, value, message."""
        return pl.DataFrame(
            [(n.rule, n.place, n.value, n.message) for n in self.notes],
            schema={"rule": pl.String, "place": pl.String, "value": pl.Float64, "message": pl.String},
            orient="row",
        )

    def summary(self) -> str:
        """A few lines: totals, the exponent, the gap to reported outflows, what is missing."""
        known = self.outflow > 0
        lines = [
            f"Remittances {self.year} by rule {self.rule}, {len(self.places)} places, "
            f"MODELLED ({self.estimated_by})",
            f"  total = recorded inflows     {self.total:>12,.0f} USD million",
            f"  from the residual sender     {self.rest.sum():>12,.0f}",
            f"  senders that report: here    {self.values.sum(0)[known].sum():>12,.0f}, "
            f"reported {self.outflow[known].sum():,.0f}",
        ]
        if self.exponent is not None:
            lines.append(f"  exponent {self.exponent:.3f} ({self.exponent_source})")
        for rule in sorted({n.rule for n in self.notes}):
            found = list(dict.fromkeys(n.place for n in self.notes if n.rule == rule))
            lines.append(f"  {rule}: {len(found)} ({', '.join(found[:6])}{', …' if len(found) > 6 else ''})")
        return "\n".join(lines)

    def to_xarray(self) -> xr.Dataset:
        """Value over receiving and sending places, zeros too, and its interval (extra ``xarray``)."""
        table = np.column_stack([self.values, self.rest])
        bounds = {"lower": self.intervals.lower, "upper": self.intervals.upper}
        figures = {"value": table} | {n: np.where(table > 0, b, np.nan) for n, b in bounds.items()}
        labels = {"receiving": self.places, "sending": [*self.places, REST]}
        return dataset(labels, figures, {"year": self.year, "rule": self.rule, "units": "USD million"})
