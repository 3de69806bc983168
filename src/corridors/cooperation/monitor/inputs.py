"""Commitments and observations, checked."""

from __future__ import annotations

from collections.abc import Collection
from os import PathLike
from typing import Any

import polars as pl

from corridors.cooperation.monitor.measures import KINDS
from corridors.intake import IntoTable, TableSpec, refuse, refuse_twice, take
from corridors.wording import ROW, similar

DIRECTIONS = {"increase": 1.0, "decrease": -1.0, "at-least": 1.0, "at-most": -1.0}
HOLD = ("at-least", "at-most")
_TEXTS = [
    "kind",
    "title",
    "actor",
    "addressee",
    "concern",
    "document",
    "paragraph",
    "url",
    "indicator",
    "place",
    "direction",
    "state",
    "no_indicator_reason",
    "outcome",
    "outcome_note",
    "last_source",
    "judged_as",
    "indicator_unit",
]
_DATES = ("target_date", "review_due", "state_since", "last_evidence")
COLUMNS = [
    "commitment",
    "kind",
    "title",
    "actor",
    "addressee",
    "concern",
    "document",
    "paragraph",
    "url",
    "indicator",
    "place",
    "direction",
    "baseline_year",
    "baseline_value",
    "target_value",
    "target_date",
    "review_due",
    "state",
    "state_since",
    "last_evidence",
    "no_indicator_reason",
    "outcome",
    "outcome_note",
    "last_source",
    "statement_year",
]
_YEARS = ("baseline_year", "statement_year")
_VALUES = ("baseline_value", "target_value")
_WORLD = {"World": "WLD", "WORLD": "WLD", "world": "WLD"}
_COMMITMENTS = TableSpec(
    "commitments",
    texts=["commitment", *_TEXTS, *_DATES],
    places=["place"],
    also=_WORLD,
    whole=_YEARS,
    numbers=_VALUES,
    optional=[*_TEXTS, *_DATES, *_YEARS, *_VALUES],
    key=["commitment"],
)
_OBSERVATIONS = TableSpec(
    "observations",
    texts=["indicator", "place"],
    places=["place"],
    also=_WORLD,
    whole=["year"],
    numbers=["value", "lower", "upper", "cases"],
    optional=["place", "lower", "upper", "cases"],
    blank=["value"],
    empty=True,
)


def read_commitments(data: IntoTable) -> pl.DataFrame:
    """Commitments with all columns of the register, typed; absent ones are blank.

    Parameters
    ----------
    data
        ``commitment`` (unique) and any of the register's columns.

    Raises
    ------
    DataError
        A commitment stands twice or has no name, a direction is unknown, a date is no date, a baseline
        value has no year, or a target lies on the wrong side of its baseline.

    Examples
    --------
    >>> import polars as pl
    >>> from corridors.cooperation.monitor.inputs import read_commitments
    >>> read_commitments(pl.DataFrame({"commitment": ["a"]}))["target_date"].dtype
    Date
    """
    table = take(data, _COMMITMENTS)
    table = table.with_columns(_date(table, c) for c in _DATES)
    _check_targets(table)
    return table.select(*COLUMNS, "judged_as", "indicator_unit")


def read_observations(data: IntoTable) -> pl.DataFrame:
    """Observations: indicator, place, year, value, lower, upper, cases.

    Parameters
    ----------
    data
        One row an indicator, place and year; ``lower``, ``upper`` and ``cases`` (of how many a running share
        is) may be absent. A blank value has no row.

    Raises
    ------
    DataError
        A year stands twice or is no whole number, or an interval does not hold its value.

    Examples
    --------
    >>> import polars as pl
    >>> from corridors.cooperation.monitor.inputs import read_observations
    >>> rows = pl.DataFrame({"indicator": ["i"], "place": ["KEN"], "year": [2020], "value": [3]})
    >>> read_observations(rows).row(0)
    ('i', 'KEN', 2020, 3.0, None, None, None)
    """
    numbered = take(data, _OBSERVATIONS).with_row_index(ROW, 1)
    table = numbered.filter(pl.col("value").is_not_null())
    from_file = isinstance(data, str | PathLike)
    refuse(
        table,
        pl.col("place").is_null() & (from_file and bool(table["place"].is_not_null().any())),
        "table 'observations': column 'place' is missing",
        "give the place, WLD for the world",
        ["indicator", "year", "value"],
    )
    key = ["indicator", "place", "year"]
    refuse_twice(table, key, "observations")
    off = (pl.col("lower") > pl.col("value")) | (pl.col("upper") < pl.col("value"))
    refuse(
        table,
        off,
        "table 'observations': an interval does not hold its value",
        "give lower <= value <= upper",
        [*key, "value"],
    )
    return table.select("indicator", "place", "year", "value", "lower", "upper", "cases")


def refuse_unknown_indicators(observations: pl.DataFrame, known: Collection[str]) -> None:
    """Refuse observations of indicators that nobody asks for, which a slip of the pen may be.

    Parameters
    ----------
    observations
        Column ``indicator``.
    known
        Indicators of commitments and of the atlas.

    Raises
    ------
    DataError
        Names the rows and the indicators that come close.

    Examples
    --------
    >>> import polars as pl
    >>> from corridors.cooperation.monitor.inputs import refuse_unknown_indicators
    >>> refuse_unknown_indicators(pl.DataFrame({"indicator": ["Remittance cost"]}), {"remittance_cost"})
    Traceback (most recent call last):
    corridors.errors.DataError: table 'observations': no commitment has the indicator in 1 row
      row 1: indicator=Remittance cost
      Remedy: 'Remittance cost': did you mean 'remittance_cost'?
    """
    strange = [name for name in observations["indicator"].unique(maintain_order=True) if name not in known]
    hints = [f"{name!r}: {similar(name, known) or 'no indicator comes close'}" for name in strange[:5]]
    refuse(
        observations,
        pl.col("indicator").is_in(strange),
        "table 'observations': no commitment has the indicator",
        "; ".join(hints),
        ["indicator"],
    )


def refuse_logarithms(table: pl.DataFrame, points: pl.DataFrame) -> None:
    """Refuse figures that are not above 0 where their indicator changes by rates.

    Parameters
    ----------
    table
        Commitments with ``judged_as``.
    points
        Their points, as :func:`corridors.cooperation.monitor.baseline.with_baselines` gives them.

    Raises
    ------
    DataError
        Names the commitments.

    Examples
    --------
    >>> import polars as pl
    >>> from corridors.cooperation.monitor.inputs import refuse_logarithms
    >>> made = pl.DataFrame({"commitment": ["a"], "judged_as": ["log"], "target_value": [0.0]})
    >>> none = pl.DataFrame(schema={"commitment": pl.String, "value": pl.Float64, "lower": pl.Float64})
    >>> refuse_logarithms(made, none)
    Traceback (most recent call last):
    corridors.errors.DataError: table 'commitments': no logarithm: a target is not above 0 in 1 row
      row 1: commitment=a, target_value=0.0
      Remedy: judge the indicator as a level
    """
    log = pl.col("judged_as") == "log"
    remedy = "judge the indicator as a level"
    words = "table 'commitments': no logarithm: a target is not above 0"
    refuse(table, log & (pl.col("target_value") <= 0), words, remedy, ["commitment", "target_value"])
    rows = points.join(table.select("commitment", "judged_as"), on="commitment", maintain_order="left")
    low = log & (pl.min_horizontal("value", "lower") <= 0)
    words = "table 'observations': no logarithm: a value or bound is not above 0"
    refuse(rows, low, words, remedy, ["commitment", "year", "value"])


def no_observations() -> pl.DataFrame:
    """A table of observations without rows.

    Examples
    --------
    >>> from corridors.cooperation.monitor.inputs import no_observations
    >>> no_observations().height
    0
    """
    kinds: dict[str, Any] = {"indicator": pl.String, "place": pl.String, "year": pl.Int64}
    return pl.DataFrame(schema=kinds | dict.fromkeys(("value", "lower", "upper", "cases"), pl.Float64))


def _check_targets(table: pl.DataFrame) -> None:
    direction, target, base = (pl.col(c) for c in ("direction", "target_value", "baseline_value"))
    known = ", ".join(DIRECTIONS)
    unknown = ~direction.is_in(list(DIRECTIONS)) | (target.is_not_null() & direction.is_null())
    refuse(
        table,
        unknown,
        "table 'commitments': a direction is unknown",
        f"use {known}",
        ["commitment", "direction"],
    )
    other = pl.col("judged_as").is_not_null() & ~pl.col("judged_as").is_in(list(KINDS))
    words = "table 'commitments': no measure is judged like that"
    refuse(table, other, words, f"use {', '.join(KINDS)}", ["commitment", "judged_as"])
    lone = base.is_not_null() & pl.col("baseline_year").is_null()
    refuse(
        table,
        lone,
        "table 'commitments': a baseline has no year",
        "give baseline_year with baseline_value",
        ["commitment"],
    )
    wrong = ((direction == "increase") & (target < base)) | ((direction == "decrease") & (target > base))
    refuse(
        table,
        wrong,
        "table 'commitments': a target lies on the wrong side of its baseline",
        "turn the direction, or use at-least or at-most for a threshold",
        ["commitment", "direction", "baseline_value", "target_value"],
    )


def _date(table: pl.DataFrame, name: str) -> pl.Series:
    text = table[name].str.head(10)
    typed = text.str.to_date("%Y-%m-%d", strict=False)
    refuse(
        table.with_columns(_bad=text.is_not_null() & typed.is_null()),
        pl.col("_bad"),
        f"table 'commitments': column '{name}' holds no date",
        "write dates as 2030-12-31",
        ["commitment", name],
    )
    return typed.alias(name)
