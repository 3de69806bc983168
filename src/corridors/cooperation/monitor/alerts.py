"""What a follow-up should not miss.

Age has one note a verdict (``data_note``); what it says is not an alert as well.
"""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from corridors.cooperation.monitor.thresholds import Thresholds
from corridors.cooperation.monitor.words import CLOSED


def alerts(*, as_of: date, thresholds: Thresholds) -> pl.Expr:
    """Alerts of a row, joined by semicolons; missing where there is none or the commitment is closed.

    Parameters
    ----------
    as_of
        The day of judgement.
    thresholds
        How early and how old.

    Examples
    --------
    >>> from datetime import date
    >>> import polars as pl
    >>> from corridors.cooperation.monitor import Thresholds
    >>> from corridors.cooperation.monitor.alerts import alerts
    >>> row = pl.DataFrame({"review_due": [date(2026, 1, 11)], "last_evidence": [date(2025, 12, 1)],
    ...     "state": ["under way"], "status": ["on-course"], "observed_year": [2025], "target_year": [2030],
    ...     "data_note": pl.Series([None], dtype=pl.String)})
    >>> row.select(alerts(as_of=date(2026, 1, 1), thresholds=Thresholds())).item()
    'review due in 10 days, on 2026-01-11'
    """
    due, evidence = pl.col("review_due"), pl.col("last_evidence")
    days = (due - as_of).dt.total_days()
    completed, recent = pl.col("state") == "completed", pl.col("data_note").is_null()
    found = [
        pl.when(due < as_of).then(pl.format("review overdue since {}", due)),
        pl.when((due >= as_of) & (days <= thresholds.review_days)).then(
            pl.format("review due in {} days, on {}", days, due)
        ),
        pl.when(recent & (evidence < as_of - timedelta(days=thresholds.evidence_days))).then(
            pl.format("no evidence since {}", evidence)
        ),
        pl.when(
            recent & (pl.col("target_year") < as_of.year) & (pl.col("observed_year") < pl.col("target_year"))
        ).then(pl.format("data of {} are older than the target's year {}", "observed_year", "target_year")),
        pl.when(completed & (pl.col("status") == "no-data")).then(
            pl.lit("said to be completed, but no figures show it")
        ),
        pl.when(completed & ~pl.col("status").is_in(["met", "no-data"])).then(
            pl.lit("said to be completed, but not met")
        ),
    ]
    text = pl.concat_str(found, separator="; ", ignore_nulls=True)
    closed = pl.col("state").is_in(CLOSED).fill_null(value=False)
    return pl.when(~closed & (text != "")).then(text).alias("alert")
