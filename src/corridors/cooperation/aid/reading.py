"""Project files of the Creditor Reporting System, old and new, without loading them whole."""

from __future__ import annotations

import codecs
import csv
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import polars as pl

from corridors.errors import DataError, NotFound
from corridors.intake import refuse
from corridors.intake.csv_layout import encoding_by_start, irregular, layout_of, swallowed
from corridors.wording import ROW

_AMOUNTS = ("usd_commitment", "usd_disbursement", "usd_commitment_defl", "usd_disbursement_defl")
_NEEDED = ("year", "donor_name", "recipient_name", "purpose_code")
TEXTS = ("project_title", "short_description", "long_description")
COLUMNS = (*_NEEDED, "flow_name", *TEXTS, *_AMOUNTS)
_WHOLE = ("year", "purpose_code")
_NUMBERS = (*_WHOLE, *_AMOUNTS)
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
    separator = _separator(text, file.name)
    try:
        return _checked(_scanned(text, separator), separator, file.name)
    except pl.exceptions.PolarsError:
        # Quotes within unquoted texts stop the fast reader; the slow one reads them, or tells what is wrong.
        return _checked(_scanned(_rewritten(text, separator, folder, file.name), ","), ",", file.name)


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
    if encoding in ("utf-8", "utf-8-sig"):
        return file
    source = folder / "utf8.txt"
    with (
        file.open(encoding=encoding, errors="replace", newline="") as old,
        source.open("w", encoding="utf-8", newline="") as new,
    ):
        while block := old.read(_BLOCK):
            new.write(block)
    return source


def _separator(text: Path, name: str) -> str:
    with text.open(encoding="utf-8-sig") as lines:
        header = lines.readline()
    if not header.strip():
        raise DataError(f"{name} has no row of column names", remedy="download the file again")
    return layout_of(header)[0]


def _scanned(text: Path, separator: str) -> pl.LazyFrame:
    return pl.scan_csv(text, separator=separator, infer_schema=False, encoding="utf8-lossy")


def _rewritten(text: Path, separator: str, folder: Path, name: str) -> Path:
    """The same rows, with all texts in quotes."""
    with text.open(encoding="utf-8-sig", errors="replace", newline="") as lines:
        if told := irregular(lines, separator):
            raise DataError(
                f"{name} can not be read as a project file",
                told,
                "close the quote, or double it where it belongs to the text"
                if "quote" in told
                else "give every row as many fields as the header; download the file again",
            )
    target = folder / "quoted.csv"
    with (
        text.open(encoding="utf-8-sig", errors="replace", newline="") as old,
        target.open("w", encoding="utf-8", newline="") as new,
    ):
        csv.writer(new, quoting=csv.QUOTE_ALL).writerows(csv.reader(old, delimiter=separator))
    return target


def _checked(rows: pl.LazyFrame, separator: str, name: str) -> pl.LazyFrame:
    found = _found(rows, name)
    _refuse_bad_rows(rows, found, separator, name)
    return _typed(rows, found)


def _refuse_bad_rows(rows: pl.LazyFrame, found: dict[str, str], separator: str, name: str) -> None:
    """Refuse quotes that swallow rows and cells that are no numbers, in one passage over the file."""
    schema = rows.collect_schema()
    texts = [column for column in _NUMBERS if column in found and schema[found[column]] == pl.String]
    tests = {column: _no_number(found[column], column) for column in texts}
    if separator:
        tests["quote"] = swallowed(schema.names(), separator)
    if not tests:
        return
    shown = [found[column] for column in ("year", "donor_name", "recipient_name")]
    bad = rows.with_row_index(ROW, 1).filter(pl.any_horizontal(tests.values())).collect(engine="streaming")
    for column, test in tests.items():
        if column == "quote":
            title = f"{name}: a quoted text holds what looks like other rows"
            remedy = "close the quote, or double it where it belongs to the text"
        else:
            title = f"{name}: column '{found[column]}' holds no {'whole ' if column in _WHOLE else ''}number"
            remedy = "write digits with a point; leave the cell blank where it is not known"
        refuse(bad, test, title, remedy, list(dict.fromkeys([*shown, found.get(column, shown[0])])))


def _no_number(source: str, column: str) -> pl.Expr:
    text = pl.col(source).str.strip_chars()
    number = text.cast(pl.Float64, strict=False)
    wrong = ~number.is_finite().fill_null(value=False)
    if column in _WHOLE:
        wrong |= number != number.round()
    return (text.fill_null("") != "") & wrong


def _found(rows: pl.LazyFrame, name: str) -> dict[str, str]:
    """What the columns are called in the file."""
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
    return found


def _typed(rows: pl.LazyFrame, found: dict[str, str]) -> pl.LazyFrame:
    return rows.select(
        (pl.col(found[column]) if column in found else pl.lit(None)).cast(pl.String).alias(column)
        if column not in (*_AMOUNTS, *_WHOLE)
        else _number(found.get(column), column)
        for column in COLUMNS
    )


def _number(source: str | None, column: str) -> pl.Expr:
    kind = pl.Int64 if column in _WHOLE else pl.Float64
    if source is None:
        return pl.lit(None, kind).alias(column)
    text = pl.col(source).cast(pl.String).str.strip_chars()
    return text.replace("", None).cast(pl.Float64).cast(kind).alias(column)


def _key(column: str) -> str:
    return column.replace("_", "").replace("\ufeff", "").strip().lower()
