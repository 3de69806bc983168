"""Flows that offices report, brought to the periods of an estimate."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from corridors.errors import DataError
from corridors.intake import IntoTable, TableSpec, refuse, refuse_twice, take

CRITERIA = ("residence", "citizenship", "birth")
"""By what a report tells where people come from or go to: last or next residence, citizenship, birthplace."""

SIDES = ("immigrants", "emigrants")
_CRITERION = {
    "residence": "residence",
    "previous residence": "residence",
    "next residence": "residence",
    "citizenship": "citizenship",
    "birth": "birth",
    "place of birth": "birth",
    "country of birth": "birth",
}
_SPEC = TableSpec(
    "reported flows",
    texts=["origin", "destination", "reporter", "side", "criterion"],
    whole=["year"],
    numbers=["value"],
    places=["origin", "destination", "reporter"],
    optional=["reporter", "side", "criterion"],
    blank=["value"],
    at_least={"value": 0},
    others=True,
)


def reported_flows(
    table: IntoTable,
    periods: Sequence[tuple[int, int]],
    *,
    criterion: str = "residence",
    least_years: int = 4,
) -> pl.DataFrame:
    """Sums of reported flows over periods, one row a pair of places and side that reports.

    Parameters
    ----------
    table
        Columns ``origin``, ``destination``, ``year``, ``value`` (persons in a calendar year); where known
        ``side`` (``immigrants``: the destination reports, or ``emigrants``: the origin does; also called
        ``type``), ``reporter`` and ``criterion`` (residence, citizenship, place of birth). Without a side the
        destination reports. Blank values are not reported, not zero.
    periods
        First and last year of each period, as of the estimate.
    criterion
        Rows of another criterion are left out; rows that name none are taken for this one.
    least_years
        Least number of a period's calendar years that a pair must have. The sum of fewer than all is
        scaled up to the whole period.

    Returns
    -------
    polars.DataFrame
        ``origin``, ``destination``, ``reporter``, ``side``, ``period_start``, ``period_end``, ``years``
        (how many there were), ``value`` (persons in the period).

    Raises
    ------
    DataError
        Columns or places that can not be read, a pair that stands twice in a year, a reporter that is
        neither origin nor destination; names the rows.

    Notes
    -----
    Calendar years ``start`` to ``end - 1`` stand for the period from mid-year to mid-year: it is half a year
    later, as in Azose and Raftery (2019) and Abel and Cohen (2022).

    Examples
    --------
    >>> import polars as pl
    >>> from corridors.migration.evaluation import reported_flows
    >>> yearly = pl.DataFrame({"origin": ["DNK"] * 4, "destination": ["SWE"] * 4,
    ...                        "year": [2005, 2006, 2007, 2008], "value": [10.0, 20.0, 30.0, 20.0]})
    >>> reported_flows(yearly, [(2005, 2010)]).select("reporter", "side", "years", "value").row(0)
    ('SWE', 'immigrants', 4, 100.0)
    """
    if criterion not in CRITERIA:
        raise DataError(f"criterion must be one of {', '.join(CRITERIA)}, not {criterion!r}")
    rows = _sided(_of_criterion(take(_named(table), _SPEC), criterion))
    found = [
        rows.filter(pl.col("year").is_between(start, end - 1))
        .group_by("origin", "destination", "reporter", "side", maintain_order=True)
        .agg(pl.len().cast(pl.Int64).alias("years"), pl.col("value").sum())
        .filter(pl.col("years") >= min(least_years, end - start))
        .with_columns(
            pl.col("value") * ((end - start) / pl.col("years")),
            pl.lit(start).cast(pl.Int64).alias("period_start"),
            pl.lit(end).cast(pl.Int64).alias("period_end"),
        )
        for start, end in periods
    ]
    columns = ("origin", "destination", "reporter", "side", "period_start", "period_end", "years", "value")
    return pl.concat(found).select(columns)


def _named(table: IntoTable) -> IntoTable:
    """The publishers' word for the side is ``type``."""
    if isinstance(table, pl.DataFrame) and "type" in table.columns and "side" not in table.columns:
        return table.rename({"type": "side"})
    return table


def _of_criterion(rows: pl.DataFrame, criterion: str) -> pl.DataFrame:
    said = pl.col("criterion").str.strip_chars().str.to_lowercase()
    unknown = said.is_not_null() & ~said.is_in(list(_CRITERION))
    words = ", ".join(sorted(_CRITERION))
    refuse(rows, unknown, "table 'reported flows': unknown criterion", f"it can be {words}", ["criterion"])
    return rows.filter(said.replace(_CRITERION).fill_null(criterion) == criterion)


def _sided(rows: pl.DataFrame) -> pl.DataFrame:
    """Who reports, and as what; rows without a value or within one place are no report of a move."""
    side = pl.col("side").str.strip_chars().str.to_lowercase()
    unknown = side.is_not_null() & ~side.is_in(list(SIDES))
    refuse(rows, unknown, "table 'reported flows': unknown side", f"it can be {', '.join(SIDES)}", ["side"])
    here = (
        pl.when(pl.col("reporter") == pl.col("origin"))
        .then(pl.lit("emigrants"))
        .otherwise(pl.lit("immigrants"))
    )
    told = rows.with_columns(side=side.fill_null(here))
    own = pl.when(pl.col("side") == "emigrants").then(pl.col("origin")).otherwise(pl.col("destination"))
    refuse(
        told,
        (pl.col("reporter") != own).fill_null(value=False),
        "table 'reported flows': the reporter of immigrants is not their destination, or of emigrants not "
        "their origin",
        "give the country whose office counted them",
        ["origin", "destination", "reporter", "side"],
    )
    counted = told.with_columns(reporter=own).filter(
        pl.col("value").is_not_null(), pl.col("origin") != pl.col("destination")
    )
    key = ["origin", "destination", "side", "year"]
    refuse_twice(counted, key, "reported flows", "keep one definition: one sex, one age group, one coverage")
    return counted
