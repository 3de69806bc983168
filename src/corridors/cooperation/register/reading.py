"""Files and folders of a register as entries that are not yet checked."""

from __future__ import annotations

from collections.abc import Sized
from pathlib import Path
from typing import NamedTuple

from corridors.cooperation.register.json_ld_files import read_json_ld
from corridors.cooperation.register.problems import Problem, RawEntry, Unreadable
from corridors.cooperation.register.sheets import (
    FOLLOW_UP,
    Row,
    csv_rows,
    excel_sheets,
    follow_up,
    sheet_entries,
)
from corridors.cooperation.register.toml_files import read_toml
from corridors.cooperation.register.yaml_files import read_yaml
from corridors.errors import DataError, NotFound
from corridors.intake.csv_layout import encoding_of

SUFFIXES = (".toml", ".yaml", ".yml", ".csv", ".xlsx", ".jsonld")
LARGEST = 50_000_000


class Read(NamedTuple):
    """Entries as they stand, and problems of files that are not in their format."""

    entries: tuple[RawEntry, ...]
    problems: tuple[Problem, ...]


def read(path: Path) -> Read:
    """Read a file, or every file of a folder and its folders.

    Parameters
    ----------
    path
        A ``.toml``, ``.yaml``, ``.yml``, ``.csv``, ``.xlsx`` or ``.jsonld`` file, or a folder. A
        ``transitions.csv``
        holds the follow-up of the other CSV files of its folder. Hidden files are left out.

    Raises
    ------
    NotFound
        There is no such path, or the folder has no file of a register.
    DataError
        The file is of no known format.
    """
    entries: list[RawEntry] = []
    problems: list[Problem] = []
    for file in _files(path):
        try:
            found = _read_file(file)
        except Unreadable as error:
            problems.append(error.problem)
        else:
            entries += found.entries
            problems += found.problems
    return Read(tuple(entries), tuple(problems))


def _files(path: Path) -> list[Path]:
    if not path.exists():
        raise NotFound(f"{path} does not exist", remedy="give a file or folder of register entries")
    if path.is_file():
        if path.suffix.lower() not in SUFFIXES:
            raise DataError(f"{path} is of no known format", remedy=f"use {', '.join(SUFFIXES)}")
        return [path]
    inside = [
        file
        for file in sorted(path.rglob("*"))
        if file.suffix.lower() in SUFFIXES
        and file.is_file()
        and not any(part.startswith((".", "~$")) for part in file.relative_to(path).parts)
    ]
    if not inside:
        raise NotFound(f"{path} has no file of a register", remedy=f"use {', '.join(SUFFIXES)}")
    return inside


def _read_file(file: Path) -> Read:
    name = str(file)
    if file.stat().st_size > LARGEST:
        raise Unreadable(Problem(name, 1, "", "is larger than 50 MB", "part it into several files"))
    content = file.read_bytes()
    match file.suffix.lower():
        case ".xlsx":
            return _workbook(content, name)
        case ".csv":
            return _csv(file, _csv_text(content, name))
        case ".jsonld":
            return Read(tuple(read_json_ld(_text(content, name), name)), ())
        case ".toml":
            return Read(tuple(read_toml(_text(content, name), name)), ())
        case _:
            return Read(tuple(read_yaml(_text(content, name), name)), ())


def _text(content: bytes, name: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise Unreadable(Problem(name, line, "", "is not UTF-8 text", "save it as UTF-8")) from None


def _csv_text(content: bytes, name: str) -> str:
    try:
        return content.decode(encoding_of(content, name))
    except (DataError, UnicodeDecodeError) as error:
        raise Unreadable(Problem(name, 1, "", f"is no text: {error}", "save it as CSV UTF-8")) from None


def _csv(file: Path, text: str) -> Read:
    beside = file.with_name(f"{FOLLOW_UP}.csv")
    if file.name == beside.name:
        rows = csv_rows(text, str(file))
        return Read((), tuple(follow_up(rows, str(file))[1]) + _orphans(rows, file))
    steps: dict[str, list[list[str]]] = {}
    if beside.is_file():
        steps, _ = follow_up(_rows_beside(beside), str(beside))
    rows = csv_rows(text, str(file))
    return Read(tuple(sheet_entries(rows, steps, str(file))), _none(rows, str(file)))


def _none(rows: Sized, name: str) -> tuple[Problem, ...]:
    return () if rows else (Problem(name, 1, "", "has no entries", "give a row below the names of fields"),)


def _rows_beside(file: Path) -> list[Row]:
    try:
        return csv_rows(_csv_text(file.read_bytes(), str(file)), str(file))
    except Unreadable:  # reported when the file itself is read
        return []


def _orphans(rows: list[Row], file: Path) -> tuple[Problem, ...]:
    """Steps of entries that no CSV file of the folder has: most likely an id that was misspelt."""
    known = {
        row.cells.get("id")
        for other in file.parent.glob("*.csv")
        if other != file
        for row in _rows_beside(other)
    } | {None}
    return tuple(_orphan(str(file), row) for row in rows if row.cells.get("id") not in known)


def _orphan(file: str, row: Row) -> Problem:
    return Problem(file, row.line, "id", f"no entry has the id {row.cells['id']!r}", "correct the id")


def _workbook(content: bytes, name: str) -> Read:
    sheets = excel_sheets(content, name)
    steps_sheet = f"{name}[{FOLLOW_UP}]"
    step_rows = sheets.pop(FOLLOW_UP, [])
    steps, problems = follow_up(step_rows, steps_sheet)
    entries = [
        entry for sheet, rows in sheets.items() for entry in sheet_entries(rows, steps, f"{name}[{sheet}]")
    ]
    known = {entry.values.get("id") for entry in entries} | {None}
    lost = [row for row in step_rows if row.cells.get("id") not in known]
    return Read(
        tuple(entries), (*_none(entries, name), *problems, *(_orphan(steps_sheet, row) for row in lost))
    )
