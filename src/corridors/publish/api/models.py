"""Shapes of the answers; descriptions of table columns come from the data dictionary."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, create_model

from corridors.atlas.schema import ColumnSchema, TableSchema, atlas_schema

_TYPES: Mapping[str, type] = {"str": str, "int": int, "float": float, "bool01": bool}


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ErrorWords(_Shape):
    """What went wrong."""

    title: str = Field(description="What is wrong")
    detail: str = Field(description="The evidence: offending values, candidates")
    remedy: str = Field(description="What the reader can do about it")
    status: int = Field(description="HTTP status")


class ErrorAnswer(_Shape):
    """Every error has this shape."""

    error: ErrorWords


class Fact(_Shape):
    """One figure about a corridor or a country."""

    measure: str = Field(description="What is measured: migrant_stock, migrant_flow, remittance_flow, …")
    detail: str = Field(description="Which series of it: a method, a rule, a direction")
    sex: str = Field(description="female, male or total")
    year: int | None = Field(description="Year, or first year of the period")
    period: str = Field(description="Year, period or quarter in words")
    value: float | None = Field(description="The figure")
    lower: float | None = Field(description="Lower end of its interval; null where none is made")
    upper: float | None = Field(description="Upper end of its interval; null where none is made")
    unit: str = Field(description="Unit of the figure")
    table_name: str = Field(description="Table of the atlas it stands in; ask /why about it")


class CorridorFact(Fact):
    """One figure about a corridor."""

    origin: str = Field(description="Country people come from (ISO 3166-1 alpha-3)")
    destination: str = Field(description="Country people live in or go to (ISO 3166-1 alpha-3)")


class CountryFact(Fact):
    """One figure about a country."""

    country: str = Field(description="Country (ISO 3166-1 alpha-3)")


class CorridorAnswer(_Shape):
    """Everything about one corridor."""

    title: str = Field(description="Names and codes of both countries")
    notes: list[str] = Field(description="What a reader should know: territories")
    facts: list[CorridorFact] = Field(description="One row a figure")


class CountryAnswer(_Shape):
    """Everything about one country."""

    title: str = Field(description="Name and code")
    notes: list[str] = Field(description="What a reader should know: territories, findings")
    facts: list[CountryFact] = Field(description="One row a figure")


class Column(_Shape):
    """A column of a table."""

    name: str = Field(description="Its name, and that of the parameter that filters by it")
    type: str = Field(description="str, int, float or bool01")
    unit: str | None = Field(description="Unit of the figures")
    description: str = Field(description="What it holds")


class TableWords(_Shape):
    """A table of the atlas."""

    table: str = Field(description="Its name")
    rows: int = Field(description="How many rows it has")
    key: list[str] = Field(description="Columns that name a row")
    columns: list[Column]


class TablesAnswer(_Shape):
    """All tables of the atlas."""

    tables: list[TableWords]


class ExplanationAnswer(_Shape):
    """One figure and everything it was made of."""

    table: str = Field(description="Table of the figure")
    key: dict[str, str | int | float | None] = Field(description="Which row")
    figure: dict[str, str | int | float | bool | None] = Field(description="The row")
    recipe: dict[str, str | None] = Field(description="Formula in words, function, uncertainty, caveat")
    parameters: list[dict[str, str | int | float | None]] = Field(description="Parameters used, with source")
    inputs: dict[str, list[dict[str, str | int | float | bool | None]]] = Field(
        description="Input figures by title"
    )
    sources: list[dict[str, str | int | float | None]] = Field(description="Cards of the sources")


class PlaceHit(_Shape):
    """A place that a search found."""

    code: str = Field(description="ISO 3166-1 alpha-3, or the code statistical tables use")
    name: str = Field(description="Display name")
    matched: str = Field(description="The name or code that fits the query best")
    kind: str = Field(description="country, historical, group or special")
    region: str | None = Field(description="United Nations region")


class SearchAnswer(_Shape):
    """Places by any of their names, best first."""

    query: str = Field(description="What was looked for")
    results: list[PlaceHit]


class HealthAnswer(_Shape):
    """That the server works, and on what."""

    status: str = Field(description="ok")
    version: str = Field(description="Version of the software")
    atlas_id: str = Field(description="Digest of the atlas")
    built: str = Field(description="When the atlas was built (UTC)")
    tables: int = Field(description="Tables it has")


def table_answer(schema: TableSchema) -> type[BaseModel]:
    """Model of a page of a table, each field described by the dictionary.

    Parameters
    ----------
    schema
        Of a table of the atlas.

    Examples
    --------
    >>> from corridors.atlas.schema import ColumnSchema, TableSchema, atlas_schema
    >>> row = table_answer(atlas_schema()["treaty"]).model_fields["rows"].annotation
    >>> row.__args__[0].model_fields["country"].description
    'State party [ISO 3166-1 alpha-3]'
    """
    words = "".join(part.capitalize() for part in schema.name.split("_"))
    fields: dict[str, Any] = {c.name: _field(c) for c in schema.columns}
    row = create_model(f"{words}Row", __base__=_Shape, __doc__=f"A row of {schema.name}.", **fields)
    page: dict[str, Any] = {
        "table": (str, Field(description="Name of the table")),
        "total": (int, Field(description="Rows that fit the filters")),
        "limit": (int, Field(description="Most rows of a page")),
        "offset": (int, Field(description="Rows before this page")),
        "rows": (list[row], Field(description="Rows of this page, in the order of the key")),
    }
    return create_model(f"{words}Page", __base__=_Shape, __doc__=f"A page of {schema.name}.", **page)


def columns_of(table: str) -> list[dict[str, Any]]:
    """Columns of a table as plain data."""
    return [
        {"name": c.name, "type": c.type, "unit": c.unit or None, "description": c.description}
        for c in atlas_schema()[table].columns
    ]


def _field(column: ColumnSchema) -> Any:
    # A blank is allowed wherever the file may hold one: the file's word counts.
    kind: Any = _TYPES[column.type] | None if column.nullable else _TYPES[column.type]
    words = column.description + (f" [{column.unit}]" if column.unit else "")
    return (kind, Field(description=words))
