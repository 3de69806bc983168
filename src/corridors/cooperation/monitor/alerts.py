"""What a follow-up should not miss.

Age has one note a verdict (``data_note``); an alert on it is raised only where that is silent and the
verdict turns on it: the date has passed and nothing was observed up to it.
"""

from __future__ import annotations

from datetime import date

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
        How early.

    Examples
    --------
    >>> from datetime import date
    >>> import polars as pl
    >>> from corridors.cooperation.monitor import Thresholds
    >>> from corridors.cooperation.monitor.alerts import alerts
    >>> row = pl.DataFrame({"review_due": [date(2026, 1, 11)], "state": ["under-way"],
    ...     "status": ["on-course"], "observed_year": [2025], "target_year": [2030],
    ...     "data_note": pl.Series([None], dtype=pl.String)})
    >>> row.select(alerts(as_of=date(2026, 1, 1), thresholds=Thresholds())).item()
    'review due in 10 days, on 2026-01-11'
    """
    due = pl.col("review_due")
    days = (due - as_of).dt.total_days()
    completed, status = pl.col("state") == "completed", pl.col("status")
    early = (pl.col("target_year") < as_of.year) & (pl.col("observed_year") < pl.col("target_year"))
    found = [
        pl.when(due < as_of).then(pl.format("review overdue since {}", due)),
        pl.when((due >= as_of) & (days <= thresholds.review_days)).then(
            pl.format("review due in {} days, on {}", days, due)
        ),
        pl.when(early & pl.col("data_note").is_null() & status.is_in(_TURNS_ON_AGE)).then(
            pl.format("data of {} are older than the target's year {}", "observed_year", "target_year")
        ),
        pl.when(completed & status.is_in(_NOT_MET)).then(pl.lit("said to be completed, but not met")),
    ]
    text = pl.concat_str(found, separator="; ", ignore_nulls=True)
    closed = pl.col("state").is_in(CLOSED).fill_null(value=False)
    return pl.when(~closed & (text != "")).then(text).alias("alert")


# A later figure could turn these.
_TURNS_ON_AGE = ("overdue", "not-told-apart")
_NOT_MET = ("on-course", "not-told-apart", "off-course", "regressing", "overdue")
