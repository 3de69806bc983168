"""The atlas served for a browser, and a browser that complains about whatever a reader must not meet.

Fixtures are of a module, as Playwright keeps an event loop running while it is open.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from weakref import WeakKeyDictionary

import pytest
from playwright.sync_api import Browser, Locator, Page, Request, Response, expect, sync_playwright

from corridors.publish.export import WEB
from serving import CHROMIUM, QUIET, served

WIDTHS = (390, 800, 1440)
WAIT = 20_000

needs_browser = [
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: set CORRIDORS_CHROMIUM to one"),
    pytest.mark.skipif(
        not (WEB / "index.html").is_file(), reason="the web pages are not built: npm run build in web/"
    ),
]

FLOWS = "/?v=1&view=world&measure=migrant_flow&t=2010&top=25"

Visit = Callable[..., Page]
_UNDER_WAY: WeakKeyDictionary[Page, set[Request]] = WeakKeyDictionary()


class _Silent(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Nothing."""


@contextmanager
def static(folder: Path) -> Generator[str]:
    """A plain static server of a folder."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Silent, directory=str(folder))) as server:
        serving = threading.Thread(target=server.serve_forever)
        serving.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        serving.join()


@pytest.fixture(scope="module", name="site")
def site_fixture(atlas_folder: Path) -> Iterator[str]:
    """The address of the served atlas."""
    with served(atlas_folder) as address:
        yield address


@pytest.fixture(scope="module", name="browser")
def browser_fixture() -> Iterator[Browser]:
    """Chromium without a window."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield opened
        opened.close()


def watch(page: Page, base: str, complaints: list[str]) -> None:
    """Write down errors, warnings, failed answers, and requests that leave the site."""

    def answered(answer: Response) -> None:
        if answer.status >= 400:
            complaints.append(f"{answer.status} for {answer.url}")

    page.on("console", lambda m: complaints.append(m.text) if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "request",
        lambda r: None if r.url.startswith((base, "data:", "blob:")) else complaints.append(f"left: {r.url}"),
    )
    page.on("response", answered)
    under_way = _UNDER_WAY.setdefault(page, set())

    def began(asked: Request) -> None:
        under_way.add(asked)

    def ended(asked: Request) -> None:
        under_way.discard(asked)

    page.on("request", began)
    page.on("requestfinished", ended)
    page.on("requestfailed", ended)


@contextmanager
def visits(browser: Browser, base: str) -> Generator[Visit]:
    """Opens pages below an address; at the end none of them may have complained."""
    complaints: list[str] = []
    contexts: list[Any] = []

    def visit(address: str = "/", width: int = 1440, **options: Any) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 900}, locale="en-GB", **options)
        context.set_default_timeout(WAIT)
        contexts.append(context)
        page = context.new_page()
        watch(page, base, complaints)
        page.goto(base + address)
        return ready(page)

    yield visit
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture(name="visit")
def visit_fixture(browser: Browser, site: str) -> Iterator[Visit]:
    """Opens pages of the served atlas, each in a profile of its own."""
    with visits(browser, site) as opened:
        yield opened


def ready(page: Page) -> Page:
    """Wait until the page has its title and has read its figures."""
    page.get_by_role("heading", level=1).wait_for()
    calm = 0
    while calm < 2:
        # Twice nothing asked for, with the page drawn in between.
        page.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done, 20)))")
        calm = 0 if _UNDER_WAY.get(page) else calm + 1
    expect(page.get_by_role("main")).not_to_contain_text("Reading figures", timeout=WAIT)
    return page


def table_of(page: Page) -> Locator:
    """The table of the figure's rows."""
    return page.get_by_role("region", name=re.compile(r"^The same \d+ rows as the figure")).get_by_role(
        "table"
    )


def all_rows(page: Page) -> list[list[str]]:
    """Words of all rows, also those below the first sixty."""
    more = page.get_by_role("button", name=re.compile(r"^Show all \d+ rows"))
    if more.count():
        more.click()
    return cells(table_of(page))


def cells(table: Locator) -> list[list[str]]:
    """Words of a table's body, a list for each row; hidden words of buttons are there as well."""
    table.wait_for()
    return table.evaluate(
        "t => [...t.tBodies[0].rows]"
        ".map(r => [...r.cells].map(c => c.innerText.replace(/\\s+/g, ' ').trim()))"
    )


def head(table: Locator) -> list[str]:
    """Words above a table's columns, without the sign of the order."""
    return table.evaluate("t => [...t.tHead.rows[0].cells].map(c => c.innerText.replace(/ [↑↓]/, '').trim())")


def title(page: Page) -> str:
    """The heading of the page."""
    return page.get_by_role("heading", level=1).inner_text()


def open_controls(page: Page) -> None:
    """On a small screen the controls are folded."""
    folded = page.get_by_role("group").locator("summary", has_text="Choose what is shown")
    if folded.is_visible():
        folded.click()


def choose_place(page: Page, label: str, typed: str, name: str) -> None:
    """Type into a search box and take the option of that name with the keyboard."""
    box = page.get_by_role("main").get_by_role("combobox", name=label, exact=True)
    box.click()
    box.press_sequentially(typed)
    options = page.get_by_role("listbox", name=label, exact=True).get_by_role("option")
    wanted = options.filter(has_text=re.compile(f"^{re.escape(name)}"))
    wanted.first.wait_for()
    for _ in range(options.count()):
        if wanted.first.get_attribute("aria-selected") == "true":
            break
        box.press("ArrowDown")
    box.press("Enter")
    ready(page)


def query(page: Page) -> dict[str, str]:
    """Keys of the address."""
    return {key: values[0] for key, values in parse_qs(urlsplit(page.url).query).items()}


def show(page: Page, figure: str) -> None:
    """Choose map, circle, bars or table."""
    page.get_by_role("group", name="Shown as").get_by_role("radio", name=figure).check(force=True)
    ready(page)
