"""What is known of a country in the year of its survey, and why remittances can not be taken from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

import numpy as np
import polars as pl

from corridors.errors import DataError, NotFound
from corridors.numerics.typing import Array
from corridors.parameters import value as parameter
from corridors.remittances.welfare.grouped import GroupedFit, fit_grouped
from corridors.remittances.welfare.grouped_imputation import Kind
from corridors.remittances.welfare.survey_money import share_held, survey_rate

_DAYS = 365.0
_BASE_COUNTRY, _BASE_YEAR = "USA", 2017
_SHARES = tuple(f"decile{k}_share" for k in range(1, 11))
_CUTS = tuple(f"decile{k}_thr" for k in range(1, 10))
_NEEDS = {
    "income_distribution": ("country", "survey_year", "welfare_type", "mean_ppp2017_day", "cpi", "ppp",
                            *_SHARES, *_CUTS),
    "remittances": ("country", "year", "received"),
    "population": ("country", "year", "population"),
    "economy": ("country", "year", "gdp_per_capita_usd", "gdp_per_capita_ppp2021", "lcu_per_usd",
                "household_consumption_pct_gdp"),
}  # fmt: skip
# Household consumption of a year stands in for a few years after it.
_OLD_ACCOUNTS = 3
Survey = Mapping[str, object]
_ByYear = dict[tuple[str, int], float]


@dataclass(frozen=True, slots=True)
class SurveyYear:
    """A survey, and the remittances of its year in its money.

    Attributes
    ----------
    country, year, kind
        Whose survey, of when, of ``income`` or ``consumption``.
    fit
        Its distribution, PPP dollars of 2017 a day.
    people
        Population.
    rate
        PPP dollars of 2017 for one dollar.
    sent
        Remittances, USD million of the survey year.
    flow_year
        Year they were recorded in.
    share
        Remittances over the mean of the survey.
    held
        Share of them that the survey can hold.
    """

    country: str
    year: int
    kind: Kind
    fit: GroupedFit
    people: float
    rate: float
    sent: float
    flow_year: int
    share: float
    held: float

    @property
    def amount(self) -> float:
        """Remittances per person and day that the survey can hold."""
        return self.share * self.held * self.fit.distribution.average


class Lookup:
    """Figures of a country and year, or why there are none."""

    def __init__(self, remittances: pl.DataFrame, population: pl.DataFrame, economy: pl.DataFrame) -> None:
        self._received = _by_year(_recorded(remittances), "received")
        self._people = _by_year(population, "population")
        self._income = _by_year(economy, "gdp_per_capita_usd")
        self._output = _by_year(economy, "gdp_per_capita_ppp2021")
        self._exchange = _by_year(economy, "lcu_per_usd")
        self._consumed = _by_year(economy, "household_consumption_pct_gdp")

    def survey(self, survey: Survey) -> SurveyYear:
        """The survey with the remittances of its year.

        Raises
        ------
        NotFound
            A figure that is missing, or recorded too far from the survey.
        DataError
            Remittances too large for the survey, factors of different money.
        """
        country, year = str(survey["country"]), int(str(survey["survey_year"]))
        shares, cuts, mean = deciles(survey)
        people = self._get(self._people, "population", country, year)
        rate = self._rate(survey, country, year)
        flow_year, sent = self._sent(country, year)
        share = sent * 1e6 * rate / people / _DAYS / mean
        limit = parameter("survey_remittance_limit")
        if share > limit:
            raise DataError(
                f"recorded remittances are {share:.0%} of the mean of the survey",
                f"beyond {limit:.0%} the two can not speak of the same households",
            )
        fit = fit_grouped(shares, mean, thresholds=cuts)
        held = share_held(mean, self._consumption(country, year) * rate / _DAYS)
        kind = cast(Kind, survey["welfare_type"])
        return SurveyYear(country, year, kind, fit, people, rate, sent, flow_year, share, held)

    @staticmethod
    def _get(table: _ByYear, name: str, country: str, year: int) -> float:
        if (country, year) not in table:
            raise NotFound(f"no figure of {name} for {country} in {year}")
        return table[country, year]

    def _rate(self, survey: Survey, country: str, year: int) -> float:
        cpi, ppp = survey["cpi"], survey["ppp"]
        if cpi is None or ppp is None:
            raise NotFound(f"the platform has no price factors of {country} as a whole in {year}")
        exchange = self._get(self._exchange, "the exchange rate", country, year)
        return survey_rate(
            exchange, float(str(cpi)), float(str(ppp)),
            output_rate=self._output_rate(country, year), where=f"{country} in {year}",
        )  # fmt: skip

    def _output_rate(self, country: str, year: int) -> float | None:
        pairs = [(country, year), (_BASE_COUNTRY, _BASE_YEAR)]
        if not all(pair in self._output and self._income.get(pair) for pair in pairs):
            return None
        own, base = (self._output[pair] / self._income[pair] for pair in pairs)
        return own / base

    def _sent(self, country: str, year: int) -> tuple[int, float]:
        """Year of the nearest recorded remittances, and their amount at the size of the survey year."""
        years = [y for c, y in self._received if c == country]
        if not years:
            raise NotFound(f"no figure of remittances for {country}")
        nearest = min(years, key=lambda y: (abs(y - year), y))
        most = int(parameter("survey_flow_years"))
        if abs(nearest - year) > most:
            raise NotFound(
                f"the nearest figure of remittances for {country} is of {nearest}, the survey of {year}",
                f"more than {most} years lie between",
            )
        sent = self._received[country, nearest]
        if nearest != year:
            sent *= self._size(country, year) / self._size(country, nearest)
        return nearest, sent

    def _size(self, country: str, year: int) -> float:
        """Output of a year, USD."""
        return self._get(self._income, "output", country, year) * self._get(
            self._people, "population", country, year
        )

    def _consumption(self, country: str, year: int) -> float:
        """Consumption of households per person in the national accounts, USD a year."""
        output = self._get(self._income, "output", country, year)
        for known in range(year, year - _OLD_ACCOUNTS - 1, -1):
            if (country, known) in self._consumed:
                return output * self._consumed[country, known] / 100
        return output * parameter("household_consumption_share")


def _recorded(remittances: pl.DataFrame) -> pl.DataFrame:
    """Without exact zeros, which stand for not reported, and values carried forward."""
    kept = remittances.filter(pl.col("received") > 0)
    if "carried_forward" not in kept.columns:
        return kept
    return kept.filter(~pl.col("carried_forward").cast(pl.Boolean).fill_null(value=False))


def _by_year(frame: pl.DataFrame, column: str) -> _ByYear:
    kept = frame.select(
        "country", pl.col("year").cast(pl.Int64), pl.col(column).cast(pl.Float64)
    ).drop_nulls()
    return {(country, year): value for country, year, value in kept.iter_rows()}


def check_columns(frames: Mapping[str, pl.DataFrame]) -> None:
    """Refuse tables that lack a column; names them."""
    for name, needed in _NEEDS.items():
        absent = [column for column in needed if column not in frames[name].columns]
        if absent:
            raise DataError(
                f"{name} lacks {', '.join(absent)}", f"columns: {', '.join(frames[name].columns)}"
            )


def deciles(survey: Survey) -> tuple[Array, Array, float]:
    """Shares, thresholds and mean of one row of the income distribution.

    Raises
    ------
    NotFound
        Where they were not published.
    """
    held = [survey[name] for name in (*_SHARES, *_CUTS, "mean_ppp2017_day")]
    if any(x is None for x in held):
        raise NotFound(f"deciles of {survey['country']} were not published")
    figures = np.array(held, dtype=np.float64)
    return figures[:10], figures[10:19], float(figures[19])
