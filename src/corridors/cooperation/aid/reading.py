"""Project files of the Creditor Reporting System, old and new, without loading them whole."""

from __future__ import annotations

import codecs
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import polars as pl

from corridors.errors import DataError, NotFound
from corridors.intake.csv_layout import encoding_by_start

_AMOUNTS = ("usd_commitment", "usd_disbursement", "usd_commitment_defl", "usd_disbursement_defl")
_NEEDED = ("year", "donor_name", "recipient_name", "purpose_code")
TEXTS = ("project_title", "short_description", "long_description")
COLUMNS = (*_NEEDED, "flow_name", *TEXTS, *_AMOUNTS)
_SUFFIXES = (".txt", ".csv", ".parquet")
_BLOCK = 1 << 22


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
        Not a project file: no known suffix, columns missing, all amounts or all texts absent. Years,
        codes and amounts that are no numbers are refused when the rows are read.
    """
    file = Path(path)
    if not file.is_file():
        raise NotFound(f"there is no file {file}", remedy="give project files of the OECD")
    suffix = file.suffix.lower()
    if suffix not in _SUFFIXES:
        raise DataError(f"{file.name} is of no known format", remedy=f"use {', '.join(_SUFFIXES)}")
    with tempfile.TemporaryDirectory(prefix="corridors-") as folder:
        try:
            rows = pl.scan_parquet(file) if suffix == ".parquet" else _text(file, Path(folder))
            yield _named(rows, file.name)
        except pl.exceptions.PolarsError as error:
            raise DataError(
                f"{file.name} can not be read as a project file",
                str(error).split("\n")[0][:300],
                "years, purpose codes and amounts must be numbers without separators of thousands; "
                "export or download the file again",
            ) from error


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


def _text(file: Path, folder: Path) -> pl.LazyFrame:
    encoding = encoding_of(file)
    source = file
    if encoding not in ("utf-8", "utf-8-sig"):
        source = folder / "utf8.txt"
        with (
            file.open(encoding=encoding, errors="replace", newline="") as old,
            source.open("w", encoding="utf-8", newline="") as new,
        ):
            while block := old.read(_BLOCK):
                new.write(block)
    with source.open(encoding="utf-8-sig") as lines:
        header = lines.readline()
    if not header.strip():
        raise DataError(f"{file.name} has no row of column names", remedy="download the file again")
    separator = max("|,;\t", key=header.count)
    return pl.scan_csv(source, separator=separator, infer_schema=False, encoding="utf8-lossy")


def _named(rows: pl.LazyFrame, name: str) -> pl.LazyFrame:
    have = {_key(column): column for column in reversed(rows.collect_schema().names())}
    found = {column: have[_key(column)] for column in COLUMNS if _key(column) in have}
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
    return rows.select(
        (pl.col(found[column]) if column in found else pl.lit(None)).cast(pl.String).alias(column)
        if column not in _AMOUNTS and column not in ("year", "purpose_code")
        else _number(found.get(column), column)
        for column in COLUMNS
    )


def _number(source: str | None, column: str) -> pl.Expr:
    kind = pl.Int64 if column in ("year", "purpose_code") else pl.Float64
    if source is None:
        return pl.lit(None, kind).alias(column)
    text = pl.col(source).cast(pl.String).str.strip_chars()
    return text.replace("", None).cast(pl.Float64).cast(kind).alias(column)


def _key(column: str) -> str:
    return column.replace("_", "").replace("\ufeff", "").strip().lower()
