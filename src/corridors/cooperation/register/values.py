"""A value of a file as the type its field asks for."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, cast
from urllib.parse import urlsplit

import polars as pl

from corridors import places
from corridors.cooperation.register.entries import Transition, check_slug
from corridors.cooperation.register.problems import closest
from corridors.cooperation.register.schema import Field, concerns
from corridors.errors import DataError, NotFound
from corridors.intake.frames import tidy
from corridors.intake.numerals import TWO_WAYS, both_readings, numerals

WORLD = "WLD"
_YEARS = (1800, 2300)


def typed(field: Field, value: object) -> Any:
    """The value in the type of the field.

    Parameters
    ----------
    field
        The field.
    value
        What the file holds: text from a spreadsheet, or text, numbers, dates and lists.

    Raises
    ------
    DataError
        The value can not be taken; title and remedy say why.

    Examples
    --------
    >>> from corridors.cooperation.register.schema import fields
    >>> typed(fields()["target_date"], "2030-12-31"), typed(fields()["countries"], "Mexico")
    (datetime.date(2030, 12, 31), ('MEX',))
    """
    return _READERS[field.type](field, value)


def _text(_: Field, value: object) -> str:
    if not isinstance(value, str):
        raise DataError(f"{value!r} is no text", remedy="put it in quotes")
    words = " ".join(value.split())
    if not words:
        raise DataError("is empty", remedy="fill it in, or leave the field out")
    if not words.isprintable():
        raise DataError("holds control characters", remedy="remove them")
    return words


def _texts(field: Field, value: object) -> tuple[str, ...]:
    items = cast(list[object], value) if isinstance(value, list) else [value]
    found = tuple(_text(field, item) for item in items)
    if any(";" in item for item in found):
        raise DataError("holds a semicolon inside an item", remedy="use a comma; semicolons part items")
    return found


def _slug(field: Field, value: object) -> str:
    return check_slug(_text(field, value))


def _url(field: Field, value: object) -> str:
    address = _text(field, value)
    try:
        parts = urlsplit(address)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.netloc or " " in address:
        raise DataError(f"{address!r} is no address", remedy="begin with https://")
    return address


def _choice(field: Field, value: object) -> str:
    word = _text(field, value)
    if word not in field.allowed:
        raise DataError(f"{word!r} is not known", remedy=closest(word, field.allowed))
    return word


def _indicator(field: Field, value: object) -> str:
    word = _text(field, value)
    if field.allowed and word not in field.allowed:
        own = "or define one of your own in indicator_definition"
        raise DataError(f"{word!r} is not known", remedy=f"{closest(word, field.allowed)} {own}")
    return word


def _concern(field: Field, value: object) -> str:
    word = _text(field, value)
    if word not in concerns():
        raise DataError(f"no concern is called {word!r}", remedy=closest(word, concerns()))
    return word


def _place(field: Field, value: object) -> str:
    name = _text(field, _tidied(value))
    return WORLD if name in (WORLD, "World") else _country(name)


def _country(name: str) -> str:
    try:
        return places.code(name)
    except NotFound as error:
        raise DataError(error.title, remedy=error.detail or error.remedy) from None


def _places(field: Field, value: object) -> tuple[str, ...]:
    items = cast(list[object], value) if isinstance(value, list) else [value]
    return tuple(_country(name) for name in _texts(field, [_tidied(item) for item in items]))


def _tidied(value: object) -> object:
    """A name of a place without marks that nobody sees; a longer text stays as it is."""
    return tidy(pl.Series([value])).item() if isinstance(value, str) else value


def _number(_: Field, value: object) -> float:
    return _figure(value)


def _figure(value: object, *, whole: bool = False) -> float:
    if isinstance(value, str):
        read = numerals(tidy(pl.Series([value])), whole=whole)
        if read.ambiguous.item():
            raise DataError(
                f"{value!r} can be read in two ways", remedy=f"{both_readings(value)}; {TWO_WAYS}"
            )
        number = read.values.item()
    else:
        number = _of_file(value)
    if number is None or not math.isfinite(number):
        raise DataError(f"{value!r} is no number", remedy="write it with a point and no separators: 1234.5")
    return number + 0.0  # -0.0 and 0.0 are one value with two spellings


def _of_file(value: object) -> float:
    try:
        return math.nan if isinstance(value, bool) else float(cast(Any, value))
    except (TypeError, ValueError, OverflowError):
        return math.nan


def _year(_: Field, value: object) -> int:
    number = _figure(value, whole=True)
    if not number.is_integer() or not _YEARS[0] <= number <= _YEARS[1]:
        raise DataError(f"{value!r} is no year", remedy=f"give a whole year, {_YEARS[0]} to {_YEARS[1]}")
    return int(number)


def _date(_: Field, value: object) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, str):
        day, clock = (*value.strip().split(" ", 1), "")[:2]
        if not clock.strip("0:."):  # spreadsheets add a midnight to every day
            try:
                return date.fromisoformat(day)
            except ValueError:
                pass
    raise DataError(f"{value!r} is no date", remedy="write year-month-day: 2030-12-31")


def _transitions(field: Field, value: object) -> tuple[Transition, ...]:
    if not isinstance(value, list):
        raise DataError("is no list of steps", remedy='write [["stated", 2011-05-19, "A/65/944"]]')
    steps = cast(list[object], value)
    return tuple(_step(field, number, step) for number, step in enumerate(steps, 1))


def _step(field: Field, number: int, step: object) -> Transition:
    if isinstance(step, Mapping):
        named = cast(Mapping[str, object], step)
        step = [named.get(name) for name in ("state", "date", "source")]
    parts = cast(list[object], step) if isinstance(step, list) else []
    if len(parts) != 3:
        raise DataError(
            f"step {number} is not state, date and source", remedy="give all three, in this order"
        )
    try:
        return Transition(_text(field, parts[0]), _date(field, parts[1]), _text(field, parts[2]))
    except DataError as error:
        raise DataError(f"step {number}: {error.title}", remedy=error.remedy) from None


_READERS: dict[str, Callable[[Field, object], Any]] = {
    "slug": _slug,
    "text": _text,
    "texts": _texts,
    "url": _url,
    "choice": _choice,
    "indicator": _indicator,
    "concern": _concern,
    "place": _place,
    "places": _places,
    "number": _number,
    "year": _year,
    "date": _date,
    "transitions": _transitions,
}
