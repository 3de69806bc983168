"""Prices on the command line: from rows of an atlas, from a file, and what can not be told."""

from __future__ import annotations

import io
import shlex
from collections.abc import Callable
from pathlib import Path

import duckdb
import polars as pl
import pytest
from typer.testing import CliRunner, Result

from corridors import evidence
from corridors.building.steps.prices import price_tables
from corridors.cli.prices import app
from corridors.errors import CorridorsError, DataError, NotFound
from corridors.parameters import parameters
from corridors.remittances.prices import average_cost, example_quotes, panel_index, smart_average

KNOWN = evidence.load()
PRICES = KNOWN.table("remittance_price").drop("source")
Run = Callable[[str], Result]
PAIRS = PRICES.filter(quarter="2025Q3").select("sending", "receiving").filter(pl.col("receiving") != "XKX")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An atlas of nothing but prices: a hundred million in every corridor, twice that by a second rule."""
    flow = PAIRS.with_columns(year=2024, value=100.0, lower=80.0, upper=125.0, rule=pl.lit("reconciled"))
    unknown = pl.DataFrame({"sending": ["UNK"], "receiving": ["MEX"], "year": [2024], "value": [100.0]})
    flows = pl.concat(
        [
            flow,
            flow.with_columns(value=2 * pl.col("value"), rule=pl.lit("migrants")),
            unknown.with_columns(lower=None, upper=None, rule=pl.lit("reconciled")),
        ],
        how="vertical_relaxed",
    )
    made, _ = price_tables(PRICES, KNOWN.table("quote_average").drop("source"), flows, seed=0)
    numbers = pl.DataFrame(
        [(name, p.value) for name, p in parameters().items()], ["name", "value"], orient="row"
    )
    tables = {
        **made,
        "remittance_price": KNOWN.table("remittance_price"),
        "remittance_flow": flows,
        "parameter": numbers,
    }
    where = tmp_path_factory.mktemp("priced")
    with duckdb.connect(str(where / "atlas.duckdb")) as db:
        for name, rows in tables.items():
            db.register("given", rows)
            db.execute(f"CREATE TABLE {name} AS SELECT * FROM given")
    return where


@pytest.fixture
def run(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("CORRIDORS_ATLAS", str(folder))
    monkeypatch.chdir(tmp_path)

    def call(words: str) -> Result:
        return CliRunner().invoke(app, shlex.split(words))

    return call


def rows(result: Result) -> pl.DataFrame:
    assert result.exit_code == 0, result.output
    return pl.read_csv(io.StringIO(result.stdout), infer_schema_length=None)


def refused(result: Result, kind: type[CorridorsError]) -> str:
    assert isinstance(result.exception, kind), result.output
    return str(result.exception)


def test_five_averages_of_the_world_each_under_its_name(run: Run) -> None:
    found = rows(run("average -f csv"))
    costs = dict(found.select("average", "cost_pct").iter_rows())
    assert costs["mean over services"] == pytest.approx(6.363)
    assert costs["mean over corridors"] == pytest.approx(7.181, abs=0.001)
    assert costs["median quote"] == pytest.approx(4.13)
    assert costs["weighted by money"] == pytest.approx(
        PRICES.filter(quarter="2025Q3").join(PAIRS, on=["sending", "receiving"])["cost_usd200_pct"].mean()
    )
    assert set(found["quarter"]) == {"2025Q3"}
    assert rows(run("average --all -f csv")).height > 100
    assert rows(run("average --quarter 2023_1Q -f csv"))["average"].to_list() == [
        "mean over services", "median quote",
    ]  # fmt: skip


def test_the_way_of_the_money_is_said(run: Run) -> None:
    india = rows(run("average India -f csv"))
    assert set(india["of"]) == {"to India", "from India"}
    corridor = rows(run("average are-ind -f csv")).row(0, named=True)
    assert corridor["of"] == "from the United Arab Emirates to India"
    assert (corridor["cost_pct"], corridor["quotes"]) == (3.72, 24)
    west = rows(run("average 'western africa' -f csv"))
    assert west["of"].to_list() == ["to Western Africa", "from Western Africa"]
    said = refused(run("average MEX USA"), NotFound)
    assert "the other way, USA-MEX, has one: the sending country stands first" in said
    assert "money to KEN is priced from" in refused(run("average MEX KEN"), NotFound)


def test_averages_that_one_quote_can_turn_are_marked(run: Run) -> None:
    found = rows(run("targets --corridors -f csv"))
    assert found["cost_pct"].is_sorted(descending=True)
    assert found.row(0, named=True)["sending"] == "TUR"
    marks = dict(found.select(pl.concat_str("sending", "receiving"), "mark").iter_rows())
    assert marks["TURBGR"] == "above 40 %"
    assert marks["FRADZA"] == "a single quote, above 40 %"
    assert marks["AREIND"] is None
    few = PRICES.filter(pl.col("quotes") <= 3, quarter="2025Q3").height
    assert sum("quote" in (mark or "") for mark in marks.values()) == few == 15
    assert found["above_3"].to_list() == pytest.approx((found["cost_pct"] - 3).to_list())


def test_targets_of_the_world_and_of_a_small_place(run: Run) -> None:
    world = rows(run("targets -f csv")).row(0, named=True)
    assert (world["average_pct"], world["above_5"], world["corridors"]) == (6.363, 186, 348)
    five = rows(run("targets --five-by-five -f csv")).filter(year=2014).row(0, named=True)
    assert (five["average_pct"], five["met"], five["due"]) == (pytest.approx(8.01, abs=0.005), False, True)
    tonga = rows(run("targets Tonga -f csv"))
    assert tonga["of"].to_list() == ["to Tonga"]
    assert tonga["corridors"].item() == 2


def test_savings_say_what_is_priced_and_why_others_are_larger(run: Run) -> None:
    result = run("savings -f csv")
    world = rows(result).filter(of="the world", target_pct=3).row(0, named=True)
    costs = PRICES.filter(quarter="2025Q3").join(PAIRS, on=["sending", "receiving"])["cost_usd200_pct"]
    assert world["saved"] == world["least"] == pytest.approx((costs - 3).clip(0).sum())
    assert world["most"] == pytest.approx(2 * world["saved"])
    assert world["lower"] < world["saved"] < world["most"] < world["upper"]
    assert world["priced_share"] == pytest.approx(PAIRS.height / (PAIRS.height + 1), abs=1e-4)
    assert world["as_published"] == pytest.approx((6.363 - 3) * (PAIRS.height + 1))
    assert "Published figures (some USD 20 billion" in result.stderr
    assert "the world: 100%" in result.stderr
    assert "one quote can turn (" in result.stderr
    assert "Published" not in run("savings IND").stderr
    one = rows(run("savings ARE-IND -f csv")).filter(target_pct=3).row(0, named=True)
    assert one["saved"] == pytest.approx(0.72)
    said = refused(run("savings Kosovo"), NotFound)
    assert "no flows of money, to Kosovo" in said


def test_changes_and_panels_of_the_atlas(run: Run) -> None:
    change = rows(run("decompose --from 2011Q1 --to 2020Q3 -f csv")).row(0, named=True)
    parts = [change[part] for part in ("price", "mix", "entry", "exit")]
    assert parts == pytest.approx([-2.216, 0, 0.431, -0.265], abs=0.001)
    assert (change["stayed"], change["came"], change["left"]) == (189, 178, 10)
    weighted = rows(run("decompose --weighted --from 2019Q1 -f csv")).row(0, named=True)
    assert "weighted by flows" in weighted["average"]
    found = rows(run("panel NPL --from 2016Q2 -f csv"))
    mine = panel_index(PRICES.filter(pl.col("receiving") == "NPL", pl.col("quarter") >= "2016Q2"))
    assert found["index"].to_list() == pytest.approx(mine["index"].to_list())
    assert "is no time" in refused(run("decompose --from 2020Q3 --to 2011Q1"), DataError)


def test_a_file_of_ones_own(run: Run, tmp_path: Path) -> None:
    quotes = example_quotes()
    quotes.write_parquet(tmp_path / "quotes.parquet")
    read = run("average quotes.parquet --over corridors -f csv")
    assert "prices from quotes.parquet" in read.stderr
    last = average_cost(quotes, over="corridors").table["mean_pct"].to_list()[-1]
    assert rows(read)["cost_pct"].to_list() == pytest.approx([last])
    smart = rows(run("smart quotes.parquet --all -f csv"))
    assert smart["smart_pct"].to_list() == pytest.approx(smart_average(quotes).world["smart_pct"].to_list())
    assert "cheapest qualifying" in rows(run("targets quotes.parquet -f csv"))["measure"].item()
    (tmp_path / "mine.csv").write_text(
        "sending,receiving,quarter,cost_usd200_pct\nUSA,MEX,2021Q3,5\nARE,IND,2021Q3,4\n", encoding="utf-8"
    )
    (tmp_path / "flows.csv").write_text("sending,receiving,value\nUSA,MEX,100\nDEU,TUR,100\n", "utf-8")
    saved = rows(run("savings mine.csv --flows flows.csv -f csv")).filter(target_pct=3).row(0, named=True)
    assert (saved["saved"], saved["priced_share"]) == (pytest.approx(2), pytest.approx(0.5))
    gaps = rows(run("targets mine.csv --corridors -f csv"))
    assert set(gaps["verdict"]) == {"too short"}


def test_what_can_not_be_told_is_refused_with_a_remedy(run: Run, tmp_path: Path) -> None:
    said = refused(run("smart"), DataError)
    assert "can not be told from averages of corridors" in said
    assert "corridors sources fetch world-bank-remittance-prices" in said
    (tmp_path / "mine.csv").write_text(
        "sending,receiving,quarter,cost_usd200_pct\nUSA,MEX,2021Q3,5\n", encoding="utf-8"
    )
    assert "cheapest" in refused(run("smart mine.csv"), DataError)
    (tmp_path / "other.csv").write_text("period,firm\n2020_1Q,x\n", encoding="utf-8")
    said = refused(run("average other.csv"), DataError)
    assert "has no column 'sending'" in said
    assert "workbook of Remittance Prices Worldwide (.xlsx)" in said
    (tmp_path / "other.xlsx").write_text("period,firm\n", encoding="utf-8")
    assert "is no Excel workbook" in refused(run("average other.xlsx"), DataError)
    assert "need quotes" in refused(run("average --by firm_type"), DataError)
    assert "one file at a time" in refused(run("average a.csv b.csv"), DataError)
    assert "too many places" in refused(run("average USA MEX IND"), DataError)
    assert "no place is called 'Nowhereland'" in refused(run("average Nowhereland"), NotFound)
    assert "quarters run from 2011Q1 to 2025Q3" in refused(run("average --quarter 1999Q1"), NotFound)
