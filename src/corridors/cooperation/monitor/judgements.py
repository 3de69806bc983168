"""Judgements as a result."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from corridors.cooperation.monitor.thresholds import Thresholds
from corridors.cooperation.monitor.verdicts import statuses
from corridors.figure_age import judged_headline
from corridors.results import Result
from corridors.wording import sentence


@dataclass(frozen=True, slots=True)
class Judgements(Result, keys=("commitment",)):
    """Commitments, each with its verdict.

    Attributes
    ----------
    table
        One row a commitment: the columns of the register, then used_baseline_year, used_baseline,
        baseline_note, observed_year, observed, lower, upper, judged_as, change, change_lower, change_upper,
        change_note (since the baseline), required (at that year), required_change (a
        year, from now to the target), required_rate (relative, a year), projected, projected_lower,
        projected_upper (at the target's year), probability, probability_note, status, data_note, alert,
        explanation.
    as_of
        The day of judgement.
    thresholds
        What the verdicts turned on.
    """

    table: pl.DataFrame
    as_of: date
    thresholds: Thresholds

    def to_polars(self) -> pl.DataFrame:
        """The judgements as a polars table."""
        return self.table

    def counts(self) -> dict[str, int]:
        """Commitments by status, in the order of the statuses."""
        found = dict(self.table.group_by("status").len().iter_rows())
        return {s: found.get(s, 0) for s in statuses()}

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
        return "\n".join([judged_headline(self.table, self.as_of.isoformat(), [*statuses()]), *lines])
