"""The embedded record: yearly inflows, and back-tests of the model on them.

The corridors of a back-test are migrants times income of their host (the second rule of Ratha and Shaw
2007) from the embedded stocks, not the published matrix; only receivers' shares by host matter.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import cache
from typing import Literal, get_args

import numpy as np
import polars as pl
from numpy.typing import NDArray

from corridors import packaged, places
from corridors.errors import DataError
from corridors.remittances.elasticities import HostIncomeElasticity
from corridors.remittances.stress.responses import (
    WorldBankHostIncome,
    pre_crisis_elasticity,
    world_bank_elasticity,
)
from corridors.remittances.stress.track_record import BackTest, back_test

Array = NDArray[np.float64]
Method = Literal["elasticity", "world_bank"]
YEARS = tuple(range(2001, 2023))


def inflow_history(labels: Sequence[str]) -> Array:
    """Recorded inflows of places in successive years, shape ``(y, n)``, USD million, NaN where unknown.

    Examples
    --------
    >>> from corridors.remittances.stress import inflow_history
    >>> inflow_history(["MEX"]).shape
    (23, 1)
    """
    return _by_year("remittances", "received", tuple(labels), (2000, *YEARS))


@cache
def embedded_back_tests(
    method: Method = "elasticity",
    value: float = 1.0,
    *,
    group: str = "Low and middle income",
    years: tuple[int, ...] = YEARS,
) -> tuple[BackTest, ...]:
    """Back-tests on the embedded figures, one a year.

    Parameters
    ----------
    method
        ``"elasticity"``: hosts' nominal GDP in dollars with a constant elasticity; ``"world_bank"``: see
        :class:`WorldBankHostIncome`, with elasticities estimated up to the year before.
    value
        The elasticity of the first method.
    group
        Receivers: a group of :func:`corridors.places.members`, as of today.
    years
        Years predicted, 2001 to 2022.

    Examples
    --------
    >>> from corridors.remittances.stress import embedded_back_tests
    >>> for test in embedded_back_tests(years=(2009, 2020)):
    ...     print(test.name, f"{test.predicted_total:+.1%} {test.actual_total:+.1%}")
    2009 -8.9% -5.4%
    2020 -6.0% -1.1%
    """
    if method not in get_args(Method):
        raise DataError(f"method can not be {method!r}", remedy="choose 'elasticity' or 'world_bank'")
    if wrong := [year for year in years if year not in YEARS]:
        raise DataError(f"there is no record to predict {wrong[0]}", remedy="choose years from 2001 to 2022")
    label = _labels()
    outside = np.isin(label, places.members(group), invert=True)
    tests: list[BackTest] = []
    for year in years:
        income = _by_year("economy", "gdp_usd_million", label, range(2000, year + 1))
        inflow = _by_year("remittances", "received", label, (year - 1, year))
        inflow[:, outside] = np.nan
        response = HostIncomeElasticity(value)
        if method == "world_bank":
            paid = _by_year("remittances", "paid", label, range(2000, year))
            response = WorldBankHostIncome(world_bank_elasticity(pre_crisis_elasticity(paid, income[:-1])))
        growth = income[-1] / income[-2] - 1
        table = _corridors(year - 1)
        tests.append(back_test(table, growth, *inflow, response=response, labels=label, name=str(year)))
    return tuple(tests)


@cache
def _figures(name: str) -> pl.DataFrame:
    data = packaged.content(f"evidence/figures/{name}.csv.gz")
    return pl.read_csv(io.BytesIO(data), infer_schema_length=None)


@cache
def _labels() -> tuple[str, ...]:
    stock = _figures("migrant_stock")
    return tuple(sorted({*stock["origin"], *stock["destination"]}))


def _by_year(table: str, column: str, labels: tuple[str, ...], years: Sequence[int]) -> Array:
    found = {
        (country, year): figure
        for country, year, figure in _figures(table)
        .filter(pl.col("year").is_in(list(years)) & pl.col("country").is_in(list(labels)))
        .select("country", "year", column)
        .iter_rows()
        if figure is not None
    }
    return np.array([[found.get((label, year), np.nan) for label in labels] for year in years])


@cache
def _corridors(year: int) -> Array:
    """Migrants of the latest stock up to a year times their hosts' income, sending by receiving."""
    label = _labels()
    position = {place: k for k, place in enumerate(label)}
    rows = _figures("migrant_stock").filter(pl.col("year") == year // 5 * 5)
    table = np.zeros((len(label), len(label)))
    sending, receiving = ([position[p] for p in rows[end]] for end in ("destination", "origin"))
    table[sending, receiving] = (rows["female"] + rows["male"]).to_numpy()
    income = _by_year("economy", "gdp_per_capita_usd", label, (year,))[0]
    return table * np.nan_to_num(income)[:, None]
