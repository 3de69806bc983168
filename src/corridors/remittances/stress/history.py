"""What was recorded: yearly inflows, and back-tests of the model on them.

The corridors of a back-test are migrants times income of their host (the second rule of Ratha and Shaw
2007), not a published matrix; only receivers' shares by host matter.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import polars as pl
from numpy.typing import NDArray

from corridors import places
from corridors.errors import DataError
from corridors.intake import IntoTable, TableSpec, take
from corridors.numerics.typing import Array
from corridors.remittances.elasticities import HostIncomeElasticity
from corridors.remittances.stress.responses import (
    WorldBankHostIncome,
    pre_crisis_elasticity,
    world_bank_elasticity,
)
from corridors.remittances.stress.track_record import StressBackTest, back_test

Method = Literal["elasticity", "world_bank"]
_COUNTRY_YEAR = ("country", "year")
_STOCK = TableSpec(
    "stock",
    texts=["origin", "destination"],
    any_places=["origin", "destination"],
    whole=["year"],
    numbers=["female", "male"],
    key=["origin", "destination", "year"],
    at_least={"female": 0, "male": 0},
)
_GDP = ("gdp_usd_million", "gdp_per_capita_usd")
_ECONOMY = TableSpec(
    "economy",
    texts=["country"],
    any_places=["country"],
    whole=["year"],
    numbers=_GDP,
    blank=_GDP,
    key=_COUNTRY_YEAR,
)
_PAID = ("received", "paid")
_REMITTANCES = TableSpec(
    "remittances",
    texts=["country"],
    any_places=["country"],
    whole=["year"],
    numbers=_PAID,
    truths=["carried_forward"],
    optional=["carried_forward"],
    blank=_PAID,
    key=_COUNTRY_YEAR,
)


@dataclass(frozen=True, slots=True, eq=False)
class Record:
    """Recorded stocks, incomes and remittances: what a projection is held against.

    Attributes
    ----------
    label
        Places of the stocks.
    stock
        Migrants by origin, destination and year.
    economy
        By country and year: GDP in dollars, whole and per head.
    remittances
        By country and year: received and paid, USD million.
    """

    label: tuple[str, ...]
    stock: pl.DataFrame
    economy: pl.DataFrame
    remittances: pl.DataFrame

    @classmethod
    def of(cls, stock: IntoTable, economy: IntoTable, remittances: IntoTable) -> Record:
        """Take a record from tables.

        Parameters
        ----------
        stock
            ``origin``, ``destination``, ``year``, ``female``, ``male``.
        economy
            ``country``, ``year``, ``gdp_usd_million``, ``gdp_per_capita_usd``; blank where unknown.
        remittances
            ``country``, ``year``, ``received``, ``paid`` in USD million; blank where unknown. An exact zero
            stands for not reported; ``received`` is unknown where ``carried_forward`` is true.

        Raises
        ------
        DataError
            A table lacks a column, has a blank where none may be, a negative stock, or a row twice.

        Examples
        --------
        >>> from corridors import evidence
        >>> from corridors.remittances.stress import Record
        >>> known = evidence.load()
        >>> record = Record.of(*map(known.table, ("migrant_stock", "economy", "remittances")))
        >>> record.years[0], record.years[-1]
        (1991, 2023)
        """
        people = take(stock, _STOCK)
        label = tuple(sorted({*people["origin"], *people["destination"]}))
        money = take(remittances, _REMITTANCES)
        recorded = money.select(
            *_COUNTRY_YEAR,
            pl.when(pl.col("received") > 0, ~pl.col("carried_forward").fill_null(value=False)).then(
                "received"
            ),
            pl.when(pl.col("paid") > 0).then("paid"),
        )
        return cls(label, people, take(economy, _ECONOMY), recorded)

    @property
    def years(self) -> tuple[int, ...]:
        """Years that can be predicted: they and the year before have figures, an earlier one a stock."""
        known = set(self.remittances["year"]) & set(self.economy["year"])
        first = min(self.stock["year"])
        return tuple(sorted(y for y in known if y - 1 in known and first < y))

    def inflows(self, labels: Sequence[str]) -> Array:
        """Recorded inflows of places in successive years, shape ``(y, n)``, USD million, NaN where unknown.

        Examples
        --------
        >>> from corridors import evidence
        >>> from corridors.remittances.stress import Record
        >>> known = evidence.load()
        >>> record = Record.of(*map(known.table, ("migrant_stock", "economy", "remittances")))
        >>> record.inflows(["MEX"]).shape
        (35, 1)
        """
        seen = self.remittances["year"]
        return _by_year(self.remittances, "received", labels, range(min(seen), max(seen) + 1))

    def back_tests(
        self,
        method: Method = "elasticity",
        value: float = 1.0,
        *,
        group: str = "Low and middle income",
        years: Iterable[int] | None = None,
    ) -> tuple[StressBackTest, ...]:
        """Back-tests of the model, one a year.

        Parameters
        ----------
        method
            ``"elasticity"``: hosts' nominal GDP in dollars with a constant elasticity; ``"world_bank"``:
            see :class:`WorldBankHostIncome`, with elasticities estimated up to the year before.
        value
            The elasticity of the first method.
        group
            Receivers: a group of :func:`corridors.places.members`, as of today.
        years
            Years predicted; all that can be, if not given.

        Raises
        ------
        DataError
            No such method, or a year without a record.

        Examples
        --------
        >>> from corridors import evidence
        >>> from corridors.remittances.stress import Record
        >>> known = evidence.load()
        >>> record = Record.of(*map(known.table, ("migrant_stock", "economy", "remittances")))
        >>> for test in record.back_tests(years=(2009, 2020)):
        ...     print(test.name, f"{test.predicted_total:+.1%} {test.actual_total:+.1%}")
        2009 -9.7% -3.8%
        2020 -6.2% +0.9%
        """
        if method not in get_args(Method):
            raise DataError(f"method can not be {method!r}", remedy="choose 'elasticity' or 'world_bank'")
        possible = self.years
        wanted = possible if years is None else tuple(years)
        if wrong := [year for year in wanted if year not in possible]:
            span = f"choose years from {possible[0]} to {possible[-1]}" if possible else "give more years"
            raise DataError(f"there is no record to predict {wrong[0]}", remedy=span)
        outside = np.isin(self.label, places.members(group), invert=True)
        return tuple(self._back_test(year, method, value, outside) for year in wanted)

    def _back_test(
        self, year: int, method: Method, value: float, outside: NDArray[np.bool_]
    ) -> StressBackTest:
        label, since = self.label, int(min(self.remittances["year"]))
        income = _by_year(self.economy, "gdp_usd_million", label, range(since, year + 1))
        inflow = _by_year(self.remittances, "received", label, (year - 1, year))
        inflow[:, outside] = np.nan
        response = HostIncomeElasticity(value)
        if method == "world_bank":
            paid = _by_year(self.remittances, "paid", label, range(since, year))
            response = WorldBankHostIncome(world_bank_elasticity(pre_crisis_elasticity(paid, income[:-1])))
        growth = income[-1] / income[-2] - 1
        table = self.corridors(year - 1)
        return back_test(table, growth, *inflow, response=response, labels=label, name=str(year))

    def corridors(self, year: int) -> Array:
        """Migrants of the latest stock up to a year times their hosts' income, sending by receiving.

        Raises
        ------
        DataError
            There is no stock of the year or before.
        """
        known = self.stock["year"].filter(self.stock["year"] <= year)
        if known.is_empty():
            raise DataError(f"there is no stock of {year} or before", remedy="choose a later year")
        position = {place: k for k, place in enumerate(self.label)}
        rows = self.stock.filter(pl.col("year") == known.max())
        table = np.zeros((len(self.label), len(self.label)))
        sending, receiving = ([position[p] for p in rows[end]] for end in ("destination", "origin"))
        table[sending, receiving] = (rows["female"] + rows["male"]).to_numpy()
        income = _by_year(self.economy, "gdp_per_capita_usd", self.label, (year,))[0]
        return table * np.nan_to_num(income)[:, None]


def _by_year(table: pl.DataFrame, column: str, labels: Sequence[str], years: Sequence[int]) -> Array:
    rows = table.filter(
        pl.col("year").is_in(list(years)), pl.col("country").is_in(list(labels)), pl.col(column).is_not_null()
    )
    found = {
        (country, year): figure
        for country, year, figure in rows.select("country", "year", column).iter_rows()
    }
    return np.array([[found.get((label, year), np.nan) for label in labels] for year in years])
