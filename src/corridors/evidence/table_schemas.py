"""The schema of every table, read from ``data/evidence/tables.csv``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from types import MappingProxyType
from typing import Literal, cast

import polars as pl

from corridors import packaged
from corridors.errors import NotFound
from corridors.wording import similar

ColumnType = Literal["str", "int", "float", "bool01"]

_DTYPES: Mapping[ColumnType, pl.DataType] = {
    "str": pl.String(),
    "int": pl.Int64(),
    "float": pl.Float64(),
    "bool01": pl.Boolean(),
}


@dataclass(frozen=True, slots=True)
class ColumnSchema:
    """One column of a table: what it holds and which values it accepts.

    Examples
    --------
    >>> from corridors.evidence import schema
    >>> female = schema()["migrant_stock"].column("female")
    >>> female.unit, female.minimum
    ('persons', 0.0)
    """

    name: str
    type: ColumnType
    unit: str
    key: bool
    series: bool
    nullable: bool
    minimum: float | None
    maximum: float | None
    allowed: str
    description: str
    optional: bool = False
    """Whether a table may come without the column, which is then blank."""

    @property
    def dtype(self) -> pl.DataType:
        """The polars type; ``bool01`` is written 0/1 and read as a Boolean."""
        return _DTYPES[self.type]

    @property
    def holds_places(self) -> bool:
        """Whether the values are codes of countries and areas."""
        return self.allowed.startswith("place")

    @property
    def holds_any_places(self) -> bool:
        """Whether the values are places with names of any kind."""
        return self.allowed == "any-place"


@dataclass(frozen=True, slots=True)
class TableSchema:
    """One table: its name and its columns in order.

    Examples
    --------
    >>> from corridors.evidence import schema
    >>> schema()["population"].keys
    ('country', 'year')
    """

    name: str
    columns: tuple[ColumnSchema, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all columns."""
        return tuple(c.name for c in self.columns)

    @property
    def keys(self) -> tuple[str, ...]:
        """Columns that together identify a row."""
        return tuple(c.name for c in self.columns if c.key)

    @property
    def series(self) -> tuple[str, ...]:
        """Columns that identify a series, which must come from one revision."""
        return tuple(c.name for c in self.columns if c.series)

    def column(self, name: str) -> ColumnSchema:
        """Return the column called ``name``."""
        for column in self.columns:
            if column.name == name:
                return column
        raise NotFound(
            f"table '{self.name}' has no column '{name}'",
            similar(name, self.names),
            f"columns: {', '.join(self.names)}",
        )


@lru_cache
def schema(layer: str = "figure") -> Mapping[str, TableSchema]:
    """Return the schemas of one layer by table name.

    Parameters
    ----------
    layer
        ``figure`` for the input tables, ``atlas`` for the built ones.

    Examples
    --------
    >>> from corridors.evidence import schema
    >>> "migrant_stock" in schema("figure")
    True
    """
    rows = [r for r in packaged.rows("evidence/tables.csv") if r["layer"] == layer]
    return MappingProxyType(
        {
            table: TableSchema(table, tuple(_column(r) for r in group))
            for table, group in groupby(rows, key=lambda r: r["table"])
        }
    )


def table_schema(name: str, layer: str = "figure") -> TableSchema:
    """Return the schema of one table, or say which names come close.

    Examples
    --------
    >>> table_schema("treaty").keys
    ('treaty', 'country')
    """
    tables = schema(layer)
    if name not in tables:
        raise NotFound(
            f"there is no table '{name}'",
            similar(name, tables),
            f"tables: {', '.join(tables)}",
        )
    return tables[name]


def _column(row: Mapping[str, str]) -> ColumnSchema:
    def number(text: str) -> float | None:
        return float(text) if text else None

    return ColumnSchema(
        name=row["column"],
        type=cast(ColumnType, row["type"]),
        unit=row["unit"],
        key=row["key"] == "1",
        series=row["series"] == "1",
        nullable=row["nullable"] in ("1", "optional"),
        minimum=number(row["min"]),
        maximum=number(row["max"]),
        allowed=row["allowed"],
        description=row["description"],
        optional=row["nullable"] == "optional",
    )
