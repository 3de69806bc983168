"""Is everything in place?"""

from __future__ import annotations

import platform
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from corridors.errors import CorridorsError
from corridors.extras import EXTRAS, missing


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
    """Look at Python, the packages, the embedded figures and the atlas."""
    return [_python(), *_packages(), _extras(), _figures(), _atlas(atlas)]


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


def _atlas(path: Path | None) -> Check:
    from corridors.atlas import open_atlas

    try:
        with open_atlas(path) as opened:
            run = opened.table("run").row(0, named=True)
            found = f"{opened.path}, built {run['built_at']} by version {run['version']}"
            return Check("atlas", found, True)
    except CorridorsError as error:
        return Check("atlas", error.title, False, error.remedy)
