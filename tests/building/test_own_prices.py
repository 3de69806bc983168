"""Own prices of any years build: savings are of prices and flows of about one time, or there is a finding."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import corridors as co
from conftest import few_remittances
from corridors import evidence
from corridors.building.steps.money import remittance_table
from corridors.building.steps.prices import price_tables
from corridors.parameters import value

PRICES = evidence.load().table("remittance_price").drop("source")
QUOTES = evidence.load().table("quote_average").drop("source")
APART = int(value("price_flow_years"))
ALWAYS = {"extreme-price", "few-quotes", "changed-panel"}
Made = tuple[pl.DataFrame, pl.DataFrame, list[tuple[object, ...]]]


def made(prices: pl.DataFrame, flows: pl.DataFrame) -> Made:
    """Index and savings, and the findings that are about time."""
    tables, findings = price_tables(prices, QUOTES, flows, seed=0)
    kept = [finding for finding in findings if finding[1] not in ALWAYS]
    return tables["price_index"], tables["price_saving"], kept


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
    return remittance_table(tables)[0]


def of_quarters(year: int, *quarters: int) -> pl.DataFrame:
    """Prices of 2020 as if they had been asked in other quarters."""
    moved = pl.col("quarter").str.slice(4)
    rows = PRICES.filter(pl.col("quarter").str.starts_with("2020"))
    rows = rows.filter(moved.is_in([f"Q{q}" for q in quarters]))
    return rows.with_columns(quarter=pl.lit(str(year)) + moved)


def weighted(index: pl.DataFrame) -> pl.DataFrame:
    return index.filter(weighting="weighted by money")


def over_corridors(index: pl.DataFrame) -> pl.DataFrame:
    return index.filter(pl.col("weighting").is_in(["mean over corridors", "median of corridors"]))


NO_FLOWS = pl.DataFrame(
    schema={
        **dict.fromkeys(("sending", "receiving", "rule"), pl.String),
        "year": pl.Int64,
        **dict.fromkeys(("value", "lower", "upper"), pl.Float64),
    }
)


@pytest.mark.parametrize(
    ("prices", "words"),
    [
        (of_quarters(1995, 1, 2), "prices are of 1995"),
        (of_quarters(2020, 1).head(1).with_columns(sending=pl.lit("TUV"), receiving=pl.lit("PRK")), "2020"),
        (of_quarters(1995, 1).head(1), "prices are of 1995"),
    ],
    ids=["long before", "a corridor without a flow", "one price"],
)
def test_without_flows_of_their_time_a_finding_stands_instead(
    flows: pl.DataFrame, prices: pl.DataFrame, words: str
) -> None:
    index, saved, findings = made(prices, flows)
    assert saved.is_empty()
    assert [finding[:3] for finding in findings] == [
        ("price_index", "prices-without-flows", "WORLD"),
        ("price_saving", "price-saving-not-possible", "WORLD"),
    ]
    assert words in findings[1][3]
    assert set(over_corridors(index)["quarter"]) == set(prices["quarter"])
    assert weighted(index).is_empty()


def test_without_any_flow_a_finding_stands_instead(flows: pl.DataFrame) -> None:
    _, saved, findings = made(of_quarters(2020, 1), flows.clear())
    assert saved.is_empty()
    assert "reconciled remittances of no year" in str(findings[1][3])


def test_the_last_prices_count_with_the_nearest_flows(flows: pl.DataFrame) -> None:
    """Prices of 2010, 2016 and 2019 with flows of 2010, 2015 and 2020."""
    some = flows.filter(pl.col("year").is_in([2010, 2015, 2020]))
    prices = pl.concat([of_quarters(2010, 1), of_quarters(2016, 1), of_quarters(2019, 1, 3)])
    index, saved, findings = made(prices, some)
    assert findings == []
    assert saved.select("price_quarter", "flow_year").unique().rows() == [("2019Q3", 2020)]
    assert set(saved["target_pct"]) == {value("price_target_average"), value("price_target_corridor")}
    years = dict(weighted(index).select("quarter", "flow_year").rows())
    assert years == {"2010Q1": 2010, "2016Q1": 2015, "2019Q1": 2020, "2019Q3": 2020}
    alone = made(of_quarters(2019, 1, 3), some)[1]
    assert saved.select("saved", "flow").equals(alone.select("saved", "flow"))


def test_prices_too_far_from_any_flows_are_said_to_be(flows: pl.DataFrame) -> None:
    some = flows.filter(pl.col("year").is_in([2015, 2020]))
    prices = pl.concat([of_quarters(2020, 1), of_quarters(2020 + APART + 1, 3)])
    index, saved, findings = made(prices, some)
    assert [finding[1] for finding in findings] == ["prices-without-flows", "price-saving-not-of-today"]
    assert "savings are of the prices of 2020Q1 and the remittances of 2020" in str(findings[1][3])
    assert saved.select("price_quarter", "flow_year").unique().rows() == [("2020Q1", 2020)]
    assert weighted(index)["quarter"].to_list() == ["2020Q1"]


def test_the_interval_of_the_weighted_average_holds_all_rules(flows: pl.DataFrame) -> None:
    prices = of_quarters(2020, 3)
    row = weighted(made(prices, flows)[0]).row(0, named=True)
    joined = prices.join(
        flows.filter(pl.col("year") == 2020, pl.col("sending") != "UNK"), on=["sending", "receiving"]
    )
    cost = (pl.col("cost_usd200_pct") * pl.col("value")).sum() / pl.col("value").sum()
    by_rule = dict(joined.group_by("rule").agg(cost).iter_rows())
    assert row["value"] == pytest.approx(by_rule["reconciled"])
    assert (row["least"], row["most"]) == pytest.approx((min(by_rule.values()), max(by_rule.values())))
    assert row["lower"] < row["least"] <= row["most"] < row["upper"]
    sent = flows.filter(rule="reconciled", year=2020)
    priced = sent.join(prices, on=["sending", "receiving"], how="semi")["value"].sum()
    assert row["priced_share"] == pytest.approx(priced / sent["value"].sum())


def test_savings_hold_what_all_rules_give_and_say_what_is_priced(flows: pl.DataFrame) -> None:
    prices = of_quarters(2020, 1, 3)
    saved = made(prices, flows)[1]
    cost = prices.group_by("sending", "receiving").agg(cost=pl.mean("cost_usd200_pct"))
    both = flows.filter(year=2020).join(cost, on=["sending", "receiving"])
    gap = (pl.col("cost") - 3).clip(0) / 100
    by_hand = dict(both.group_by("rule").agg((gap * pl.col("value")).sum()).iter_rows())
    row = saved.filter(scope="world", target_pct=3).row(0, named=True)
    assert row["saved"] == pytest.approx(by_hand["reconciled"])
    assert (row["least"], row["most"]) == pytest.approx((min(by_hand.values()), max(by_hand.values())))
    assert (saved["lower"] <= saved["least"]).all()
    assert (saved["most"] <= saved["upper"]).all()
    assert (saved["marked"] <= saved["saved"] + 1e-9).all()
    for scope in ("receiving_region", "receiving", "sending"):
        parts = saved.filter(scope=scope, target_pct=3)
        assert parts["saved"].sum() == pytest.approx(row["saved"])
        assert parts["priced_share"].is_between(0, 1).all()
    # The arithmetic of published figures: the mean over services less the target, times all money.
    mean = QUOTES.filter(quarter="2020Q3")["mean_cost_pct"].item()
    money = flows.filter(rule="reconciled", year=2020)["value"].sum()
    assert row["as_published"] == pytest.approx((mean - 3) / 100 * money)
    assert saved.filter(scope="income")["saved"].max() < row["saved"]
    assert saved.filter(pl.col("scope").is_in(["receiving", "sending"]))["as_published"].null_count() > 100


def test_a_dear_corridor_of_one_quote_is_marked_and_unsure(flows: pl.DataFrame) -> None:
    now = PRICES.filter(quarter="2025Q3").with_columns(quarter=pl.lit("2020Q3"))
    saved = made(now, flows)[1].filter(target_pct=3)
    algeria = saved.filter(scope="receiving", place="DZA").row(0, named=True)
    assert algeria["marked"] == pytest.approx(algeria["saved"], rel=0.01)  # FRA-DZA, 45.13 % by one quote
    assert algeria["upper"] - algeria["lower"] > algeria["saved"]
    mexico = saved.filter(scope="receiving", place="MEX").row(0, named=True)
    assert mexico["marked"] == 0


def test_standing_on_the_target_by_place(flows: pl.DataFrame) -> None:
    table = price_tables(PRICES, QUOTES, NO_FLOWS, seed=0)[0]["price_target"]
    now = table.filter(quarter="2025Q3")
    world = now.filter(scope="world").row(0, named=True)
    assert (world["average_pct"], world["weighting"]) == (6.363, "mean over services")
    prices = PRICES.filter(quarter="2025Q3")
    above = prices.filter(pl.col("cost_usd200_pct") > 5)
    assert (world["corridors"], world["above_5"]) == (prices.height, above.height) == (348, 186)
    assert (world["worst"], world["worst_pct"]) == ("TUR-BGR", 118.19)
    assert not table.filter(scope="world")["met"].any()
    for scope, column in (("receiving", "receiving"), ("sending", "sending")):
        counts = dict(now.filter(scope=scope).select("place", "above_5").iter_rows())
        by_hand = dict(above.group_by(column).len().iter_rows())
        assert {place: n for place, n in counts.items() if n} == by_hand
    assert table["met"].any()  # a country whose few corridors are all cheap: the verdict can come out


def test_one_quarter_of_one_corridor_is_enough(flows: pl.DataFrame) -> None:
    one = PRICES.filter(sending="USA", receiving="MEX", quarter="2020Q1")
    index, saved, findings = made(one.with_columns(cost_usd200_pct=7.0), flows)
    assert findings == []
    assert set(over_corridors(index)["quarter"]) == {"2020Q1"}
    world = saved.filter(scope="world").sort("target_pct")
    flow = flows.filter(sending="USA", receiving="MEX", rule="reconciled", year=2020)["value"].item()
    assert world["saved"].to_list() == pytest.approx([0.04 * flow, 0.02 * flow])
    assert world["corridors"].to_list() == [1, 1]
    whole = flows.filter(rule="reconciled", year=2020)["value"].sum()
    assert world["priced_share"].to_list() == pytest.approx([flow / whole] * 2)


@given(st.sets(st.integers(2008, 2026), min_size=1, max_size=4), st.sets(st.integers(2008, 2026), max_size=4))
def test_any_years_of_prices_and_flows(priced: set[int], sent: set[int]) -> None:
    pair = {"sending": "USA", "receiving": "MEX"}
    price = {"cost_usd200_pct": 6.0, "quotes": None}
    prices = pl.DataFrame(
        [pair | price | {"quarter": f"{y}Q1"} for y in priced], schema_overrides={"quotes": pl.Int64}
    )
    row = {"rule": "reconciled", "value": 10.0, "lower": 9.0, "upper": 11.0}
    types = {"year": pl.Int64, "value": pl.Float64, "lower": pl.Float64, "upper": pl.Float64}
    flows = pl.DataFrame(
        [pair | row | {"year": y} for y in sent],
        schema={"sending": pl.String, "receiving": pl.String, "rule": pl.String, **types},
    )
    index, saved, findings = made(prices, flows)
    near = [y for y in priced if any(abs(y - other) <= APART for other in sent)]
    assert set(saved["price_quarter"]) == ({f"{max(near)}Q1"} if near else set())
    assert {int(quarter[:4]) for quarter in weighted(index)["quarter"]} == set(near)
    rules = {finding[1] for finding in findings}
    assert ("prices-without-flows" in rules) == (len(near) < len(priced))
    assert ("price-saving-not-possible" in rules) == (not near)
    assert ("price-saving-not-of-today" in rules) == (bool(near) and max(near) < max(priced))


def test_what_is_odd_about_prices_is_named() -> None:
    found = {finding[1]: finding for finding in price_tables(PRICES, QUOTES, NO_FLOWS, seed=0)[1]}
    dear = found["extreme-price"]
    assert dear[3].startswith("5 corridors above 40 %: TUR-BGR 118.19 % (11 quotes), TZA-UGA 62.68 % (10 q")
    assert "FRA-DZA 45.13 % (1 quote)" in dear[3]
    assert dear[4:] == (pytest.approx(7.181, abs=0.001), pytest.approx(6.320, abs=0.001))
    assert dear[3].endswith("is 5.15 %")
    assert found["few-quotes"][4] == 15
    assert "SAU-SYR 1" in found["few-quotes"][3]
    panel = found["changed-panel"]
    assert panel[4:] == (20, 1)
    assert "(13 of them from RUS)" in panel[3]
    assert "by +0.11 points on average (-0.43 to +0.65), by -0.93 in the median corridor" in panel[3]
    quiet = PRICES.filter(pl.col("quarter") == "2020Q3", pl.col("cost_usd200_pct") < 20)
    assert not ALWAYS & {finding[1] for finding in price_tables(quiet, QUOTES, NO_FLOWS, seed=0)[1]}


def test_an_atlas_of_own_prices_without_flows_of_their_time(tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    of_quarters(2017, 1).with_columns(quarter=pl.lit("1997Q1")).write_csv(own / "remittance_price.csv")
    summary = co.build(tmp_path / "atlas", figures=own, tables={"remittances": few_remittances()}, draws=0)
    assert summary.findings.filter(rule="price-saving-not-possible").height == 1
    with co.open(tmp_path / "atlas") as atlas:
        assert atlas.table("price_saving").is_empty()
        assert set(over_corridors(atlas.table("price_index"))["quarter"]) == {"1997Q1"}
        named = "indicator LIKE 'price_saving%' OR indicator = 'remittance_cost_weighted'"
        assert atlas.table("indicator", where=named).is_empty()
        costs = atlas.table("indicator", where="indicator = 'remittance_cost' AND place = 'WLD'")
        assert costs["year"].to_list() == [1997]
        assert (
            not atlas.why("price_index", "world", "World", "1997Q1", "mean over corridors")
            .inputs["corridor prices"]
            .is_empty()
        )
