"""Sources from the command line: list, fetch, verify, diff, check."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import MappingProxyType

import polars as pl
import pytest
from test_sources_un import real_rows, workbook
from typer.testing import CliRunner

from corridors.cli import app
from corridors.errors import DataError, NotFound, SourceUnavailable
from corridors.evidence import load, sources
from corridors.evidence.checks.every_fault import check_figures
from corridors.evidence.sources import offers, reading, status
from corridors.evidence.sources.comparing import compare, drift
from publisher import Publisher, cut_after, publisher

FILE = "undesa_pd_2024_ims_stock_by_sex_destination_and_origin.xlsx"


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Publisher]:
    """A publisher with the workbook of stocks; the catalogue names no other source."""
    with publisher() as made:
        made.files["/" + FILE] = workbook(tmp_path / "stock.xlsx", real_rows()[1]).read_bytes()
        card = offers.catalogue()["un-migrant-stock"]
        # A revision after the embedded one: two of the same are not compared.
        later = {"revision": "International Migrant Stock 2028", "pause": 0.0}
        here = replace(card, addresses={FILE: f"{made.root}/{FILE}"}, **later)
        only = MappingProxyType({card.name: here})
        # The package looks its names up when they are asked for: it has to know the real one before.
        for module in (sources, reading, status, offers):
            monkeypatch.setattr(module, "catalogue", lambda: only)
        monkeypatch.setenv("CORRIDORS_CACHE", str(tmp_path / "cache"))
        monkeypatch.setenv("CORRIDORS_LOCK", str(tmp_path / "data.lock"))
        yield made


def run(*words: str) -> str:
    result = CliRunner().invoke(app, ["sources", *words])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.output


def states() -> str:
    return json.loads(run("list", "-f", "json"))[0]["state"]


def test_fetch_list_verify_diff(server: Publisher, tmp_path: Path) -> None:
    assert states() == "embedded"
    said = run("fetch", "un-migrant-stock")
    assert "rows of migrant_stock, " in said
    assert "rows of destination_basis (International Migrant Stock 2028)" in said
    assert states() == "fetched"
    verified = pl.DataFrame(json.loads(run("verify", "-f", "json")))
    assert "ok" in verified["severity"].to_list()
    # Only large corridors were put into the workbook, so places are gone and totals moved.
    assert {"place no longer there", "world total moved"} <= set(verified["check"])
    told = json.loads(run("diff", "un-migrant-stock", "-f", "json"))
    changed = pl.DataFrame(told, infer_schema_length=None).filter(table="migrant_stock")
    assert set(changed["change"]) == {"gone"}, "the same figures of another revision are not changed"
    known = load(lock=tmp_path / "data.lock")
    stock = known.table("migrant_stock")
    assert stock["source"].unique().to_list() == ["migrant_stock@International Migrant Stock 2028"]
    assert "fetched" in known.card(stock["source"][0]).note


@pytest.mark.parametrize("what", [("verify",), ("diff", "un-migrant-stock")])
def test_formats_of_what_was_fetched(server: Publisher, tmp_path: Path, what: tuple[str, ...]) -> None:
    run("fetch", "un-migrant-stock")
    # Figures of several tables stand in a column, numbers and flags.
    whole = partial(pl.read_csv, infer_schema_length=None)
    readers = {
        "csv": whole,
        "json": partial(pl.read_json, infer_schema_length=None),
        "parquet": pl.read_parquet,
    }
    read = []
    for format, reader in readers.items():
        file = tmp_path / f"rows.{format}"
        assert run(*what, "-o", str(file)) == ""
        printed = CliRunner().invoke(app, ["sources", *what, "-f", format])
        assert printed.stdout_bytes == file.read_bytes()
        read.append(reader(file))
    assert read[0].height > 0
    assert read[0].columns == read[1].columns == read[2].columns
    assert read[0].height == read[1].height == read[2].height


def test_what_is_damaged_is_said(server: Publisher, tmp_path: Path) -> None:
    run("fetch", "un-migrant-stock")
    content = next(p for p in (tmp_path / "cache" / "content").rglob("*") if p.is_file())
    content.write_bytes(content.read_bytes()[:-1])
    result = CliRunner().invoke(app, ["sources", "verify"])
    assert result.exit_code == 1
    assert "damaged" in " ".join(result.output.split())
    with pytest.raises(DataError, match="changed or damaged"):
        load(lock=tmp_path / "data.lock")
    content.unlink()
    assert states() == "lost"
    with pytest.raises(NotFound, match="corridors sources fetch"):
        load(lock=tmp_path / "data.lock")


def test_offline_and_broken_off(server: Publisher, tmp_path: Path) -> None:
    with pytest.raises(SourceUnavailable, match="switched off"):
        run("fetch", "--offline")
    assert not (tmp_path / "data.lock").exists()
    assert server.log == []
    server.faults["/" + FILE] = cut_after(10_000, times=1)
    run("fetch", "--quiet")
    assert server.asked("/" + FILE)[-1]["Range"] == "bytes=10000-"
    assert states() == "fetched"


def test_a_lock_of_another_release_and_no_lock(server: Publisher, tmp_path: Path) -> None:
    run("fetch", "-q")
    lock = tmp_path / "data.lock"
    lock.write_text(lock.read_text().replace("un-migrant-stock", "un-something"))
    with pytest.raises(NotFound, match="un-something"):
        load(lock=lock)
    with pytest.raises(NotFound, match="no lock file"):
        load(lock=tmp_path / "other.lock")


def test_own_figures_come_before_fetched_ones(server: Publisher, tmp_path: Path) -> None:
    run("fetch", "-q")
    own = tmp_path / "own"
    own.mkdir()
    (own / "migrant_stock.csv").write_text("origin,destination,year,female,male\nMEX,USA,2020,5,4\n")
    stock = load(own, lock=tmp_path / "data.lock").table("migrant_stock")
    assert stock.height == 1


def test_own_figures_are_checked_row_by_row(tmp_path: Path) -> None:
    (tmp_path / "corridors.toml").write_text(
        '[migrant_stock]\nfile = "people.csv"\nheader_row = 2\n'
        'columns = { origin = "Born in", destination = "Lives in", year = "Year", '
        'female = "Women", male = "Men" }\n'
    )
    (tmp_path / "people.csv").write_text(
        "Residents by birthplace\nBorn in,Lives in,Year,Women,Men\n"
        "Mexico,USA,2020,5,4\nMexiko,USA,2020,x,4\nMexico,USA,20200,5,-4\nMexico,USA,2015,,4\n"
    )
    found = check_figures(tmp_path)
    assert set(found.select("row", "column", "value").rows()) == {
        (2, "origin", "Mexiko"),
        (2, "female", "x"),
        (3, "year", "20200"),
        (3, "male", "-4"),
        (4, "female", None),
    }
    assert all(found["remedy"])
    result = CliRunner().invoke(app, ["sources", "check", str(tmp_path), "-f", "csv"])
    assert result.exit_code == 1
    assert "20200" in result.output


def test_rows_of_one_key_and_rules_between_columns_are_checked(tmp_path: Path) -> None:
    good = "origin,destination,year,female,male\nMEX,USA,2020,5,4\n"
    (tmp_path / "migrant_stock.csv").write_text(good + "MEX,USA,2020,6,4\nUSA,USA,2020,6,4\n")
    found = check_figures(tmp_path / "migrant_stock.csv")
    assert sorted(found["row"]) == [1, 2, 3]
    (tmp_path / "migrant_stock.csv").write_text(good)
    assert check_figures(tmp_path).is_empty()
    assert "nothing is wrong" in run("check", str(tmp_path))
    (tmp_path / "migrant_stock.csv").write_text("origin,year\nMEX,2020\n")
    assert "has no column" in check_figures(tmp_path)["problem"][0]
    with pytest.raises(NotFound, match="no file or folder"):
        check_figures(tmp_path / "nowhere.csv")
    (tmp_path / "other.csv").write_text(good)
    assert check_figures(tmp_path / "other.csv").is_empty()
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    with pytest.raises(DataError, match="--table"):
        check_figures(tmp_path / "other.csv")


def test_revisions_stand_side_by_side_and_are_never_subtracted() -> None:
    rows = [
        {"treaty": "crc", "country": c, "state_party_since": y} for c, y in (("KEN", 1990), ("MEX", 1990))
    ]
    old = pl.DataFrame(rows).with_columns(source=pl.lit("treaty@1"))
    new = pl.DataFrame([{**rows[0], "state_party_since": 1991}, {**rows[1], "country": "PHL"}]).with_columns(
        source=pl.lit("treaty@2")
    )
    found = compare("treaty", old, new)
    assert dict(found.rows["change"].value_counts().iter_rows()) == {"revised": 1, "new": 1, "gone": 1}
    assert found.rows.columns == [
        "treaty", "country", "column", "figure_before", "figure_after", "change",
    ]  # fmt: skip
    assert found.rows["figure_before"].dtype == pl.String
    assert "1 revised, 1 new, 1 gone" in found.summary()
    with pytest.raises(DataError, match="two revisions"):
        compare("treaty", old, old)


def test_drift_names_places_and_totals() -> None:
    stock = load().table("migrant_stock").drop("source")
    assert drift("migrant_stock", stock, stock).is_empty()
    doubled = stock.with_columns(female=pl.col("female") * 2).filter(pl.col("origin") != "MEX")
    signs = drift("migrant_stock", stock, doubled)
    assert "origin MEX" in signs["what"].to_list()
    assert (
        signs.filter(check="world total moved").filter(pl.col("what").str.starts_with("female")).height
        == stock["year"].n_unique()
    )
