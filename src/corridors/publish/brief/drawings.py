"""The charts of a brief: those of the house without titles, in the brief's type."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import altair as alt

from corridors.errors import NotFound
from corridors.publish.brief.asking import Asker
from corridors.publish.brief.content import BriefSection, Drawing
from corridors.publish.charts import CHARTS
from corridors.publish.charts.saving import svg
from corridors.publish.charts.theme import Setting

# Of the whole drawing with its labels, so that letters have one size on all.
WIDTH, HEIGHT = 320, 150
LOW = 125
LEAST_PRICES = 4
TYPE = "Libertinus Serif, Georgia, serif"
_WORDS = {
    **{name: name for name in ("observed", "projected", "received", "paid", "receiving", "sending")},
    "with remittances": "with_remittances",
    "without remittances": "without_remittances",
}


def people_drawings(ask: Asker, emigrants_first: bool) -> tuple[Drawing, ...]:
    """Net migration; and the stock over time of whichever people are more."""
    who = "emigrants" if emigrants_first else "immigrants"
    stock = drawn(ask, "stock-by-birthplace", ask.say(f"chart_{who}"), who, top=4)
    return (*drawn(ask, "net-migration", ask.say("chart_net")), *stock)


def flow_drawings(ask: Asker, flow: BriefSection) -> tuple[Drawing, ...]:
    """The largest corridor from the place and the largest to it, over time with intervals."""
    return tuple(_largest(ask, flow))


def _largest(ask: Asker, flow: BriefSection) -> Iterator[Drawing]:
    for start, label in (("departures to ", "chart_departures"), ("arrivals from ", "chart_arrivals")):
        names = [figure.name for figure in flow.figures if figure.name.startswith(start)]
        if not names:
            continue
        other = names[0].removeprefix(start)
        ends = (ask.code, other) if label == "chart_departures" else (other, ask.code)
        yield from _chart(ask, "corridor", ask.say(label, other=ask.language.the(other)), *ends)


def money_drawings(ask: Asker) -> tuple[Drawing, ...]:
    """Remittances, and the price of sending them where it was surveyed often enough for a line."""
    quarters = ask.rows(
        "SELECT count(DISTINCT quarter) AS n FROM price_index WHERE place = $code "
        "AND scope IN ('receiving', 'sending')"
    )[0]["n"]
    price = (
        drawn(ask, "remittance-price", ask.say("chart_price"), high=LOW) if quarters >= LEAST_PRICES else ()
    )
    return (*drawn(ask, "remittances", ask.say("chart_remittances"), high=LOW), *price)


def welfare_drawings(ask: Asker) -> tuple[Drawing, ...]:
    """Poverty with and without remittances."""
    return drawn(ask, "welfare", ask.say("chart_welfare"), high=LOW)


def drawn(
    ask: Asker, name: str, caption: str, *arguments: str, high: int = HEIGHT, **options: int
) -> tuple[Drawing, ...]:
    """A chart about the place; nothing where the atlas has no figure for it."""
    return _chart(ask, name, caption, ask.code, *arguments, high=high, **options)


def _chart(
    ask: Asker, name: str, caption: str, *arguments: str, high: int = HEIGHT, **options: int
) -> tuple[Drawing, ...]:
    words = _words(ask)

    def made(width: int, height: int) -> str:
        setting = Setting(width=width, height=height, title=False, words=words)
        chart: alt.LayerChart = CHARTS[name](ask.atlas, *arguments, setting=setting, **options)
        return svg(chart, locale=ask.language.locale)

    try:
        first = made(WIDTH, high)
    except NotFound:
        return ()
    # The room that labels took is known only now.
    whole_width, whole_height = _size(first)
    second = made(2 * WIDTH - whole_width, 2 * high - whole_height)
    # Letters are drawn by whoever sets the page, so the chart names the fonts of the page.
    return (Drawing(caption, re.sub(r'font-family="[^"]*"', f'font-family="{TYPE}"', second)),)


def _size(drawing: str) -> tuple[int, int]:
    found = re.match(r'<svg[^>]*? width="(\d+)[^"]*" height="(\d+)', drawing)
    assert found is not None
    return int(found[1]), int(found[2])


def _words(ask: Asker) -> Mapping[str, Any]:
    words = {series: ask.say(label) for series, label in _WORDS.items()}
    if ask.language.code != "en":
        rows = ask.rows("SELECT country, name FROM place ORDER BY country")
        words |= {row["name"]: ask.language.place(row["country"]) for row in rows}
    return words
