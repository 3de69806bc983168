"""How old is what a verdict rests on?"""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from corridors.cooperation.monitor.thresholds import Thresholds
from corridors.figure_age import judged_late


def data_notes(table: pl.DataFrame, *, as_of: date, thresholds: Thresholds) -> pl.Series:
    """One note a verdict where its last observation, or the last evidence, is old; else missing.

    A promise met by its date is the past: its age is no fault.

    Parameters
    ----------
    table
        As :func:`corridors.cooperation.monitor.verdicts.with_cases` gives it.
    as_of
        The day of judgement.
    thresholds
        How old is old.

    Examples
    --------
    >>> from datetime import date
    >>> import polars as pl
    >>> from corridors.cooperation.monitor import Thresholds
    >>> from corridors.cooperation.monitor.observation_age import data_notes
    >>> rows = pl.DataFrame({"observed_year": [2020, None], "last_evidence": [date(2018, 12, 10)] * 2,
    ...     "status": ["overdue", "no-data"], "passed": [True, False]})
    >>> for note in data_notes(rows, as_of=date(2026, 6, 30), thresholds=Thresholds()):
    ...     print(note)
    last observation 2020, six years before this judgement
    last evidence 2018, eight years before this judgement
    """
    rows = table.select("observed_year", "last_evidence", "status", "passed").iter_rows()
    notes = [
        None if status == "met" and passed else _note(year, evidence, as_of, thresholds)
        for year, evidence, status, passed in rows
    ]
    return pl.Series("data_note", notes, dtype=pl.String)


def _note(year: int | None, evidence: date | None, as_of: date, thresholds: Thresholds) -> str | None:
    if year is not None:
        return judged_late(year, as_of, most=thresholds.observation_years)
    if evidence is not None and evidence < as_of - timedelta(days=thresholds.evidence_days):
        return judged_late(evidence.year, as_of, "evidence", most=0)
    return None
