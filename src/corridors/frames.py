"""Tables between DuckDB and polars by Arrow's C interface, for which pyarrow need not be installed."""

from __future__ import annotations

from typing import Any, Protocol

import polars as pl
import polars.selectors as cs

_FORMULA = r"^[=+\-@\t\r]"
_SIGNED = r"^[+-][0-9][0-9.,]*$"


class Relation(Protocol):
    """What ``connection.sql`` of DuckDB gives: a query with names."""

    @property
    def columns(self) -> list[str]:
        """Names of its columns."""
        ...

    def query(self, virtual_table_name: str, sql_query: str) -> Any:
        """A query of it as a table."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Run it."""


class Connection(Protocol):
    """What ``duckdb.connect`` gives."""

    def register(self, view_name: str, python_object: Any) -> object:
        """Let queries ask an object by a name."""


def frame_of(relation: Relation) -> pl.DataFrame:
    """Rows of a query.

    Parameters
    ----------
    relation
        What ``connection.sql`` gives.

    Raises
    ------
    ComputeError
        Of polars: the query fails while it runs, in the words of DuckDB.

    Examples
    --------
    >>> import duckdb
    >>> from corridors.frames import frame_of
    >>> with duckdb.connect() as connection:
    ...     frame_of(connection.sql("SELECT 1 AS a, 'x' AS a")).to_dicts()
    [{'a': 1, 'a_1': 'x'}]
    """
    if len(set(relation.columns)) < len(relation.columns):
        # Read as a table, a query has names that differ.
        relation = relation.query("asked", "FROM asked")
    # polars keeps the last object it took a stream from: that must not be the relation, whose library
    # would find itself still in use when the interpreter ends, and say so.
    return pl.DataFrame(_Stream(relation.__arrow_c_stream__()))


def register(connection: Connection, name: str, frame: pl.DataFrame) -> None:
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


def csv_bytes(frame: pl.DataFrame, *, mark: bool = False) -> bytes:
    r"""Rows as CSV that a spreadsheet opens without running any of it.

    Parameters
    ----------
    frame
        The rows. A text that begins with ``=``, ``+``, ``-`` or ``@`` gets an apostrophe before it, unless it
        is a number; what reads files here takes it off again. Numbers stay as they are.
    mark
        Whether a byte order mark stands first, by which Excel tells UTF-8.

    Examples
    --------
    >>> import polars as pl
    >>> csv_bytes(pl.DataFrame({"note": ["=1+1", "-3", "Mali"], "change": [-1, -2, 3]}))
    b"note,change\n'=1+1,-1\n-3,-2\nMali,3\n"
    """

    def safe(name: str) -> pl.Expr:
        text = pl.col(name)
        formula = text.str.contains(_FORMULA) & ~text.str.contains(_SIGNED)
        return pl.when(formula).then(pl.concat_str(pl.lit("'"), text)).otherwise(text).alias(name)

    texts = [name for name, kind in frame.schema.items() if kind == pl.String]
    written = frame.with_columns(safe(name) for name in texts).write_csv()
    return (b"\xef\xbb\xbf" if mark else b"") + written.encode()


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
