"""Tables of any make, checked: what monitoring, indicators and scores are made from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import narwhals as nw
import polars as pl
from narwhals.typing import IntoDataFrame

from corridors.errors import DataError

_SHOWN = 5


def as_table(
    data: IntoDataFrame,
    name: str,
    *,
    texts: Sequence[str] = (),
    numbers: Sequence[str] = (),
    optional_texts: Sequence[str] = (),
    optional_numbers: Sequence[str] = (),
    empty: bool = False,
) -> pl.DataFrame:
    """Take the named columns of a table, typed; columns that may be absent come back blank.

    Parameters
    ----------
    data
        A polars, pandas or pyarrow table. Numbers may be texts, as from a file.
    name
        What the table is called in errors.
    texts, numbers
        Columns it must have.
    optional_texts, optional_numbers
        Columns it may have.
    empty
        Whether it may have no rows.

    Returns
    -------
    DataFrame
        The columns in this order, texts as strings and numbers as floats; a blank, an empty text and
        NaN are missing.

    Raises
    ------
    DataError
        Not a table, no rows, columns absent, or cells that are no numbers; names rows and remedy.

    Examples
    --------
    >>> import polars as pl
    >>> from corridors.intake import as_table
    >>> as_table(pl.DataFrame({"who": ["A"], "n": ["4"]}), "x", texts=["who"], numbers=["n"]).row(0)
    ('A', 4.0)
    """
    table = as_polars(data, name)
    wanted = [*texts, *numbers]
    if absent := [column for column in wanted if column not in table.columns]:
        raise DataError(
            f"{name} lack the column(s) {', '.join(absent)}",
            f"columns: {', '.join(table.columns)}",
            f"give {', '.join(wanted)}",
        )
    if not table.height and not empty:
        raise DataError(f"{name} have no rows", remedy="give at least one row")
    blank = [c for c in (*optional_texts, *optional_numbers) if c not in table.columns]
    table = table.with_columns(pl.lit(None).alias(c) for c in blank)
    columns = [_text(table[c]) for c in (*texts, *optional_texts)]
    columns += [_number(table[c], name) for c in (*numbers, *optional_numbers)]
    return pl.DataFrame(columns)


def refuse(table: pl.DataFrame, bad: pl.Expr, title: str, remedy: str, show: Sequence[str] = ()) -> None:
    """Raise where rows are bad, naming them.

    Parameters
    ----------
    table
        The rows, in the order of the input.
    bad
        True where a row can not be accepted.
    title, remedy
        Words of the error.
    show
        Columns whose values are shown with the row's number.

    Raises
    ------
    DataError
        Some row is bad.

    Examples
    --------
    >>> import polars as pl
    >>> from corridors.intake import refuse
    >>> refuse(pl.DataFrame({"n": [-1.0]}), pl.col("n") < 0, "n is negative", "give counts", ["n"])
    Traceback (most recent call last):
    corridors.errors.DataError: n is negative: 1 row
      row 1: n -1.0
      Remedy: give counts
    """
    rows = table.with_row_index("_row", 1).filter(bad.fill_null(value=False))
    if not rows.height:
        return
    lines = [
        f"row {row['_row']}: " + ", ".join(f"{c} {row[c]}" for c in show)
        for row in rows.head(_SHOWN).iter_rows(named=True)
    ]
    if rows.height > _SHOWN:
        lines.append(f"and {rows.height - _SHOWN} more")
    raise DataError(f"{title}: {rows.height} row{'s' if rows.height > 1 else ''}", "\n".join(lines), remedy)


def refuse_twice(table: pl.DataFrame, key: Sequence[str], name: str) -> None:
    """Raise where a key stands twice.

    Examples
    --------
    >>> import polars as pl
    >>> from corridors.intake import refuse_twice
    >>> refuse_twice(pl.DataFrame({"a": [1, 2]}), ["a"], "rows")
    """
    twice = pl.struct(list(key)).is_duplicated()
    refuse(table, twice, f"{name} stand twice", f"give each {', '.join(key)} once", key)


def as_polars(data: Any, name: str) -> pl.DataFrame:
    """A table of any make as a polars one.

    Raises
    ------
    DataError
        It is no table.

    Examples
    --------
    >>> from corridors.intake import as_polars
    >>> as_polars([1], "rows")
    Traceback (most recent call last):
    corridors.errors.DataError: rows are no table
      got list
      Remedy: give a polars, pandas or pyarrow table
    """
    if isinstance(data, pl.LazyFrame):
        data = data.collect()
    try:
        return nw.from_native(data, eager_only=True).to_polars()
    except TypeError as error:
        raise DataError(
            f"{name} are no table", f"got {type(data).__name__}", "give a polars, pandas or pyarrow table"
        ) from error


def _text(column: pl.Series) -> pl.Series:
    stripped = column.cast(pl.String).str.strip_chars()
    return stripped.set(stripped == "", None)


def _number(column: pl.Series, name: str) -> pl.Series:
    text = column.dtype == pl.String
    shown = _text(column) if text else column
    typed = shown.cast(pl.Float64, strict=False)
    # What a pandas table calls NaN is a blank; a text "NaN" or "inf" is a mistake.
    wrong = shown.is_not_null() & (typed.is_null() | typed.is_infinite() | (typed.is_nan() & text))
    refuse(
        pl.DataFrame({column.name: shown, "_wrong": wrong}),
        pl.col("_wrong"),
        f"column {column.name} of {name} holds what is no number",
        "write digits with a point; leave the cell blank where unknown",
        [column.name],
    )
    return typed.fill_nan(None)
