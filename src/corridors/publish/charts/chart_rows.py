"""Rows for a drawing: asked from an atlas, or given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import polars as pl

from corridors.atlas import Atlas
from corridors.errors import NotFound
from corridors.figure_age import aged
from corridors.intake import IntoTable, TableSpec, take
from corridors.publish.charts.theme import Setting

Source = Atlas | IntoTable
_TEXTS = ("method", "name", "quarter", "receiving", "sending", "series")
_YEARS = ("period_end", "period_start", "year")


def rows_of(
    source: Source, query: str, parameters: Mapping[str, Any], columns: Sequence[str], what: str
) -> pl.DataFrame:
    """Rows of the atlas by a query, or those given.

    Parameters
    ----------
    source
        An opened atlas, or a table (polars, pandas, …) with the columns.
    query, parameters
        What to ask an atlas; without effect on a table.
    columns
        Columns that the drawing needs.
    what
        What the rows are about, for messages.

    Returns
    -------
    polars.DataFrame
        With these columns, in the order of the source.

    Raises
    ------
    DataError
        Given rows have no such column, or a cell that is no number where there should be one.
    NotFound
        There is no row.

    Examples
    --------
    >>> import polars as pl
    >>> rows_of(pl.DataFrame({"year": [2020]}), "", {}, ["year", "value"], "stocks")
    Traceback (most recent call last):
    corridors.errors.DataError: table 'stocks' has no column 'value'
      columns found: year
      Remedy: give the columns year, value
    """
    if isinstance(source, Atlas):
        frame = source.sql(query, parameters).select(columns)
    else:
        frame = take(source, _spec(columns, what)).select(columns)
    if frame.drop_nulls("value" if "value" in columns else columns[-1]).is_empty():
        raise NotFound(
            f"there is no figure of {what}",
            remedy="a figure that is not there is not known; it is not zero",
        )
    return frame


def _spec(columns: Sequence[str], what: str) -> TableSpec:
    numbers = [name for name in columns if name not in (*_TEXTS, *_YEARS)]
    return TableSpec(
        what,
        texts=[name for name in columns if name in _TEXTS],
        whole=[name for name in columns if name in _YEARS],
        numbers=numbers,
        blank=[name for name in numbers if name != "line"],
        empty=True,
    )


def credit_of(source: Source, *tables: str) -> str:
    """Publishers, revisions and last years of the tables a drawing rests on.

    Parameters
    ----------
    source
        An opened atlas; of given rows the source is not known.
    *tables
        Tables with a card.
    """
    if not isinstance(source, Atlas):
        return "rows as given"
    cards = source.sql(
        "SELECT publisher, string_agg(DISTINCT revision, ', ' ORDER BY revision), max(last_year) FROM source "
        "WHERE list_contains($tables, table_name) GROUP BY publisher ORDER BY publisher",
        {"tables": list(tables)},
    )
    day = date.fromisoformat(source.table("run")["as_of"].item())
    cited = [
        f"{publisher} ({revision})" if year is None else f"{publisher} ({revision}; to {aged(year, day)})"
        for publisher, revision, year in cards.iter_rows()
    ]
    return "; ".join([*cited, "corridors"])


def with_gaps(frame: pl.DataFrame, time: str, step: int | None, *series: str) -> pl.DataFrame:
    """Rows with an empty one for each time that is missing, so that lines break there.

    Parameters
    ----------
    frame
        Rows with a whole-number column of time.
    time, step
        Its name, and the distance between two times; without one, the times that some row has.
    *series
        Columns that name the line.

    Examples
    --------
    >>> import polars as pl
    >>> rows = pl.DataFrame({"year": [2000, 2002], "value": [1.0, 3.0]})
    >>> with_gaps(rows, "year", 1)["value"].to_list()
    [1.0, None, 3.0]
    """
    if step is None:
        grid = frame.select(time).unique().sort(time)
    else:
        first, last = frame[time].min(), frame[time].max()
        times = range(int(str(first)), int(str(last)) + 1, step)
        grid = pl.DataFrame({time: times}, schema={time: frame.schema[time]})
    if series:
        grid = frame.select(series).unique(maintain_order=True).join(grid, how="cross")
    return grid.join(frame, on=[*series, time], how="left", maintain_order="left")


def spoken(frame: pl.DataFrame, setting: Setting, *columns: str) -> pl.DataFrame:
    """Rows with labels in the reader's words.

    Parameters
    ----------
    frame
        Rows.
    setting
        Holds the words.
    *columns
        Columns of labels.

    Examples
    --------
    >>> import polars as pl
    >>> from corridors.publish.charts import Setting
    >>> spoken(pl.DataFrame({"name": ["Japan"]}), Setting(words={"Japan": "Japon"}), "name").item()
    'Japon'
    """
    return frame.with_columns(pl.col(columns).replace(dict(setting.words))) if setting.words else frame


def spread(values: Sequence[float], gap: float) -> list[float]:
    """Where labels stand so that none covers another, near their values.

    Parameters
    ----------
    values
        Where they would stand, in descending order.
    gap
        The least distance between two.

    Examples
    --------
    >>> spread([10.0, 9.9, 2.0], 1.0)
    [10.0, 9.0, 2.0]
    """
    placed: list[float] = []
    for value in values:
        placed.append(min(value, placed[-1] - gap) if placed else value)
    # Whatever was pushed below the last value moves up together.
    lift = max(0.0, min(0.0, values[-1]) - placed[-1]) if placed else 0.0
    return [place + lift for place in placed]
