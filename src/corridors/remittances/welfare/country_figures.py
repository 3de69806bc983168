"""Published figures of a country: looked up, checked, and what is missing named."""

from __future__ import annotations

import numpy as np
import polars as pl

from corridors.errors import DataError, NotFound
from corridors.remittances.welfare.refusals import Array

_BASE_COUNTRY, _BASE_YEAR = "USA", 2017
_SHARES = tuple(f"decile{k}_share" for k in range(1, 11))
_CUTS = tuple(f"decile{k}_thr" for k in range(1, 10))
_NEEDS = {
    "income_distribution": ("country", "survey_year", "mean_ppp2017_day", *_SHARES, *_CUTS),
    "remittances": ("country", "year", "received"),
    "population": ("country", "year", "population"),
    "economy": ("country", "year", "gdp_per_capita_usd", "gdp_per_capita_ppp2021"),
}  # fmt: skip


class Lookup:
    """Figures of a country and year, or why there are none."""

    def __init__(
        self,
        remittances: pl.DataFrame,
        population: pl.DataFrame,
        economy: pl.DataFrame,
        flows: dict[str, pl.DataFrame | None],
    ) -> None:
        self._received = _by_year(remittances, "received")
        self._people = _by_year(population, "population")
        usd, ppp = _by_year(economy, "gdp_per_capita_usd"), _by_year(economy, "gdp_per_capita_ppp2021")
        self._rate = {key: ppp[key] / usd[key] for key in usd.keys() & ppp.keys() if usd[key] > 0}
        base = self._rate.get((_BASE_COUNTRY, _BASE_YEAR))
        if base is None:
            raise DataError(f"economy has no figures of {_BASE_COUNTRY} in {_BASE_YEAR}, the base of prices")
        self._base = base
        self.flows = {
            name: _by_year(table, "usd_million") for name, table in flows.items() if table is not None
        }

    def get(self, country: str, year: int) -> tuple[float, float, float]:
        """Remittances in USD million, people, and PPP dollars of 2017 for one USD."""
        for name, table in (("remittances", self._received), ("population", self._people),
                            ("price levels", self._rate)):  # fmt: skip
            if (country, year) not in table:
                raise NotFound(f"no figure of {name} for {country} in {year}")
        key = (country, year)
        return self._received[key], self._people[key], self._rate[key] / self._base


def _by_year(frame: pl.DataFrame, column: str) -> dict[tuple[str, int], float]:
    kept = frame.select(
        "country", pl.col("year").cast(pl.Int64), pl.col(column).cast(pl.Float64)
    ).drop_nulls()
    return {(country, year): value for country, year, value in kept.iter_rows()}


def check_columns(frames: dict[str, pl.DataFrame]) -> None:
    """Refuse tables that lack a column; names them."""
    for name, needed in _NEEDS.items():
        absent = [column for column in needed if column not in frames[name].columns]
        if absent:
            raise DataError(
                f"{name} lacks {', '.join(absent)}", f"columns: {', '.join(frames[name].columns)}"
            )


def deciles(survey: dict[str, object]) -> tuple[Array, Array, float]:
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
