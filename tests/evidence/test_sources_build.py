"""Fetched sources in the atlas: which revision went into each table, and nothing half-built."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import polars as pl
import pytest
from test_sources_people import NEWER, newer, table
from test_sources_un import real_rows, row, workbook

import corridors as co
from conftest import few_remittances
from corridors import evidence
from corridors.evidence.sources import Locked, Store, catalogue, fetched
from corridors.evidence.sources.lock import write_lock
from corridors.evidence.sources.offers import current

STOCK = "undesa_pd_2024_ims_stock_by_sex_destination_and_origin.xlsx"


def kept(store: Store, source: str, file: str, content: bytes, revision: str) -> Locked:
    """Put a file into the cache as if it had been fetched."""
    part = store.partial(f"http://publisher.example/{file}")
    part.write_bytes(content)
    return Locked(
        source, file, f"http://publisher.example/{file}", "2026-11-01T00:00:00+00:00", store.keep(part),
        len(content), revision,
    )  # fmt: skip


@pytest.fixture(scope="module")
def lock(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A lock of a workbook that holds the embedded corridors."""
    folder = tmp_path_factory.mktemp("fetched")
    content = workbook(folder / "stock.xlsx", real_rows(least=0)[1]).read_bytes()
    store = Store(folder / "cache")
    deaths = table(NEWER, [newer("2023.MMP00001", "2023-01-02", 2023, 3, 1, 4)])
    entries = [
        kept(store, "missing-migrants", "deaths.csv", deaths, "Missing Migrants Project, as fetched"),
        kept(store, "un-migrant-stock", STOCK, content, "International Migrant Stock 2024"),
    ]
    write_lock(folder / "data.lock", entries)
    return folder / "data.lock"


@pytest.fixture
def cached(lock: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CORRIDORS_CACHE", str(lock.parent / "cache"))
    return lock


def test_the_atlas_says_which_revision_went_into_each_table(cached: Path, tmp_path: Path) -> None:
    co.build(tmp_path, draws=0, lock=cached, tables={"remittances": few_remittances()})
    with co.open(tmp_path) as atlas:
        cards = atlas.table("source").rows_by_key("table_name", named=True)
        assert cards["migrant_stock"][0]["revision"] == "International Migrant Stock 2024"
        assert cards["population"][0]["revision"] == "World Population Prospects 2024"
        assert atlas.table("run")["fetched"].item() == str(cached)
        told = atlas.why("migrant_stock", "MEX", "USA", "2020")
        assert told.sources[0]["revision"] == "International Migrant Stock 2024"
        assert "fetched 2026-11-01 from http://publisher.example" in told.sources[0]["note"]
        assert (told.sources[0]["accessed"], told.sources[0]["last_year"]) == ("2026-11-01", 2024)
        embedded = evidence.load().table("migrant_stock").filter(origin="MEX", destination="USA", year=2020)
        assert told.figure["value"] == embedded.select(pl.col("female") + pl.col("male")).item()
        assert atlas.table("route_death")["total"].to_list() == [4]
        death = atlas.why("route_death", "2023.MMP00001")
        assert death.sources[0]["revision"] == "Missing Migrants Project, as fetched 2026-11-01"
        flow = atlas.why("migrant_flow", "MEX", "USA", "2010")
        assert "International Migrant Stock 2024" in {s["revision"] for s in flow.sources}


def test_a_superseded_revision_says_so_and_gives_way(tmp_path: Path) -> None:
    """Both editions in a lock: the newer counts. The older alone is read and says by what it was."""
    store = Store(tmp_path / "cache")
    editions: dict[str, Locked] = {}
    for year, name in ((2020, "un-migrant-stock-2020"), (2024, "un-migrant-stock")):
        rows = [row(840, 484, [5, 6], [7, year]), row(840, 2003, [1, 1], [1, 1])]
        content = workbook(tmp_path / f"{year}.xlsx", rows, (1990, year)).read_bytes()
        revision = f"International Migrant Stock {year}"
        editions[name] = kept(store, name, f"{year}.xlsx", content, revision)
    [old] = fetched([editions["un-migrant-stock-2020"]], store)["migrant_stock"]
    assert (old.card.superseded, old.card.accessed) == ("International Migrant Stock 2024", "2026-11-01")
    [both] = fetched(editions.values(), store)["migrant_stock"]
    assert both.card.revision == "International Migrant Stock 2024"
    assert both.card.superseded == ""
    assert both.frame["year"].max() == 2024
    assert {name for name, card in catalogue().items() if card.superseded} == {"un-migrant-stock-2020"}
    assert set(current()) == set(catalogue()) - {"un-migrant-stock-2020"}


def test_a_killed_build_leaves_the_old_atlas_whole(cached: Path, tmp_path: Path) -> None:
    old = tmp_path / "atlas.duckdb"
    old.write_bytes(b"the old atlas")
    program = f"import corridors as co; co.build({str(tmp_path)!r}, draws=0, lock={str(cached)!r})"
    child = subprocess.Popen([sys.executable, "-c", program], env=os.environ)
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and len(list(tmp_path.iterdir())) < 2:
        time.sleep(0.05)
    child.send_signal(signal.SIGKILL)
    child.wait()
    assert old.read_bytes() == b"the old atlas"
    co.build(tmp_path, draws=0, lock=cached, tables={"remittances": few_remittances()})
    with co.open(tmp_path) as atlas:
        assert atlas.table("claim").height > 0
    assert [p.name for p in tmp_path.iterdir()] == ["atlas.duckdb"]
