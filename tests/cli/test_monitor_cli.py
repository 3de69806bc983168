"""The commands of the monitor."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import duckdb
import polars as pl
import pytest
from typer.testing import CliRunner, Result

from corridors.cli.monitor import app
from corridors.errors import CorridorsError, DataError, NotFound


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(a) for a in arguments])


def atlas_with(folder: Path, **tables: pl.DataFrame) -> Path:
    with duckdb.connect(str(folder / "atlas.duckdb")) as db:
        for name, table in tables.items():
            db.register("given", table)
            db.execute(f"CREATE TABLE {name} AS SELECT * FROM given")
    return folder


INDICATOR = pl.DataFrame(
    {
        "indicator": ["cost"] * 2, "place": ["WLD"] * 2, "year": [2011, 2012], "value": [9.0, 8.6],
        "lower": [None, None], "upper": [None, None],
    },
    schema_overrides={"lower": pl.Float64, "upper": pl.Float64},
)  # fmt: skip


@pytest.fixture
def register(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A register in place of the reader's own, which has its own tests."""

    class Fixed:
        def commitments(self, as_of: date) -> pl.DataFrame:
            return pl.DataFrame(
                {
                    "commitment": ["5x5"], "indicator": ["cost"], "place": ["WLD"], "direction": ["decrease"],
                    "baseline_year": [2009], "baseline_value": [10.0], "target_value": [5.0],
                    "target_date": ["2014-12-31"],
                }
            )  # fmt: skip

    monkeypatch.setattr("corridors.cooperation.register.load", lambda path, indicators: Fixed())
    return tmp_path


def test_register_against_the_atlas(register: Path) -> None:
    atlas = atlas_with(register, indicator=INDICATOR)
    base = ("monitor", "--register", register, "--atlas", atlas, "--as-of", "2013-01-01", "-f", "csv")
    found = run(*base)
    assert found.exit_code == 0, found.output
    assert "off-course" in found.stdout
    assert "1 commitments as of 2013-01-01: off-course 1" in found.stderr
    own = register / "own.csv"
    own.write_text("indicator,place,year,value\ncost,WLD,2012,4.9\n")
    better = run(*base, "--observations", own)
    assert ",met," in better.stdout
    # Own observations do without an atlas.
    alone = run(
        "monitor", "--register", register, "--atlas", register / "none", "--observations", own, "-f", "csv"
    )
    assert ",met," in alone.stdout
    table = run(*base[:-2])
    assert "explanation" in table.stdout
    assert "baseline_note" not in table.stdout


def test_atlas_commitments(tmp_path: Path) -> None:
    judged = pl.DataFrame(
        {"commitment": ["a"], "status": ["met"], "title": ["t"], "data_note": ["last observation 2020, …"],
         "explanation": ["Done."]}
    )  # fmt: skip
    atlas = atlas_with(tmp_path, commitment=judged, run=pl.DataFrame({"as_of": ["2026-11-28"]}))
    shown = run("monitor", "--atlas", atlas)
    assert "Done." in shown.stdout
    assert "last observation 2020" in shown.stdout
    counted = "1 commitments as of 2026-11-28: met 1; 1 with a note on the age of its data"
    assert shown.stderr.strip() == counted
    assert (
        run("monitor", "--atlas", atlas, "-f", "csv").stdout.splitlines()[0]
        == "commitment,status,title,data_note,explanation"
    )
    found = run("monitor", "--atlas", atlas, "--as-of", "2020-01-01")
    assert isinstance(found.exception, DataError)
    assert "give --register" in str(found.exception)


@pytest.mark.parametrize(
    ("name", "text", "options", "words"),
    [
        ("10.7.1", "cost,earnings\n4000,500\n1000,400\n", [], "ratio of means"),
        ("10.7.2", "place,domain,subcategory,score\nKEN,1,a,0.5\n", [], "overall"),
        ("10.7.3", "year,deaths\n2020,12\n", [], "2020,1,12.0"),
        ("10.7.4", "place,refugees,population\nX,250,750\n", [], "25000.0"),
        ("10.C.1", "sending,receiving,fee,fx_margin_pct\nA,B,5,1\n", ["--amount", "100"], "simple,6.0"),
    ],
)
def test_indicators_from_files(tmp_path: Path, name: str, text: str, options: list[str], words: str) -> None:
    file = tmp_path / "own.csv"
    file.write_text(text)
    found = run("indicator", name, file, "-f", "csv", *options)
    assert found.exit_code == 0, found.output
    assert words in found.stdout
    assert "interval:" in found.stderr


def test_rates_from_two_files(tmp_path: Path) -> None:
    deaths, movers = tmp_path / "deaths.csv", tmp_path / "movers.csv"
    deaths.write_text("year,deaths,route\n2020,12,X\n2020,3,Y\n")
    movers.write_text("route,movers\nX,6000\n")
    found = run("indicator", "10.7.3", deaths, "--by", "route", "--movers", movers, "-f", "csv")
    assert "200.0" in found.stdout


@pytest.mark.parametrize(
    ("arguments", "kind", "words"),
    [
        (("indicator", "10.7.9", "x.csv"), NotFound, "known: 10.7.1"),
        (("indicator", "10.7.1", "x.csv"), NotFound, "there is no file"),
        (("monitor", "--atlas", "nowhere"), NotFound, "no atlas at nowhere"),
    ],
)
def test_refusals(arguments: tuple[str, ...], kind: type[CorridorsError], words: str) -> None:
    found = run(*arguments)
    assert found.exit_code == 1
    assert isinstance(found.exception, kind)
    assert words in str(found.exception)


COMMITMENT = (
    "kind,title,text,actor,document,concern,indicator,place,direction,target_value,target_date,transitions\n"
    "commitment,Kenya lowers its cost,Kenya will bring the cost of sending to 5 per cent,Kenya,Made-up plan,"
    "remittances,remittance_cost,Kenya,at-most,5,2022-12-31,stated:2015-01-01:Made-up plan\n"
)


@pytest.mark.parametrize("place", ["KEN", "Kenya", "كينيا"])
def test_observations_count_however_the_place_is_spelt(tmp_path: Path, place: str) -> None:
    (tmp_path / "register.csv").write_text(COMMITMENT)
    rows = "".join(f"remittance_cost,{place},{year},{cost}\n" for year, cost in ((2018, 9), (2022, 4.5)))
    (tmp_path / "seen.csv").write_text("indicator,place,year,value\n" + rows)
    files = ("--register", tmp_path / "register.csv", "--observations", tmp_path / "seen.csv")
    found = run("monitor", *files, "--as-of", "2023-06-30", "--atlas", tmp_path, "-f", "json")
    assert found.exit_code == 0, found.output
    assert json.loads(found.stdout)[0]["status"] == "met"


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("remittance_cost,Atlantis,2022,4.5", "column 'place' holds what is no place"),
        ("Remittance cost,KEN,2022,4.5", "did you mean 'remittance_cost'"),
    ],
)
def test_observations_that_match_nothing_are_refused(tmp_path: Path, row: str, words: str) -> None:
    (tmp_path / "register.csv").write_text(COMMITMENT)
    (tmp_path / "seen.csv").write_text(f"indicator,place,year,value\n{row}\n")
    files = ("--register", tmp_path / "register.csv", "--observations", tmp_path / "seen.csv")
    found = run("monitor", *files, "--as-of", "2023-06-30", "--atlas", tmp_path)
    assert found.exit_code == 1
    assert words in str(found.exception)
