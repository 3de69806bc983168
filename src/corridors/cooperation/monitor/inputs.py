"""Commitments and observations, checked."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import polars as pl

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
    numbers=["value", "lower", "upper"],
    optional=["place", "lower", "upper"],
    blank=["value"],
    empty=True,
)


def read_commitments(data: IntoTable) -> pl.DataFrame:
    """Commitments with all columns of the register, typed; absent ones are blank.

    Parameters
    ----------
    data
        ``commitment`` (unique) and any of the register's columns; ``statement_year`` is taken too.

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
    return table.select(*COLUMNS, "statement_year")


def read_observations(data: IntoTable, *, log: bool = False) -> pl.DataFrame:
    """Observations: indicator, place, year, value, lower, upper.

    Parameters
    ----------
    data
        One row an indicator, place and year; ``lower`` and ``upper`` may be absent. A blank value has no
        row.
    log
        Whether logarithms will be taken.

    Raises
    ------
    DataError
        A year stands twice or is no whole number, an interval does not hold its value, or a value is not
        positive though logarithms are asked for.

    Examples
    --------
    >>> import polars as pl
    >>> from corridors.cooperation.monitor.inputs import read_observations
    >>> rows = pl.DataFrame({"indicator": ["i"], "place": ["KEN"], "year": [2020], "value": [3]})
    >>> read_observations(rows).row(0)
    ('i', 'KEN', 2020, 3.0, None, None)
    """
    numbered = take(data, _OBSERVATIONS).with_row_index(ROW, 1)
    table = numbered.filter(pl.col("value").is_not_null())
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
    if log:
        low = pl.min_horizontal("value", "lower") <= 0
        refuse(
            table,
            low,
            "table 'observations': no logarithm: a value or bound is not above 0",
            "use scale='level'",
            key,
        )
    return table.select("indicator", "place", "year", "value", "lower", "upper")


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


def no_observations() -> pl.DataFrame:
    """A table of observations without rows.

    Examples
    --------
    >>> from corridors.cooperation.monitor.inputs import no_observations
    >>> no_observations().height
    0
    """
    kinds: dict[str, Any] = {"indicator": pl.String, "place": pl.String, "year": pl.Int64}
    return pl.DataFrame(schema=kinds | dict.fromkeys(("value", "lower", "upper"), pl.Float64))


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
