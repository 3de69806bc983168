"""Take a table as it was asked for, or say in words what is wrong with it."""

from __future__ import annotations

import math
from os import PathLike

import polars as pl

from corridors.errors import DataError
from corridors.intake.column_names import named_like
from corridors.intake.door import IntoTable, as_polars
from corridors.intake.frames import tidy
from corridors.intake.numerals import TWO_WAYS, Numerals, both_readings, numerals
from corridors.intake.place_columns import place_codes, refuse_sums, refuse_totals
from corridors.intake.refusals import refuse, refuse_twice
from corridors.intake.specs import TableSpec
from corridors.wording import similar

# The largest whole number up to which a float knows all of them.
_EXACT = 2.0**53
_YEARS = (1500, 2500)
_TRUTH = {"1": True, "true": True, "1.0": True, "0": False, "false": False, "0.0": False}


def take(data: IntoTable, spec: TableSpec) -> pl.DataFrame:
    """Take the columns asked for, typed and checked.

    Parameters
    ----------
    data
        A table of any make. Numbers may be texts, as from a file.
    spec
        What is asked of it.

    Returns
    -------
    polars.DataFrame
        Texts, whole numbers, numbers and truths in the order of the specification, then other columns
        where it keeps them; rows as given. Texts are stripped; an empty one and NaN are missing.

    Raises
    ------
    DataError
        It is no table or has no rows; a column is absent or of another kind; a cell is no number, blank or
        out of bounds; a key stands twice. Names table, column, first rows and remedy.
    NotFound
        It is the path of a file that is not there.

    Examples
    --------
    >>> from corridors.intake import TableSpec, take
    >>> stock = TableSpec("stock", texts=["origin"], numbers=["value"], key=["origin"], at_least={"value": 0})
    >>> take({"origin": ["MEX", "PHL"], "value": [9, -3]}, stock)
    Traceback (most recent call last):
    corridors.errors.DataError: table 'stock': column 'value' is below 0 in 1 row
      row 2: origin=PHL, value=-3.0
      Remedy: correct the rows or leave them out
    """
    table = named_like(as_polars(data, spec.name, spec.needed), spec.columns)
    _require_columns(table, spec)
    if not table.height and not (spec.empty and not isinstance(data, str | PathLike)):
        raise DataError(f"table '{spec.name}' has no rows", remedy="give at least one row")
    typed = [_text(_column(table, name), spec) for name in spec.texts]
    typed = [place_codes(c, spec.name, spec.also) if c.name in spec.places else c for c in typed]
    refuse_totals(pl.DataFrame(typed), spec.any_places, spec.name)
    typed += [_whole(_column(table, name), table, spec) for name in spec.whole]
    typed += [_number(_column(table, name), table, spec) for name in spec.numbers]
    typed += [_truth(_column(table, name), table, spec) for name in spec.truths]
    if spec.others:
        typed += [
            _guessed(table[name]) if isinstance(data, str | PathLike) else table[name]
            for name in table.columns
            if name not in spec.columns
        ]
    taken = pl.DataFrame(typed)
    _check(taken, spec, given=table.columns)
    refuse_sums(taken, spec.any_places, spec.key, spec.added, spec.name)
    return taken


def _require_columns(table: pl.DataFrame, spec: TableSpec) -> None:
    absent = [name for name in spec.needed if name not in table.columns]
    if not absent:
        return
    spare = [name for name in table.columns if name not in spec.columns]
    hints = [f"'{name}': {hint}" for name in absent if (hint := similar(name, spare))]
    raise DataError(
        f"table '{spec.name}' has no column {', '.join(repr(name) for name in absent)}",
        "\n".join([f"columns found: {', '.join(table.columns) or '(none)'}", *hints]),
        f"give the columns {', '.join(spec.needed)}",
    )


def _column(table: pl.DataFrame, name: str) -> pl.Series:
    return table[name] if name in table.columns else pl.Series(name, [None] * table.height, dtype=pl.Null)


def _text(column: pl.Series, spec: TableSpec) -> pl.Series:
    if column.dtype.is_nested() or isinstance(column.dtype, pl.Object | pl.Binary):
        raise _other_kind(column, spec, "texts")
    return tidy(column.cast(pl.String))


def _number(column: pl.Series, table: pl.DataFrame, spec: TableSpec, *, whole: bool = False) -> pl.Series:
    kind = column.dtype
    if kind.is_numeric() or isinstance(kind, pl.Boolean | pl.Null):
        # What a pandas table calls NaN is a blank; a text "NaN" or "inf" is a mistake.
        typed = column.cast(pl.Float64).fill_nan(None)
        if column.name not in spec.unbounded and typed.is_infinite().any():
            _refuse_cells(table, spec, column, typed.is_infinite(), "no number")
        return typed
    if not isinstance(kind, pl.String | pl.Categorical | pl.Enum):
        raise _other_kind(column, spec, "numbers")
    text = _text(column, spec)
    low = max(spec.at_least.get(column.name, -math.inf), spec.above.get(column.name, -math.inf))
    read = numerals(text, whole=whole, low=low)
    if read.ambiguous.any():
        _refuse_ambiguous(table, spec, column, read)
    known = read.values.is_not_nan() if column.name in spec.unbounded else read.values.is_finite()
    wrong = text.is_not_null() & ~known.fill_null(value=False)
    if wrong.any():
        _refuse_cells(table, spec, column, wrong, "no number")
    return read.values


def _whole(column: pl.Series, table: pl.DataFrame, spec: TableSpec) -> pl.Series:
    if column.dtype.is_integer():
        typed = column.cast(pl.Int64, strict=False)
        wrong = typed.is_null() & column.is_not_null()
    else:
        number = _number(column, table, spec, whole=True)
        wrong = ((number != number.round()) | (number.abs() > _EXACT)).fill_null(value=False)
        typed = number.set(wrong, None).cast(pl.Int64)
    if wrong.any():
        _refuse_cells(table, spec, column, wrong, "no whole number")
    # Texts come from files, where 10 may be 2010 cut short; numbers in memory may count years from any start.
    if column.name == "year" and isinstance(column.dtype, pl.String):
        odd = ~typed.is_between(*_YEARS).fill_null(value=True)
        if odd.any():
            _refuse_cells(table, spec, column, odd, "no year")
    return typed


def _truth(column: pl.Series, table: pl.DataFrame, spec: TableSpec) -> pl.Series:
    if isinstance(column.dtype, pl.Boolean):
        return column
    text = _text(column, spec).str.to_lowercase()
    typed = text.replace_strict(_TRUTH, default=None, return_dtype=pl.Boolean)
    wrong = text.is_not_null() & typed.is_null()
    if wrong.any():
        _refuse_cells(table, spec, column, wrong, "neither 1 nor 0")
    return typed


def _other_kind(column: pl.Series, spec: TableSpec, wanted: str) -> DataError:
    return DataError(
        f"table '{spec.name}': column '{column.name}' does not hold {wanted}",
        f"it is of type {column.dtype}",
        f"give {wanted}",
    )


def _refuse_cells(
    table: pl.DataFrame, spec: TableSpec, column: pl.Series, wrong: pl.Series, what: str
) -> None:
    digits = "1 or 0" if column.name in spec.truths else "digits with a point"
    shown = [name for name in spec.naming if name in table.columns and name != column.name]
    refuse(
        pl.DataFrame([*table.select(shown), column, wrong.alias("wrong?")]),
        pl.col("wrong?"),
        f"table '{spec.name}': column '{column.name}' holds {what}",
        f"write {digits}; leave a cell blank where it is unknown",
        [*shown, column.name],
    )


def _refuse_ambiguous(table: pl.DataFrame, spec: TableSpec, column: pl.Series, read: Numerals) -> None:
    shown = [name for name in spec.naming if name in table.columns and name != column.name]
    refuse(
        pl.DataFrame([*table.select(shown), column, read.ambiguous.alias("either?")]),
        pl.col("either?"),
        f"table '{spec.name}': column '{column.name}' can be read in two ways",
        f"{both_readings(column.filter(read.ambiguous)[0])}; {TWO_WAYS}",
        [*shown, column.name],
    )


def _check(taken: pl.DataFrame, spec: TableSpec, given: list[str]) -> None:
    naming = [name for name in spec.naming if name in given]
    correct = "correct the rows or leave them out"
    for name in spec.filled:
        if taken[name].null_count():
            title = f"table '{spec.name}': column '{name}' is missing"
            remedy = "fill it in or leave the rows out; missing is not zero"
            refuse(taken, pl.col(name).is_null(), title, remedy, [*naming, name])
    for name, least in spec.at_least.items():
        title = f"table '{spec.name}': column '{name}' is below {least:g}"
        refuse(taken, pl.col(name) < least, title, correct, [*naming, name])
    for name, floor in spec.above.items():
        title = f"table '{spec.name}': column '{name}' is not above {floor:g}"
        refuse(taken, pl.col(name) <= floor, title, correct, [*naming, name])
    if key := [name for name in spec.key if name in given]:
        refuse_twice(taken, key, spec.name, spec.once)


def _guessed(column: pl.Series) -> pl.Series:
    """A column of a file that nobody asked for: whole numbers or numbers where all cells are."""
    for kind in (pl.Int64, pl.Float64):
        typed = column.cast(kind, strict=False)
        if typed.null_count() == column.null_count() < column.len():
            return typed
    return column
