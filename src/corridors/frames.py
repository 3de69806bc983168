"""Tables between DuckDB and polars by Arrow's C interface, for which pyarrow need not be installed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import polars.selectors as cs

if TYPE_CHECKING:
    import duckdb


def frame_of(relation: duckdb.DuckDBPyRelation) -> pl.DataFrame:
    """Rows of a query.

    Parameters
    ----------
    relation
        What ``connection.sql`` gives.

    Raises
    ------
    duckdb.Error
        The query fails while it runs.

    Examples
    --------
    >>> import duckdb
    >>> from corridors.frames import frame_of
    >>> with duckdb.connect() as connection:
    ...     frame_of(connection.sql("SELECT 1 AS a, 'x' AS a")).to_dicts()
    [{'a': 1, 'a_1': 'x'}]
    """
    if len(set(relation.columns)) < len(relation.columns):
        # Read as a table, a query has names that differ: a, a_1.
        relation = relation.query("asked", "FROM asked")
    try:
        # polars keeps the last object it took a stream from: that must not be the relation, whose library
        # would find itself still in use when the interpreter ends, and say so.
        return pl.DataFrame(_Stream(relation.__arrow_c_stream__()))
    except pl.exceptions.ComputeError as error:
        import duckdb

        raise duckdb.Error(str(error).removeprefix("got external error: ")) from error


def register(connection: duckdb.DuckDBPyConnection, name: str, frame: pl.DataFrame) -> None:
    """Let queries ask a polars table by a name; nothing is copied.

    Parameters
    ----------
    connection
        An open connection.
    name
        Of the table in queries.
    frame
        Its rows. Columns without any value are texts.

    Examples
    --------
    >>> import duckdb, polars as pl
    >>> from corridors.frames import register
    >>> with duckdb.connect() as connection:
    ...     register(connection, "pair", pl.DataFrame({"a": [1, 2]}))
    ...     connection.sql("SELECT sum(a) FROM pair").fetchall()
    [(3,)]
    """
    whole = frame.with_columns(cs.by_dtype(pl.Null).cast(pl.String))
    connection.register(name, _Rows(whole))


class _Stream:
    """A stream that is open: it can be read once."""

    def __init__(self, capsule: object) -> None:
        self._capsule = capsule

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        return self._capsule


class _Rows:
    """A frame as nothing but a stream: DuckDB asks a polars frame itself for a table of pyarrow."""

    def __init__(self, frame: pl.DataFrame) -> None:
        self._frame = frame

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        return self._frame.__arrow_c_stream__(requested_schema)
