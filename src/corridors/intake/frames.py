"""From a frame of any make to a polars frame, as it is or as texts with nothing guessed.

Figures of a file are read as text so that a refusal can quote what the data really
say, and so that Namibia's "NA" stays a code. Only the empty text is missing.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from typing import Any

import narwhals as nw
import polars as pl

from corridors.errors import DataError

_BLANKS = "[\u00a0\u2007\u2009\u202f]"
_UNSEEN = "[\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff]"
_UNREADABLE = (TypeError, ValueError, pl.exceptions.PolarsError, nw.exceptions.NarwhalsError)


def to_frame(data: Any) -> pl.DataFrame:
    """Turn a table of any make into a polars frame.

    Parameters
    ----------
    data
        A polars frame, eager or lazy, a table of pandas, pyarrow or anything else that narwhals knows, or a
        mapping of columns.

    Raises
    ------
    TypeError
        It is no table.

    Examples
    --------
    >>> from corridors.intake.frames import to_frame
    >>> to_frame({"year": [2020], "value": [1.5]}).row(0)
    (2020, 1.5)
    """
    if isinstance(data, pl.DataFrame):
        return data
    if isinstance(data, pl.LazyFrame):
        return data.collect()
    if isinstance(data, Mapping):
        return pl.DataFrame({str(name): values for name, values in data.items()}, strict=False)
    given = nw.from_native(data)
    table = given.collect() if isinstance(given, nw.LazyFrame) else given
    try:
        return table.to_polars()
    except _UNREADABLE:
        # One column is enough to stop all: pandas may mix numbers and texts.
        return pl.DataFrame([_column(table[name]) for name in table.columns])


def texts(frame: Any) -> pl.DataFrame:
    """Turn a table of any make into a polars frame of texts.

    Examples
    --------
    >>> import polars as pl
    >>> texts(pl.DataFrame({"year": [2020], "male": [None]})).row(0)
    ('2020', None)
    """
    with wrapped("the table can not be read", "give a pandas, polars or pyarrow table"):
        return pl.DataFrame([tidy(_text(column)) for column in to_frame(frame)])


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


def tidy(column: pl.Series) -> pl.Series:
    r"""Texts without blanks around them, one spelling for each letter; an empty text is missing.

    Letters with accents may be one character or two, and blanks may be such as do not break; both look the
    same and must be the same.

    Parameters
    ----------
    column
        Texts.

    Examples
    --------
    >>> import polars as pl
    >>> tidy(pl.Series(["Arde\u0301nia\u00a0Sur", " "])).to_list()
    ['Ardénia Sur', None]
    """
    text = column.str.strip_chars()
    if text.str.contains(r"[^\x00-\x7f]").any():
        text = (
            text.str.normalize("NFC")
            .str.replace_all(_UNSEEN, "")
            .str.replace_all(_BLANKS, " ")
            .str.strip_chars()
        )
    return text.set(empty, None) if (empty := (text == "").fill_null(value=False)).any() else text


def _column(column: Any) -> pl.Series:
    """One column of any make; where it mixes numbers and texts, as the texts of what it says."""
    try:
        return column.to_polars()
    except _UNREADABLE:
        missing = column.is_null().to_list()
        return _quoted(column.name, column.to_list(), missing)


def _text(column: pl.Series) -> pl.Series:
    try:
        return column.cast(pl.String)
    except pl.exceptions.PolarsError:
        return _quoted(column.name, column.to_list(), column.is_null().to_list())


def _quoted(name: str, values: list[Any], missing: list[bool]) -> pl.Series:
    told = [None if gone else str(value) for value, gone in zip(values, missing, strict=True)]
    return pl.Series(name, told, dtype=pl.String)
