"""What became of a spoilt file: read as the good one, refused by name, or something that must not be."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import polars as pl
from polars.testing import assert_frame_equal

from awkward.doors import Door
from awkward.files import Spoilt
from corridors.errors import CorridorsError

FINE = ("read", "refused")


@dataclass(frozen=True)
class Outcome:
    """What became of a file: ``read``, ``refused``, or a fault, and what was said."""

    name: str
    said: str = ""


def outcome(door: Door, good: pl.DataFrame, spoilt: Spoilt, folder: Path) -> Outcome:
    """Hand a spoilt file to a door."""
    path = folder / f"spoilt{spoilt.suffix}"
    path.write_bytes(spoilt.content)
    try:
        found = door.read(path)
    except CorridorsError as error:
        said = str(error)
        if spoilt.must == "read" and not door.published:
            return Outcome("could be read, but is refused", said)
        return Outcome("refused" if door.published or _named(spoilt, said) else "no row is named", said)
    except BaseException as error:  # a panic of native code is no Exception
        if isinstance(error, KeyboardInterrupt):
            raise
        return Outcome("a foreign exception", f"{type(error).__name__}: {error}")
    if not _same(good, found):
        return Outcome("a silent change", str(found))
    return Outcome("read" if spoilt.must != "refuse" else "read, but must be refused")


def _named(spoilt: Spoilt, said: str) -> bool:
    """Whether a refusal names one of the spoilt rows, and the column or sheet where that is at fault."""
    rows = [rf"\brow {row}\b|:{row + 1}\b|\bline {row + 1}\b" for row in spoilt.rows]
    named = not rows or any(re.search(pattern, said) for pattern in rows)
    return named and (not spoilt.words or any(word in said for word in spoilt.words))


def _same(good: pl.DataFrame, found: pl.DataFrame) -> bool:
    try:
        assert_frame_equal(good, found, check_row_order=False, check_dtypes=False, rel_tol=1e-9)
    except AssertionError:
        return False
    return True
