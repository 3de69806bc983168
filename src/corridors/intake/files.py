"""From the bytes of a file to one frame of texts."""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import polars as pl

from corridors.errors import DataError, NotFound
from corridors.intake.csv_layout import encoding_of, irregular, layout_of, swallowed
from corridors.intake.frames import texts, tidy, to_frame, wrapped
from corridors.intake.refusals import refuse
from corridors.wording import ROW, SHOWN, counted, similar

_FIRST_ROWS = 20
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
    wanted: Sequence[str] = (),
) -> pl.DataFrame:
    r"""Read the bytes of a CSV, gzipped CSV, Parquet or Excel file as texts.

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
    wanted
        Columns that must be there.

    Raises
    ------
    DataError
        It can not be read, or could be read in several ways: sheets, quotes that swallow rows, cells in
        which a formula failed.

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
                return _csv(_decompressed(content, name), name, header_row, wanted)
            case ".parquet":
                return texts(_arrow(content))
            case ".xlsx":
                return _excel(content, name, sheet, header_row, wanted)
            case _:
                raise DataError(
                    f"file {name} is of no known format",
                    remedy=f"use {', '.join(SUFFIXES)}",
                )


def read_file(path: Path, wanted: Sequence[str] = ()) -> pl.DataFrame:
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


def _csv(content: bytes, name: str, header_row: int | None, wanted: Sequence[str]) -> pl.DataFrame:
    try:
        text = content.decode(encoding_of(content, name)).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise DataError(f"file {name} is cut or damaged", str(error), "save it as CSV UTF-8") from None
    separator, row = layout_of(text, wanted, header_row)
    lines = text.split("\n", row)
    if len(lines) < row or not text.strip():
        raise DataError(f"file {name} has no row {row} with column names")
    try:
        cells = pl.read_csv(
            io.BytesIO(text.encode()),
            has_header=False,
            skip_lines=row - 1,
            separator=separator,
            infer_schema=False,
        )
    except pl.exceptions.PolarsError:
        cells = _row_by_row(text.split("\n")[row - 1 :], separator, name)
    refuse(
        cells.slice(1).with_row_index(ROW, 1),
        swallowed(cells.columns, separator),
        f"file {name}: a quoted text holds what looks like other rows",
        "close the quote, or double it where it belongs to the text",
        cells.columns[:3],
    )
    return _with_header(cells, name)


def _row_by_row(lines: list[str], separator: str, name: str) -> pl.DataFrame:
    """Cells of a text whose quotes the fast reader does not take, such as one within an unquoted text."""
    if told := irregular(lines, separator):
        raise DataError(
            f"file {name} is not a regular CSV table",
            told,
            "close the quote, or double it where it belongs to the text"
            if "quote" in told
            else "give every row as many fields as the header; write numbers without thousands separators",
        )
    rows = [row for row in csv.reader((f"{line}\n" for line in lines), delimiter=separator) if row]
    width = len(rows[0])
    cells = [[*row, *[None] * (width - len(row))] for row in rows]
    return pl.DataFrame(cells, schema=[f"column_{i}" for i in range(1, width + 1)], orient="row")


def _arrow(content: bytes) -> Any:
    # Not with polars, whose reader can abort the process on damaged bytes. Arrow
    # takes them as they are, so the table is checked before polars sees it.
    parquet: Any = import_module("pyarrow.parquet")
    table = parquet.read_table(io.BytesIO(content))
    table.validate(full=True)
    return table


def _excel(
    content: bytes, name: str, sheet: str | None, header_row: int | None, wanted: Sequence[str]
) -> pl.DataFrame:
    import fastexcel

    book = fastexcel.read_excel(content)
    if sheet is not None and sheet not in book.sheet_names:
        raise DataError(
            f"file {name} has no sheet '{sheet}'",
            similar(sheet, book.sheet_names),
            f"sheets: {', '.join(book.sheet_names)}",
        )
    chosen = [sheet] if sheet is not None else book.sheet_names
    found: dict[str, tuple[Any, pl.DataFrame]] = {}
    for title in chosen:
        loaded = book.load_sheet(title, header_row=None, skip_rows=0, dtypes="string")
        if (sheet is None and loaded.visible != "visible") or not loaded.height:
            continue
        found[title] = (loaded, loaded.to_polars())
    title = _only_sheet({one: cells for one, (_, cells) in found.items()}, name, wanted)
    loaded, cells = found[title]
    row = (_row_with(cells, wanted) or 1) if header_row is None else header_row
    _refuse_error_cells(loaded, row, name, title)
    return _with_header(cells.slice(row - 1), f"{name}, sheet '{title}'")


def _only_sheet(found: Mapping[str, pl.DataFrame], name: str, wanted: Sequence[str]) -> str:
    """The one sheet that can be meant: the only visible one, or the only one with the columns wanted."""
    if not found:
        raise DataError(f"file {name} has no visible sheet with cells", remedy="show the sheet, or name it")
    having = [title for title, cells in found.items() if _row_with(cells, wanted)]
    if len(found) > 1 and len(having) != 1:
        raise DataError(
            f"file {name} has {len(found)} sheets, and which is meant is not said",
            f"sheets: {', '.join(found)}",
            "say which: 'sheet' in corridors.toml, or FILE.xlsx#SHEET on the command line",
        )
    return having[0] if len(found) > 1 else next(iter(found))


def _row_with(cells: pl.DataFrame, wanted: Sequence[str]) -> int:
    """Row (from 1) that has all columns wanted, the first where none are; 0 where no row has them."""
    for number, row in enumerate(cells.head(_FIRST_ROWS).iter_rows(), 1):
        if set(wanted) <= {(text or "").strip() for text in row}:
            return number
    return 0


def _refuse_error_cells(loaded: Any, header_row: int, name: str, sheet: str) -> None:
    """Refuse cells in which a formula failed: they are no missing figures."""
    _, found = loaded.to_arrow_with_errors()
    broken = [e for e in (found.errors if found else ()) if "Error(" in e.detail]
    if broken:
        cells = [
            f"row {error.offset_position[0] - header_row + 1}, column {error.offset_position[1] + 1}: "
            f"{error.detail.partition('Error(')[2].rstrip(chr(39) + ')')}"
            for error in broken[:SHOWN]
        ]
        raise DataError(
            f"file {name}, sheet '{sheet}': {counted(len(broken), 'cell')} in which a formula failed",
            "\n".join(cells),
            "mend the formula, or leave the cell blank where the figure is unknown",
        )


def _with_header(cells: pl.DataFrame, name: str) -> pl.DataFrame:
    """Name the columns by the first row; columns without name and values vanish."""
    if not cells.height:
        raise DataError(f"file {name} has no row with column names", remedy="give a header row")
    header = [text or "" for text in tidy(pl.Series(cells.row(0), dtype=pl.String))]
    body = pl.DataFrame([tidy(column) for column in cells.slice(1)])
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
