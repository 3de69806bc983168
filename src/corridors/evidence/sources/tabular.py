"""Publishers' CSV files and pages of JSON as frames of texts, checked for what a reader needs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

import polars as pl

from corridors.errors import DataError
from corridors.evidence.sources.answers import parse_json
from corridors.evidence.sources.source_cards import Request, SourceCard
from corridors.intake.frames import wrapped
from corridors.wording import rows_in_words

_MOST_PAGES = 5_000
_PAGE = re.compile(r"(?<=[?&])page=\d+")
_REMEDY = "use the release of corridors that knows it, or give the table as an own file"


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
    if len(set(plain.values())) < len(names):
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


def number(column: str) -> pl.Expr:
    """A column of texts as numbers; what is none, and what is not finite, is missing.

    Examples
    --------
    >>> texts = pl.DataFrame({"x": ["1,234", "0", "-", "nan", None]})
    >>> texts.select(number("x"))["x"].to_list()
    [1234.0, 0.0, None, None, None]
    """
    value = pl.col(column).str.replace_all(r"[\s,]", "").cast(pl.Float64, strict=False)
    return pl.when(value.is_finite()).then(value).alias(column)


def whole(column: str) -> pl.Expr:
    """A column of texts as whole numbers; see `number`.

    Examples
    --------
    >>> pl.DataFrame({"x": ["2020.0", ""]}).select(whole("x"))["x"].to_list()
    [2020, None]
    """
    return number(column).round().cast(pl.Int64, strict=False)


def json_object(path: Path, card: SourceCard) -> dict[str, Any]:
    """Parse a JSON file that should hold an object.

    Raises
    ------
    DataError
        It is no JSON, or something else.
    """
    answer = parse_json(path, f"source '{card.name}'")
    if not isinstance(answer, dict):
        raise changed(card, f"an answer is a {type(answer).__name__} and not an object")
    return cast(dict[str, Any], answer)


def records(answer: Mapping[str, Any], key: str, fields: Sequence[str], card: SourceCard) -> pl.DataFrame:
    """Rows of a JSON answer as texts; JSON null is missing.

    Parameters
    ----------
    answer
        The answer.
    key
        Where its list of rows is.
    fields
        What to take from each row; ``a.b`` is field b of the object in field a, and an object
        as a whole becomes ``name=value; name=value``.
    card
        The source.

    Raises
    ------
    DataError
        There is no such list, or no row has one of the fields.

    Examples
    --------
    >>> from corridors.evidence.sources import source
    >>> answer = {"data": [{"value": 5, "dimensions": {"Sex": "F"}}, {"value": None}]}
    >>> records(answer, "data", ["value", "dimensions.Sex"], source("un-sdg-migration")).rows()
    [('5', 'F'), (None, None)]
    """
    rows = answer.get(key)
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise changed(card, f"no list of rows '{key}'; found: {', '.join(map(str, answer))[:300]}")
    known = cast(list[dict[str, Any]], rows)
    series = {
        field: pl.Series(field, [_text(_at(row, field)) for row in known], pl.String) for field in fields
    }
    tops = {field.split(".")[0] for field in fields}
    absent = sorted(top for top in tops if known and not any(top in row for row in known))
    if absent:
        raise changed(card, f"no field {', '.join(absent)}; fields: {', '.join(map(str, known[0]))[:300]}")
    return pl.DataFrame(series)


def further_pages(card: SourceCard, request: Request, path: Path, count: str) -> tuple[Request, ...]:
    """Requests for all pages after the first, whose number the first answer tells.

    Parameters
    ----------
    card, request, path
        As the readers get them; the address has a part ``page=1``.
    count
        Field of the answer with the number of pages.
    """
    if request.file not in card.addresses:
        return ()
    pages = page_count(json_object(path, card), count, card)
    return tuple(
        Request(_page_file(request.file, n), _PAGE.sub(f"page={n}", request.address), request.kind)
        for n in range(2, pages + 1)
    )


def answers(card: SourceCard, files: Mapping[str, Path], count: str) -> Iterator[dict[str, Any]]:
    """All pages of all addresses of a card, in order.

    Raises
    ------
    DataError
        A page is missing, or a later one tells of another number of pages: the figures changed
        while they were fetched.
    """
    for file in card.addresses:
        pages = 1
        number = 0
        while number < pages:
            number += 1
            name = file if number == 1 else _page_file(file, number)
            if name not in files:
                raise DataError(
                    f"source '{card.name}' lacks page {number} of {pages}", name, "fetch the source again"
                )
            answer = json_object(files[name], card)
            told = page_count(answer, count, card)
            if number > 1 and told != pages:
                raise DataError(
                    f"source '{card.name}' changed while it was fetched",
                    f"page {number} tells of {told} pages, the first of {pages}",
                    "fetch the source again",
                )
            pages = told
            yield answer


def page_count(answer: Mapping[str, Any], field: str, card: SourceCard) -> int:
    """The number of pages that an answer tells; none at all counts as one empty page.

    Examples
    --------
    >>> from corridors.evidence.sources import source
    >>> page_count({"maxPages": 13}, "maxPages", source("unhcr-population"))
    13
    """
    value = answer.get(field)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _MOST_PAGES:
        raise changed(card, f"no number of pages in '{field}': {str(value)[:60]}")
    return max(value, 1)


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


def _page_file(file: str, page: int) -> str:
    path = Path(file)
    return f"{path.stem}.page{page:04d}{path.suffix}"


def _at(row: Mapping[str, Any], field: str) -> Any:
    value: Any = row
    for part in field.split("."):
        value = cast(dict[str, Any], value).get(part) if isinstance(value, dict) else None
    return value


def _text(value: Any) -> str | None:
    if isinstance(value, dict):
        named = cast(dict[str, Any], value)
        value = "; ".join(f"{name}={named[name]}" for name in sorted(named))
    if value is None or isinstance(value, list):
        return None
    # JSON may carry halves of surrogate pairs, which no text can hold.
    return str(value).encode("utf-8", "replace").decode("utf-8").strip() or None
