"""Errors of the API: one shape for all."""

from __future__ import annotations

import json
from collections.abc import Mapping

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from corridors.errors import CorridorsError, NotFound, SourceUnavailable

_WORDS = {
    404: ("there is nothing at this address", "see /api for what there is"),
    405: ("this address can only be read", "use GET or HEAD"),
}


def error_body(title: str, detail: str, remedy: str, status: int) -> bytes:
    """The one shape of an error.

    Examples
    --------
    >>> error_body("no such table", "", "see /tables.json", 404)
    b'{"error":{"title":"no such table","detail":"","remedy":"see /tables.json","status":404}}'
    """
    error = {"title": title, "detail": detail, "remedy": remedy, "status": status}
    return json.dumps({"error": error}, ensure_ascii=False, separators=(",", ":")).encode()


def error_response(
    title: str,
    detail: str = "",
    remedy: str = "",
    status: int = 400,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """An error as a response.

    Parameters
    ----------
    title, detail, remedy
        As in :class:`corridors.errors.CorridorsError`.
    status
        HTTP status.
    headers
        More headers, such as ``Allow``.
    """
    body = error_body(title, detail, remedy, status)
    return Response(body, status, dict(headers or {}), media_type="application/json")


def status_of(error: CorridorsError) -> int:
    """404 for what does not exist, 503 for what may come back, 422 for bad input.

    Examples
    --------
    >>> from corridors.errors import DataError
    >>> status_of(DataError("year must be a whole number"))
    422
    """
    if isinstance(error, NotFound):
        return 404
    return 503 if isinstance(error, SourceUnavailable) else 422


def add_handlers(app: FastAPI) -> None:
    """Give every error of an application the one shape."""
    app.add_exception_handler(CorridorsError, _known)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(Exception, _unknown)


def _known(_: Request, error: Exception) -> Response:
    assert isinstance(error, CorridorsError)
    return error_response(error.title, error.detail, error.remedy, status_of(error))


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    title, remedy = _WORDS.get(error.status_code, (str(error.detail), "see /api"))
    # Whatever can be read with GET can be asked for with HEAD.
    headers = {**(error.headers or {}), **({"Allow": "GET, HEAD"} if error.status_code == 405 else {})}
    return error_response(title, request.url.path[:200], remedy, error.status_code, headers)


def _invalid(_: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    found = "\n".join(f"{'.'.join(map(str, e['loc'][1:]))}: {e['msg']}" for e in error.errors())
    return error_response("a parameter can not be read", found, "see /api for the parameters", 422)


def _unknown(_: Request, error: Exception) -> Response:
    return Response(failure(error), 500, media_type="application/json")


def failure(error: Exception) -> bytes:
    """The error of a request on which the server failed; the log tells the rest.

    Examples
    --------
    >>> b"RuntimeError" in failure(RuntimeError("inside words"))
    True
    """
    remedy = "report the address that was asked"
    return error_body("the server failed on this request", type(error).__name__, remedy, 500)
