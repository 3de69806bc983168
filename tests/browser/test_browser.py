"""The world's page in a browser: choosing places, times and measures; figures, tables, links."""

# pyright: reportUnusedImport=false

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from browser_site import (
    FLOWS,
    WIDTHS,
    Visit,
    all_rows,
    browser_fixture,  # noqa: F401
    cells,
    choose_place,
    head,
    needs_browser,
    open_controls,
    query,
    ready,
    show,
    site_fixture,  # noqa: F401
    table_of,
    title,
    visit_fixture,  # noqa: F401
)

pytestmark = needs_browser


def slider(page: Page) -> Any:
    return page.get_by_role("slider", name="Time")


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize(
    ("typed", "clicked", "from_name", "to_name", "codes"),
    [
        ("México", "Deutschland", "Mexico", "Germany", ("MEX", "DEU")),
        ("Filipinas", "السعودية", "Philippines", "Saudi Arabia", ("PHL", "SAU")),
        ("Україна", "polska", "Ukraine", "Poland", ("UKR", "POL")),
    ],
)
def test_a_corridor_is_found_by_names_in_its_own_languages(
    visit: Visit, width: int, typed: str, clicked: str, from_name: str, to_name: str, codes: tuple[str, str]
) -> None:
    page = visit("/?v=1&view=corridor", width)
    choose_place(page, "From", typed, from_name)
    choose_place(page, "To", clicked, to_name)
    assert title(page).startswith(f"{from_name} → {to_name}")
    found = query(page)
    assert (found["view"], found["o"], found["d"]) == ("corridor", *codes)
    expect(page.get_by_role("combobox", name="From", exact=True)).to_have_value(from_name)


def test_a_name_that_no_place_has_is_said(visit: Visit) -> None:
    page = visit("/?v=1&view=country")
    page.get_by_role("main").get_by_role("combobox").press_sequentially("Xyzzyland")
    expect(page.get_by_text("No place of that name")).to_be_visible()


@pytest.mark.parametrize("width", WIDTHS)
def test_time_by_the_keyboard(visit: Visit, width: int) -> None:
    page = visit(FLOWS, width)
    bar = slider(page)
    assert bar.get_attribute("aria-valuetext") == "2010–2015"
    before = cells(table_of(page))
    for key, words, t in [
        ("ArrowLeft", "2005–2010", "2005"),
        ("Home", "1990–1995", "1990"),
        ("ArrowRight", "1995–2000", "1995"),
        ("End", "2020–2024", "2020"),
    ]:
        bar.press(key)
        ready(page)
        expect(bar).to_have_attribute("aria-valuetext", words)
        expect(page.get_by_role("heading", level=1)).to_contain_text(words)
        assert query(page)["t"] == t
    assert cells(table_of(page)) != before


def test_a_typed_year_is_its_period_and_a_strange_one_is_refused(visit: Visit) -> None:
    page = visit(FLOWS)
    box = page.get_by_role("textbox", name="Type a year")
    box.fill("2003")
    box.press("Enter")
    expect(slider(page)).to_have_attribute("aria-valuetext", "2000–2005")
    box.fill("1066")
    box.press("Enter")
    expect(page.get_by_role("alert")).to_have_text("No figures for 1066")
    expect(slider(page)).to_have_attribute("aria-valuetext", "2000–2005")


def test_play_goes_through_the_times_and_stops(visit: Visit) -> None:
    page = visit("/?v=1&view=world&measure=migrant_stock&t=2015&top=25")
    page.get_by_role("button", name="Play").click()
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    expect(slider(page)).to_have_attribute("aria-valuetext", "2020")
    expect(page.get_by_role("heading", level=1)).to_contain_text("2020")
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    page.get_by_role("button", name="Play").click()
    expect(slider(page)).to_have_attribute("aria-valuetext", "1990")
    page.get_by_role("button", name="Pause").click()
    page.wait_for_timeout(1500)
    expect(slider(page)).to_have_attribute("aria-valuetext", "1990")


@pytest.mark.parametrize("width", WIDTHS)
def test_measure_and_its_options(visit: Visit, width: int) -> None:
    page = visit("/", width)
    picker = page.get_by_role("combobox", name="Measure")
    for measure, words, column in [
        ("remittance_flow", "Migrants sent home", "Figure (USD million)"),
        ("remittance_price", "sending USD 200|send USD 200", "Figure (% of the amount sent)"),
        ("net_migration", "et migration", "Figure (people in the period)"),
        ("migrant_flow", "moves between countries", "Figure (people in the period)"),
    ]:
        picker.select_option(measure)
        ready(page)
        assert re.search(words, title(page)), title(page)
        assert column in head(table_of(page))
        assert query(page)["measure"] == measure
    everyone = cells(table_of(page))
    open_controls(page)
    page.get_by_role("combobox", name="Sex").select_option("female")
    ready(page)
    assert cells(table_of(page)) != everyone
    # Only methods that have figures of women can be chosen now.
    method = page.get_by_role("combobox", name="Method")
    closed = method.locator("option").evaluate_all("o => o.filter(x => x.disabled).map(x => x.value)")
    assert "independence" in closed
    assert "pseudo-bayes" not in closed


def test_focus_direction_region_and_threshold_narrow_the_rows(visit: Visit) -> None:
    page = visit("/?v=1&view=world&measure=migrant_stock&t=2020")
    choose_place(page, "Country in focus", "Österreich", "Austria")
    rows = cells(table_of(page))
    assert all("Austria" in (row[1], row[2]) for row in rows)
    page.get_by_role("combobox", name="Direction").select_option("in")
    ready(page)
    assert {row[2] for row in cells(table_of(page))} == {"Austria"}
    page.get_by_role("combobox", name="Region").select_option("Asia")
    ready(page)
    asian = cells(table_of(page))
    assert asian[0][1] == "Türkiye"
    page.get_by_role("textbox", name="At least").fill("10000")
    page.get_by_role("textbox", name="At least").press("Enter")
    ready(page)
    few = cells(table_of(page))
    assert 0 < len(few) < len(asian)
    assert all(int(row[3].replace(",", "")) >= 10_000 for row in few)


@pytest.mark.parametrize("width", WIDTHS)
def test_map_bars_and_table_have_the_same_rows(visit: Visit, width: int) -> None:
    page = visit(FLOWS, width)
    rows = cells(table_of(page))
    assert len(rows) == 25
    ends = [f"{row[1]} → {row[2]}" for row in rows]
    # The map tells its rows to the keyboard, one after another.
    figure = page.get_by_role("application", name=re.compile("^Flow map"))
    figure.focus()
    status = page.get_by_role("status").last
    told: list[str] = []
    for _ in ends:
        figure.press("ArrowRight")
        told.append(status.inner_text())
    assert [words.rsplit(":", 1)[0] for words in told] == ends
    show(page, "Bars")
    assert cells(table_of(page)) == rows
    bars = page.get_by_role("figure").get_by_role("listitem")
    names = bars.evaluate_all("all => all.map(li => li.innerText.split('\\n')[0].trim())")
    assert names == ends
    amounts = bars.evaluate_all("all => all.map(li => li.textContent.replace(/\\s+/g, ' '))")
    for words, told_words in zip(amounts, told, strict=True):
        assert told_words.rsplit(": ", 1)[1] in words
    show(page, "Table")
    assert cells(table_of(page)) == rows
    assert page.get_by_role("application").count() == 0


@pytest.mark.parametrize("width", WIDTHS)
def test_the_circle_has_the_rows_of_its_table(visit: Visit, width: int) -> None:
    page = visit(FLOWS + "&show=chord", width)
    rows = cells(table_of(page))
    circle = page.get_by_role("group", name=re.compile("^Circle of regions"))
    ribbons = circle.locator("path > title").all_text_contents()
    names = {row[1] for row in rows}
    assert len(names) == 6
    assert sorted(words.rsplit(":", 1)[0] for words in ribbons) == sorted(
        f"{row[1]} → {row[2]}" for row in rows
    )
    circle.get_by_role("button", name=re.compile("^Oceania")).press("Enter")
    ready(page)
    drilled = all_rows(page)
    assert query(page)["drill"] == "Oceania"
    assert "Australia" in {row[1] for row in drilled}
    assert len(circle.locator("path > title").all()) == len(drilled)


def test_a_measure_that_can_not_be_added_has_no_circle(visit: Visit) -> None:
    page = visit("/?v=1&view=world&measure=remittance_price&show=chord")
    assert page.get_by_role("radio", name="Circle").count() == 0
    assert "Share" not in head(table_of(page))


def test_sorting_by_a_column(visit: Visit) -> None:
    page = visit(FLOWS)
    table = table_of(page)
    rows = cells(table)
    header = table.get_by_role("columnheader", name=re.compile("^From"))
    header.get_by_role("button").click()
    expect(header).to_have_attribute("aria-sort", "ascending")
    names = [row[1] for row in cells(table)]
    assert names == sorted(names)
    header.get_by_role("button").press("Enter")
    expect(header).to_have_attribute("aria-sort", "descending")
    assert [row[1] for row in cells(table)] == sorted(names, reverse=True)
    assert query(page)["sort"] == "-from"
    figures = table.get_by_role("columnheader", name=re.compile("^Figure"))
    figures.get_by_role("button").click()
    expect(figures).to_have_attribute("aria-sort", "descending")
    assert cells(table) == rows
    figures.get_by_role("button").click()
    amounts = [int(row[3].replace(",", "")) for row in cells(table)]
    assert amounts == sorted(amounts)


def test_a_link_brings_back_the_whole_view(visit: Visit) -> None:
    first = visit("/", permissions=["clipboard-read", "clipboard-write"])
    first.get_by_role("combobox", name="Measure").select_option("migrant_flow")
    ready(first)
    first.get_by_role("combobox", name="Method").select_option("minimum-closed")
    first.get_by_role("combobox", name="Corridors shown").select_option("25")
    choose_place(first, "Country in focus", "Brasil", "Brazil")
    first.get_by_role("combobox", name="Direction").select_option("out")
    slider(first).press("Home")
    show(first, "Bars")
    first.get_by_role("columnheader", name=re.compile("^To")).get_by_role("button").click()
    ready(first)
    first.get_by_role("button", name="Copy link").click()
    expect(first.get_by_text("Copied")).to_be_visible()
    link = urlsplit(first.evaluate("navigator.clipboard.readText()"))
    assert link.geturl() == first.url
    second = visit(f"{link.path}?{link.query}")
    assert title(second) == title(first)
    assert cells(table_of(second)) == cells(table_of(first))
    for label in ("Measure", "Method", "Direction", "Corridors shown", "Country in focus"):
        box = (page.get_by_role("main").get_by_role("combobox", name=label) for page in (first, second))
        assert len({one.input_value() for one in box}) == 1, label
    expect(second.get_by_role("radio", name="Bars")).to_be_checked()
    expect(slider(second)).to_have_attribute("aria-valuetext", "1990–1995")


def test_back_and_forward(visit: Visit) -> None:
    page = visit("/?v=1&view=world&measure=migrant_stock&top=25")
    stocks = title(page)
    page.get_by_role("combobox", name="Measure").select_option("remittance_flow")
    ready(page)
    money = title(page)
    page.get_by_role("link", name="Country", exact=True).click()
    ready(page)
    assert title(page) == "Choose a country"
    page.go_back()
    ready(page)
    expect(page.get_by_role("heading", level=1)).to_have_text(money)
    page.go_back()
    ready(page)
    expect(page.get_by_role("heading", level=1)).to_have_text(stocks)
    page.go_forward()
    ready(page)
    expect(page.get_by_role("heading", level=1)).to_have_text(money)
    expect(page.get_by_role("combobox", name="Measure")).to_have_value("remittance_flow")


@pytest.mark.parametrize(
    "old",
    [
        "/?v=0&view=nonsense&measure=gone&t=abc&show=hologram&sex=other&zzz=1&focus=mex&top=-5",
        "/?v=1&measure=migrant_stock&method=pseudo-bayes&t=99999&min=x&dir=up&pick=%3Cscript%3E&lang=xx",
        "/?v=2&view=world&region=Atlantis&sort=colour&drill=%00",
    ],
)
def test_old_and_unknown_keys_are_passed_over(visit: Visit, old: str) -> None:
    page = visit(old)
    assert query(page)
    assert re.search("people live outside|no figure for this choice|Migrant stock", title(page)), title(page)
    if "region" not in query(page):
        assert len(cells(table_of(page))) >= 1


@pytest.mark.parametrize(
    ("address", "words", "part"),
    [
        ("/corridor/MEX-USA", "Mexico → United States of America: 11.3 million people in 2024", "Corridor"),
        ("/country/PHL", "Philippines: ", "Country"),
        ("/claims", "The debate, checked", "The debate, checked"),
        ("/commitments", " commitments", "Commitments"),
    ],
)
@pytest.mark.parametrize("width", WIDTHS)
def test_paths_of_the_server(visit: Visit, width: int, address: str, words: str, part: str) -> None:
    page = visit(address, width)
    assert words in title(page)
    current = page.get_by_role("navigation").get_by_role("link", name=part, exact=True)
    expect(current).to_have_attribute("aria-current", "page")
    # From there, the rest of the site is found.
    page.get_by_role("navigation").get_by_role("link", name="World", exact=True).click()
    ready(page)
    assert table_of(page).is_visible()
    page.reload()
    ready(page)
    assert table_of(page).is_visible()


@pytest.mark.parametrize("measure", ["physicians", "poverty", "net_migration"])
def test_missing_is_hatched_and_in_no_row(visit: Visit, measure: str) -> None:
    page = visit(f"/?v=1&view=world&measure={measure}")
    named = {row[1] for row in all_rows(page)}
    names = page.evaluate(
        "fetch('data/atlas.json').then(r => r.json())"
        ".then(a => Object.fromEntries(a.places.map(p => [p[0], p[1]])))"
    )
    fills = page.evaluate(
        "[...document.querySelectorAll('[data-code]')].map(p => [p.dataset.code, p.style.fill])"
    )
    assert len(fills) > 150
    hatched = {names[code] for code, fill in fills if "hatch" in fill}
    coloured = {names[code] for code, fill in fills if "--class-" in fill}
    assert len(hatched) + len(coloured) == len({code for code, _ in fills})
    assert coloured <= named
    assert not hatched & named
    assert hatched
    expect(page.get_by_role("list").filter(has_text="no figure in this edition").first).to_be_visible()


def test_a_corridor_without_a_figure_is_not_called_empty(visit: Visit) -> None:
    page = visit("/?v=1&view=corridor&o=TUV&d=LIE")
    expect(page.get_by_text("That does not mean that nobody moved").first).to_be_visible()


@pytest.mark.parametrize("view", ["world", "corridor&o=MEX&d=USA", "country&c=PHL"])
def test_embedded_pages_have_no_frame(visit: Visit, view: str) -> None:
    page = visit(f"/?v=1&view={view}&embed=1", 800)
    assert page.get_by_role("banner").count() == 0
    assert page.get_by_role("navigation").count() == 0
    assert page.get_by_role("region", name="Take it away").count() == 0
    back = page.get_by_role("link", name=re.compile("Open in the atlas"))
    assert "embed" not in (back.get_attribute("href") or "embed")
    assert len(title(page)) > 5


def test_words_in_other_languages(visit: Visit) -> None:
    page = visit(FLOWS)
    english = title(page)
    language = page.get_by_role("combobox", name="Language")
    language.select_option("es")
    expect(page.locator("html")).to_have_attribute("lang", "es")
    expect(page.get_by_role("heading", level=1)).not_to_have_text(english)
    assert query(page)["lang"] == "es"
