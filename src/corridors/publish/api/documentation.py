"""A page about the API, made from its own description: no script, nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import jinja2

from corridors import packaged


def documentation_page(openapi: Mapping[str, Any]) -> bytes:
    """The description of the API as HTML.

    Parameters
    ----------
    openapi
        As of ``/openapi.json``.

    Examples
    --------
    >>> page = documentation_page({"info": {"title": "corridors", "version": "1", "description": ""},
    ...                            "paths": {"/x.json": {"get": {"summary": "An x", "tags": ["a"]}}}})
    >>> b"/x.json" in page
    True
    """
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, methods in openapi["paths"].items():
        for operation in methods.values():
            groups.setdefault(operation["tags"][0], []).append({"path": path, **operation})
    return _template().render(info=openapi["info"], groups=groups).encode()


def stylesheet() -> bytes:
    """The style of the page."""
    return _file("api.css").encode()


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True)
    return environment.from_string(_file("api.html"))


def _file(name: str) -> str:
    return packaged.text(f"publish/{name}")
