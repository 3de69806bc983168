"""What remittances do to poverty in a country, from published figures alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import polars as pl

from corridors.errors import DataError, NotFound
from corridors.numerics.typing import Array
from corridors.remittances.welfare.grouped import grouped_measures
from corridors.remittances.welfare.grouped_imputation import POVERTY, impute_from_groups
from corridors.remittances.welfare.refusals import poverty_line
from corridors.remittances.welfare.survey_year import Lookup, Survey, SurveyYear, check_columns

LINES = (2.15, 3.65, 6.85)
_PERCENT, _DAYS = 100.0, 365.0
_PUBLISHED = {"headcount": "headcount_ratio", "poverty_gap": "poverty_gap_index",
              "poverty_severity": "poverty_severity"}  # fmt: skip
_UNITS = {"headcount": "% of the people", "poverty_gap": "% of the line",
          "poverty_severity": "% of the line squared"}  # fmt: skip
_SIX = ("with_remittances", "with_low", "with_high",
        "without_remittances", "without_remittances_low", "without_remittances_high")  # fmt: skip
_SCHEMA = {
    "country": pl.String, "year": pl.Int64, "measure": pl.String, "line": pl.Float64, "unit": pl.String,
    **dict.fromkeys(_SIX, pl.Float64), "outer_bound": pl.Float64, "flow_year": pl.Int64,
    "ppp_per_usd": pl.Float64, "flow_pct_mean": pl.Float64, "held_pct": pl.Float64,
    "method": pl.String, "reason": pl.String,
}  # fmt: skip
Row = dict[str, object]


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
    """Poverty by country with remittances, as published, and without them, from published deciles.

    Parameters
    ----------
    income_distribution
        One row a country: ``survey_year``, ``welfare_type``, ``mean_ppp2017_day``,
        ``decile1_share`` …, ``decile1_thr`` …, ``cpi``, ``ppp`` and, where published,
        ``headcount_ratio_215`` and its sisters, as in the embedded figures.
    remittances
        ``country``, ``year``, ``received``: USD million.
    population
        ``country``, ``year``, ``population``.
    economy
        ``country``, ``year``, ``gdp_per_capita_usd``, ``gdp_per_capita_ppp2021``,
        ``lcu_per_usd``, ``household_consumption_pct_gdp``.
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
        without_remittances, without_remittances_low, without_remittances_high, outer_bound,
        flow_year, ppp_per_usd, flow_pct_mean, held_pct, method, reason``. Measures:
        ``headcount``, ``poverty_gap``, ``poverty_severity`` (percent); ``gap_money`` (PPP
        dollars of 2017 a year that would lift all poor to the line); ``remittances_to_gap``,
        ``aid_to_gap``, ``investment_to_gap`` (the flow over that money, 1 where it would
        suffice if every dollar reached the poor); ``gap_closed`` (percent of the gap without
        remittances that they close). Where poverty without remittances can not be told,
        ``reason`` says why.

    Raises
    ------
    DataError
        A table without the columns above.
    NotFound
        A country that the distribution does not have.

    Notes
    -----
    With: what is published; at other lines read off the distribution, with the interval of the
    method. Without: remittances in the money of the survey (:func:`survey_rate`), scaled to
    what it can hold (:func:`share_held`), and home earnings in their place
    (:func:`impute_from_groups`). Low and high: migrants would earn at home all that they
    send, or nothing, widened by the error of the method; not a probability. ``outer_bound``:
    everything is taken away and nothing put in its place, whoever receives it. Refused
    where remittances are more than 40 % of the mean of the survey or recorded more than
    three years from it.

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
    >>> found = country_welfare(*tables, countries=["SLV"], lines=[6.85]).filter(measure="headcount")
    >>> found.select(pl.col("ppp_per_usd", "with_remittances", "without_remittances").round(3)).row(0)
    (1.924, 28.757, 30.257)
    """
    frames = {"income_distribution": income_distribution, "remittances": remittances,
              "population": population, "economy": economy}  # fmt: skip
    check_columns(frames)
    held = [poverty_line(line) for line in lines]
    known = income_distribution["country"].to_list()
    missing = [c for c in (countries or []) if c not in known]
    if missing:
        raise NotFound(f"there is no income distribution of {missing[0]!r}")
    look = Lookup(remittances, population, economy)
    flows = {name: _by_year(table) for name, table in (("aid", aid), ("investment", investment))
             if table is not None}  # fmt: skip
    rows: list[Row] = []
    for survey in income_distribution.iter_rows(named=True):
        if countries is None or survey["country"] in countries:
            rows += _country(survey, look, held, flows, level)
    return pl.DataFrame(rows, schema=_SCHEMA)


_Flows = Mapping[str, Mapping[tuple[str, int], float]]


def _country(
    survey: Survey, look: Lookup, lines: Sequence[float], flows: _Flows, level: float | None
) -> Iterator[Row]:
    try:
        case = look.survey(survey)
    except (NotFound, DataError) as problem:
        reason = problem.title + (f"; {problem.detail}" if problem.detail else "")
        for line in lines:
            yield from _refused(survey, line, reason)
        return
    for line in lines:
        yield from _rows(case, survey, line, flows, level)


def _refused(survey: Survey, line: float, reason: str) -> Iterator[Row]:
    """What is published, and why there is no more."""
    for measure in POVERTY:
        value = _published(survey, measure, line)
        if value is not None or measure == "headcount":
            yield {"country": survey["country"], "year": survey["survey_year"], "measure": measure,
                   "line": line, "unit": _UNITS[measure], "with_remittances": value,
                   "method": None if value is None else "published", "reason": reason}  # fmt: skip


def _published(survey: Survey, measure: str, line: float) -> float | None:
    value = survey.get(f"{_PUBLISHED[measure]}_{round(100 * line)}") if line in LINES else None
    return None if value is None else float(str(value))


def _rows(case: SurveyYear, survey: Survey, line: float, flows: _Flows, level: float | None) -> Iterator[Row]:
    now = grouped_measures(case.fit, line, level=level)
    without = impute_from_groups(case.fit.distribution, case.amount, line, kind=case.kind)
    head: Row = {
        "country": case.country, "year": case.year, "line": line, "flow_year": case.flow_year,
        "ppp_per_usd": case.rate, "flow_pct_mean": _PERCENT * case.share, "held_pct": _PERCENT * case.held,
    }  # fmt: skip
    for k, measure in enumerate(POVERTY):
        published = _published(survey, measure, line)
        read = _PERCENT * np.array([now[measure], *now.interval(measure)])
        value = read[0] if published is None else published
        error = (read[2] - read[1]) / 2
        moved = value + _PERCENT * np.array(
            [without.change[k], without.lower[k], without.upper[k], without.outer[k]]
        )
        moved[1:] += (-error, error, error)
        six = np.clip([*(read if published is None else (value, np.nan, np.nan)), *moved[:3]], 0, _PERCENT)
        how = "read off the deciles" if published is None else "published"
        row = {**head, "method": f"{how}; without: home earnings in place of remittances"}
        yield {**row, "measure": measure, "unit": _UNITS[measure], **_named(six),
               "outer_bound": min(_PERCENT, float(moved[3]))}  # fmt: skip
        if measure == "poverty_gap":
            yield from _money(case, line, six, flows, row)


def _named(six: Array) -> Row:
    return {name: None if np.isnan(x) else float(x) for name, x in zip(_SIX, six, strict=True)}


def _money(case: SurveyYear, line: float, gaps: Array, flows: _Flows, head: Row) -> Iterator[Row]:
    """Gap in money, flows over it, and the part that remittances close."""
    money = gaps / _PERCENT * line * _DAYS * case.people
    yield {**head, "measure": "gap_money", "unit": "PPP dollars of 2017 a year", **_named(money)}
    beside = {name: table.get((case.country, case.year)) for name, table in flows.items()}
    none = None if money[0] > 0 else "there is no gap at this line"
    # The greater the gap, the less a flow covers: low and high change places.
    turned = money[[0, 2, 1, 3, 5, 4]]
    for name, usd in {"remittances": case.sent, **beside}.items():
        if usd is not None:
            with np.errstate(divide="ignore"):
                ratio = np.where(turned > 0, usd * 1e6 * case.rate / turned, np.nan)
            yield {**head, "measure": f"{name}_to_gap", "unit": "ratio", **_named(ratio), "reason": none}
    yield _closed(gaps, head)


def _closed(gaps: Array, head: Row) -> Row:
    value, _, _, without, low, high = gaps.tolist()
    row = {**head, "measure": "gap_closed", "unit": "% of the gap without"}
    if without <= 0:
        return {**row, "reason": "there is no gap at this line, with or without"}
    share = [_PERCENT * max(0.0, 1 - value / x) if x > 0 else 0.0 for x in (without, low, high)]
    return {**row, "with_remittances": share[0], "with_low": share[1], "with_high": share[2]}


def _by_year(frame: pl.DataFrame) -> dict[tuple[str, int], float]:
    kept = frame.select("country", pl.col("year").cast(pl.Int64), pl.col("usd_million").cast(pl.Float64))
    return {(country, year): value for country, year, value in kept.drop_nulls().iter_rows()}
