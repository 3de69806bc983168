"""Is an answer what was asked for? Publishers send pages of apology with status 200."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Literal

from corridors.errors import DataError, SourceUnavailable

Kind = Literal["xlsx", "zip", "gz", "parquet", "csv", "json"]

_MAGIC = {"xlsx": b"PK\x03\x04", "zip": b"PK\x03\x04", "gz": b"\x1f\x8b", "parquet": b"PAR1"}
_HEAD = 4096
_WRONG = "the publisher may have moved the file or asks for a person: open the address in a browser"


def refuse_wrong_kind(path: Path, kind: Kind, address: str) -> None:
    """Refuse a file that is not of its kind: a web page, an error in JSON, nothing at all.

    Parameters
    ----------
    path
        The downloaded file.
    kind
        What it should be.
    address
        Where it came from, for the words of the refusal.

    Raises
    ------
    DataError
        It is something else; the first words of it are quoted.
    SourceUnavailable
        It is empty.

    Examples
    --------
    >>> import tempfile
    >>> page = Path(tempfile.mkdtemp()) / "x.csv"
    >>> _ = page.write_text("<!DOCTYPE html><title>Just a moment</title>")
    >>> refuse_wrong_kind(page, "csv", "http://example.org/x.csv")
    Traceback (most recent call last):
    corridors.errors.DataError: http://example.org/x.csv answered with a web page instead of csv
      <!DOCTYPE html><title>Just a moment</title>
      Remedy: the publisher may have moved the file or asks for a person: open the address in a browser
    """
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if not head.strip():
        raise SourceUnavailable(f"{address} answered with nothing", remedy="try again later")
    if looks_like_page(head):
        raise DataError(f"{address} answered with a web page instead of {kind}", _quoted(head), _WRONG)
    magic = _MAGIC.get(kind)
    if magic is not None and not head.startswith(magic):
        raise DataError(f"{address} did not answer with {kind}", f"it begins with {_quoted(head)}", _WRONG)
    if kind == "csv" and b"\0" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise DataError(f"{address} did not answer with text", f"it begins with {_quoted(head)}", _WRONG)
    if kind == "csv" and head.lstrip()[:1] in (b"{", b"["):
        refuse_error_message(parse_json(path, address), address)
    if kind == "json":
        refuse_error_message(parse_json(path, address), address)


def looks_like_page(head: bytes) -> bool:
    r"""Whether bytes begin as HTML or XML does.

    Examples
    --------
    >>> looks_like_page(b"\n<html>"), looks_like_page(b"year,value")
    (True, False)
    """
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:200].lower()
    return start.startswith((b"<!doctype", b"<html", b"<head", b"<body", b"<?xml", b"<script"))


def parse_json(path: Path, address: str) -> Any:
    """Parse a JSON file, refusing a broken or cut one in words."""
    try:
        return json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise DataError(
            f"{address} did not answer with valid JSON", str(error)[:200], "fetch it again; " + _WRONG
        ) from None


def refuse_error_message(answer: Any, address: str) -> None:
    """Refuse JSON that carries an error although the status was 200.

    Examples
    --------
    >>> refuse_error_message([{"message": [{"key": "Invalid value"}]}], "http://example.org")
    Traceback (most recent call last):
    corridors.errors.DataError: http://example.org answered with an error message
      [{"key": "Invalid value"}]
      Remedy: the publisher's codes may have changed; see whether a newer release of corridors knows
    """
    first = answer[0] if isinstance(answer, list) and len(answer) == 1 else answer
    if not isinstance(first, dict):
        return
    for key in ("message", "error", "errors", "Message", "errorMessage"):
        if first.get(key):
            raise DataError(
                f"{address} answered with an error message",
                json.dumps(first[key], ensure_ascii=False)[:300],
                "the publisher's codes may have changed; see whether a newer release of corridors knows",
            )


def _quoted(head: bytes) -> str:
    return head[:120].decode("utf-8", "replace").strip()
