"""Published deciles: curves, interpolation, golden numbers, accuracy, remittances by country."""

from __future__ import annotations

import importlib.util
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from conftest import FULL_DATA, ROOT
from corridors.errors import CorridorsError
from corridors.remittances.welfare import (
    Beta,
    Distribution,
    Interpolated,
    Lognormal,
    Quadratic,
    fgt,
    fit_grouped,
    fit_points,
    gini,
    remove_from_groups,
    typical_error,
    watts,
)

SURVEYS = FULL_DATA / "pip_ppp2017_distribution_deciles_2022-09.csv.gz"
P = [0.0092, 0.0339, 0.085, 0.164, 0.2609, 0.4133, 0.5497, 0.7196, 0.8196, 0.9174, 0.957, 0.9751, 1]
L = [0.00208, 0.01013, 0.03122, 0.07083, 0.12808, 0.23498, 0.34887,
     0.51994, 0.6427, 0.79201, 0.86966, 0.91277, 1]  # fmt: skip
GD_EX2 = [3.462, 4.439, 5.376, 6.321, 7.327, 8.465, 9.856, 11.76, 14.99, 28.0]
FIFTHS, CUTS = [8, 13, 17, 23, 39], [2.6, 3.7, 5.0, 7.3]


# Golden numbers -------------------------------------------------------------------------------


def test_datt_rural_india_1983() -> None:
    fit = fit_points(P, L, 109.9, form="quadratic").distribution
    assert isinstance(fit, Quadratic)
    assert (fit.a, fit.b, fit.c) == pytest.approx((0.8877478, -1.4514459, 0.2026400), abs=5e-8)
    found = [fit.fgt(89, 0), fit.fgt(89, 1), fit.fgt(89, 2), fit.gini()]
    assert found == pytest.approx([0.4506148, 0.1247467, 0.0475200, 0.2890171], abs=6e-8)
    curve = fit_points(P, L, 109.9, form="beta").distribution
    assert isinstance(curve, Beta)
    assert (curve.theta, curve.gamma, curve.delta) == pytest.approx(
        (0.5613532, 0.9309501, 0.5800259), abs=6e-8
    )
    found = [curve.fgt(89, 0), curve.fgt(89, 1), curve.published_severity(89), curve.gini()]
    assert found == pytest.approx([0.4511733, 0.1273534, 0.0496634, 0.2894045], abs=6e-8)
    assert curve.fgt(89, 2) < curve.published_severity(89)


def test_world_bank_code() -> None:
    fit = Quadratic(51.5660557757944, 0.795981535745657, -1.4445933880119242, 0.14728191995919815)
    z = 57.791666666666664
    found = [fit.fgt(z, 0), fit.fgt(z, 1), fit.fgt(z, 2), fit.gini(), fit.median()]
    assert found == pytest.approx(
        [0.760058105, 0.27617606019, 0.12832887440, 0.32126464222, 42.24778247], abs=3e-8
    )
    assert fit.watts(z) == pytest.approx(0.38177, abs=5e-6)


def test_sample_of_pip() -> None:
    """The test of wbpip prints the deciles of its fit to five digits: enough for four of the headcount."""
    fit = fit_grouped(GD_EX2, 2.911786, line=1.9)
    found = [fit.distribution.fgt(1.9, a) for a in (0, 1, 2)] + [fit.distribution.gini()]
    assert fit.form == "quadratic"
    assert found == pytest.approx([0.3713033, 0.1002854, 0.03617225, 0.3466288], abs=6e-5)
    assert fit.distribution.median() == pytest.approx(2.29062, abs=1e-4)


# Identities -----------------------------------------------------------------------------------


@pytest.mark.parametrize("sigma", [0.3, 0.8, 1.2])
def test_lognormal_closed_forms(sigma: float) -> None:
    curve = Lognormal(5.0, sigma)
    z = 2.15
    at = np.log(z / 5) / sigma + sigma / 2

    def part(k: int) -> float:
        return float(np.exp(k * (k - 1) * sigma**2 / 2) * (5 / z) ** k * norm.cdf(at - k * sigma))

    assert Distribution.headcount(curve, z) == pytest.approx(curve.headcount(z), abs=1e-12)
    assert Distribution.gini(curve) == pytest.approx(curve.gini(), abs=1e-9)
    assert curve.fgt(z, 1) == pytest.approx(part(0) - part(1), abs=1e-12)
    assert curve.fgt(z, 2) == pytest.approx(part(0) - 2 * part(1) + part(2), abs=1e-9)
    assert curve.watts(z) == pytest.approx(sigma * (at * norm.cdf(at) + norm.pdf(at)), abs=1e-9)
    step = (Lognormal(5.0005, sigma).headcount(z) / curve.headcount(z) - 1) / 1e-4
    assert curve.growth_elasticity(z) == pytest.approx(step, rel=1e-2)
    fit = fit_grouped(curve.shares(), 5.0, form="lognormal").distribution
    assert isinstance(fit, Lognormal)
    assert fit.sigma == pytest.approx(sigma, abs=1e-5)
    cuts = curve.quantile(np.arange(1, 10) / 10)
    inner = fit_grouped(curve.shares(), 5.0, thresholds=cuts).distribution
    for p in (0.15, 0.33, 0.5, 0.77):
        assert inner.headcount(float(curve.quantile(p))) == pytest.approx(p, abs=1e-3)


@st.composite
def groups(draw: st.DrawFn) -> tuple[list[float], list[float], float]:
    """Tenths of a made-up population, consistent by construction."""
    sigma, seed = draw(st.floats(0.2, 1.5)), draw(st.integers(0, 1000))
    rng = np.random.default_rng(seed)
    people = np.sort(np.exp(sigma * rng.normal(size=400)) + 0.3 * rng.random())
    tenths = people.reshape(10, -1)
    cuts = (tenths[:-1, -1] + tenths[1:, 0]) / 2
    return (tenths.sum(1) / people.sum()).tolist(), cuts.tolist(), float(people.mean())


@settings(max_examples=60, deadline=None)
@given(groups(), st.floats(0.05, 5), st.floats(0.1, 10))
def test_interpolation_meets_everything_published(made, where, scale) -> None:
    shares, cuts, mean = made
    found = Interpolated.of(shares, cuts, mean)
    assert [found.headcount(z) for z in cuts] == pytest.approx(np.arange(1, 10) / 10, abs=1e-9)
    if not found.note:
        assert found.shares() == pytest.approx(shares, abs=1e-9)
    line = where * mean
    poor, gap, severity = (found.fgt(line, a) for a in (0, 1, 2))
    assert 0 <= severity <= gap + 1e-7
    assert gap <= poor <= 1
    assert found.watts(line) >= gap - 1e-7
    grown = Interpolated.of(shares, np.array(cuts) * scale, mean * scale)
    assert grown.fgt(line * scale, 1) == pytest.approx(gap, abs=1e-9)
    # The same numbers from the curve as a sample.
    people = found.people(5000)
    assert fgt(people, line) == pytest.approx(poor, abs=3e-3)
    assert fgt(people, line, 1) == pytest.approx(gap, abs=1e-3)
    assert gini(people) == pytest.approx(found.gini(), abs=2e-3)
    assert watts(people, line) == pytest.approx(found.watts(line), rel=0.03, abs=2e-3)


@settings(max_examples=40, deadline=None)
@given(groups(), st.floats(0, 1))
def test_quantile_undoes_headcount(made, p) -> None:
    found = Interpolated.of(*made)
    p = 0.001 + 0.998 * p
    assert found.headcount(float(found.quantile(p))) == pytest.approx(p, abs=1e-6)
    step = (found.lorenz(p + 1e-6) - found.lorenz(p - 1e-6)) / 2e-6 * found.mean
    assert float(step) == pytest.approx(float(found.quantile(p)), rel=1e-2)


def test_a_mean_on_its_threshold_is_moved_and_noted() -> None:
    found = Interpolated.of(FIFTHS, [2.6, 3.25, 5.0, 7.3], 5.0)
    assert "group 2 moved" in found.note[0]
    assert fit_grouped(FIFTHS, 5.0, thresholds=[2.6, 3.25, 5.0, 7.3]).measures(3.0).note == found.note
    tied = Interpolated.of(FIFTHS, [2.6, 3.7, 3.7, 7.3], 5.0)
    assert tied.headcount(3.7) == pytest.approx(0.4, abs=1e-9)


@settings(max_examples=40, deadline=None)
@given(groups(), st.floats(0.2, 3))
def test_curves_keep_the_order_of_measures(made, where) -> None:
    shares, _, mean = made
    fit = fit_grouped(shares, mean, line=where * mean)
    poor, gap, severity = (fit.distribution.fgt(where * mean, a) for a in (0, 1, 2))
    assert 0 <= poor <= 1
    assert gap <= poor + 1e-9
    assert severity <= max(gap, 0) + 2e-3
    assert fit.reason
    assert set(fit.misfit) == {"quadratic", "beta", "lognormal"}


def test_the_choice_is_stated_and_carries_its_error() -> None:
    rule = fit_grouped(GD_EX2, 2.9, line=1.9)
    asked = fit_grouped(GD_EX2, 2.9, line=1.9, form="lognormal")
    close = fit_grouped(FIFTHS, 5.0, thresholds=CUTS)
    free = fit_grouped(GD_EX2, 2.9)
    assert "rule of PIP" in rule.reason
    assert "closest" in free.reason
    assert asked.reason == "asked for"
    assert "squared misfit" in rule.summary()
    width = [
        np.diff(f.measures(z).interval("headcount"))[0] for f, z in ((close, 3.0), (rule, 1.9), (asked, 1.9))
    ]
    assert width[0] < width[1] < width[2]
    assert np.isnan(close.measures(3.0).interval("gini")[0])


def test_curves_of_nonsense_fall_back_to_the_lognormal() -> None:
    bad = [0.0001, 0.0001, 0.0001, 0.0001, 0.0001, 0.0001, 0.0001, 0.0001, 0.0001, 0.9991]
    fit = fit_grouped(bad, 5.0, line=1.0)
    assert fit.form in ("beta", "quadratic", "lognormal")
    assert 0 <= fit.distribution.headcount(1.0) <= 1


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: fit_grouped([10, 20, 30, 30], 5.0), "sum to 90, not to 100"),
        (lambda: fit_grouped([0.3, 0.3, 0.3, 0.3], 5.0), "sum to 1.2, not to 1"),
        (lambda: fit_grouped([40, 30, 20, 10], 5.0), "must rise"),
        (lambda: fit_grouped([-10, 20, 40, 50], 5.0), "not be negative"),
        (lambda: fit_grouped([10, 20, np.nan, 40], 5.0), "missing"),
        (lambda: fit_grouped([50, 50], 5.0), "at least four"),
        (lambda: fit_grouped([25, 25, 25, 25], 5.0), "line of equality"),
        (lambda: fit_grouped(FIFTHS, 5.0, form="magic"), "unknown form"),
        (lambda: fit_grouped(FIFTHS, 5.0, form="interpolated"), "needs thresholds"),
        (lambda: fit_grouped(FIFTHS, 5.0, thresholds=[1, 2]), "4 thresholds, not 2"),
        (lambda: fit_grouped(FIFTHS, 5.0, thresholds=[2, 1, 3, 4]), "must not fall"),
        (lambda: fit_grouped(FIFTHS, 0.0, thresholds=CUTS), "mean must be positive"),
        (lambda: fit_grouped(FIFTHS, 5.0, thresholds=CUTS).measures(0.0), "line must be positive"),
        (lambda: fit_grouped(FIFTHS, 5.0, thresholds=CUTS).measures(3.0, level=0.7), "not measured"),
        (lambda: fit_points([0.5, 1.0], [0.2, 1.0], 5.0), "four points"),
        (lambda: fit_points([0.2, 0.5, 0.7, 0.9], [0.1, 0.2, 0.5, 0.8], 5.0), "rise from above zero"),
        (lambda: Lognormal.of_gini(5.0, 1.2), "between 0 and 1"),
        (lambda: Lognormal(5.0, 0.5).fgt(2.0, -1), "alpha"),
        (lambda: typical_error("magic", "below"), "not measured"),
        (lambda: remove_from_groups(Lognormal(5.0, 0.5), 9.0, 2.0), "do not fit a mean"),
        (lambda: remove_from_groups(Lognormal(5.0, 0.5), 1.0, 2.0, receiving=0), "fraction receiving"),
        (lambda: remove_from_groups(Lognormal(5.0, 0.5), 1.0, 2.0, recipient_share=[0.5, 0.2]), "sum to one"),
        (
            lambda: remove_from_groups(Lognormal(5.0, 0.5), 1.0, 2.0, recipient_share=[1 / 7] * 7),
            "equal groups",
        ),
        (lambda: remove_from_groups(Lognormal(5.0, 0.5), 1.0, 2.0, recipient_share=[1] + [0] * 9), "group 1"),
    ],
)
def test_bad_input_is_refused_in_words(call, words) -> None:
    with pytest.raises(CorridorsError, match=words):
        call()


# Accuracy against microdata -------------------------------------------------------------------


def bench() -> ModuleType:
    spec = importlib.util.spec_from_file_location("bench_welfare", ROOT / "bench" / "welfare.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.skipif(
    not SURVEYS.exists(), reason=f"{SURVEYS} is not there: the surveys of PIP are not in the package"
)
def test_headcounts_of_two_thousand_surveys() -> None:
    made = bench()
    made.FORMS = ("interpolated",)
    errors = made.survey_errors(SURVEYS)
    assert errors["refused"].null_count() == errors.height if "refused" in errors.columns else True
    inside = errors.filter("inside")
    assert inside.height > 2500
    for cases in (inside, inside.filter("held_out")):
        size = cases["headcount_ratio"].abs()
        assert size.median() <= 0.08
        assert (size <= 0.5).mean() >= 0.974
    found = made.accuracy(errors)
    for zone in ("below", "between", "above"):
        stated = 100 * typical_error("interpolated", zone, 0.8)
        measured = [found.filter(zone=zone, measure=m)["q80"][0] for m in made.MEASURES]
        assert stated == pytest.approx(measured, abs=6e-4)


@pytest.mark.skipif(
    not SURVEYS.exists(), reason=f"{SURVEYS} is not there: the surveys of PIP are not in the package"
)
def test_stated_errors_of_curves() -> None:
    made = bench()
    errors = made.survey_errors(SURVEYS, every=10)
    found = made.accuracy(errors)
    for form in ("best", "quadratic", "beta", "lognormal"):
        stated = 100 * typical_error(form, "between", 0.8)[0]
        measured = found.filter(form=form, zone="between", measure="headcount_ratio")["q80"][0]
        assert measured == pytest.approx(stated, rel=0.35)


# With and without remittances -----------------------------------------------------------------


def test_no_remittances_change_nothing() -> None:
    found = remove_from_groups(Lognormal(5.0, 0.7), 0.0, 2.15)
    assert found.without_value == pytest.approx(np.tile(found.with_value, (4, 1)), abs=1e-12)


@settings(max_examples=25, deadline=None)
@given(st.floats(0.01, 0.6), st.floats(0.3, 1.2), st.floats(0.2, 1))
def test_removal_keeps_money_and_order(part, sigma, receiving) -> None:
    curve = Lognormal(5.0, sigma)
    found = remove_from_groups(curve, 5 * part, 3.0, receiving=receiving)
    low, high = found.bounds()
    assert (low <= high + 1e-12).all()
    assert (found.without_value[:, :3] >= found.with_value[:3] - 1e-9).all()
    if receiving == 1:
        who = found.incidence.index("proportional")
        assert found.without_value[who, 0] == pytest.approx(
            Lognormal(5 * (1 - part), sigma).headcount(3.0), abs=2e-3
        )
    rich = found.without_value[found.incidence.index("richest")]
    poor = found.without_value[found.incidence.index("poorest")]
    assert rich[1] <= poor[1] + 1e-9
    assert found.to_polars().height == 16
    assert "headcount" in found.summary()


def test_given_incidence_lies_between_the_extremes() -> None:
    curve = Lognormal(5.0, 0.7)
    bounds = remove_from_groups(curve, 0.4, 2.15).bounds()
    found = remove_from_groups(curve, 0.4, 2.15, recipient_share=np.arange(1, 11) / 55)
    assert found.incidence == ("given",)
    assert (bounds[0][1] <= found.without_value[0, 1] <= bounds[1][1]).all()


@pytest.mark.parametrize("mean", [-3.0, 0.0, float("inf"), float("nan")])
@pytest.mark.parametrize("thresholds", [None, [1.5, 2.2, 3.0, 4.5]])
def test_a_mean_that_can_not_be_is_refused_on_every_path(mean: float, thresholds: list[float] | None) -> None:
    with pytest.raises(CorridorsError, match="the mean must be positive"):
        fit_grouped([5, 9, 14, 22, 50], mean, thresholds=thresholds)


def test_thresholds_of_another_unit_are_refused() -> None:
    """A monthly threshold beside a daily mean, in which group means would move 22-fold."""
    with pytest.raises(
        CorridorsError, match=r"thresholds contradict shares and mean\s+group 2: its mean is 1.35"
    ):
        fit_grouped([5, 9, 14, 22, 50], 3.0, thresholds=[30, 50, 80, 130])
