"""What remittances do to poverty in a country, from published figures alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from corridors.errors import DataError, NotFound
from corridors.numerics.typing import Array
from corridors.remittances.welfare.grouped import GroupedFit, fit_grouped, grouped_measures
from corridors.remittances.welfare.incidence import MEASURES, GroupedRemoval, remove_from_groups
from corridors.remittances.welfare.refusals import poverty_line

LINES = (2.15, 3.65, 6.85)
_DAYS = 365.0
_SCHEMA = {
    "country": pl.String, "year": pl.Int64, "measure": pl.String, "line": pl.Float64, "unit": pl.String,
    "with_remittances": pl.Float64, "with_low": pl.Float64, "with_high": pl.Float64,
    "without_remittances": pl.Float64, "without_remittances_low": pl.Float64,
    "without_remittances_high": pl.Float64, "method": pl.String, "reason": pl.String,
}  # fmt: skip


def country_welfare(
    income_distribution: pl.DataFrame,
    remittances: pl.DataFrame,
    population: pl.DataFrame,
    economy: pl.DataFrame,
    *,
    countries: Sequence[str] | None = None,
    lines: Sequence[float] = LINES,
    aid: pl.DataFrame | None = None,
    investment: pl.DataFrame | None = None,
    level: float | None = None,
) -> pl.DataFrame:
    """Poverty and inequality by country with and without remittances, from published deciles.

    Parameters
    ----------
    income_distribution
        One row a country: ``survey_year``, ``mean_ppp2017_day``, ``decile1_share`` …,
        ``decile1_thr`` …, as in the embedded figures. PPP dollars of 2017 a day.
    remittances
        ``country``, ``year``, ``received``: USD million.
    population
        ``country``, ``year``, ``population``.
    economy
        ``country``, ``year``, ``gdp_per_capita_usd``, ``gdp_per_capita_ppp2021``: their ratio,
        rebased to 2017 by that of the United States, turns USD into PPP dollars of 2017.
    countries
        Which; all of the distribution where not given.
    lines
        Poverty lines, PPP dollars of 2017 a day.
    aid, investment
        ``country``, ``year``, ``usd_million``: other flows to set beside remittances.
    level
        Coverage of the intervals of the method; see :func:`typical_error`.

    Returns
    -------
    polars.DataFrame
        Columns ``country, year, measure, line, unit, with_remittances, with_low, with_high,
        without_remittances, without_remittances_low, without_remittances_high, method,
        reason``. Measures: ``headcount``, ``poverty_gap``, ``poverty_severity``, ``gini``
        (fractions); ``gap_money`` (PPP dollars of 2017 a year that would lift all poor to the
        line); ``remittances_to_gap``, ``aid_to_gap``, ``investment_to_gap`` (the flow over
        that money, 1 where it would suffice if every dollar reached the poor); ``gap_closed``
        (the part of the gap without remittances that they close). Where a country can not be
        computed, one row a line has ``reason`` and no figures.

    Raises
    ------
    DataError
        A table without the columns above.
    NotFound
        A country that the distribution does not have.

    Notes
    -----
    Without remittances: naive removal, which forgets what migrants would earn at home. The
    central figure has remittances received in proportion to income; low and high are the
    least and greatest over :func:`remove_from_groups`'s four incidences, widened by the error
    of the method. All remittances of the balance of payments are taken to be in the survey.
    The money that would close the gap assumes perfect targeting, which no flow has.

    Examples
    --------
    >>> import polars as pl
    >>> from corridors import packaged
    >>> from corridors.remittances.welfare import country_welfare
    >>> def read(name):
    ...     figure = packaged.content(f"evidence/figures/{name}")
    ...     return pl.read_csv(figure, infer_schema_length=None)
    >>> tables = [read(f"{t}.csv") if t == "income_distribution" else read(f"{t}.csv.gz")
    ...           for t in ("income_distribution", "remittances", "population", "economy")]
    >>> found = country_welfare(*tables, countries=["SLV"], lines=[6.85])
    >>> found.filter(measure="headcount").select("year", "line").row(0)
    (2019, 6.85)
    """
    frames = {"income_distribution": income_distribution, "remittances": remittances,
              "population": population, "economy": economy}  # fmt: skip
    check_columns(frames)
    held = [poverty_line(line) for line in lines]
    known = income_distribution["country"].to_list()
    missing = [c for c in (countries or []) if c not in known]
    if missing:
        raise NotFound(f"there is no income distribution of {missing[0]!r}")
    look = Lookup(remittances, population, economy, {"aid": aid, "investment": investment})
    rows: list[dict[str, object]] = []
    for survey in income_distribution.iter_rows(named=True):
        if countries is None or survey["country"] in countries:
            rows += _country(survey, look, held, level)
    return pl.DataFrame(rows, schema=_SCHEMA)


@dataclass(frozen=True, slots=True)
class _Case:
    country: str
    year: int
    fit: GroupedFit
    people: float
    rate: float
    sent: float
    flows: dict[str, float]


def _country(
    survey: dict[str, object], look: Lookup, lines: Sequence[float], level: float | None
) -> Iterator[dict[str, object]]:
    country, year = str(survey["country"]), int(str(survey["survey_year"]))
    try:
        shares, cuts, mean = deciles(survey)
        sent, people, rate = look.get(country, year)
        fit = fit_grouped(shares, mean, thresholds=cuts)
        flows = {name: table[country, year] for name, table in look.flows.items() if (country, year) in table}
        case = _Case(country, year, fit, people, rate, sent, flows)
        amount = sent * 1e6 * rate / people / _DAYS
        for line in lines:
            yield from _rows(case, line, remove_from_groups(fit.distribution, amount, line), level)
    except (NotFound, DataError) as problem:
        reason = problem.title + (f"; {problem.detail}" if problem.detail else "")
        for line in lines:
            yield {"country": country, "year": year, "measure": "headcount", "line": line, "reason": reason}


def _rows(
    case: _Case, line: float, removal: GroupedRemoval, level: float | None
) -> Iterator[dict[str, object]]:
    now = grouped_measures(case.fit, line, level=level)
    who = removal.incidence.index("proportional")
    low, high = removal.bounds()
    method = "decile thresholds and shares; naive removal in proportion to income"
    head: dict[str, object] = {"country": case.country, "year": case.year, "line": line, "method": method}
    for k, name in enumerate(MEASURES):
        value, (least, most) = removal.with_value[k], now.interval(name)
        down, up = (0.0, 0.0) if np.isnan(least) else (value - least, most - value)
        ends = _ends(low[k] - down, high[k] + up)
        yield {**head, "measure": name, "unit": "fraction", "with_remittances": value,
               "with_low": None if np.isnan(least) else least, "with_high": None if np.isnan(most) else most,
               "without_remittances": removal.without_value[who, k],
               "without_remittances_low": ends[0], "without_remittances_high": ends[1]}  # fmt: skip
        if name == "poverty_gap":
            gaps = np.array([value, least, most, removal.without_value[who, k], *ends])
            yield from _money(case, line, gaps, head)


def _ends(low: float, high: float) -> tuple[float, float]:
    return max(0.0, low), min(1.0, high)


_COLUMNS = ("with_remittances", "with_low", "with_high",
            "without_remittances", "without_remittances_low", "without_remittances_high")  # fmt: skip


def _money(case: _Case, line: float, gaps: Array, head: dict[str, object]) -> Iterator[dict[str, object]]:
    """Gap in money, flows over it, and the part that remittances close."""
    money = gaps * line * _DAYS * case.people
    yield {**head, "measure": "gap_money", "unit": "PPP dollars of 2017 a year",
           **dict(zip(_COLUMNS, money.tolist(), strict=True))}  # fmt: skip
    flows = {"remittances": case.sent, **case.flows}
    for name, usd in flows.items():
        # The greater the gap, the less a flow covers: low and high change places.
        turned = money[[0, 2, 1, 3, 5, 4]]
        ratio = [usd * 1e6 * case.rate / x if x > 0 else None for x in turned]
        yield {**head, "measure": f"{name}_to_gap", "unit": "ratio",
               **dict(zip(_COLUMNS, ratio, strict=True)),
               "reason": None if money[0] > 0 else "there is no gap at this line"}  # fmt: skip
    yield _closed(gaps, head)


def _closed(gaps: Array, head: dict[str, object]) -> dict[str, object]:
    value, _, _, without, low, high = gaps.tolist()
    row = {**head, "measure": "gap_closed", "unit": "fraction"}
    if without <= 0:
        return {**row, "reason": "there is no gap at this line, with or without"}
    ends = [max(0.0, 1 - value / x) if x > 0 else 0.0 for x in (low, high)]
    return {**row, "with_remittances": 1 - value / without, "with_low": ends[0], "with_high": ends[1]}


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
        self._received = _by_year(_recorded(remittances), "received")
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


def _recorded(remittances: pl.DataFrame) -> pl.DataFrame:
    """Without exact zeros, which stand for not reported, and values carried forward."""
    kept = remittances.filter(pl.col("received") > 0)
    if "carried_forward" not in kept.columns:
        return kept
    return kept.filter(~pl.col("carried_forward").cast(pl.Boolean).fill_null(value=False))


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
