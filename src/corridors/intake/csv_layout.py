"""How a file of texts is laid out: encoding, separator, the row of names, quotes that swallow rows."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence

import polars as pl

from corridors.errors import DataError
from corridors.intake.column_names import Wanted, has_names
from corridors.wording import counted

SEPARATORS = ",;\t|"
_LOOKED_AT = 60
_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)


def encoding_by_start(start: bytes) -> str | None:
    r"""The encoding that the first bytes of a text show: by their mark, or by the zeros of UTF-16.

    Examples
    --------
    >>> encoding_by_start("é".encode("utf-16")), encoding_by_start(b"year")
    ('utf-16', None)
    """
    for mark, encoding in _MARKS:
        if start.startswith(mark):
            return encoding
    for encoding, zeros in (("utf-16-le", start[1:4096:2]), ("utf-16-be", start[:4096:2])):
        if zeros.count(0) > len(zeros) * 0.4:
            return encoding
    return None


def encoding_of(content: bytes, name: str = "") -> str:
    r"""How the bytes of a text are encoded: by their mark, by their zeros, UTF-8, or Windows-1252.

    Parameters
    ----------
    content
        All its bytes.
    name
        What to call the file in errors.

    Raises
    ------
    DataError
        The bytes are none of these.

    Examples
    --------
    >>> encoding_of("é".encode("utf-16")), encoding_of("abcd".encode("utf-16-le")), encoding_of(b"\xe9t\xe9")
    ('utf-16', 'utf-16-le', 'cp1252')
    """
    if (told := encoding_by_start(content)) is not None:
        return told
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        try:
            content.decode("cp1252")
        except UnicodeDecodeError:
            line = content.count(b"\n", 0, error.start) + 1
            raise DataError(
                f"file {name} is neither UTF-8 nor Windows-1252 text",
                f"first in line {line}",
                "save it as CSV UTF-8",
            ) from None
        return "cp1252"
    return "utf-8"


def layout_of(text: str, wanted: Wanted = (), header_row: int | None = None) -> tuple[str, int]:
    r"""The separator of a text, counted outside quotes, and the line of its column names.

    Parameters
    ----------
    text
        The whole text; a first line such as ``sep=;`` says the separator.
    wanted
        Columns that must be there; the first line that has them all is the one of the names. Without any,
        it is the first that has more than one field.
    header_row
        Line of the names, where it is known.

    Examples
    --------
    >>> layout_of('origin;"value, in all, of persons";year')
    (';', 1)
    >>> layout_of("Migrants\n\norigin,year,value\nMEX,2020,5", ["origin", "value"])
    (',', 3)
    """
    lines = text.splitlines()[:_LOOKED_AT]
    said = re.fullmatch(r"\s*\ufeff?sep=(.)\s*", lines[0]) if lines else None
    first = 2 if said else 1
    separators = said[1] if said else SEPARATORS
    if header_row is not None:
        line = lines[header_row - 1] if header_row <= len(lines) else ""
        return max(separators, key=lambda mark: len(_fields(line, mark))), header_row
    for separator in separators:
        for number, line in enumerate(lines[first - 1 :], first):
            if wanted and has_names(_fields(line, separator), wanted):
                return separator, number
    for number, line in enumerate(lines[first - 1 :], first):
        separator = max(separators, key=lambda mark: len(_fields(line, mark)))
        # A title above the names has one field.
        if sum(map(bool, _fields(line, separator))) > 1:
            return separator, number
    return separators[0], first


def swallowed(columns: Sequence[str], separator: str) -> pl.Expr:
    r"""True for rows in which a quoted text holds the end of one row and the beginning of another.

    Parameters
    ----------
    columns
        All columns of the file, in texts.
    separator
        Between its fields.

    Notes
    -----
    A quote that opens in one row and closes in the same column of the next leaves the shape of the table as
    it was; what shows it are the separators before and after the line's end, which add up to a row.

    Examples
    --------
    >>> import polars as pl
    >>> rows = pl.DataFrame({"a": ["1", "2", "8"], "b": ["text", "text\n3;x;7\n4;other", "end;9\n5;next"],
    ...     "c": ["5", "6", "7"]})
    >>> rows.select(swallowed(rows.columns, ";")).to_series().to_list()
    [False, True, True]
    """
    mark, last = re.escape(separator), len(columns) - 1
    inner = rf"\n[^\n]*(?:{mark}[^\n]*){{{max(last, 1)}}}"
    return pl.any_horizontal(
        (
            pl.col(name).str.contains(inner)
            | (last > 1 and pl.col(name).str.contains(_seam(mark, last - position, position)))
        ).fill_null(value=False)
        for position, name in enumerate(columns)
    )


def _seam(mark: str, before: int, after: int) -> str:
    """Where a text holds the rest of its row, a line's end, and the next row up to the same column."""
    piece = rf"[^\n{mark}]*(?:{mark}[^\n{mark}]*)"
    return rf"^{piece}{{{before}}}\n(?:[^\n]*\n)*{piece}{{{after}}}$"


def irregular(lines: Iterable[str], separator: str) -> str:
    r"""Which row of a text is not as the others: a quote that stands wrong, or too many or few fields.

    Parameters
    ----------
    lines
        Of the text, that of the column names first.
    separator
        Between its fields.

    Returns
    -------
    str
        Empty where no row shows it.

    Examples
    --------
    >>> irregular(["a;b", '1;"Screen 15" wide"', "2;x"], ";")
    'row 1: a quote in the middle of a quoted text: "Screen 15" wide"'
    >>> irregular(["a;b", "1;2", "1;2;3"], ";")
    'row 2 has 3 fields, the header 2'
    >>> irregular(["a;b\n", '1;"2\n', "3;4\n"], ";")
    'row 1: a quote is never closed'
    """
    mark = re.escape(separator)
    odd = re.compile(rf'(?:^|{mark})("(?:[^"]|"")*"[^"{mark}\r\n][^\n]*)')
    told: list[str] = []

    def watched() -> Iterable[str]:
        for number, line in enumerate(lines):
            if not told and (found := odd.search(line)):
                told.append(f"row {number}: a quote in the middle of a quoted text: {found[1][:80]}")
            yield line

    rows = csv.reader(watched(), delimiter=separator, strict=True)
    width, number = 0, -1
    try:
        for number, row in enumerate(rows):
            if told:
                return told[0]
            width = width or len(row)
            if row and len(row) != width:
                return f"row {number} has {counted(len(row), 'field')}, the header {width}"
    except csv.Error as error:
        if not told:
            unclosed = "unexpected end" in str(error)
            told.append(f"row {number + 1}: {'a quote is never closed' if unclosed else error}")
    return told[0] if told else ""


def _fields(line: str, separator: str) -> list[str]:
    # Separators in quotes part nothing; a quote in the middle of a field opens none for the csv module.
    bare = re.sub(r'"[^"]*"', lambda quoted: quoted[0].replace(separator, " "), line)
    return [field.strip().strip('\ufeff"') for field in bare.split(separator)]
