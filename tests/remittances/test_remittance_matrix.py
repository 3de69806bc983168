"""Bilateral remittances: rules, exponent, reconciliation, intervals, labels, refusals."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridors import packaged
from corridors.errors import DataError, InfeasibleError
from corridors.numerics import fit_margins
from corridors.numerics.typing import Array
from corridors.parameters import value
from corridors.remittances.matrix import (
    REST,
    RULES,
    ClosedCorridor,
    allocate,
    bilateral_remittances,
    closed_corridors,
    compare_matrices,
    estimated_by_rules,
    fit_exponent,
    implied_total,
    matrix_inputs,
    matrix_intervals,
    propensity,
    reconcile,
    reconcile_years,
    relative_error,
    remittance_shares,
)

World = tuple[Array, Array, Array]


@st.composite
def worlds(draw: st.DrawFn, least: int = 3) -> World:
    """Stocks, incomes and inflows; some corridors empty, everybody with someone abroad."""
    n = draw(st.integers(least, 7))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    stock = rng.lognormal(6, 2, (n, n)) * (rng.random((n, n)) < 0.6)
    stock[np.arange(n), (np.arange(n) + 1) % n] += 100
    np.fill_diagonal(stock, 0)
    return stock, rng.lognormal(9, 1, n), rng.lognormal(6, 2, n)


def figure(name: str) -> pl.DataFrame:
    return pl.read_csv(packaged.path("evidence/figures").joinpath(f"{name}.csv.gz").read_bytes())


def embedded(year: int, **settings: Any) -> Any:
    tables = (figure(n) for n in ("migrant_stock", "economy", "remittances"))
    return bilateral_remittances(*tables, year, **settings)


# Rules


@given(worlds(), st.sampled_from(RULES), st.floats(0, 1))
def test_rows_add_up_to_inflows_and_empty_corridors_stay_empty(world: World, rule: str, beta: float) -> None:
    stock, income, inflow = world
    table = allocate(stock, inflow, income, rule=rule, exponent=beta)
    np.testing.assert_allclose(table.sum(1), inflow, rtol=1e-12)
    np.testing.assert_array_equal(table > 0, stock > 0)


@given(worlds())
def test_exponent_towards_zero_gives_equal_sums_but_for_one_unit(world: World) -> None:
    _, income, _ = world
    sent = propensity(income, "income-gap", 0.0)
    richer = income[None, :] > income[:, None]
    np.testing.assert_allclose(sent, income[:, None] + richer)


@given(worlds(), st.floats(0, 1))
def test_with_no_richer_host_the_gap_rule_is_the_equal_rule(world: World, beta: float) -> None:
    stock, _, inflow = world
    income = np.full(inflow.size, 5000.0)
    equal = allocate(stock, inflow, rule="migrants")
    np.testing.assert_allclose(allocate(stock, inflow, income, exponent=beta), equal)


@given(worlds(), st.sampled_from(RULES), st.floats(0.1, 50))
def test_scale(world: World, rule: str, factor: float) -> None:
    stock, income, inflow = world
    base = allocate(stock, inflow, income, rule=rule, exponent=0.7)
    np.testing.assert_allclose(
        allocate(stock, factor * inflow, income, rule=rule, exponent=0.7), factor * base
    )
    np.testing.assert_allclose(allocate(factor * stock, inflow, income, rule=rule, exponent=0.7), base)
    if rule != "income-gap":
        np.testing.assert_allclose(allocate(stock, inflow, factor * income, rule=rule), base)


def test_the_unit_of_income_matters_to_the_gap_rule_only() -> None:
    dollars = propensity([2000.0, 40_000.0], "income-gap", 0.75)
    thousands = propensity([2.0, 40.0], "income-gap", 0.75)
    assert dollars[0, 1] / dollars[0, 0] < thousands[0, 1] / thousands[0, 0] / 2


@given(worlds(), st.sampled_from(RULES), st.randoms())
def test_order_of_places_does_not_matter(world: World, rule: str, random: Any) -> None:
    stock, income, inflow = world
    order = list(range(inflow.size))
    random.shuffle(order)
    base = allocate(stock, inflow, income, rule=rule, exponent=0.6)
    moved = allocate(stock[np.ix_(order, order)], inflow[order], income[order], rule=rule, exponent=0.6)
    np.testing.assert_allclose(moved, base[np.ix_(order, order)])


def test_unknown_income_takes_the_mean_of_the_birthplace_and_never_zero() -> None:
    stock, income = [[0, 10, 10, 10], [0] * 4, [0] * 4, [0] * 4], [1000, 9000, 20_000, np.nan]
    share = remittance_shares(stock, income, exponent=0.8, missing="mean")[0]
    assert share[3] == pytest.approx(1 / 3)
    assert share.sum() == pytest.approx(1)
    no_home = remittance_shares(stock, [np.nan, 9000, 20_000, 5000], exponent=0.8, missing="mean")[0]
    np.testing.assert_allclose(no_home[1:], 1 / 3)


# The exponent


@given(worlds(4), st.floats(0.35, 0.95))
def test_exponent_is_found_again(world: World, beta: float) -> None:
    stock, income, inflow = world
    made = allocate(stock, inflow, income, exponent=beta)
    flat = allocate(stock, inflow, rule="migrants")
    fit = fit_exponent(stock, income, inflow, reference=made)
    if np.abs(made - flat).sum() > 0.05 * made.sum():
        assert fit.value == pytest.approx(beta, abs=2e-3)
    assert fit.loss <= fit.profile[1].min() + 1e-12


def test_exponent_from_senders_totals_and_from_part_of_a_matrix() -> None:
    rng = np.random.default_rng(3)
    stock, income, inflow = rng.lognormal(6, 2, (30, 30)), rng.lognormal(9, 1, 30), rng.lognormal(6, 2, 30)
    made = allocate(stock, inflow, income, exponent=0.72)
    assert fit_exponent(stock, income, inflow, outflow=made.sum(0) / 3).value == pytest.approx(0.72, abs=1e-4)
    part = np.where(rng.random(made.shape) < 0.2, made, np.nan)
    assert fit_exponent(stock, income, inflow, reference=part).value == pytest.approx(0.72, abs=1e-4)


def test_no_total_pins_the_exponent() -> None:
    stock, income = [[0, 30, 10], [5, 0, 5], [2, 9, 0]], [2000, 40_000, 9000]
    with pytest.raises(DataError, match="a total can not pin the exponent"):
        fit_exponent(stock, income, [1, 2, 3], reference=447_000.0)
    with pytest.raises(DataError, match="fit the exponent to one thing"):
        fit_exponent(stock, income, [1, 2, 3])
    found = matrix_inputs(*(figure(n) for n in ("migrant_stock", "economy", "remittances")), 2010)
    totals = [implied_total(found.stock, found.income, b) for b in (0.0, 0.75)]
    recorded = np.nansum(found.inflow)
    assert totals[1] > totals[0] > 5 * recorded


def test_reported_outflows_of_the_world_do_not_pin_it_either() -> None:
    found = matrix_inputs(*(figure(n) for n in ("migrant_stock", "economy", "remittances")), 2010)
    fit = fit_exponent(
        found.stock, found.income, np.nan_to_num(found.inflow), outflow=found.outflow, missing="mean"
    )
    assert not fit.pinned
    assert 0 <= fit.gain < 0.1
    assert "NOT PINNED" in fit.summary()


# Reconciliation


@given(worlds(), st.floats(0.05, 5), st.floats(0, 0.5))
def test_recipients_exact_senders_nearer(world: World, sd: float, rest: float) -> None:
    stock, income, inflow = world
    prior = allocate(stock, inflow, income, exponent=0.75)
    told = prior.sum(0) * np.random.default_rng(1).lognormal(-0.4, 0.7, inflow.size)
    fit = reconcile(prior, inflow, told, outflow_sd=sd, prior_sd=0.3, rest_share=rest)
    np.testing.assert_allclose(fit.table.sum(1) + fit.rest, inflow, rtol=1e-9)
    assert fit.total == pytest.approx(inflow.sum(), rel=1e-9)
    np.testing.assert_array_equal(fit.table > 0, prior > 0)
    used = told > 0
    start = (1 - rest) * prior.sum(0)[used]
    before = np.sum(told[used] * np.log(told[used] / start) - told[used] + start)
    assert np.isfinite(before)
    # Optimality: a soft total is missed by the power of its factor that the weights say.
    np.testing.assert_allclose(
        fit.table.sum(0)[used], told[used] * fit.sender_factor[used] ** (-((sd / 0.3) ** 2)), rtol=1e-7
    )


@given(worlds())
def test_all_exact_is_proportional_fitting_and_idempotent(world: World) -> None:
    stock, income, inflow = world
    made = allocate(stock, inflow, income, exponent=0.75)
    tilted = made * np.linspace(0.5, 2, inflow.size)[:, None] * np.linspace(2, 0.7, inflow.size)
    prior = allocate(stock, inflow, rule="migrants")
    out = tilted.sum(0) * inflow.sum() / tilted.sum()
    rows = tilted.sum(1) * inflow.sum() / tilted.sum()
    fit = reconcile(prior, rows, out, outflow_sd=0.0, rest_share=0.0)
    np.testing.assert_allclose(fit.table, fit_margins(prior, rows, out).table, rtol=1e-6, atol=1e-9)
    again = reconcile(fit.table, rows, out, outflow_sd=0.0, rest_share=0.0)
    np.testing.assert_allclose(again.table, fit.table, rtol=1e-8)


def test_free_senders_leave_the_prior() -> None:
    prior = np.array([[0.0, 6, 2], [3, 0, 1], [5, 5, 0]])
    fit = reconcile(prior, prior.sum(1), [np.nan, 1, 0], outflow_sd=[0.1, np.inf, 0.1], rest_share=0.0)
    np.testing.assert_allclose(fit.table, prior)


def test_rest_takes_what_exact_senders_do_not_account_for() -> None:
    prior = np.array([[0.0, 6, 2], [3, 0, 1], [5, 5, 0]])
    fit = reconcile(prior, prior.sum(1), 0.5 * prior.sum(0), outflow_sd=0.0)
    np.testing.assert_allclose(fit.table.sum(0), 0.5 * prior.sum(0))
    assert fit.rest.sum() == pytest.approx(prior.sum() / 2)


def test_soft_report_of_a_sender_without_corridors_binds_nothing() -> None:
    fit = reconcile([[0.0, 8, 0], [2, 0, 0]], [8, 2], [1, 4, 5], outflow_sd=0.5)
    assert fit.table[:, 2].sum() == 0
    assert fit.total == pytest.approx(10)


@pytest.mark.parametrize("sd", [0.1, 1.0, 10.0])
def test_reports_that_are_far_off_are_followed_as_far_as_they_are_firm(sd: float) -> None:
    prior = np.array([[0.0, 6, 2], [3, 0, 1], [5, 5, 0]])
    fit = reconcile(prior, prior.sum(1), [1e-6, 1e9, 3.0], outflow_sd=sd)
    np.testing.assert_allclose(fit.table.sum(1) + fit.rest, prior.sum(1), rtol=1e-9)
    with pytest.raises(InfeasibleError, match="nearly exact totals"):
        reconcile(prior, prior.sum(1), [1e-6, 1e9, 3.0], outflow_sd=sd / 1e4)


def test_soft_recipients_give_way_too() -> None:
    prior = np.array([[0.0, 8], [2, 0]])
    fit = reconcile(
        prior, [8, 2], [1, 4], outflow_sd=0.1, inflow_sd=[0.0, 0.5], prior_sd=0.3, rest_share=0.05
    )
    assert fit.table[0].sum() + fit.rest[0] == pytest.approx(8)
    assert fit.table[1].sum() + fit.rest[1] < 2.0
    unknown = reconcile(prior, [8, np.nan], [1, 4], outflow_sd=0.1)
    assert unknown.table[1].sum() < 2.0


@given(worlds())
def test_scale_of_money_does_not_matter(world: World) -> None:
    stock, income, inflow = world
    prior = allocate(stock, inflow, income, exponent=0.75)
    told = prior.sum(0)[::-1]
    one = reconcile(prior, inflow, told, outflow_sd=0.5)
    many = reconcile(1e3 * prior, 1e6 * inflow, 1e6 * told, outflow_sd=0.5)
    np.testing.assert_allclose(many.table, 1e6 * one.table, rtol=1e-6)


def test_contradictions_are_named_with_the_least_repair() -> None:
    prior = np.array([[0.0, 6, 2], [3, 0, 1], [5, 5, 0]])
    with pytest.raises(InfeasibleError, match="totals") as told:
        reconcile(prior, [8, 4, 10], [30, 5, 1], outflow_sd=0.0, labels=(list("ABC"), list("DEF")))
    assert "sender D: total 30" in str(told.value)
    assert told.value.repair
    with pytest.raises(InfeasibleError, match="an inflow has no cell to go to: recipient 1"):
        reconcile([[0, 1], [0, 0]], [1, 1], [1, 1], outflow_sd=1.0, rest_share=0.0)
    with pytest.raises(InfeasibleError, match="an exact outflow has no cell to go to: sender 0"):
        reconcile([[0, 1], [0, 1]], [1, 1], [1, 1], outflow_sd=0.0)


def test_years_share_one_factor_of_each_sender() -> None:
    rng = np.random.default_rng(0)
    priors = [rng.lognormal(2, 1, (5, 5)) for _ in range(3)]
    inflows = [p.sum(1) for p in priors]
    outflows = [0.6 * p.sum(0) for p in priors]
    outflows[1] = np.where(np.arange(5) == 2, np.nan, outflows[1])
    outflows[2] = np.where(np.arange(5) == 3, 9 * outflows[2], outflows[2])
    years = reconcile_years(priors, inflows, outflows, outflow_sd=0.2, prior_sd=0.3)
    for year, prior, inflow in zip(years, priors, inflows, strict=True):
        np.testing.assert_allclose(year.table.sum(1) + year.rest, inflow, rtol=1e-9)
        np.testing.assert_array_equal(year.sender_factor, years[0].sender_factor)
        ratio = year.table / prior / year.recipient_factor[:, None] / year.sender_factor
        np.testing.assert_allclose(ratio, ratio[0, 0])
    single = reconcile(priors[0], inflows[0], outflows[0], outflow_sd=0.2, prior_sd=0.3)
    alone = reconcile_years(priors[:1], inflows[:1], outflows[:1], outflow_sd=0.2, prior_sd=0.3)[0]
    np.testing.assert_array_equal(single.table, alone.table)


# Labels and intervals


def test_embedded_year_adds_up_and_lists_what_is_missing() -> None:
    found = embedded(2018)
    used = np.nansum(found.inflow)
    assert found.total == pytest.approx(used, rel=1e-12)
    np.testing.assert_allclose(
        found.values.sum(1) + found.rest, np.nan_to_num(found.inflow), rtol=1e-12, atol=1e-9
    )
    rules = set(found.notes_table()["rule"])
    assert {"stock-year", "no-income", "no-inflow", "no-outflow", "no-stock"} <= rules
    table = found.to_polars()
    assert table.columns == ["sending", "receiving", "year", "rule", "value", "lower", "upper"]
    silent = {n.place for n in found.notes if n.rule == "no-inflow"}
    assert silent
    assert not silent & set(table["receiving"])
    assert table.filter(pl.col("sending") == REST)["value"].sum() == pytest.approx(found.rest.sum())
    assert "MODELLED" in found.summary()
    assert found.senders()["value"].sum() == pytest.approx(used)


def test_stock_is_interpolated_and_a_missing_year_is_not_zero() -> None:
    stock = pl.DataFrame(
        {
            "origin": list("AAB"),
            "destination": list("BBA"),
            "year": [2010, 2015, 2015],
            "value": [10.0, 20.0, 7.0],
        }
    )
    economy = pl.DataFrame({"country": list("AB"), "year": 2012, "gdp_per_capita_ppp2021": [2e3, 3e4]})
    money = pl.DataFrame({"country": list("AB"), "year": 2012, "received": [5.0, 1.0], "paid": [1.0, None]})
    found = matrix_inputs(stock, economy, money, 2012)
    np.testing.assert_allclose(found.stock, [[0, 14], [7, 0]])
    pandas = matrix_inputs(stock.to_pandas(), economy.to_pandas(), money.to_pandas(), 2012)
    np.testing.assert_array_equal(pandas.stock, found.stock)


def test_reconciled_world_keeps_its_total_and_moves_towards_reports() -> None:
    free, soft = embedded(2020), embedded(2020, reliability="medium")
    assert soft.total == pytest.approx(free.total, rel=1e-9)
    assert soft.estimated_by == "reconciled"
    known = free.outflow > 0
    gaps = [np.abs(m.values.sum(0) - m.outflow)[known].sum() for m in (free, soft)]
    assert gaps[1] < gaps[0]
    assert soft.rest.sum() > free.rest.sum()
    # The best-known corridor must survive softness: forcing both margins destroys it.
    usa, mex = free.places.index("USA"), free.places.index("MEX")
    assert soft.values[mex, usa] > 0.9 * free.values[mex, usa]


def test_closed_corridors_and_reliability_by_sender() -> None:
    found = embedded(2020, closed=[("IND", "PAK")], reliability={"*": "none", "USA": "exact"})
    ind, pak, usa = (found.places.index(c) for c in ("IND", "PAK", "USA"))
    assert found.values[ind, pak] == found.values[pak, ind] == 0
    assert found.values[:, usa].sum() == pytest.approx(found.outflow[usa], rel=1e-9)


def test_seed_table_replaces_the_rule() -> None:
    free = embedded(2020)
    table = free.to_polars().filter(pl.col("sending") != REST).select("sending", "receiving", "value")
    again = embedded(2020, seed_table=table)
    np.testing.assert_allclose(again.values, free.values, rtol=1e-9)
    assert (again.rule, again.estimated_by, again.exponent) == ("seed", "seed", None)


def test_a_range_holds_every_rule_and_is_the_same_for_all() -> None:
    inputs = matrix_inputs(*(figure(n) for n in ("migrant_stock", "economy", "remittances")), 2020)
    by_rule = estimated_by_rules(inputs)
    assert list(by_rule) == [*RULES, "reconciled"]
    first, *others = by_rule.values()
    assert all(matrix.intervals is first.intervals for matrix in others)
    for matrix in by_rule.values():
        table = matrix.to_polars()
        assert (table["lower"] < table["value"]).filter(table["sending"] != REST).all()
        assert (table["value"] < table["upper"]).all()
        alone = embedded(2020, rule=matrix.rule.split("+")[0], reliability=matrix.reconciled and "low")
        np.testing.assert_array_equal(alone.values, matrix.values)
        np.testing.assert_array_equal(alone.intervals.upper, matrix.intervals.upper)


def test_ranges_are_wide_where_corridors_are_small_and_below_what_was_received() -> None:
    found = embedded(2020)
    table = found.to_polars().filter(pl.col("sending") != REST).with_columns(
        wide=(pl.col("upper") / pl.col("lower")).log()
    )  # fmt: skip
    sizes = [(0, 1), (1, 100), (100, 1000), (1000, 1e9)]
    wide = [table.filter(pl.col("value") > a, pl.col("value") <= b)["wide"].median() for a, b in sizes]
    assert wide == sorted(wide, reverse=True)
    at = {
        (s, r): (low, high)
        for s, r, low, high in table.select("sending", "receiving", "lower", "upper").rows()
    }
    received = dict(zip(found.places, found.inflow, strict=True))
    slack = np.exp(1.2816 * value("remittance_inflow_error_sd"))
    assert all(high <= received[r] * slack * (1 + 1e-6) for (_, r), (_, high) in at.items())
    # Nearly all of what Mexico receives comes from one neighbour: little can be wrong.
    low, high = at["USA", "MEX"]
    assert high / low < 1.6


def test_a_range_by_hand() -> None:
    """One of two senders has 20 or 30 of 100 million, between the sizes whose errors are known."""
    tables = [np.array([[0.0, 20, 80, 0]]), np.array([[0.0, 30, 70, 0]])]
    found = matrix_intervals(tables, np.array([100.0]))
    slack = np.exp(1.2815515655446004 * 0.13)
    middle = 1 / (1 + np.exp(-(np.log(20 / 80) + np.log(30 / 70)) / 2))
    at = np.log10(100 * middle) / 3
    low = 20 / 80 * np.exp(-(1.256 + (0.699 - 1.256) * at))
    high = 30 / 70 * np.exp(1.049 + (0.011 - 1.049) * at)
    assert found.lower[0, 1] == pytest.approx(100 * low / (1 + low) / slack, rel=1e-9)
    assert found.upper[0, 1] == pytest.approx(100 * high / (1 + high) * slack, rel=1e-9)
    assert found.sent_lower[1] == pytest.approx(20 * np.exp(-0.53))
    assert found.lower[0, 3] == found.upper[0, 3] == 0


def test_a_closed_corridor_has_dates() -> None:
    until = ClosedCorridor(("A", "B"), 2000, 2009, 2005, "", "seen", "")
    assert [until.holds_in(year) for year in (1999, 2000, 2009, 2010)] == [False, True, True, False]
    assert all(corridor.holds_in(1990) and corridor.holds_in(2024) for corridor in closed_corridors())
    assert [note.place for note in embedded(2020).notes if note.rule == "closed"] == [
        "ARM–AZE",
        "IND–PAK",
        "ISR–LBN",
    ]


# Refusals


def tables(**changes: pl.DataFrame) -> dict[str, pl.DataFrame]:
    base = {
        "stock": pl.DataFrame({"origin": ["A"], "destination": ["B"], "year": [2020], "value": [9.0]}),
        "economy": pl.DataFrame(
            {"country": ["A", "B"], "year": [2020] * 2, "gdp_per_capita_ppp2021": [2e3, 4e4]}
        ),
        "remittances": pl.DataFrame({"country": ["A"], "year": [2020], "received": [5.0], "paid": [None]}),
    }
    return base | changes


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("stock", pl.col("value") * -1), "table 'stock': column 'value' is below 0 in 1 row"),
        (("stock", pl.lit(float("nan")).alias("value")), "table 'stock': column 'value' is missing"),
        (("remittances", -pl.col("received")), "table 'remittances': column 'received' is below 0"),
        (("economy", pl.col("gdp_per_capita_ppp2021") / 1000), "does not look like dollars a year"),
        (("economy", pl.lit(1999).alias("year")), "table 'economy' has no row of 2020"),
    ],
)
def test_bad_rows_are_refused(change: tuple[str, pl.Expr], message: str) -> None:
    good = tables()
    name, expression = change
    bad = good | {name: good[name].with_columns(expression)}
    with pytest.raises(DataError, match=message):
        bilateral_remittances(**bad, year=2020)


@pytest.mark.parametrize("name", ["stock", "economy", "remittances"])
def test_duplicates_and_missing_columns_are_refused(name: str) -> None:
    good = tables()
    with pytest.raises(DataError, match=f"table '{name}': .* stand twice in 2 rows"):
        bilateral_remittances(**good | {name: pl.concat([good[name], good[name][:1]])}, year=2020)
    with pytest.raises(DataError, match=f"table '{name}' has no column"):
        bilateral_remittances(**good | {name: good[name].drop(good[name].columns[-1])}, year=2020)
    with pytest.raises(DataError, match=f"table '{name}' is no table but a list"):
        bilateral_remittances(**good | {name: [1, 2]}, year=2020)  # type: ignore[dict-item]


def test_settings_that_make_no_sense_are_refused() -> None:
    good = tables()
    for settings, message in (
        ({"rule": "gdp"}, "unknown rule: 'gdp'"),
        ({"exponent": 1.5}, "must lie between 0 and 1"),
        ({"reliability": "fair"}, "unknown reliability: 'fair'"),
        ({"reliability": {"ZZZ": "low"}}, "not in the tables: ZZZ"),
        ({"closed": [("A", "ZZZ")]}, "not a pair of places"),
        ({"missing_income": "zero"}, "unknown way with missing incomes"),
        (
            {"seed_table": pl.DataFrame({"sending": ["B"], "receiving": ["A"]})},
            "table 'seed' has no column 'value'",
        ),
    ):
        with pytest.raises(DataError, match=message):
            bilateral_remittances(**good, year=2020, **settings)  # type: ignore[arg-type]
    with pytest.raises(DataError, match=r"1 place.s. with migrants have no income: B"):
        bilateral_remittances(
            **tables(economy=good["economy"][:1]), year=2020, exponent=0.7, missing_income="refuse"
        )


def test_bad_arrays_are_refused() -> None:
    stock = np.array([[0.0, 3], [1, 0]])
    with pytest.raises(DataError, match="have a stock that is negative or not a number: Y"):
        allocate([[0, 3], [np.nan, 0]], [1, 1], rule="migrants", labels=["X", "Y"])
    with pytest.raises(DataError, match="inflow that is negative"):
        allocate(stock, [1, -1], rule="migrants")
    with pytest.raises(DataError, match="inflow but no migrants abroad: 1"):
        allocate([[0, 3], [0, 0]], [1, 1], rule="migrants")
    with pytest.raises(DataError, match="No world total can tell it"):
        allocate(stock, [1, 1], [1e3, 2e3])
    with pytest.raises(DataError, match="needs incomes"):
        allocate(stock, [1, 1], rule="income")
    with pytest.raises(DataError, match="square"):
        allocate(np.ones((2, 3)), [1, 1], rule="migrants")
    with pytest.raises(DataError, match="not positive and finite"):
        propensity([0.0, 1.0], "income")
    with pytest.raises(DataError, match="some outflow is negative"):
        reconcile(stock, [3, 1], [-1, 1], outflow_sd=1.0)
    with pytest.raises(DataError, match="standard errors"):
        reconcile(stock, [3, 1], [1, 1], outflow_sd=-1.0)
    with pytest.raises(DataError, match="do not fit each other"):
        reconcile(stock, [3, 1, 2], [1, 1], outflow_sd=1.0)
    with pytest.raises(DataError, match="prior_sd must be positive"):
        reconcile(stock, [3, 1], [1, 1], outflow_sd=1.0, prior_sd=0.0)
    with pytest.raises(DataError, match="fewer than three corridors"):
        compare_matrices(stock, stock, "AB")
    with pytest.raises(DataError, match="unknown reliability"):
        relative_error("fair")
