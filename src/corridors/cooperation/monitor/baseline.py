"""Where each commitment starts from, and what was observed since."""

from __future__ import annotations

import polars as pl

_KEY = ["indicator", "place"]


def with_baselines(commitments: pl.DataFrame, observations: pl.DataFrame) -> pl.DataFrame:
    """The points each commitment is judged by: its baseline and the observations after it.

    A baseline given as year and value is used as it is. Otherwise it is the observation nearest to the
    baseline year, else to the year of the statement, else to the year of ``state_since``, else the first
    observation; of two equally near ones the earlier.

    Parameters
    ----------
    commitments, observations
        As :func:`read_commitments` and :func:`read_observations` give them.

    Returns
    -------
    DataFrame
        One row a commitment and point: commitment, year, value, lower, upper, cases, base (whether it is the
        baseline), seen (whether it was observed), note (on the baseline's row).

    Examples
    --------
    >>> import polars as pl
    >>> from corridors.cooperation.monitor.baseline import with_baselines
    >>> from corridors.cooperation.monitor.inputs import read_commitments, read_observations
    >>> made = pl.DataFrame({"commitment": ["a"], "indicator": ["i"], "place": ["KEN"],
    ...                      "statement_year": [2011]})
    >>> seen = pl.DataFrame({"indicator": "i", "place": "KEN", "year": [2010, 2013], "value": [1, 2]})
    >>> with_baselines(read_commitments(made), read_observations(seen))["note"].to_list()
    ['observation nearest to the statement year 2011', None]
    """
    anchor = pl.coalesce("baseline_year", "statement_year", pl.col("state_since").dt.year())
    told = pl.col("baseline_value").is_not_null()
    asked = commitments.select(
        "commitment", *_KEY, "baseline_year", "baseline_value", told=told, anchor=anchor,
        why=pl.when(pl.col("baseline_year").is_not_null()).then(pl.lit("baseline year"))
        .when(pl.col("statement_year").is_not_null()).then(pl.lit("statement year"))
        .when(pl.col("state_since").is_not_null()).then(pl.lit("year of the state")),
    )  # fmt: skip
    pairs = asked.join(observations, on=_KEY, nulls_equal=True)
    points = pl.concat([_given(asked), _nearest(pairs.filter(~pl.col("told")))])
    start = points.select("commitment", start="year")
    after = (
        pairs.join(start, on="commitment")
        .filter(pl.col("year") > pl.col("start"))
        .select(
            "commitment", "year", "value", "lower", "upper", "cases", base=pl.lit(False), seen=pl.lit(True),
            note=pl.lit(None, pl.String),
        )
    )  # fmt: skip
    return pl.concat([points, after]).sort("commitment", "year")


def _given(asked: pl.DataFrame) -> pl.DataFrame:
    blank = pl.lit(None, pl.Float64)
    return asked.filter("told").select(
        "commitment", year="baseline_year", value="baseline_value", lower=blank, upper=blank, cases=blank,
        base=pl.lit(True), seen=pl.lit(False), note=pl.lit("given with the commitment"),
    )  # fmt: skip


def _nearest(pairs: pl.DataFrame) -> pl.DataFrame:
    gap = (pl.col("year") - pl.col("anchor")).abs().fill_null(0)
    note = (
        pl.when(pl.col("anchor").is_null())
        .then(pl.lit("first observation: no baseline, statement or state has a year"))
        .otherwise(pl.format("observation nearest to the {} {}", "why", "anchor"))
    )
    return (
        pairs.sort("commitment", gap, "year")
        .unique("commitment", keep="first", maintain_order=True)
        .select(
            "commitment", "year", "value", "lower", "upper", "cases", base=pl.lit(True), seen=pl.lit(True),
            note=note,
        )
    )  # fmt: skip
