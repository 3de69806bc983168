"""Pages of corridors and countries: every figure of the main series."""

from __future__ import annotations

from typing import Any

import polars as pl

from corridors.atlas import Atlas
from corridors.errors import NotFound
from corridors.publish.site.encode import NUMBERS, compact_json, parquet
from corridors.publish.site.measures import FACT_TIME

# Flows of fewer people are left out of the pages of a site; the API and the atlas have them.
LEAST_FLOW = 500
LEAST_OTHER = 10_000
_MAIN = f"""
    sex = 'total' AND measure <> 'distance' AND CASE measure
        WHEN 'migrant_flow' THEN detail = 'pseudo-bayes' AND value >= {LEAST_FLOW}
            OR detail IN ('minimum-closed', 'independence') AND value >= {LEAST_OTHER}
        WHEN 'annual_flow' THEN value >= {LEAST_OTHER}
        WHEN 'remittance_flow' THEN detail = 'reconciled' AND value >= 1
        WHEN 'remittance_observed' THEN unit = '%'
        WHEN 'displaced' THEN value > 0
        ELSE true END
"""
# Of these measures a country's page has every so many years and the last; country files have all.
EVERY = {
    "population": 5,
    "economy": 5,
    "projection": 10,
    "projection_published": 10,
    "population_projected": 10,
}
SECTIONS = {
    "migrant_stock": "Migrants here and abroad",
    "migrant_share": "Migrants in the population",
    "migrant_flow": "Arrivals and departures (estimates)",
    "net_migration": "Net migration",
    "projection": "Net migration, projected by this project's method",
    "projection_published": "Net migration that the United Nations assume: a scenario, without interval",
    "remittance_total": "Remittances",
    "beside_remittances": "Remittances, aid and investment beside the economy",
    "aid_received": "Aid received",
    "foreign_investment": "Foreign direct investment",
    "remittance_price": "Price of sending money",
    "displaced": "Refugees",
    "total_inflow": "People who came, as the country counts",
    "permanent_inflow": "People admitted for good, by category",
    "temporary_inflow": "People admitted for a time, by category",
    "labour_participation": "In the labour force",
    "migrant_death": "Deaths of migrants on the way, reported here",
    "migration_policy": "Migration policies (SDG 10.7.2)",
    "health_workforce": "Health workforce",
    "physician_density": "Physicians",
    "welfare": "Poverty as surveyed, and estimated without remittances",
    "income_distribution": "Inequality",
    "labour_agreement": "Labour agreements",
    "treaty": "Treaties",
    "domestic_workers_convention": "Domestic Workers Convention (No. 189)",
    "social_security_agreement": "Social security agreements of the United States",
    "population": "Population",
    "population_projected": "Population, projected (as of 1 July)",
    "working_age": "People of working age, 20 to 64",
    "economy": "Gross domestic product per head",
}


def corridor_rows(atlas: Atlas, origin: str) -> pl.DataFrame:
    """Main series of every corridor from an origin.

    Parameters
    ----------
    atlas
        An opened atlas.
    origin
        ISO code.

    Returns
    -------
    polars.DataFrame
        destination, measure, detail, sex, t, period, value, lower, upper, unit, few_quotes (behind a price
        that rests on few; else null).
    """
    rows = atlas.sql(
        f"SELECT destination, measure, detail, sex, ({FACT_TIME})::INT AS t, period, "
        "value, lower, upper, unit, "
        "if(quotes <= (SELECT value FROM parameter WHERE name = 'price_few_quotes'), quotes, NULL) "
        "AS few_quotes "
        "FROM corridor_fact LEFT JOIN remittance_price AS p ON measure = 'remittance_price' "
        "AND p.receiving = origin AND p.sending = destination AND p.quarter = period "
        f"WHERE origin = '{_code(atlas, origin)}' AND {_MAIN} AND destination <> origin"
    )
    return _by_unit(rows).sort("measure", "detail", "destination", "t")


def corridor_file(atlas: Atlas, origin: str) -> bytes:
    """The data file of :func:`corridor_rows`."""
    return parquet(corridor_rows(atlas, origin))


def origins(atlas: Atlas) -> list[str]:
    """Places that have a page of corridors."""
    rows = atlas.sql(
        "SELECT DISTINCT origin FROM migrant_stock UNION SELECT DISTINCT origin FROM migrant_flow "
        "UNION SELECT origin FROM displacement ORDER BY 1"
    )
    return rows["origin"].to_list()


def countries(atlas: Atlas) -> list[str]:
    """Places that have a page of their own."""
    return atlas.sql("SELECT DISTINCT country FROM country_fact ORDER BY 1")["country"].to_list()


def profile(atlas: Atlas, country: str) -> dict[str, Any]:
    """The page of a country as sections of series.

    Parameters
    ----------
    atlas
        An opened atlas.
    country
        ISO code.

    Returns
    -------
    dict
        code, title, columns of a point, sections (title, measure, table, unit, periods, series) and notes;
        a series has detail, sex and points. Empty cells at the end of a point are left out, and
        so is the label of a period that is its t.
    """
    page = atlas.country(country)
    rows = _by_unit(page.facts.filter(_shown()).with_columns(t=_time()))
    sections = [
        _section(title, rows.filter(measure=measure))
        for measure, title in SECTIONS.items()
        if not rows.filter(measure=measure).is_empty()
    ]
    notes = list(page.notes)
    columns = ["t", *NUMBERS]
    return {"code": country, "title": page.title, "columns": columns, "sections": sections, "notes": notes}


def profile_file(atlas: Atlas, country: str) -> bytes:
    """The data file of :func:`profile`."""
    return compact_json(profile(atlas, country))


def _section(title: str, rows: pl.DataFrame) -> dict[str, Any]:
    ordered = rows.sort("detail", "sex", "t", "period", nulls_last=True, maintain_order=True)
    series = [
        {"detail": key[0], "sex": key[1], "points": [_point(row) for row in part.iter_rows()]}
        for key, part in (
            (key, group.select("t", *NUMBERS))
            for key, group in ordered.group_by("detail", "sex", maintain_order=True)
        )
    ]
    first = rows.row(0, named=True)
    labels = dict(rows.select("t", "period").unique().sort("t").iter_rows())
    return {
        "title": title,
        "measure": first["measure"],
        "table": first["table_name"],
        "unit": first["unit"],
        "periods": {_key(t): label for t, label in labels.items() if label != _key(t)},
        "series": series,
    }


def _shown() -> pl.Expr:
    """Both sexes together, the recommended method, the last quarter, and so many years of long series."""
    measure, detail, year = pl.col("measure"), pl.col("detail"), pl.col("year")
    shown = (measure != "migrant_flow") | detail.str.ends_with(", pseudo-bayes")
    shown &= pl.col("sex") == "total"
    last = pl.col("period") == pl.col("period").max().over("measure", "detail", "year")
    shown &= (measure != "remittance_price") | last
    for name, step in EVERY.items():
        shown &= (measure != name) | (year % step == 0) | (year == year.filter(measure == name).max())
    return shown


def _time() -> pl.Expr:
    """What ``FACT_TIME`` says, in polars."""
    quarter = pl.col("period").str.extract(r"^\d{4}Q(\d)$").cast(pl.Int64)
    return pl.when(quarter.is_not_null()).then(pl.col("year") * 10 + quarter).otherwise(pl.col("year"))


def _key(t: int | None) -> str:
    """A time as the key of a JSON object, as scripts write it."""
    return "null" if t is None else str(t)


def _point(row: tuple[Any, ...]) -> list[Any]:
    """Cells of a row without the empty ones at its end."""
    cells = list(map(_plain, row))
    while cells[-1] is None:
        cells.pop()
    return cells


def _plain(cell: Any) -> Any:
    return int(cell) if isinstance(cell, float) and cell.is_integer() else cell


def _by_unit(rows: pl.DataFrame) -> pl.DataFrame:
    """Figures with the digits of their unit: whole persons, tenths of USD million, hundredths else."""
    decimals = {"USD million": 1, "share": 4}

    def digits(unit: str) -> int:
        return 0 if unit.startswith(("persons", "agreements", "USD")) and unit != "USD million" else 2

    units = rows["unit"].unique().to_list()
    places = {unit: decimals.get(unit, digits(unit)) for unit in units}
    return rows.with_columns(
        pl.coalesce(
            pl.when(unit=unit).then(pl.col(name).cast(pl.Float64).round(n, mode="half_away_from_zero"))
            for unit, n in places.items()
        ).alias(name)
        if places
        else pl.col(name)
        for name in NUMBERS
    )


def _code(atlas: Atlas, origin: str) -> str:
    if not (origin.isascii() and origin.isalnum()):
        raise NotFound(f"no place has the code {origin!r}")
    return origin
