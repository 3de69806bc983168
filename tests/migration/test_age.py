"""Age schedules: evaluation, fits, splits of flows and of net migration."""

from __future__ import annotations

import csv

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad

from conftest import GOLDEN
from corridors.errors import DataError, InfeasibleError, NotFound
from corridors.migration.age.curve import MODELS, curve, curve_jacobian
from corridors.migration.age.fit import fit_age_counts, fit_age_schedule
from corridors.migration.age.schedule import AgeSchedule, model_schedule, model_schedules
from corridors.migration.age.split import split_by_age
from corridors.numerics.typing import Array

BASE = {"a1": 0.02, "alpha1": 0.1, "a2": 0.06, "alpha2": 0.1, "mu2": 20.0, "lambda2": 0.4, "c": 0.003}
RETIREMENT = {"a3": 0.01, "alpha3": 0.5, "mu3": 66.0, "lambda3": 0.25}
OLDEST = {"a4": 0.0002, "lambda4": 0.05}
TRUTH = {7: BASE, 9: BASE | OLDEST, 11: BASE | RETIREMENT, 13: BASE | RETIREMENT | OLDEST}
AGES = np.arange(0.0, 96.0)


# Published schedules.


def test_published_numbers_are_those_of_the_golden_files() -> None:
    with (GOLDEN / "rc_model_un.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 84
    for row in rows:
        schedule = model_schedule(row["schedule"], row["sex"])
        assert schedule.parameters[row["param"]] == float(row["value"])
        assert model_schedule(row["schedule_abb"], row["sex"]) == schedule
        assert "United Nations (1992)" in schedule.source
    with (GOLDEN / "rc_model_fund.csv").open() as file:
        fundamental = {row["param"]: float(row["value"]) for row in csv.DictReader(file)}
    assert model_schedule("fundamental").parameters == fundamental
    assert "Rogers and Castro (1981)" in model_schedule("fundamental").source


def test_published_schedules_have_the_shape_their_names_promise() -> None:
    frame = model_schedules()
    assert frame.height == 13
    for name, sex in frame.select("schedule", "sex").iter_rows():
        # Model schedules are meant to have a gross migraproduction rate of one.
        assert model_schedule(name, sex).gross_rate(80) == pytest.approx(1, abs=0.09)
    for sex in ("male", "female"):
        peak = {n: model_schedule(n, sex).peak_age() for n in ("ws", "ylfe", "olfe", "ldllfe")}
        assert peak["ylfe"] < peak["ws"] < peak["olfe"]
        assert peak["ldllfe"] < peak["ws"]
        assert 21 < peak["ws"] < 25
        ratio = {
            n: model_schedule(n, sex).parameters["a1"] / model_schedule(n, sex).parameters["a2"]
            for n in ("ld", "ws", "hd")
        }
        assert ratio["ld"] < ratio["ws"] < ratio["hd"]
    # The labour term alone peaks at mu2 + ln(lambda2 / alpha2) / lambda2.
    assert model_schedule("fundamental").peak_age() == pytest.approx(20 + np.log(4) / 0.4, abs=0.25)


def test_unknown_schedule() -> None:
    with pytest.raises(NotFound, match="no model schedule"):
        model_schedule("western standard", "total")


# Evaluation.


def test_formula() -> None:
    p = TRUTH[13]
    x = 67.3
    expected = (
        p["a1"] * np.exp(-p["alpha1"] * x)
        + p["a2"] * np.exp(-p["alpha2"] * (x - p["mu2"]) - np.exp(-p["lambda2"] * (x - p["mu2"])))
        + p["a3"] * np.exp(-p["alpha3"] * (x - p["mu3"]) - np.exp(-p["lambda3"] * (x - p["mu3"])))
        + p["a4"] * np.exp(p["lambda4"] * x)
        + p["c"]
    )
    assert AgeSchedule(p).rate(x) == pytest.approx(expected, rel=1e-14)


@pytest.mark.parametrize("model", MODELS)
def test_jacobian_is_the_derivative(model: int) -> None:
    names = MODELS[model]
    theta = np.array([TRUTH[model][name] for name in names])
    for width in (0.0, 5.0):
        exact = curve_jacobian(AGES, names, theta, width)
        for k, name in enumerate(names):
            step = np.zeros(theta.size)
            step[k] = 1e-6 * max(abs(theta[k]), 1e-3)
            up, down = curve(AGES, names, theta + step, width), curve(AGES, names, theta - step, width)
            slope = (up - down) / (2 * step[k])
            np.testing.assert_allclose(
                exact[:, k], slope, atol=1e-7 * np.abs(slope).max() + 1e-12, err_msg=name
            )


def test_group_means_are_integrals() -> None:
    schedule = AgeSchedule(TRUTH[13])
    for age in (0.0, 15.0, 20.0, 60.0):
        area = quad(lambda x: float(schedule.rate(x)), age, age + 5)[0] / 5
        assert schedule.rate(age, width=5) == pytest.approx(area, rel=1e-4)
    assert schedule.gross_rate(80) == pytest.approx(
        quad(lambda x: float(schedule.rate(x)), 0, 80)[0], rel=1e-6
    )


def test_extreme_parameters_stay_finite() -> None:
    wild = AgeSchedule(BASE | {"alpha2": 3.0, "lambda2": 5.0, "mu2": 55.0, "alpha1": -50.0})
    assert np.all(np.isfinite(wild.rate(AGES)))


@given(st.floats(1e-6, 1e6))
@settings(max_examples=30, deadline=None)
def test_scaling(factor: float) -> None:
    schedule = AgeSchedule(TRUTH[13])
    np.testing.assert_allclose(schedule.scaled(factor).rate(AGES), factor * schedule.rate(AGES), rtol=1e-12)
    assert schedule.scaled(factor).peak_age() == schedule.peak_age()


def test_tables_of_a_schedule() -> None:
    schedule = model_schedule("ws", "male")
    assert schedule.to_polars()["parameter"].to_list() == list(MODELS[7])
    assert "7 parameters" in schedule.summary()
    assert schedule.model == 7


# Fits.


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("width", [0.0, 1.0])
def test_fits_recover_the_truth(model: int, width: float) -> None:
    truth = AgeSchedule(TRUTH[model])
    rates = truth.rate(AGES, width=width)
    people = np.linspace(2e5, 2e4, AGES.size)
    fits = (
        fit_age_schedule(AGES, rates, model=model, width=width),
        fit_age_counts(AGES, rates * people, people, model=model, width=width),
    )
    for fit in fits:
        assert fit.converged
        assert not fit.issues
        assert fit.r_squared == pytest.approx(1)
        np.testing.assert_allclose(fit.fitted, rates, rtol=1e-7)
        for name, value in TRUTH[model].items():
            assert fit.schedule.parameters[name] == pytest.approx(value, rel=1e-5), (fit.method, name)


@pytest.mark.parametrize(("name", "sex"), model_schedules().select("schedule", "sex").rows())
def test_published_schedules_are_recovered_from_groups(name: str, sex: str) -> None:
    truth = model_schedule(name, sex)
    ages = np.arange(0.0, 85, 5)
    fit = fit_age_schedule(ages, truth.rate(ages, width=5), width=5)
    for key, value in truth.parameters.items():
        assert fit.schedule.parameters[key] == pytest.approx(value, rel=1e-4)


@pytest.mark.parametrize("factor", [1e-6, 1e3])
def test_fits_follow_the_unit(factor: float) -> None:
    rng = np.random.default_rng(1)
    rates = AgeSchedule(BASE).rate(AGES) * rng.uniform(0.9, 1.1, AGES.size)
    one, other = fit_age_schedule(AGES, rates), fit_age_schedule(AGES, rates * factor)
    np.testing.assert_allclose(other.fitted, one.fitted * factor, rtol=1e-6)
    level = np.array([factor if n in ("a1", "a2", "c") else 1 for n in one.names])
    np.testing.assert_allclose(other.estimate, one.estimate * level, rtol=1e-4)
    np.testing.assert_allclose(other.standard_error, one.standard_error * level, rtol=1e-4)
    assert other.deviance == pytest.approx(one.deviance * factor**2, rel=1e-6)
    assert other.r_squared == pytest.approx(one.r_squared)


def test_weights_do_not_depend_on_their_unit_and_count() -> None:
    rng = np.random.default_rng(2)
    rates = AgeSchedule(BASE).rate(AGES) * rng.uniform(0.9, 1.1, AGES.size)
    weights = np.linspace(3, 1, AGES.size)
    one = fit_age_schedule(AGES, rates, weights=weights)
    other = fit_age_schedule(AGES, rates, weights=1e4 * weights)
    np.testing.assert_allclose(one.estimate, other.estimate, rtol=1e-6)
    np.testing.assert_allclose(one.standard_error, other.standard_error, rtol=1e-6)
    left_out = np.where(AGES < 80, 1.0, 0.0)
    cut = fit_age_schedule(AGES[:80], rates[:80])
    np.testing.assert_allclose(
        fit_age_schedule(AGES, rates, weights=left_out).estimate, cut.estimate, rtol=1e-4
    )


def test_poisson_fit_is_a_maximum_of_the_likelihood() -> None:
    rng = np.random.default_rng(3)
    people = np.full(AGES.size, 2e4)
    counts = rng.poisson(people * AgeSchedule(BASE).rate(AGES)).astype(float)
    counts[90:] = 0
    fit = fit_age_counts(AGES, counts, people)

    def log_likelihood(theta: Array) -> float:
        mean = people * curve(AGES, fit.names, theta)
        return float((counts * np.log(mean) - mean).sum())

    top = log_likelihood(fit.estimate)
    for k in range(7):
        for sign in (-1, 1):
            moved = fit.estimate.copy()
            moved[k] += sign * 0.2 * fit.standard_error[k]
            assert log_likelihood(moved) < top
    mean = people * fit.fitted
    ratio = np.where(counts > 0, counts, 1) / mean
    deviance = 2 * (np.where(counts > 0, counts * np.log(ratio), 0) - (counts - mean)).sum()
    assert fit.deviance == pytest.approx(deviance, rel=1e-9)
    # With a constant the fitted total is the observed one.
    assert mean.sum() == pytest.approx(counts.sum(), rel=1e-6)


def test_standard_errors_cover() -> None:
    truth, people = AgeSchedule(BASE), np.full(AGES.size, 2e4)
    rng = np.random.default_rng(11)
    inside, runs = np.zeros(7), 200
    for _ in range(runs):
        fit = fit_age_counts(AGES, rng.poisson(people * truth.rate(AGES)), people, starts=1)
        low, high = fit.interval(0.9)
        wanted = np.array([BASE[n] for n in fit.names])
        inside += (low <= wanted) & (wanted <= high)
    assert np.all(inside / runs >= 0.84)
    assert np.all(inside / runs <= 0.96)


def test_standard_errors_of_least_squares_cover() -> None:
    truth = AgeSchedule(BASE)
    rng = np.random.default_rng(12)
    inside, runs = np.zeros(7), 150
    for _ in range(runs):
        rates = truth.rate(AGES) + rng.normal(0, 3e-4, AGES.size)
        fit = fit_age_schedule(AGES, np.maximum(rates, 0), starts=1)
        low, high = fit.interval(0.9)
        wanted = np.array([BASE[n] for n in fit.names])
        inside += (low <= wanted) & (wanted <= high)
    assert np.all(inside / runs >= 0.82)
    assert np.all(inside / runs <= 0.97)


def test_dispersion_tells_overdispersed_counts() -> None:
    rng = np.random.default_rng(5)
    people = np.full(AGES.size, 5e4)
    mean = people * AgeSchedule(BASE).rate(AGES)
    assert fit_age_counts(AGES, rng.poisson(mean), people).dispersion == pytest.approx(1, abs=0.4)
    assert fit_age_counts(AGES, rng.poisson(rng.gamma(20, mean / 20)), people).dispersion > 3


def test_too_rich_a_model_says_so() -> None:
    fit = fit_age_schedule(AGES, AgeSchedule(BASE).rate(AGES), model=11)
    assert any("bound" in issue and "a3" in issue for issue in fit.issues)
    assert any("not identified" in issue and "mu3" in issue for issue in fit.issues)
    for name in ("a3", "mu3", "alpha3", "lambda3"):
        assert np.isnan(fit.standard_error[fit.names.index(name)])
    assert np.isfinite(fit.standard_error[fit.names.index("mu2")])
    assert fit.to_polars().filter(parameter="mu3")["standard_error"].to_list() == [None]
    assert "not identified" in fit.summary()


def test_data_without_children_can_not_tell_of_children() -> None:
    adults = np.arange(40.0, 90.0)
    rng = np.random.default_rng(6)
    people = np.full(adults.size, 1e4)
    fit = fit_age_counts(adults, rng.poisson(people * AgeSchedule(BASE).rate(adults)), people)
    assert fit.issues


def test_bounds_are_kept() -> None:
    fit = fit_age_schedule(AGES, AgeSchedule(BASE).rate(AGES), bounds={"mu2": (21, 30), "c": (0.004, 1)})
    assert fit.schedule.parameters["mu2"] >= 21
    assert fit.schedule.parameters["c"] >= 0.004
    assert any("mu2 lies on its bound" in issue for issue in fit.issues)


def test_fit_tables() -> None:
    fit = fit_age_counts(AGES, np.round(1e4 * AgeSchedule(BASE).rate(AGES)), np.full(AGES.size, 1e4))
    assert fit.to_polars().columns == ["parameter", "value", "standard_error", "lower", "upper"]
    assert fit.rates().height == AGES.size
    assert fit.degrees_of_freedom == AGES.size - 7
    low, high = fit.interval(0.5)
    assert np.all(low < high)
    assert fit.covariance.shape == (7, 7)
    np.testing.assert_allclose(np.sqrt(np.diag(fit.covariance)), fit.standard_error)


RATES = AgeSchedule(BASE).rate(AGES)
NAN = np.where(AGES == 7, np.nan, RATES)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: fit_age_schedule(AGES, -RATES), "negative"),
        (lambda: fit_age_schedule(AGES, NAN), "not a number"),
        (lambda: fit_age_schedule(AGES, 0 * RATES), "no moves"),
        (lambda: fit_age_schedule(AGES[:7], RATES[:7]), "too few"),
        (lambda: fit_age_schedule(AGES[:12], RATES[:12], model=13), "too few"),
        (lambda: fit_age_schedule(AGES, RATES[:-1]), "do not fit"),
        (lambda: fit_age_schedule(AGES[::-1], RATES), "ascend"),
        (lambda: fit_age_schedule(AGES, RATES, model=8), "no Rogers"),
        (lambda: fit_age_schedule(AGES, RATES, width=5), "overlap"),
        (lambda: fit_age_schedule(AGES, RATES, weights=np.where(AGES < 6, 1, 0)), "too few"),
        (lambda: fit_age_schedule(AGES, RATES, bounds={"mu3": (1, 2)}), "unknown parameter"),
        (lambda: fit_age_schedule(AGES, RATES, bounds={"mu2": (30, 20)}), "without room"),
        (lambda: fit_age_schedule(AGES, RATES, starts=0), "starts"),
        (lambda: fit_age_counts(AGES, RATES, 0 * AGES), "positive at some age"),
        (lambda: fit_age_counts(AGES, RATES, np.where(AGES == 3, 0, 1)), "nobody|anybody"),
        (lambda: fit_age_counts(AGES, 0 * RATES, 1 + AGES), "no moves"),
        (lambda: fit_age_counts(AGES, np.where(AGES < 6, 1, 0), np.where(AGES < 6, 1, 0)), "too few"),
        (lambda: fit_age_schedule(AGES, RATES).interval(1.5), "level"),
        (lambda: AgeSchedule({"a1": 1.0}), "no Rogers"),
        (lambda: AgeSchedule(BASE | {"c": np.nan}), "not a number"),
        (lambda: AgeSchedule(BASE).scaled(-1), "scaled"),
    ],
)
def test_refusals_of_fits(call: object, words: str) -> None:
    with pytest.raises(DataError, match=words):
        call()  # type: ignore[operator]


# Splits.

GROUPS = np.arange(0.0, 90, 5)
FLOWS = np.array([[0, 900.0, 100], [60, 0, 0], [40, 30, 0]])


def test_flows_add_up_and_follow_the_schedule() -> None:
    schedule = model_schedule("fundamental")
    split = split_by_age(FLOWS, schedule, GROUPS, width=5, places=["A", "B", "C"])
    np.testing.assert_allclose(split.total(), FLOWS, rtol=1e-14)
    share = schedule.rate(GROUPS, width=5)
    np.testing.assert_allclose(split.values[0, :, 0, 1], 900 * share / share.sum())
    frame = split.to_polars()
    assert frame.columns == ["origin", "destination", "sex", "age", "flow"]
    assert frame.height == 5 * GROUPS.size
    assert "3 places" in split.summary()


def test_exposure_and_sexes() -> None:
    schedules = {"female": model_schedule("ws", "female"), "male": model_schedule("ws", "male")}
    rng = np.random.default_rng(0)
    people = {sex: rng.uniform(1, 9, (3, GROUPS.size)) for sex in schedules}
    shares = {"female": np.array([0.3, 0.5, 0.6]), "male": np.array([0.7, 0.5, 0.4])}
    split = split_by_age(FLOWS, schedules, GROUPS, width=5, exposure=people, sex_shares=shares)
    np.testing.assert_allclose(split.total(), FLOWS, rtol=1e-13)
    np.testing.assert_allclose(split.values[0].sum((0, 2)), shares["female"] * FLOWS.sum(1))
    weight = people["male"][2] * schedules["male"].rate(GROUPS, width=5)
    np.testing.assert_allclose(split.values[1, :, 2, 0], 40 * 0.4 * weight / weight.sum())
    # Without shares, people and rates decide.
    free = split_by_age(FLOWS, schedules, GROUPS, width=5, exposure=people)
    both = [(people[s][0] * schedules[s].rate(GROUPS, width=5)).sum() for s in schedules]
    assert free.values[0, :, 0, 1].sum() == pytest.approx(900 * both[0] / sum(both))


def test_known_totals_by_age() -> None:
    schedule = model_schedule("fundamental")
    people = np.random.default_rng(1).uniform(1, 9, (3, GROUPS.size))
    plain = split_by_age(FLOWS, schedule, GROUPS, width=5, exposure=people)
    wanted = plain.values.sum((0, 2, 3)) * np.linspace(0.8, 1.2, GROUPS.size)
    wanted *= FLOWS.sum() / wanted.sum()
    split = split_by_age(FLOWS, schedule, GROUPS, width=5, exposure=people, by_age=wanted)
    np.testing.assert_allclose(split.total(), FLOWS, rtol=1e-12)
    np.testing.assert_allclose(split.values.sum((0, 2, 3)), wanted, rtol=1e-8)
    same = split_by_age(FLOWS, schedule, GROUPS, width=5, exposure=people, by_age=plain.values.sum((0, 2, 3)))
    np.testing.assert_allclose(same.values, plain.values, rtol=1e-8)
    sexes = {"female": schedule, "male": schedule.scaled(2)}
    both = split_by_age(FLOWS, sexes, GROUPS, width=5, by_age=wanted)
    np.testing.assert_allclose(both.values.sum((0, 2, 3)), wanted, rtol=1e-8)
    np.testing.assert_allclose(both.values[1], 2 * both.values[0], rtol=1e-8)
    known = np.stack([wanted / 4, 3 * wanted / 4])
    parted = split_by_age(FLOWS, sexes, GROUPS, width=5, by_age=known)
    np.testing.assert_allclose(parted.values.sum((2, 3)), known, rtol=1e-8)
    with pytest.raises(InfeasibleError):
        split_by_age(FLOWS, schedule, GROUPS, width=5, by_age=2 * wanted)


def test_net_migration_adds_up_over_ages_and_over_places() -> None:
    net = np.array([500.0, -200, -300, 0])
    people = np.random.default_rng(2).uniform(1, 9, (4, GROUPS.size))
    schedules = {"female": model_schedule("ws", "female"), "male": model_schedule("ws", "male")}
    split = split_by_age(
        net, schedules, GROUPS, width=5, exposure=people, sex_shares={"female": 0.4, "male": 0.6}
    )
    np.testing.assert_allclose(split.total(), net, rtol=1e-12, atol=1e-10)
    np.testing.assert_allclose(split.values.sum(2), 0, atol=1e-9)
    assert np.all(np.sign(split.values) == np.sign(net))
    assert split.to_polars().columns == ["country", "sex", "age", "net_migration"]
    assert "net migration" in split.summary()
    # Equal age structures balance by themselves and are left alone.
    even = split_by_age(net, schedules["male"], GROUPS, width=5)
    share = schedules["male"].rate(GROUPS, width=5)
    np.testing.assert_allclose(even.values[0], np.outer(share / share.sum(), net), rtol=1e-9, atol=1e-12)


def test_balance_is_the_least_change() -> None:
    net = np.array([3.0, 2, -4, -1])
    people = np.random.default_rng(4).uniform(1, 9, (4, 3))
    ages, rates = [0, 20, 60], [1.0, 3, 1]
    free = split_by_age(net, rates, ages, width=5, exposure=people, balance=False).values[0]
    best = split_by_age(net, rates, ages, width=5, exposure=people).values[0]

    def divergence(table: Array) -> float:
        return float((np.abs(table) * np.log(table / free)).sum())

    rng = np.random.default_rng(0)
    sign = np.sign(net)
    for _ in range(50):
        # Directions that keep every total: rank-one moves between two ages and two places.
        step = np.zeros_like(best)
        a, b = rng.choice(3, 2, replace=False)
        i, j = rng.choice(4, 2, replace=False)
        step[a, i], step[b, i], step[a, j], step[b, j] = 1, -1, -1, 1
        moved = best + 1e-3 * rng.choice([-1, 1]) * step
        assert np.all(np.sign(moved) == sign)
        assert divergence(moved) >= divergence(best) - 1e-12


def test_net_migration_of_a_part_of_the_world() -> None:
    net = np.array([500.0, -200])
    people = np.array([[1.0, 5], [4, 1]])
    split = split_by_age(net, [1.0, 1], [0, 50], width=5, exposure=people)
    np.testing.assert_allclose(split.values[0, :, 1], [-160, -40])
    with pytest.raises(DataError, match="add up to zero"):
        split_by_age(net, [1.0, 1], [0, 50], width=5, balance=True)


def test_ages_with_gains_only() -> None:
    people = np.array([[1.0, 5, 2], [4, 1, 0]])
    with pytest.raises(InfeasibleError, match="only places") as caught:
        split_by_age([9.0, -9], [1.0, 1, 1], [0, 30, 60], width=5, exposure=people)
    assert caught.value.culprits == ("total, age 60",)


def test_age_structures_that_can_not_balance() -> None:
    people = np.array([[1.0, 0], [0, 1], [0, 1], [1, 0]])
    with pytest.raises(InfeasibleError, match="add up to zero at every age"):
        split_by_age([10.0, -10, 1, -1], [1.0, 1], [0, 50], width=5, exposure=people)


@given(st.integers(0, 10_000), st.integers(2, 6))
@settings(max_examples=40, deadline=None)
def test_any_net_is_balanced_at_every_age(seed: int, places: int) -> None:
    rng = np.random.default_rng(seed)
    net = rng.normal(0, 1000, places)
    net -= net.mean()
    people = rng.lognormal(0, 1.5, (places, 9))
    split = split_by_age(net, rng.uniform(0.1, 1, 9), np.arange(0, 90, 10), width=10, exposure=people)
    size = np.abs(net).sum()
    np.testing.assert_allclose(split.total(), net, rtol=1e-10, atol=1e-10 * size)
    np.testing.assert_allclose(split.values.sum(2), 0, atol=1e-10 * size)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: split_by_age(-FLOWS, RATES, AGES), "not negative"),
        (lambda: split_by_age(FLOWS * np.nan, RATES, AGES), "finite"),
        (lambda: split_by_age(np.ones((2, 3)), RATES, AGES), "neither flows"),
        (lambda: split_by_age(FLOWS, RATES[:-1], AGES), "does not fit"),
        (lambda: split_by_age(FLOWS, -RATES, AGES), "schedule must be finite"),
        (lambda: split_by_age(FLOWS, 0 * RATES, AGES), "nobody to move"),
        (lambda: split_by_age(FLOWS, RATES, AGES, exposure=np.ones((2, AGES.size))), "exposure"),
        (lambda: split_by_age(FLOWS, RATES, AGES, width=5), "overlapping"),
        (lambda: split_by_age(FLOWS, [1.0], [0]), "two ages"),
        (lambda: split_by_age(FLOWS, RATES, AGES, places=["A"]), "codes"),
        (lambda: split_by_age(FLOWS, RATES, AGES, by_age=[1.0]), "by_age"),
        (lambda: split_by_age([1.0, -1], RATES, AGES, by_age=RATES), "leave by_age out"),
        (lambda: split_by_age(FLOWS, RATES, AGES, sex_shares={"total": 0.5}), "add up"),
        (lambda: split_by_age(FLOWS, RATES, AGES, sex_shares={"total": 2}), "from 0 to 1"),
        (lambda: split_by_age(FLOWS, {"f": RATES}, AGES, sex_shares={"m": 1}), "sex_shares"),
    ],
)
def test_refusals_of_splits(call: object, words: str) -> None:
    with pytest.raises(DataError, match=words):
        call()  # type: ignore[operator]
