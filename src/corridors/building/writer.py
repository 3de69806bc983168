"""Writing the atlas file: beside the old one, then renamed."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

import duckdb
import polars as pl
import polars.selectors as cs

from corridors import packaged
from corridors.atlas.schema import always_there, atlas_schema
from corridors.errors import DataError
from corridors.evidence.table_schemas import ColumnSchema
from corridors.frames import frame_of, register
from corridors.numerics.intervals import z_of_level
from corridors.parameters import value

# What the views of recorded.sql, which queries of a build may use, too, are made of.
_RECORDED = {"income_class", "remittance_total"}
_SQL_TYPES = {"str": "VARCHAR", "int": "BIGINT", "float": "DOUBLE", "bool01": "BOOLEAN"}


class AtlasWriter:
    """A DuckDB file under construction.

    The tables are written to a file beside ``path``, which takes its place only when
    everything has succeeded; after an error or an interruption the old file is whole.

    Parameters
    ----------
    path
        The atlas file to make or replace.

    Examples
    --------
    >>> import tempfile, pathlib, polars as pl
    >>> from corridors.building.writer import AtlasWriter
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "atlas.duckdb"
    >>> with AtlasWriter(path) as atlas:
    ...     atlas.write("treaty", pl.DataFrame({"treaty": ["cat"], "country": ["ALB"],
    ...                                         "state_party_since": [1994], "source": ["x"]}))
    >>> path.exists()
    True
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._beside = path.with_name(f".{path.name}.{os.getpid()}.building")
        self._staging = self._beside.with_suffix(".staging")

    def __enter__(self) -> AtlasWriter:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._sweep()
        # Rows are gathered first and written once, in the order of their keys: half the
        # size and a tenth of the look-up time of a file that grew in pieces.
        self._db = duckdb.connect(":memory:", config={"memory_limit": "160MB"})
        self._db.execute("SET enable_progress_bar = false")
        for name, file in (("staging", self._staging), ("final", self._beside)):
            self._db.execute(f"ATTACH '{_quoted(str(file))}' AS {name}")
        self._db.execute("USE staging")
        self._db.execute(_macros())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self._finish()
            self._db.close()
            if kind is None:
                self._beside.replace(self.path)
        finally:
            self._db.close()
            self._sweep()

    def _sweep(self) -> None:
        """Remove what this build, and builds that were killed, left beside the file."""
        for leftover in self.path.parent.glob(f".{self.path.name}.*"):
            owner = leftover.name.removeprefix(f".{self.path.name}.").split(".")[0]
            if owner.isdecimal() and (int(owner) == os.getpid() or not _runs(int(owner))):
                leftover.unlink(missing_ok=True)

    def write(self, name: str, frame: pl.DataFrame) -> None:
        """Append rows to a table, creating it with comments the first time.

        Parameters
        ----------
        name
            A table of the atlas schema.
        frame
            Its columns, in any order; others are refused.
        """
        schema = atlas_schema()[name]
        if set(frame.columns) != set(schema.names):
            odd = sorted(set(frame.columns) ^ set(schema.names))
            raise DataError(f"table '{name}' does not have the columns of its schema: {', '.join(odd)}")
        columns = ", ".join(f"{c.name} {_SQL_TYPES[c.type]}" for c in schema.columns)
        self._db.execute(f"CREATE TABLE IF NOT EXISTS {name} ({columns})")
        register(self._db, "incoming", frame.select(schema.names))
        self._db.execute(f"INSERT INTO {name} SELECT * FROM incoming")
        self._db.unregister("incoming")

    def write_all(self, tables: Mapping[str, pl.DataFrame]) -> None:
        """Append rows to several tables.

        Parameters
        ----------
        tables
            Rows by table of the atlas schema.
        """
        for name, frame in tables.items():
            self.write(name, frame)

    def query(self, sql: str) -> pl.DataFrame:
        """Ask the tables written so far, with the functions that the atlas will have.

        Parameters
        ----------
        sql
            A query.
        """
        # With several threads the order of summation, and so the last digit, would differ between builds.
        self._db.execute("SET threads = 1")
        if set(self._tables("staging")) >= _RECORDED:
            self._db.execute(packaged.text("atlas/recorded.sql"))
        found = frame_of(self._db.sql(sql))
        self._db.execute("RESET threads")
        return found.with_columns(cs.decimal().cast(pl.Int64))

    def _finish(self) -> None:
        """Write the tables to the file, sorted by key, with comments and views."""
        # Without room a sort goes by way of files, in twice the time; what made the rows is gone by now.
        self._db.execute("SET memory_limit = '512MB'")
        for name in self._tables("staging"):
            schema = atlas_schema()[name]
            columns = ", ".join(map(_column, schema.columns))
            order = f"ORDER BY {', '.join(schema.keys)}" if schema.keys else ""
            self._db.execute(f"CREATE TABLE final.{name} ({columns})")
            self._db.execute(f"INSERT INTO final.{name} SELECT * FROM {name} {order}")
            for column in schema.columns:
                comment = _quoted(column.description + (f" [{column.unit}]" if column.unit else ""))
                self._db.execute(f"COMMENT ON COLUMN final.{name}.{column.name} IS '{comment}'")
        self._db.execute("USE final")
        self._db.execute(_macros())
        if set(self._tables("final")) >= always_there():
            self._db.execute(packaged.text("atlas/recorded.sql"))
            self._db.execute(packaged.text("atlas/views.sql"))
        self._db.execute("CHECKPOINT final")
        self._db.execute("USE staging")
        self._db.execute("DETACH final")

    def _tables(self, database: str) -> list[str]:
        query = "SELECT table_name FROM duckdb_tables() WHERE database_name = ? ORDER BY 1"
        return [name for (name,) in self._db.execute(query, [database]).fetchall()]


def _runs(process: int) -> bool:
    if os.name != "posix":
        return True  # there a signal 0 is no mere question
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def dictionary() -> pl.DataFrame:
    """Every column of the atlas with type, unit and description.

    Examples
    --------
    >>> from corridors.building.writer import dictionary
    >>> dictionary().filter(table_name="migrant_flow", column_name="value")["unit"].item()
    'persons'
    """
    rows = [
        (table.name, c.name, c.type, c.unit, c.description)
        for table in atlas_schema().values()
        for c in table.columns
    ]
    names = ["table_name", "column_name", "type", "unit", "description"]
    return pl.DataFrame(rows, schema=names, orient="row")


def _column(column: ColumnSchema) -> str:
    return f"{column.name} {_SQL_TYPES[column.type]}{'' if column.nullable else ' NOT NULL'}"


def _macros() -> str:
    """The functions of the atlas, with the width of its intervals."""
    z = z_of_level(value("interval_level"))
    return packaged.text("atlas/macros.sql").replace("{z}", repr(z)).replace("{z2}", repr(z * z))


def _quoted(text: str) -> str:
    return text.replace("'", "''")


__all__ = ["AtlasWriter", "dictionary"]
