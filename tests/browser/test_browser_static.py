"""The exported folder on a plain static server, below a path, says what the served atlas says."""

# pyright: reportUnusedImport=false

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

import corridors as co
from browser_site import (
    Visit,
    all_rows,
    browser_fixture,  # noqa: F401
    cells,
    needs_browser,
    ready,
    site_fixture,  # noqa: F401
    static,
    table_of,
    title,
    visit_fixture,  # noqa: F401
    visits,
)
from conftest import Once
from corridors.publish.export import export_site

pytestmark = needs_browser

VIEWS = {
    "world": "?v=1&view=world&measure=migrant_flow&t=2005&top=25",
    "circle": "?v=1&view=world&measure=migrant_stock&show=chord",
    "bars": "?v=1&view=world&measure=remittance_flow&show=bars",
    "country measure": "?v=1&view=world&measure=net_migration&show=table",
    "corridor": "?v=1&view=corridor&o=MEX&d=USA",
    "country": "?v=1&view=country&c=PHL",
    "compare": "?v=1&view=compare&o=MEX&d=USA&o2=PHL&d2=SAU",
    "claims": "?v=1&view=claims",
    "commitments": "?v=1&view=commitments",
    "practices": "?v=1&view=practices",
    "agreements": "?v=1&view=agreements",
    "about": "?v=1&view=about",
}


@pytest.fixture(scope="module")
def host_folder(atlas: co.Atlas, once: Once) -> Path:
    """A folder with the exported site two folders deep."""

    def make(root: Path) -> None:
        (root / "some").mkdir()
        assert export_site(atlas, root / "some" / "path").pages

    return once("host", make)


@pytest.fixture(scope="module")
def exported(host_folder: Path) -> Iterator[str]:
    """The address of the exported site."""
    with static(host_folder) as host:
        yield f"{host}/some/path"


@pytest.fixture
def visit_static(browser: Browser, exported: str) -> Iterator[Visit]:
    """Opens pages of the exported site; none may ask for what is not below its path."""
    with visits(browser, exported) as opened:
        yield opened


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_is_the_same_as_served(visit: Visit, visit_static: Visit, view: str) -> None:
    served, static_page = visit(f"/{VIEWS[view]}"), visit_static(f"/{VIEWS[view]}")
    assert title(static_page) == title(served)
    texts = [page.get_by_role("main").inner_text().split() for page in (static_page, served)]
    assert texts[0] == texts[1]
    if table_of(static_page).count():
        assert all_rows(static_page) == all_rows(served)


def test_a_walk_through_the_exported_site(visit_static: Visit) -> None:
    page = visit_static("/")
    for link in page.get_by_role("navigation").get_by_role("link").all():
        name = link.inner_text()
        link.click()
        ready(page)
        assert "/some/path/?v=1" in page.url, name
        expect(link).to_have_attribute("aria-current", "page")
    page.go_back()
    ready(page)
    page.reload()
    assert len(title(ready(page))) > 5


def test_sources_without_a_server_end_in_the_command(visit_static: Visit) -> None:
    page = visit_static("/" + VIEWS["world"])
    first = cells(table_of(page))[0]
    table_of(page).get_by_role("button", name="Where this figure comes from").first.click()
    drawer = page.get_by_role("dialog")
    expect(drawer).to_contain_text(f"{first[1]} → {first[2]}")
    expect(drawer).to_contain_text("corridors why migrant_flow")
    expect(drawer).to_contain_text("Licence")
    expect(drawer.get_by_role("heading", name="Input figures")).to_have_count(0)


def test_the_export_can_be_read_when_the_host_is_cut_off(browser: Browser, exported: str) -> None:
    """Once a page is open, what it has read stays readable."""
    with visits(browser, exported) as opened:
        page = opened("/" + VIEWS["world"])
        rows = cells(table_of(page))
        page.context.set_offline(True)
        page.get_by_role("group", name="Shown as").get_by_role("radio", name="Bars").check(force=True)
        page.get_by_role("group", name="Shown as").get_by_role("radio", name="Table").check(force=True)
        assert cells(table_of(page)) == rows


def test_files_of_the_export_are_few_and_small(host_folder: Path) -> None:
    site = host_folder / "some" / "path"
    # Money of every year from 2000 and all pairs of the stock: a visitor loads a small part of them.
    sizes: dict[str, list[int]] = {}
    for file in site.rglob("*"):
        if file.is_file():
            part = "/".join(file.relative_to(site).parent.parts[:2])
            sizes.setdefault(part, []).append(file.stat().st_size)
    assert sum(map(sum, sizes.values())) < 12e6
    one_each = ("data/pair", "data/corridor", "data/profile", "data/country")
    assert set(one_each) < set(sizes)
    first_views = sum(max(of) if part in one_each else sum(of) for part, of in sizes.items())
    assert first_views < 6e6
