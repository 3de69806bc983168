"""Does a whole table fit its schema: from a frame of texts to a typed table, or a refusal?"""

from __future__ import annotations

from typing import Any

import polars as pl

from corridors.errors import DataError
from corridors.evidence.checks.between_columns import refuse_broken
from corridors.evidence.checks.one_column import Fault, typed_column
from corridors.evidence.table_schemas import TableSchema, table_schema
from corridors.intake.column_names import named_like
from corridors.intake.frames import texts
from corridors.intake.place_columns import refuse_sums
from corridors.wording import ROW, counted, rows_in_words, similar


def validate(name: str, frame: Any, *, where: str = "") -> pl.DataFrame:
    """Check a table against its schema and return it typed and sorted by key.

    Parameters
    ----------
    name
        Name of a figure table, such as ``migrant_stock``.
    frame
        A pandas, polars or pyarrow table. Names and two-letter codes of
        countries are understood; columns outside the schema are left out.
    where
        Where the table comes from, for the words of a refusal.

    Raises
    ------
    DataError
        With the column, the first offending rows and the remedy.

    Examples
    --------
    >>> import polars as pl
    >>> from corridors.evidence import validate
    >>> row = {"origin": "MEX", "destination": "USA", "year": 2020, "female": 5, "male": 4}
    >>> validate("migrant_stock", pl.DataFrame([row])).row(0)
    ('MEX', 'USA', 2020, 5, 4)
    """
    return conform(table_schema(name), texts(frame), where)


def conform(table: TableSchema, raw: pl.DataFrame, where: str = "") -> pl.DataFrame:
    """Check and type a frame of texts; see `validate`.

    Examples
    --------
    >>> import polars as pl
    >>> texts = pl.DataFrame({"treaty": "crc", "country": "KEN", "state_party_since": "1990"})
    >>> conform(table_schema("treaty"), texts).row(0)
    ('crc', 'KEN', 1990)
    """
    label = f"table '{table.name}'" + (f" ({where})" if where else "")
    rows = numbered_rows(table, raw, label)
    frame, faults = typed_rows(table, rows)
    if faults:
        raise _refusal(label, table, rows, faults)
    _refuse_duplicates(table, frame, label)
    refuse_sums(frame, any_places(table), table.keys, added_up(table), f"{table.name}")
    refuse_broken(table, frame, label)
    return frame.drop(ROW).sort(table.keys)


def numbered_rows(table: TableSchema, raw: pl.DataFrame, label: str) -> pl.DataFrame:
    """Return the rows that are not blank, with their number; refuse a frame without columns or rows."""
    raw = _with_optional(table, named_like(raw, table.names))
    _require_columns(table, raw, label)
    rows = raw.select(table.names).with_row_index(ROW, offset=1)
    rows = rows.filter(pl.any_horizontal(pl.col(table.names).is_not_null()))
    if not rows.height:
        raise DataError(
            f"{label} has no rows",
            "a header and nothing below it",
            "give at least one row",
        )
    return rows


def typed_rows(table: TableSchema, rows: pl.DataFrame) -> tuple[pl.DataFrame, list[Fault]]:
    """Type all columns of numbered rows, and list what is wrong with their values."""
    faults: list[Fault] = []
    typed = [rows[ROW]]
    for column in table.columns:
        values, found = typed_column(column, rows[column.name])
        typed.append(values)
        faults += found
    return pl.DataFrame(typed), faults


def any_places(table: TableSchema) -> list[str]:
    """Columns of places with names of any kind."""
    return [column.name for column in table.columns if column.holds_any_places]


def added_up(table: TableSchema) -> list[str]:
    """Columns of figures that no key has."""
    return [column.name for column in table.columns if column.type == "float" and not column.key]


def _with_optional(table: TableSchema, raw: pl.DataFrame) -> pl.DataFrame:
    absent = [c.name for c in table.columns if c.optional and c.name not in raw.columns]
    return raw.with_columns(pl.lit(None, pl.String).alias(name) for name in absent)


def _require_columns(table: TableSchema, raw: pl.DataFrame, label: str) -> None:
    missing = [name for name in table.names if name not in raw.columns]
    if not missing:
        return
    others = [name for name in raw.columns if name not in table.names]
    hints = [f"'{name}': {hint}" for name in missing if (hint := similar(name, others))]
    raise DataError(
        f"{label} has no column {', '.join(repr(name) for name in missing)}",
        "\n".join([f"columns found: {', '.join(raw.columns) or '(none)'}", *hints]),
        f"the table needs {', '.join(table.names)}; rename the columns or map them in corridors.toml",
    )


def _refuse_duplicates(table: TableSchema, frame: pl.DataFrame, label: str) -> None:
    twice = frame.filter(pl.struct(table.keys).is_duplicated()).sort(*table.keys, ROW)
    if twice.height:
        raise DataError(
            f"{label}: {counted(twice.height, 'row')} with a key that another row has",
            rows_in_words(twice, table.names[: len(table.keys) + 3]),
            f"keep one row for each {', '.join(table.keys)}",
        )


def _refusal(label: str, table: TableSchema, rows: pl.DataFrame, faults: list[Fault]) -> DataError:
    """Put all faults into one error, the first in its title."""
    blocks: list[str] = []
    for number, fault in enumerate(faults):
        if number:
            blocks.append(f"also {fault}")
        blocks.append(rows_in_words(rows.filter(fault.bad), [*table.keys, fault.column]))
        if fault.hint:
            blocks.append(fault.hint)
    remedies = dict.fromkeys(fault.remedy for fault in faults)
    return DataError(f"{label}: {faults[0]}", "\n".join(blocks), "; ".join(remedies))
