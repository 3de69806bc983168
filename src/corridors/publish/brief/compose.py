"""From an atlas to a brief."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, date, datetime

from corridors import places
from corridors.atlas import Atlas
from corridors.errors import NotFound
from corridors.publish.brief.asking import Asker
from corridors.publish.brief.closing import made_with, run_of, source_section, tables_of, uncertain_section
from corridors.publish.brief.content import Figure, Key
from corridors.publish.brief.country_brief import Brief
from corridors.publish.brief.drawings import flow_drawings, money_drawings, people_drawings, welfare_drawings
from corridors.publish.brief.language import speak
from corridors.publish.brief.money import (
    money_section,
    price_figures,
    quarter_text,
    total_figures,
    verdict,
    welfare_section,
)
from corridors.publish.brief.people import (
    flow_section,
    income_words,
    net_figures,
    population_figure,
    projected,
    stock_figures,
    stock_section,
)
from corridors.publish.brief.rights import (
    agreement_section,
    commitment_section,
    health_section,
    treaty_section,
)


def brief(atlas: Atlas, country: str, language: str = "en") -> Brief:
    """A brief of two pages on a country, from the figures of an atlas.

    Parameters
    ----------
    atlas
        An opened atlas.
    country
        Code or name.
    language
        ``en``, ``fr`` or ``es``.

    Returns
    -------
    Brief
        Every number with the row of the atlas it stands in; nothing is computed but rounded.

    Raises
    ------
    NotFound
        No such place or language, or a place of which the atlas knows nothing.

    Examples
    --------
    >>> import corridors as co
    >>> from corridors.publish.brief import brief
    >>> brief(co.open(), "PHL").to_pdf()[:5]
    b'%PDF-'
    """
    spoken = speak(language)
    place = places.find(country)
    day = date.fromisoformat(str(run_of(atlas)["as_of"]))
    ask = Asker(atlas, place, spoken, frozenset(atlas.tables()), day)
    if not ask.rows("SELECT 1 FROM country_fact WHERE country = $code LIMIT 1"):
        raise NotFound(f"nothing is known about {place.name} ({place.code})")
    stock, flow, money, welfare = (
        stock_section(ask),
        flow_section(ask),
        money_section(ask),
        welfare_section(ask),
    )
    emigrants, immigrants, _ = stock_figures(ask)
    first = (emigrants.value if emigrants else 0) >= (immigrants.value if immigrants else 0)
    residents, counted = population_figure(ask)
    if residents is not None:
        stock = replace(stock, figures=(*stock.figures, residents))
    ahead, figures = projected(ask)
    stock = replace(stock, sentences=(*stock.sentences, *ahead), figures=(*stock.figures, *figures))
    sections = [
        replace(stock, drawings=people_drawings(ask, first)),
        replace(flow, drawings=flow_drawings(ask, flow)),
        replace(money, drawings=money_drawings(ask)),
        replace(welfare, drawings=welfare_drawings(ask) if welfare.tables else ()),
        health_section(ask),
        treaty_section(ask),
        agreement_section(ask),
    ]
    if (commitments := commitment_section(ask)) is not None:
        sections.append(commitments)
    used = tables_of(sections)
    group = [spoken.say(f"region_{place.region}")] if place.region else []
    if (income := income_words(ask)) is not None:
        group.append(income)
    if residents is not None:
        group.append(spoken.say("population", n=residents.text, year=counted))
    return Brief(
        country=place.code,
        name=spoken.place(place.code),
        language=language,
        group=" · ".join(group),
        headline=headline(ask),
        keys=keys(ask),
        sections=(*sections, uncertain_section(ask, used), source_section(ask, used)),
        made=made_with(ask),
        built=_moment(atlas),
    )


def _moment(atlas: Atlas) -> datetime:
    moment = datetime.fromisoformat(str(run_of(atlas)["built_at"]))
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def headline(ask: Asker) -> str:
    """People abroad and here, money received or paid, and its price: what is known of them."""
    emigrants, immigrants, year = stock_figures(ask)
    known = {"emigrants": emigrants, "immigrants": immigrants}
    texts = {name: figure.text for name, figure in known.items() if figure is not None}
    label = {2: "people", 0: "unknown"}.get(len(texts), next(iter(texts), ""))
    said = [ask.say(f"headline_{label}", year=year, **texts)]
    totals, prices = total_figures(ask), price_figures(ask)
    name = _main_money({name: figure for name, (figure, _) in totals.items()})
    if name is None:
        return " ".join([*said, ask.say("headline_no_money")])
    figure, money_year = totals[name]
    said.append(ask.say(f"headline_{name}", amount=figure.text, year=ask.aged(money_year)))
    if way := _main_way(name, prices):
        price, _, quarter = prices[way]
        when = quarter_text(ask, quarter)
        said.append(
            ask.say(f"headline_price_{way}", price=price.text, quarter=when, verdict=verdict(ask, price))
        )
    return " ".join(said)


def _main_money(figures: dict[str, Figure]) -> str | None:
    """Received or paid: whichever is more."""
    return max(figures, key=lambda name: figures[name].value) if figures else None


def _main_way(money: str, prices: Collection[str]) -> str:
    """The way of the price that goes with received or paid; the other where only that was surveyed."""
    ways = ("to", "from") if money == "received" else ("from", "to")
    return next((way for way in ways if way in prices), "")


def keys(ask: Asker) -> tuple[Key, ...]:
    """Five large numbers, or that they are not known."""
    emigrants, immigrants, year = stock_figures(ask)
    net, period = net_figures(ask)
    totals, prices = total_figures(ask), price_figures(ask)
    name = _main_money({name: figure for name, (figure, _) in totals.items()}) or "received"
    way = _main_way(name, prices) or "to"
    money, money_year = totals.get(name, (None, None))
    # Words for millions are too long for a large number.
    millions = replace(money, text=_millions(ask, money.value)) if money is not None else None
    price, _, quarter = prices.get(way, (None, None, ""))
    when = quarter_text(ask, quarter) if quarter else ""
    return (
        _key(ask, emigrants, "key_emigrants", ask.aged(year), "people"),
        _key(ask, immigrants, "key_immigrants", ask.aged(year), "people"),
        _key(ask, net.get("net"), "key_net", period, "people"),
        _key(ask, millions, f"key_{name}", ask.aged(money_year), "money"),
        _key(ask, price, f"key_price_{way}", when, "money"),
    )


def _millions(ask: Asker, value: float) -> str:
    return ask.language.whole(value) if value >= 100 else ask.language.decimal(value, 1)


def _key(ask: Asker, figure: Figure | None, label: str, when: str, kind: str) -> Key:
    if figure is None:
        return Key(ask.say("not_known"), ask.say(label), "", kind, False)
    sure = figure.interval or ask.say("no_interval")
    return Key(figure.text, ask.say(label), f"{when} · {sure}", kind, True)
