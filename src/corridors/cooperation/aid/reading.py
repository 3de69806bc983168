"""Project files of the Creditor Reporting System, old and new, without loading them whole."""

from __future__ import annotations

import codecs
import csv
import tempfile
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

import polars as pl

from corridors.cooperation.aid.figures import as_number, settled
from corridors.errors import DataError, NotFound
from corridors.intake import refuse
from corridors.intake.column_names import folded
from corridors.intake.csv_layout import encoding_by_start, irregular, layout_of, swallowed
from corridors.intake.numerals import Numerals
from corridors.wording import ROW

_AMOUNTS = ("usd_commitment", "usd_disbursement", "usd_commitment_defl", "usd_disbursement_defl")
_NEEDED = ("year", "donor_name", "recipient_name", "purpose_code")
TEXTS = ("project_title", "short_description", "long_description")
COLUMNS = (*_NEEDED, "flow_name", *TEXTS, *_AMOUNTS)
_WHOLE = ("year", "purpose_code")
_NUMBERS = (*_WHOLE, *_AMOUNTS)
_SUFFIXES = (".txt", ".csv", ".parquet")
_BLOCK = 1 << 22
_FIRST_LINES = 60
# Files as small as this are looked at row by row before they are read fast.
_READ_TWICE = 1 << 26


@contextmanager
def open_activities(path: str | Path) -> Generator[pl.LazyFrame, None, None]:
    """Open a project file for reading row by row; use as ``with open_activities(path) as rows``.

    Parameters
    ----------
    path
        A yearly file as published (``CRS 2021 data.txt``: fields split by ``|``, quoted; UTF-8, UTF-16
        or Latin-1, told by content), the same as comma-separated values, or the bulk Parquet file.
        Columns of both spellings are known: ``DonorName`` and ``donor_name``.

    Yields
    ------
    LazyFrame
        ``year``, ``donor_name``, ``recipient_name``, ``purpose_code``, ``flow_name``, ``project_title``,
        ``short_description``, ``long_description``, ``usd_commitment``, ``usd_disbursement``,
        ``usd_commitment_defl``, ``usd_disbursement_defl`` (USD million). Columns the file does not have
        are missing, not zero.

    Raises
    ------
    NotFound
        There is no such file.
    DataError
        Not a project file: no known suffix, columns missing, all amounts or all texts absent; a quote
        that swallows rows; years, codes and amounts that are no numbers. Names rows and columns.
    """
    file = Path(path)
    if not file.is_file():
        raise NotFound(f"there is no file {file}", remedy="give project files of the OECD")
    suffix = file.suffix.lower()
    if suffix not in _SUFFIXES:
        raise DataError(f"{file.name} is of no known format", remedy=f"use {', '.join(_SUFFIXES)}")
    with tempfile.TemporaryDirectory(prefix="corridors-") as folder:
        try:
            if suffix == ".parquet":
                yield _checked(pl.scan_parquet(file), "", file.name)
            else:
                yield _text(file, Path(folder))
        except pl.exceptions.PolarsError as error:
            raise DataError(
                f"{file.name} can not be read as a project file",
                str(error).split("\n")[0][:300],
                "download the file again",
            ) from error


def _text(file: Path, folder: Path) -> pl.LazyFrame:
    text = _utf8(file, folder)
    separator, line = _laid_out(text, file.name)
    if text.stat().st_size <= _READ_TWICE:
        _refuse_irregular(text, separator, line, file.name)
    try:
        return _checked(_scanned(text, separator, line), separator, file.name)
    except pl.exceptions.PolarsError:
        # Quotes within unquoted texts stop the fast reader; the slow one reads them, or tells what is wrong.
        _refuse_irregular(text, separator, line, file.name)
        return _checked(_scanned(_rewritten(text, separator, line, folder), ","), ",", file.name)


def encoding_of(path: Path) -> str:
    """Encoding of a text file, told by its byte order mark and, without one, by all its bytes.

    Parameters
    ----------
    path
        The file.

    Returns
    -------
    str
        ``utf-8``, ``utf-8-sig``, ``utf-16`` (or with its byte order), or ``cp1252``.
    """
    with path.open("rb") as file:
        head = file.read(4096)
        if (told := encoding_by_start(head)) is not None:
            return told
        decoder = codecs.getincrementaldecoder("utf-8")()
        block = head
        try:
            while block:
                decoder.decode(block)
                block = file.read(_BLOCK)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "cp1252"
    return "utf-8"


def _utf8(file: Path, folder: Path) -> Path:
    """The file itself, or the same in UTF-8 where it is in another encoding."""
    encoding = encoding_of(file)
    with file.open("rb") as start:
        head = start.read(_BLOCK)
    # Lines of old systems end in a carriage return alone, which the fast reader does not know.
    if encoding in ("utf-8", "utf-8-sig") and (b"\r" not in head or b"\n" in head):
        return file
    source = folder / "utf8.txt"
    with (
        file.open(encoding=encoding, errors="replace") as old,
        source.open("w", encoding="utf-8", newline="\n") as new,
    ):
        while block := old.read(_BLOCK):
            new.write(block)
    return source


def _laid_out(text: Path, name: str) -> tuple[str, int]:
    """The separator, and the line of the names of columns."""
    with text.open(encoding="utf-8-sig", errors="replace") as lines:
        head = "".join(islice(lines, _FIRST_LINES))
    if not head.strip():
        raise DataError(f"{name} has no row of column names", remedy="download the file again")
    return layout_of(head, _NEEDED)


def _scanned(text: Path, separator: str, line: int = 1) -> pl.LazyFrame:
    return pl.scan_csv(
        text, separator=separator, skip_lines=line - 1, infer_schema=False, encoding="utf8-lossy"
    )


def _refuse_irregular(text: Path, separator: str, line: int, name: str) -> None:
    with text.open(encoding="utf-8-sig", errors="replace", newline="") as lines:
        told = irregular(islice(lines, line - 1, None), separator)
    if told:
        raise DataError(
            f"{name} can not be read as a project file",
            told,
            "close the quote, or double it where it belongs to the text"
            if "quote" in told
            else "give every row as many fields as the header; download the file again",
        )


def _rewritten(text: Path, separator: str, line: int, folder: Path) -> Path:
    """The same rows, with all texts in quotes."""
    target = folder / "quoted.csv"
    with (
        text.open(encoding="utf-8-sig", errors="replace", newline="") as old,
        target.open("w", encoding="utf-8", newline="") as new,
    ):
        rows = csv.reader(islice(old, line - 1, None), delimiter=separator)
        csv.writer(new, quoting=csv.QUOTE_ALL).writerows(rows)
    return target


def _checked(rows: pl.LazyFrame, separator: str, name: str) -> pl.LazyFrame:
    found = _found(rows, name)
    schema = rows.collect_schema()
    shown = [found[column] for column in ("year", "donor_name", "recipient_name")]
    if separator:
        eats = swallowed(schema.names(), separator)
        eaten = rows.with_row_index(ROW, 1).filter(eats)
        title = f"{name}: a quoted text holds what looks like other rows"
        remedy = "close the quote, or double it where it belongs to the text"
        refuse(eaten.collect(engine="streaming"), eats, title, remedy, shown)
    texts = {column: found[column] for column in _NUMBERS if schema.get(found.get(column, "")) == pl.String}
    return _typed(rows, found, settled(rows, texts, _WHOLE, shown, name))


def _found(rows: pl.LazyFrame, name: str) -> dict[str, str]:
    """What the columns are called in the file."""
    names = rows.collect_schema().names()
    if twice := sorted(
        {column.partition("_duplicated_")[0] for column in names if "_duplicated_" in column} - {""}
    ):
        raise DataError(f"{name} has two columns of the same name", ", ".join(twice), "keep one of them")
    have = {folded(column): column for column in reversed(rows.collect_schema().names())}
    found = {column: have[folded(column)] for column in COLUMNS if folded(column) in have}
    missing = [column for column in _NEEDED if column not in found]
    if not set(TEXTS) & set(found):
        missing.append("project_title or a description")
    if not set(_AMOUNTS) & set(found):
        missing.append("usd_disbursement or usd_commitment")
    if missing:
        shown = ", ".join(rows.collect_schema().names()[:12])
        raise DataError(
            f"{name} lacks the column(s) {', '.join(missing)}",
            f"it begins with: {shown}",
            "give a project file of the Creditor Reporting System with its header",
        )
    return found


def _typed(rows: pl.LazyFrame, found: dict[str, str], written: Mapping[str, Numerals]) -> pl.LazyFrame:
    def cells(column: str) -> pl.Expr:
        text = (pl.col(found[column]) if column in found else pl.lit(None)).cast(pl.String)
        if column in _NUMBERS:
            return as_number(text, written.get(column)).cast(pl.Int64 if column in _WHOLE else pl.Float64)
        return text.str.strip_chars()

    return rows.select(cells(column).alias(column) for column in COLUMNS)
