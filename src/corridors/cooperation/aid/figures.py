"""What the texts of a project file say as numbers: marks are settled by the whole column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from corridors.errors import DataError
from corridors.intake import refuse
from corridors.intake.frames import tidy
from corridors.intake.numerals import TWO_WAYS, Numerals, both_readings, numerals
from corridors.wording import ROW

_MINUS = "^[\u2212\u2012\u2013]"
_BLANKS = "[\u0020\u00a0\u2007\u2009\u202f'\u2019]"
_SIGN = r"^[+-]?"
_EITHER = rf"{_SIGN}[1-9][0-9]{{0,2}}\.[0-9]{{3}}$"
_SETTLED = rf"{_SIGN}(0?\.[0-9]+|[0-9]{{4,}}\.[0-9]+|[0-9]+\.([0-9]{{1,2}}|[0-9]{{4,}}))$"


def settled(
    rows: pl.LazyFrame, columns: Mapping[str, str], whole: Sequence[str], show: Sequence[str], name: str
) -> dict[str, Numerals]:
    """How the numbers of columns are written, where not plainly with a point.

    Parameters
    ----------
    rows
        Texts, read as often as needed; only a column that is written otherwise is held in memory.
    columns
        Name in the file of each column of numbers.
    whole
        Those of whole numbers.
    show
        Columns of the file by which a refusal names a row.
    name
        What the file is called in errors.

    Raises
    ------
    DataError
        The file has no rows, or a cell is no number or may be two: names the rows.
    """
    tests = [_plain(source, whole=column in whole).alias(column) for column, source in columns.items()]
    told = rows.select(pl.len().alias(ROW), *tests)
    plain = told.collect(engine="streaming").row(0, named=True)
    if not plain[ROW]:
        raise DataError(f"{name} has no rows", "a header and nothing below it", "download the file again")
    found: dict[str, Numerals] = {}
    for column, source in columns.items():
        if plain[column]:
            continue
        cells = rows.with_row_index(ROW, 1).select(ROW, *dict.fromkeys([*show, source]))
        table = cells.collect(engine="streaming")
        text = tidy(table[source])
        read = numerals(text, whole=column in whole)
        number = read.values
        wrong = text.is_not_null() & ~number.is_finite().fill_null(value=False)
        if column in whole:
            wrong |= (number != number.round()).fill_null(value=False)
        quoted = table.with_columns(_wrong=wrong & ~read.ambiguous, _either=read.ambiguous)
        says = f"holds no {'whole ' if column in whole else ''}number"
        remedy = "write digits with a point; leave the cell blank where it is not known"
        shown = list(dict.fromkeys([*show, source]))
        refuse(quoted, pl.col("_wrong"), f"{name}: column '{source}' {says}", remedy, shown)
        if read.ambiguous.any():
            remedy = f"{both_readings(text.filter(read.ambiguous)[0])}; {TWO_WAYS}"
            title = f"{name}: column '{source}' can be read in two ways"
            refuse(quoted, pl.col("_either"), title, remedy, shown)
        found[column] = read
    return found


def as_number(text: pl.Expr, read: Numerals | None) -> pl.Expr:
    """Numbers of texts whose marks are settled."""
    text = text.str.strip_chars()
    if read is not None:
        text = text.str.replace(_MINUS, "-").str.replace_all(_BLANKS, "")
        if read.thousands in (".", ","):
            text = text.str.replace_all(read.thousands, "", literal=True)
        if read.decimal == ",":
            text = text.str.replace(",", ".", literal=True)
    return text.replace("", None).cast(pl.Float64)


def _plain(source: str, *, whole: bool) -> pl.Expr:
    """Whether all cells are numbers with a point, or none, that no other reading has."""
    text = pl.col(source).str.strip_chars().replace("", None)
    if whole:
        return text.str.contains("^[0-9]+$").all()
    numbers = (text.is_null() | text.cast(pl.Float64, strict=False).is_finite().fill_null(value=False)).all()
    return numbers & (~text.str.contains(_EITHER).any() | text.str.contains(_SETTLED).any())
