"""From rows of cells to columns with names."""

from __future__ import annotations

import polars as pl

from corridors.errors import DataError
from corridors.intake.frames import tidy


def with_header(cells: pl.DataFrame, name: str) -> pl.DataFrame:
    """Name the columns by the first row; columns without name and values vanish.

    Examples
    --------
    >>> import polars as pl
    >>> with_header(pl.DataFrame({"a": [" year", "2020"], "b": ["", ""]}), "x.csv").rows(named=True)
    [{'year': '2020'}]
    """
    if not cells.height:
        raise DataError(f"file {name} has no row with column names", remedy="give a header row")
    header = [text or "" for text in tidy(pl.Series(cells.row(0), dtype=pl.String))]
    body = pl.DataFrame([tidy(column) for column in cells.slice(1)])
    kept = [
        (column, title or column)
        for column, title in zip(cells.columns, header, strict=True)
        if title or body[column].null_count() < body.height
    ]
    titles = [title for _, title in kept]
    twice = sorted({title for title in titles if titles.count(title) > 1})
    if twice:
        raise DataError(
            f"file {name} has two columns of the same name",
            f"columns: {', '.join(twice)}",
            "keep one of them",
        )
    return body.select(pl.col(column).alias(title) for column, title in kept)
