"""Averages, targets, savings and decompositions of prices: published numbers and invariants."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import FULL_DATA
from corridors import evidence
from corridors.errors import CorridorsError, DataError, NotFound
from corridors.remittances.prices import (
    Eligible,
    Quarter,
    SmartCriteria,
    average_cost,
    cost_pct,
    decompose_change,
    distance_to_targets,
    example_quotes,
    five_by_five,
    flow_weights,
    generated_quotes,
    margin_pct,
    median_cost,
    panel_index,
    read_quotes,
    saving,
    savings,
    sdg_10c,
    smart_average,
    waves,
    weighted_cost,
    write_generated,
)
from corridors.remittances.prices.trend import theil_sen

PRICES = evidence.load().table("remittance_price").drop("source")

MATRIX = FULL_DATA / "wb_bilateral_remittances_2010.csv.gz"
NAMES = ("USA", "DEU", "GBR", "MEX", "NGA", "IND")

needs_matrix = pytest.mark.skipif(not MATRIX.exists(), reason="the full data are not here")


def matrix() -> pl.DataFrame:
    return pl.read_csv(MATRIX).select(sending="source", receiving="recipient", value="usd_million")


def quotes_of(rows: list[dict[str, Any]]) -> pl.DataFrame:
    usual = {
        "price_point": 200,
        "quarter": "2020Q1",
        "sending": "USA",
        "receiving": "MEX",
        "firm": "A",
        "transparent": True,
        "total_pct": 5.0,
        "flags": [],
        "speed_days": 0.0,
        "coverage": "high",
        "paid_out": "cash",
        "sheet": "after",
        "sent_through": "in person",
    }
    schema = {"flags": pl.List(pl.String), "total_pct": pl.Float64, "speed_days": pl.Float64}
    return pl.DataFrame([usual | row for row in rows], schema_overrides=schema, infer_schema_length=None)


cost = st.floats(-5, 60).map(lambda x: round(x, 2))
row_of = st.fixed_dictionaries(
    {
        "quarter": st.sampled_from(["2020Q1", "2020Q2"]),
        "sending": st.sampled_from(NAMES[:3]),
        "receiving": st.sampled_from(NAMES[3:]),
        "firm": st.sampled_from("ABC"),
        "total_pct": st.one_of(st.none(), cost),
        "transparent": st.booleans(),
        "speed_days": st.sampled_from([0.0, 5.0, float("inf"), None]),
        "coverage": st.sampled_from(["high", "low", None]),
        "paid_out": st.sampled_from(["cash", "account"]),
    }
)
some_quotes = st.lists(row_of, min_size=1, max_size=40).map(quotes_of)


def eligible_part(quotes: pl.DataFrame) -> pl.DataFrame:
    return quotes.filter(pl.col("transparent"), pl.col("total_pct").is_not_null())


# Published and computed numbers -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("quarter", "mean"),
    [
        ("2011Q1", 9.051),
        ("2011_3Q", 9.357),
        ("2014Q1", 8.201),
        ("2016Q3", 7.550),
        ("YR2020Q3", 7.001),
        ("2025Q3", 7.181),
    ],
)
def test_world_means_over_corridors(quarter: str, mean: float) -> None:
    world = average_cost(PRICES, quarters=[quarter])
    assert world.table["mean_pct"].item() == pytest.approx(mean, abs=0.001)
    assert world.weighting == "mean over corridors"


# Quarters whose published mean over services was read in the source.
@pytest.mark.parametrize(
    ("quarter", "published"),
    [
        ("2011Q3", 9.30),
        ("2014Q1", 8.36),
        ("2016Q2", 7.60),
        ("2016Q3", 7.42),
        ("2016Q4", 7.40),
        ("2017Q1", 7.45),
    ],
)
def test_the_mean_over_corridors_is_near_the_published_one_over_services(
    quarter: str, published: float
) -> None:
    gap = average_cost(PRICES, quarters=[quarter]).table["mean_pct"].item() - published
    assert 0.01 < abs(gap) < 0.5


@needs_matrix
@pytest.mark.parametrize(("quarter", "mean", "published"), [("2014Q1", 6.01, 5.91), ("2014Q2", 5.94, 5.85)])
def test_weighted_by_the_matrix_of_2010(quarter: str, mean: float, published: float) -> None:
    found = average_cost(PRICES, weights=matrix(), quarters=[quarter])
    assert found.table["mean_pct"].item() == pytest.approx(mean, abs=0.01)
    assert abs(found.table["mean_pct"].item() - published) < 0.35
    assert (found.weighting, found.note) == ("weighted by money", "7,628 flows")


@needs_matrix
def test_the_published_average_of_2013_has_the_matrix_of_2010_and_no_russia() -> None:
    without = PRICES.filter(pl.col("sending") != "RUS")
    found = weighted_cost(without, matrix(), quarters=["2013Q1"], draws=50).table.row(0, named=True)
    assert found["mean_pct"] == pytest.approx(6.9, abs=0.02)
    whole = weighted_cost(PRICES, matrix(), quarters=["2013Q1"], draws=50).table.row(0, named=True)
    assert whole["mean_pct"] == pytest.approx(6.70, abs=0.01)


def test_the_interval_of_a_weighted_average_holds_all_rules() -> None:
    other = FLOWS.with_columns(value=pl.Series([1000.0, 50, 100]))
    found = weighted_cost(PRICES, FLOWS, others=[other], quarters=["2020Q1"]).table.row(0, named=True)
    both = [
        average_cost(PRICES, weights=w, quarters=["2020Q1"]).table["mean_pct"].item() for w in (FLOWS, other)
    ]
    assert found["mean_pct"] == pytest.approx(both[0])
    assert (found["least"], found["most"]) == pytest.approx((min(both), max(both)))
    assert found["lower"] < found["least"] < found["most"] < found["upper"]
    alone = weighted_cost(PRICES, FLOWS, quarters=["2020Q1"]).table.row(0, named=True)
    assert alone["upper"] - alone["lower"] < found["upper"] - found["lower"]
    years = pl.concat([FLOWS.with_columns(year=2018), other.with_columns(year=2020)])
    timed = weighted_cost(PRICES, years, quarters=["2017Q1", "2020Q1"]).table
    assert timed["flow_year"].to_list() == [2018, 2020]
    assert timed["mean_pct"][1] == pytest.approx(both[1])
    with pytest.raises(DataError, match="no corridor with a price has a flow"):
        weighted_cost(PRICES, FLOWS.rename({"sending": "receiving", "receiving": "sending"}))


def test_bases_of_cost() -> None:
    lost = cost_pct([50, 100, 200, 1000], 20, 6.1, basis="outlay")
    np.testing.assert_allclose(lost, [32.9, 21.8, 14.6, 7.9], atol=0.05)
    assert cost_pct(33_000, 2257.2, 3.10) == pytest.approx(9.94)
    found = [float(cost_pct(200, 5, 3, basis=b)) for b in ("sent", "outlay", "deducted")]  # type: ignore[arg-type]
    np.testing.assert_allclose(found, [5.50, 5.366, 5.425], atol=5e-4)


def test_five_by_five_arithmetic() -> None:
    assert saving(317, 10, 5) == pytest.approx(15.85)
    assert saving(60, 12.4, 5) == pytest.approx(4.44)
    assert saving(60, 4, 5) == 0


def test_verdict_of_five_by_five_by_year() -> None:
    verdict = five_by_five(PRICES)
    assert verdict.table["year"].to_list() == [*range(2011, 2021), 2025]
    assert not verdict.table["met"].any()
    assert verdict.table["due"].to_list() == [year >= 2014 for year in (*range(2011, 2021), 2025)]
    assert verdict.table.filter(year=2020)["average_pct"].item() == pytest.approx(6.980, abs=0.001)
    assert verdict.table.filter(year=2025)["average_pct"].item() == pytest.approx(7.181, abs=0.001)
    assert "Five by five" in verdict.summary()


def test_no_part_of_the_sdg_target_was_met() -> None:
    status = sdg_10c(PRICES)
    assert not status.table.select(pl.any_horizontal("below_3", "every_corridor", "met").any()).item()
    share = status.table.filter(pl.col("quarter").is_in(["2011Q1", "2020Q3"]))["share_met"]
    np.testing.assert_allclose(share, [0.201, 0.343], atol=0.001)
    assert status.table.filter(quarter="2020Q3")["worst"].item() == "ZAF-CHN"
    assert set(status.to_polars().columns) >= {"target", "measure"}


@needs_matrix
def test_savings_of_2020_with_the_matrix_of_2010() -> None:
    found = savings(PRICES, matrix(), quarters=["2020Q1", "2020Q2", "2020Q3"])
    world = found.table.filter(receiving_region="World").sort("target_pct")
    assert world["saved"].to_list() == pytest.approx([5631, 2414], rel=0.01)
    for target in (5.0, 3.0):
        part = found.table.filter(pl.col("target_pct") == target)
        regions = part.filter(pl.col("receiving_region") != "World")
        assert regions["saved"].sum() == pytest.approx(part["saved"][0])
    inside = pl.col("saved").is_between("lower", "upper")
    assert found.table.select(inside.all()).item()
    assert 0.5 < found.priced_share < 0.6


def test_the_file_of_a_reader_gives_the_published_global_average() -> None:
    file = FULL_DATA / "rpw_dataset_2011_2025_q3.xlsx"
    if not file.exists():
        pytest.skip("the workbook of Remittance Prices Worldwide is not here")
    world = average_cost(read_quotes(file, trust_notes=False), quarters=["2025Q1", "2025Q3"])
    np.testing.assert_allclose(world.table["mean_pct"], [6.49, 6.36], atol=0.005)


# Cost algebra -----------------------------------------------------------------------------------

money = st.floats(1, 1e6)


@given(money, st.floats(0, 0.5), st.floats(-20, 50), st.floats(1e-3, 1e3))
def test_a_change_of_currency_leaves_percentages(
    amount: float, share: float, margin: float, rate: float
) -> None:
    for basis in ("sent", "outlay", "deducted"):
        here = cost_pct(amount, share * amount, margin, basis=basis)  # type: ignore[arg-type]
        there = cost_pct(amount * rate, share * amount * rate, margin, basis=basis)  # type: ignore[arg-type]
        assert there == pytest.approx(float(here), rel=1e-9, abs=1e-9)


@given(money, st.floats(0, 0.5), st.floats(0, 50))
def test_bases_agree_without_a_fee_and_differ_with_one(amount: float, share: float, margin: float) -> None:
    assert cost_pct(amount, share * amount, margin) == pytest.approx(100 * share + margin)
    none = [float(cost_pct(amount, 0, margin, basis=b)) for b in ("sent", "outlay", "deducted")]  # type: ignore[arg-type]
    assert none == pytest.approx([margin] * 3, abs=1e-9)
    sent, outlay, deducted = (
        float(cost_pct(amount, share * amount, margin, basis=b))  # type: ignore[arg-type]
        for b in ("sent", "outlay", "deducted")
    )
    assert outlay <= deducted + 1e-9
    assert deducted <= sent + 1e-9


@given(st.floats(0.01, 1e4), st.floats(-0.5, 0.5))
def test_a_margin_is_not_that_of_the_other_direction(bank: float, gap: float) -> None:
    applied = bank * (1 - gap)
    forth, back = float(margin_pct(bank, applied)), float(margin_pct(1 / bank, 1 / applied))
    assert forth == pytest.approx(100 * gap, abs=1e-6)
    assert back == pytest.approx(100 * (1 - 1 / (1 - gap)), abs=1e-6)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: margin_pct(0, 1), "interbank must be above zero"),
        (lambda: margin_pct([1, 1], [1, 0]), "position 1"),
        (lambda: cost_pct(0, 1), "amount must be above zero"),
        (lambda: cost_pct(1, -1), "fees must be zero or more"),
        (lambda: cost_pct(1, 0, 100), "below 100"),
        (lambda: cost_pct(1, 2, basis="deducted"), "can not exceed"),
        (lambda: cost_pct(1, 1, basis="gross"), "unknown basis"),
        (lambda: margin_pct(float("nan"), 1), "interbank"),
    ],
)
def test_algebra_refuses(call: Any, words: str) -> None:
    with pytest.raises(DataError, match=words):
        call()


# Quarters ---------------------------------------------------------------------------------------


@given(st.integers(1990, 2100), st.integers(1, 4))
def test_quarters_are_read_in_every_spelling(year: int, number: int) -> None:
    quarter = Quarter(year, number)
    for text in (f"{year}_{number}Q", f"{year}Q{number}", f"YR{year}Q{number}", str(quarter)):
        assert Quarter.parse(text) == quarter
    assert quarter.plus(5).plus(-5) == quarter
    assert quarter.plus(3).index - quarter.index == 3


@pytest.mark.parametrize("text", ["2020", "2020Q5", "Q3", "", "2020-13Q"])
def test_other_texts_are_no_quarters(text: str) -> None:
    with pytest.raises(DataError, match="is not a quarter"):
        Quarter.parse(text)


def test_waves_that_were_not() -> None:
    known = [str(q) for q in waves("2011Q1", "2025Q3")]
    assert len(known) == 54
    assert not {"2011Q2", "2011Q4", "2012Q2", "2012Q4", "2025Q2"} & set(known)
    assert [*known[:35], known[-1]] == sorted(PRICES["quarter"].unique())
    with pytest.raises(DataError, match="quarters 1 to 4"):
        Quarter(2020, 5)


# Averages ---------------------------------------------------------------------------------------


@given(some_quotes)
def test_undisclosed_margins_and_opaque_services_never_count(quotes: pl.DataFrame) -> None:
    counted = eligible_part(quotes)
    if not counted.height:
        with pytest.raises(DataError, match="no price is left"):
            average_cost(quotes)
        return
    world = average_cost(quotes).table
    assert world["services"].sum() == counted.height
    for quarter, mean in world.select("quarter", "mean_pct").iter_rows():
        assert mean == pytest.approx(counted.filter(quarter=quarter)["total_pct"].mean())


@given(some_quotes, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(quotes: pl.DataFrame, random: Any) -> None:
    if not eligible_part(quotes).height:
        return
    order = list(range(quotes.height))
    random.shuffle(order)
    for options in (
        {},
        {"over": "corridors"},
        {"over": "corridors", "resample": "corridor"},
        {"by": "sending"},
    ):
        one, two = (average_cost(q, draws=20, **options).table for q in (quotes, quotes[order]))  # type: ignore[arg-type]
        assert one.equals(two)
    assert smart_average(quotes).table.equals(smart_average(quotes[order]).table)


@given(some_quotes, st.lists(st.floats(0.1, 1e6), min_size=9, max_size=9))
def test_a_weighted_mean_lies_between_corridors(quotes: pl.DataFrame, sizes: list[float]) -> None:
    if not eligible_part(quotes).height:
        return
    pairs = itertools.product(NAMES[:3], NAMES[3:])
    flows = pl.DataFrame(
        [(*pair, size) for pair, size in zip(pairs, sizes, strict=True)],
        schema=["sending", "receiving", "value"],
        orient="row",
    )
    means = average_cost(quotes, by="corridor", over="corridors").table
    span = means.group_by("quarter").agg(low=pl.col("mean_pct").min(), high=pl.col("mean_pct").max())
    found = average_cost(quotes, weights=flows).table.join(span, on="quarter")
    assert found.select(
        pl.col("mean_pct").is_between(pl.col("low") - 1e-9, pl.col("high") + 1e-9).all()
    ).item()
    same = average_cost(quotes, weights=flows.with_columns(value=pl.lit(7.0))).table
    plain = average_cost(quotes, over="corridors").table
    np.testing.assert_allclose(same["mean_pct"], plain["mean_pct"], atol=1e-9)
    np.testing.assert_allclose(same["weight_share"], plain["corridors"] / 9)


@given(some_quotes, st.floats(0, 5))
def test_a_cheaper_price_raises_no_average(quotes: pl.DataFrame, cut: float) -> None:
    first = pl.int_range(pl.len()) == 0
    cheaper = quotes.with_columns(
        total_pct=pl.when(first).then(pl.col("total_pct") - cut).otherwise("total_pct")
    )
    if not eligible_part(quotes).height:
        return
    for options in ({}, {"over": "corridors"}):
        before, after = (average_cost(q, **options).table["mean_pct"] for q in (quotes, cheaper))  # type: ignore[arg-type]
        assert (after <= before + 1e-9).all()
    before, after = (smart_average(q).table["smart_pct"].fill_null(0) for q in (quotes, cheaper))
    assert (after <= before + 1e-9).all()


def test_groups_of_services() -> None:
    quotes = example_quotes()
    for by in (
        "firm_type",
        "paid_in",
        "sent_through",
        "paid_out",
        "digital",
        "receiving_region",
        "sending",
        "corridor",
    ):
        found = average_cost(quotes, by=by)
        whole = average_cost(quotes).table
        shares = found.table.group_by("quarter").agg(
            mean=(pl.col("mean_pct") * pl.col("services")).sum() / pl.col("services").sum(),
            n=pl.col("services").sum(),
        )
        both = whole.join(shares, on="quarter")
        np.testing.assert_allclose(both["mean"], both["mean_pct"])
        assert both["n"].equals(both["services"], check_names=False)
    assert "Bank" in average_cost(quotes, by="firm_type").summary()


def test_groups_of_averages_of_corridors() -> None:
    for by in ("receiving_region", "sending_subregion", "receiving_income", "receiving"):
        found = average_cost(PRICES, by=by, quarters=["2020Q3"]).table
        assert found["corridors"].sum() == 367
    with pytest.raises(NotFound, match="receiving_income"):
        average_cost(PRICES, by="firm_type")


def test_a_corridor_is_in_the_class_of_income_of_the_year_of_its_price() -> None:
    # India was a country of low income until 2006 by calendar year, of lower middle income from 2007 on;
    # Moldova of lower middle income in 2011 and of upper middle income in 2025.
    rows = [("DEU", "MDA", "2011Q1", 7.0), ("DEU", "MDA", "2025Q3", 5.0), ("DEU", "IND", "2011Q1", 9.0)]
    table = pl.DataFrame(rows, schema=["sending", "receiving", "quarter", "cost_usd200_pct"], orient="row")
    found = average_cost(table, by="receiving_income").table
    assert found.select("quarter", "receiving_income", "mean_pct").sort("quarter").rows() == [
        ("2011Q1", "LM", 8.0), ("2025Q3", "UM", 5.0),
    ]  # fmt: skip


def test_price_points_and_negative_costs() -> None:
    quotes = example_quotes()
    small, large = (
        average_cost(quotes, eligible=Eligible(amount=n)).table["mean_pct"].mean() for n in (200, 500)
    )
    assert large < small  # type: ignore[operator]
    kept, floored, dropped = (
        average_cost(quotes, eligible=Eligible(negatives=how)).table  # type: ignore[arg-type]
        for how in ("keep", "floor0", "drop")
    )
    assert (kept["mean_pct"] <= floored["mean_pct"]).all()
    assert (floored["mean_pct"] <= dropped["mean_pct"]).all()
    assert dropped["services"].sum() < kept["services"].sum()
    fewer = average_cost(quotes, eligible=Eligible(exclude=("above_50", "stale_date"))).table
    assert fewer["services"].sum() < kept["services"].sum()


def test_intervals_hold_the_mean_and_grow_with_the_spread() -> None:
    rng = np.random.default_rng(1)
    narrow = quotes_of(
        [{"firm": str(k), "total_pct": float(5 + x)} for k, x in enumerate(rng.normal(0, 1, 60))]
    )
    wide = narrow.with_columns(total_pct=5 + 4 * (pl.col("total_pct") - 5))
    lengths = []
    for quotes in (narrow, wide):
        row = average_cost(quotes, draws=500, level=0.9).table.row(0, named=True)
        assert row["lower"] < row["mean_pct"] < row["upper"]
        lengths.append(row["upper"] - row["lower"])
    assert lengths[1] == pytest.approx(4 * lengths[0], rel=1e-6)
    # Of independent draws the interval is that of the normal law.
    assert lengths[0] == pytest.approx(2 * 1.645 * rng.normal(0, 1, 60).std() / 60**0.5, rel=0.35)


def test_firms_are_drawn_whole() -> None:
    alike = [
        {"firm": "AB"[k % 2], "total_pct": 4.0 + 4 * (k % 2), "receiving": NAMES[3 + k % 3]}
        for k in range(60)
    ]
    row = average_cost(quotes_of(alike), draws=400).table.row(0, named=True)
    assert (row["lower"], row["upper"]) == (4.0, 8.0)
    apart = average_cost(quotes_of(alike), draws=400, resample="corridor").table.row(0, named=True)
    assert apart["upper"] - apart["lower"] < 1


def test_a_single_unit_has_no_interval() -> None:
    row = average_cost(quotes_of([{}, {"total_pct": 6.0}]), draws=20).table.row(0, named=True)
    assert row["lower"] is None
    nested = average_cost(quotes_of([{}, {"total_pct": 6.0}]), draws=20, over="corridors").table.row(
        0, named=True
    )
    assert nested["upper"] is None


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"over": "services"}, "do not say how many services"),
        ({"resample": "firm", "draws": 50}, "which firms"),
        ({"draws": 5}, "too few"),
        ({"over": "people"}, "no mean is over"),
        ({"quarters": ["2011Q2"]}, "no prices in 2011Q2"),
        ({"draws": 50, "level": 2.0}, "between 0 and 1"),
        ({"eligible": Eligible(amount=500)}, "of USD 200"),
        ({"eligible": Eligible(negatives="hide")}, "can not be treated"),
    ],  # type: ignore[arg-type]
)
def test_averages_refuse(options: dict[str, Any], words: str) -> None:
    with pytest.raises(DataError, match=words):
        average_cost(PRICES, **options)


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([("USA", "MEX", -1.0)], r"below 0 in 1 row\n.*sending=USA, receiving=MEX, value=-1.0"),
        ([("USA", "MEX", None)], "'value' is missing"),
        ([("USA", "MEX", 0.0)], "all flows are zero"),
        ([("USA", "MEX", 1.0)] * 2, r"stand twice in 2 rows\n.*sending=USA, receiving=MEX"),
        ([("MEX", "USA", 1.0)], "no corridor with a price has a flow"),
        ([("USA", "MEX", float("inf"))], "holds no number"),
    ],
)
def test_weights_that_can_not_weigh(rows: list[Any], words: str) -> None:
    flows = pl.DataFrame(
        rows, schema={"sending": pl.String, "receiving": pl.String, "value": pl.Float64}, orient="row"
    )
    with pytest.raises(DataError, match=words):
        average_cost(PRICES, weights=flows)


def test_other_bad_input() -> None:
    flows = pl.DataFrame({"sending": ["USA"], "receiving": ["MEX"], "value": [1.0]})
    calls: list[tuple[Any, str]] = [
        (lambda: flow_weights(flows.drop("value")), "table 'flows' has no column 'value'"),
        (lambda: average_cost(flows), "neither one of quotes"),
        (
            lambda: average_cost(pl.concat([PRICES] * 2)),
            "keep one average for each corridor and quarter",
        ),
        (lambda: average_cost(PRICES.with_columns(quarter=pl.lit("soon"))), "can not be read"),
        (lambda: average_cost(example_quotes(), eligible=Eligible(exclude=("ugly",))), "no flag is called"),
        (lambda: average_cost(example_quotes(), eligible=Eligible(amount=300)), "200 and 500"),
        (lambda: average_cost(example_quotes(), over="services", weights=flows), "not services"),
    ]
    for call, words in calls:
        with pytest.raises(DataError, match=words):
            call()


def test_pandas_is_welcome() -> None:
    frame = PRICES.to_pandas()
    assert average_cost(frame).table.equals(average_cost(PRICES).table)


# The cheapest services --------------------------------------------------------------------------


@given(some_quotes)
def test_smart_is_at_most_the_mean_of_qualifying_services(quotes: pl.DataFrame) -> None:
    if not eligible_part(quotes).height:
        return
    table = smart_average(quotes).table
    assert (table["smart_pct"] <= table["qualifying_mean_pct"]).all()
    assert table.select((pl.col("used") == pl.col("qualifying").clip(upper_bound=3)).all()).item()
    assert table.select(((pl.col("qualifying") == 0) == pl.col("smart_pct").is_null()).all()).item()


@given(some_quotes, st.floats(0, 10))
def test_a_cheaper_qualifying_service_never_raises_smart(quotes: pl.DataFrame, below: float) -> None:
    before = smart_average(quotes).table if eligible_part(quotes).height else pl.DataFrame()
    if not before.height or before["smart_pct"].null_count() == before.height:
        return
    row = before.filter(pl.col("smart_pct").is_not_null()).row(0, named=True)
    new = {"total_pct": row["smart_pct"] - below} | {k: row[k] for k in ("quarter", "sending", "receiving")}
    more = pl.concat([quotes, quotes_of([new]).select(quotes.columns)], how="vertical_relaxed")
    key = [pl.col(k) == row[k] for k in ("quarter", "sending", "receiving")]
    assert smart_average(more).table.filter(*key)["smart_pct"].item() <= row["smart_pct"] + 1e-9


def test_criteria_of_smart() -> None:
    rows = [
        {"total_pct": 1.0, "speed_days": 6.0},
        {"total_pct": 2.0, "coverage": "low"},
        {"total_pct": 3.0},
        {"total_pct": 4.0, "coverage": "low", "paid_out": "account"},
        {"total_pct": 5.0, "speed_days": None},
        {"total_pct": 6.0, "transparent": False},
    ]
    quotes = quotes_of(rows)

    def smart(**options: Any) -> float:
        return smart_average(quotes, criteria=SmartCriteria(**options)).table["smart_pct"].item()

    assert smart() == 3.5
    assert smart(cheapest=1) == 3.0
    assert smart(days=10) == pytest.approx(8 / 3)
    assert smart(coverage=None) == 3.0
    assert smart(unknown=True) == 4.0
    assert smart(least=3) is None
    opaque = smart_average(
        quotes, criteria=SmartCriteria(coverage=None), eligible=Eligible(transparent=False)
    )
    assert opaque.table["qualifying"].item() == 4
    with pytest.raises(DataError, match="at least one service"):
        SmartCriteria(cheapest=0)
    with pytest.raises(DataError, match="averages of corridors"):
        smart_average(PRICES)


def test_smart_needs_what_people_have() -> None:
    quotes = quotes_of(
        [
            {"total_pct": 1.0, "paid_out": "account"},
            {"total_pct": 2.0, "paid_out": "wallet"},
            {"total_pct": 3.0, "sent_through": "online"},
            {"total_pct": 4.0},
        ]
    )
    access = pl.DataFrame(
        {"country": ["MEX", "USA"], "account": [40, 95], "mobile": [90, 99], "internet": [70, 90]}
    )
    rule = SmartCriteria(cheapest=1, penetration={"account": 50})
    assert smart_average(quotes, criteria=rule, access=access).table["smart_pct"].item() == 2.0
    rule = SmartCriteria(cheapest=1, penetration={"account": 50, "mobile": 95, "internet": 95})
    assert smart_average(quotes, criteria=rule, access=access).table["smart_pct"].item() == 4.0
    with pytest.raises(DataError, match="give access="):
        smart_average(quotes, criteria=rule)
    with pytest.raises(DataError, match="no access to 'shoes'"):
        smart_average(quotes, criteria=SmartCriteria(penetration={"shoes": 1}), access=access)


def test_corridors_without_a_qualifying_service_are_reported() -> None:
    quotes = quotes_of([{}, {"receiving": "NGA", "speed_days": 9.0}])
    smart = smart_average(quotes)
    assert smart.without().select("sending", "receiving").rows() == [("USA", "NGA")]
    assert smart.world.row(0) == ("2020Q1", 5.0, 1, 1, 0)
    assert "1 without" in smart.summary()
    status = sdg_10c(quotes, smart=smart).table.row(0, named=True)
    assert (status["above_5"], status["without"], status["every_corridor"], status["met"]) == (
        0,
        1,
        False,
        False,
    )


def test_targets_are_strict_as_written() -> None:
    at = quotes_of([{"total_pct": 3.0}])
    assert not sdg_10c(at).table["below_3"].item()
    below = quotes_of([{"total_pct": 1.0, "receiving": c} for c in ("IND", "NGA")] + [{"total_pct": 5.0}])
    row = sdg_10c(below, smart=smart_average(below)).table.row(0, named=True)
    assert (row["below_3"], row["every_corridor"], row["met"]) == (True, True, True)


# Trends and savings -----------------------------------------------------------------------------


def series(slope: float, level: float = 8.0, waves_: int = 12, noise: float = 0.0) -> pl.DataFrame:
    rng = np.random.default_rng(0)
    when = [Quarter(2015, 1).plus(k) for k in range(waves_)]
    costs = [level + slope * (q.years - when[-1].years) + noise * rng.normal() for q in when]
    return pl.DataFrame(
        {"sending": "USA", "receiving": "MEX", "quarter": list(map(str, when)), "cost_pct": costs}
    )


def test_years_of_meeting_a_target() -> None:
    far = distance_to_targets(series(-1.0), targets=[5, 3]).table
    assert far["verdict"].to_list() == ["on trend"] * 2
    assert far["year"].to_list() == [2020, 2022]  # 8 % at the end of 2017
    assert far["gap_points"].to_list() == pytest.approx([3, 5])
    assert far["cut_needed"].to_list() == pytest.approx([3 / 8, 5 / 8])
    assert distance_to_targets(series(0.5), targets=[5]).table["verdict"].item() == "never"
    assert distance_to_targets(series(-1.0, level=4.0), targets=[5]).table["verdict"].item() == "met"
    short = distance_to_targets(series(-1.0, waves_=7), targets=[5])
    assert short.table.select("verdict", "year", "slope").row(0) == ("too short", None, None)


def test_a_trend_may_or_may_not_get_there() -> None:
    row = distance_to_targets(series(-0.2, noise=0.5), targets=[5], level=0.95).table.row(0, named=True)
    assert row["slope_low"] <= row["slope"] <= row["slope_high"]
    assert row["year_early"] <= row["year"]
    assert row["year_late"] is None or row["year_late"] >= row["year"]


def test_one_wild_quarter_does_not_turn_a_trend() -> None:
    table = series(-1.0)
    wild = table.with_columns(cost_pct=pl.when(pl.int_range(pl.len()) == 6).then(90.0).otherwise("cost_pct"))
    slopes = [distance_to_targets(t, targets=[5]).table["slope"].item() for t in (table, wild)]
    assert slopes[1] == pytest.approx(slopes[0], abs=0.3)
    assert theil_sen(np.arange(10.0), 2 * np.arange(10.0), 0.8)[0] == pytest.approx(2)


def test_distances_of_all_corridors() -> None:
    far = distance_to_targets(PRICES)
    assert far.table.height == 2 * 378
    counts = dict(far.table.filter(target_pct=5.0)["verdict"].value_counts().iter_rows())
    assert sum(counts.values()) == 378
    assert set(counts) == {"met", "on trend", "never", "too short"}
    assert "on trend by 2030" in far.summary()
    stricter = far.table.filter(target_pct=3.0, verdict="met").select("sending", "receiving")
    looser = far.table.filter(target_pct=5.0, verdict="met").select("sending", "receiving")
    assert stricter.join(looser, on=["sending", "receiving"], how="anti").height == 0
    with pytest.raises(DataError, match="percentages above 0"):
        distance_to_targets(PRICES, targets=[0])
    with pytest.raises(DataError, match="no trend"):
        distance_to_targets(PRICES, least=2)


FLOWS = pl.DataFrame(
    {"sending": ["ZAF", "DEU", "USA"], "receiving": ["BWA", "NGA", "MEX"], "value": [100.0, 50, 1000]}
)


def test_savings_are_arithmetic_and_add_up() -> None:
    found = savings(PRICES, FLOWS, targets=[5], quarters=["2020Q1"], by="receiving_subregion")
    costs = PRICES.filter(quarter="2020Q1").join(FLOWS, on=["sending", "receiving"])
    by_hand = ((costs["cost_usd200_pct"] - 5).clip(0) * costs["value"] / 100).sum()
    assert found.table["saved"][0] == pytest.approx(by_hand)
    assert found.table["saved"][1:].sum() == pytest.approx(by_hand)
    assert found.priced_share == 1.0
    assert "intervals" in found.summary()
    assert "priced_share" in found.to_polars().columns


def test_prices_before_a_gap_stand_in_for_none_after_it() -> None:
    now = savings(PRICES, FLOWS, targets=[5])
    alone = savings(PRICES, FLOWS, targets=[5], quarters=["2025Q3"])
    assert now.table.equals(alone.table)
    before = PRICES.filter(pl.col("quarter") <= "2020Q3")
    year = savings(before, FLOWS, targets=[5], quarters=["2019Q4", "2020Q1", "2020Q2", "2020Q3"])
    assert savings(before, FLOWS, targets=[5]).table.equals(year.table)
    # Without the number of quotes, from which dear averages are unsure, steps alone tell the noise.
    alike = PRICES.with_columns(quotes=pl.lit(None, pl.Int64))
    jump = alike.with_columns(
        cost_usd200_pct=pl.col("cost_usd200_pct") + pl.when(quarter="2025Q3").then(40.0).otherwise(0.0)
    )
    wide, near = (
        savings(prices, FLOWS, targets=[0.5], flow_sd=0.0).table.row(0, named=True)
        for prices in (jump, alike)
    )
    assert wide["upper"] - wide["lower"] == pytest.approx(near["upper"] - near["lower"], rel=0.05)


def test_the_priced_share_is_told_by_group() -> None:
    flows = FLOWS.vstack(pl.DataFrame({"sending": ["USA"], "receiving": ["NER"], "value": [50.0]}))
    found = savings(PRICES, flows, targets=[5], quarters=["2025Q3"])
    shares = dict(found.table.select("receiving_region", "priced_share").iter_rows())
    assert found.priced_share == shares["World"] == pytest.approx(1150 / 1200)
    assert shares["Africa"] == pytest.approx(150 / 200)
    assert shares["Latin America and the Caribbean"] == 1.0


@pytest.mark.parametrize(("quarter", "mean"), [("2025Q3", 6.362)])
def test_the_published_average_comes_from_the_number_of_quotes(quarter: str, mean: float) -> None:
    found = average_cost(PRICES, over="services", quarters=[quarter], draws=50)
    row = found.table.row(0, named=True)
    assert found.weighting == "mean over services"
    assert row["mean_pct"] == pytest.approx(mean, abs=0.001)
    assert (row["services"], row["corridors"]) == (6_470, 348)
    assert row["lower"] < row["mean_pct"] < row["upper"]
    with pytest.raises(DataError, match="how many services"):
        average_cost(PRICES, over="services", quarters=["2020Q3", "2025Q3"])


def test_flows_of_each_year_weigh_its_prices() -> None:
    later = FLOWS.with_columns(value=pl.Series([10.0, 500, 1000]))
    both = pl.concat([FLOWS.with_columns(year=2018), later.with_columns(year=2024)])
    when = ["2018Q3", "2020Q3", "2025Q3"]
    found = average_cost(PRICES, weights=both, quarters=when)
    one, two = (average_cost(PRICES, weights=w, quarters=when) for w in (FLOWS, later))
    assert found.table["flow_year"].to_list() == [2018, 2018, 2024]
    assert found.table["mean_pct"].to_list() == [*one.table["mean_pct"][:2], two.table["mean_pct"][2]]
    assert found.table["weight_share"].to_list() == [1.0, 1.0, 1.0]
    assert found.note == (
        "flows of 2 years, each quarter by those of its own, "
        "but 2020Q3 by those of 2018, 2025Q3 by those of 2024"
    )
    assert found.weighting == "weighted by money"
    with pytest.raises(DataError, match="each corridor once a year"):
        average_cost(PRICES, weights=pl.concat([both, both]))


def test_the_median_is_not_moved_by_a_dear_corridor() -> None:
    now = PRICES.filter(quarter="2025Q3")
    found = median_cost(now).row(0, named=True)
    assert (found["median_pct"], found["corridors"]) == (pytest.approx(5.145), 348)
    assert found["lower"] < 5.145 < found["upper"]
    assert found["weighting"] == "median of corridors"
    dear = now.with_columns(cost_usd200_pct=pl.col("cost_usd200_pct").replace(118.19, 300.0))
    assert median_cost(dear)["median_pct"].item() == found["median_pct"]
    two = median_cost(now.head(2)).row(0, named=True)
    assert (two["lower"], two["upper"]) == (None, None)
    with pytest.raises(DataError, match="what each service costs"):
        median_cost(now, over="services")


def test_the_interval_of_a_median_covers() -> None:
    rng = np.random.default_rng(7)
    quarters = [f"{year}Q1" for year in range(1000, 1400)]
    frame = pl.DataFrame(
        {
            "sending": [f"S{k}" for k in range(25)] * len(quarters),
            "receiving": "R",
            "quarter": np.repeat(quarters, 25),
            "cost_pct": rng.lognormal(size=25 * len(quarters)),
        }
    )
    inside = median_cost(frame, level=0.8).select(pl.lit(1.0).is_between("lower", "upper").mean()).item()
    assert 0.78 <= inside <= 0.93


def test_savings_know_bounds_of_flows() -> None:
    def width(flows: pl.DataFrame, **options: Any) -> float:
        row = savings(PRICES, flows, targets=[5], quarters=["2020Q1"], **options).table.row(0, named=True)
        return row["upper"] - row["lower"]

    tight = FLOWS.with_columns(lower=pl.col("value") * 0.99, upper=pl.col("value") * 1.01)
    loose = FLOWS.with_columns(lower=pl.col("value") * 0.3, upper=pl.col("value") * 3.0)
    assert width(tight) < width(FLOWS) < width(loose)
    assert width(FLOWS, flow_sd=0.0) < width(FLOWS)
    assert width(FLOWS, level=0.5) < width(FLOWS, level=0.95)


def test_savings_hold_what_every_rule_gives() -> None:
    other = FLOWS.with_columns(value=3 * pl.col("value"))
    alone = savings(PRICES, FLOWS, targets=[3], quarters=["2020Q1"]).table.row(0, named=True)
    both = savings(PRICES, FLOWS, others=[other], targets=[3], quarters=["2020Q1"]).table.row(0, named=True)
    assert both["saved"] == alone["saved"] == alone["least"] == alone["most"]
    assert (both["least"], both["most"]) == (both["saved"], pytest.approx(3 * both["saved"]))
    assert both["lower"] == alone["lower"]
    assert both["most"] < both["upper"]


def test_few_quotes_and_dear_ones_leave_a_saving_unsure() -> None:
    now = PRICES.filter(sending="FRA", receiving="DZA")
    flow = pl.DataFrame({"sending": ["FRA"], "receiving": ["DZA"], "value": [100.0]})
    one = savings(now, flow, targets=[3], flow_sd=0.0).table.row(0, named=True)
    assert one["saved"] == one["marked"] == pytest.approx(42.13)
    assert one["upper"] - one["lower"] > 40
    many = savings(now.with_columns(quotes=100), flow, targets=[3], flow_sd=0.0).table.row(0, named=True)
    assert many["upper"] - many["lower"] < 8
    cheap = now.with_columns(quotes=100, cost_usd200_pct=10.0)
    assert savings(cheap, flow, targets=[3]).table["marked"][0] == 0


def test_savings_from_quotes_and_refusals() -> None:
    quotes = example_quotes()
    pairs = quotes.table.select("sending", "receiving").unique().sort("sending", "receiving")
    found = savings(quotes, pairs.with_columns(value=pl.lit(10.0)), by="receiving_region")
    assert found.table["corridors"][0] == 20
    for options, words in (
        ({"draws": 3}, "too few"),
        ({"flow_sd": -1.0}, "can not be"),
        ({"targets": []}, "percentages"),
    ):
        with pytest.raises(DataError, match=words):
            savings(PRICES, FLOWS, **options)  # type: ignore[arg-type]
    with pytest.raises(DataError, match="no flow is of a corridor"):
        savings(PRICES, FLOWS.rename({"sending": "receiving", "receiving": "sending"}))


# Decompositions ---------------------------------------------------------------------------------


@given(some_quotes, st.sampled_from(["services", "corridors"]), st.sampled_from([(), ("firm",)]))
def test_parts_sum_to_the_change(quotes: pl.DataFrame, over: Any, finer: tuple[str, ...]) -> None:
    unit = ("sending", "receiving", *finer)
    try:
        forth = decompose_change(quotes, "2020Q1", "2020Q2", over=over, unit=unit)
    except CorridorsError:
        return
    parts = np.array([forth.price, forth.mix, forth.entry, forth.exit])
    assert parts.sum() == pytest.approx(forth.total, abs=1e-9)
    assert forth.table["points"].sum() == pytest.approx(forth.total, abs=1e-9)
    back = decompose_change(quotes, "2020Q2", "2020Q1", over=over, unit=unit)
    np.testing.assert_allclose([back.price, back.mix, back.exit, back.entry], -parts, atol=1e-9)
    if not finer and over == "services":
        means = average_cost(quotes).table["mean_pct"].to_list()
        assert [forth.before, forth.after] == pytest.approx(means)


def test_parts_by_hand() -> None:
    def at(quarter: str, **costs: float) -> list[dict[str, Any]]:
        return [
            {"quarter": quarter, "receiving": place, "total_pct": value} for place, value in costs.items()
        ]

    quotes = quotes_of(at("2020Q1", MEX=10, NGA=20) + at("2020Q2", MEX=8, IND=2))
    change = decompose_change(quotes, "2020Q1", "2020Q2")
    assert (change.price, change.mix, change.entry, change.exit) == pytest.approx((-2, 0, -3, -5))
    assert (change.before, change.after, change.total) == pytest.approx((15, 5, -10))
    mixed = quotes_of(at("2020Q1", MEX=10, NGA=20) + at("2020Q2", MEX=10, NGA=20) + at("2020Q2", MEX=10))
    assert decompose_change(mixed, "2020Q1", "2020Q2").mix == pytest.approx(-5 / 3)
    assert "points =" in change.summary()
    assert set(change.to_polars()["part"]) == {"price", "mix", "entry", "exit"}


def test_changes_weighted_by_flows_of_two_years() -> None:
    later = FLOWS.with_columns(value=pl.Series([10.0, 500, 1000]))
    change = decompose_change(PRICES, "2019Q1", "2020Q1", weights=(FLOWS, later))
    same = decompose_change(PRICES, "2019Q1", "2020Q1", weights=FLOWS)
    assert change.mix != 0
    assert same.mix == pytest.approx(0, abs=1e-12)
    world = [
        average_cost(PRICES, weights=w, quarters=[q]).table["mean_pct"].item()
        for q, w in (("2019Q1", FLOWS), ("2020Q1", later))
    ]
    assert [change.before, change.after] == pytest.approx(world)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"over": "services"}, "how many services"),
        ({"unit": ("sending", "receiving", "firm")}, "no column firm"),
        ({"weights": FLOWS, "unit": ("sending",)}, "finer units"),
    ],
)
def test_decompositions_refuse(options: dict[str, Any], words: str) -> None:
    with pytest.raises(DataError, match=words):
        decompose_change(PRICES, "2011Q1", "2020Q3", **options)


def test_nothing_in_common() -> None:
    quotes = quotes_of([{"quarter": "2020Q1"}, {"quarter": "2020Q2", "receiving": "NGA"}])
    with pytest.raises(DataError, match="no unit has prices in both"):
        decompose_change(quotes, "2020Q1", "2020Q2")
    with pytest.raises(DataError, match="no unit has prices in both"):
        panel_index(quotes)
    with pytest.raises(DataError, match="not above zero"):
        panel_index(quotes_of([{"quarter": q, "total_pct": -1.0} for q in ("2020Q1", "2020Q2")]))


@given(st.lists(st.floats(1, 30), min_size=3, max_size=6), st.floats(0.5, 2))
def test_newcomers_do_not_move_the_index(costs: list[float], factor: float) -> None:
    rows = [{"quarter": "2020Q1", "firm": str(k), "total_pct": c} for k, c in enumerate(costs)]
    rows += [row | {"quarter": "2020Q2", "total_pct": row["total_pct"] * factor} for row in rows]
    new = {"quarter": "2020Q2", "firm": "new", "total_pct": 59.0}
    for chained in (True, False):
        options: dict[str, Any] = {"unit": ("sending", "receiving", "firm"), "chained": chained}
        found = panel_index(quotes_of([*rows, new]), **options)
        assert found["index"].to_list() == pytest.approx([100, 100 * factor])
        assert found["matched"].to_list() == [len(costs)] * 2


def test_the_index_of_corridors() -> None:
    chained, fixed = (panel_index(PRICES, chained=c) for c in (True, False))
    assert chained.filter(quarter="2020Q3")["index"].item() == pytest.approx(77.7, abs=0.1)
    assert chained["index"][-1] == pytest.approx(78.9, abs=0.1)
    assert fixed["matched"].unique().to_list() == [174]
    assert fixed["index"][-1] == pytest.approx(77.4, abs=0.1)
    until = panel_index(PRICES.filter(pl.col("quarter") <= "2020Q3"), chained=False)
    assert until["index"][-1] == pytest.approx(75.2, abs=0.1)
    weighed = panel_index(PRICES, weights=FLOWS, quarters=["2019Q1", "2020Q1"])
    assert weighed["matched"].to_list() == [3, 3]


# The whole way ----------------------------------------------------------------------------------


def test_from_workbook_to_target(tmp_path: Path) -> None:
    sheets = generated_quotes(seed=8, corridors=6, quarters=waves("2015Q1", "2018Q4"))
    quotes = read_quotes(write_generated(tmp_path / "generated.xlsx", sheets))
    smart = smart_average(quotes)
    world = average_cost(quotes, draws=50)
    assert smart.world["smart_pct"].max() < world.table["mean_pct"].min()  # type: ignore[operator]
    status = sdg_10c(quotes, smart=smart)
    assert status.table.height == 16
    assert "SmaRT-compatible" in status.measure
    far = distance_to_targets(quotes)
    assert far.table["verdict"].is_in(["met", "on trend", "never"]).all()
    assert five_by_five(quotes).table["year"].to_list() == [2015, 2016, 2017, 2018]
    assert world.to_polars()["weighting"].unique().to_list() == ["mean over services"]
