"""Addresses of pages, their assets and their data."""

from __future__ import annotations

from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import Response

from corridors import places
from corridors.errors import NotFound
from corridors.publish.api import facts
from corridors.publish.api.answers import HTML, page_answer
from corridors.publish.api.reader import Reader
from corridors.publish.api.web import asset, index_page, kind_of, web_files


def add_pages(app: FastAPI, reader: Reader, folder: Path | None) -> None:
    """Add the pages, their assets and their data; last, as they take every other address."""
    files = web_files(folder)

    def page(depth: int) -> Response:
        return Response(index_page(files, depth), media_type=HTML)

    @app.get("/", tags=["pages"], summary="The atlas as pages", **page_answer())
    def home() -> Response:
        return page(0)

    @app.get("/corridor/{key}", tags=["pages"], summary="Page of a corridor", **page_answer())
    def corridor(key: str) -> Response:
        facts.ends(key)
        return page(1)

    @app.get("/country/{key}", tags=["pages"], summary="Page of a country", **page_answer())
    def country(key: str) -> Response:
        places.code(key)
        return page(1)

    for name in ("claims", "commitments", "practices", "agreements", "about"):
        app.add_api_route(f"/{name}", lambda: page(0), tags=["pages"], summary=f"Page of {name}",
                          operation_id=f"{name}_page", **page_answer())  # fmt: skip

    @app.get("/data/{path:path}", include_in_schema=False)
    def data(path: str) -> Response:
        content = reader.data(f"data/{path}")
        if content is None:
            raise NotFound(
                f"the site has no file data/{path[:100]}", remedy="see data/atlas.json for what there is"
            )
        return Response(content, media_type=kind_of(path))

    @app.get("/{path:path}", include_in_schema=False)
    def other(path: str) -> Response:
        if path not in files or path == "index.html":
            raise NotFound(f"there is nothing at /{path[:100]}", remedy="see /api for what there is")
        return asset(path, files[path])

    del home, corridor, country, data, other
