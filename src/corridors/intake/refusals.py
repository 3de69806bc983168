"""Refuse rows of a table in words."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from corridors.errors import DataError
from corridors.wording import ROW, counted, rows_in_words


def refuse(table: pl.DataFrame, bad: pl.Expr, title: str, remedy: str, show: Sequence[str] = ()) -> None:
    """Raise where rows are bad, naming them.

    Parameters
    ----------
    table
        The rows, in the order of the input; their numbers are counted, or taken from a column ``__row__``.
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
    corridors.errors.DataError: n is negative in 1 row
      row 1: n=-1.0
      Remedy: give counts
    """
    if not table.select(bad.fill_null(value=False).any()).item():
        return
    numbered = table if ROW in table.columns else table.with_row_index(ROW, 1)
    rows = numbered.filter(bad.fill_null(value=False))
    raise DataError(f"{title} in {counted(rows.height, 'row')}", rows_in_words(rows, show), remedy)


def refuse_twice(table: pl.DataFrame, key: Sequence[str], name: str, remedy: str = "") -> None:
    """Raise where a key stands twice.

    Parameters
    ----------
    table
        The rows, as for :func:`refuse`.
    key
        Columns that together tell a row from all others.
    name
        What the table is called.
    remedy
        What to do about it, where it is more than to leave one out.

    Examples
    --------
    >>> import polars as pl
    >>> from corridors.intake import refuse_twice
    >>> refuse_twice(pl.DataFrame({"a": [1, 2]}), ["a"], "places")
    >>> refuse_twice(pl.DataFrame({"a": [2, 2]}), ["a"], "places")
    Traceback (most recent call last):
    corridors.errors.DataError: table 'places': a stands twice in 2 rows
      row 1: a=2
      row 2: a=2
      Remedy: keep one row for each a
    """
    # Different hashes are different rows; only where two are alike is the slower look needed.
    keys = table.select(key)
    if keys.hash_rows().n_unique() == table.height:
        return
    title = f"table '{name}': {', '.join(key)} {'stand' if len(key) > 1 else 'stands'} twice"
    twice = pl.struct(list(key)).is_duplicated()
    refuse(table, twice, title, remedy or f"keep one row for each {', '.join(key)}", key)
