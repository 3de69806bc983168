"""The required path against the observed one, for all commitments at once."""

from __future__ import annotations

import numpy as np
import polars as pl

from corridors.cooperation.monitor.changes import COUNTED, counted_changes, measured_changes
from corridors.cooperation.monitor.inputs import DIRECTIONS, HOLD
from corridors.cooperation.monitor.series import FEWEST, Walks, project_walks, t_above
from corridors.cooperation.monitor.thresholds import Thresholds
from corridors.numerics.intervals import z_of_level
from corridors.numerics.typing import Array

_WALK = ("count", "first", "last", "span", "roughness", "error_first", "error_last")
_LOG = pl.col("judged_as") == "log"
# Equal but for rounding; relative, so that units do not matter.
_TOLERANCE = 1e-9


def with_paths(
    commitments: pl.DataFrame, points: pl.DataFrame, seen: pl.DataFrame, *, thresholds: Thresholds
) -> pl.DataFrame:
    """Add to each commitment its baseline, latest observation, change, required path and projection.

    Parameters
    ----------
    commitments
        As :func:`corridors.cooperation.monitor.measures.with_measures` gives them.
    points
        As :func:`with_baselines` gives them.
    seen
        All observations, those before a baseline among them.
    thresholds
        Supplies the probability of intervals.

    Examples
    --------
    >>> from datetime import date
    >>> from corridors.cooperation.monitor import Thresholds
    >>> from corridors.cooperation.monitor.baseline import with_baselines
    >>> from corridors.cooperation.monitor.inputs import read_commitments, read_observations
    >>> from corridors.cooperation.monitor.measures import with_measures
    >>> from corridors.cooperation.monitor.paths import with_paths
    >>> promise = with_measures(read_commitments({"commitment": ["5x5"], "indicator": ["cost"],
    ...     "place": ["WORLD"], "direction": ["decrease"], "baseline_year": [2009], "baseline_value": [10.0],
    ...     "target_value": [5.0], "target_date": [date(2014, 12, 31)]}), {})
    >>> seen = read_observations(
    ...     {"indicator": ["cost"], "place": ["WORLD"], "year": [2012], "value": [8.5]})
    >>> points = with_baselines(promise, seen)
    >>> paths = with_paths(promise, points, seen, thresholds=Thresholds())
    >>> paths.select("required", "required_change", "projected").row(0)
    (7.0, -1.75, 7.5)
    """
    sign = pl.col("direction").replace_strict(DIRECTIONS, default=None, return_dtype=pl.Float64)
    table = commitments.with_columns(
        sign=sign, hold=pl.col("direction").is_in(HOLD), target_year=pl.col("target_date").dt.year()
    )
    table = table.join(_facts(table, points), on="commitment", how="left", maintain_order="left")
    steps = _walks(points.join(table.select("commitment", "judged_as"), on="commitment"), thresholds)
    table = table.join(steps, on="commitment", how="left", maintain_order="left")
    walks = Walks(*(_column(table, name) for name in _WALK))
    table = _projected(_required(table), walks, thresholds)
    return _with_changes(table, walks, seen, thresholds)


def _column(table: pl.DataFrame, name: str) -> Array:
    return table[name].cast(pl.Float64).fill_null(np.nan).to_numpy()


def _with_changes(
    table: pl.DataFrame, walks: Walks, seen: pl.DataFrame, thresholds: Thresholds
) -> pl.DataFrame:
    known = table["errors_known"].fill_null(value=False).to_numpy()
    measured = measured_changes(table, walks, known, thresholds)
    counts = counted_changes(table, seen, thresholds)
    both = table.hstack(measured).join(
        counts, on="commitment", how="left", suffix="_counted", maintain_order="left"
    )
    counted = pl.col("judged_as").is_in(COUNTED)
    return both.with_columns(
        pl.lit(thresholds.change).alias("change_level"),
        *(
            pl.when(counted).then(pl.col(f"{name}_counted")).otherwise(pl.col(name)).alias(name)
            for name in measured.columns
        ),
    )


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


def _walks(points: pl.DataFrame, thresholds: Thresholds) -> pl.DataFrame:
    z = z_of_level(thresholds.interval)
    taken = [pl.when(_LOG).then(pl.col(c).log()).otherwise(c) for c in ("value", "lower", "upper")]
    width = taken[2] - taken[1]
    years, y, e = pl.col("year"), pl.col("y"), pl.col("e")
    return (
        points.select(
            "commitment",
            "year",
            y=taken[0],
            e=(width / (2 * z)).pow(2).fill_null(0.0),
            # A baseline that the commitment itself gives is what it says.
            known=width.is_not_null() | ~pl.col("seen"),
        )
        .group_by("commitment")
        .agg(
            count=pl.len().cast(pl.Float64),
            first=y.first(),
            last=y.last(),
            span=(years.last() - years.first()).cast(pl.Float64),
            roughness=(y.diff().pow(2) / years.diff()).sum(),
            error_first=e.first(),
            error_last=e.last(),
            errors_known=pl.col("known").first() & pl.col("known").last(),
        )
    )


def _required(table: pl.DataFrame) -> pl.DataFrame:
    base, target, now = pl.col("used_baseline"), pl.col("target_value"), pl.col("observed")
    start, end, year = pl.col("used_baseline_year"), pl.col("target_year"), pl.col("observed_year")
    done = ((year - start) / (end - start)).clip(0.0, 1.0)
    way = pl.when(_LOG).then(base * (target / base).pow(done)).otherwise(base + (target - base) * done)
    whole = pl.when("hold").then(target).when(end > start).then(way).otherwise(target)
    left = (end - year).cast(pl.Float64)
    open_ = (left > 0) & ~reaches("observed")
    ratio = target / now
    return table.with_columns(
        required=pl.when(year.is_not_null()).then(whole),
        required_change=pl.when(open_).then((target - now) / left),
        required_rate=pl.when(open_ & (ratio > 0)).then(ratio.pow(1 / left) - 1),
    )


def _projected(table: pl.DataFrame, walks: Walks, thresholds: Thresholds) -> pl.DataFrame:
    sign, target = _column(table, "sign"), _column(table, "target_value")
    kinds = table["judged_as"].to_numpy()
    log, share = kinds == "log", np.isin(kinds, ("share", "running-share"))
    target = np.where(log, np.log(np.where(target > 0, target, np.nan)), target)
    horizon = np.maximum(_column(table, "target_year") - _column(table, "observed_year"), 0.0)
    found = project_walks(walks, horizon)
    gap = (target - found.mean) * sign
    gap = np.where(np.abs(gap) <= _TOLERANCE * np.maximum(np.abs(target), np.abs(found.mean)), 0.0, gap)
    ends = (found.mean, *found.interval(thresholds.interval))
    names = ("projected", "projected_lower", "projected_upper")
    values = {
        name: np.where(share, np.clip(end, 0.0, 1.0), np.where(log, np.exp(np.where(log, end, 0.0)), end))
        for name, end in zip(names, ends, strict=True)
    }
    values["probability"] = t_above(gap, found.sd, found.degrees)
    made = [pl.Series(name, value).fill_nan(None) for name, value in values.items()]
    return table.with_columns(made).with_columns(enough=pl.col("count") >= FEWEST)
