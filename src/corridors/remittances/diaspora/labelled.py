"""Savings of diasporas from tables with names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl

from corridors.errors import DataError
from corridors.intake import IntoTable, TableSpec, as_polars, matrix_of, take
from corridors.numerics.typing import Array
from corridors.parameters import value
from corridors.remittances.diaspora.income import diaspora_savings_matrix
from corridors.remittances.diaspora.savings import DiasporaSavings


def diaspora_savings(
    stock: IntoTable,
    economy: IntoTable,
    *,
    tertiary: IntoTable | None = None,
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
    table = matrix_of(people, origins, hosts)
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


def _education(table: IntoTable, origins: Sequence[str], hosts: Sequence[str]) -> Array:
    given = as_polars(table, "tertiary")
    if "destination" in given.columns:
        rows = _rows(given, "tertiary", ["origin", "destination"], "share", blank=True)
        return matrix_of(rows, origins, hosts, absent=np.nan)
    share = dict(_rows(given, "tertiary", ["origin"], "share", blank=True).iter_rows())
    one = np.array([_number(share.get(place)) for place in origins])
    return np.repeat(one[:, None], len(hosts), axis=1)


def _number(figure: float | None) -> float:
    return np.nan if figure is None else float(figure)


def _rows(data: IntoTable, name: str, keys: list[str], column: str, *, blank: bool = False) -> pl.DataFrame:
    asked = TableSpec(
        name,
        texts=keys,
        numbers=[column],
        blank=[column] if blank else (),
        key=keys,
        once="give one year, sex and source",
        at_least={column: 0},
    )
    return take(data, asked)
