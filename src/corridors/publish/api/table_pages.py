"""Pages of tables: filters checked against the schema, no SQL from outside."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import polars as pl

from corridors.atlas import Atlas
from corridors.atlas.schema import ColumnSchema, TableSchema, atlas_schema
from corridors.errors import DataError, NotFound
from corridors.wording import similar

MOST_ROWS = 10_000
USUAL_ROWS = 100
_GREATEST = 2**62


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a table.

    Attributes
    ----------
    table, total, limit, offset
        Name; rows that fit; most rows of a page; rows before it.
    rows
        In the order of the key.
    given
        The filters, as they were asked for.
    """

    table: str
    total: int
    limit: int
    offset: int
    rows: pl.DataFrame
    given: tuple[tuple[str, str], ...]

    def links(self, path: str) -> str:
        """The header ``Link``: next and previous page, relative to the address."""
        found: list[str] = []
        if self.offset + self.limit < self.total:
            found.append(self._link(path, self.offset + self.limit, "next"))
        if self.offset > 0:
            found.append(self._link(path, max(0, self.offset - self.limit), "prev"))
        return ", ".join(found)

    def _link(self, path: str, offset: int, relation: str) -> str:
        query = urlencode([*self.given, ("limit", self.limit), ("offset", offset)])
        return f'<{path}?{query}>; rel="{relation}"'


def table_page(atlas: Atlas, table: str, query: Sequence[tuple[str, str]]) -> Page:
    """A page of a table.

    Parameters
    ----------
    atlas
        An opened atlas.
    table
        Its name.
    query
        Pairs of name and value: ``limit``, ``offset``, and a column for equality (several
        times for any of several values) or ``column.min``, ``column.max`` for numbers.

    Raises
    ------
    NotFound
        No such table.
    DataError
        A filter that the table does not have, or a value of the wrong type.
    """
    schema = schema_of(atlas, table)
    limit = _bounded(query, "limit", USUAL_ROWS, 1, MOST_ROWS)
    offset = _bounded(query, "offset", 0, 0, 10**9)
    filters = [(name, value) for name, value in query if name not in ("limit", "offset")]
    condition, values = _condition(schema, filters)
    where = f"FROM {table} WHERE {condition}"
    total = int(atlas.sql(f"SELECT count(*) {where}", values or None).item())
    rows = atlas.sql(f"SELECT * {where} LIMIT {limit} OFFSET {offset}", values or None)
    return Page(table, total, limit, offset, rows, tuple(filters))


def schema_of(atlas: Atlas, table: str) -> TableSchema:
    """Schema of a table that the atlas has.

    Raises
    ------
    NotFound
        No such table; names close ones.
    """
    known = offered(atlas.tables())
    if table not in known:
        raise NotFound(
            f"there is no table {table[:100]!r}",
            similar(table, known),
            "see /tables.json; an older atlas may lack it: build it again with 'corridors build'",
        )
    return atlas_schema()[table]


def offered(tables: Sequence[str]) -> list[str]:
    """Tables with a schema, in order."""
    return [name for name in tables if name in atlas_schema()]


def _bounded(query: Sequence[tuple[str, str]], name: str, usual: int, least: int, most: int) -> int:
    given = [value for key, value in query if key == name]
    if not given:
        return usual
    value = given[-1]
    if not (value.isascii() and value.isdecimal()) or len(value) > 12 or not least <= int(value) <= most:
        raise DataError(
            f"{name} must be a whole number from {least:,} to {most:,}, not {value[:40]!r}",
            remedy="follow the header Link for more rows" if name == "limit" else "",
        )
    return int(value)


def _condition(schema: TableSchema, filters: Sequence[tuple[str, str]]) -> tuple[str, dict[str, Any]]:
    equal: dict[str, list[Any]] = {}
    parts: list[str] = []
    values: dict[str, Any] = {}
    for name, text in filters:
        column, _, bound = name.partition(".")
        found = _column(schema, column, name)
        value = _value(found, name, text)
        if not bound:
            equal.setdefault(column, []).append(value)
            continue
        if bound not in ("min", "max") or found.type not in ("int", "float"):
            raise _unknown(schema, name)
        key = f"v{len(values)}"
        parts.append(f"{column} {'>=' if bound == 'min' else '<='} ${key}")
        values[key] = value
    for column, wanted in equal.items():
        keys = [f"v{len(values) + n}" for n in range(len(wanted))]
        values |= dict(zip(keys, wanted, strict=True))
        parts.append(f"{column} IN ({', '.join(f'${key}' for key in keys)})")
    return " AND ".join(parts) or "true", values


def _column(schema: TableSchema, column: str, name: str) -> ColumnSchema:
    for found in schema.columns:
        if found.name == column:
            return found
    raise _unknown(schema, name)


def _unknown(schema: TableSchema, name: str) -> DataError:
    names = ", ".join(schema.names)
    return DataError(
        f"table {schema.name!r} can not be filtered by {name[:60]!r}",
        f"columns: {names}",
        "filter by a column, or by column.min and column.max where it is a number",
    )


def _value(column: ColumnSchema, name: str, text: str) -> Any:
    if column.type == "str":
        return text
    if column.type == "bool01":
        if text not in ("0", "1", "true", "false"):
            raise DataError(f"{name} must be 1, 0, true or false, not {text[:40]!r}")
        return text in ("1", "true")
    try:
        number = int(text) if column.type == "int" else float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number) or abs(number) > _GREATEST or len(text) > 30:
        kind = "a whole number" if column.type == "int" else "a number"
        raise DataError(f"{name} must be {kind}, not {text[:40]!r}")
    return number


def parameters_of(schema: TableSchema) -> list[Mapping[str, Any]]:
    """The query parameters of a table, for OpenAPI."""
    kinds = {"str": "string", "int": "integer", "float": "number", "bool01": "boolean"}
    found: list[Mapping[str, Any]] = [
        _parameter(
            "limit", "integer", "Most rows of a page", minimum=1, maximum=MOST_ROWS, default=USUAL_ROWS
        ),
        _parameter("offset", "integer", "Rows to pass over", minimum=0, maximum=10**9, default=0),
    ]
    for column in schema.columns:
        words = f"Only rows with this: {column.description}"
        limits = {"minimum": -_GREATEST, "maximum": _GREATEST} if column.type in ("int", "float") else {}
        found.append(_parameter(column.name, kinds[column.type], words, **limits))
        if limits:
            for end, least in (("min", "At least this"), ("max", "At most this")):
                words = f"{least}: {column.description}"
                found.append(_parameter(f"{column.name}.{end}", kinds[column.type], words, **limits))
    return found


def _parameter(name: str, kind: str, words: str, **limits: Any) -> Mapping[str, Any]:
    schema = {"type": kind, **limits} | ({"maxLength": 200} if kind == "string" else {})
    return {"name": name, "in": "query", "required": False, "description": words, "schema": schema}
