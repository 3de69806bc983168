"""From the bytes of a file to one frame of texts."""

from __future__ import annotations

import gzip
import io
import zlib
from importlib import import_module
from pathlib import Path
from typing import Any

import polars as pl

from corridors.errors import DataError, NotFound
from corridors.intake.column_names import Wanted
from corridors.intake.csv_rows import parse_csv
from corridors.intake.frames import texts, to_frame, wrapped
from corridors.intake.layout import Layout, Parsed
from corridors.intake.sheets import parse_workbook
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


def parse(
    content: bytes,
    name: str,
    *,
    sheet: str | None = None,
    header_row: int | None = None,
    wanted: Wanted = (),
) -> pl.DataFrame:
    r"""Read the bytes of a CSV, gzipped CSV, Parquet or Excel file as texts; see :func:`parsed`.

    Examples
    --------
    >>> parse(b"country,year\nNA,2020\n", "x.csv").row(0)
    ('NA', '2020')
    """
    return parsed(content, name, sheet=sheet, header_row=header_row, wanted=wanted).frame


def parsed(
    content: bytes,
    name: str,
    *,
    sheet: str | None = None,
    header_row: int | None = None,
    separator: str = "",
    wanted: Wanted = (),
) -> Parsed:
    r"""Read the bytes of a CSV, gzipped CSV, Parquet or Excel file as texts, and say how it is laid out.

    Parameters
    ----------
    content
        The bytes of the file.
    name
        Its name, whose suffix says the format.
    sheet
        Sheet of an Excel file; the only visible one, or the only one with the columns wanted, if not
        given.
    header_row
        Row (from 1) that holds the column names, in CSV and Excel files; the first that has all columns
        wanted, if not given.
    separator
        What parts the fields of a text; found, if not given.
    wanted
        Columns that must be there, whatever capitals, blanks and marks their names are written with.

    Raises
    ------
    DataError
        It can not be read, or could be read in several ways: sheets, quotes that swallow rows, rows of
        another length than the first, cells in which a formula failed.

    Examples
    --------
    >>> print(parsed(b"Figures\n\ncountry;year\nNA;2020\n", "x.csv").layout)
    names of columns in row 3, separator semicolon, encoding utf-8
    """
    if not content:
        raise DataError(f"file {name} is empty (0 bytes)", remedy="export the file again")
    suffix = stem_and_suffix(name)[1]
    with wrapped(f"file {name} can not be read as {suffix or 'a table'}", "export it again"):
        match suffix:
            case ".csv" | ".csv.gz":
                return parse_csv(_decompressed(content, name), name, header_row, wanted, separator)
            case ".parquet":
                return Parsed(texts(_arrow(content)), Layout(".parquet"))
            case ".xlsx":
                return parse_workbook(content, name, sheet, header_row, wanted)
            case _:
                raise DataError(
                    f"file {name} is of no known format",
                    remedy=f"use {', '.join(SUFFIXES)}",
                )


def read_file(path: Path, wanted: Wanted = ()) -> pl.DataFrame:
    """Read a file: Parquet with its types, CSV and Excel as texts.

    Parameters
    ----------
    path
        Where it is; its suffix says the format. ``FILE.xlsx#SHEET`` names a sheet.
    wanted
        Columns that must be there, by which the sheet and the row of names are found.

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
    sheet = None
    if not path.is_file() and "#" in path.name:
        file, _, sheet = path.name.rpartition("#")
        path = path.with_name(file)
    if not path.is_file():
        beside = [p.name for p in path.parent.iterdir()] if path.parent.is_dir() else []
        remedy = f"its suffix can be {', '.join(SUFFIXES)}"
        raise NotFound(f"there is no file {path}", similar(path.name, beside), remedy)
    content = path.read_bytes()
    if content and stem_and_suffix(path.name)[1] == ".parquet":
        with wrapped(f"file {path.name} can not be read as .parquet", "export it again"):
            return to_frame(_arrow(content))
    return parse(content, path.name, sheet=sheet, wanted=wanted)


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


def _arrow(content: bytes) -> Any:
    # Not with polars, whose reader can abort the process on damaged bytes. Arrow
    # takes them as they are, so the table is checked before polars sees it.
    parquet: Any = import_module("pyarrow.parquet")
    table = parquet.read_table(io.BytesIO(content))
    table.validate(full=True)
    return table
