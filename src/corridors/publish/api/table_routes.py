"""Addresses of tables."""

from __future__ import annotations

from functools import partial
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import Response

from corridors.atlas.schema import atlas_schema
from corridors.errors import NotFound
from corridors.publish.api import facts, models
from corridors.publish.api.answers import CSV, JSON, answers, csv_answer
from corridors.publish.api.reader import Reader
from corridors.publish.api.row_bytes import csv_rows, json_with, plain_json
from corridors.publish.api.table_pages import Page, offered, parameters_of, schema_of, table_page


def add_tables(app: FastAPI, reader: Reader) -> None:
    """Add the list of tables, every table in two forms, and where figures come from."""

    @app.get("/tables.json", tags=["tables"], summary="All tables", **answers(models.TablesAnswer))
    def tables() -> Response:
        found = [
            {
                "table": name,
                "rows": int(reader.atlas.sql(f"SELECT count(*) FROM {name}").item()),
                "key": list(atlas_schema()[name].keys),
                "columns": models.columns_of(name),
            }
            for name in offered(reader.tables)
        ]
        return Response(plain_json({"tables": found}), media_type=JSON)

    for name in offered(reader.tables):
        _add_table(app, reader, f"/table/{name}", name)

    @app.get("/table/{name}.{form}", include_in_schema=False)
    def no_table(name: str, form: str) -> Response:
        schema_of(reader.atlas, name)
        raise NotFound(f"a table has the forms json and csv, not {form[:40]!r}")

    @app.get(
        "/why/{table}.json",
        tags=["tables"],
        summary="Where a figure comes from",
        description="Values of the key columns of the figure as parameters, such as "
        "`/why/migrant_flow.json?origin=MEX&destination=USA&period_start=2010`; sex, method, kind and rule "
        "may be left out.",
        **answers(models.ExplanationAnswer),
    )
    def why(table: str, request: Request) -> Response:
        schema_of(reader.atlas, table)
        explanation = facts.explained(reader.atlas, table, request.query_params.multi_items())
        return Response(facts.explanation_json(explanation), media_type=JSON)

    del tables, no_table, why


def _add_table(app: FastAPI, reader: Reader, path: str, name: str) -> None:
    """Both forms of one table at an address."""
    schema = atlas_schema()[name]
    extra: dict[str, Any] = {"openapi_extra": {"parameters": parameters_of(schema)}, "tags": ["tables"]}

    def page_of(request: Request) -> tuple[Page, dict[str, str]]:
        page = table_page(reader.atlas, name, request.query_params.multi_items())
        links = page.links(request.url.path.rsplit("/", 1)[-1])
        return page, {"X-Total-Count": str(page.total)} | ({"Link": links} if links else {})

    def as_json(request: Request) -> Response:
        page, headers = page_of(request)
        words = {"table": name, "total": page.total, "limit": page.limit, "offset": page.offset}
        return Response(json_with(words, "rows", page.rows), media_type=JSON, headers=headers)

    def as_csv(request: Request) -> Response:
        page, headers = page_of(request)
        return Response(csv_rows(page.rows), media_type=CSV, headers=headers)

    key = path.strip("/").replace("/", "_")
    words = f"Rows of {name}"
    rows, lines = answers(models.table_answer(schema)), csv_answer()
    app.add_api_route(f"{path}.json", as_json, summary=words, operation_id=f"{key}_json", **rows, **extra)
    app.add_api_route(f"{path}.csv", as_csv, summary=words, operation_id=f"{key}_csv", **lines, **extra)


def add_documents(app: FastAPI, reader: Reader) -> None:
    """Claims and commitments under their own names."""
    for plural, name in (("claims", "claim"), ("commitments", "commitment")):
        if name in offered(reader.tables):
            _add_table(app, reader, f"/{plural}", name)
        else:
            app.add_api_route(f"/{plural}.{{form}}", partial(_lacking, reader, name), include_in_schema=False)


def _lacking(reader: Reader, name: str) -> None:
    schema_of(reader.atlas, name)
