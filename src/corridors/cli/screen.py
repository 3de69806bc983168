"""A corridor or a country on one screen."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl

from corridors import places
from corridors.cli.output import console, rendered
from corridors.figure_age import aged, is_old
from corridors.wording import cell as shown
from corridors.wording import counted, short, the

if TYPE_CHECKING:
    from rich.table import Table

    from corridors.atlas import Facts

# In the order of the screen. {from_} and {to} are the ends of a corridor; money runs against people.
_TITLES = {
    "population": "Population",
    "migrant_stock": "Migrant stock",
    "migrant_share": "Migrants in the population",
    "migrant_flow": "Migrant flows (estimates)",
    "annual_flow": "Flows by year (estimates)",
    "net_migration": "Net migration",
    "displaced": "Refugees, with others in need of international protection, and asylum seekers",
    "remittance_flow": "Money sent home (modelled)",
    "remittance_observed": "Money sent home, as recipients count it",
    "remittance_total": "Remittances, as recorded",
    "remittance_price": "Price of sending money",
    "beside_remittances": "Remittances, aid and investment beside the economy",
    "aid_received": "Aid received",
    "foreign_investment": "Foreign direct investment",
    "total_inflow": "People who came, as the country counts",
    "permanent_inflow": "People admitted for good, by category",
    "temporary_inflow": "People admitted for a time, by category",
    "labour_participation": "In the labour force",
    "migrant_death": "Deaths of migrants on the way, reported in this country or its waters",
    "migration_policy": "Migration policies (SDG 10.7.2)",
    "labour_agreement": "Labour agreements",
    "social_security_agreement": "Social security agreements of the United States",
    "economy": "Economy",
    "income_distribution": "Inequality",
    "welfare": "Poverty as surveyed, and estimated without remittances",
    "income_class": "Class of income",
    "health_workforce": "Health workforce",
    "physician_density": "Physicians by year",
    "treaty": "Treaties",
    "domestic_workers_convention": "Domestic Workers Convention (No. 189)",
    "population_projected": "Population projected",
    "working_age": "People of working age",
    "projection": "Net migration projected, by this project's method",
    "projection_published": "Net migration that the United Nations assume: a scenario, without interval",
    "distance": "Distance",
}
_OF_CORRIDOR = {
    "migrant_stock": "People born in {from_} who live in {to}",
    "migrant_flow": "People who moved from {from_} to {to} (estimates)",
    "annual_flow": "The same by year (estimates)",
    "remittance_flow": "Money sent home from {to} to {from_} (modelled)",
    "remittance_observed": "Money sent home from {to} to {from_}, as {from_} counts it",
    "remittance_price": "Price of sending money from {to} to {from_}",
    "remittance_total": "All that {from_} received and {to} paid, with every country",
    "remittance_received": "All that {from_} received, from every country",
    "remittance_paid": "All that {to} paid, to every country",
    "displaced": "Refugees, with others in need of protection, and asylum seekers from {from_} in {to}",
}
# What is recommended where there are several methods; the others are shown when asked for.
_RECOMMENDED = {"migrant_flow": "pseudo-bayes", "remittance_flow": "reconciled"}
_OTHERS = {"remittance_flow": ("migrants", "income", "income-gap")}
_DETAILS = {
    ("migrant_flow", "pseudo-bayes"): "recommended estimate",
    ("migrant_flow", "arrivals, pseudo-bayes"): "arrivals, recommended estimate",
    ("migrant_flow", "departures, pseudo-bayes"): "departures, recommended estimate",
    ("migrant_flow", "pseudo-bayes, outward"): "  of it from the birthplace",
    ("migrant_flow", "pseudo-bayes, return"): "  of it back to the birthplace",
    ("migrant_flow", "pseudo-bayes, transit"): "  of it onward, born in neither",
    ("annual_flow", "pseudo-bayes, by year"): "recommended estimate",
    ("remittance_flow", "reconciled"): "recommended estimate",
    ("remittance_total", "received"): "sent here from abroad",
    ("remittance_total", "paid"): "sent abroad from here",
    ("remittance_total", "received by the origin from everywhere"): "{from_} received",
    ("remittance_total", "paid by the destination to everywhere"): "{to} paid",
    ("remittance_price", "cost of sending USD 200"): "of USD 200",
    ("migrant_stock", "born in origin, living in destination"): "people",
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
STOCKS_ALONE = "80 %, errors of stocks alone"
"""Of flows: the interval knows nothing of the errors of the method, which are larger."""
_SPANS = ("80 % interval", "range of assumptions", STOCKS_ALONE, *_ONE_RANGE.values())
_COLUMNS = 8
_LABEL = 30


def facts_text(
    facts: Facts,
    sex: str = "total",
    day: date | None = None,
    *,
    methods: bool = False,
    notes: Mapping[str, str] | None = None,
    beside: Mapping[str, Sequence[Any]] | None = None,
) -> str:
    """Facts as sections, a table a measure: of several methods the recommended one.

    Parameters
    ----------
    facts
        Of a corridor or a country.
    sex
        Which sex to show where figures are by sex.
    day
        The day of the atlas, on which the age of old figures is told; None for no word on it.
    methods
        Whether every method is shown.
    notes
        What to say below the section of a measure, by its name.
    beside
        What else to print, after the section of a measure, by its name.
    """
    from rich.text import Text

    shown = facts.facts.filter(pl.col("sex") == sex) if sex != "total" else facts.facts.filter(sex="total")
    ends = _ends(facts.facts)
    parts: list[Any] = []
    for measure, title in _TITLES.items():
        rows = shown.filter(measure=measure)
        if not rows.is_empty():
            words = _title(measure, title, rows, ends)
            note = (notes or {}).get(measure, "")
            parts += _section(words, rows, day, methods=methods, ends=ends, note=note)
        parts += (beside or {}).get(measure, ())
    found = [Text(f"Note: {note}") for note in facts.notes]
    first = [Text(note) for note in facts.counted]
    return rendered(Text(facts.title, style="bold"), *first, "", *parts, *found)


def _ends(facts: pl.DataFrame) -> dict[str, str]:
    """Names of the two ends of a corridor; nothing of a country."""
    if "origin" not in facts.columns:
        return {}
    origin, destination = facts.select("origin", "destination").row(0)
    return {"from_": the(places.find(origin).name), "to": the(places.find(destination).name)}


def _title(measure: str, title: str, rows: pl.DataFrame, ends: Mapping[str, str]) -> str:
    """The title of a section; of a corridor with its ends, and of totals with whose they are."""
    if not ends:
        return title
    if measure == "remittance_total" and rows["detail"].n_unique() == 1:
        received = rows["detail"][0].startswith("received")
        measure = "remittance_received" if received else "remittance_paid"
    return _OF_CORRIDOR.get(measure, title).format(**ends)


def _of_methods(rows: pl.DataFrame, methods: bool) -> tuple[pl.DataFrame, str]:
    """Rows of the recommended method, first, and how many others there are, in words."""
    measure = rows["measure"][0]
    if (best := _RECOMMENDED.get(measure)) is None:
        return rows, ""
    mine = pl.col("detail").str.split(", ").list.contains(best)
    if measure == "migrant_flow":
        # The kinds of moves of other methods would be rows without end.
        kinds = pl.col("detail").str.contains(", (outward|return|transit)$")
        rows = rows.filter(mine | ~kinds)
    other = ~mine if measure not in _OTHERS else pl.col("detail").is_in(_OTHERS[measure])
    count = rows.filter(other)["detail"].str.split(", ").list.last().n_unique()
    first = rows.sort(other, maintain_order=True)
    if methods or not count:
        return first, ""
    return first.filter(~other), f"{counted(count, 'other method')}: --methods"


def _section(
    title: str, rows: pl.DataFrame, day: date | None, *, methods: bool, ends: Mapping[str, str], note: str
) -> list[Table | str]:
    from rich.table import Table

    rows, others = _of_methods(rows, methods)
    periods = _periods(rows)
    # A series that ended long before the periods shown would be a line of blanks.
    rows = rows.filter(pl.col("period").is_in(periods).any().over("detail"))
    units = ", ".join(rows["unit"].unique(maintain_order=True))
    heading = f"[bold italic]{title}[/] [dim italic]({units}){_old(rows, day)}[/]"
    lines = _lines(rows, periods, ends)
    label = min(max(_LABEL, *(len(words) for words, *_ in lines)), console().width // 2)
    periods, lines = _that_fit(periods, lines, console().width - label)
    table = Table(box=None, pad_edge=False)
    table.add_column("", overflow="fold", min_width=label)
    for period in periods:
        table.add_column(period, justify="right", no_wrap=True)
    for words, *cells in lines:
        table.add_row(words, *cells, style="dim" if words.endswith(_SPANS) else None)
    gaps = rows.filter(pl.col("period").is_in(periods)).height < len(periods) * rows["detail"].n_unique()
    below = [f"[dim]{words}[/dim]" for words in ("· no row" if gaps else "", others, note) if words]
    return [heading, table, *below, ""]


def _lines(rows: pl.DataFrame, periods: list[str], ends: Mapping[str, str]) -> list[list[str]]:
    """A line a figure with its words first, and one below it for its interval."""
    measure = rows["measure"][0]
    lines: list[list[str]] = []
    details = rows["detail"].unique(maintain_order=True).to_list()
    for detail in details:
        cells = {r["period"]: r for r in rows.filter(detail=detail).to_dicts()}
        words = str(_DETAILS.get((measure, detail), detail)).format(**ends)
        lines.append([words, *(_value(cells[p]) if p in cells else "·" for p in periods)])
        told = any(cells[p]["lower"] is not None for p in periods if p in cells)
        if told and (detail == details[-1] or measure not in _ONE_RANGE):
            spans = (_span(cells[p]) if p in cells else "·" for p in periods)
            lines.append([f"  {_words(measure, detail)}", *spans])
    return lines


def _that_fit(periods: list[str], lines: list[list[str]], width: int) -> tuple[list[str], list[list[str]]]:
    """The last periods for which there is room, at least one; a figure is never cut off."""
    columns = [
        [period, *cells] for period, *cells in zip(periods, *(line[1:] for line in lines), strict=True)
    ]
    room, kept = width, 0
    for column in reversed(columns):
        room -= 2 + max(map(len, column))
        if room < 0 and kept:
            break
        kept += 1
    first = len(periods) - kept
    return periods[first:], [[line[0], *line[1 + first :]] for line in lines]


def _words(measure: str, detail: str) -> str:
    if measure == "migrant_flow":
        return STOCKS_ALONE
    return "range of assumptions" if "without" in detail else _ONE_RANGE.get(measure, "80 % interval")


def _old(rows: pl.DataFrame, day: date | None) -> str:
    """That the latest of the figures is old; agreements and ratifications of long ago still hold."""
    if day is None or rows["measure"][0] in _LASTING:
        return ""
    year = max((int(y) for text in rows["period"] for y in re.findall(r"\d{4}", str(text))), default=None)
    return f" · latest {aged(year, day)}" if year is not None and is_old(year, day) else ""


def _periods(rows: pl.DataFrame) -> list[str]:
    """The last periods; the last quarter of a year, each tenth year of a projection."""
    order = rows.select("year", "period").unique().sort("year", "period")
    measure, year = rows["measure"][0], pl.col("year")
    if measure in _AHEAD:
        order = order.filter(year % 10 == 0)
    if measure == "working_age":
        # Every tenth year and the present one, which is no fifth.
        order = order.filter((year % 10 == 0) | (year % 5 != 0), year <= LAST_WORKING_AGE)
    return order.group_by("year", maintain_order=True).last()["period"].to_list()[-_COLUMNS:]


def _value(cell: dict[str, Any]) -> str:
    return (
        f"{cell['value']:.0f}"
        if cell["unit"].split(",")[0] == "year"
        else in_unit(cell["value"], cell["unit"])
    )


def in_unit(value: float, unit: str) -> str:
    """A figure for reading; people are whole.

    Examples
    --------
    >>> in_unit(57.4, "persons in the period"), in_unit(0.2, "persons"), in_unit(57.4, "USD million")
    ('57', '< 1', '57.4')
    """
    if not unit.startswith("persons"):
        return shown(value)
    return "< 1" if 0 < abs(value) < 1 else f"{value:,.0f}"


def _span(cell: dict[str, Any]) -> str:
    lower, upper = cell["lower"], cell["upper"]
    return "–" if lower is None or upper is None else span(lower, upper, cell["unit"])


def span(lower: float, upper: float, unit: str) -> str:
    """Both ends of an interval, in a few digits unless these are the same.

    Examples
    --------
    >>> span(135_610, 167_500, "persons"), span(135_610, 135_900, "persons")
    ('136k to 168k', '135,610 to 135,900')
    """
    ends = short(lower), short(upper)
    if ends[0] == ends[1]:
        ends = in_unit(lower, unit), in_unit(upper, unit)
    return f"{ends[0]} to {ends[1]}"
