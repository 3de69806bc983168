"""What kind of figure an indicator is, which decides how a change of it is told."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from corridors.errors import DataError

# How each kind changes, and so how it is judged.
KINDS = {
    "level": "may rise and fall by steps",
    "log": "may rise and fall by rates, and is above 0: prices, money, people",
    "share": "a share, which stays between 0 and 1",
    "change": "a change since a year of its own, with the interval of paired differences",
    "total": "acts counted up, which can only grow: judged by their rate a year",
    "running-share": "share of all acts so far: judged by the acts since",
}


@dataclass(frozen=True, slots=True)
class IndicatorMeasure:
    """What the monitor has to know of an indicator.

    Attributes
    ----------
    judged_as
        ``level``, ``log``, ``share``, ``change``, ``total`` or ``running-share``.
    unit
        Unit of its values; a share is shown in percent.
    whole_until
        Last year in which acts are counted completely; later ones are no part of a rate.
    revision
        How far revisions may still move a figure without an interval, relative to it.

    Raises
    ------
    DataError
        There is no such kind.

    Examples
    --------
    >>> from corridors.cooperation.monitor import IndicatorMeasure
    >>> IndicatorMeasure("total", whole_until=2021).judged_as
    'total'
    >>> IndicatorMeasure("sum")
    Traceback (most recent call last):
    corridors.errors.DataError: no measure is judged as 'sum'
      Remedy: use level, log, share, change, total, running-share
    """

    judged_as: str = "level"
    unit: str = ""
    whole_until: int | None = None
    revision: float = 0.0

    def __post_init__(self) -> None:
        if self.judged_as not in KINDS:
            raise DataError(f"no measure is judged as {self.judged_as!r}", remedy=f"use {', '.join(KINDS)}")


def with_measures(commitments: pl.DataFrame, measures: dict[str, IndicatorMeasure]) -> pl.DataFrame:
    """Add to each commitment how its indicator is judged, its unit, and until when acts are counted.

    Parameters
    ----------
    commitments
        As :func:`corridors.cooperation.monitor.inputs.read_commitments` gives them; what they say of their
        own indicator goes first.
    measures
        Measures by indicator.

    Examples
    --------
    >>> from corridors.cooperation.monitor.inputs import read_commitments
    >>> from corridors.cooperation.monitor.measures import IndicatorMeasure, with_measures
    >>> made = read_commitments({"commitment": ["a", "b"], "indicator": ["parties", "cost"]})
    >>> with_measures(made, {"parties": IndicatorMeasure("total")})["judged_as"].to_list()
    ['total', 'level']
    """
    names = {"indicator": pl.String, "_kind": pl.String, "_unit": pl.String, "whole_until": pl.Int64}
    rows = [(name, m.judged_as, m.unit, m.whole_until, m.revision) for name, m in measures.items()]
    known = pl.DataFrame(rows, schema=names | {"revision": pl.Float64}, orient="row")
    table = commitments.join(known, on="indicator", how="left", maintain_order="left")
    return table.with_columns(
        pl.col("revision").fill_null(0.0),
        judged_as=pl.coalesce("judged_as", "_kind", pl.lit("level")),
        unit=pl.coalesce("indicator_unit", "_unit", pl.lit("")),
    ).drop("_kind", "_unit")
