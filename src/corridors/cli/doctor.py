"""Is everything in place?"""

from __future__ import annotations

import platform
import sys
from dataclasses import dataclass
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from corridors.errors import CorridorsError
from corridors.extras import EXTRAS, missing
from corridors.figure_age import old_sources, old_words


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at.

    Attributes
    ----------
    name, found
        What was looked at and what it was like.
    good
        Whether it is as it should be.
    remedy
        What to do where it is not.
    """

    name: str
    found: str
    good: bool
    remedy: str = ""


def checks(atlas: Path | None) -> list[Check]:
    """Look at Python, the packages, the embedded figures, the atlas and the age of its figures."""
    return [_python(), *_packages(), _extras(), _figures(), *_atlas(atlas)]


def _python() -> Check:
    return Check("Python", f"{platform.python_version()} on {platform.system()}", sys.version_info >= (3, 11))


def _packages() -> list[Check]:
    out: list[Check] = []
    for name in ("corridors", "numpy", "scipy", "polars", "duckdb", "typer", "rich", "fastexcel"):
        try:
            out.append(Check(name, version(name), True))
        except PackageNotFoundError:
            out.append(Check(name, "missing", False, "install the package again: pip install corridors"))
    return out


def _extras() -> Check:
    absent = [name for name in EXTRAS if missing(name)]
    here = ", ".join(name for name in EXTRAS if name not in absent) or "none"
    more = f"; not installed: {', '.join(absent)}" if absent else ""
    return Check("extras", here + more, True)


def _figures() -> Check:
    from corridors import evidence

    try:
        known = evidence.load()
    except CorridorsError as error:
        return Check("embedded figures", error.title, False, "install the package again")
    rows = sum(frame.height for frame in known.tables.values())
    return Check("embedded figures", f"{len(known.tables)} tables, {rows:,} rows, all valid", True)


def _atlas(path: Path | None) -> list[Check]:
    from corridors.atlas import open_atlas

    try:
        with open_atlas(path) as opened:
            run = opened.table("run").row(0, named=True)
            found = f"{opened.path}, built {run['built_at']} by version {run['version']}"
            cards = opened.table("source").to_dicts()
    except CorridorsError as error:
        return [Check("atlas", error.title, False, error.remedy)]
    return [Check("atlas", found, True), _ages(cards, date.fromisoformat(run["as_of"]))]


def _ages(cards: list[dict[str, Any]], day: date) -> Check:
    """What of the atlas was old on its day: to know, not to repair."""
    old = old_sources(cards, day)
    lines = [old_words(len(old), len(cards), day), *old]
    return Check("age of the figures", "\n      ".join(lines), True)
