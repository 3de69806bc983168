"""Stress tests: identities, additivity, published back-tests, refusals."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import FULL_DATA, ROOT
from corridors import evidence
from corridors.errors import DataError, NotFound
from corridors.numerics.typing import Array
from corridors.remittances.elasticities import (
    CostElasticity,
    ExchangeRateElasticity,
    GrossCostElasticity,
    HomeIncomeElasticity,
    HostIncomeElasticity,
    PerPointElasticity,
)
from corridors.remittances.stress import (
    Record,
    Responses,
    Shock,
    WorldBankHostIncome,
    back_test,
    default_responses,
    pre_crisis_elasticity,
    stress_corridors,
    stress_test,
    world_bank_elasticity,
)

MATRIX_2010 = FULL_DATA / "wb_bilateral_remittances_2010.csv.gz"
FIGURES = ROOT / "src" / "corridors" / "data" / "evidence" / "figures"
UNIT = default_responses(host_income=HostIncomeElasticity(1.0))
COLUMNS = ("source", "recipient", "usd_million")
# The published back-tests are of this series, not of the embedded one, which revised both crises.
OLDER = FULL_DATA / "knomad_remittance_inout_2023-06.csv.gz"
KNOWN = {name: evidence.load().table(name) for name in ("migrant_stock", "economy", "remittances")}
RECORD = Record.of(*KNOWN.values())


@st.composite
def matrices(draw: st.DrawFn) -> Array:
    n = draw(st.integers(2, 5))
    amount = st.sampled_from([0.0, 0.0, 1e-3, 1.0, 50.0, 3e4])
    table = np.array([[draw(amount) for _ in range(n)] for _ in range(n)])
    np.fill_diagonal(table, 0.0)
    return table


def shock_of(n: int, seed: int, size: float = 1.0) -> Shock:
    rng = np.random.default_rng(seed)
    cost = rng.uniform(0.01, 0.2, (n, n))
    return Shock(
        host_income=size * rng.uniform(-0.3, 0.3, n),
        home_income=size * rng.uniform(-0.3, 0.3, n),
        host_currency=size * rng.uniform(-0.3, 0.3, n),
        home_currency=size * rng.uniform(-0.3, 0.3, n),
        stock=size * rng.uniform(-0.5, 0.2, (n, n)),
        closure=size * rng.uniform(0, 1, (n, n)),
        recapture=0.3,
        cost_before=cost,
        cost_after=cost + size * rng.uniform(0, 0.1, (n, n)),
        tax=size * rng.uniform(0, 0.05, n),
        taxed_share=0.4,
    )


@given(matrices(), st.integers(0, 99))
def test_zero_shock_is_the_identity(matrix: Array, seed: int) -> None:
    n = len(matrix)
    for shock in (Shock(), Shock(cost_before=0.06), shock_of(n, seed, 0.0)):
        found = stress_test(matrix, shock, draws=7, seed=seed)
        for part in (found.after, found.lower, found.upper):
            np.testing.assert_array_equal(part, matrix.sum(0))
        assert not found.change.any()


@given(matrices(), st.integers(0, 99))
def test_hosts_add_up_and_intervals_hold_the_estimate(matrix: Array, seed: int) -> None:
    found = stress_test(matrix, shock_of(len(matrix), seed), draws=9, seed=seed, back_tests=())
    np.testing.assert_allclose(found.change.sum(0), found.after - found.before, atol=1e-9)
    assert (found.lower <= found.after).all()
    assert (found.after <= found.upper).all()
    assert (found.lower >= -1e-9).all()
    for label, lost in zip(found.label, found.after - found.before, strict=True):
        assert found.by_host(label)["change"].sum() == pytest.approx(lost, abs=1e-9)


@given(matrices(), st.integers(0, 99), st.floats(0.01, 100))
def test_linear_in_the_matrix(matrix: Array, seed: int, factor: float) -> None:
    shock = shock_of(len(matrix), seed)
    one, more = (stress_test(k * matrix, shock, draws=0, back_tests=()) for k in (1.0, factor))
    np.testing.assert_allclose(more.after, factor * one.after, rtol=1e-9)
    # Hosts apart sum to hosts together.
    apart = np.zeros(len(matrix))
    for j in range(len(matrix)):
        only = np.where(np.arange(len(matrix))[:, None] == j, matrix, 0.0)
        apart += stress_test(only, shock, draws=0, back_tests=()).after
    np.testing.assert_allclose(apart, one.after, rtol=1e-9, atol=1e-9)


@given(matrices(), st.floats(-0.9, 0.9), st.integers(0, 4))
def test_shocks_to_single_hosts_add_up(matrix: Array, change: float, seed: int) -> None:
    n = len(matrix)
    each = np.random.default_rng(seed).uniform(-0.5, 0.5, n) * change
    together = stress_test(matrix, Shock(host_income=each), UNIT, draws=0, back_tests=())
    apart = sum(
        stress_test(
            matrix, Shock(host_income=np.where(np.arange(n) == j, each, 0)), UNIT, draws=0, back_tests=()
        ).change
        for j in range(n)
    )
    np.testing.assert_allclose(apart, together.change, atol=1e-9)
    np.testing.assert_allclose(together.after, matrix.T @ (1 + each), rtol=1e-12)


def test_world_bank_method() -> None:
    matrix = np.array([[0, 100.0], [40.0, 0]])
    bank = default_responses(host_income=WorldBankHostIncome(world_bank_elasticity([5.0, 1.0])))
    found = stress_test(matrix, Shock(host_income=[-0.1, -0.1]), bank, record=RECORD, draws=20, weight_sd=0.0)
    np.testing.assert_allclose(found.after, [40 * 0.9, 100 * (1 - 2.5 * 0.1)])
    np.testing.assert_allclose(found.lower, found.upper)
    assert found.back_tests[0].model == "host income, World Bank"
    # At elasticity 1 both methods are the same.
    flat = default_responses(host_income=WorldBankHostIncome([1.0, 1.0]))
    same = [stress_test(matrix, Shock(host_income=-0.2), r, draws=0).after for r in (flat, UNIT)]
    np.testing.assert_allclose(*same)
    assert WorldBankHostIncome([3.0]).ratio([-0.5]).tolist() == [0.0]


def test_pre_crisis_elasticity_needs_years() -> None:
    income = np.array([[1.0, 1], [2, 2], [3, 3], [4, 4], [5, np.nan]])
    found = pre_crisis_elasticity(2 * income**2, income)
    assert found[0] == pytest.approx(2)
    assert np.isnan(found[1])
    assert np.isnan(pre_crisis_elasticity(np.ones((6, 1)), np.ones((6, 1)))[0])


def test_exchange_rates() -> None:
    matrix = np.array([[0, 100.0], [0, 0]])

    def after(host: float, home: float, elasticity: float) -> float:
        responses = default_responses(exchange_rate=ExchangeRateElasticity(elasticity))
        shock = Shock(host_currency=[host, 0], home_currency=[0, home])
        return float(stress_test(matrix, shock, responses, draws=0).after[1])

    # A sender who keeps the amount in his own money: dollars follow his currency alone.
    assert after(0.1, 0.0, 1.0) == pytest.approx(110)
    assert after(0.0, -0.2, 1.0) == pytest.approx(100)
    # One who keeps what the family gets: dollars follow theirs.
    assert after(0.1, -0.2, 0.0) == pytest.approx(80)
    # Yang's 0.6 lies between.
    assert after(0.0, -0.2, 0.6) == pytest.approx(100 * 1.25**0.6 * 0.8)
    # Both currencies move alike against the dollar: only the unit changes.
    assert after(-0.1, -0.1, 0.6) == pytest.approx(90)


def test_expulsion_closure_cost_and_tax() -> None:
    matrix = np.array([[0, 100.0, 50], [0, 0, 10], [0, 0, 0]])

    def after(**shock: object) -> list[float]:
        responses = default_responses(cost=GrossCostElasticity(-1.0))
        return stress_test(matrix, Shock(**shock), responses, draws=0).after.tolist()  # type: ignore[arg-type]

    assert after(stock=[-0.5, 0, 0]) == pytest.approx([0, 50, 35])
    assert after(closure=[1, 0, 0], recapture=0.4) == pytest.approx([0, 40, 30])
    assert after(cost_before=0.05, cost_after=0.08) == pytest.approx([0, 100 * 1.05 / 1.08, 60 * 1.05 / 1.08])
    # 1 % on the cash half of what leaves the first country.
    taxed = after(cost_before=0.05, tax=[0.01, 0, 0], taxed_share=0.5)
    assert taxed[1] == pytest.approx(100 * (0.5 + 0.5 * 1.05 / 1.06))
    assert after(cost_before=0.05, tax=0.01, taxed_share=0.0) == [0, 100, 60]
    # Any of the three kinds may be used.
    for kind in (CostElasticity(-0.07), PerPointElasticity(-0.015)):
        found = stress_test(
            matrix, Shock(cost_before=0.05, tax=0.01), default_responses(cost=kind), draws=0
        ).after
        assert 0.9 < found[1] / 100 < 1


def test_home_income_and_total_loss() -> None:
    matrix = np.array([[0, 100.0], [0, 0]])
    insured = default_responses(home_income=HomeIncomeElasticity(-0.2))
    assert stress_test(matrix, Shock(home_income=-0.1), insured, draws=0).after[1] > 100
    assert stress_test(matrix, Shock(host_income=-1.0), UNIT, draws=0).after[1] == 0


def test_draws_have_their_own_streams() -> None:
    matrix = np.array([[0, 100.0, 0], [0, 0, 0], [0, 50.0, 0]])
    shock = Shock(host_income=[-0.1, 0, 0])
    few, many = (stress_test(matrix, shock, draws=k, seed=5) for k in (4, 30))
    np.testing.assert_array_equal(few.draws, many.draws[:4])
    assert (stress_test(matrix, shock, draws=4, seed=6).draws != few.draws).any()
    # Corridors differ between draws, what the receiver gets in all before the shock does not.
    fixed = default_responses(host_income=HostIncomeElasticity(1.0))
    spread = stress_test(matrix, shock, fixed, draws=100, back_tests=()).draws[:, 1]
    assert spread.std() > 0
    assert ((spread > 135) & (spread < 150)).all()


def published_back_test(year: int, table: pl.DataFrame) -> tuple[float, float]:
    """Low- and middle-income total on the published matrix of 2010."""
    gdp = pl.read_csv(FIGURES / "economy.csv.gz")
    recorded = pl.read_csv(OLDER).filter(flow="inflow")
    flows = recorded.select("year", country="iso3", received="usd_million").filter(pl.col("received") > 0)
    label = sorted({*table["source"], *table["recipient"]})

    def of(frame: pl.DataFrame, column: str, when: int) -> Array:
        found = dict(frame.filter(year=when).select("country", column).iter_rows())
        return np.array([np.nan if found.get(p) is None else found[p] for p in label], dtype=np.float64)

    matrix = np.zeros((len(label), len(label)))
    for source, recipient, amount in table.iter_rows():
        matrix[label.index(source), label.index(recipient)] = amount
    growth = of(gdp, "gdp_usd_million", year) / of(gdp, "gdp_usd_million", year - 1) - 1
    # The published figures are of the classes of fiscal year 2023, which rest on the income of 2021.
    classes = (
        evidence.load().table("income_class").filter(pl.col("year") == 2021, pl.col("income_group") != "H")
    )
    poor = np.isin(label, classes["country"].to_list())
    before = np.where(poor, of(flows, "received", year - 1), np.nan)
    test = back_test(matrix, growth, before, of(flows, "received", year), labels=label)
    assert -0.1 < test.correlation < 0.3
    return test.predicted_total, test.actual_total


@pytest.mark.skipif(not OLDER.exists(), reason="the published figures are not in ../shared/data")
def test_published_back_tests() -> None:
    table = pl.read_csv(MATRIX_2010)
    predicted, actual = published_back_test(2009, table)
    assert predicted == pytest.approx(-0.075, abs=0.001)
    assert actual == pytest.approx(-0.050, abs=0.0025)
    # -6.4 % was found with another matrix or composition; on that of 2010 it is -5.8 %.
    predicted, actual = published_back_test(2020, table)
    assert predicted == pytest.approx(-0.064, abs=0.01)
    assert actual == pytest.approx(-0.011, abs=0.005)


def test_back_tests_on_the_embedded_figures() -> None:
    tests = {t.name: t for t in RECORD.back_tests()}
    # From 1991: recorded totals, incomes and stocks begin in 1990. Incomes of 2024 are not known.
    assert sorted(tests) == [str(year) for year in range(1991, 2024)]
    # In the series of 2023 receipts fell by 5.0 % in 2009 and 1.1 % in 2020; since then they were revised up.
    assert tests["2020"].actual_total == pytest.approx(0.0089, abs=0.0005)
    assert tests["2020"].predicted_total == pytest.approx(-0.064, abs=0.01)
    assert tests["2009"].actual_total == pytest.approx(-0.0378, abs=0.0005)
    assert tests["2009"].predicted_total == pytest.approx(-0.0974, abs=0.0005)
    assert all(abs(tests[y].correlation) < 0.25 for y in ("2009", "2020"))
    # The lesson: in both crises the model was worse than saying that nothing changes.
    assert all(tests[y].weighted_rmse > tests[y].no_change_rmse for y in ("2009", "2020"))
    assert RECORD.back_tests("elasticity", 0.0, years=(2020,))[0].predicted_total == 0
    bank = RECORD.back_tests("world_bank", years=(2009,))[0]
    assert bank.predicted_total <= tests["2009"].predicted_total
    assert tests["2020"].to_polars().height == len(tests["2020"].label)


def test_result_carries_history_and_back_tests() -> None:
    table = pl.DataFrame(
        {"sending": ["USA", "USA", "ARE"], "receiving": ["MEX", "IND", "IND"], "usd_million": [5e4, 1e4, 2e4]}
    )
    found = stress_corridors(table, host_income={"USA": -0.06}, record=RECORD, draws=40)
    text = found.summary()
    assert "2009: -9.7% predicted, -3.8% recorded" in text
    assert "2020: -6.2% predicted, +0.9% recorded" in text
    assert "RMSE" in text
    assert "of recorded yearly changes were lower" in text
    frame = found.to_polars().sort("country")
    assert frame["country"].to_list() == ["ARE", "IND", "MEX", "USA"]
    assert frame["relative"].to_list()[0] is None
    assert found.total(["MEX"]).change == pytest.approx(-0.06)
    assert 0 <= found.total(["MEX"]).percentile < 0.3
    assert found.by_host("IND")["host"].to_list() == ["USA"]
    assert found.total().lower <= found.total().after <= found.total().upper
    quiet = stress_corridors(table, expelled={"USA": 0.1}, record=RECORD, draws=0)
    assert "no back-test" in quiet.summary()
    assert RECORD.inflows(["MEX", "nowhere"]).shape == (35, 2)


def test_corridors_of_a_year_are_of_the_latest_stock_up_to_it() -> None:
    """Stocks of any years: not only those that end in 0 and 5."""
    people = {"origin": ["MEX"] * 3, "destination": ["USA"] * 3, "year": [2001, 2008, 2013]}
    people |= {"female": [1, 10, 100], "male": [1, 10, 100]}
    years = list(range(2000, 2016))
    economy = {
        "country": ["USA"] * 16,
        "year": years,
        "gdp_usd_million": [1.0] * 16,
        "gdp_per_capita_usd": [3.0] * 16,
    }
    paid = {
        "country": ["MEX"] * 16,
        "year": years,
        "received": [float(y) for y in years],
        "paid": [None] * 16,
    }
    record = Record.of(people, economy, paid)
    assert record.years == tuple(range(2002, 2016))
    assert [record.corridors(y)[1, 0] for y in (2001, 2007, 2008, 2010, 2013, 2015)] == [
        6,
        6,
        60,
        60,
        600,
        600,
    ]
    with pytest.raises(DataError, match="no stock of 2000 or before"):
        record.corridors(2000)
    with pytest.raises(DataError, match="choose years from 2002 to 2015"):
        record.back_tests(years=(2001,))
    test = record.back_tests(years=[2010])[0]
    assert (test.predicted_total, test.actual_total) == pytest.approx((0.0, 1 / 2009))


def test_a_projection_without_a_record_says_so() -> None:
    found = stress_corridors(TABLE, host_income={"A": -0.1}, draws=0)
    assert found.back_tests == ()
    assert "no back-test: it needs a record" in found.summary()
    given = stress_test(
        [[0, 1], [0, 0]], Shock(host_income=-0.1), labels=["USA", "MEX"], record=RECORD, draws=0
    )
    assert len(given.back_tests) == 33
    assert given.history.shape == (35, 2)


def test_labelled_corridors_take_places_and_pairs() -> None:
    table = pl.DataFrame(
        {"sending": ["A", "A", "B"], "receiving": ["C", "D", "C"], "usd_million": [10.0, 20, 30]}
    )
    found = stress_corridors(table, expelled={"A": 0.5, ("A", "D"): 0.1}, draws=0)
    assert dict(zip(found.label, found.after, strict=True)) == {"A": 0, "B": 0, "C": 35, "D": 18}
    assert stress_corridors(table.to_pandas(), closed=1.0, draws=0).after.sum() == 0
    some = stress_corridors(table, cost_before=0.06, cost_after={"B": 0.03}, draws=0)
    assert some.after[some.label.index("D")] == 20
    assert some.after[some.label.index("C")] > 40
    costs = {"A": 0.05, "B": 0.07}
    assert stress_corridors(table, cost_before=costs, tax={"A": 0.01}, draws=0).after.sum() < 60


TABLE = pl.DataFrame({"sending": ["A"], "receiving": ["B"], "usd_million": [1.0]})


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: stress_test([[0, 1]], Shock()), "not square"),
        (lambda: stress_test([[0, -1], [0, 0]], Shock(), labels=["A", "B"]), "A to B: -1"),
        (lambda: stress_test([[1]], Shock(), labels=["A"]), "A send(s) remittances to itself"),
        (lambda: stress_test([[0]], Shock(), labels=["A", "B"]), "2 labels"),
        (lambda: stress_test([[0]], Shock(), history=[[1, 2]]), "history"),
        (lambda: stress_test(np.zeros((2, 2)), Shock(host_income=[0.1] * 3)), "host_income has shape (3,)"),
        (lambda: stress_test([[0]], Shock(host_income=-5)), "5 % is 0.05"),
        (lambda: stress_test([[0]], Shock(home_currency=-1)), "home_currency can not be -1"),
        (lambda: stress_test([[0]], Shock(closure=50)), "closure can not be 50"),
        (lambda: stress_test([[0]], Shock(stock=np.nan)), "stock can not be nan"),
        (lambda: stress_test([[0, 1], [0, 0]], Shock(tax=0.01)), "give cost_before"),
        (lambda: stress_test(np.zeros((2, 2)), Shock(stock=[0.1] * 3)), "stock has shape (3,)"),
        (lambda: Responses(ExchangeRateElasticity(0.6), *[None] * 3), "give HostIncomeElasticity or"),  # type: ignore[arg-type]
        (lambda: default_responses(cost=-1.5), "give CostResponse"),  # type: ignore[arg-type]
        (lambda: WorldBankHostIncome([np.nan]).ratio([0.1]), "missing"),
        (lambda: WorldBankHostIncome([1, 2]).ratio([0.1]), "2 elasticities for 1 hosts"),
        (lambda: pre_crisis_elasticity([[1]], [1]), "do not fit"),
        (lambda: RECORD.back_tests(years=(1990,)), "1990"),
        (lambda: RECORD.back_tests("oracle"), "'elasticity' or 'world_bank'"),  # type: ignore[arg-type]
        (lambda: back_test([[0, 1]], [0], [0], [0]), "do not fit"),
        (lambda: back_test([[0, -1], [0, 0]], [0, 0], [0, 1], [0, 1]), "negative"),
        (lambda: back_test([[0]], [0], [1], [1]), "no receiver"),
        (
            lambda: stress_corridors(TABLE.drop("usd_million")),
            "table 'corridors' has no column 'usd_million'",
        ),
        (lambda: stress_corridors(pl.concat([TABLE, TABLE])), "stand twice"),
        (lambda: stress_corridors(TABLE.with_columns(usd_million=None)), "is missing in 1 row"),
        (lambda: stress_corridors(TABLE.with_columns(usd_million=pl.lit("x"))), "usd_million=x"),
        (lambda: stress_corridors(TABLE, cost_before={("B", "A"): 0.1}, tax=0.01), "A to B"),
        (lambda: stress_corridors(TABLE, expelled=1.5), "stock can not be -1.5"),
    ],
)
def test_refusals(call: object, words: str) -> None:
    with pytest.raises(DataError) as caught:
        call()  # type: ignore[operator]
    assert words in str(caught.value)


def test_unknown_names() -> None:
    with pytest.raises(NotFound, match="host_income names ZZZ"):
        stress_corridors(TABLE, host_income={"ZZZ": -0.1})
    with pytest.raises(NotFound, match="expelled names Q"):
        stress_corridors(TABLE, expelled={("A", "Q"): 0.1})
    found = stress_corridors(TABLE, draws=0)
    with pytest.raises(NotFound, match="no receiver"):
        found.by_host("Q")
    with pytest.raises(NotFound, match="none of these"):
        found.total(["Q"])


@pytest.mark.skipif(not MATRIX_2010.exists(), reason="the published matrix is not in ../shared/data")
def test_the_world_of_2010() -> None:
    table = pl.read_csv(MATRIX_2010)
    found = stress_corridors(table, host_income={"USA": -0.05}, responses=UNIT, columns=COLUMNS, draws=50)
    assert found.before.sum() == pytest.approx(446_635, abs=1)
    assert found.by_host("MEX").row(0)[0] == "USA"
    # The United States send nearly all that Mexico gets: its interval is narrow.
    mexico, total = found.total(["MEX"]), found.total()
    assert -0.05 <= mexico.change < -0.048
    assert total.lower < total.after < total.upper
