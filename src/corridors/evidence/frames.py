"""From a frame of any make to one frame of texts, nothing guessed.

Everything is read as text so that a refusal can quote what the data really
say, and so that Namibia's "NA" stays a code. Only the empty text is missing.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

import narwhals as nw
import polars as pl

from corridors.errors import DataError


def texts(frame: Any) -> pl.DataFrame:
    """Turn a pandas, polars or pyarrow table into a polars frame of texts.

    Examples
    --------
    >>> import polars as pl
    >>> texts(pl.DataFrame({"year": [2020], "male": [None]})).row(0)
    ('2020', None)
    """
    with wrapped("the table can not be read", "give a pandas, polars or pyarrow table"):
        eager = frame.collect() if isinstance(frame, pl.LazyFrame) else frame
        table = nw.from_native(eager, eager_only=True)
        columns = [_text(table[name]) for name in table.columns]
        return pl.DataFrame({s.name: s for s in columns}).select(tidy())


@contextmanager
def wrapped(title: str, remedy: str) -> Generator[None]:
    """Turn whatever a reader raises, a panic of native code included, into our error.

    Examples
    --------
    >>> with wrapped("the table can not be read", "give another"):
    ...     int("x")
    Traceback (most recent call last):
    corridors.errors.DataError: the table can not be read
      invalid literal for int() with base 10: 'x'
      Remedy: give another
    """
    try:
        yield
    except DataError:
        raise
    except (Exception, pl.exceptions.PanicException) as error:
        reason = str(error).strip().splitlines() or [type(error).__name__]
        raise DataError(title, reason[0][:300], remedy) from error


def tidy() -> pl.Expr:
    """Strip blanks around all texts; an empty text is missing.

    Examples
    --------
    >>> import polars as pl
    >>> pl.DataFrame({"a": [" x ", " "]}).select(tidy())["a"].to_list()
    ['x', None]
    """
    stripped = pl.all().str.strip_chars()
    return pl.when(stripped != "").then(stripped)


def _text(column: Any) -> pl.Series:
    """One column of any make as texts."""
    try:
        return column.to_polars().cast(pl.String)
    except (
        TypeError,
        ValueError,
        pl.exceptions.PolarsError,
        nw.exceptions.NarwhalsError,
    ):
        # A pandas column that mixes numbers and texts: quote it as it is.
        missing = column.is_null().to_list()
        values = [None if gone else str(value) for value, gone in zip(column.to_list(), missing, strict=True)]
        return pl.Series(column.name, values, dtype=pl.String)
