"""What counts as a table, and how it comes in."""

from __future__ import annotations

from collections.abc import Mapping
from os import PathLike
from pathlib import Path
from typing import Any, TypeAlias

import polars as pl
from narwhals.typing import IntoFrame

from corridors.errors import DataError
from corridors.intake.column_names import Wanted
from corridors.intake.files import read_file
from corridors.intake.frames import to_frame, wrapped

IntoTable: TypeAlias = IntoFrame | Mapping[str, Any] | str | PathLike[str]
"""A table of polars (eager or lazy), pandas, pyarrow or another make that narwhals knows, a mapping of
columns, or the path of a CSV, Parquet or Excel file."""

_REMEDY = "give a table of polars, pandas or pyarrow, a mapping of columns, or the path of a file"


def as_polars(data: IntoTable, name: str, wanted: Wanted = ()) -> pl.DataFrame:
    """A table of any make as a polars one, unchecked; :func:`take` is for those whose columns are known.

    Parameters
    ----------
    data
        The table.
    name
        What it is called in errors.
    wanted
        Columns that must be there, by which the sheet and the row of names of a file are found.

    Raises
    ------
    DataError
        It is no table, or can not be read.
    NotFound
        It is the path of a file that is not there.

    Examples
    --------
    >>> from corridors.intake import as_polars
    >>> as_polars([1], "prices")
    Traceback (most recent call last):
    corridors.errors.DataError: table 'prices' is no table but a list
      Remedy: give a table of polars, pandas or pyarrow, a mapping of columns, or the path of a file
    """
    if isinstance(data, pl.DataFrame):
        return data
    if isinstance(data, str | PathLike):
        return read_file(Path(data), wanted)
    with wrapped(f"table '{name}' can not be read", _REMEDY):
        try:
            return to_frame(data)
        except TypeError as error:
            kind = type(data).__name__
            raise DataError(f"table '{name}' is no table but a {kind}", remedy=_REMEDY) from error
