"""Has the indicator changed since the statement, or can that not be told?

A change is called one only if its interval excludes none.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray
from scipy.stats import t as student

from corridors.cooperation.monitor.series import FEWEST, Walks
from corridors.cooperation.monitor.thresholds import Thresholds
from corridors.numerics.exact_ratios import Ratio, odds_ratio, rate_ratio
from corridors.numerics.intervals import z_of_level
from corridors.numerics.typing import Array

COUNTED = ("total", "running-share")
ADDED = {
    "change": pl.Float64,
    "change_lower": pl.Float64,
    "change_upper": pl.Float64,
    "change_note": pl.String,
    "told": pl.String,
}
_TALLIES = {"before": pl.Int64, "of_before": pl.Float64, "since": pl.Int64, "of_since": pl.Float64}
_ERRORS = "difference; from the intervals of both figures"
_SCATTER = "difference; against what single years move it and revisions may, since there is no interval"
_PAIRED = "difference within the same units"
_RATES = "ratio of rates a year; exact"
_ODDS = "ratio of odds; exact"


class Differences(NamedTuple):
    """Changes with their intervals, each of shape ``(n,)``; missing where nothing can be said."""

    change: Array
    lower: Array
    upper: Array
    by_errors: NDArray[np.bool_]


def differences(
    walks: Walks, known: NDArray[np.bool_], *, level: float, margin: ArrayLike = 0.0
) -> Differences:
    """Last figure less first, with its interval.

    Parameters
    ----------
    walks
        The series.
    known
        Whether the errors of the first and last figure are known, shape ``(n,)``.
    level
        Probability to cover.
    margin
        How far revisions may move a figure without an error, a number or shape ``(n,)``.

    Notes
    -----
    Where both errors are known, they are added: an interval for figures that were measured with error. Where
    they are not, the steps of single years about their drift tell what the figure moves without any tendency
    (``n - 2`` degrees of freedom); if all scatter is error of measurement, the variance of such a step is
    that of the difference of two figures. The interval is no narrower than the margin of revisions. Fewer
    than three figures without errors or margin have no interval.

    Examples
    --------
    >>> import numpy as np
    >>> from corridors.cooperation.monitor.changes import differences
    >>> from corridors.cooperation.monitor.series import summarise
    >>> walk = summarise([2018, 2020, 2022, 2024], [7.0, 6.0, 6.6, 6.5])
    >>> found = differences(walk, np.array([False]), level=0.95)
    >>> [round(float(x[0]), 2) for x in found[:3]]
    [-0.5, -2.94, 1.94]
    """
    change = np.where(walks.count > 1, walks.last - walks.first, np.nan)
    sampled = z_of_level(level) * np.sqrt(walks.error_first + walks.error_last)
    free = np.where(walks.count >= FEWEST, walks.count - 2, np.nan)
    yearly = student.ppf((1 + level) / 2, free) * np.sqrt(walks.variance)
    apart = np.asarray(margin, dtype=np.float64)
    half = np.where(known, sampled, np.fmax(yearly, np.where(apart > 0, apart, np.nan)))
    return Differences(change, change - half, change + half, known & np.isfinite(half))


def told_by_interval(lower: Array, upper: Array, sign: Array) -> list[str | None]:
    """Towards, away, untold or nothing, from intervals of changes and the direction asked.

    Examples
    --------
    >>> import numpy as np
    >>> from corridors.cooperation.monitor.changes import told_by_interval
    >>> low, high = np.array([0.1, -0.2, -3, np.nan]), np.array([1.0, 0.5, -1, np.nan])
    >>> told_by_interval(low, high, np.array([1.0, 1, 1, 1]))
    ['towards', 'untold', 'away', None]
    """
    up, down, sure = lower > 0, upper < 0, np.isfinite(lower) & np.isfinite(upper)
    toward, away = np.where(sign > 0, up, down), np.where(sign > 0, down, up)
    names = np.select([~sure, toward, away], ["", "towards", "away"], "untold")
    return [str(name) or None for name in names]


def counted_changes(table: pl.DataFrame, seen: pl.DataFrame, thresholds: Thresholds) -> pl.DataFrame:
    """Changes of what is counted up: rates of acts before and since, shares of acts before and since.

    Parameters
    ----------
    table
        Commitments with ``judged_as``, ``whole_until``, ``sign``, ``used_baseline_year``.
    seen
        All observations up to the day of judgement.
    thresholds
        The level of a change.

    Returns
    -------
    DataFrame
        One row a commitment whose indicator is a total or a running share: commitment, change, change_lower,
        change_upper, change_note, told, and the tallies before, of_before, since, of_since: acts of so many
        years, or of so many acts.

    Examples
    --------
    >>> import polars as pl
    >>> from corridors.cooperation.monitor import Thresholds
    >>> from corridors.cooperation.monitor.changes import counted_changes
    >>> made = pl.DataFrame({"commitment": ["a"], "indicator": ["parties"], "place": ["WLD"], "sign": [1.0],
    ...     "judged_as": ["total"], "whole_until": [2021], "used_baseline_year": [2011]})
    >>> seen = pl.DataFrame({"indicator": "parties", "place": "WLD", "year": [2001, 2011, 2021, 2022],
    ...     "value": [17.0, 45.0, 56.0, 57.0], "cases": [None] * 4})
    >>> found = counted_changes(made, seen, Thresholds())
    >>> found.select("before", "of_before", "since", "of_since", "told").row(0)
    (28, 10.0, 11, 10.0, 'away')
    """
    rows: list[dict[str, Any]] = []
    known = seen.filter(pl.col("indicator").is_in(table["indicator"].drop_nulls().unique().to_list()))
    groups = dict(known.sort("year").group_by("indicator", "place"))
    for one in table.filter(pl.col("judged_as").is_in(COUNTED)).to_dicts():
        series = groups.get((one["indicator"], one["place"]))
        if series is None or one["used_baseline_year"] is None or one["sign"] is None:
            continue
        found = (_rates if one["judged_as"] == "total" else _shares)(one, series, thresholds.change)
        rows.append({"commitment": one["commitment"], **found})
    schema = {"commitment": pl.String, **ADDED, **_TALLIES}
    return pl.DataFrame(rows, schema=schema)


def _rates(one: dict[str, Any], series: pl.DataFrame, level: float) -> dict[str, Any]:
    """Acts a year since the baseline against as many years before, or as many as there are."""
    last = one["whole_until"] or int(series["year"][-1])
    totals = dict(series.filter(pl.col("year") <= last).select("year", "value").iter_rows())
    base = one["used_baseline_year"]
    if base not in totals or not totals or max(totals) <= base:
        return {}
    end = max(totals)
    start = max((year for year in totals if year <= 2 * base - end), default=min(totals))
    if start >= base:
        return {}
    before, since = round(totals[base] - totals[start]), round(totals[end] - totals[base])
    if before < 0 or since < 0:
        return {}
    found = rate_ratio(before, base - start, since, end - base, level=level)
    tallies = {"before": before, "of_before": base - start, "since": since, "of_since": end - base}
    return _told(found, one["sign"], _RATES) | tallies


def _shares(one: dict[str, Any], series: pl.DataFrame, level: float) -> dict[str, Any]:
    """Share among the acts since the baseline against the share among those before."""
    rows = {year: (value, cases) for year, value, cases in series["year", "value", "cases"].iter_rows()}
    base, end = one["used_baseline_year"], max(rows)
    if base not in rows or end <= base or None in (*rows[base], *rows[end]):
        return {}
    (share, of), (share_now, of_now) = rows[base], rows[end]
    before, since = round(share * of), round(share_now * of_now) - round(share * of)
    tallies = {"before": before, "of_before": of, "since": since, "of_since": of_now - of}
    if of_now <= of or not 0 <= since <= of_now - of:
        return {}
    found = odds_ratio(before, round(of), since, round(of_now - of), level=level)
    return _told(found, one["sign"], _ODDS) | tallies


def _told(found: Ratio, sign: float, note: str) -> dict[str, Any]:
    more = found.lower > 1
    name = "untold" if not found.differs else "towards" if more == (sign > 0) else "away"
    ends = {"change": found.value, "change_lower": found.lower, "change_upper": found.upper}
    finite = {key: value if np.isfinite(value) else None for key, value in ends.items()}
    return {**finite, "change_note": note, "told": name}


def measured_changes(
    table: pl.DataFrame, walks: Walks, known: NDArray[np.bool_], thresholds: Thresholds
) -> pl.DataFrame:
    """Changes of what is measured, in the unit of the indicator.

    Parameters
    ----------
    table
        Commitments with their baseline, latest observation, ``sign`` and ``judged_as``, in the order of
        ``walks``.
    walks
        Their series, logarithms where they change by rates.
    known
        Whether both errors are known, shape ``(n,)``.
    thresholds
        The level of a change, and that of observations.
    """
    level, n = thresholds.change, table.height
    kinds = table["judged_as"].to_numpy()
    base, value, lower, upper, revision = (
        table[name].cast(pl.Float64).fill_null(np.nan).to_numpy()
        for name in ("used_baseline", "observed", "lower", "upper", "revision")
    )
    log, own = kinds == "log", kinds == "change"
    larger = np.fmax(np.abs(walks.first), np.abs(walks.last))
    margin = np.where(log, np.log1p(revision), revision * larger)
    found = differences(walks, known, level=level, margin=margin)
    # With one degree of freedom the ends lie far out; beyond e^300 nothing is told apart.
    ends = [
        np.where(log, base * np.expm1(np.where(log, np.clip(end, -300, 300), 0)), end) for end in found[:3]
    ]
    wider = z_of_level(level) / z_of_level(thresholds.interval)
    paired = [value, value - (value - lower) * wider, value + (upper - value) * wider]
    change, low, high = (np.where(own, mine, end) for mine, end in zip(paired, ends, strict=True))
    note = np.select([own, found.by_errors], [_PAIRED, _ERRORS], _SCATTER)
    sign = table["sign"].fill_null(np.nan).to_numpy()
    told = told_by_interval(low, high, sign) if n else []
    made = {
        "change": change,
        "change_lower": low,
        "change_upper": high,
        "change_note": [str(one) if t else None for one, t in zip(note, told, strict=True)],
        "told": told,
    }
    frame = pl.DataFrame(made, schema=ADDED)
    return frame.with_columns(pl.col("change", "change_lower", "change_upper").fill_nan(None))
