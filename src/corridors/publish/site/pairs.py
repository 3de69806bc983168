"""Figures of pairs and of countries: one measure, one choice of options."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import polars as pl

from corridors.atlas import Atlas
from corridors.publish.site.encode import parquet, rounded
from corridors.publish.site.measures import Measure


def measure_rows(atlas: Atlas, measure: Measure, choice: Mapping[str, Any]) -> pl.DataFrame:
    """Rows of one data file, rounded, without those below the least figure shown.

    Parameters
    ----------
    atlas
        An opened atlas.
    measure
        Of :func:`corridors.publish.site.measures_of`.
    choice
        Values of the options, and ``t`` where each time has its file.

    Returns
    -------
    polars.DataFrame
        origin, destination [, t], value [, lower, upper] in descending order of time and value; or
        country, series, t, value, lower, upper.
    """
    values = {**choice, "least": measure.least}
    used = {name: value for name, value in values.items() if re.search(rf"\${name}\b", measure.query)}
    frame = atlas.sql(measure.query, used or None)
    if "t" in frame.columns:
        frame = frame.with_columns(pl.col("t").cast(pl.Int32))
    frame = rounded(frame.filter(pl.col("value").is_not_null()), measure.decimals)
    return frame.select(n for n in frame.columns if not _blank(frame, n)).sort(*_order(measure, frame))


def _blank(frame: pl.DataFrame, name: str) -> bool:
    return name in ("lower", "upper") and frame[name].null_count() == frame.height


def _order(measure: Measure, frame: pl.DataFrame) -> list[pl.Expr]:
    if measure.kind == "country":
        return [pl.col("series"), pl.col("country"), pl.col("t")]
    time = [pl.col("t")] if "t" in frame.columns else []
    return [*time, -pl.col("value"), pl.col("origin"), pl.col("destination")]


def measure_file(atlas: Atlas, measure: Measure, choice: Mapping[str, Any]) -> bytes:
    """The data file of :func:`measure_rows`."""
    return parquet(measure_rows(atlas, measure, choice))


def times_of(atlas: Atlas, measure: Measure) -> list[tuple[int, str]]:
    """Times of a measure with labels, in order."""
    rows = atlas.sql(f"SELECT * FROM ({measure.times}) WHERE t IS NOT NULL ORDER BY t")
    return [(int(t), label) for t, label in rows.iter_rows()]
