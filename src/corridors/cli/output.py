"""Rows and figures on a terminal or in a file."""

from __future__ import annotations

import io
import json
import os
import sys
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corridors.errors import DataError
from corridors.wording import cell, in_markdown

if TYPE_CHECKING:
    import polars as pl
    from rich.console import Console


class Format(StrEnum):
    """How rows are written."""

    table = "table"
    csv = "csv"
    spreadsheet = "spreadsheet"
    json = "json"
    parquet = "parquet"
    md = "md"


def format_of(asked: Format | None, output: Path | None) -> Format:
    """The format asked for, else that of the file's name, else a table on the terminal.

    Examples
    --------
    >>> from pathlib import Path
    >>> format_of(None, Path("flows.parquet")).value
    'parquet'
    """
    if asked is not None:
        return asked
    suffix = output.suffix.lstrip(".").lower() if output is not None else ""
    return Format(suffix) if suffix in Format.__members__ else Format.table


def console() -> Console:
    """A console for the standard output, wide enough for tables when it is a pipe."""
    from rich.console import Console

    width = None if sys.stdout.isatty() else int(os.environ.get("COLUMNS", "160"))
    return Console(width=width, highlight=False, soft_wrap=False)


def rows_as_bytes(frame: pl.DataFrame, format: Format) -> bytes:
    r"""Rows in a file format.

    Parameters
    ----------
    frame
        The rows.
    format
        Any but ``table``. Days are written as ISO 8601; in CSV, whose cells hold one value, lists become
        text with ``; `` between, and no text is a formula; ``spreadsheet`` is CSV with the mark by which
        Excel tells UTF-8. ``md`` is a table in Markdown, its numbers as for reading.

    Examples
    --------
    >>> import datetime, polars as pl
    >>> rows = pl.DataFrame({"day": [datetime.date(2020, 5, 1)], "of": [["MEX", "USA"]]})
    >>> rows_as_bytes(rows, Format.csv)
    b'day,of\n2020-05-01,MEX; USA\n'
    >>> json.loads(rows_as_bytes(rows, Format.json))
    [{'day': '2020-05-01', 'of': ['MEX', 'USA']}]
    """
    import polars as pl
    import polars.selectors as cs

    from corridors.frames import csv_bytes

    buffer = io.BytesIO()
    if format in (Format.csv, Format.spreadsheet):
        lists = cs.list() & ~cs.list(cs.nested())
        flat = frame.with_columns(lists.cast(pl.List(pl.String)).list.join("; "))
        buffer.write(csv_bytes(flat, mark=format is Format.spreadsheet))
    elif format is Format.json:
        rows = frame.with_columns(cs.float().fill_nan(None)).to_dicts()
        written = json.dumps(rows, ensure_ascii=False, indent=1, default=_day)
        buffer.write(written.encode() + b"\n")
    elif format is Format.md:
        buffer.write(_markdown_table(frame).encode())
    else:
        frame.write_parquet(buffer, compression="snappy")
    return buffer.getvalue()


def _markdown_table(frame: pl.DataFrame) -> str:
    rules = ["--:" if dtype.is_numeric() else "---" for dtype in frame.dtypes]
    rows = [[in_markdown(cell(value)) for value in row] for row in frame.iter_rows()]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in (map(in_markdown, frame.columns), rules, *rows))


def _day(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{value!r} has no form in JSON")


def emit(content: bytes | str, output: Path | None) -> None:
    """Write to a file (beside, then renamed) or to the standard output.

    Parameters
    ----------
    content
        What to write.
    output
        The file; None for the standard output.
    """
    data = content.encode() if isinstance(content, str) else content
    if output is None:
        if sys.stdout.isatty() and b"\0" in data[:512]:
            raise DataError("this format is not for the terminal", remedy="give a file with -o")
        sys.stdout.buffer.write(data)
        sys.stdout.flush()
        return
    beside = output.with_name(f".{output.name}.part")
    try:
        beside.write_bytes(data)
        beside.replace(output)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise DataError(f"{output} can not be written", str(error), "choose another place with -o") from error


def emit_rows(
    frame: pl.DataFrame,
    asked: Format | None,
    output: Path | None,
    *,
    limit: int = 40,
    choose: str = "",
) -> None:
    """Write rows in a format; on the terminal as a table of at most ``limit`` rows.

    Parameters
    ----------
    frame
        The rows.
    asked, output
        As for :func:`format_of`.
    limit
        How many rows a table on the terminal has at most.
    choose
        The option that chooses columns, where the command has one.
    """
    format = format_of(asked, output)
    if format is not Format.table:
        emit(rows_as_bytes(frame, format), output)
        return
    how = f"{choose} NAME,… shows them, --format csv gives all" if choose else "--format csv gives all"
    text = table_text(frame.head(limit), how)
    if frame.height > limit:
        text += f"… {limit} of {frame.height:,} rows; --format csv gives all\n"
    emit(text, output)


def table_text(frame: pl.DataFrame, how: str = "--format csv gives all") -> str:
    """Rows as an aligned table of the columns that fit, and which do not.

    Parameters
    ----------
    frame
        The rows.
    how
        How to see the columns left out.
    """
    from rich.table import Table
    from rich.text import Text

    from corridors.cli.fitting import fitted

    chosen = fitted(frame, console().width)
    table = Table(pad_edge=False, box=None)
    for name, width in chosen.widths.items():
        numeric = frame[name].dtype.is_numeric()
        table.add_column(
            name, justify="right" if numeric else "left", overflow="fold", min_width=width, no_wrap=numeric
        )
    for row in frame.select(list(chosen.widths)).iter_rows():
        table.add_row(*(cell(value) for value in row))
    words = chosen.words(how)
    return rendered(table, *([Text(words, style="dim")] if words else []))


def rendered(*things: Any) -> str:
    """What rich objects look like on the console."""
    screen = console()
    with screen.capture() as capture:
        for thing in things:
            screen.print(thing)
    return "\n".join(line.rstrip() for line in capture.get().split("\n"))
