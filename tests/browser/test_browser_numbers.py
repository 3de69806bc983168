"""Contract: what a page shows is what the atlas holds, written as the page writes."""

# pyright: reportUnusedImport=false

from __future__ import annotations

import random
import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from playwright.sync_api import Page

import corridors as co
from browser_site import (
    Visit,
    all_rows,
    browser_fixture,  # noqa: F401
    head,
    needs_browser,
    ready,
    site_fixture,  # noqa: F401
    table_of,
    visit_fixture,  # noqa: F401
)

pytestmark = needs_browser

CELLS = 10


def rounded(value: float, digits: int) -> Decimal:
    return Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


def significant(value: Decimal, digits: int) -> Decimal:
    """Rounded to so many digits, ties away from zero."""
    if not value:
        return value
    return value.quantize(Decimal(1).scaleb(value.adjusted() - digits + 1), ROUND_HALF_UP)


def digits_text(value: Decimal) -> str:
    """With separators of thousands, without trailing zeros."""
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


# Digits after the point in the files of the site, by unit.
STORED = {"persons": 0, "USD million": 1, "%": 2, "share": 4}


def kind_of(unit: str) -> str:
    return next((kind for kind in STORED if unit.startswith(kind)), "other")


def stored(value: float, unit: str) -> Decimal:
    return rounded(value, STORED.get(kind_of(unit), 2))


def plain(value: float | None, unit: str) -> str:
    """A figure as tables write it."""
    if value is None:
        return "–"
    kind, kept = kind_of(unit), stored(value, unit)
    if kind == "share":
        kept *= 100
    if kind == "persons":
        places = 0
    elif kind in ("%", "share"):
        places = 2 if abs(kept) < 10 else 1
    else:
        places = 0 if abs(kept) >= 1000 else 1 if abs(kept) >= 1 else 3
    return digits_text(rounded(float(kept), places))


def short(value: float, unit: str) -> str:
    """A figure as sentences and ranges write it."""
    kind = kind_of(unit)
    if kind in ("%", "share"):
        return f"{plain(value, unit)} %"
    kept = stored(value, unit) * (10**6 if kind == "USD million" else 1)
    size = abs(kept)
    if size >= 10**6:
        kept = significant(kept, 3)
        power = next(p for p in (12, 9, 6) if abs(kept) >= 10**p)
        name = {6: "million", 9: "billion", 12: "trillion"}[power]
        text = f"{digits_text(kept.scaleb(-power))} {name}"
    elif size >= 10**4:
        text = digits_text(significant(kept, 3))
    else:
        text = digits_text(rounded(float(kept), 1 if size < 100 and kind == "other" else 0))
    return f"USD {text}" if kind == "USD million" else text


def interval(lower: float | None, upper: float | None, unit: str) -> str:
    return "" if lower is None or upper is None else f"{short(lower, unit)} – {short(upper, unit)}"


def codes(page: Page) -> dict[str, str]:
    """Codes of places by their names."""
    places = page.evaluate("fetch('data/atlas.json').then(r => r.json()).then(a => a.places)")
    found = {name: code for code, name, *_ in places}
    assert len(found) == len(places)
    return found


WORLD: list[tuple[str, str, str]] = [
    (
        "measure=migrant_stock&sex=female&t=2015",
        "SELECT value FROM migrant_stock WHERE origin = $a AND destination = $b AND sex = 'female' "
        "AND year = 2015",
        "persons",
    ),
    (
        "measure=migrant_flow&t=2010",
        "SELECT value, lower, upper FROM migrant_flow WHERE origin = $a AND destination = $b "
        "AND sex = 'total' AND kind = 'total' AND method = 'pseudo-bayes' AND period_start = 2010",
        "persons",
    ),
    (
        "measure=migrant_flow&method=minimum-closed&t=1995",
        "SELECT value FROM migrant_flow WHERE origin = $a AND destination = $b AND sex = 'total' "
        "AND kind = 'total' AND method = 'minimum-closed' AND period_start = 1995",
        "persons",
    ),
    (
        "measure=annual_flow&t=2012",
        "SELECT value FROM annual_flow WHERE origin = $a AND destination = $b AND year = 2012",
        "persons",
    ),
    (
        "measure=remittance_flow&t=2020",
        "SELECT value, lower, upper FROM remittance_flow WHERE sending = $a AND receiving = $b "
        "AND rule = 'reconciled' AND year = 2020",
        "USD million",
    ),
    (
        "measure=remittance_price&t=20203",
        "SELECT cost_usd200_pct AS value FROM remittance_price WHERE sending = $a AND receiving = $b "
        "AND quarter = '2020Q3'",
        "%",
    ),
    (
        "measure=refugees&status=asylum_seekers&t=2019",
        "SELECT asylum_seekers AS value FROM displacement WHERE origin = $a AND asylum = $b AND year = 2019",
        "persons",
    ),
    (
        "measure=net_migration&series=female&t=2010",
        "SELECT identity AS value FROM net_migration WHERE country = $a AND $b = '' AND sex = 'female' "
        "AND method = 'pseudo-bayes' AND period_start = 2010",
        "persons",
    ),
    (
        "measure=physicians&t=2020",
        "SELECT physicians_per_10000 AS value FROM health_workforce WHERE country = $a AND $b = ''",
        "per 10,000",
    ),
]


@pytest.mark.parametrize(("choice", "sql", "unit"), WORLD, ids=[choice for choice, *_ in WORLD])
def test_random_cells_of_the_world_are_rows_of_the_atlas(
    visit: Visit, atlas: co.Atlas, choice: str, sql: str, unit: str
) -> None:
    page = visit(f"/?v=1&view=world&top=1000&show=table&{choice}")
    by_name = codes(page)
    single = "Country" in head(table_of(page))
    ranged = "Range" in head(table_of(page))
    rows = all_rows(page)
    picked = random.Random(choice).sample(rows, min(CELLS, len(rows)))
    assert len(picked) == CELLS
    for _, name, *rest in picked:
        a, b = by_name[name], "" if single else by_name[rest.pop(0)]
        known = atlas.sql(sql, {"a": a, "b": b}).to_dicts()
        assert len(known) == 1, (name, known)
        assert rest[0] == plain(known[0]["value"], unit), (name, rest, known)
        if ranged:
            assert rest[1] == interval(known[0]["lower"], known[0]["upper"], unit), (name, rest, known)


def test_the_whole_table_is_there_when_all_is_asked_for(visit: Visit, atlas: co.Atlas) -> None:
    page = visit("/?v=1&view=world&measure=remittance_price&t=20203&top=50000&show=table")
    count = atlas.sql("SELECT count(*) AS n FROM remittance_price WHERE quarter = '2020Q3'")["n"].item()
    assert len(all_rows(page)) == count


CORRIDOR = {
    "migrant_stock": (
        "SELECT year::VARCHAR AS label, '' AS series, value, NULL AS lower, NULL AS upper FROM migrant_stock "
        "WHERE origin = $o AND destination = $d AND sex = 'total'",
        "persons",
    ),
    "migrant_flow": (
        "SELECT period_start || '–' || period_end AS label, method AS series, value, lower, upper "
        "FROM migrant_flow WHERE origin = $o AND destination = $d AND sex = 'total' AND kind = 'total'",
        "persons",
    ),
    "remittance_flow": (
        "SELECT year::VARCHAR AS label, rule AS series, value, lower, upper FROM remittance_flow "
        "WHERE receiving = $o AND sending = $d AND rule = 'reconciled'",
        "USD million",
    ),
    "remittance_price": (
        "SELECT left(quarter, 4) || ' ' || right(quarter, 2) AS label, '' AS series, "
        "cost_usd200_pct AS value, NULL AS lower, NULL AS upper FROM remittance_price "
        "WHERE receiving = $o AND sending = $d",
        "%",
    ),
}


def chart_tables(page: Page, titles: list[str], part: Any) -> dict[str, list[dict[str, str]]]:
    """Figures of the charts named, by title: each a row of label, series and words."""
    found: dict[str, list[dict[str, str]]] = {}
    for name in titles:
        figure = part.get_by_role("figure").filter(has=page.get_by_role("heading", name=name, exact=True))
        figure.locator("summary").click()
        table = figure.get_by_role("table")
        series = head(table)[1:]
        body = table.evaluate(
            "t => [...t.tBodies[0].rows]"
            ".map(r => [...r.cells].map(c => c.innerText.replace(/\\n/g, '|').trim()))"
        )
        found[name] = [
            {"label": label, "series": one, "words": words}
            for label, *words_of in body
            for one, words in zip(series, words_of, strict=True)
            if words != "–"
        ]
    return found


@pytest.mark.parametrize("pair", [("MEX", "USA"), ("PHL", "SAU"), ("UKR", "POL")])
def test_every_figure_of_a_corridor_is_a_row_of_the_atlas(
    visit: Visit, atlas: co.Atlas, pair: tuple[str, str]
) -> None:
    o, d = pair
    page = visit(f"/corridor/{o}-{d}")
    part = page.get_by_role("region", name=re.compile("^This way"))
    titles = {
        "migrant_stock": "People born there, living here",
        "migrant_flow": "People who moved in the period",
        "remittance_flow": "Money sent home",
        "remittance_price": "Price of sending USD 200",
    }
    words = page.get_by_role("region", name=re.compile("^This way")).get_by_role("heading", level=3)
    there = {key: name for key, name in titles.items() if name in words.all_inner_texts()}
    assert {"migrant_stock", "migrant_flow", "remittance_flow"} <= set(there), words.all_inner_texts()
    if pair == ("UKR", "POL"):
        # One figure makes no chart: prices of this corridor begin in 2025.
        [(label, _, value, *_)] = atlas.sql(CORRIDOR["remittance_price"][0], {"o": o, "d": d}).rows()
        card = part.get_by_role("heading", name=there.pop("remittance_price"), exact=True).locator("xpath=..")
        assert label in card.inner_text()
        assert plain(value, "%") in card.inner_text()
    shown = chart_tables(page, list(there.values()), part)
    checked = 0
    for measure, name in there.items():
        sql, unit = CORRIDOR[measure]
        known = {
            (row["label"], row["series"]): row
            for row in atlas.sql(sql, {"o": o, "d": d}).iter_rows(named=True)
        }
        for one in shown[name]:
            row = known.get((one["label"], one["series"])) or known[(one["label"], "")]
            expected = plain(row["value"], unit)
            if row["lower"] is not None:
                expected += "|" + interval(row["lower"], row["upper"], unit)
            assert one["words"] == expected, (measure, one, row)
            checked += 1
    assert checked >= 15


def test_the_country_page_has_the_figures_of_the_atlas(visit: Visit, atlas: co.Atlas) -> None:
    page = visit("/country/PHL")
    name = "Migrants here and abroad"
    shown = chart_tables(page, [name], page.get_by_role("main"))[name]
    for one in shown:
        end = "destination" if one["series"].startswith("immigrants") else "origin"
        value = atlas.sql(
            f"SELECT sum(value) AS value FROM migrant_stock WHERE {end} = 'PHL' AND sex = 'total' "
            "AND year = $year AND origin <> destination",
            {"year": int(one["label"])},
        )["value"].item()
        assert one["words"] == plain(value, "persons"), one
    assert len(shown) == 16
    # The greatest corridors are bars with short figures.
    known = atlas.sql(
        "SELECT value FROM migrant_stock WHERE origin = 'PHL' AND destination <> 'PHL' AND sex = 'total' "
        "AND year = 2024 ORDER BY value DESC LIMIT 10"
    )
    heading = page.get_by_role("heading", name="Who left: largest countries of residence")
    bars = heading.locator("xpath=..").get_by_role("listitem")
    texts = bars.all_inner_texts()
    assert [words.split()[-1] for words in texts] == [
        short(value, "persons").split()[-1] for value in known["value"]
    ]
    assert all(short(value, "persons") in words for value, words in zip(known["value"], texts, strict=True))


def test_the_heading_is_the_sum_of_the_atlas(visit: Visit, atlas: co.Atlas) -> None:
    page = ready(visit("/?v=1&view=world&measure=migrant_stock&t=2020&focus=DEU&dir=in"))
    total = atlas.sql(
        "SELECT sum(value) AS value FROM migrant_stock WHERE destination = 'DEU' AND sex = 'total' "
        "AND year = 2020 AND origin <> destination"
    )["value"].item()
    assert page.get_by_role("heading", level=1).inner_text().startswith(short(total, "persons"))
