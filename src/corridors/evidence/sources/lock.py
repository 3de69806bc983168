"""``data.lock``: which files were fetched, from where, when, and what exactly they held."""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import Path

from corridors.errors import DataError, NotFound

ENVIRONMENT = "CORRIDORS_LOCK"
NAME = "data.lock"
_HEAD = "# Fetched files, by 'corridors sources fetch'. Keep it with your work: it says what was used.\n"


@dataclass(frozen=True, slots=True, order=True)
class Locked:
    """One fetched file.

    Attributes
    ----------
    source, file
        Name of the source and of the file in it.
    address
        Where it came from, after redirects as asked.
    retrieved
        When, in UTC (ISO 8601).
    sha256, size
        Its content and bytes.
    revision
        Revision of the series.
    etag, modified
        The publisher's own marks of a version, where given.
    """

    source: str
    file: str
    address: str
    retrieved: str
    sha256: str
    size: int
    revision: str
    etag: str = ""
    modified: str = ""

    def age_days(self, now: datetime) -> float:
        """Days since it was fetched."""
        return (now - datetime.fromisoformat(self.retrieved)).total_seconds() / 86_400


def default_path() -> Path:
    """The lock file in use: ``CORRIDORS_LOCK``, else ``data.lock`` in the current folder."""
    return Path(os.environ.get(ENVIRONMENT) or NAME)


def read_lock(path: Path) -> tuple[Locked, ...]:
    """Read a lock file; nothing where there is none.

    Raises
    ------
    DataError
        It is not a lock file, with the entry at fault.

    Examples
    --------
    >>> read_lock(Path("nowhere.lock"))
    ()
    """
    try:
        content = path.read_text("utf-8")
    except FileNotFoundError:
        return ()
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{path} can not be read", str(error)) from error
    try:
        entries = tomllib.loads(content).get("file", [])
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise DataError(f"{path} is no lock file", str(error), "restore it, or remove it and fetch") from None
    if not isinstance(entries, list):
        raise DataError(f"{path} is no lock file", "'file' is not a list", "restore it")
    return tuple(sorted(_entry(value, number, path) for number, value in enumerate(entries, 1)))


def write_lock(path: Path, entries: Iterable[Locked]) -> None:
    """Write a lock file, beside first and then renamed."""
    blocks = [
        "[[file]]\n"
        + "".join(
            f"{f.name} = {json.dumps(getattr(entry, f.name), ensure_ascii=False)}\n"
            for f in fields(Locked)
            if getattr(entry, f.name) != ""
        )
        for entry in sorted(entries)
    ]
    beside = path.with_name(f".{path.name}.part")
    try:
        beside.write_text(_HEAD + "\n" + "\n".join(blocks), "utf-8")
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise DataError(f"{path} can not be written", str(error)) from error


def merged(old: Iterable[Locked], new: Iterable[Locked]) -> tuple[Locked, ...]:
    """Return a lock in which the files of the fetched sources replace what was there of them."""
    fetched = tuple(new)
    names = {entry.source for entry in fetched}
    return tuple(sorted((*(e for e in old if e.source not in names), *fetched)))


def of_source(entries: Iterable[Locked], name: str) -> tuple[Locked, ...]:
    """Return the files of one source.

    Raises
    ------
    NotFound
        None was fetched.
    """
    found = tuple(e for e in entries if e.source == name)
    if not found:
        raise NotFound(f"source '{name}' is not in the lock", remedy=f"corridors sources fetch {name}")
    return found


def _entry(value: object, number: int, path: Path) -> Locked:
    kinds = {f.name: (int if f.name == "size" else str) for f in fields(Locked)}
    optional = {"etag", "modified"}
    if (
        not isinstance(value, dict)
        or set(value) - set(kinds)
        or set(kinds) - optional - set(value)
        or any(not isinstance(value[k], kinds[k]) for k in value)
        or not _is_digest(str(value["sha256"]))
        or not _is_time(str(value["retrieved"]))
    ):
        raise DataError(
            f"{path}: entry {number} is not that of a fetched file",
            str(value)[:200],
            "restore the file, or remove the entry and fetch its source again",
        )
    return Locked(**value)


def _is_digest(text: str) -> bool:
    return len(text) == 64 and set(text) <= set("0123456789abcdef")


def _is_time(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False
