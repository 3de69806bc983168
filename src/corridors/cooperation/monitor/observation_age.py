"""How old is what a verdict rests on?"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import polars as pl

from corridors.cooperation.monitor.thresholds import Thresholds
from corridors.figure_age import judged_late


def data_notes(table: pl.DataFrame, *, as_of: date, thresholds: Thresholds) -> pl.Series:
    """One note a verdict where what it rests on is old and a newer figure could turn it; else missing.

    A date that has passed is judged by what was observed up to it, a promise carried out is the past, and
    where there is no verdict there is nothing that could be old.

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
    >>> rows = pl.DataFrame({"kind": ["commitment"] * 3, "observed_year": [2020, None, 2020],
    ...     "target_year": [2030, None, 2018], "last_evidence": [date(2018, 12, 10)] * 3,
    ...     "passed": [False, False, True],
    ...     "status": ["off-course", "under way (documented)", "overdue"]})
    >>> for note in data_notes(rows, as_of=date(2026, 6, 30), thresholds=Thresholds()):
    ...     print(note)
    last observation 2020, six years before this judgement
    last evidence 2018, eight years before this judgement
    None
    """
    rows = table.select(
        "kind", "observed_year", "target_year", "last_evidence", "status", "passed"
    ).to_dicts()
    return pl.Series("data_note", [_note(row, as_of, thresholds) for row in rows], dtype=pl.String)


def _note(row: dict[str, Any], as_of: date, thresholds: Thresholds) -> str | None:
    year, evidence = row["observed_year"], row["last_evidence"]
    if row["status"] == "under way (documented)":
        if row["kind"] == "agreement":  # in force until it is ended
            return None
        if evidence is None or evidence >= as_of - timedelta(days=thresholds.evidence_days):
            return None
        return judged_late(evidence.year, as_of, "evidence", most=0)
    settled = row["passed"] and (row["status"] == "met" or (year or 0) >= row["target_year"])
    if row["status"] not in _OPEN or settled or year is None:
        return None
    return judged_late(year, as_of, most=thresholds.observation_years)


_OPEN = ("met", "on-course", "not-told-apart", "off-course", "regressing", "overdue")
