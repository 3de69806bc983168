"""Was it promised, and did it happen?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import polars as pl

from corridors.cooperation.monitor.alerts import alerts
from corridors.cooperation.monitor.baseline import with_baselines
from corridors.cooperation.monitor.inputs import (
    COLUMNS,
    no_observations,
    read_commitments,
    read_observations,
    refuse_logarithms,
)
from corridors.cooperation.monitor.judgements import Judgements
from corridors.cooperation.monitor.measures import IndicatorMeasure, with_measures
from corridors.cooperation.monitor.observation_age import data_notes
from corridors.cooperation.monitor.paths import with_paths
from corridors.cooperation.monitor.thresholds import Thresholds
from corridors.cooperation.monitor.verdicts import with_cases
from corridors.cooperation.monitor.words import explanations
from corridors.intake import IntoTable

ADDED = [
    "used_baseline_year",
    "used_baseline",
    "baseline_note",
    "observed_year",
    "observed",
    "lower",
    "upper",
    "judged_as",
    "change",
    "change_lower",
    "change_upper",
    "change_note",
    "required",
    "required_change",
    "required_rate",
    "projected",
    "projected_lower",
    "projected_upper",
    "probability",
    "probability_note",
    "status",
    "data_note",
    "alert",
    "explanation",
]


def judge(
    commitments: IntoTable,
    observations: IntoTable | None,
    *,
    as_of: date,
    measures: Mapping[str, IndicatorMeasure] | None = None,
    thresholds: Thresholds | None = None,
) -> Judgements:
    """Judge commitments by the path they require and the path observed.

    Parameters
    ----------
    commitments
        ``commitment`` and any columns of the register: indicator, place, direction (increase, decrease,
        at-least, at-most), baseline_year, baseline_value, target_value, target_date, state, outcome and so
        on; ``judged_as`` and ``indicator_unit`` for an indicator of its own.
    observations
        indicator, place, year, value, and where known lower and upper, and cases: of how many a running
        share is; None for none.
    as_of
        The day of judgement; observations of later years are not used.
    measures
        What kind of figure an indicator is, by name; see :class:`IndicatorMeasure`. Others are levels.
    thresholds
        What verdicts and alerts turn on; see :class:`Thresholds`.

    Returns
    -------
    Judgements
        In the order of the commitments.

    Raises
    ------
    DataError
        The tables do not conform; names rows, column and remedy.

    Notes
    -----
    Years are calendar years: the observation of the target's own year counts. The required path is the
    straight line (where an indicator changes by rates, the constant rate) from baseline to target; a
    threshold to hold (at-least, at-most) has none. From three points on (the baseline is one) a random walk
    with drift gives a Student t prediction (:func:`project`); with two there is a line but no probability.
    Without a target the change since the baseline decides, and is called one only if its interval excludes
    none (:mod:`corridors.cooperation.monitor.changes`). Where no figure decides, the record does: the state
    of the follow-up, and its outcome. The rules, in order, are :func:`status_rules`.

    Examples
    --------
    >>> from datetime import date
    >>> import polars as pl
    >>> from corridors.cooperation.monitor import judge
    >>> promise = pl.DataFrame({"commitment": ["5x5"], "indicator": ["cost"], "place": ["WORLD"],
    ...     "direction": ["decrease"], "baseline_year": [2009], "baseline_value": [10.0],
    ...     "target_value": [5.0], "target_date": [date(2014, 12, 31)]})
    >>> seen = pl.DataFrame({"indicator": "cost", "place": "WORLD", "year": [2011, 2012],
    ...                      "value": [9.0, 8.6]})
    >>> found = judge(promise, seen, as_of=date(2013, 6, 1))
    >>> found.table["status"].item(), round(found.table["projected"].item(), 2)
    ('off-course', 7.67)
    """
    chosen = thresholds or Thresholds()
    promised = with_measures(read_commitments(commitments), dict(measures or {}))
    seen = no_observations() if observations is None else read_observations(observations)
    seen = seen.filter(pl.col("year") <= as_of.year)
    points = with_baselines(promised, seen)
    refuse_logarithms(promised, points)
    table = with_paths(promised, points, seen, thresholds=chosen)
    table = with_cases(table, as_of=as_of, thresholds=chosen)
    table = table.with_columns(explanations(table), data_notes(table, as_of=as_of, thresholds=chosen))
    table = table.with_columns(alerts(as_of=as_of, thresholds=chosen))
    return Judgements(_shown(table).select(*COLUMNS, *ADDED), as_of, chosen)


def _shown(table: pl.DataFrame) -> pl.DataFrame:
    """Blank what does not apply, and say why there is no probability."""
    ahead = ~pl.col("passed") & pl.col("target_year").is_not_null() & (pl.col("count") >= 2)
    figures = (pl.col("status") != "no-data") & ~pl.col("case").str.starts_with("record-")
    names = ["projected", "projected_lower", "projected_upper"]
    changes = ["change", "change_lower", "change_upper", "change_note"]
    note = (
        pl.when(pl.col("case").str.starts_with("record-"))
        .then(pl.lit("the record decides, no figure"))
        .when(pl.col("status") == "no-data")
        .then(pl.lit("nothing to judge by"))
        .when(pl.col("target_value").is_null())
        .then(pl.lit("no target was set: judged by the change since the statement"))
        .when("passed")
        .then(pl.lit("the date has passed: the record decides"))
        .when(pl.col("target_year").is_null())
        .then(pl.lit("the target has no date"))
        .when(pl.col("count") < 2)
        .then(pl.lit("one observation has no trend"))
        .when(~pl.col("enough"))
        .then(pl.lit("two points give a line but nothing to tell its error from"))
        .when(pl.col("judged_as") == "log")
        .then(pl.lit("random walk with drift of logarithms, Student t"))
        .otherwise(pl.lit("random walk with drift, Student t"))
    )
    required = ("required", "required_change", "required_rate")
    return table.with_columns(
        *(pl.when(ahead & figures).then(pl.col(name)).alias(name) for name in names),
        # Two digits: what the model leaves out is more than the third.
        pl.when(ahead & figures).then(pl.col("probability").round_sig_figs(2)).alias("probability"),
        *(pl.when(figures).then(pl.col(n)).alias(n) for n in (*required, *changes)),
        probability_note=note,
    )
