"""Entries of TOML files, with the line of every field."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

from corridors.cooperation.register.problems import Problem, RawEntry, Unreadable
from corridors.cooperation.register.schema import KINDS

_KEY = re.compile(r"""\s*(?:"([^"\\]*)"|'([^']*)'|([A-Za-z0-9_-]+))\s*=""")
_TABLE = re.compile(r"\s*\[\[?\s*([^\[\]]+?)\s*\]\]?\s*(?:#.*)?$")
_AT_LINE = re.compile(r"\(at line (\d+)")
_QUOTES = ('"""', "'''", '"', "'")


@dataclass(frozen=True, slots=True)
class _Table:
    """A table header (or the start of the file) and the lines of the keys below it."""

    name: str
    line: int
    keys: dict[str, int]


def read_toml(text: str, file: str) -> list[RawEntry]:
    r"""Entries of a TOML file: one at its top, or many under ``[[commitment]]`` and the like.

    Parameters
    ----------
    text
        Content of the file.
    file
        Its name, for problems.

    Raises
    ------
    Unreadable
        The file is not TOML; the problem tells the line.

    Examples
    --------
    >>> entry = read_toml('# notes\n[[practice]]\ntitle = "Orientation"\n', "p.toml")[0]
    >>> entry.values["kind"], entry.line, entry.lines["title"]
    ('practice', 2, 3)
    """
    try:
        data = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        raise Unreadable(_broken(error, text, file)) from None
    tables = list(_tables(text))
    found: list[RawEntry] = []
    for name, value in data.items():
        if isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
            found += _array(name, cast(list[dict[str, Any]], value), tables, file)
        elif isinstance(value, dict):
            found += _array(name, [cast(dict[str, Any], value)], tables, file)
    top = {name: value for name, value in data.items() if not _is_table(value)}
    if top:
        lines = tables[0].keys
        found.insert(0, RawEntry(file, min(lines.values(), default=1), top, lines))
    return sorted(found, key=lambda entry: entry.line)


def _is_table(value: object) -> bool:
    if isinstance(value, list):
        return bool(value) and all(isinstance(item, dict) for item in value)
    return isinstance(value, dict)


def _array(name: str, items: list[dict[str, Any]], tables: list[_Table], file: str) -> list[RawEntry]:
    headers = [table for table in tables if table.name == name]
    entries: list[RawEntry] = []
    for position, item in enumerate(items):
        header = headers[position] if position < len(headers) else _Table(name, 1, {})
        values: dict[str, object] = {"kind": name, **item} if name in KINDS else dict(item)
        if name not in KINDS:
            values.setdefault("kind", name)
        entries.append(RawEntry(file, header.line, values, {"kind": header.line, **header.keys}))
    return entries


def _broken(error: Exception, text: str, file: str) -> Problem:
    if isinstance(error, RecursionError):
        return Problem(file, 1, "", "is nested too deeply", "write entries as flat fields")
    message = str(error)
    found = _AT_LINE.search(message)
    line = int(found.group(1)) if found else text.count("\n") + 1
    said = message.partition(" (at ")[0]
    return Problem(file, line, "", f"is not TOML: {said}", "correct the line, or the one before it")


def _tables(text: str) -> Iterator[_Table]:
    """Headers and keys by line; a small scan, since the parser does not keep lines."""
    table = _Table("", 1, {})
    closing, depth = "", 0
    for number, line in enumerate(text.splitlines(), 1):
        rest = line
        if not closing and depth == 0:
            if header := _TABLE.match(line):
                yield table
                table = _Table(header.group(1).strip("\"'"), number, {})
                continue
            if key := _KEY.match(line):
                table.keys[next(part for part in key.groups() if part is not None)] = number
                rest = line[key.end() :]
        closing, depth = _scan(rest, closing, depth)
    yield table


def _scan(line: str, closing: str, depth: int) -> tuple[str, int]:
    """Quote that is still open at the end of the line, and how many brackets are."""
    at = 0
    while at < len(line):
        if closing:
            at, closing = _within(line, at, closing)
            continue
        if line[at] == "#":
            break
        quote = next((mark for mark in _QUOTES if line.startswith(mark, at)), "")
        if quote:
            closing, at = quote, at + len(quote)
            continue
        depth += (line[at] in "[{") - (line[at] in "]}")
        at += 1
    return (closing if len(closing) == 3 else ""), depth


def _within(line: str, at: int, closing: str) -> tuple[int, str]:
    if line[at] == "\\" and closing[0] == '"':
        return at + 2, closing
    if line.startswith(closing, at):
        return at + len(closing), ""
    return at + 1, closing
