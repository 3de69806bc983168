"""Entries as TOML text and as spreadsheets."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from corridors.cooperation.register.entries import Entry
from corridors.cooperation.register.schema import KINDS, LISTS, fields, fields_of
from corridors.cooperation.register.sheets import FOLLOW_UP
from corridors.cooperation.register.values import WORLD
from corridors.errors import DataError

_EXAMPLES = {
    "slug": '"my-entry"',
    "text": '"…"',
    "texts": '["…"]',
    "url": '"https://example.org"',
    "place": f'"{WORLD}"',
    "places": '["Mexico", "USA"]',
    "number": "0.0",
    "year": "2011",
    "date": "2030-12-31",
    "transitions": '[["stated", 2011-05-19, "…"]]',
    "concern": '"evidence"',
    "indicator": '"remittance_cost"',
}


def to_toml(entries: Iterable[Entry]) -> str:
    """Entries as TOML that reads back to the same entries.

    Parameters
    ----------
    entries
        Entries of any kind.

    Examples
    --------
    >>> from corridors.cooperation.register import load
    >>> to_toml([load()["g8-2009-five-by-five"]]).splitlines()[0]
    '[[commitment]]'
    """
    return "\n".join(_toml_entry(entry) for entry in entries)


def _toml_entry(entry: Entry) -> str:
    record = entry.record()
    lines = [f"[[{entry.kind}]]"]
    lines += [f"{name} = {_toml(record[name])}" for name in fields() if name in record and name != FOLLOW_UP]
    steps = ",\n".join(f"  {_toml(step)}" for step in record[FOLLOW_UP])
    return "\n".join([*lines, f"{FOLLOW_UP} = [\n{steps},\n]", ""])


def _toml(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(_toml(item) for item in value)}]"  # pyright: ignore[reportUnknownVariableType]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        # JSON strings are TOML basic strings, save that TOML escapes DEL too.
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return repr(value)


def to_csv(entries: Iterable[Entry], folder: str | Path) -> tuple[Path, Path]:
    """Write ``entries.csv`` and ``transitions.csv``, which read back to the same entries.

    Parameters
    ----------
    entries
        Entries of any kind.
    folder
        Where to; made if it does not exist.

    Returns
    -------
    tuple of Path
        The two files.

    Raises
    ------
    DataError
        The folder can not be written.

    Examples
    --------
    >>> import tempfile
    >>> from corridors.cooperation.register import load
    >>> [path.name for path in to_csv(load().entries, tempfile.mkdtemp())]
    ['entries.csv', 'transitions.csv']
    """
    kept = list(entries)
    target = Path(folder)
    try:
        target.mkdir(parents=True, exist_ok=True)
        return (
            _write(target / "entries.csv", _entry_rows(kept)),
            _write(target / f"{FOLLOW_UP}.csv", _step_rows(kept)),
        )
    except OSError as error:
        raise DataError(f"{target} can not be written", str(error), "choose another folder") from error


def _entry_rows(entries: list[Entry]) -> list[list[str]]:
    names = ["kind", *(name for name in fields() if name != FOLLOW_UP)]
    records = [entry.record() for entry in entries]
    return [names, *([_cell(name, record.get(name)) for name in names] for record in records)]


def _step_rows(entries: list[Entry]) -> list[list[str]]:
    rows = [[e.id, step.state, step.date.isoformat(), step.source] for e in entries for step in e.transitions]
    return [["id", "state", "date", "source"], *rows]


def _cell(name: str, value: Any) -> str:
    if value is None:
        return ""
    if name in fields() and fields()[name].type in LISTS:
        return "; ".join(value)
    return value if isinstance(value, str) else str(value)


def _write(path: Path, rows: list[list[str]]) -> Path:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows(rows)
    return write_beside(path, buffer.getvalue())


def write_beside(path: Path, text: str) -> Path:
    """Write a file beside its place, then rename it, so that no half of a file is ever seen.

    Examples
    --------
    >>> import tempfile
    >>> write_beside(Path(tempfile.mkdtemp()) / "a.txt", "x").read_text()
    'x'
    """
    beside = path.with_name(f".{path.name}.part")
    try:
        beside.write_bytes(text.encode("utf-8"))
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    return path


def template(kind: str, indicators: Iterable[str] = ()) -> str:
    """A commented TOML entry of a kind to fill in; fields that may be left out are commented out.

    Parameters
    ----------
    kind
        ``commitment``, ``agreement``, ``recommendation`` or ``practice``.
    indicators
        Names of indicators that may be used, to list them.

    Raises
    ------
    NotFound
        There is no such kind.

    Examples
    --------
    >>> template("practice").splitlines()[2]
    '[[practice]]'
    """
    lines = [
        f"# A new {kind}: fill in, drop what you do not need; then 'corridors register check' the file.",
        f"# Kinds: {', '.join(KINDS)}. One file may hold many entries.",
        f"[[{kind}]]",
    ]
    for field in fields_of(kind, indicators):
        needed = field.required or (kind == "practice" and field.name == "outcome")
        choice = f" One of: {', '.join(field.allowed)}." if field.allowed else ""
        unit = f" Unit: {field.unit}." if field.unit and field.type == "number" else ""
        example = f'"{field.allowed[-1]}"' if field.allowed else _EXAMPLES[field.type]
        lines += [
            f"# {field.description}.{unit}{choice}",
            f"{'' if needed else '# '}{field.name} = {example}",
        ]
    if kind != "practice":
        lines[-2:-2] = ["# This line or an indicator, with its place and direction:",
                        'no_indicator_reason = "…"']  # fmt: skip
    return "\n".join(lines) + "\n"
