"""From the bytes of a file to one frame of texts."""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from importlib import import_module
from pathlib import Path
from typing import Any

import polars as pl

from corridors.errors import DataError, NotFound
from corridors.intake.frames import texts, tidy, to_frame, wrapped
from corridors.wording import similar

SUFFIXES = (".csv", ".csv.gz", ".parquet", ".xlsx")


def stem_and_suffix(name: str) -> tuple[str, str]:
    """Split a file name into its stem and the suffix of a known format, if any.

    Examples
    --------
    >>> stem_and_suffix("migrant_stock.csv.gz"), stem_and_suffix("notes.md")
    (('migrant_stock', '.csv.gz'), ('notes.md', ''))
    """
    for suffix in sorted(SUFFIXES, key=len, reverse=True):
        if name.lower().endswith(suffix):
            return name[: -len(suffix)], suffix
    return name, ""


def parse(content: bytes, name: str, *, sheet: str | None = None, header_row: int = 1) -> pl.DataFrame:
    r"""Read the bytes of a CSV, gzipped CSV, Parquet or Excel file as texts.

    Parameters
    ----------
    content
        The bytes of the file.
    name
        Its name, whose suffix says the format.
    sheet
        Sheet of an Excel file; the first one if not given.
    header_row
        Row (from 1) that holds the column names, in CSV and Excel files.

    Examples
    --------
    >>> parse(b"country,year\nNA,2020\n", "x.csv").row(0)
    ('NA', '2020')
    """
    if not content:
        raise DataError(f"file {name} is empty (0 bytes)", remedy="export the file again")
    suffix = stem_and_suffix(name)[1]
    with wrapped(f"file {name} can not be read as {suffix or 'a table'}", "export it again"):
        match suffix:
            case ".csv" | ".csv.gz":
                return _csv(_decompressed(content, name), name, header_row)
            case ".parquet":
                return texts(_arrow(content))
            case ".xlsx":
                return _excel(content, name, sheet, header_row)
            case _:
                raise DataError(
                    f"file {name} is of no known format",
                    remedy=f"use {', '.join(SUFFIXES)}",
                )


def read_file(path: Path) -> pl.DataFrame:
    """Read a file: Parquet with its types, CSV and Excel as texts.

    Parameters
    ----------
    path
        Where it is; its suffix says the format.

    Raises
    ------
    NotFound
        There is no such file.
    DataError
        It can not be read as a table.

    Examples
    --------
    >>> from pathlib import Path
    >>> read_file(Path("mine.csv"))
    Traceback (most recent call last):
    corridors.errors.NotFound: there is no file mine.csv
      Remedy: its suffix can be .csv, .csv.gz, .parquet, .xlsx
    """
    if not path.is_file():
        raise NotFound(f"there is no file {path}", remedy=f"its suffix can be {', '.join(SUFFIXES)}")
    content = path.read_bytes()
    if content and stem_and_suffix(path.name)[1] == ".parquet":
        with wrapped(f"file {path.name} can not be read as .parquet", "export it again"):
            return to_frame(_arrow(content))
    return parse(content, path.name)


def _decompressed(content: bytes, name: str) -> bytes:
    # Told by content, not by name, since a reader that decompresses by itself
    # may keep silent about a truncated file.
    if not content.startswith(b"\x1f\x8b"):
        if name.lower().endswith(".gz"):
            raise DataError(f"file {name} is not gzip", remedy="compress it with gzip")
        return content
    try:
        return gzip.decompress(content)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise DataError(
            f"file {name} is a truncated or damaged gzip file",
            str(error),
            "copy or download the whole file again",
        ) from None


def _csv(content: bytes, name: str, header_row: int) -> pl.DataFrame:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise DataError(
            f"file {name} is not UTF-8 text",
            f"first in line {line}",
            "save it as CSV UTF-8",
        ) from None
    lines = text.split("\n", header_row)
    if len(lines) < header_row or not text.strip():
        raise DataError(f"file {name} has no row {header_row} with column names")
    separator = max(",;\t", key=lines[header_row - 1].count)
    try:
        cells = pl.read_csv(
            io.BytesIO(text.encode()),
            has_header=False,
            skip_lines=header_row - 1,
            separator=separator,
            infer_schema=False,
        )
    except pl.exceptions.PolarsError as error:
        raise DataError(
            f"file {name} is not a regular CSV table",
            _irregular(lines[header_row - 1 :], separator) or str(error).splitlines()[0],
            "give every row as many fields as the header; write numbers without thousands separators",
        ) from None
    return _with_header(cells, name)


def _irregular(lines: list[str], separator: str) -> str:
    """Say which row has more fields than the header."""
    header, *rows = csv.reader(io.StringIO("\n".join(lines)), delimiter=separator)
    for number, row in enumerate(rows, start=1):
        if len(row) > len(header):
            return f"row {number} has {len(row)} fields, the header {len(header)}"
    return ""


def _arrow(content: bytes) -> Any:
    # Not with polars, whose reader can abort the process on damaged bytes. Arrow
    # takes them as they are, so the table is checked before polars sees it.
    parquet: Any = import_module("pyarrow.parquet")
    table = parquet.read_table(io.BytesIO(content))
    table.validate(full=True)
    return table


def _excel(content: bytes, name: str, sheet: str | None, header_row: int) -> pl.DataFrame:
    import fastexcel

    book = fastexcel.read_excel(content)
    chosen = sheet if sheet is not None else book.sheet_names[0]
    if chosen not in book.sheet_names:
        raise DataError(
            f"file {name} has no sheet '{chosen}'",
            similar(chosen, book.sheet_names),
            f"sheets: {', '.join(book.sheet_names)}",
        )
    cells = pl.read_excel(
        io.BytesIO(content),
        sheet_name=chosen,
        engine="calamine",
        has_header=False,
        read_options={"dtypes": "string", "skip_rows": 0},
        drop_empty_rows=False,
        drop_empty_cols=False,
        raise_if_empty=False,
    )
    return _with_header(cells.slice(header_row - 1), f"{name}, sheet '{chosen}'")


def _with_header(cells: pl.DataFrame, name: str) -> pl.DataFrame:
    """Name the columns by the first row; columns without name and values vanish."""
    if not cells.height:
        raise DataError(f"file {name} has no row with column names", remedy="give a header row")
    header = [(text or "").strip() for text in cells.row(0)]
    body = cells.slice(1).select(tidy())
    kept = [
        (column, title or column)
        for column, title in zip(cells.columns, header, strict=True)
        if title or body[column].null_count() < body.height
    ]
    titles = [title for _, title in kept]
    twice = sorted({title for title in titles if titles.count(title) > 1})
    if twice:
        raise DataError(
            f"file {name} has two columns of the same name",
            f"columns: {', '.join(twice)}",
            "keep one of them",
        )
    return body.select(pl.col(column).alias(title) for column, title in kept)
