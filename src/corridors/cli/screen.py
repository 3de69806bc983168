"""A corridor or a country on one screen."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl

from corridors.cli.output import rendered
from corridors.figure_age import aged, is_old
from corridors.wording import cell as shown
from corridors.wording import short

if TYPE_CHECKING:
    from rich.table import Table

    from corridors.atlas import Explanation, Facts

_TITLES = {
    "population": "Population",
    "population_projected": "Population projected",
    "working_age": "People of working age",
    "migrant_stock": "Migrant stock",
    "migrant_share": "Migrants in the population",
    "migrant_flow": "Migrant flows (estimates)",
    "annual_flow": "Flows by year (estimates)",
    "net_migration": "Net migration",
    "projection": "Net migration projected, by this project's method",
    "projection_published": "Net migration that the United Nations assume: a scenario, without interval",
    "remittance_price": "Price of sending money",
    "remittance_flow": "Remittances to the first country from the second, modelled by four rules",
    "remittance_total": "Remittances",
    "beside_remittances": "Remittances, aid and investment beside the economy",
    "aid_received": "Aid received",
    "foreign_investment": "Foreign direct investment",
    "displaced": "Refugees and asylum seekers",
    "total_inflow": "People who came, as the country counts",
    "permanent_inflow": "People admitted for good, by category",
    "temporary_inflow": "People admitted for a time, by category",
    "labour_participation": "In the labour force",
    "migrant_death": "Deaths of migrants on the way, reported in this country or its waters",
    "migration_policy": "Migration policies (SDG 10.7.2)",
    "labour_agreement": "Labour agreements",
    "social_security_agreement": "Social security agreements of the United States",
    "economy": "Economy",
    "income_distribution": "Poverty",
    "welfare": "Poverty and inequality with and without remittances",
    "income_class": "Class of income",
    "health_workforce": "Health workforce",
    "physician_density": "Physicians by year",
    "treaty": "Treaties",
    "domestic_workers_convention": "Domestic Workers Convention (No. 189)",
    "distance": "Distance",
}
_LASTING = (
    "labour_agreement",
    "social_security_agreement",
    "treaty",
    "domestic_workers_convention",
    "distance",
)
_AHEAD = frozenset({"projection", "projection_published", "population_projected"})
LAST_WORKING_AGE = 2060
_ONE_RANGE = {"remittance_flow": "80 % range over all rules and their errors"}
"""Measures whose details have one range together."""
_COLUMNS = 8


def facts_text(facts: Facts, sex: str = "total", day: date | None = None) -> str:
    """Facts as sections, a table a measure.

    Parameters
    ----------
    facts
        Of a corridor or a country.
    sex
        Which sex to show where figures are by sex.
    day
        The day of the atlas, on which the age of old figures is told; None for no word on it.
    """
    from rich.text import Text

    shown = facts.facts.filter(pl.col("sex") == sex) if sex != "total" else facts.facts.filter(sex="total")
    sections = [
        _section(title, shown.filter(measure=measure), day)
        for measure, title in _TITLES.items()
        if not shown.filter(measure=measure).is_empty()
    ]
    notes = [Text(f"Note: {note}") for note in facts.notes]
    first = [Text(note) for note in facts.counted]
    return rendered(
        Text(facts.title, style="bold"), *first, "", *[part for s in sections for part in s], *notes
    )


def _section(title: str, rows: pl.DataFrame, day: date | None) -> list[Table | str]:
    from rich.table import Table

    if rows["table_name"][0] == "migrant_flow":
        parts = pl.col("detail").str.contains(", ") & ~pl.col("detail").str.starts_with("pseudo-bayes")
        rows = rows.filter(~parts)
    periods = _periods(rows)
    units = ", ".join(rows["unit"].unique(maintain_order=True))
    table = Table(
        title=f"{title} [dim]({units}){_old(rows, day)}[/dim]",
        title_justify="left",
        title_style="bold",
        box=None,
        pad_edge=False,
    )
    table.add_column("", overflow="fold", min_width=30)
    for period in periods:
        table.add_column(period, justify="right")
    details = rows["detail"].unique(maintain_order=True).to_list()
    for detail in details:
        cells = {r["period"]: r for r in rows.filter(detail=detail).to_dicts()}
        table.add_row(detail, *(_value(cells[p]) if p in cells else "·" for p in periods))
        told = any(cells[p]["lower"] is not None for p in periods if p in cells)
        if told and (detail == details[-1] or rows["measure"][0] not in _ONE_RANGE):
            spans = (_span(cells[p]) if p in cells else "·" for p in periods)
            table.add_row(f"  {_words(rows['measure'][0], detail)}", *spans, style="dim")
    gaps = rows.filter(pl.col("period").is_in(periods)).height < len(periods) * rows["detail"].n_unique()
    return [table, "[dim]· no row[/dim]", ""] if gaps else [table, ""]


def _words(measure: str, detail: str) -> str:
    return "range of assumptions" if "without" in detail else _ONE_RANGE.get(measure, "80 % interval")


def _old(rows: pl.DataFrame, day: date | None) -> str:
    """That the latest of the figures is old; agreements and ratifications of long ago still hold."""
    if day is None or rows["measure"][0] in _LASTING:
        return ""
    year = max((int(y) for text in rows["period"] for y in re.findall(r"\d{4}", str(text))), default=None)
    return f" · latest {aged(year, day)}" if year is not None and is_old(year, day) else ""


def _periods(rows: pl.DataFrame) -> list[str]:
    """The last periods that fit on a line; the last quarter of a year, each tenth year of a projection."""
    order = rows.select("year", "period").unique().sort("year", "period")
    measure, year = rows["measure"][0], pl.col("year")
    if measure in _AHEAD:
        order = order.filter(year % 10 == 0)
    if measure == "working_age":
        # Every tenth year and the present one, which is no fifth.
        order = order.filter((year % 10 == 0) | (year % 5 != 0), year <= LAST_WORKING_AGE)
    return order.group_by("year", maintain_order=True).last()["period"].to_list()[-_COLUMNS:]


def _value(cell: dict[str, Any]) -> str:
    return f"{cell['value']:.0f}" if cell["unit"] == "year" else shown(cell["value"])


def _span(cell: dict[str, Any]) -> str:
    lower, upper = cell["lower"], cell["upper"]
    return "–" if lower is None or upper is None else f"{short(lower)} to {short(upper)}"


def explanation_text(why: Explanation) -> str:
    """The lineage of a figure, in words and tables."""
    from rich.text import Text

    from corridors.cli.output import table_text

    key = ", ".join(f"{k} {v}" for k, v in why.key.items())
    value = {k: v for k, v in why.figure.items() if k not in why.key and k != "source"}
    lines = [f"{why.table}: {key}", ""]
    lines += [f"  {name:<18}{shown(cell)}" for name, cell in value.items()]
    lines += ["", "How it is made", f"  {why.recipe['formula']}", f"  in code: {why.recipe['function']}"]
    lines += ["", "How sure it is", f"  {why.recipe['uncertainty']}"]
    if why.recipe["caveat"]:
        lines += ["", "What it does not say", f"  {why.recipe['caveat']}"]
    if why.parameters:
        lines += ["", "Parameters"]
        lines += [
            f"  {p['name']} = {p['value']} ({p['unit']}; {p['source']}; {p['source_status']})"
            for p in why.parameters
        ]
    text = rendered(*(Text(line) for line in lines))
    for title, frame in why.inputs.items():
        text += f"\nInput: {title}\n" + table_text(frame.drop("source", strict=False))
    cards = ["", "Sources"]
    for card in why.sources:
        cards += [
            f"  {card['title']}",
            f"    {card['publisher']}; {card['revision']}; {card['licence']}",
            f"    file {card['file']}, sha256 {card['sha256'][:16]}…, {card['rows']:,} rows",
            f"    {card['note']}",
        ]
    return text + rendered(*(Text(line) for line in cards))
