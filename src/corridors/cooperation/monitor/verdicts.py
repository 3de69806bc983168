"""From paths to verdicts: the rules, in order."""

from __future__ import annotations

from datetime import date
from functools import cache

import polars as pl

from corridors import packaged
from corridors.cooperation.monitor.paths import reaches
from corridors.cooperation.monitor.thresholds import Thresholds

STATUSES = ("met", "on-course", "off-course", "regressing", "overdue", "no-data")


@cache
def status_rules() -> pl.DataFrame:
    """The rules of all verdicts: order, case, status, rule, words. The first that applies decides.

    Returns
    -------
    DataFrame
        ``words`` are the sentence of the explanation, with names of figures in braces.

    Examples
    --------
    >>> from corridors.cooperation.monitor import status_rules
    >>> status_rules().filter(case="overdue")["rule"].item()
    'date passed and no observation reaches the target'
    """
    text = packaged.content("cooperation/monitor/rules.csv")
    return pl.read_csv(text).sort("order")


def with_cases(table: pl.DataFrame, *, as_of: date, thresholds: Thresholds) -> pl.DataFrame:
    """Add the case and status of each commitment.

    Parameters
    ----------
    table
        As :func:`with_paths` gives it.
    as_of
        The day of judgement.
    thresholds
        Probabilities that decide.

    Examples
    --------
    >>> from datetime import date
    >>> from corridors.cooperation.monitor import Thresholds
    >>> from corridors.cooperation.monitor.baseline import with_baselines
    >>> from corridors.cooperation.monitor.inputs import read_commitments, read_observations
    >>> from corridors.cooperation.monitor.paths import with_paths
    >>> from corridors.cooperation.monitor.verdicts import with_cases
    >>> promise = read_commitments({"commitment": ["5x5"], "indicator": ["cost"], "place": ["WORLD"],
    ...     "direction": ["decrease"], "baseline_year": [2009], "baseline_value": [10.0],
    ...     "target_value": [5.0], "target_date": [date(2014, 12, 31)]})
    >>> seen = read_observations(
    ...     {"indicator": ["cost"], "place": ["WORLD"], "year": [2012], "value": [8.5]}, log=False)
    >>> points = with_baselines(promise, seen)
    >>> paths = with_paths(promise, points, scale="level", thresholds=Thresholds())
    >>> cases = with_cases(paths, as_of=date(2013, 6, 1), thresholds=Thresholds())
    >>> cases.select("case", "status").row(0)
    ('off-course-line', 'off-course')
    """
    passed = (pl.col("target_date") < as_of).fill_null(value=False)
    table = table.with_columns(passed=passed).with_columns(_decisive())
    chosen = pl.lit(None, pl.String)
    # Built from the last rule to the first, so that the first that applies wins.
    for case, applies in reversed(_conditions(thresholds).items()):
        chosen = pl.when(applies.fill_null(value=False)).then(pl.lit(case)).otherwise(chosen)
    cases = status_rules().select("case", "status")
    return table.with_columns(case=chosen).join(cases, on="case", how="left", maintain_order="left")


def _decisive() -> list[pl.Expr]:
    """The observation that decides: the last up to the year of a date that has passed, else the latest."""
    names = ("observed_year", "observed", "lower", "upper")
    return [
        pl.when("passed").then(pl.col(f"due_{name}")).otherwise(pl.col(name)).alias(f"deciding_{name}")
        for name in names
    ]


def _conditions(thresholds: Thresholds) -> dict[str, pl.Expr]:
    reached = reaches("deciding_observed")
    weak = pl.when(pl.col("sign") > 0).then(pl.col("deciding_lower")).otherwise(pl.col("deciding_upper"))
    doubtful = reached & ~reaches(weak)
    passed, enough = pl.col("passed"), pl.col("enough")
    alone = pl.col("count") < 2
    sure = pl.col("probability") >= thresholds.on_course - 1e-12
    line, aimless = reaches("projected"), pl.col("target_value").is_null()
    away = pl.when(enough).then(pl.col("away") > thresholds.regressing).otherwise(pl.col("drift") < 0)
    return {
        "no-indicator": pl.col("indicator").is_null(),
        "no-target": aimless & (pl.col("sign").is_null() | pl.col("hold")),
        "no-observation": ~pl.col("any_seen").fill_null(value=False),
        "asked-unseen": aimless & alone,
        "asked-away": aimless & away,
        "asked-towards": aimless & (pl.col("drift") > 0),
        "asked-still": aimless,
        "met-lost": passed & reached & ~reaches("observed"),
        "met-uncertain": doubtful,
        "met": reached,
        "met-late": passed & pl.col("late_year").is_not_null(),
        "overdue": passed,
        "no-date": pl.col("target_date").is_null() & ~pl.col("hold"),
        "baseline-only": alone & ~pl.col("hold"),
        "not-held": alone | (pl.col("target_date").is_null() & ~away),
        "on-course": enough & sure,
        "on-course-line": ~enough & line,
        "regressing": enough & away,
        "regressing-line": ~enough & away,
        "off-course": enough,
        "off-course-line": pl.lit(value=True),
    }
