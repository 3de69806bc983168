"""From the text of a CSV file to one frame of texts, every row as long as the row of names."""

from __future__ import annotations

import csv
import io

import polars as pl

from corridors.errors import DataError
from corridors.intake.column_names import Wanted
from corridors.intake.csv_layout import encoding_of, irregular, layout_of, swallowed
from corridors.intake.layout import Layout, Parsed
from corridors.intake.refusals import refuse
from corridors.intake.under_header import with_header
from corridors.wording import ROW

_AS_LONG = "give every row as many fields as the header; write numbers without thousands separators"


def parse_csv(
    content: bytes, name: str, header_row: int | None, wanted: Wanted, separator: str = ""
) -> Parsed:
    """Read the bytes of a CSV file as texts; see :func:`corridors.intake.files.parsed`."""
    encoding = encoding_of(content, name)
    try:
        text = one_line_end(content.decode(encoding).removeprefix("\ufeff"))
    except UnicodeDecodeError as error:
        raise DataError(f"file {name} is cut or damaged", str(error), "save it as CSV UTF-8") from None
    found, row = layout_of(text, wanted, header_row)
    mark = separator or found
    lines = text.split("\n", row)
    if len(lines) < row or not text.strip():
        raise DataError(f"file {name} has no row {row} with column names")
    body = "\n".join(lines[row - 1 :])
    try:
        cells = pl.read_csv(
            io.BytesIO(text.encode()),
            has_header=False,
            skip_lines=row - 1,
            separator=mark,
            infer_schema=False,
        )
    except pl.exceptions.PolarsError:
        _refuse_irregular(body, mark, name)
        cells = _row_by_row(body, mark)
    if _may_be_short(cells, body, mark):
        _refuse_irregular(body, mark, name)
    refuse(
        cells.slice(1).with_row_index(ROW, 1),
        swallowed(cells.columns, mark),
        f"file {name}: a quoted text holds what looks like other rows",
        "close the quote, or double it where it belongs to the text",
        cells.columns[:3],
    )
    # What this software, and others, put before a text that a spreadsheet would take for a formula.
    cells = cells.with_columns(pl.all().str.replace(r"^'([=+\-@])", "$1")) if "'" in text else cells
    return Parsed(with_header(cells, name), Layout(".csv", encoding, mark, header_row=row))


def one_line_end(text: str) -> str:
    r"""The text with lines that end in a line feed, whatever system wrote it.

    Examples
    --------
    >>> one_line_end("a,b\r\n1,2\r\n"), one_line_end("a,b\r1,2\r")
    ('a,b\n1,2\n', 'a,b\n1,2\n')
    """
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _refuse_irregular(text: str, separator: str, name: str) -> None:
    if told := irregular(text.splitlines(keepends=True), separator):
        raise DataError(
            f"file {name} is not a regular CSV table",
            told,
            "close the quote, or double it where it belongs to the text" if "quote" in told else _AS_LONG,
        )


def _row_by_row(text: str, separator: str) -> pl.DataFrame:
    """Cells of a text whose quotes the fast reader does not take, such as one within an unquoted text."""
    rows = [row for row in csv.reader(io.StringIO(text), delimiter=separator) if row]
    return pl.DataFrame(rows, schema=[f"column_{i}" for i in range(1, len(rows[0]) + 1)], orient="row")


def _may_be_short(cells: pl.DataFrame, text: str, separator: str) -> bool:
    """Whether a row may have fewer fields than the first, which the reader fills with nothing."""
    if cells.width < 2 or not cells.slice(1).to_series(-1).null_count():
        return False
    if '"' in text:
        return True
    marks = pl.Series(text.split("\n"), dtype=pl.String)
    marks = marks.filter(marks.str.strip_chars() != "").str.count_matches(separator, literal=True)
    return bool((marks != cells.width - 1).any())
