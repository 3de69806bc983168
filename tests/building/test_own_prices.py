"""Own prices of any years build: savings are of the last year that prices and flows share, or a finding."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import corridors as co
from corridors import evidence
from corridors.building.steps.money import price_tables, remittance_table
from corridors.parameters import value

PRICES = evidence.load().table("remittance_price").drop("source")
Made = tuple[pl.DataFrame, pl.DataFrame, list[tuple[object, ...]]]


@pytest.fixture(scope="module")
def flows() -> pl.DataFrame:
    known = evidence.load()
    stock = (
        known.table("migrant_stock")
        .filter(pl.col("origin") != "OTH")
        .with_columns(value=(pl.col("female") + pl.col("male")).cast(pl.Float64))
    )
    tables = {
        "stock": stock.with_columns(sex=pl.lit("total")),
        "economy": known.table("economy"),
        "remittances": known.table("remittances"),
    }
    return remittance_table(tables, draws=0, seed=0)[0]


def of_quarters(year: int, *quarters: int) -> pl.DataFrame:
    """Prices of 2020 as if they had been asked in other quarters."""
    moved = pl.col("quarter").str.slice(4)
    rows = PRICES.filter(pl.col("quarter").str.starts_with("2020"))
    rows = rows.filter(moved.is_in([f"Q{q}" for q in quarters]))
    return rows.with_columns(quarter=pl.lit(str(year)) + moved)


def weighted(index: pl.DataFrame) -> pl.DataFrame:
    return index.filter(pl.col("weighting").str.contains("weighted"))


@pytest.mark.parametrize(
    ("prices", "words"),
    [
        (PRICES.filter(pl.col("quarter").str.starts_with("2019")), "prices are of 2019"),
        (of_quarters(2023, 1, 2), "prices are of 2023"),
        (of_quarters(2020, 1).head(1).with_columns(sending=pl.lit("TUV"), receiving=pl.lit("NRU")), "2020"),
        (PRICES.filter(pl.col("quarter") == "2019Q1").head(1), "prices are of 2019"),
    ],
    ids=["2019 only", "quarters of 2023", "a corridor without a flow", "one price"],
)
def test_without_a_shared_year_a_finding_stands_instead(
    flows: pl.DataFrame, prices: pl.DataFrame, words: str
) -> None:
    index, saved, findings = price_tables(prices, flows, seed=0)
    assert saved.is_empty()
    assert [finding[:3] for finding in findings] == [("price_saving", "price-saving-not-possible", "WORLD")]
    assert words in findings[0][3]
    assert set(index["quarter"]) == set(prices["quarter"])
    assert weighted(index).is_empty()


def test_without_any_flow_a_finding_stands_instead(flows: pl.DataFrame) -> None:
    _, saved, findings = price_tables(of_quarters(2020, 1), flows.clear(), seed=0)
    assert saved.is_empty()
    assert "reconciled remittances of no year" in findings[0][3]


def test_the_last_shared_year_counts(flows: pl.DataFrame) -> None:
    """Prices of 2015, 2019 and 2022 with flows of 2015, 2020 and 2022."""
    prices = pl.concat([of_quarters(2015, 1), of_quarters(2019, 1), of_quarters(2022, 3)])
    index, saved, findings = price_tables(prices, flows, seed=0)
    assert findings == []
    assert set(saved["year"]) == {2022}
    assert set(saved["target_pct"]) == {value("price_target_average"), value("price_target_corridor")}
    assert set(weighted(index)["quarter"]) == {"2015Q1", "2019Q1", "2022Q3"}
    alone = price_tables(of_quarters(2022, 3), flows, seed=0)[1]
    assert saved.select("saved", "flow").equals(alone.select("saved", "flow"))


def test_one_quarter_of_one_corridor_is_enough(flows: pl.DataFrame) -> None:
    one = PRICES.filter(sending="USA", receiving="MEX", quarter="2020Q1")
    index, saved, findings = price_tables(one.with_columns(cost_usd200_pct=7.0), flows, seed=0)
    assert findings == []
    assert set(index["quarter"]) == {"2020Q1"}
    world = saved.filter(region="World").sort("target_pct")
    flow = flows.filter(sending="USA", receiving="MEX", rule="reconciled", year=2020)["value"].item()
    assert world["saved"].to_list() == pytest.approx([0.04 * flow, 0.02 * flow])
    assert world["corridors"].to_list() == [1, 1]


@given(st.sets(st.integers(2008, 2026), min_size=1, max_size=4), st.sets(st.integers(2008, 2026), max_size=4))
def test_any_years_of_prices_and_flows(priced: set[int], sent: set[int]) -> None:
    pair = {"sending": "USA", "receiving": "MEX"}
    prices = pl.DataFrame([pair | {"quarter": f"{y}Q1", "cost_usd200_pct": 6.0} for y in priced])
    row = {"rule": "reconciled", "value": 10.0, "lower": 9.0, "upper": 11.0}
    types = {"year": pl.Int64, "value": pl.Float64, "lower": pl.Float64, "upper": pl.Float64}
    flows = pl.DataFrame(
        [pair | row | {"year": y} for y in sent],
        schema={"sending": pl.String, "receiving": pl.String, "rule": pl.String, **types},
    )
    _, saved, findings = price_tables(prices, flows, seed=0)
    shared = priced & sent
    assert set(saved["year"]) == ({max(shared)} if shared else set())
    assert len(findings) == (0 if shared else 1)


def test_an_atlas_of_own_prices_without_a_shared_year(tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    PRICES.filter(pl.col("quarter").str.starts_with("2019")).write_csv(own / "remittance_price.csv")
    summary = co.build(tmp_path / "atlas", figures=own, draws=0)
    assert summary.findings.filter(rule="price-saving-not-possible").height == 1
    with co.open(tmp_path / "atlas") as atlas:
        assert atlas.table("price_saving").is_empty()
        assert set(atlas.table("price_index")["quarter"].str.head(4)) == {"2019"}
        named = "indicator LIKE 'price_saving%' OR indicator = 'remittance_cost_weighted'"
        assert atlas.table("indicator", where=named).is_empty()
        costs = atlas.table("indicator", where="indicator = 'remittance_cost' AND place = 'WLD'")
        assert costs["year"].to_list() == [2019]
        assert (
            not atlas.why("price_index", "world", "World", "2019Q1", costs_weighting(atlas))
            .inputs["corridor prices"]
            .is_empty()
        )


def costs_weighting(atlas: co.Atlas) -> str:
    return str(atlas.table("price_index", where="scope = 'world'")["weighting"][0])
