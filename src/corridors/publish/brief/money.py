"""The part of a brief about money: remittances, prices, poverty."""

from __future__ import annotations

import re

from corridors.parameters import value
from corridors.publish.brief.asking import Asker, made, place_table
from corridors.publish.brief.content import BriefSection, Figure, Table

TOP = 5
FIVE_BY_FIVE, TARGET_10C = value("price_target_corridor"), value("price_target_average")
_SIDES = (
    ("received", "receiving", "sending", "senders_table"),
    ("paid", "sending", "receiving", "receivers_table"),
)

_BESIDE = {
    "beside_remittances": "remittances_share_gdp",
    "beside_aid": "aid_share_gdp",
    "beside_investment": "investment_share_gdp",
}


def total_figures(ask: Asker) -> dict[str, tuple[Figure, int]]:
    """Latest remittances received and paid, each with its year."""
    found: dict[str, tuple[Figure, int]] = {}
    for name, *_ in _SIDES:
        rows = ask.rows(
            f"SELECT max(year) AS year FROM remittance_recorded WHERE country = $code AND {name} > 0"
        )
        year = rows[0]["year"]
        if year is None:
            continue
        key = f"country = '{ask.code}' AND year = {year}"
        figure = ask.figure(name, "remittance_total", key, name, ask.language.amount)
        if figure is not None:
            found[name] = (figure, year)
    return found


def beside_sentence(ask: Asker) -> tuple[list[str], list[Figure]]:
    """Remittances, aid and direct investment of one year beside the economy; none without a common year."""
    rows = ask.rows(
        "SELECT max(r.year) AS year FROM indicator AS r JOIN indicator AS o USING (place, year) "
        "WHERE place = $code AND r.indicator = 'remittances_share_gdp' "
        "AND o.indicator IN ('aid_share_gdp', 'investment_share_gdp')"
    )
    year = rows[0]["year"]
    if year is None:
        return [], []
    figures: dict[str, Figure] = {}
    for name, indicator in _BESIDE.items():
        key = f"indicator = '{indicator}' AND place = '{ask.code}' AND year = {year}"
        figure = ask.figure(name, "indicator", key, "100 * value", lambda v: ask.language.percent(v, 1))
        if figure is not None:
            figures[name] = figure
    parts = "; ".join(ask.say(name, share=figure.text) for name, figure in figures.items())
    return [ask.say("beside_sentence", year=ask.aged(year), parts=parts)], list(figures.values())


def price_figures(ask: Asker) -> dict[str, tuple[Figure, Figure, str]]:
    """Mean price of the latest quarter by way (to, from), its number of corridors, the quarter."""
    quarter = ask.rows("SELECT max(quarter) AS q FROM price_index")[0]["q"]
    found: dict[str, tuple[Figure, Figure, str]] = {}
    for way, scope in (("to", "receiving"), ("from", "sending")):
        key = (
            f"scope = '{scope}' AND place = '{ask.code}' AND quarter = '{quarter}' "
            "AND weighting = 'mean over corridors'"
        )
        price = ask.figure(
            f"price {way}", "price_index", key, "value", ask.language.percent, ("lower", "upper")
        )
        corridors = ask.figure(f"corridors {way}", "price_index", key, "corridors", ask.language.whole)
        if price is not None and corridors is not None:
            found[way] = (price, corridors, quarter)
    return found


def verdict(ask: Asker, price: Figure) -> str:
    """The price against the two targets, in words."""
    if price.value > FIVE_BY_FIVE:
        return ask.say("verdict_above")
    return ask.say("verdict_between" if price.value > TARGET_10C else "verdict_below")


def quarter_text(ask: Asker, quarter: str) -> str:
    """A quarter as the language writes it, with how long ago it was where its figures are old."""
    written = f"{'Q' if ask.language.code == 'en' else 'T'}{quarter[-1]} {quarter[:4]}"
    return ask.aged(int(quarter[:4]), written)


def money_section(ask: Asker) -> BriefSection:
    """Remittances, by corridor with intervals, and what sending costs."""
    totals, prices = total_figures(ask), price_figures(ask)
    sentences = [
        ask.say(f"{name}_sentence", amount=figure.text, year=ask.aged(year))
        for name, (figure, year) in totals.items()
    ]
    sentences = [" ".join(sentences)] if sentences else [ask.say("money_unknown")]
    priced = [
        ask.say(f"price_{way}_sentence", price=price.text, n=n.text, verdict=verdict(ask, price),
                quarter=quarter_text(ask, quarter))
        for way, (price, n, quarter) in prices.items()
    ]  # fmt: skip
    beside, shares = beside_sentence(ask)
    sentences += beside
    sentences.append(" ".join(priced) if priced else ask.say("price_unknown"))
    tables, figures = _corridors(ask)
    return BriefSection(
        "money",
        ask.say("money"),
        ask.say("targets"),
        tuple(sentences),
        tuple(tables),
        notes=(ask.say("modelled"),) if tables else (),
        figures=(
            *(figure for figure, _ in totals.values()),
            *shares,
            *(figure for price, n, _ in prices.values() for figure in (price, n)),
            *figures,
        ),
    )


def _corridors(ask: Asker) -> tuple[list[Table], list[Figure]]:
    tables: list[Table] = []
    figures: list[Figure] = []
    year = ask.rows("SELECT max(year) AS year FROM remittance_flow")[0]["year"]
    heads = (ask.say("country"), ask.say("amount"), ask.say("interval"))
    for _, own, other, label in _SIDES:
        top = _flows(ask, own, other, year)
        if top:
            tables.append(place_table(ask, ask.say(label, year=ask.aged(year)), heads, top, intervals=True))
            figures += top.values()
    return tables, figures


def _flows(ask: Asker, own: str, other: str, year: int) -> dict[str, Figure]:
    rows = ask.rows(
        f"SELECT {other} AS code, value, lower, upper FROM remittance_flow WHERE {own} = $code "
        f"AND {other} <> $code AND year = {year} AND rule = 'reconciled' AND value >= 0.05 "
        f"ORDER BY value DESC, {other} LIMIT {TOP}"
    )

    def write(value: float) -> str:
        return ask.language.decimal(value, 1) if abs(value) < 100 else ask.language.whole(value)

    return {
        row["code"]: made(
            f"money {own} with {row['code']}",
            "remittance_flow",
            f"{own} = '{ask.code}' AND {other} = '{row['code']}' AND year = {year} AND rule = 'reconciled'",
            "value",
            (row["value"], row["lower"], row["upper"]),
            write,
        )
        for row in rows
    }


def welfare_section(ask: Asker) -> BriefSection:
    """Poverty as surveyed and without remittances; where that can not be told, only why."""
    rows = ask.rows(
        "SELECT line, year, without_remittances AS v, reason FROM welfare WHERE country = $code "
        "AND measure = 'headcount' ORDER BY line"
    )
    title = ask.say("welfare")
    known = [row for row in rows if row["v"] is not None]
    if not known:
        why = next((row["reason"] for row in rows if row["reason"]), None)
        reason = ask.say("welfare_none") if why is None else why_not(ask, why)
        return BriefSection("welfare", title, "", (ask.say("welfare_unknown", reason=reason),))
    cells: list[tuple[str, ...]] = []
    figures: list[Figure] = []
    for row in known:
        surveyed, without = _pair(ask, row["line"])
        figures += [figure for figure in (surveyed, without) if figure is not None]
        line = f"USD {ask.language.decimal(row['line'], 2)}"
        cells.append((line, "" if surveyed is None else surveyed.text, _cell(ask, without)))
    heads = (ask.say("line"), ask.say("with_remittances"),
             f"{ask.say('without_remittances')} ({ask.say('range')})")  # fmt: skip
    kind = ask.say("welfare_kind", year=ask.aged(known[0]["year"]))
    notes = (ask.say("welfare_note"),)
    return BriefSection(
        "welfare", title, kind, (), (Table("", heads, tuple(cells)),), notes=notes, figures=tuple(figures)
    )


_REASONS = (
    ("of the mean of the survey", "why_large"),
    ("do not fit", "why_money"),
    ("remittances", "why_remittances"),
    ("exchange rate", "why_prices"),
    ("price factors", "why_prices"),
    ("deciles", "why_deciles"),
)


def why_not(ask: Asker, reason: str) -> str:
    """The atlas' reason for a missing estimate, in the language of the brief."""
    shares = [ask.language.percent(float(share), 0) for share in re.findall(r"(\d+)%", reason)]
    filled = dict(zip(("share", "limit"), shares, strict=False))
    for words, label in _REASONS:
        if words in reason:
            return ask.say(label, **filled)
    return reason


def _pair(ask: Asker, line: float) -> tuple[Figure | None, Figure | None]:
    key = f"country = '{ask.code}' AND measure = 'headcount' AND line = {line}"

    def surveyed(percent: float) -> str:
        return ask.language.percent(percent, 1)

    def estimated(percent: float) -> str:
        return ask.language.percent(percent, 0 if percent >= 10 else 1)

    ends = ("without_remittances_low", "without_remittances_high")
    return (
        ask.figure(f"poor below {line} with", "welfare", key, "with_remittances", surveyed),
        ask.figure(f"poor below {line} without", "welfare", key, "without_remittances", estimated, ends),
    )


def _cell(ask: Asker, figure: Figure | None) -> str:
    if figure is None:
        return ask.say("no_without")
    return f"{figure.text} ({figure.interval or ask.say('no_interval')})"
