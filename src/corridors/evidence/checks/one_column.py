"""What is wrong in one column: from its texts to typed values."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from corridors import places
from corridors.errors import NotFound
from corridors.evidence.table_schemas import ColumnSchema
from corridors.intake.numerals import TWO_WAYS, Numerals, both_readings, numerals
from corridors.intake.place_columns import NO_PLACE, no_single_places
from corridors.wording import SHOWN, counted

_DATE = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}([ T]|$)"
TRUTH = {"1": True, "1.0": True, "true": True, "0": False, "0.0": False, "false": False}


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with some values of one column."""

    column: str
    bad: pl.Series
    says: str
    remedy: str
    hints: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def hint(self) -> str:
        """What is known of the first values at fault, a line each."""
        more = [f"and {len(self.hints) - SHOWN} others"] if len(self.hints) > SHOWN else []
        return "\n".join([*list(self.hints.values())[:SHOWN], *more])

    def __str__(self) -> str:
        number = int(self.bad.sum())
        verb = "is" if number == 1 else "are"
        return f"column '{self.column}': {counted(number, 'value')} {verb} {self.says}"


def typed_column(column: ColumnSchema, text: pl.Series) -> tuple[pl.Series, list[Fault]]:
    """Type one column and list its faults; a value at fault becomes whatever it may.

    Examples
    --------
    >>> import polars as pl
    >>> from corridors.evidence.table_schemas import table_schema
    >>> gini = table_schema("income_distribution").column("gini")
    >>> values, faults = typed_column(gini, pl.Series("gini", ["0.3", "45.4"]))
    >>> print(*faults)
    column 'gini': 1 value is above 1
    """
    match column.type:
        case "int" | "float":
            values, faults = _numbers(column, text)
        case "bool01":
            values, faults = _truths(column, text)
        case "str" if column.holds_places:
            values, faults = _places(column, text)
        case "str" if column.holds_any_places:
            values, faults = text, _any_places(column, text)
        case "str":
            values, faults = text, _words(column, text)
    if not column.nullable:
        remedy = "give every value or leave out the row; missing is not zero"
        faults = [Fault(column.name, text.is_null(), "missing", remedy), *faults]
    return values, [fault for fault in faults if fault.bad.any()]


def _numbers(column: ColumnSchema, text: pl.Series) -> tuple[pl.Series, list[Fault]]:
    low = -math.inf if column.minimum is None else column.minimum
    high = math.inf if column.maximum is None else column.maximum
    read = numerals(text, whole=column.type == "int", low=low, high=high)
    value = read.values
    dated = text.str.contains(_DATE).fill_null(value=False)
    finite = value.is_finite().fill_null(value=False)
    typed = value
    if column.type == "int":
        whole = value.set(~finite | (value != value.round()), None)
        # Cast from the text first: a float holds no more than 15 digits.
        typed = text.cast(pl.Int64, strict=False).fill_null(whole.cast(pl.Int64, strict=False))
    claims = [
        (read.ambiguous, "to be read in two ways", f"{_readings(text, read)}; {TWO_WAYS}"),
        (read.wrong & dated, "a date and not a number", "format the column as numbers, and a year as 2020"),
        (
            read.wrong & ~dated,
            "not a number",
            "write digits, with a point for decimals and no thousands separators"
            + ("; leave the cell blank where unknown" if column.nullable else ""),
        ),
        (
            value.is_not_null() & ~finite,
            "not finite",
            "replace NaN and infinity by real values or leave out the row",
        ),
        (
            finite & typed.is_null(),
            "not a whole number",
            f"round to whole {column.unit or 'numbers'}",
        ),
        (
            finite & (value < low),
            f"below {low:g}",
            f"{column.description}: at least {low:g}",
        ),
        (
            finite & (value > high),
            f"above {high:g}",
            f"{column.description}: at most {high:g}",
        ),
    ]
    return typed, [Fault(column.name, *claim) for claim in claims]


def _readings(text: pl.Series, read: Numerals) -> str:
    return both_readings(text.filter(read.ambiguous)[0]) if read.ambiguous.any() else ""


def _truths(column: ColumnSchema, text: pl.Series) -> tuple[pl.Series, list[Fault]]:
    value = text.str.to_lowercase().replace_strict(TRUTH, default=None, return_dtype=pl.Boolean)
    bad = text.is_not_null() & value.is_null()
    return value, [Fault(column.name, bad, "neither 0 nor 1", "write 1 for yes, 0 for no")]


def _words(column: ColumnSchema, text: pl.Series) -> list[Fault]:
    if not column.allowed:
        return []
    if column.allowed.startswith("regex:"):
        pattern = column.allowed.removeprefix("regex:")
        bad = ~text.str.contains(f"^(?:{pattern})$")
        remedy = f"{column.description}: the pattern is {pattern}"
    else:
        words = column.allowed.split("|")
        bad = ~text.is_in(words)
        remedy = f"use {', '.join(words)}"
    return [Fault(column.name, bad.fill_null(value=False), "not allowed", remedy)]


def _places(column: ColumnSchema, text: pl.Series) -> tuple[pl.Series, list[Fault]]:
    """Replace names and two-letter codes by codes, as far as the register knows them."""
    kinds = ["country", "historical", "group"]
    more = column.allowed.partition("+")[2]
    codes = places.codes(*kinds, *(["special"] if more == "special" else [])) | ({more} - {"", "special"})
    meant: dict[str, str] = {}
    told: dict[str, dict[str, str]] = {"not a country or area": {}, "missing": {}, "a total of places": {}}
    for value in text.unique(maintain_order=True).drop_nulls():
        if value in codes:
            continue
        try:
            code = places.find(value[:80]).code
        except NotFound as unknown:
            says = _says(value)
            told[says][value] = f"'{value[:60]}': {unknown.detail or unknown.title}"
        else:
            if code in codes:
                meant[value] = code
            else:
                what = f"'{value[:60]}' is {code}, which this column does not take"
                told["not a country or area"][value] = what
    faults = [
        Fault(column.name, text.is_in(list(hints)).fill_null(value=False), says, _PLACE_REMEDIES[says], hints)
        for says, hints in told.items()
        if hints
    ]
    return (text.replace(meant) if meant else text), faults


def _any_places(column: ColumnSchema, text: pl.Series) -> list[Fault]:
    return [
        Fault(column.name, text.is_in(found).fill_null(value=False), said, NO_PLACE[said])
        for said, found in no_single_places(text).items()
    ]


_PLACE_REMEDIES = {
    "not a country or area": "use ISO 3166-1 alpha-3 codes",
    "missing": "give the place or leave out the row",
    "a total of places": "leave out rows of totals",
}


def _says(value: str) -> str:
    if places.says_missing(value):
        return "missing"
    return "a total of places" if places.says_total(value) else "not a country or area"
