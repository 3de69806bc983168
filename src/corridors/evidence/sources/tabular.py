"""What do the cells of a publisher's file say? Frames of texts, and the one reader of numbers."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

import polars as pl

from corridors.errors import DataError
from corridors.evidence.sources.answers import parse_json, refuse_error_message
from corridors.evidence.sources.offers import SourceCard
from corridors.intake.frames import wrapped
from corridors.wording import counted, rows_in_words

_REMEDY = "use the release of corridors that knows it, or give the table as an own file"
_WRITTEN_OTHERWISE = "the publisher may write figures in another way now; " + _REMEDY
_KEYS_SHOWN = 5
# Whole numbers above this are no longer told apart by floating point.
_MOST_WHOLE = 2.0**53


def changed(card: SourceCard, words: str) -> DataError:
    """The refusal of a file that is laid out otherwise.

    Examples
    --------
    >>> from corridors.evidence.sources import source
    >>> print(changed(source("un-migrant-stock"), "no column 'sex'").title)
    a file of source 'un-migrant-stock' is laid out in a new way
    """
    return DataError(f"a file of source '{card.name}' is laid out in a new way", words, _REMEDY)


def scan(path: Path, card: SourceCard, columns: Iterable[str] = ()) -> pl.LazyFrame:
    """Open a CSV file, plain or in gzip, without reading it: all columns are texts.

    Parameters
    ----------
    path
        The file; it may be larger than memory.
    card
        The source, for the words of a refusal.
    columns
        Names that must be there.

    Raises
    ------
    DataError
        It is no CSV, or lacks a column; the columns found are named.
    """
    with wrapped(f"a file of source '{card.name}' can not be read as CSV", "fetch it again"):
        lazy = pl.scan_csv(path, infer_schema=False, encoding="utf8-lossy")
        names = lazy.collect_schema().names()
    plain = {name: name.strip("\ufeff \t\r\n\"'") for name in names}
    missing = [name for name in columns if name not in plain.values()]
    if missing:
        raise changed(card, f"no column {', '.join(missing)}; columns: {', '.join(plain.values())[:500]}")
    # polars gives a name that stands twice a tail.
    if len({name.partition("_duplicated_")[0] for name in plain.values()}) < len(names):
        raise changed(card, f"a column stands there twice: {', '.join(plain.values())[:500]}")
    return lazy.rename(plain)


def collect(lazy: pl.LazyFrame, card: SourceCard) -> pl.DataFrame:
    """Read what a query on a CSV file asks for, in a stream.

    Raises
    ------
    DataError
        A line is broken, or the file was cut.
    """
    with wrapped(f"a file of source '{card.name}' can not be read as CSV", "fetch it again"):
        return lazy.collect(engine="streaming")


def json_answer(path: Path, card: SourceCard) -> Any:
    """Parse an answer in JSON that is no error message.

    Raises
    ------
    DataError
        It is no JSON, or an error message.
    """
    answer = parse_json(path, f"source '{card.name}'")
    refuse_error_message(answer, f"source '{card.name}'")
    return answer


def json_object(path: Path, card: SourceCard) -> dict[str, Any]:
    """Parse an answer in JSON that should be an object.

    Raises
    ------
    DataError
        It is no JSON, an error message, or something else.
    """
    answer = json_answer(path, card)
    if not isinstance(answer, dict):
        raise changed(card, f"an answer is a {type(answer).__name__} and not an object")
    return cast(dict[str, Any], answer)


def rows_of(answer: Mapping[str, Any], key: str, card: SourceCard) -> list[Any]:
    """The list of rows that an answer holds under a key.

    Raises
    ------
    DataError
        There is none.
    """
    rows = answer.get(key)
    if not isinstance(rows, list):
        raise changed(card, f"no list of rows '{key}'; found: {', '.join(map(str, answer))[:300]}")
    return cast(list[Any], rows)


def records(rows: Sequence[Any], fields: Mapping[str, str], card: SourceCard) -> pl.DataFrame:
    """Rows of an answer in JSON as a table of texts; JSON null is missing.

    Parameters
    ----------
    rows
        Objects.
    fields
        Where each column is found in every one of them: ``a`` is a field, ``a.b`` field b of the object
        in field a; ``a.*`` is the whole object, as ``name=value; name=value``. Rows may lack a field
        whose name ends in ``?``.
    card
        The source, for the words of a refusal.

    Raises
    ------
    DataError
        A row is no object, lacks a field, or has a list or an object where a value should be.

    Examples
    --------
    >>> from corridors.evidence.sources import source
    >>> rows = [{"value": 5, "of": {"sex": "F"}}, {"value": None, "of": {}}]
    >>> records(rows, {"value": "value", "sex": "of.sex?", "of": "of.*"}, source("unhcr-population")).rows()
    [('5', 'F', 'sex=F'), (None, None, None)]
    """
    if not all(isinstance(row, dict) for row in rows):
        raise changed(card, "no list of rows: some are no objects")
    known = cast(Sequence[dict[str, Any]], rows)
    cells = {column: [_text(_at(row, field, card)) for row in known] for column, field in fields.items()}
    return pl.DataFrame(cells, schema=dict.fromkeys(fields, pl.String))


def numbers(
    table: pl.DataFrame,
    columns: Iterable[str],
    card: SourceCard,
    *,
    blanks: Collection[str] = (),
    thousands: str = "",
) -> pl.DataFrame:
    """Turn columns of texts into numbers; whatever is neither a number nor a documented blank is refused.

    Parameters
    ----------
    table
        Texts.
    columns
        The columns of numbers.
    card
        The source, for the words of a refusal.
    blanks
        What the publisher writes where there is no figure, such as ``..``; capitals do not matter. An
        empty cell is missing always. Missing is never zero.
    thousands
        The character that the publisher puts between groups of three digits, if it does.

    Raises
    ------
    DataError
        Some cell is none of these; it is quoted with its row.

    Examples
    --------
    >>> from corridors.evidence.sources import source
    >>> texts = pl.DataFrame({"country": ["MEX", "NAM"], "x": ["1.5", ".."]})
    >>> numbers(texts, ["x"], source("un-migrant-stock"), blanks=[".."])["x"].to_list()
    [1.5, None]
    >>> numbers(texts.with_columns(x=pl.lit("1.234,5")), ["x"], source("un-migrant-stock"))
    Traceback (most recent call last):
    corridors.errors.DataError: a file of source 'un-migrant-stock' has 2 cells that are no numbers
      country=MEX, x='1.234,5'
      country=NAM, x='1.234,5'
      Remedy: the publisher may write figures in another way now; use the release of corridors that knows \
it, or give the table as an own file
    """
    names = list(columns)
    nothing = ["", *(blank.lower() for blank in blanks)]
    made = table
    for name in names:
        text = table[name].str.strip_chars()
        text = text.set(text.str.to_lowercase().is_in(nothing).fill_null(False), None)
        value = _ungrouped(text, thousands).cast(pl.Float64, strict=False)
        _refuse(table, names, name, text.is_not_null() & ~value.is_finite().fill_null(False), "numbers", card)
        made = made.with_columns(value.alias(name))
    return made


def counts(
    table: pl.DataFrame,
    columns: Iterable[str],
    card: SourceCard,
    *,
    blanks: Collection[str] = (),
    thousands: str = "",
    rounded: bool = False,
) -> pl.DataFrame:
    """Turn columns of texts into whole numbers; see `numbers`.

    Parameters
    ----------
    rounded
        Whether fractions are rounded. Otherwise they are refused: ``705.765`` people may be 705,765.

    Examples
    --------
    >>> from corridors.evidence.sources import source
    >>> texts = pl.DataFrame({"x": ["1,022", "3.0", "-"]})
    >>> counts(texts, ["x"], source("missing-migrants"), blanks=["-"], thousands=",")["x"].to_list()
    [1022, 3, None]
    """
    names = list(columns)
    made = numbers(table, names, card, blanks=blanks, thousands=thousands)
    for name in names:
        value = made[name].round() if rounded else made[name]
        whole = (value == value.floor()) & (value.abs() <= _MOST_WHOLE)
        _refuse(table, names, name, ~whole.fill_null(True), "whole numbers", card)
        made = made.with_columns(value.cast(pl.Int64).alias(name))
    return made


def years(table: pl.DataFrame, column: str, card: SourceCard) -> pl.DataFrame:
    """Turn a column of texts into years.

    Raises
    ------
    DataError
        A cell is no year from 1800 to 2200.

    Examples
    --------
    >>> from corridors.evidence.sources import source
    >>> years(pl.DataFrame({"year": ["2021.0"]}), "year", source("un-sdg-migration"))["year"].item()
    2021
    """
    made = counts(table, [column], card)
    _refuse(
        table, [column], column, ~made[column].is_between(1800, 2200).fill_null(value=False), "years", card
    )
    return made


def refuse_twice(frame: pl.DataFrame, keys: Sequence[str], card: SourceCard) -> pl.DataFrame:
    """Return rows without exact repetitions; refuse two different figures for one key.

    Examples
    --------
    >>> from corridors.evidence.sources import source
    >>> twice = pl.DataFrame({"year": [2020, 2020], "value": [1.0, 1.0]})
    >>> refuse_twice(twice, ["year"], source("un-sdg-migration")).height
    1
    """
    frame = frame.unique(maintain_order=True)
    twice = frame.filter(pl.struct(keys).is_duplicated()).sort(keys)
    if twice.height:
        raise DataError(
            f"source '{card.name}' gives {twice.height:,} rows with a key that another row has",
            rows_in_words(twice, frame.columns),
            "a breakdown may be new; " + _REMEDY,
        )
    return frame


def _ungrouped(text: pl.Series, thousands: str) -> pl.Series:
    if not thousands:
        return text
    mark = re.escape(thousands)
    grouped = text.str.contains(rf"^[+-]?\d{{1,3}}({mark}\d{{3}})+(\.\d+)?$").fill_null(value=False)
    return text.str.replace_all(thousands, "", literal=True).zip_with(grouped, text)


def _refuse(
    table: pl.DataFrame, numeric: list[str], column: str, bad: pl.Series, kind: str, card: SourceCard
) -> None:
    rows = table.filter(bad)
    if not rows.height:
        return
    keys = [name for name in table.columns if name not in numeric][:_KEYS_SHOWN]
    quoted = rows.with_columns(pl.format("'{}'", pl.col(column)).alias(column))
    raise DataError(
        f"a file of source '{card.name}' has {counted(rows.height, 'cell')} that "
        + (f"are no {kind}" if rows.height > 1 else f"is no {kind.removesuffix('s')}"),
        rows_in_words(quoted, [*keys, column]),
        _WRITTEN_OTHERWISE,
    )


def _at(row: Mapping[str, Any], field: str, card: SourceCard) -> Any:
    path, may_lack = field.removesuffix("?"), field.endswith("?")
    value: Any = row
    for name in path.removesuffix(".*").split("."):
        if not isinstance(value, dict) or name not in value:
            if may_lack:
                return None
            raise changed(card, f"no field {path}: a row is {str(row)[:150]}")
        value = cast(dict[str, Any], value)[name]
    if isinstance(value, list) or (isinstance(value, dict) and not path.endswith(".*")):
        raise changed(card, f"field {path} holds a {type(cast(object, value)).__name__}, not a value")
    return cast(object, value)


def _text(value: object) -> str | None:
    if isinstance(value, dict):
        named = cast(dict[str, Any], value)
        value = "; ".join(f"{name}={named[name]}" for name in sorted(named))
    if value is None:
        return None
    # JSON may carry halves of surrogate pairs, which no text can hold.
    return str(value).encode("utf-8", "replace").decode("utf-8").strip() or None
