"""What stands around a country on its screen: its largest corridors, and what was promised."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import polars as pl

from corridors import places
from corridors.cli.screen import STOCKS_ALONE, in_unit, span
from corridors.wording import counted, the

if TYPE_CHECKING:
    from rich.console import Group

    from corridors.atlas import Atlas

# Words of the two sides of each measure; {name} is the country.
_SIDES = {
    "migrant_stock": (
        ("emigrants", "Born in {name}, living in"),
        ("immigrants", "Living in {name}, born in"),
    ),
    "migrant_flow": (
        ("departures", "Left {name} for"),
        ("arrivals", "Came to {name} from"),
    ),
    "remittance_flow": (
        ("received", "Money sent home to {name} from"),
        ("paid", "Money sent home from {name} to"),
    ),
}
_KINDS = {"migrant_stock": "", "migrant_flow": "estimate, ", "remittance_flow": "modelled, "}
_AFTER = {
    "migrant_stock": "migrant_share",
    "migrant_flow": "migrant_flow",
    "remittance_flow": "remittance_total",
}
MOST_COMMITMENTS = 6


def around(atlas: Atlas, country: str, sex: str = "total") -> dict[str, list[Any]]:
    """What to print after the section of a measure, by its name; see :func:`facts_text`.

    Parameters
    ----------
    atlas
        An opened atlas.
    country
        Code or name of the country.
    sex
        Of people and moves; money is not by sex.
    """
    from rich.columns import Columns

    from corridors.atlas.largest_corridors import largest_corridors

    place = places.find(country)
    code, name = place.code, the(place.name)
    largest = largest_corridors(atlas, code, sex)
    shown: dict[str, list[Any]] = {}
    for measure, sides in _SIDES.items():
        tables = [
            _corridors(title.format(name=name), _KINDS[measure], rows)
            for side, title in sides
            if not (rows := largest.filter(measure=measure, side=side)).is_empty()
        ]
        if tables:
            shown[_AFTER[measure]] = [Columns(tables, padding=(0, 6)), ""]
    shown["domestic_workers_convention"] = [*_commitments(atlas, code), ""]
    return shown


def _corridors(title: str, kind: str, rows: pl.DataFrame) -> Group:
    """The largest corridors of one side, with their share of all of it."""
    from rich.console import Group
    from rich.table import Table

    unit, period = rows["unit"][0], rows["period"][0]
    words = f"{kind}{unit.removesuffix(' in the period')}, {period}"
    heading = f"[bold italic]{title}[/] [dim italic]({words})[/]"
    bounded = rows["lower"].count() > 0
    table = Table(box=None, pad_edge=False)
    table.add_column("", min_width=24)
    table.add_column("", justify="right")
    table.add_column("of all", justify="right", style="dim")
    if bounded:
        table.add_column("80 % range" if unit == "USD million" else STOCKS_ALONE, style="dim")
    for row in rows.to_dicts():
        ends = span(row["lower"], row["upper"], unit) if row["lower"] is not None else "–"
        name = places.find(row["other"]).name
        share = f"{100 * row['share']:.0f} %" if row["share"] >= 0.005 else "< 1 %"
        table.add_row(name, in_unit(row["value"], unit), share, *([ends] if bounded else []))
    return Group(heading, table)


def _commitments(atlas: Atlas, code: str) -> list[Any]:
    """Commitments that name the country, and how those of all states stand."""
    from rich.table import Table
    from rich.text import Text

    from corridors.atlas.commitments_of import commitments_of

    own, every = commitments_of(atlas, code)
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column("", overflow="fold")
    table.add_column("", style="dim")
    for row in own[:MOST_COMMITMENTS]:
        table.add_row(row["title"], str(row["status"] or row["state"]))
    said: list[Any] = [Text("Commitments", style="bold italic")]
    said.append(table if own else Text("none in the register names it"))
    if every and atlas.sql("SELECT 1 FROM treaty WHERE country = $code LIMIT 1", {"code": code}).height:
        counts = Counter(str(row["status"] or row["state"]) for row in every)
        stand = ", ".join(f"{name} {number}" for name, number in counts.most_common())
        said.append(
            Text(f"{counted(len(every), 'commitment')} of all Member States: {stand}; corridors monitor")
        )
    return said
