"""From paths to verdicts: the rules, in order."""

from __future__ import annotations

from datetime import date
from functools import cache

import polars as pl

from corridors import packaged
from corridors.cooperation.monitor.changes import COUNTED
from corridors.cooperation.monitor.paths import reaches
from corridors.cooperation.monitor.thresholds import Thresholds

# What the record says came of a promise that was kept or given up.
_FAILED = ("no-effect", "negative", "failed")


@cache
def statuses() -> dict[str, str]:
    """All statuses, the best first, each with what it means.

    Examples
    --------
    >>> from corridors.cooperation.monitor import statuses
    >>> statuses()["no-data"]
    'Neither figures nor the record tell'
    """
    rows = packaged.rows("cooperation/monitor/statuses.csv")
    return {row["status"]: row["meaning"] for row in rows}


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
    >>> from corridors.cooperation.monitor.measures import with_measures
    >>> from corridors.cooperation.monitor.paths import with_paths
    >>> from corridors.cooperation.monitor.verdicts import with_cases
    >>> promise = with_measures(read_commitments({"commitment": ["5x5"], "indicator": ["cost"],
    ...     "place": ["WORLD"], "direction": ["decrease"], "baseline_year": [2009], "baseline_value": [10.0],
    ...     "target_value": [5.0], "target_date": [date(2014, 12, 31)]}), {})
    >>> seen = read_observations(
    ...     {"indicator": ["cost"], "place": ["WORLD"], "year": [2012], "value": [8.5]})
    >>> points = with_baselines(promise, seen)
    >>> paths = with_paths(promise, points, seen, thresholds=Thresholds())
    >>> cases = with_cases(paths, as_of=date(2013, 6, 1), thresholds=Thresholds())
    >>> cases.select("case", "status").row(0)
    ('off-course-line', 'off-course')
    """
    passed = (pl.col("target_date") < as_of).fill_null(value=False)
    table = table.with_columns(passed=passed).with_columns(_decisive())
    cases = status_rules().select("case", "status")
    undecided = cases.filter(status="no-data")["case"].to_list()
    figures = table.with_columns(_case=_first(_conditions(thresholds)))
    record = pl.when(pl.col("_case").is_in(undecided)).then(_first(_record(as_of)))
    told = figures.with_columns(case=pl.coalesce(record, "_case")).drop("_case")
    return told.join(cases, on="case", how="left", maintain_order="left")


def _first(conditions: dict[str, pl.Expr]) -> pl.Expr:
    """The first case that applies."""
    chosen = pl.lit(None, pl.String)
    for case, applies in reversed(conditions.items()):
        chosen = pl.when(applies.fill_null(value=False)).then(pl.lit(case)).otherwise(chosen)
    return chosen


def _record(as_of: date) -> dict[str, pl.Expr]:
    """What the follow-up says, where it had happened by the day of judgement."""
    state, outcome = pl.col("state"), pl.col("outcome").fill_null("not-evaluated")
    heard = (pl.col("last_evidence") <= as_of).fill_null(value=True)
    done = heard & (state == "completed")
    return {
        "record-failed": heard & ((state == "lapsed") | outcome.is_in(_FAILED)),
        "record-partly": done & (outcome == "mixed"),
        "record-met": done,
        "record-under-way": heard & (state == "under-way"),
    }


def _decisive() -> list[pl.Expr]:
    """The observation that decides: the last up to the year of a date that has passed, else the latest."""
    names = ("observed_year", "observed", "lower", "upper")
    return [
        pl.when("passed").then(pl.col(f"due_{name}")).otherwise(pl.col(name)).alias(f"deciding_{name}")
        for name in names
    ]


def _conditions(thresholds: Thresholds) -> dict[str, pl.Expr]:
    up = pl.col("sign") > 0
    low, high = pl.col("deciding_lower"), pl.col("deciding_upper")
    reached = reaches("deciding_observed")
    doubtful = reached & ~reaches(pl.when(up).then(low).otherwise(high))
    nearly = ~reached & reaches(pl.when(up).then(high).otherwise(low))
    passed, enough = pl.col("passed"), pl.col("enough")
    alone = pl.col("count") < 2
    sure = pl.col("probability") >= thresholds.on_course - 1e-12
    line, aimless = reaches("projected"), pl.col("target_value").is_null()
    held = (pl.col("lower") < pl.col("required")) & (pl.col("upper") > pl.col("required"))
    counted = pl.col("judged_as").is_in(COUNTED)
    away = (pl.col("told") == "away").fill_null(value=False) & ~counted
    return {
        "no-indicator": pl.col("indicator").is_null(),
        "no-target": aimless & (pl.col("sign").is_null() | pl.col("hold")),
        "no-observation": ~pl.col("any_seen").fill_null(value=False),
        **_asked(aimless, counted, alone),
        "met-lost": passed & reached & ~reaches("observed"),
        "met-untold": doubtful,
        "met": reached,
        "met-late": passed & pl.col("late_year").is_not_null(),
        "overdue-untold": passed & nearly,
        "overdue": passed,
        "no-date": pl.col("target_date").is_null() & ~pl.col("hold"),
        "baseline-only": alone & ~pl.col("hold"),
        "not-held": alone | (pl.col("target_date").is_null() & ~away),
        "on-course": enough & sure,
        "line-untold": ~enough & held,
        "on-course-line": ~enough & line,
        "regressing": away,
        "off-course": enough,
        "off-course-line": pl.lit(value=True),
    }


def _asked(aimless: pl.Expr, counted: pl.Expr, alone: pl.Expr) -> dict[str, pl.Expr]:
    """Promises of a direction without a target: what is counted by its rate or share, else by the change."""
    told, kind = pl.col("told"), pl.col("judged_as")
    alone = alone & (kind != "change")
    cases = {"counted-alone": aimless & counted & told.is_null()}
    for name, which in (("rate", "total"), ("share", "running-share")):
        for way in ("towards", "away", "untold"):
            cases[f"{name}-{way}"] = aimless & (kind == which) & (told == way)
    return {
        **cases,
        "asked-unseen": aimless & alone,
        **{f"asked-{way}": aimless & (told == way) for way in ("away", "towards", "untold")},
        "asked-bare": aimless,
    }
