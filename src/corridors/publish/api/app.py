"""The application: which address answers with what."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any

from fastapi import FastAPI, Query
from fastapi.responses import Response

from corridors.atlas import Facts
from corridors.publish.api import facts, models, search
from corridors.publish.api.answers import CSV, HTML, JSON, answers, csv_answer, page_answer
from corridors.publish.api.documentation import documentation_page, stylesheet
from corridors.publish.api.errors import add_handlers
from corridors.publish.api.http import Front
from corridors.publish.api.page_routes import add_pages
from corridors.publish.api.reader import Reader
from corridors.publish.api.row_bytes import plain_json
from corridors.publish.api.table_routes import add_documents, add_tables
from corridors.publish.api.web import web_files
from corridors.version import __version__

WEB = Path(__file__).parents[1] / "web"
ERRORS: dict[int | str, dict[str, Any]] = {
    400: {"model": models.ErrorAnswer, "description": "The server does not answer to that name"},
    404: {"model": models.ErrorAnswer, "description": "No such place, table or row"},
    414: {"model": models.ErrorAnswer, "description": "The address is too long"},
    422: {"model": models.ErrorAnswer, "description": "A parameter that can not be read"},
}
DESCRIPTION = (
    "Figures on international migration and development, each with its origin. Every resource has three "
    "forms: a page, `.json` and `.csv`. Reading only. Answers carry an ETag."
)


def create_app(
    atlas_path: str | Path | None = None,
    web_folder: Path | None = WEB,
    *,
    hosts: Sequence[str] | None = None,
) -> FastAPI:
    """The web application of an atlas.

    Parameters
    ----------
    atlas_path
        The atlas; see :class:`corridors.atlas.Atlas`.
    web_folder
        The built pages; without them the API works alone.
    hosts
        Names under which it may be asked; all if None.

    Returns
    -------
    fastapi.FastAPI

    Raises
    ------
    NotFound
        There is no atlas there.

    Examples
    --------
    >>> from corridors.publish.api import create_app
    >>> import corridors as co
    >>> app = create_app(co.open().path)
    >>> "/search.json" in {getattr(route, "path", "") for route in app.routes}
    True
    """
    reader = Reader(atlas_path)
    app = FastAPI(
        title="corridors",
        version=__version__,
        description=DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        responses=ERRORS,
    )
    add_handlers(app)
    _add_about(app, reader)
    _add_places(app, reader)
    add_tables(app, reader)
    add_documents(app, reader)
    add_pages(app, reader, web_folder)
    app.state.reader = reader
    app.add_middleware(Front, identity=f"{__version__} {reader.id} {_web_mark(web_folder)}", hosts=hosts)
    return app


def _web_mark(folder: Path | None) -> str:
    """Changes with the built pages, so that their ETags do."""
    files = web_files(folder)
    return " ".join(f"{name}:{path.stat().st_mtime_ns}" for name, path in files.items() if "html" in name)


def _add_about(app: FastAPI, reader: Reader) -> None:
    @app.get("/health", tags=["about"], summary="That the server works", **answers(models.HealthAnswer))
    def health() -> Response:
        built = reader.atlas.sql("SELECT built_at FROM run").item()
        known = {"version": __version__, "atlas_id": reader.id, "built": built, "tables": len(reader.tables)}
        return Response(plain_json({"status": "ok", **known}), media_type=JSON)

    @app.get("/search.json", tags=["places"], summary="Places by any name", **answers(models.SearchAnswer))
    def find(
        q: Annotated[
            str, Query(min_length=1, max_length=100, description="A name or code, or its beginning")
        ],
        limit: Annotated[int, Query(ge=1, le=search.MOST_HITS, description="Most places")] = 10,
    ) -> Response:
        hits = [
            {name: getattr(hit, name) for name in models.PlaceHit.model_fields}
            for hit in search.search(q, limit)
        ]
        return Response(plain_json({"query": q, "results": hits}), media_type=JSON)

    @app.get("/api", tags=["about"], summary="This API, as a page", **page_answer())
    def documentation() -> Response:
        return Response(documentation_page(app.openapi()), media_type=HTML)

    @app.get("/api.css", include_in_schema=False)
    def style() -> Response:
        return Response(stylesheet(), media_type="text/css")


def _add_places(app: FastAPI, reader: Reader) -> None:
    def add(path: str, tag: str, words: str, model: type[Any], ask: Callable[[str], Facts]) -> None:
        @app.get(f"{path}.json", tags=[tag], summary=words, operation_id=f"{tag}_json", **answers(model))
        def as_json(key: str) -> Response:
            return Response(facts.facts_json(ask(key)), media_type=JSON)

        @app.get(f"{path}.csv", tags=[tag], summary=words, operation_id=f"{tag}_csv", **csv_answer())
        def as_csv(key: str) -> Response:
            return Response(facts.facts_csv(ask(key)), media_type=CSV)

        del as_json, as_csv

    add(
        "/corridor/{key}",
        "corridor",
        "Everything about a corridor, such as MEX-USA",
        models.CorridorAnswer,
        reader.corridor,
    )
    add(
        "/country/{key}",
        "country",
        "Everything about a country, such as PHL",
        models.CountryAnswer,
        reader.country,
    )


__all__ = ["create_app"]
