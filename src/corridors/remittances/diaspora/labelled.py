"""Savings of diasporas from tables with names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import narwhals as nw
import numpy as np
import polars as pl
from narwhals.typing import IntoDataFrame
from numpy.typing import NDArray

from corridors.errors import DataError
from corridors.parameters import value
from corridors.remittances.diaspora.income import diaspora_savings_matrix
from corridors.remittances.diaspora.savings import DiasporaSavings

Array = NDArray[np.float64]


def diaspora_savings(
    stock: IntoDataFrame,
    economy: IntoDataFrame,
    *,
    tertiary: IntoDataFrame | None = None,
    income: str = "gdp_per_capita_usd",
    saving_rates: Mapping[str, float] | None = None,
    draws: int = 200,
    seed: int = 0,
    level: float | None = None,
) -> DiasporaSavings:
    """Savings of people living abroad by country of birth, from tables.

    Parameters
    ----------
    stock
        Columns ``origin`` (birthplace), ``destination`` (residence), ``persons``, of one year; those at home
        do not count.
    economy
        Columns ``country`` and that of the income, USD a year and person, of one year. Hosts that are
        absent or blank leave their people uncovered.
    tertiary
        Columns ``origin``, ``share`` and, where it differs by host, ``destination``: share of people
        with tertiary education, 0 to 1. Where it is not given the result is a range.
    income
        Name of the income column of the economy table.
    saving_rates
        Share of income saved by country of birth; parameter ``diaspora_saving_rate`` for the others.
    draws, seed, level
        As in :func:`diaspora_savings_matrix`.

    Returns
    -------
    DiasporaSavings

    Raises
    ------
    DataError
        Columns are absent, rows stand twice or are negative; names them.

    Examples
    --------
    >>> import polars as pl
    >>> from corridors.remittances.diaspora import diaspora_savings
    >>> stock = pl.DataFrame({"origin": ["A", "B"], "destination": ["B", "C"], "persons": [3e6, 1e6]})
    >>> economy = pl.DataFrame({"country": ["B"], "gdp_per_capita_usd": [30_000]})
    >>> found = diaspora_savings(stock, economy, draws=0)
    >>> found.to_polars().select("country", "uncovered", "least", "most").rows()
    [('A', 0.0, 6000.0, 18000.0), ('B', 1000000.0, None, None)]
    """
    people = _rows(stock, "stock", ["origin", "destination"], "persons")
    incomes = dict(_rows(economy, "economy", ["country"], income, blank=True).iter_rows())
    origins = people["origin"].unique().sort().to_list()
    hosts = people["destination"].unique().sort().to_list()
    table = _table(people, origins, hosts, 0.0)
    for place in set(origins) & set(hosts):
        table[origins.index(place), hosts.index(place)] = 0.0
    rates = dict(saving_rates or {})
    if unknown := sorted(set(rates) - set(origins)):
        raise DataError(f"saving rates are given for {', '.join(unknown[:5])}, which nobody was born in")
    return diaspora_savings_matrix(
        table,
        np.array([_number(incomes.get(host)) for host in hosts]),
        tertiary=None if tertiary is None else _education(tertiary, origins, hosts),
        saving_rate=np.array([rates.get(p, value("diaspora_saving_rate")) for p in origins]),
        labels=origins,
        draws=draws,
        seed=seed,
        level=level,
    )


def _education(table: IntoDataFrame, origins: Sequence[str], hosts: Sequence[str]) -> Array:
    columns = nw.from_native(table, eager_only=True).columns
    if "destination" in columns:
        rows = _rows(table, "tertiary", ["origin", "destination"], "share", blank=True)
        return _table(rows, origins, hosts, np.nan)
    share = dict(_rows(table, "tertiary", ["origin"], "share", blank=True).iter_rows())
    one = np.array([_number(share.get(place)) for place in origins])
    return np.repeat(one[:, None], len(hosts), axis=1)


def _table(rows: pl.DataFrame, origins: Sequence[str], hosts: Sequence[str], absent: float) -> Array:
    at_row = {place: k for k, place in enumerate(origins)}
    at_column = {place: k for k, place in enumerate(hosts)}
    table = np.full((len(origins), len(hosts)), absent)
    for origin, destination, figure in rows.iter_rows():
        if origin in at_row and destination in at_column:
            table[at_row[origin], at_column[destination]] = _number(figure)
    return table


def _number(figure: float | None) -> float:
    return np.nan if figure is None else float(figure)


def _rows(
    data: IntoDataFrame, name: str, keys: list[str], column: str, *, blank: bool = False
) -> pl.DataFrame:
    table = nw.from_native(data, eager_only=True).to_polars()
    if absent := [c for c in (*keys, column) if c not in table.columns]:
        raise DataError(
            f"the {name} table lacks column(s) {', '.join(absent)}", f"it has {', '.join(table.columns)}"
        )
    try:
        rows = table.select(pl.col(*keys).cast(pl.String), pl.col(column).cast(pl.Float64).fill_nan(None))
    except pl.exceptions.PolarsError as error:
        raise DataError(f"the {name} table has text in the column {column}") from error
    number = pl.col(column)
    wrong = (number < 0) | number.is_infinite() | pl.any_horizontal(pl.col(*keys).is_null())
    for bad, what in (
        (rows.filter(pl.struct(keys).is_duplicated()), "stand twice: give one year, sex and source"),
        (rows.filter(wrong.fill_null(not blank)), "have a negative or missing figure"),
    ):
        if bad.height:
            shown = "\n".join(", ".join(map(str, row)) for row in bad.head(5).iter_rows())
            raise DataError(f"{bad.height} row(s) of the {name} table {what}", shown)
    return rows
