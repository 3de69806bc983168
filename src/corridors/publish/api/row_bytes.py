"""Rows as the bytes of an answer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import polars as pl
import polars.selectors as cs

from corridors.frames import csv_bytes


def json_rows(frame: pl.DataFrame) -> bytes:
    """Rows as a JSON list of objects; what is not a number is null.

    Examples
    --------
    >>> import polars as pl
    >>> json_rows(pl.DataFrame({"a": [1.5, None, float("nan")]}))
    b'[{"a":1.5},{"a":null},{"a":null}]'
    """
    return frame.with_columns(cs.float().fill_nan(None)).write_json().encode()


def json_with(words: Mapping[str, Any], name: str, frame: pl.DataFrame) -> bytes:
    """An object of words with rows under a name.

    Examples
    --------
    >>> import polars as pl
    >>> json_with({"title": "x"}, "rows", pl.DataFrame({"a": [1]}))
    b'{"title":"x","rows":[{"a":1}]}'
    """
    head = plain_json(words)[:-1]
    return head + b"," + json.dumps(name).encode() + b":" + json_rows(frame) + b"}"


def plain_json(content: Any) -> bytes:
    """JSON without blanks."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"), default=str).encode()


def csv_rows(frame: pl.DataFrame) -> bytes:
    """Rows as CSV with a header; no cell is a formula."""
    return csv_bytes(frame)
