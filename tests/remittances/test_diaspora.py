"""Diaspora savings and bonds: published totals, exact identities, refusals."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from conftest import FULL_DATA, ROOT
from corridors.errors import DataError, NotFound
from corridors.evidence import load
from corridors.parameters import parameters, value
from corridors.remittances.bonds import (
    bond_cash_flows,
    bond_demand,
    bond_duration,
    bond_price,
    bond_yield,
    diaspora_bond,
)
from corridors.remittances.diaspora import diaspora_income, diaspora_savings, diaspora_savings_matrix

STOCKS = FULL_DATA / "wb_knomad_bilateral_migration_2010_2013_2017.csv.gz"
FIGURES = ROOT / "src" / "corridors" / "data" / "evidence" / "figures"


def poorer() -> list[str]:
    """Low- and middle-income countries by fiscal year 2023, as the published total has them."""
    classes = load().table("income_class").filter(pl.col("year") == 2021)
    return classes.filter(pl.col("income_group") != "H")["country"].to_list()


def economy(year: int) -> pl.DataFrame:
    return pl.read_csv(FIGURES / "economy.csv.gz").filter(year=year)


def test_published_parameters() -> None:
    for name in ("diaspora_saving_rate", "diaspora_low_skill_income"):
        assert parameters()[name].source_status == "seen"
    assert value("diaspora_low_skill_income") == pytest.approx(1 / 3)


def test_published_total_of_mohieldin_and_ratha() -> None:
    found = diaspora_savings_matrix([[2.6e12 / 1e4]], [1e4], tertiary=1.0, draws=0)
    assert found.savings[0] == pytest.approx(520_000)


@pytest.mark.skipif(not STOCKS.exists(), reason="the published stocks of 2010 are not in ../shared/data")
def test_order_of_the_published_400_billion() -> None:
    stock = pl.read_csv(STOCKS).filter(year=2010).select(origin="orig", destination="dest", persons="stock")
    span = diaspora_savings(stock, economy(2009), draws=50).total(poorer())
    # Without education the published total lies between none and all of them with tertiary education.
    assert span.least[0] == pytest.approx(252_000, rel=0.01)
    assert span.most[0] == pytest.approx(757_000, rel=0.01)
    assert np.isnan(span.savings[0])
    assert span.lower[0] < span.least[0] < 400_000 < span.most[0] < span.upper[0]
    # With three in ten, a scenario, it is in the order of the published number in both years.
    share = stock.select("origin").unique().with_columns(share=pl.lit(0.3))
    for year in (2009, 2010):
        found = diaspora_savings(stock, economy(year), tertiary=share, draws=50).total(poorer())
        assert 300_000 < found.savings[0] < 500_000
        assert found.lower[0] < found.savings[0] < found.upper[0]


def test_embedded_stocks_give_the_same_order() -> None:
    stock = pl.read_csv(FIGURES / "migrant_stock.csv.gz").filter(year=2010)
    stock = stock.with_columns(persons=pl.col("female") + pl.col("male"))
    found = diaspora_savings(stock, economy(2010), draws=0)
    span = found.total(poorer(), name="LMIC")
    assert 250_000 < span.least[0] < 400_000 < span.most[0] < 900_000
    assert span.uncovered[0] / span.persons[0] < 0.05
    assert "left out" in found.summary()
    assert "range" in found.summary()


tables = st.integers(1, 4).flatmap(
    lambda n: st.tuples(
        st.lists(st.lists(st.floats(0, 1e7), min_size=3, max_size=3), min_size=n, max_size=n),
        st.lists(st.floats(100, 1e5), min_size=3, max_size=3),
        st.floats(0, 1),
        st.floats(0, 1),
    )
)


@given(tables)
def test_income_is_linear_and_bounded(case: tuple[list[list[float]], list[float], float, float]) -> None:
    stock, pay, tertiary, ratio = case
    full = np.array(stock) @ np.array(pay)
    income = diaspora_income(stock, pay, tertiary, ratio)
    assert (income <= full * (1 + 1e-12)).all()
    assert (income >= ratio * full * (1 - 1e-12)).all()
    np.testing.assert_allclose(diaspora_income(np.array(stock) * 2, pay, tertiary, ratio), 2 * income)
    parts = sum(
        diaspora_income(np.array(stock) * (np.arange(3) == j), pay, tertiary, ratio) for j in range(3)
    )
    np.testing.assert_allclose(parts, income, rtol=1e-9, atol=1e-6)
    np.testing.assert_allclose(diaspora_income(stock, pay, 1.0, ratio), full)


@given(tables)
def test_range_holds_every_share(case: tuple[list[list[float]], list[float], float, float]) -> None:
    stock, pay, tertiary, ratio = case
    span = diaspora_savings_matrix(stock, pay, low_skill_income=ratio, draws=8)
    known = diaspora_savings_matrix(stock, pay, tertiary=tertiary, low_skill_income=ratio, draws=8)
    slack = 1e-9 * (1 + span.most)
    assert (span.least - slack <= known.savings).all()
    assert (known.savings <= span.most + slack).all()
    assert (known.lower <= known.savings + slack).all()
    assert (known.savings <= known.upper + slack).all()
    total = known.total()
    assert total.savings[0] == pytest.approx(known.savings.sum())


def test_draws_do_not_depend_on_their_number_and_rates_can_differ() -> None:
    stock, pay = [[0, 1e6], [2e6, 0]], [1e4, 5e4]
    few, many = (diaspora_savings_matrix(stock, pay, tertiary=0.5, draws=k, seed=3) for k in (5, 9))
    np.testing.assert_array_equal(few.least_draws, many.least_draws[:5])
    other = diaspora_savings_matrix(stock, pay, tertiary=0.5, draws=5, seed=4)
    assert (other.least_draws != few.least_draws).any()
    thrifty = diaspora_savings_matrix(stock, pay, tertiary=0.5, saving_rate=[0.2, 0.4], draws=0)
    np.testing.assert_allclose(thrifty.savings, few.savings * [1, 2])
    np.testing.assert_array_equal(thrifty.lower, thrifty.upper)


def test_tables() -> None:
    stock = pl.DataFrame(
        {"origin": ["A", "A", "B", "B"], "destination": ["B", "C", "B", "C"], "persons": [1e6, 2e6, 9e9, 1e6]}
    )
    incomes = pl.DataFrame({"country": ["B", "C"], "gdp_per_capita_usd": [30_000.0, None]})
    by_host = pl.DataFrame({"origin": ["A"], "destination": ["B"], "share": [0.4]})
    found = diaspora_savings(stock, incomes, tertiary=by_host, saving_rates={"A": 0.1}, draws=0)
    # Those at home do not count; B's people abroad live where income is unknown.
    assert found.persons.tolist() == [3e6, 1e6]
    assert found.uncovered.tolist() == [2e6, 1e6]
    assert found.savings[0] == pytest.approx(0.1 * 30_000 * (0.4 + 0.6 / 3))
    frame = found.to_polars()
    assert frame.row(1, named=True)["most"] is None
    assert diaspora_savings(stock.to_pandas(), incomes, draws=0).label == ("A", "B")
    by_origin = pl.DataFrame({"origin": ["A"], "share": [0.4]})
    np.testing.assert_allclose(
        diaspora_savings(stock, incomes, tertiary=by_origin, draws=0).savings[0], 2 * found.savings[0]
    )
    with pytest.raises(NotFound, match="none of these"):
        found.total(["XXX"])


STOCK = pl.DataFrame({"origin": ["A"], "destination": ["B"], "persons": [5.0]})
MONEY = pl.DataFrame({"country": ["B"], "gdp_per_capita_usd": [10.0]})


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: diaspora_savings(STOCK.drop("persons"), MONEY), "table 'stock' has no column 'persons'"),
        (lambda: diaspora_savings(pl.concat([STOCK, STOCK]), MONEY), "stand twice"),
        (
            lambda: diaspora_savings(STOCK.with_columns(persons=-1.0), MONEY),
            "destination=B, persons=-1.0",
        ),
        (lambda: diaspora_savings(STOCK.with_columns(persons=pl.lit("many")), MONEY), "persons=many"),
        (lambda: diaspora_savings(STOCK, MONEY, income="gni"), "table 'economy' has no column 'gni'"),
        (lambda: diaspora_savings(STOCK, MONEY, saving_rates={"Z": 0.1}), "nobody was born"),
        (lambda: diaspora_savings_matrix([[1, 2]], [1]), "do not fit"),
        (lambda: diaspora_savings_matrix([[-1]], [1]), "negative"),
        (lambda: diaspora_savings_matrix([[1]], [-1]), "negative"),
        (lambda: diaspora_savings_matrix([[1]], [1], tertiary=35), "35 % is 0.35"),
        (lambda: diaspora_savings_matrix([[1]], [1], tertiary=[0.1, 0.2]), "shape (2,)"),
        (lambda: diaspora_savings_matrix([[1]], [1], saving_rate=np.nan), "saving rates are missing"),
        (lambda: diaspora_savings_matrix([[1]], [1], low_skill_income=2), "low_skill_income"),
        (lambda: diaspora_savings_matrix([[1]], [1], labels=["a", "b"]), "2 labels"),
        (lambda: diaspora_income([[1]], [np.nan], 0.5, 0.3), "missing"),
        (lambda: bond_cash_flows(100, 5, 10), "5 % is 0.05"),
        (lambda: bond_cash_flows(100, 0.05, 1.3), "whole number"),
        (lambda: bond_cash_flows(0, 0.05, 1), "principal"),
        (lambda: bond_cash_flows(100, 0.05, 1, repayment="never"), "'bullet' or 'equal'"),  # type: ignore[arg-type]
        (lambda: diaspora_bond(100, 0.02, 0.03, 5), "negative"),
        (lambda: diaspora_bond(100, 0.05, 0.01, 5, fixed_cost=100), "eat up"),
        (lambda: bond_yield(bond_cash_flows(100, 0.05, 5), -3), "no yield"),
        (lambda: bond_price(bond_cash_flows(100, 0.05, 5), -9), "can not be -9"),
        (lambda: bond_demand(1, participation=2, portfolio_share=0.1), "participation"),
        (lambda: bond_demand(-1, participation=1, portfolio_share=0.1), "negative"),
    ],
)
def test_refusals(call: object, words: str) -> None:
    with pytest.raises(DataError) as caught:
        call()  # type: ignore[operator]
    assert words in str(caught.value)


bonds = st.tuples(
    st.floats(1, 1e6),
    st.floats(0, 0.3),
    st.integers(1, 30),
    st.sampled_from([1, 2, 4]),
    st.sampled_from(["bullet", "equal"]),
)


@given(bonds, st.floats(0, 0.3))
def test_pricing_identities(bond: tuple[float, float, int, int, str], rate: float) -> None:
    face, coupon, years, frequency, repayment = bond
    flows = bond_cash_flows(face, coupon, years, frequency=frequency, repayment=repayment)  # type: ignore[arg-type]
    assert flows.principal.sum() == pytest.approx(face)
    assert bond_price(flows, coupon) == pytest.approx(face, rel=1e-9)
    assert (bond_price(flows, rate) <= face * (1 + 1e-9)) == (rate >= coupon - 1e-12) or rate == coupon
    price = bond_price(flows, rate)
    assert bond_yield(flows, price) == pytest.approx(rate, abs=1e-8)
    macaulay, modified = bond_duration(flows, rate)
    assert 0 < modified <= macaulay <= years + 1e-9
    step = 1e-6
    slope = (np.log(bond_price(flows, rate + step)) - np.log(bond_price(flows, rate - step))) / (2 * step)
    assert -slope == pytest.approx(modified, rel=1e-4)


def test_zero_coupon_duration_is_maturity() -> None:
    assert bond_duration(bond_cash_flows(100, 0, 7), 0.04)[0] == pytest.approx(7)


@given(bonds, st.floats(0, 0.1), st.floats(0, 0.5))
def test_saving_of_a_diaspora_bond(
    bond: tuple[float, float, int, int, str], discount: float, cost: float
) -> None:
    face, market, years, frequency, repayment = bond
    assume(market >= discount)
    made = diaspora_bond(
        face,
        market,
        discount,
        years,
        frequency=frequency,
        repayment=repayment,  # type: ignore[arg-type]
        cost_rate=cost,
    )
    flows = made.flows
    expected = (flows.outstanding * (market - made.diaspora_yield)).sum() / frequency - cost * face
    assert made.saving == pytest.approx(expected, rel=1e-9, abs=1e-9 * face)
    # Discounted at the market's yield it is what the market would pay less for the same payments.
    assert made.present_value == pytest.approx(
        face - bond_price(flows, market) - cost * face, rel=1e-9, abs=1e-9 * face
    )
    assert made.all_in >= made.diaspora_yield - 1e-9
    assert bond_price(flows, made.all_in) == pytest.approx(face * (1 - cost), rel=1e-6)
    even = made.break_even
    if even <= min(market, 0.9):
        other = diaspora_bond(
            face,
            market,
            even,
            years,
            frequency=frequency,
            repayment=repayment,  # type: ignore[arg-type]
            cost_rate=cost,
        )
        assert other.saving == pytest.approx(0, abs=1e-9 * face)


def test_bond_result() -> None:
    made = diaspora_bond(300, 0.08, 0.0, 5)
    assert made.saving == 0
    assert made.all_in == pytest.approx(0.08)
    assert made.to_polars().columns[-1] == "interest_saved"
    assert "breaks even" in made.summary()
    shares = bond_demand([100.0, 200.0], participation=0.5, portfolio_share=0.5)
    np.testing.assert_allclose(shares, [25, 50])
