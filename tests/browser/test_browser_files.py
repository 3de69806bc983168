"""Figures and rows taken away as files, and the way from a figure to its sources."""

# pyright: reportUnusedImport=false

from __future__ import annotations

import codecs
import csv
import io
import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from browser_site import (
    FLOWS,
    WIDTHS,
    Visit,
    browser_fixture,  # noqa: F401
    cells,
    needs_browser,
    query,
    show,
    site_fixture,  # noqa: F401
    table_of,
    title,
    visit_fixture,  # noqa: F401
)

pytestmark = needs_browser


def downloaded(page: Page, button: str, tmp_path: Path) -> Path:
    with page.expect_download() as waiting:
        page.get_by_role("region", name="Take it away").get_by_role("button", name=button, exact=True).click()
    path = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return path


def written(value: str) -> str:
    """A figure of persons as the table writes it."""
    return f"{round(float(value)):,}" if value else "–"


@pytest.mark.parametrize(
    "address", [FLOWS, "/?v=1&view=world&measure=migrant_stock&sex=male&focus=PHL&top=25"]
)
def test_downloaded_rows_are_those_of_the_table(visit: Visit, tmp_path: Path, address: str) -> None:
    page = visit(address)
    shown = cells(table_of(page))
    path = downloaded(page, "CSV", tmp_path)
    assert re.fullmatch(r"corridors_[\w-]+\.csv", path.name)
    # The mark by which a spreadsheet tells UTF-8.
    assert path.read_bytes().startswith(codecs.BOM_UTF8)
    rows = list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline="")))
    assert [[row["from_name"], row["to_name"], written(row["value"])] for row in rows] == [
        row[1:4] for row in shown
    ]
    content = json.loads(downloaded(page, "JSON", tmp_path).read_text("utf-8"))
    assert [{k: "" if v is None else str(v) for k, v in row.items()} for row in content["rows"]] == rows
    assert content["title"] == title(page)
    assert content["link"] == page.url
    assert content["interval"]
    assert content["atlas"]
    assert {row["unit"] for row in rows} == {content["unit"]}


@pytest.mark.parametrize("figure", ["Map", "Circle", "Bars"])
def test_figures_as_files(visit: Visit, tmp_path: Path, figure: str) -> None:
    from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]

    page = visit(FLOWS)
    show(page, figure)
    svg = downloaded(page, "SVG", tmp_path).read_bytes()
    drawing = etree.fromstring(svg)
    assert etree.QName(drawing).localname == "svg"
    words = " ".join("".join(map(str, drawing.itertext())).split())
    assert title(page).replace(" ", "") in words.replace(" ", "")
    assert not re.search(rb"var\(--|<script|href=.http", svg)
    drawn = drawing.findall(".//{*}path") + drawing.findall(".//{*}rect")
    assert len(drawn) > 25
    png = downloaded(page, "PNG", tmp_path).read_bytes()
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    wide, tall = (int.from_bytes(png[at : at + 4], "big") for at in (16, 20))
    assert wide > 1000
    assert tall > 400
    # Compressed pixels of one colour would be far smaller.
    assert len(png) > 20_000


@pytest.mark.parametrize("width", WIDTHS)
def test_the_way_from_a_figure_to_its_sources(visit: Visit, width: int) -> None:
    page = visit("/?v=1&view=world&measure=migrant_flow&method=minimum-closed&t=2010&top=25", width)
    first = cells(table_of(page))[0]
    page.get_by_role("button", name=f"Why? Where this figure comes from: {first[1]} {first[2]}").click()
    drawer = page.get_by_role("dialog", name="Where this comes from")
    expect(drawer).to_contain_text(f"{first[1]} → {first[2]}, 2010–2015")
    expect(drawer).to_contain_text(f"{first[3]} persons in the period")
    expect(drawer.locator("code", has_text="corridors why migrant_flow")).to_be_visible()
    expect(drawer.locator("code", has_text="minimum-closed").first).to_be_visible()
    expect(drawer.get_by_role("heading", name="How it is made")).to_be_visible()
    expect(drawer.get_by_role("heading", name="Input figures")).to_be_visible()
    assert drawer.get_by_role("table").count() >= 1
    expect(drawer).to_contain_text("Licence")
    page.keyboard.press("Escape")
    expect(drawer).to_be_hidden()
    assert query(page)["view"] == "world"


def test_the_command_of_the_drawer_is_one_that_runs(visit: Visit, atlas_folder: Path) -> None:
    from typer.testing import CliRunner

    from corridors.cli import app

    for measure in ("migrant_stock", "migrant_flow", "remittance_flow", "remittance_price", "refugees"):
        page = visit(f"/?v=1&view=world&measure={measure}&top=25")
        table_of(page).get_by_role("button", name=re.compile("Where this figure comes from")).first.click()
        line = page.get_by_role("dialog").locator("code", has_text="corridors why").inner_text()
        run = CliRunner().invoke(app, line.split()[1:], env={"CORRIDORS_ATLAS": str(atlas_folder)})
        assert run.exit_code == 0, (line, run.output)
