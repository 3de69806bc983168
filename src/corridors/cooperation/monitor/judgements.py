"""Judgements as a result."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from corridors.cooperation.monitor.thresholds import Thresholds
from corridors.cooperation.monitor.verdicts import STATUSES
from corridors.results import Result
from corridors.wording import sentence


@dataclass(frozen=True, slots=True)
class Judgements(Result, keys=("commitment",)):
    """Commitments, each with its verdict.

    Attributes
    ----------
    table
        One row a commitment: the columns of the register, then used_baseline_year, used_baseline,
        baseline_note, observed_year, observed, lower, upper, required (at that year), required_change (a
        year, from now to the target), required_rate (relative, a year), projected, projected_lower,
        projected_upper (at the target's year), probability, probability_note, status, data_note, alert,
        explanation.
    as_of
        The day of judgement.
    scale
        ``level`` or ``log``: on which indicators drift.
    thresholds
        What the verdicts turned on.
    """

    table: pl.DataFrame
    as_of: date
    scale: str
    thresholds: Thresholds

    def to_polars(self) -> pl.DataFrame:
        """The judgements as a polars table."""
        return self.table

    def counts(self) -> dict[str, int]:
        """Commitments by status, in the order of the statuses."""
        found = dict(self.table.group_by("status").len().iter_rows())
        return {s: found.get(s, 0) for s in STATUSES}

    def alerts(self) -> pl.DataFrame:
        """Commitments with alerts: commitment, status, alert."""
        return self.table.filter(pl.col("alert").is_not_null()).select("commitment", "status", "alert")

    def summary(self) -> str:
        """How many of each status, then the sentence of each commitment."""
        rows = self.table.select("commitment", "status", "explanation", "data_note", "alert")
        lines = [
            f"  {commitment} [{status}] {explanation}"
            + (f" {sentence(note)}" if note else "")
            + (f" Alert: {alert}." if alert else "")
            for commitment, status, explanation, note, alert in rows.iter_rows()
        ]
        return "\n".join([headline(self.table, self.as_of.isoformat()), *lines])


def headline(table: pl.DataFrame, as_of: str) -> str:
    """How many commitments of each status, and how many verdicts rest on old data.

    Parameters
    ----------
    table
        Judgements, with ``status`` and ``data_note``.
    as_of
        The day of judgement.

    Examples
    --------
    >>> import polars as pl
    >>> from corridors.cooperation.monitor.judgements import headline
    >>> rows = pl.DataFrame({"status": ["met", "overdue"], "data_note": [None, "last observation 2020, …"]})
    >>> headline(rows, "2026-06-30")
    '2 commitments as of 2026-06-30: met 1, overdue 1; 1 with a note on the age of its data'
    """
    found = dict(table.group_by("status").len().iter_rows())
    counts = ", ".join(f"{name} {found[name]}" for name in STATUSES if found.get(name))
    old = table["data_note"].count()
    of = "its" if old == 1 else "their"
    return f"{table.height} commitments as of {as_of}: {counts}" + (
        f"; {old} with a note on the age of {of} data" if old else ""
    )
