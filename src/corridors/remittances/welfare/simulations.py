"""What studies of households found remittances to do to poverty, beside what is estimated here."""

from __future__ import annotations

from typing import Any

import polars as pl

from corridors import packaged
from corridors.remittances.welfare.country import country_welfare
from corridors.remittances.welfare.survey_year import Lookup

_SCHEMA = {"year": pl.Int64, "survey_year": pl.Int64, "poverty_pct": pl.Float64,
           "effect_low": pl.Float64, "effect_high": pl.Float64}  # fmt: skip


def published_effects() -> pl.DataFrame:
    """Published effects of remittances on the headcount, each with its source.

    Returns
    -------
    polars.DataFrame
        ``study, country, year, survey_year, method, poverty_pct, effect_low, effect_high,
        unit, source, source_status, note, points_low, points_high``. ``method``: ``imputed``
        (home earnings in place of remittances), ``nothing in their place``, ``experiment``.
        ``points_low`` and ``points_high``: how much higher the headcount would be without,
        percentage points, where the study gives a figure. ``survey_year``: of the survey in the
        World Bank's Poverty and Inequality Platform that it is compared with, blank where none is.

    Examples
    --------
    >>> import polars as pl
    >>> from corridors.remittances.welfare import published_effects
    >>> found = published_effects().filter(study="npl-2004")
    >>> found.select(pl.col("points_low", "points_high").round(1)).row(0)
    (1.5, 2.5)
    """
    table = pl.read_csv(packaged.content("remittances/poverty_effects.csv"), schema_overrides=_SCHEMA)
    relative = pl.col("unit") == "percent of the poor without"

    def points(effect: str) -> pl.Expr:
        # Of all who would be poor without, remittances lift so many per cent.
        of_those = pl.col("poverty_pct") * pl.col(effect) / (100 - pl.col(effect))
        return pl.when(relative).then(of_those).otherwise(pl.col(effect))

    return table.with_columns(points_low=points("effect_low"), points_high=points("effect_high"))


def beside_published(
    surveys: pl.DataFrame, remittances: pl.DataFrame, population: pl.DataFrame, economy: pl.DataFrame
) -> pl.DataFrame:
    """Estimates for the surveys of published studies, at the line where as many were poor.

    Parameters
    ----------
    surveys
        As ``income_distribution`` of :func:`country_welfare`, with the surveys of the studies.
    remittances, population, economy
        See :func:`country_welfare`.

    Returns
    -------
    polars.DataFrame
        ``study, method, points_low, points_high, estimate, lower, upper, outer_bound, part_missed,
        holds``: percentage points of the headcount; ``part_missed``: of the remittances that the
        survey can hold, by the middle of what was published; ``holds``: whether that middle
        lies within the range. Studies whose survey is not given are left out.

    Examples
    --------
    >>> from corridors.evidence import load
    >>> from corridors.remittances.welfare import beside_published
    >>> known = load()
    >>> found = beside_published(*(known.table(name) for name in
    ...     ("income_distribution", "remittances", "population", "economy")))
    >>> found.select("study", "points_low", pl.col("estimate").round(1), "holds").rows()
    [('gtm-2014', 1.5, 0.7, True)]
    """
    look = Lookup(remittances, population, economy)
    rows: list[dict[str, Any]] = []
    for study in published_effects().drop_nulls(["survey_year", "points_low"]).iter_rows(named=True):
        survey = surveys.filter(country=study["country"], survey_year=study["survey_year"]).head(1)
        if survey.is_empty():
            continue
        case = look.survey(survey.row(0, named=True))
        line = float(case.fit.distribution.quantile(study["poverty_pct"] / 100))
        table = country_welfare(survey, remittances, population, economy, lines=[line])
        found = table.filter(measure="headcount").row(0, named=True)
        told = (study["points_low"] + study["points_high"]) / 2
        named = ("without_remittances", "without_remittances_low", "without_remittances_high", "outer_bound")
        moved = [found[name] - found["with_remittances"] for name in named]
        # Losing a share of income everywhere is a line higher by as much.
        higher = float(case.fit.distribution.quantile((study["poverty_pct"] + told) / 100))
        missed = (1 - line / higher) * case.fit.distribution.average / case.amount
        rows.append(
            {name: study[name] for name in ("study", "method", "points_low", "points_high")}
            | dict(zip(("estimate", "lower", "upper", "outer_bound"), moved, strict=True))
            | {"part_missed": missed, "holds": moved[1] <= told <= moved[2]}
        )
    return pl.DataFrame(rows)
