"""Flows of one period by every method: labels, repairs, intervals, and ways out."""

from __future__ import annotations

import itertools

import numpy as np
import polars as pl
import pytest

from corridors.errors import DataError, InfeasibleError
from corridors.migration import METHODS, FlowEstimate, estimate_flows

CODES = ("A", "B", "C", "D")
CLOSED = ("minimum-closed", "independence", "pseudo-bayes")
SCHEMA = ["origin", "destination", "year", "value"]


def stock(seed: int = 1) -> pl.DataFrame:
    random = np.random.default_rng(seed)
    rows = []
    for origin, destination in itertools.permutations(CODES, 2):
        size = 10.0 ** random.uniform(1, 3)
        rows += [
            (origin, destination, 2010, size),
            (origin, destination, 2015, size * random.uniform(0.8, 1.4)),
        ]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def people() -> pl.DataFrame:
    sizes, growth = (5e4, 2e5, 1e6, 3e4), (1.01, 1.0, 1.02, 0.99)
    rows = [
        (c, y, p * g ** (y - 2000), 0.02 * p, 0.01 * p)
        for c, p, g in zip(CODES, sizes, growth, strict=True)
        for y in range(2000, 2016)
    ]
    return pl.DataFrame(rows, schema=["country", "year", "population", "births", "deaths"], orient="row")


STOCK, PEOPLE, PERIOD = stock(), people(), (2010, 2015)


@pytest.fixture(scope="module")
def estimate() -> FlowEstimate:
    return estimate_flows(STOCK, PEOPLE, PERIOD, sex="female", draws=30, seed=5)


def test_all_methods(estimate: FlowEstimate) -> None:
    assert tuple(estimate.flows) == METHODS
    for method, kinds in estimate.flows.items():
        for table in kinds.values():
            assert table.shape == (4, 4), method
            assert np.all(table >= 0)
            assert not np.diag(table).any()
        if len(kinds) > 1:
            parts = kinds["outward"] + kinds["return"] + kinds["transit"]
            np.testing.assert_allclose(parts, kinds["total"], rtol=1e-9)
    assert estimate.flows["minimum-closed"]["total"].sum() < estimate.flows["independence"]["total"].sum()
    rate = estimate.flows["migration-rate"]["total"].sum()
    assert rate == pytest.approx(np.abs(estimate.account.net).sum(), rel=1e-12)


def test_weight_comes_from_the_parameters(estimate: FlowEstimate) -> None:
    least, free, mixed = (
        estimate.flows[m]["total"] for m in ("minimum-closed", "independence", "pseudo-bayes")
    )
    np.testing.assert_allclose(mixed, 0.87 * least + 0.13 * free, rtol=1e-12)
    half = estimate_flows(STOCK, PEOPLE, PERIOD, methods=["pseudo-bayes"], weight=0.5)
    np.testing.assert_allclose(half.flows["pseudo-bayes"]["total"], (least + free) / 2, rtol=1e-12)


def test_net_migration_of_closed_methods(estimate: FlowEstimate) -> None:
    """Identity plus the share of the world balance that each place's natives carry, to 1e-9."""
    for method in CLOSED:
        table = estimate.net(method)
        assert table["country"].to_list() == list(CODES)
        np.testing.assert_allclose(table["net_migration"], estimate.account.net, rtol=1e-6)
        np.testing.assert_allclose(
            table["arrivals"] - table["departures"], table["net_migration"], rtol=1e-9, atol=1e-6
        )
        assert abs(table["net_migration"].sum()) < 1e-6
    apart = estimate.account.net - estimate.implied_net
    assert apart.sum() == pytest.approx(-estimate.implied_net.sum(), rel=1e-9)
    assert estimate.net().equals(estimate.net("pseudo-bayes"))


def test_long_table(estimate: FlowEstimate) -> None:
    table = estimate.to_polars()
    period, kind = ["period_start", "period_end"], ["sex", "method", "kind"]
    assert table.columns == ["origin", "destination", *period, *kind, "value", "lower", "upper"]
    assert table.select("origin", "destination", "method", "kind").is_unique().all()
    assert set(table["method"]) == set(METHODS)
    assert table.select("period_start", "period_end", "sex").unique().rows() == [(2010, 2015, "female")]
    assert (table["value"] > 0).all()
    some = table.filter(origin="A", destination="C", method="pseudo-bayes", kind="total").row(0, named=True)
    assert some["value"] == estimate.flows["pseudo-bayes"]["total"][0, 2]
    assert estimate.upper is not None
    assert some["upper"] == estimate.upper[0, 2]
    bounded = pl.col("method").eq("pseudo-bayes") & pl.col("kind").eq("total")
    assert table.filter(bounded).select("lower", "upper").null_count().sum_horizontal().item() == 0
    assert table.filter(~bounded)["lower"].null_count() == table.filter(~bounded).height


def test_other_libraries(estimate: FlowEstimate) -> None:
    frame = estimate.to_pandas()
    assert (
        pl.from_pandas(frame).select("origin", "value").equals(estimate.to_polars().select("origin", "value"))
    )
    arrays = estimate.to_xarray()
    assert arrays["value"].dims == ("estimator", "origin", "destination")
    assert arrays.attrs == {"period": [2010, 2015], "sex": "female", "units": "persons"}
    cell = arrays["value"].sel({"estimator": "minimum-open", "origin": "B", "destination": "D"}).item()
    assert cell == estimate.flows["minimum-open"]["total"][1, 3]
    assert estimate.upper is not None
    upper = arrays["upper"].sel({"origin": "A", "destination": "C"})
    assert upper.sel({"estimator": "pseudo-bayes"}).item() == estimate.upper[0, 2]
    assert bool(upper.sel({"estimator": "minimum-open"}).isnull())


def test_summary(estimate: FlowEstimate) -> None:
    lines = estimate.summary().splitlines()
    assert lines[0] == "Flows 2010–2015, female, 4 places"
    assert [line.split()[0] for line in lines[1:8]] == list(METHODS)
    shown = int(lines[7].split()[1].replace(",", ""))
    assert shown == round(estimate.flows["pseudo-bayes"]["total"].sum())
    assert lines[-1].startswith("  world-balance: net migration of all places adds up to")


def test_pandas_equals_polars(estimate: FlowEstimate) -> None:
    other = estimate_flows(STOCK.to_pandas(), PEOPLE.to_pandas(), PERIOD, sex="female", draws=30, seed=5)
    assert other.to_polars().equals(estimate.to_polars())


# Intervals


def test_same_seed_same_interval(estimate: FlowEstimate) -> None:
    again = estimate_flows(STOCK, PEOPLE, PERIOD, draws=30, seed=5)
    other = estimate_flows(STOCK, PEOPLE, PERIOD, draws=30, seed=6)
    assert np.array_equal(again.lower, estimate.lower)  # type: ignore[arg-type]
    assert np.array_equal(again.upper, estimate.upper)  # type: ignore[arg-type]
    assert not np.array_equal(other.upper, estimate.upper)  # type: ignore[arg-type]


def test_interval_holds_the_estimate(estimate: FlowEstimate) -> None:
    total = estimate.flows["pseudo-bayes"]["total"]
    assert estimate.lower is not None
    assert estimate.upper is not None
    assert np.all(estimate.lower <= total)
    assert np.all(estimate.upper >= total)
    assert np.all(estimate.lower >= 0)
    off = ~np.eye(4, dtype=bool)
    assert np.all(estimate.upper[off] > estimate.lower[off])


def test_no_draws_no_interval() -> None:
    plain = estimate_flows(STOCK, PEOPLE, PERIOD)
    assert plain.lower is None
    assert plain.upper is None
    without = estimate_flows(STOCK, PEOPLE, PERIOD, methods=["minimum-open"], draws=3)
    assert without.lower is None
    assert plain.to_polars()["lower"].null_count() == plain.to_polars().height


# What has to be changed is named


def test_nothing_to_repair(estimate: FlowEstimate) -> None:
    assert [a.rule for a in estimate.adjustments] == ["world-balance"]
    balance = estimate.adjustments[0]
    assert balance.place == "WORLD"
    assert balance.before == pytest.approx(estimate.implied_net.sum(), rel=1e-12)
    assert balance.after == 0


def test_stock_larger_than_the_population() -> None:
    """D has 30,000 people (fewer by 2010) and is said to house 50,000 from C in 2010."""
    d_2010 = (pl.col("origin") == "C") & (pl.col("destination") == "D") & (pl.col("year") == 2010)
    bad = STOCK.with_columns(value=pl.when(d_2010).then(50_000.0).otherwise("value"))
    with pytest.raises(InfeasibleError, match="larger than the population") as caught:
        estimate_flows(bad, PEOPLE, PERIOD)
    assert caught.value.culprits == ("D",)
    repaired = estimate_flows(bad, PEOPLE, PERIOD, repair=True)
    [scaled] = [a for a in repaired.adjustments if a.rule == "stock-over-population"]
    assert scaled.place == "D"
    assert scaled.before is not None
    assert scaled.after is not None
    assert scaled.before > 50_000 > PEOPLE.filter(country="D", year=2010)["population"].item() > scaled.after
    assert scaled.message.startswith("D 2010: the stock of ")


def test_account_that_can_not_close() -> None:
    """D houses nobody from abroad and hardly anybody from D is abroad, yet D loses a tenth of its people."""
    bad = STOCK.filter(pl.col("destination") != "D").with_columns(
        value=pl.when(origin="D").then(1.0).otherwise("value")
    )
    with pytest.raises(InfeasibleError, match="birthplace totals contradict residence totals") as caught:
        estimate_flows(bad, PEOPLE, PERIOD)
    assert caught.value.culprits == ("D",)
    repaired = estimate_flows(bad, PEOPLE, PERIOD, repair=True, draws=3)
    [named] = [a for a in repaired.adjustments if a.rule == "birthplace-total"]
    assert named.place == "D"
    assert named.before is not None
    assert named.after is not None
    assert named.after - named.before == pytest.approx(caught.value.repair["D"], rel=1e-9)
    np.testing.assert_allclose(repaired.net()["net_migration"], repaired.account.net, rtol=1e-6, atol=1e-3)
    assert repaired.upper is not None


def test_borrowed_and_left_out_are_named() -> None:
    gap = STOCK.filter(~((pl.col("destination") == "B") & (pl.col("year") == 2010)))
    extra = pl.concat([PEOPLE, PEOPLE.filter(country="A").with_columns(country=pl.lit("Z"))])
    flows = estimate_flows(gap, extra, PERIOD)
    assert [(a.rule, a.place) for a in flows.adjustments[:2]] == [("borrowed-stock", "B"), ("left-out", "Z")]
    assert "Z: no bilateral stock at all" in flows.summary()


def test_refusals() -> None:
    with pytest.raises(DataError, match=r"unknown method\(s\): gravity") as caught:
        estimate_flows(STOCK, PEOPLE, PERIOD, methods=["gravity", "independence"])
    assert "known: stock-difference-drop" in str(caught.value)
    with pytest.raises(DataError, match="table 'population' has no column 'births'"):
        estimate_flows(STOCK, PEOPLE.drop("births"), PERIOD)
    with pytest.raises(InfeasibleError, match="births and deaths contradict the growth"):
        estimate_flows(STOCK, PEOPLE.with_columns(pl.col("deaths") * 1000), PERIOD)
