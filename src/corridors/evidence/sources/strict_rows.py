"""Rows of publishers' CSV and JSON files as texts, and numbers out of them."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

import polars as pl

from corridors.errors import DataError
from corridors.evidence.sources.answers import parse_json, refuse_error_message
from corridors.evidence.sources.source_cards import SourceCard

_BLANKS = ("", "..", "-", "na", "n/a", "nan", "null")
_SHOWN = 5


def changed(card: SourceCard, words: str) -> DataError:
    """A refusal that says the publisher laid a file out in a new way, and what was looked for."""
    return DataError(
        f"source '{card.name}' is laid out in a new way",
        words,
        "use the release of corridors that knows it, or give the table as an own file",
    )


def csv_rows(path: Path, columns: Sequence[str], card: SourceCard) -> pl.DataFrame:
    r"""Some columns of a CSV file, packed with gzip or not, all as texts.

    Parameters
    ----------
    path
        The file.
    columns
        Names of columns that must be there.
    card
        Its source, for the words of a refusal.

    Raises
    ------
    DataError
        It is no CSV, or lacks a column.

    Examples
    --------
    >>> import tempfile
    >>> from corridors.evidence.sources import source
    >>> file = Path(tempfile.mkdtemp()) / "x.csv"
    >>> _ = file.write_text("Time,Births\n2020,1.5\n")
    >>> csv_rows(file, ("Time",), source("un-migrant-stock")).rows()
    [('2020',)]
    """
    content = path.read_bytes()
    try:
        if content.startswith(b"\x1f\x8b"):
            content = gzip.decompress(content)
        table = pl.read_csv(content, infer_schema=False, encoding="utf8-lossy")
    except (OSError, EOFError, zlib.error, pl.exceptions.PolarsError) as error:
        raise DataError(
            f"a file of source '{card.name}' can not be read as CSV",
            f"{path.name[:40]}: {str(error).splitlines()[0] if str(error) else type(error).__name__}",
            "fetch it again",
        ) from None
    missing = [name for name in columns if name not in table.columns]
    if missing:
        raise changed(card, f"no column {', '.join(missing)} among {', '.join(table.columns)[:300]}")
    return table.select(columns)


def json_answer(path: Path, card: SourceCard) -> Any:
    """An answer in JSON that is no error message."""
    answer = parse_json(path, f"a file of source '{card.name}'")
    refuse_error_message(answer, f"source '{card.name}'")
    return answer


def record_rows(records: Any, fields: Mapping[str, str], card: SourceCard) -> pl.DataFrame:
    """Records of an answer in JSON as a table of texts.

    Parameters
    ----------
    records
        A list of objects.
    fields
        Where each column is found: the name of a field, or ``outer.inner``.
    card
        Its source, for the words of a refusal.

    Raises
    ------
    DataError
        They are no list of objects, or an object lacks a field.

    Examples
    --------
    >>> from corridors.evidence.sources import source
    >>> records = [{"date": "2020", "country": {"id": "MEX"}, "value": None}]
    >>> fields = {"year": "date", "place": "country.id", "value": "value"}
    >>> record_rows(records, fields, source("un-migrant-stock")).rows()
    [('2020', 'MEX', None)]
    """
    if not isinstance(records, list) or not all(isinstance(r, dict) for r in cast(list[Any], records)):
        raise changed(card, "the rows of the answer are no list of objects")
    found = {
        column: [_field(record, field, card) for record in cast(list[dict[str, Any]], records)]
        for column, field in fields.items()
    }
    return pl.DataFrame(found, schema=dict.fromkeys(fields, pl.String))


def _field(record: Mapping[str, Any], field: str, card: SourceCard) -> str | None:
    value: Any = record
    for name in field.split("."):
        if not isinstance(value, dict) or name not in value:
            raise changed(card, f"a row without the field {field}: {str(record)[:150]}")
        value = cast(dict[str, Any], value)[name]
    if isinstance(value, dict | list):
        raise changed(card, f"the field {field} holds {type(cast(object, value)).__name__}, not a value")
    # Texts of no character code (halves of pairs) can be written in JSON, but are no text.
    return None if value is None else str(value).encode("utf-8", "replace").decode()


def numbers(table: pl.DataFrame, columns: Iterable[str], card: SourceCard) -> pl.DataFrame:
    """Turn columns of texts into numbers; blanks and two dots are missing, never zero.

    Raises
    ------
    DataError
        A cell is neither a number nor blank; some are quoted.

    Examples
    --------
    >>> import polars as pl
    >>> from corridors.evidence.sources import source
    >>> numbers(pl.DataFrame({"x": ["1.5", ".."]}), ["x"], source("un-migrant-stock"))["x"].to_list()
    [1.5, None]
    """
    made = table
    for column in columns:
        text = table[column].str.strip_chars()
        text = text.set(text.str.to_lowercase().is_in(_BLANKS).fill_null(False), None)
        value = text.cast(pl.Float64, strict=False)
        bad = text.is_not_null() & ~value.is_finite().fill_null(False)
        if bad.any():
            shown = ", ".join(repr(v) for v in text.filter(bad).head(_SHOWN))
            raise changed(card, f"column {column}: {bad.sum():,} cells that are no numbers: {shown}")
        made = made.with_columns(value.alias(column))
    return made


def years(table: pl.DataFrame, column: str, card: SourceCard) -> pl.DataFrame:
    """Turn a column of texts into years.

    Raises
    ------
    DataError
        A cell is no year from 1800 to 2200.
    """
    made = numbers(table, [column], card)
    whole = made[column].is_between(1800, 2200) & (made[column] == made[column].floor())
    if not whole.fill_null(False).all():
        bad = table[column].filter(~whole.fill_null(False)).head(_SHOWN).to_list()
        raise changed(card, f"column {column}: no years: {bad}")
    return made.with_columns(pl.col(column).cast(pl.Int64))
