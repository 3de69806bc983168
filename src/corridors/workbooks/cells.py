"""Cells out of the XML of a worksheet, many at a time.

A sheet of 200,000 rows can be 300 MB of XML. Positions of the few bytes that matter are found with NumPy in
pieces of 8 MB, so a piece is all that is held; reading whole sheets with fastexcel takes about as long, in a
memory that grows with the sheet.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

import numpy as np
import polars as pl
from numpy.typing import NDArray

from corridors.errors import DataError

_PIECE = 1 << 23
_ROW_END = b"</row>"
# Excel's own limit, and the most places that a piece of a sheet may have.
_MOST_COLUMNS, _MOST_PLACES = 16_384, 20_000_000
_LETTER = {name: ord(name) for name in "<>=/ AZcorstvw\"'"}

Bytes = NDArray[np.uint8]
Positions = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Rows:
    """Some rows of a sheet.

    Attributes
    ----------
    number
        Number of each row in the sheet, from 1.
    cells
        Text of the cells, a column for each column of the sheet; null where a cell is empty.
    """

    number: NDArray[np.int64]
    cells: pl.DataFrame


def read_rows(stream: IO[bytes], shared: pl.Series, where: str) -> Iterator[Rows]:
    """Rows of a worksheet in pieces.

    Parameters
    ----------
    stream
        XML of the worksheet.
    shared
        Strings that cells refer to by number.
    where
        File and sheet, for errors.

    Yields
    ------
    Rows
        All columns are strings.

    Raises
    ------
    DataError
        The XML has cells without references, or ends in the middle of a row.
    """
    rest = b""
    seen = 0
    while piece := stream.read(_PIECE):
        piece = rest + piece
        if b":row " in piece[:5000]:
            raise _another_style(where, "tags with prefixes")
        cut = piece.rfind(_ROW_END)
        if cut < 0:
            rest = piece
            continue
        whole, rest = piece[: cut + len(_ROW_END)], piece[cut + len(_ROW_END) :]
        try:
            rows = _parsed(np.frombuffer(whole, np.uint8), shared, where, seen)
        except (IndexError, ValueError, OverflowError, pl.exceptions.PolarsError) as error:
            if isinstance(error, DataError):
                raise
            raise _damaged(where, seen) from None
        seen = int(rows.number[-1]) if rows.number.size else seen
        yield rows
    if b"<row " in rest and b"<c " in rest:
        raise DataError(f"{where} ends in the middle of row {seen + 1}", remedy="download the file again")


def _parsed(text: Bytes, shared: pl.Series, where: str, seen: int) -> Rows:
    opened, closed = _tags(text)
    letter, after = text[opened + 1], text[opened + 2]
    ended = (after == _LETTER[" "]) | (after == _LETTER[">"])
    is_row = (letter == _LETTER["r"]) & (after == _LETTER["o"]) & (text[opened + 3] == _LETTER["w"])
    is_cell = (letter == _LETTER["c"]) & ended
    is_value = ((letter == _LETTER["v"]) | (letter == _LETTER["t"])) & ended
    rows, cells = opened[is_row], opened[is_cell]
    if not np.all(text[cells + 3] == _LETTER["r"]):
        raise _another_style(where, f"cells without a reference after row {seen}")
    row = (np.cumsum(is_row) - 1)[is_cell]
    column = _columns(text, cells)
    if np.any(row < 0) or np.any(column < 0):
        raise _damaged(where, seen)
    if int(column.max(initial=0)) >= _MOST_COLUMNS or rows.size * int(column.max(initial=0)) > _MOST_PLACES:
        raise _damaged(where, seen)
    values, owner = _values(text, opened, closed, is_value, np.cumsum(is_cell) - 1)
    strings = _looked_up(values, _kinds(text, cells, closed[is_cell])[owner], shared, where)
    at = np.full((rows.size, int(column.max(initial=0)) + 1), -1, np.int64)
    at[row[owner], column[owner]] = np.arange(owner.size)
    frame = pl.DataFrame(
        {
            f"c{c}": strings.gather(pl.Series(at[:, c]).replace(-1, None))
            if strings.len()
            else pl.Series([None] * rows.size, dtype=pl.String)
            for c in range(at.shape[1])
        }
    )
    return Rows(_numbers(text, rows, seen), frame)


def _tags(text: Bytes) -> tuple[Positions, Positions]:
    """Where each tag opens and where it closes."""
    opened, closed = np.flatnonzero(text == _LETTER["<"]), np.flatnonzero(text == _LETTER[">"])
    paired = opened.size == closed.size and bool(np.all(opened < closed) and np.all(closed[:-1] < opened[1:]))
    # A text may hold ">" as it is; then the first one after "<" closes the tag.
    return opened, closed if paired else closed[np.searchsorted(closed, opened)]


def _another_style(where: str, what: str) -> DataError:
    return DataError(
        f"{where} is XML of another style than Excel's",
        what,
        "open the file in Excel or LibreOffice and save it as .xlsx",
    )


def _damaged(where: str, seen: int) -> DataError:
    return DataError(f"{where} is damaged after row {seen}", remedy="download the file again")


def _columns(text: Bytes, cells: Positions) -> Positions:
    """Columns from 0, by the letters of references such as ``r="AB12"``."""
    start = cells + 6
    column = np.zeros(cells.size, np.int64)
    more = np.ones(cells.size, bool)
    for step in range(3):
        letter = text[start + step]
        more &= (letter >= _LETTER["A"]) & (letter <= _LETTER["Z"])
        column = np.where(more, 26 * column + letter - _LETTER["A"] + 1, column)
    return column - 1


def _kinds(text: Bytes, cells: Positions, closed: Positions) -> Bytes:
    """Kind of each cell: ``s`` shared string, ``e`` error, otherwise its own text."""
    equal = np.flatnonzero(text == _LETTER["="])
    equal = equal[(text[equal - 1] == _LETTER["t"]) & (text[equal - 2] == _LETTER[" "])]
    owner = np.searchsorted(cells, equal) - 1
    inside = (owner >= 0) & (equal < closed[np.maximum(owner, 0)])
    equal, owner = equal[inside], owner[inside]
    kind = np.zeros(cells.size, np.uint8)
    single = (text[equal + 3] == _LETTER['"']) | (text[equal + 3] == _LETTER["'"])
    kind[owner] = np.where(single, text[equal + 2], 0)
    return kind


def _values(
    text: Bytes, opened: Positions, closed: Positions, is_value: NDArray[np.bool_], cell: Positions
) -> tuple[pl.Series, Positions]:
    """Texts of the cells that have one, and which cells those are."""
    tag = np.flatnonzero(is_value)
    owner = cell[tag]
    tag = tag[np.diff(owner, prepend=-1) > 0]
    tag = tag[text[closed[tag] - 1] != _LETTER["/"]]
    owner, begin, end = cell[tag], closed[tag] + 1, opened[tag + 1]
    # Bytes of the values are kept, each with the "<" that ends it: a value can hold no other.
    step = np.zeros(text.size + 1, np.int8)
    step[begin] += 1
    step[end + 1] -= 1
    joined = text[np.cumsum(step[:-1], dtype=np.int8).view(bool)]
    # Bytes that are no text are refused here.
    whole = pl.Series([joined.tobytes().decode("utf-8")], dtype=pl.String)
    return whole.str.split("<").explode().head(owner.size), owner


def _looked_up(values: pl.Series, kind: Bytes, shared: pl.Series, where: str) -> pl.Series:
    frame = pl.DataFrame({"text": values, "kind": kind})
    number = pl.when(kind=ord("s")).then("text").cast(pl.UInt32, strict=False)
    frame = frame.with_columns(number=number)
    highest = frame["number"].max()
    if isinstance(highest, int) and highest >= shared.len():
        raise DataError(
            f"{where} refers to string {highest} of {shared.len()}", remedy="download the file again"
        )
    own = unescaped(pl.when(kind=ord("s")).then(None).otherwise("text"))
    if not shared.len():
        return frame.select(pl.when(pl.col("kind") != ord("e")).then(own)).to_series()
    found = pl.lit(shared.gather(frame["number"]))
    return frame.select(
        pl.when(kind=ord("e")).then(None).when(kind=ord("s")).then(found).otherwise(own)
    ).to_series()


def unescaped(text: pl.Expr) -> pl.Expr:
    """Text of XML without its character references."""
    names = {"&lt;": "<", "&gt;": ">", "&quot;": '"', "&apos;": "'", "&#10;": "\n", "&amp;": "&"}
    plain = text
    for name, letter in names.items():
        plain = plain.str.replace_all(name, letter, literal=True)
    return pl.when(text.str.contains("&", literal=True)).then(plain).otherwise(text)


def _numbers(text: Bytes, rows: Positions, seen: int) -> NDArray[np.int64]:
    """Numbers of rows, where the XML has them; else counted."""
    counted = np.arange(seen + 1, seen + 1 + rows.size)
    start = rows + 8
    if rows.size == 0 or not np.all(text[rows + 5] == _LETTER["r"]):
        return counted
    number = np.zeros(rows.size, np.int64)
    more = np.ones(rows.size, bool)
    for step in range(8):
        digit = text[np.minimum(start + step, text.size - 1)].astype(np.int64) - 48
        more &= (digit >= 0) & (digit <= 9)
        number = np.where(more, 10 * number + digit, number)
    return number
