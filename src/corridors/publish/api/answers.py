"""Kinds of answers, and how the description of the API tells of them."""

from __future__ import annotations

from typing import Any

from fastapi.responses import Response

JSON, CSV, HTML = "application/json", "text/csv; charset=utf-8", "text/html; charset=utf-8"


def answers(model: type[Any]) -> dict[str, Any]:
    """How FastAPI is told of JSON of a shape."""
    return {"response_class": Response, "responses": {200: {"model": model}}}


def csv_answer() -> dict[str, Any]:
    """How FastAPI is told of CSV."""
    content = {"text/csv": {"schema": {"type": "string"}}}
    return {"response_class": Response, "responses": {200: {"description": "Rows", "content": content}}}


def page_answer() -> dict[str, Any]:
    """How FastAPI is told of a page."""
    content = {"text/html": {"schema": {"type": "string"}}}
    return {"response_class": Response, "responses": {200: {"description": "A page", "content": content}}}
