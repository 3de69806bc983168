"""Tables of stocks, incomes and recorded remittances as arrays of one year."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import polars as pl

from corridors.errors import DataError
from corridors.intake import IntoTable, TableSpec, matrix_of, take
from corridors.numerics.typing import Array
from corridors.remittances.matrix.notes import Note
from corridors.remittances.matrix.stock_years import stock_in

INCOME = "gdp_per_capita_ppp2021"
_LEAST_INCOME, _MOST_INCOME = 400.0, 200_000.0
_INCOME_YEARS = _OUTFLOW_YEARS = 5


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
    before
        Where nobody's outflow of the year is recorded: the same places in the latest year shortly before
        in which some are, whose ratio of recorded to modelled outflow a reconciliation holds.
    """

    places: tuple[str, ...]
    year: int
    stock: Array = field(repr=False)
    income: Array = field(repr=False)
    inflow: Array = field(repr=False)
    outflow: Array = field(repr=False)
    notes: tuple[Note, ...] = field(repr=False, default=())
    before: MatrixInputs | None = field(repr=False, default=None)


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
        Columns ``origin``, ``destination``, ``year`` and ``value``, or ``female`` and ``male``: persons;
        see :func:`stock_in`.
    economy
        Columns ``country``, ``year`` and the income column. Where a country's income of the year is
        unknown, its latest of the five years before stands in, with a note.
    remittances
        Columns ``country``, ``year``, ``received``, ``paid``, USD million; blank is unknown. Where there is
        a column ``carried_forward`` and it is true, ``received`` repeats an earlier year: it is unknown.
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
    found = _of_year(stock, economy, remittances, year, income_column, set())
    earlier = _year_with_outflows(remittances, year)
    if earlier is None or np.isfinite(found.outflow).any():
        return found
    before = _of_year(stock, economy, remittances, earlier, income_column, set(found.places))
    found = _of_year(stock, economy, remittances, year, income_column, set(before.places))
    words = f"no outflow of {year} is recorded: senders keep their ratio of recorded to modelled of {earlier}"
    note = Note("outflow-year", "WORLD", float(earlier), words)
    silent = (n for n in found.notes if n.rule != "no-outflow")
    return replace(found, before=before, notes=(note, *silent))


def _of_year(
    stock: IntoTable,
    economy: IntoTable,
    remittances: IntoTable,
    year: int,
    income_column: str,
    also: set[str],
) -> MatrixInputs:
    people, stock_notes = stock_in(stock, year)
    incomes, income_notes = _incomes(economy, year, income_column)
    money, carried = _money(remittances, year)
    places = tuple(sorted({*people["origin"], *people["destination"], *money["country"], *also}))
    index = {code: i for i, code in enumerate(places)}
    table = matrix_of(people.select("origin", "destination", "value"), places)
    np.fill_diagonal(table, 0.0)
    income = _aligned(incomes, income_column, index)
    _check_unit(income, income_column)
    inflow, outflow = _aligned(money, "received", index), _aligned(money, "paid", index)
    notes = (*stock_notes, *income_notes, *carried, *_notes(places, table, income, inflow, outflow))
    return MatrixInputs(places, year, table, income, inflow, outflow, notes)


def _incomes(economy: IntoTable, year: int, column: str) -> tuple[pl.DataFrame, tuple[Note, ...]]:
    """The latest income of each country, of the year or shortly before."""
    asked = _by_country_and_year("economy", [column])
    known = take(economy, asked).drop_nulls(column)
    near = known.filter(pl.col("year").is_between(year - _INCOME_YEARS, year)).sort("year")
    if near.is_empty():
        raise DataError(
            f"table 'economy' has no row of {year} or shortly before", remedy="choose a year that it covers"
        )
    latest = near.group_by("country").last().sort("country")
    newest = int(str(latest["year"].max()))
    world = (Note("income-year", "WORLD", float(newest), f"incomes of {newest} stand for {year}"),)
    older = latest.filter(pl.col("year") < newest).select("country", "year")
    single = (
        Note("income-year", country, float(since), f"income of {since} stands for {year}")
        for country, since in older.iter_rows()
    )
    return latest, (*(world if newest < year else ()), *single)


def _money(remittances: IntoTable, year: int) -> tuple[pl.DataFrame, tuple[Note, ...]]:
    """Recorded totals of the year, without those that repeat an earlier one."""
    asked = _by_country_and_year("remittances", ["received", "paid"], truths=["carried_forward"])
    rows = take(remittances, asked).filter(pl.col("year") == year)
    if rows.is_empty():
        raise DataError(f"table 'remittances' has no row of {year}", remedy="choose a year that it covers")
    repeated = pl.col("carried_forward").fill_null(value=False)
    notes = tuple(
        Note("carried-forward", country, received, "the recorded inflow repeats an earlier year: not used")
        for country, received in rows.filter(repeated).select("country", "received").iter_rows()
    )
    return rows.with_columns(received=pl.when(~repeated).then("received")), notes


def _year_with_outflows(remittances: IntoTable, year: int) -> int | None:
    rows = take(remittances, _by_country_and_year("remittances", ["received", "paid"]))
    near = rows.filter(pl.col("year").is_between(year - _OUTFLOW_YEARS, year - 1), pl.col("paid") > 0)
    last = near["year"].max()
    return None if last is None else int(str(last))


def _by_country_and_year(name: str, columns: list[str], truths: Sequence[str] = ()) -> TableSpec:
    return TableSpec(
        name,
        texts=["country"],
        any_places=["country"],
        whole=["year"],
        numbers=columns,
        truths=truths,
        optional=truths,
        blank=columns,
        key=["country", "year"],
        at_least=dict.fromkeys(columns, 0),
    )


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
