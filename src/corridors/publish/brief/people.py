"""The part of a brief about people: stocks, flows, refugees."""

from __future__ import annotations

from corridors.publish.brief.asking import Asker, made, place_table
from corridors.publish.brief.content import BriefSection, Figure, Table

TOP = 6
PROJECTED = 2050
METHOD = "pseudo-bayes"
_TOTAL = f"method = '{METHOD}' AND kind = 'total' AND sex = 'total'"


def stock_figures(ask: Asker) -> tuple[Figure | None, Figure | None, int]:
    """Emigrants, immigrants, and the year of both."""
    year = ask.rows("SELECT max(year) AS year FROM migrant_stock")[0]["year"]
    emigrants, immigrants = (
        ask.figure(
            name,
            "country_fact",
            f"country = '{ask.code}' AND measure = 'migrant_stock' AND detail = '{detail}' AND sex = 'total' "
            f"AND year = {year}",
            "value",
            ask.language.whole,
        )
        for name, detail in (
            ("emigrants", "emigrants living abroad"),
            ("immigrants", "immigrants living here"),
        )
    )
    return emigrants, immigrants, year


def population_figure(ask: Asker) -> tuple[Figure | None, int | None]:
    """Residents in the latest year, and that year."""
    year = ask.rows("SELECT max(year) AS year FROM population WHERE country = $code")[0]["year"]
    if year is None:
        return None, None
    key = f"country = '{ask.code}' AND year = {year}"
    return ask.figure("population", "population", key, "population", ask.language.whole), year


def income_words(ask: Asker) -> str | None:
    """The class of income of the last year that the country is classified in, and that year."""
    rows = ask.rows(
        "SELECT income_group, year FROM income_class WHERE country = $code ORDER BY year DESC LIMIT 1"
    )
    if not rows:
        return None
    return f"{ask.say('income_' + rows[0]['income_group'])} ({ask.aged(rows[0]['year'])})"


def projected(ask: Asker) -> tuple[tuple[str, ...], tuple[Figure, ...]]:
    """Residents that the United Nations project, with their interval; nothing where they do not."""
    key = f"country = '{ask.code}' AND year = {PROJECTED}"
    figure = ask.figure(
        "population projected",
        "population_projection",
        key,
        "population",
        ask.language.whole,
        ("lower", "upper"),
    )
    if figure is None:
        return (), ()
    said = ask.say("population_ahead", year=PROJECTED, n=figure.text, interval=figure.interval)
    return (said,), (figure,)


def stock_section(ask: Asker) -> BriefSection:
    """Who lives where, in the latest year."""
    emigrants, immigrants, year = stock_figures(ask)
    title, kind = ask.say("stock"), ask.say("stock_kind", year=ask.aged(year))
    notes = territory_notes(ask)
    if emigrants is None and immigrants is None:
        return BriefSection("stock", title, kind, (notes or (ask.say("stock_unknown"),)))
    sides = (
        (emigrants, "origin", "destination", "emigrants_table"),
        (immigrants, "destination", "origin", "immigrants_table"),
    )
    tables: list[Table] = []
    figures: list[Figure] = []
    for total, own, other, label in sides:
        if total is None:
            continue
        top = _stocks(ask, own, other, year)
        table = place_table(
            ask, ask.say(label), (ask.say("country"), ask.say("people")), top, intervals=False
        )
        rows = (*table.rows, (ask.say("all_listed"), total.text))
        tables.append(Table(table.title, table.head, rows))
        figures += [total, *top.values()]
    notes = (*notes, ask.say("stock_listed"), ask.say("chart_bands"))
    return BriefSection("stock", title, kind, (), tuple(tables), notes=notes, figures=tuple(figures))


def _stocks(ask: Asker, own: str, other: str, year: int) -> dict[str, Figure]:
    rows = ask.rows(
        f"SELECT {other} AS code, value FROM migrant_stock WHERE {own} = $code AND sex = 'total' "
        f"AND year = {year} AND value > 0 AND origin <> 'OTH' ORDER BY value DESC, {other} LIMIT {TOP}"
    )
    return {
        row["code"]: made(
            f"{'emigrants in' if own == 'origin' else 'immigrants from'} {row['code']}",
            "migrant_stock",
            f"{own} = '{ask.code}' AND {other} = '{row['code']}' AND year = {year} AND sex = 'total'",
            "value",
            (row["value"], None, None),
            ask.language.whole,
        )
        for row in rows
    }


def territory_notes(ask: Asker) -> tuple[str, ...]:
    """Within whom the place is counted today, and whom its figures contain."""
    rows = ask.rows("SELECT unit, member FROM territory WHERE last_period IS NULL ORDER BY ALL")
    units = [r["unit"] for r in rows if r["member"] == ask.code and r["unit"] != ask.code]
    members = [r["member"] for r in rows if r["unit"] == ask.code and r["member"] != ask.code]
    named = ask.language.the
    notes = [ask.say("counted_within", unit=named(unit)) for unit in units]
    if members:
        notes.append(ask.say("contains", members=", ".join(named(member) for member in members)))
    return tuple(notes)


def net_figures(ask: Asker) -> tuple[dict[str, Figure], str]:
    """Departures, arrivals and net migration of the latest period, and the period."""
    start, end = ask.atlas.sql(
        "SELECT period_start, period_end FROM net_migration ORDER BY period_start DESC LIMIT 1"
    ).row(0)
    key = f"country = '{ask.code}' AND period_start = {start} AND sex = 'total' AND method = '{METHOD}'"
    found = {
        name: ask.figure(name, "net_migration", key, column, ask.language.whole)
        for name, column in (("departures", "departures"), ("arrivals", "arrivals"), ("net", "value"))
    }
    return {name: figure for name, figure in found.items() if figure is not None}, f"{start}–{end}"


def flow_section(ask: Asker) -> BriefSection:
    """Who left and who came in the latest period, with intervals."""
    totals, period = net_figures(ask)
    title, kind = ask.say("flow"), ask.say("flow_kind", period=period)
    refugees, counted = _refugees(ask)
    if not totals:
        return BriefSection("flow", title, kind, (ask.say("flow_unknown"), *refugees), figures=counted)
    said = ask.say("flow_sentence", **{name: figure.text for name, figure in totals.items()})
    tables: list[Table] = []
    figures = [*totals.values(), *counted]
    heads = (ask.say("country"), ask.say("people"), ask.say("interval"))
    for own, other, label in (
        ("origin", "destination", "departures_table"),
        ("destination", "origin", "arrivals_table"),
    ):
        top = _flows(ask, own, other, int(period[:4]))
        if top:
            tables.append(place_table(ask, ask.say(label), heads, top, intervals=True))
            figures += top.values()
    return BriefSection(
        "flow",
        title,
        kind,
        (said, *refugees),
        tuple(tables),
        notes=(ask.say("flow_bands"),),
        figures=tuple(figures),
    )


def _flows(ask: Asker, own: str, other: str, start: int) -> dict[str, Figure]:
    rows = ask.rows(
        f"SELECT {other} AS code, value, lower, upper FROM migrant_flow WHERE {own} = $code "
        f"AND {other} <> $code AND period_start = {start} AND {_TOTAL} AND value >= 0.5 "
        f"ORDER BY value DESC, {other} LIMIT {TOP}"
    )
    return {
        row["code"]: made(
            f"{'departures to' if own == 'origin' else 'arrivals from'} {row['code']}",
            "migrant_flow",
            f"{own} = '{ask.code}' AND {other} = '{row['code']}' AND period_start = {start} AND {_TOTAL}",
            "value",
            (row["value"], row["lower"], row["upper"]),
            ask.language.whole,
        )
        for row in rows
    }


_PROTECTED = {
    "from_here": "refugees and others in need of protection, from here",
    "living_here": "refugees and others in need of protection, living here",
}


def _refugees(ask: Asker) -> tuple[tuple[str, ...], tuple[Figure, ...]]:
    year = ask.rows("SELECT max(year) AS year FROM displacement")[0]["year"]
    found = {
        name: ask.figure(
            f"refugees {name}",
            "country_fact",
            f"country = '{ask.code}' AND measure = 'displaced' AND detail = '{detail}' AND year = {year}",
            "value",
            ask.language.whole,
        )
        for name, detail in _PROTECTED.items()
    }
    known = {name: figure for name, figure in found.items() if figure is not None and figure.value > 0}
    if not known:
        return (), ()
    label = {2: "refugees"}.get(len(known), "refugees_from" if "from_here" in known else "refugees_here")
    said = ask.say(label, year=ask.aged(year), **{name: figure.text for name, figure in known.items()})
    return (said,), tuple(known.values())
