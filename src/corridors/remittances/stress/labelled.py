"""Stress tests of tables with names."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from corridors.errors import DataError, NotFound
from corridors.intake import IntoTable, TableSpec, matrix_of, take
from corridors.numerics.typing import Array
from corridors.parameters import value
from corridors.remittances.stress.history import Record
from corridors.remittances.stress.project import stress_test
from corridors.remittances.stress.projected_inflows import StressTest
from corridors.remittances.stress.responses import Responses
from corridors.remittances.stress.shock import Shock

ByPlace = Mapping[str, float]
ByCorridor = Mapping[str | tuple[str, str], float] | float


def stress_corridors(
    corridors: IntoTable,
    *,
    host_income: ByPlace | None = None,
    home_income: ByPlace | None = None,
    host_currency: ByPlace | None = None,
    home_currency: ByPlace | None = None,
    expelled: ByCorridor = 0.0,
    closed: ByCorridor = 0.0,
    recapture: float = 0.0,
    cost_before: ByCorridor | None = None,
    cost_after: ByCorridor | None = None,
    tax: ByCorridor = 0.0,
    taxed_share: ByCorridor = 1.0,
    responses: Responses | None = None,
    record: Record | None = None,
    columns: tuple[str, str, str] = ("sending", "receiving", "usd_million"),
    draws: int = 200,
    seed: int = 0,
    level: float | None = None,
) -> StressTest:
    """Project what receivers get after a shock, from a table of corridors.

    Parameters
    ----------
    corridors
        One row a corridor, with the columns named in ``columns``.
    host_income, home_income, host_currency, home_currency
        Relative changes by ISO code; see :class:`Shock`.
    expelled
        Share of migrants who have to leave: one number, or by sending country, or by a pair (sending,
        receiving), which goes before.
    closed, recapture, cost_before, cost_after, tax, taxed_share
        As in :class:`Shock`, given like ``expelled``. Corridors without a new cost keep the old one.
    responses
        Typed elasticities; :func:`default_responses` where not given.
    record
        What was recorded: the history of inflows, and back-tests where incomes of hosts change.
    columns
        Names of the sending, receiving and amount column (USD million).
    draws, seed, level
        As in :func:`stress_test`.

    Returns
    -------
    StressTest
        With the history and the back-tests of the record.

    Raises
    ------
    DataError
        Columns are absent, rows stand twice or are negative.
    NotFound
        A shock names a place or corridor that the table does not have.

    Examples
    --------
    >>> import polars as pl
    >>> from corridors.remittances.stress import stress_corridors
    >>> table = pl.DataFrame({"sending": ["USA", "ESP"], "receiving": ["MEX", "MEX"],
    ...                       "usd_million": [50_000.0, 500.0]})
    >>> found = stress_corridors(table, expelled={"USA": 0.1}, draws=0)
    >>> found.to_polars().filter(pl.col("country") == "MEX")["after"].to_list()
    [45500.0]
    """
    table, label = _square(corridors, columns)
    before = None if cost_before is None else _pairs("cost_before", cost_before, label, np.nan)
    after = before if cost_after is None else _pairs("cost_after", cost_after, label, before)
    shock = Shock(
        host_income=_places("host_income", host_income, label),
        home_income=_places("home_income", home_income, label),
        host_currency=_places("host_currency", host_currency, label),
        home_currency=_places("home_currency", home_currency, label),
        stock=-_pairs("expelled", expelled, label, 0.0),
        closure=_pairs("closed", closed, label, 0.0),
        recapture=recapture,
        cost_before=_complete("cost_before", before, table, label),
        cost_after=_complete("cost_after", after, table, label),
        tax=_pairs("tax", tax, label, 0.0),
        taxed_share=_pairs("taxed_share", taxed_share, label, 1.0),
    )
    return stress_test(
        table,
        shock,
        responses,
        labels=label,
        record=record,
        weight_sd=value("corridor_weight_sd"),
        draws=draws,
        seed=seed,
        level=level,
    )


def _places(name: str, given: ByPlace | None, label: list[str]) -> Array:
    changes = given or {}
    _known(name, changes, label)
    return np.array([changes.get(place, 0.0) for place in label], dtype=np.float64)


def _pairs(name: str, given: ByCorridor, label: list[str], absent: Array | float | None) -> Array:
    n = len(label)
    if not isinstance(given, Mapping):
        return np.full((n, n), given, dtype=np.float64)
    _known(name, given, label)
    table = np.full((n, n), np.nan if absent is None else absent, dtype=np.float64)
    # Pairs go last, so that they go before their sending country.
    for key in sorted(given, key=lambda k: isinstance(k, tuple)):
        row, column = (key, slice(None)) if isinstance(key, str) else (key[0], label.index(key[1]))
        table[label.index(row), column] = given[key]
    return table


def _complete(name: str, table: Array | None, amounts: Array, label: list[str]) -> Array | None:
    if table is None:
        return None
    missing = np.argwhere(np.isnan(table) & (amounts > 0))
    if missing.size:
        shown = "\n".join(f"{label[i]} to {label[j]}" for i, j in missing[:5])
        raise DataError(f"{name} is missing for {len(missing)} corridor(s)", shown)
    return np.nan_to_num(table)


def _known(
    name: str, given: Mapping[str, float] | Mapping[str | tuple[str, str], float], label: list[str]
) -> None:
    named = {place for key in given for place in ((key,) if isinstance(key, str) else key)}
    if unknown := sorted(named - set(label)):
        raise NotFound(
            f"{name} names {', '.join(unknown[:5])}, which no corridor has", f"known: {', '.join(label[:20])}"
        )


def _square(data: IntoTable, columns: tuple[str, str, str]) -> tuple[Array, list[str]]:
    ends, amount = list(columns[:2]), columns[2]
    asked = TableSpec(
        "corridors",
        texts=ends,
        numbers=[amount],
        key=ends,
        once="give one year and method",
        at_least={amount: 0},
    )
    rows = take(data, asked)
    label = sorted({*rows[ends[0]], *rows[ends[1]]})
    return matrix_of(rows, label), label
