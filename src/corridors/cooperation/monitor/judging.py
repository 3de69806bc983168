"""Was it promised, and did it happen?"""

from __future__ import annotations

from datetime import date

import polars as pl

from corridors.cooperation.monitor.alerts import alerts
from corridors.cooperation.monitor.baseline import with_baselines
from corridors.cooperation.monitor.inputs import (
    COLUMNS,
    no_observations,
    read_commitments,
    read_observations,
)
from corridors.cooperation.monitor.judgements import Judgements
from corridors.cooperation.monitor.observation_age import data_notes
from corridors.cooperation.monitor.paths import with_paths
from corridors.cooperation.monitor.thresholds import Thresholds
from corridors.cooperation.monitor.verdicts import with_cases
from corridors.cooperation.monitor.words import explanations
from corridors.errors import DataError
from corridors.intake import IntoTable, refuse

ADDED = [
    "used_baseline_year",
    "used_baseline",
    "baseline_note",
    "observed_year",
    "observed",
    "lower",
    "upper",
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
    scale: str = "level",
    thresholds: Thresholds | None = None,
) -> Judgements:
    """Judge commitments by the path they require and the path observed.

    Parameters
    ----------
    commitments
        ``commitment`` and any columns of the register: indicator, place, direction (increase, decrease,
        at-least, at-most), baseline_year, baseline_value, target_value, target_date, state and so on.
    observations
        indicator, place, year, value, and where known lower and upper; None for none.
    as_of
        The day of judgement; observations of later years are not used.
    scale
        ``level``, or ``log`` where the indicator changes by rates; then all values must be positive.
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
    straight line (on the log scale, the constant rate) from baseline to target; a threshold to hold
    (at-least, at-most) has none. From three points on (the baseline is one) a random walk with drift gives
    a Student t prediction (:func:`project`); with two there is a line but no probability. The rules, in
    order, are :func:`status_rules`. A shift of the whole path, baseline included, towards the target never
    lowers probability or status. A step of the last value alone never worsens the status at the thresholds
    of 0.5; it can lower a probability, since a jump also says that the series is volatile.

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
    if scale not in ("level", "log"):
        raise DataError(f"scale can not be {scale!r}", remedy="use 'level' or 'log'")
    chosen = thresholds or Thresholds()
    promised = read_commitments(commitments)
    if scale == "log":
        low = pl.min_horizontal("target_value", "baseline_value") <= 0
        refuse(
            promised,
            low,
            "table 'commitments': no logarithm: target or baseline is not above 0",
            "use scale='level'",
            ["commitment"],
        )
    seen = no_observations() if observations is None else read_observations(observations, log=scale == "log")
    points = with_baselines(promised, seen.filter(pl.col("year") <= as_of.year))
    table = with_paths(promised, points, scale=scale, thresholds=chosen)
    table = with_cases(table, as_of=as_of, thresholds=chosen)
    table = table.with_columns(explanations(table), data_notes(table, as_of=as_of, thresholds=chosen))
    table = table.with_columns(alerts(as_of=as_of, thresholds=chosen))
    return Judgements(_shown(table).select(*COLUMNS, *ADDED), as_of, scale, chosen)


def _shown(table: pl.DataFrame) -> pl.DataFrame:
    """Blank what does not apply, and say why there is no probability."""
    ahead = ~pl.col("passed") & pl.col("target_year").is_not_null() & (pl.col("count") >= 2)
    judged = pl.col("status") != "no-data"
    names = ["projected", "projected_lower", "projected_upper", "probability"]
    note = (
        pl.when(pl.col("status") == "no-data")
        .then(pl.lit("nothing to judge by"))
        .when(pl.col("target_value").is_null())
        .then(pl.lit("no target was set: judged by its direction only"))
        .when("passed")
        .then(pl.lit("the date has passed: the record decides"))
        .when(pl.col("target_year").is_null())
        .then(pl.lit("the target has no date"))
        .when(pl.col("count") < 2)
        .then(pl.lit("one observation has no trend"))
        .when(~pl.col("enough"))
        .then(pl.lit("two points give a line but nothing to tell its error from"))
        .otherwise(pl.lit("random walk with drift, Student t"))
    )
    return table.with_columns(
        *(pl.when(ahead & judged).then(pl.col(name)).alias(name) for name in names),
        *(pl.when(judged).then(pl.col(n)).alias(n) for n in ("required", "required_change", "required_rate")),
        probability_note=note,
    )
