"""Pages of corridors, countries, claims, commitments, practices and agreements in a browser."""

# pyright: reportUnusedImport=false

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

import corridors as co
from browser_site import (
    WIDTHS,
    Visit,
    browser_fixture,  # noqa: F401
    choose_place,
    head,
    needs_browser,
    ready,
    site_fixture,  # noqa: F401
    title,
    visit_fixture,  # noqa: F401
)

pytestmark = needs_browser


def taken(page: Page, tmp_path: Path) -> list[dict[str, str]]:
    """Rows of the CSV file of a page."""
    with page.expect_download() as waiting:
        page.get_by_role("region", name="Take it away").get_by_role("button", name="CSV", exact=True).click()
    path = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8"), newline="")))


@pytest.mark.parametrize("width", WIDTHS)
def test_every_claim_of_the_atlas_is_there_with_its_verdict(
    visit: Visit, atlas: co.Atlas, tmp_path: Path, width: int
) -> None:
    claims = atlas.sql("SELECT statement, checkable, verdict, reason FROM claim")
    page = visit("/?v=1&view=claims", width)
    text = page.get_by_role("main").inner_text()
    assert all(statement in text for statement in claims["statement"])
    assert page.get_by_role("article").count() == claims.height
    reasons = claims.filter(~claims["checkable"])["reason"].drop_nulls()
    assert all(reason in text for reason in reasons)
    counts = list(claims.group_by("verdict").len().sort("verdict").iter_rows())
    for verdict, count in counts:
        page.locator(f'input[type=radio][value="{verdict}"]').check(force=True)
        ready(page)
        expect(page.get_by_role("article")).to_have_count(count)
        assert [row["verdict"] for row in taken(page, tmp_path)] == [verdict] * count
    page.go_back()
    expect(page.get_by_role("article")).to_have_count(counts[-2][1])


def test_commitments_by_status_and_word(visit: Visit, atlas: co.Atlas, tmp_path: Path) -> None:
    known = atlas.sql("SELECT * FROM commitment")
    page = visit("/?v=1&view=commitments")
    assert page.get_by_role("article").count() == known.height
    counts = dict(known.group_by("status").len().iter_rows())
    count = 0
    for status, count in counts.items():
        page.locator(f'input[type=radio][value="{status}"]').check(force=True)
        ready(page)
        expect(page.get_by_role("article")).to_have_count(count)
    assert len(taken(page, tmp_path)) == count
    page.locator('main input[type=radio][value=""]').check(force=True)
    page.get_by_role("searchbox").fill("remittance")
    ready(page)
    assert 0 < page.get_by_role("article").count() < known.height
    assert "q=remittance" in page.url
    page.get_by_role("searchbox").fill("no such promise was ever made")
    expect(page.get_by_role("article")).to_have_count(0)


def test_a_commitment_without_figures_is_not_given_any(visit: Visit, atlas: co.Atlas) -> None:
    without = atlas.sql(
        "SELECT title FROM commitment WHERE status = 'no-data' AND observed IS NULL AND target_value IS NULL"
    )
    page = visit("/?v=1&view=commitments")
    for name in without["title"].head(5):
        card = page.get_by_role("article").filter(has=page.get_by_role("heading", name=name, exact=True))
        expect(card).not_to_contain_text("Observed")
        expect(card).to_contain_text(re.compile("no data", re.IGNORECASE))


def test_practices_by_word_and_concern(visit: Visit, atlas: co.Atlas) -> None:
    count = atlas.sql("SELECT count(*) AS n FROM practice")["n"].item()
    page = visit("/?v=1&view=practices")
    assert page.get_by_role("article").count() == count
    concern = page.get_by_role("combobox", name="Concern")
    concern.select_option(index=1)
    ready(page)
    assert 0 < page.get_by_role("article").count() < count


@pytest.mark.parametrize("width", WIDTHS)
def test_agreements_of_a_country(visit: Visit, atlas: co.Atlas, width: int) -> None:
    page = visit("/?v=1&view=agreements", width)
    count = atlas.sql("SELECT count(DISTINCT agreement) AS n FROM labour_agreement")["n"].item()
    assert title(page).startswith(f"{count:,} ")
    page.get_by_role("searchbox").fill("Philippines Spain")
    ready(page)
    year = page.get_by_role("columnheader", name="Year", exact=True)
    table = page.get_by_role("main").get_by_role("table").filter(has=year)
    assert head(table)[0] == "Year"
    links = table.get_by_role("link").all_inner_texts()
    assert links
    assert all("Philippines" in words and "Spain" in words for words in links)
    table.get_by_role("link").first.click()
    ready(page)
    assert re.match("(Philippines → Spain|Spain → Philippines)", title(page))


@pytest.mark.parametrize("width", WIDTHS)
def test_a_corridor_can_be_turned_and_compared(visit: Visit, width: int) -> None:
    page = visit("/corridor/MEX-USA", width)
    assert "price" in page.get_by_role("main").inner_text().lower()
    page.get_by_role("button", name="Swap").click()
    ready(page)
    assert title(page).startswith("United States of America → Mexico")
    page.get_by_role("link", name="Compare with another corridor").click()
    ready(page)
    assert "beside" in title(page)
    second = page.get_by_role("region", name="Second corridor").or_(
        page.get_by_role("region", name=re.compile("second", re.IGNORECASE))
    )
    expect(second).to_contain_text("Mexico → United States of America")


def test_a_country_page_leads_to_corridors(visit: Visit, tmp_path: Path, atlas: co.Atlas) -> None:
    page = visit("/?v=1&view=country")
    choose_place(page, "Choose a country", "Pilipinas", "Philippines")
    assert title(page).startswith("Philippines: ")
    rows = taken(page, tmp_path)
    stocks = [row for row in rows if row["measure"] == "migrant_stock" and row["series"].startswith("emig")]
    known = atlas.sql(
        "SELECT year, sum(value) AS value FROM migrant_stock WHERE origin = 'PHL' AND destination <> 'PHL' "
        "AND sex = 'total' GROUP BY year ORDER BY year"
    )
    assert [(int(row["time"]), float(row["value"])) for row in stocks] == list(known.iter_rows())
    heading = page.get_by_role("heading", name="Who left: largest countries of residence")
    heading.locator("xpath=..").get_by_role("listitem").first.get_by_role("button").click()
    ready(page)
    assert title(page).startswith("Philippines → ")
    page.go_back()
    ready(page)
    assert title(page).startswith("Philippines: ")


def test_charts_of_a_corridor_as_files(visit: Visit, tmp_path: Path) -> None:
    from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]

    page = visit("/corridor/MEX-USA")
    for kind in ("SVG", "PNG"):
        with page.expect_download() as waiting:
            page.get_by_role("button", name=f"{kind} of: Money sent home").first.click()
        path = tmp_path / waiting.value.suggested_filename
        waiting.value.save_as(path)
        content = path.read_bytes()
        if kind == "SVG":
            drawing = etree.fromstring(content)
            assert "Money sent home" in " ".join(map(str, drawing.itertext()))
            assert b"var(--" not in content
        else:
            assert content.startswith(b"\x89PNG")
            assert len(content) > 5_000


def test_about_names_every_source_with_its_licence(visit: Visit, atlas: co.Atlas) -> None:
    page = visit("/?v=1&view=about")
    text = page.get_by_role("main").inner_text()
    for row in atlas.sql("SELECT DISTINCT publisher, licence FROM source").iter_rows(named=True):
        assert row["publisher"] in text, row
        assert row["licence"] in text, row
