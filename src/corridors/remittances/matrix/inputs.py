"""Tables of stocks, incomes and recorded remittances as arrays of one year."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from corridors.errors import DataError
from corridors.intake import IntoTable, TableSpec, as_polars, matrix_of, take
from corridors.numerics.typing import Array

INCOME = "gdp_per_capita_ppp2021"
_LEAST_INCOME, _MOST_INCOME = 400.0, 200_000.0


@dataclass(frozen=True, slots=True)
class Note:
    """A place whose figures are missing or were not used as they are, and what was done.

    Attributes
    ----------
    rule
        ``no-income``, ``no-stock``, ``no-inflow``, ``no-outflow``, ``zero-inflow``,
        ``zero-outflow`` or ``stock-year``.
    place
        Code, or ``WORLD``.
    value
        The figure in question, or None.
    message
        One sentence.
    """

    rule: str
    place: str
    value: float | None
    message: str


@dataclass(frozen=True, slots=True)
class MatrixInputs:
    """Figures of one year; NaN is unknown, not zero.

    Attributes
    ----------
    places
        Codes of the ``n`` places.
    year
        The year.
    stock
        Persons born in the row living in the column, shape ``(n, n)``, zero diagonal.
    income
        International dollars a year, shape ``(n,)``.
    inflow, outflow
        Received and paid, shape ``(n,)``, USD million.
    notes
        What is missing, by place.
    """

    places: tuple[str, ...]
    year: int
    stock: Array = field(repr=False)
    income: Array = field(repr=False)
    inflow: Array = field(repr=False)
    outflow: Array = field(repr=False)
    notes: tuple[Note, ...] = field(repr=False, default=())


def matrix_inputs(
    stock: IntoTable,
    economy: IntoTable,
    remittances: IntoTable,
    year: int,
    *,
    income_column: str = INCOME,
) -> MatrixInputs:
    """Read the three tables for one year.

    Parameters
    ----------
    stock
        Columns ``origin``, ``destination``, ``year`` and ``value``, or ``female`` and ``male``: persons.
        Between two years it is interpolated, before the first and after the last the nearest is taken; a
        corridor known at one of the two years only takes that one.
    economy
        Columns ``country``, ``year`` and the income column.
    remittances
        Columns ``country``, ``year``, ``received``, ``paid``, USD million; blank is unknown.
    year
        The year.
    income_column
        Income per head in dollars (not thousands) a year; of purchasing power parity, as the makers of the
        published matrices use.

    Returns
    -------
    MatrixInputs
        Of all places with migrants abroad, migrants at home, or remittances in the year.

    Raises
    ------
    DataError
        Missing columns, duplicate, negative or non-numeric rows, no figures in the year, incomes
        that can not be dollars a year.

    Examples
    --------
    >>> import polars as pl
    >>> from corridors.remittances.matrix import matrix_inputs
    >>> stock = pl.DataFrame({"origin": ["A", "A"], "destination": ["B", "B"], "year": [2010, 2015],
    ...                       "value": [10.0, 20.0]})
    >>> economy = pl.DataFrame({"country": ["B"], "year": [2012], "gdp_per_capita_ppp2021": [30_000.0]})
    >>> money = pl.DataFrame({"country": ["A"], "year": [2012], "received": [5.0], "paid": [None]})
    >>> found = matrix_inputs(stock, economy, money, 2012)
    >>> found.stock.tolist(), [note.rule for note in found.notes if note.place == "A"]
    ([[0.0, 14.0], [0.0, 0.0]], ['no-income'])
    """
    people, stock_note = _stock_of(stock, year)
    incomes = _by_country(economy, "economy", year, [income_column])
    money = _by_country(remittances, "remittances", year, ["received", "paid"])
    places = tuple(sorted(set(people["origin"]) | set(people["destination"]) | set(money["country"])))
    index = {code: i for i, code in enumerate(places)}
    table = matrix_of(people.select("origin", "destination", "value"), places)
    np.fill_diagonal(table, 0.0)
    income = _aligned(incomes, income_column, index)
    _check_unit(income, income_column)
    inflow, outflow = _aligned(money, "received", index), _aligned(money, "paid", index)
    notes = (*stock_note, *_notes(places, table, income, inflow, outflow))
    return MatrixInputs(places, year, table, income, inflow, outflow, notes)


def _stock_of(stock: IntoTable, year: int) -> tuple[pl.DataFrame, tuple[Note, ...]]:
    keys = ["origin", "destination", "year"]
    given = as_polars(stock, "stock")
    by_sex = "value" not in given.columns and {"female", "male"} <= set(given.columns)
    parts = ["female", "male"] if by_sex else ["value"]
    asked = TableSpec(
        "stock", texts=keys[:2], whole=["year"], numbers=parts, key=keys, at_least=dict.fromkeys(parts, 0)
    )
    frame = take(given, asked).with_columns(value=sum((pl.col(p) for p in parts[1:]), pl.col(parts[0])))
    years = sorted(frame["year"].unique())
    before = max((y for y in years if y <= year), default=years[0])
    after = min((y for y in years if y >= year), default=years[-1])
    first, last = (
        frame.filter(pl.col("year") == y).select("origin", "destination", pl.col("value").alias(name))
        for y, name in ((before, "first"), (after, "last"))
    )
    share = 0.0 if after == before else (year - before) / (after - before)
    both = first.join(last, on=keys[:2], how="full", coalesce=True)
    either = pl.coalesce("first", "last"), pl.coalesce("last", "first")
    people = both.with_columns(value=either[0] * (1 - share) + either[1] * share).sort(keys[:2])
    if before == after == year:
        return people, ()
    words = f"stocks of {before}" if before == after else f"stocks of {before} and {after} interpolated"
    return people, (Note("stock-year", "WORLD", float(before), f"{words} stand for {year}"),)


def _by_country(data: IntoTable, name: str, year: int, columns: list[str]) -> pl.DataFrame:
    keys = ["country", "year"]
    asked = TableSpec(
        name,
        texts=["country"],
        whole=["year"],
        numbers=columns,
        blank=columns,
        key=keys,
        at_least=dict.fromkeys(columns, 0),
    )
    rows = take(data, asked).filter(pl.col("year") == year)
    if rows.is_empty():
        raise DataError(f"table '{name}' has no row of {year}", remedy="choose a year that it covers")
    return rows


def _check_unit(income: Array, column: str) -> None:
    known = income[np.isfinite(income)]
    if known.size and not _LEAST_INCOME <= float(np.median(known)) <= _MOST_INCOME:
        raise DataError(
            f"{column} does not look like dollars a year: its median is {np.median(known):,.6g}",
            "A power of an income gap depends on the unit.",
            "give income per head in dollars (not thousands, not a day or a month) a year",
        )


def _notes(
    places: tuple[str, ...], stock: Array, income: Array, inflow: Array, outflow: Array
) -> Iterable[Note]:
    abroad, at_home = stock.sum(1), stock.sum(0)
    for k, place in enumerate(places):
        if np.isnan(income[k]):
            people = float(abroad[k] + at_home[k])
            yield Note("no-income", place, None, f"income unknown; {people:,.0f} migrants from or in it")
        if abroad[k] > 0 and np.isnan(inflow[k]):
            yield Note("no-inflow", place, None, "migrants abroad, but no recorded inflow: no estimate")
        if abroad[k] > 0 and inflow[k] == 0:
            yield Note("zero-inflow", place, 0.0, "a recorded inflow of zero, with migrants abroad")
        if abroad[k] == 0 and inflow[k] > 0:
            yield Note(
                "no-stock", place, float(inflow[k]), "inflow without migrants abroad: to the residual sender"
            )
        if at_home[k] == 0 and outflow[k] > 0:
            yield Note("no-stock", place, float(outflow[k]), "outflow without migrants at home: not used")
        if at_home[k] > 0 and np.isnan(outflow[k]):
            yield Note("no-outflow", place, None, "migrants at home, but no recorded outflow")
        if at_home[k] > 0 and outflow[k] == 0:
            yield Note("zero-outflow", place, 0.0, "a recorded outflow of zero, with migrants at home")


def _aligned(frame: pl.DataFrame, column: str, index: dict[str, int]) -> Array:
    out = np.full(len(index), np.nan)
    for code, figure in frame.select("country", column).iter_rows():
        if code in index and figure is not None:
            out[index[code]] = figure
    return out
