"""Everyone can read it: keyboard, focus, contrast and names, motion, colours, paper, small screens."""

# pyright: reportUnusedImport=false

from __future__ import annotations

import io
import os
import re
import unicodedata
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from browser_site import (
    WIDTHS,
    Visit,
    all_rows,
    browser_fixture,  # noqa: F401
    cells,
    needs_browser,
    ready,
    site_fixture,  # noqa: F401
    table_of,
    title,
    visit_fixture,  # noqa: F401
)
from conftest import ROOT

pytestmark = needs_browser

AXE = Path(os.environ.get("CORRIDORS_AXE") or ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js")
VIEWS = {
    "map": "/?v=1&view=world",
    "circle": "/?v=1&view=world&measure=migrant_flow&show=chord",
    "bars": "/?v=1&view=world&measure=remittance_flow&show=bars",
    "table": "/?v=1&view=world&measure=remittance_price&show=table",
    "by country": "/?v=1&view=world&measure=physicians",
    "corridor": "/corridor/MEX-USA",
    "country": "/country/PHL",
    "compare": "/?v=1&view=compare&o=MEX&d=USA&o2=PHL&d2=SAU",
    "claims": "/?v=1&view=claims",
    "commitments": "/?v=1&view=commitments",
    "practices": "/?v=1&view=practices",
    "agreements": "/?v=1&view=agreements",
    "about": "/?v=1&view=about",
    "choose": "/?v=1&view=corridor",
}
needs_axe = pytest.mark.skipif(
    not AXE.is_file(), reason="no axe-core: npm ci in web/, or set CORRIDORS_AXE to its axe.min.js"
)


def violations(page: Page) -> list[str]:
    """What axe-core finds wrong, with the first place of each; that it looked is asserted."""
    page.evaluate(AXE.read_text("utf-8"))
    passed, found = page.evaluate("axe.run(document).then(r => [r.passes.length, r.violations])")
    assert passed > 10
    return [f"{one['id']} ({len(one['nodes'])}): {one['nodes'][0]['html'][:160]}" for one in found]


@needs_axe
@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("view", VIEWS)
def test_axe_finds_nothing(visit: Visit, view: str, colours: str) -> None:
    assert violations(visit(VIEWS[view], color_scheme=colours)) == []


@needs_axe
@pytest.mark.parametrize("view", ["map", "corridor", "claims", "agreements"])
def test_axe_finds_nothing_on_a_small_screen(visit: Visit, view: str) -> None:
    assert violations(visit(VIEWS[view], 390)) == []


@needs_axe
def test_axe_finds_nothing_in_the_drawer(visit: Visit) -> None:
    page = visit("/?v=1&view=world&measure=migrant_flow&top=25")
    table_of(page).get_by_role("button", name=re.compile("Where this figure comes from")).first.click()
    expect(page.get_by_role("heading", name="Input figures")).to_be_visible()
    assert violations(page) == []


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("view", VIEWS)
def test_nothing_is_wider_than_the_screen(visit: Visit, view: str, width: int) -> None:
    page = visit(VIEWS[view], width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.get_by_role("heading", level=1).count() == 1
    assert page.get_by_role("main").count() == 1
    levels = page.locator("h1, h2, h3, h4").evaluate_all("all => all.map(h => +h.tagName[1])")
    assert all(below <= above + 1 for above, below in pairwise(levels)), levels


# The element with the focus, or the label that shows it.
FOCUSED = """() => {
  const at = document.activeElement
  if (!at || at === document.body) return null
  const drawn = [at, at.closest('label')].filter(Boolean).map(e => getComputedStyle(e))
    .some(s => (s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2) || s.boxShadow !== 'none')
  const stroked = at instanceof SVGElement && [at, ...at.children].some(e => {
    const s = getComputedStyle(e)
    return s.stroke !== 'none' && parseFloat(s.strokeWidth) >= 2
  })
  const box = at.getBoundingClientRect()
  const words = at.getAttribute('aria-label') || at.labels?.[0]?.innerText || at.innerText || at.tagName
  const onscreen = box.right > 0 && box.bottom > 0 && box.left < innerWidth && box.top < innerHeight
  return { drawn: drawn || stroked, words: words.trim().slice(0, 60), tag: at.tagName, onscreen }
}"""


def walk(page: Page, most: int) -> list[dict[str, Any]]:
    """Press Tab so often and tell where the focus is each time."""
    steps: list[dict[str, Any]] = []
    for _ in range(most):
        page.keyboard.press("Tab")
        at = page.evaluate(FOCUSED)
        if at is None:
            break
        steps.append(at)
    return steps


def test_the_skip_link_is_first_and_leads_to_the_content(visit: Visit) -> None:
    page = visit("/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("combobox", name="Measure")).to_be_focused()


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("view", ["map", "circle", "bars", "corridor", "country", "agreements"])
def test_every_stop_of_the_keyboard_is_seen(visit: Visit, view: str, colours: str) -> None:
    page = visit(VIEWS[view], color_scheme=colours)
    steps = walk(page, 45)
    assert len(steps) >= 15
    assert [step for step in steps if not (step["drawn"] and step["onscreen"])] == []
    assert all(step["words"] for step in steps)


def test_from_the_world_to_a_corridor_and_its_sources_without_a_mouse(visit: Visit) -> None:
    page = visit("/?v=1&view=world&measure=migrant_stock&top=25")
    page.get_by_role("application").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    first = cells(table_of(page))[0]
    opened = page.get_by_role("link", name="Open this corridor")
    opened.wait_for()
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.innerText") == "Open this corridor":
            break
    else:
        pytest.fail("not reached by the Tab key")
    page.keyboard.press("Enter")
    ready(page)
    assert title(page).startswith(f"{first[1]} → {first[2]}")
    expect(page.get_by_role("main")).to_be_focused()
    page.get_by_role("button", name=re.compile("^Why")).first.focus()
    page.keyboard.press("Enter")
    drawer = page.get_by_role("dialog")
    expect(drawer).to_be_visible()
    for _ in range(30):
        page.keyboard.press("Tab")
        inside = page.evaluate(
            "document.activeElement === document.body || !!document.activeElement.closest('dialog')"
        )
        assert inside, "the focus left the open drawer"
    page.keyboard.press("Escape")
    expect(drawer).to_be_hidden()
    expect(page.get_by_role("button", name=re.compile("^Why")).first).to_be_focused()


def test_the_map_by_keyboard_zooms_and_lets_go(visit: Visit) -> None:
    page = visit("/?v=1&view=world&top=25")
    figure = page.get_by_role("application")
    figure.focus()
    figure.press("+")
    whole = page.get_by_role("button", name="Whole world")
    expect(whole).to_be_visible()
    figure.press("0")
    expect(whole).to_be_hidden()
    figure.press("ArrowRight")
    figure.press("Enter")
    expect(page.get_by_role("button", name="Let go")).to_be_visible()
    figure.press("Escape")
    expect(page.get_by_role("button", name="Let go")).to_be_hidden()


LIGHTNESS = """() => {
  const painted = [document.body, document.documentElement].map(e => getComputedStyle(e).backgroundColor)
    .find(colour => colour !== 'rgba(0, 0, 0, 0)')
  const [r, g, b] = painted.match(/[\\d.]+/g).map(Number)
  return (0.2126 * r + 0.7152 * g + 0.0722 * b) / 255
}"""


def test_dark_colours_by_the_system_and_by_choice(visit: Visit) -> None:
    assert visit("/").evaluate(LIGHTNESS) > 0.8
    page = visit("/", color_scheme="dark")
    assert page.evaluate(LIGHTNESS) < 0.2
    page.get_by_role("button", name=re.compile("^Light")).click()
    assert page.evaluate(LIGHTNESS) > 0.8
    page.reload()
    ready(page)
    assert page.evaluate(LIGHTNESS) > 0.8


MOVING = """() => [...document.querySelectorAll('*')].filter(e => {
  const s = getComputedStyle(e)
  const animated = s.animationName === 'none' ? [] : s.animationDuration.split(',')
  return [...s.transitionDuration.split(','), ...animated]
    .some(d => parseFloat(d) > 0.01)
}).length"""


@pytest.mark.parametrize("view", ["map", "circle", "country", "claims"])
def test_reduced_motion_stops_all_motion(visit: Visit, view: str) -> None:
    assert visit(VIEWS[view], reduced_motion="no-preference").evaluate(MOVING) > 0
    page = visit(VIEWS[view], reduced_motion="reduce")
    assert page.evaluate(MOVING) == 0
    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"


def plain(words: str) -> str:
    """Without spaces, capitals and ligatures, which paper sets otherwise."""
    return "".join(unicodedata.normalize("NFKC", words).split()).lower()


@pytest.mark.parametrize(
    ("view", "most", "words"),
    [
        ("map", 6, ["Mexico", "United States of America", "150 of"]),
        ("corridor", 6, ["11.3 million", "Price of sending USD 200", "The other way"]),
        ("country", 8, ["Philippines", "Who left: largest countries of residence"]),
        ("claims", 30, ["The debate, checked", "no figures can tell", "labour agreements signed a year"]),
    ],
)
def test_on_paper(visit: Visit, view: str, most: int, words: list[str]) -> None:
    from pypdf import PdfReader

    page = visit(VIEWS[view])
    document = PdfReader(io.BytesIO(page.pdf(format="A4", print_background=True)))
    pages = [" ".join(one.extract_text().split()) for one in document.pages]
    assert 1 <= len(pages) <= most
    whole = " ".join(pages)
    for word in [title(page), *words]:
        assert plain(word) in plain(whole), word
    # What can only be clicked is not printed, and no page is empty.
    for gone in ("Take it away", "Copy link", "Skip to the content", "Find a country, in any language"):
        assert plain(gone) not in plain(whole), gone
    assert all(len(text) > 40 for text in pages), [len(text) for text in pages]


def test_paper_has_all_rows_or_says_that_it_has_not(visit: Visit) -> None:
    from pypdf import PdfReader

    page = visit(VIEWS["map"])
    document = PdfReader(io.BytesIO(page.pdf(format="A4")))
    whole = " ".join(one.extract_text() for one in document.pages)
    last = all_rows(page)[-1]
    assert plain("".join(last[1:4])) in plain(whole) or plain("first 60 of 150 rows") in plain(whole)
