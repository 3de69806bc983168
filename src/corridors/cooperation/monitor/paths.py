"""The required path against the observed one, for all commitments at once."""

from __future__ import annotations

import numpy as np
import polars as pl

from corridors.cooperation.monitor.inputs import DIRECTIONS, HOLD
from corridors.cooperation.monitor.series import FEWEST, Walks, project_walks, t_above
from corridors.cooperation.monitor.thresholds import Thresholds
from corridors.numerics.intervals import z_of_level

_WALK = ("count", "first", "last", "span", "roughness", "error_first", "error_last", "error_roughness")
# Equal but for rounding; relative, so that units do not matter.
_TOLERANCE = 1e-9


def with_paths(
    commitments: pl.DataFrame, points: pl.DataFrame, *, scale: str, thresholds: Thresholds
) -> pl.DataFrame:
    """Add to each commitment its baseline, latest observation, required path and projection.

    Parameters
    ----------
    commitments
        As :func:`read_commitments` gives them.
    points
        As :func:`with_baselines` gives them.
    scale
        ``level`` or ``log``: on which the indicator drifts.
    thresholds
        Supplies the probability of intervals.

    Examples
    --------
    >>> from datetime import date
    >>> from corridors.cooperation.monitor import Thresholds
    >>> from corridors.cooperation.monitor.baseline import with_baselines
    >>> from corridors.cooperation.monitor.inputs import read_commitments, read_observations
    >>> from corridors.cooperation.monitor.paths import with_paths
    >>> promise = read_commitments({"commitment": ["5x5"], "indicator": ["cost"], "place": ["WORLD"],
    ...     "direction": ["decrease"], "baseline_year": [2009], "baseline_value": [10.0],
    ...     "target_value": [5.0], "target_date": [date(2014, 12, 31)]})
    >>> seen = read_observations(
    ...     {"indicator": ["cost"], "place": ["WORLD"], "year": [2012], "value": [8.5]}, log=False)
    >>> points = with_baselines(promise, seen)
    >>> paths = with_paths(promise, points, scale="level", thresholds=Thresholds())
    >>> paths.select("required", "required_change", "projected").row(0)
    (7.0, -1.75, 7.5)
    """
    sign = pl.col("direction").replace_strict(DIRECTIONS, default=None, return_dtype=pl.Float64)
    table = commitments.with_columns(
        sign=sign, hold=pl.col("direction").is_in(HOLD), target_year=pl.col("target_date").dt.year()
    )
    table = table.join(_facts(table, points), on="commitment", how="left", maintain_order="left")
    table = table.join(_walks(points, scale, thresholds), on="commitment", how="left", maintain_order="left")
    return _projected(_required(table, scale), scale, thresholds)


def reaches(value: str | pl.Expr) -> pl.Expr:
    """Whether a value reaches the target of its row; missing where either is.

    Examples
    --------
    >>> import polars as pl
    >>> from corridors.cooperation.monitor.paths import reaches
    >>> row = pl.DataFrame({"v": [4.0], "target_value": [5.0], "sign": [-1.0]})
    >>> row.select(reaches("v")).item()
    True
    """
    found = pl.col(value) if isinstance(value, str) else value
    slack = _TOLERANCE * pl.max_horizontal(found.abs(), pl.col("target_value").abs())
    return (found - pl.col("target_value")) * pl.col("sign") >= -slack


def _facts(table: pl.DataFrame, points: pl.DataFrame) -> pl.DataFrame:
    """Baseline, latest observation, and what was reached when."""
    goal = table.select("commitment", "target_value", "sign", "target_year")
    rows = points.join(goal, on="commitment").with_columns(reached=reaches("value"))
    due = (pl.col("year") <= pl.col("target_year")) & pl.col("seen")
    late = (pl.col("year") > pl.col("target_year")) & pl.col("reached") & pl.col("seen")
    base = pl.col("base")
    return rows.group_by("commitment").agg(
        pl.col("year").filter(base).first().alias("used_baseline_year"),
        pl.col("value").filter(base).first().alias("used_baseline"),
        pl.col("note").filter(base).first().alias("baseline_note"),
        *(pl.col(c).filter("seen").last().alias(n) for c, n in _LATEST.items()),
        pl.col("seen").any().alias("any_seen"),
        *(pl.col(c).filter(due).last().alias(f"due_{n}") for c, n in _LATEST.items()),
        pl.col("year").filter(late).min().alias("late_year"),
    )


_LATEST = {"year": "observed_year", "value": "observed", "lower": "lower", "upper": "upper"}


def _walks(points: pl.DataFrame, scale: str, thresholds: Thresholds) -> pl.DataFrame:
    z = z_of_level(thresholds.interval)
    taken = [pl.col(c).log() if scale == "log" else pl.col(c) for c in ("value", "lower", "upper")]
    error = ((taken[2] - taken[1]) / (2 * z)).pow(2).fill_null(0.0)
    years, y, e = pl.col("year"), pl.col("y"), pl.col("e")
    return (
        points.select("commitment", "year", y=taken[0], e=error)
        .group_by("commitment")
        .agg(
            count=pl.len().cast(pl.Float64),
            first=y.first(),
            last=y.last(),
            span=(years.last() - years.first()).cast(pl.Float64),
            roughness=(y.diff().pow(2) / years.diff()).sum(),
            error_first=e.first(),
            error_last=e.last(),
            error_roughness=((e + e.shift()) / years.diff()).sum(),
        )
    )


def _required(table: pl.DataFrame, scale: str) -> pl.DataFrame:
    base, target, now = pl.col("used_baseline"), pl.col("target_value"), pl.col("observed")
    start, end, year = pl.col("used_baseline_year"), pl.col("target_year"), pl.col("observed_year")
    done = ((year - start) / (end - start)).clip(0.0, 1.0)
    way = base + (target - base) * done
    if scale == "log":
        way = base * (target / base).pow(done)
    whole = pl.when("hold").then(target).when(end > start).then(way).otherwise(target)
    left = (end - year).cast(pl.Float64)
    open_ = (left > 0) & ~reaches("observed")
    ratio = target / now
    return table.with_columns(
        required=pl.when(year.is_not_null()).then(whole),
        required_change=pl.when(open_).then((target - now) / left),
        required_rate=pl.when(open_ & (ratio > 0)).then(ratio.pow(1 / left) - 1),
    )


def _projected(table: pl.DataFrame, scale: str, thresholds: Thresholds) -> pl.DataFrame:
    def column(name: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        return table[name].cast(pl.Float64).fill_null(np.nan).to_numpy()

    walks = Walks(*(column(name) for name in _WALK))
    sign, target = column("sign"), column("target_value")
    if scale == "log":
        target = np.log(np.where(target > 0, target, np.nan))
    horizon = np.maximum(column("target_year") - column("observed_year"), 0.0)
    found = project_walks(walks, horizon)
    gap = (target - found.mean) * sign
    gap = np.where(np.abs(gap) <= _TOLERANCE * np.maximum(np.abs(target), np.abs(found.mean)), 0.0, gap)
    low, high = found.interval(thresholds.interval)
    span = np.where(walks.span > 0, walks.span, np.nan)
    drift_sd = np.sqrt(walks.variance / span + (walks.error_first + walks.error_last) / span**2)
    # Standing still is no drift away, hence the complement.
    away = 1 - t_above(-walks.drift * sign, drift_sd, found.degrees)
    back = np.exp if scale == "log" else np.asarray
    values = {
        "projected": back(found.mean),
        "projected_lower": back(low),
        "projected_upper": back(high),
        "probability": t_above(gap, found.sd, found.degrees),
        "away": away,
        "drift": walks.drift * sign,
    }
    made = [pl.Series(name, value).fill_nan(None) for name, value in values.items()]
    return table.with_columns(made).with_columns(enough=pl.col("count") >= FEWEST)
