"""How the scripts here read a publisher's table and write a figure: the same rows give the same bytes."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

FIGURES = Path(__file__).parents[1] / "src" / "corridors" / "data" / "evidence" / "figures"


def rows_of(path: Path) -> Iterator[dict[str, str]]:
    """Rows of a CSV file, compressed if its name says so."""
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def csv_text(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Rows as CSV."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows((header, *rows))
    return text.getvalue()


def write(path: Path, text: str) -> int:
    """Write a figure beside and rename it, compressed if its name says so; the number of bytes."""
    content = text.encode()
    if path.suffix == ".gz":
        content = gzip.compress(content, 9, mtime=0)
    beside = path.with_name(f"{path.name}.part")
    beside.write_bytes(content)
    beside.replace(path)
    return len(content)
