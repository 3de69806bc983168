"""Poverty and inequality of households: identities, errors, out of core, with and without remittances."""

from __future__ import annotations

from pathlib import Path

import duckdb
import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from corridors.errors import CorridorsError, DataError, NotFound
from corridors.remittances.welfare import (
    PovertyElasticity,
    allocate,
    fgt,
    fgt_by_group,
    generalised_entropy,
    gini,
    gini_by_source,
    gini_change,
    household_measures,
    known_truth,
    macro_effect,
    poverty_elasticity,
    survey_design,
    survey_measures,
    watts,
    without_remittances,
)
from corridors.remittances.welfare.survey import linearised_variance, rescaled_weights

ROWS = st.lists(st.tuples(st.floats(0.01, 1e4), st.floats(0.1, 100.0)), min_size=2, max_size=40)
LINE = st.floats(0.1, 1e4)


@given(ROWS, LINE, st.floats(0.01, 100), st.randoms())
def test_identities_of_poverty(rows, line, scale, shuffle) -> None:
    y, w = np.array(rows).T
    poor, gap, severity = (fgt(y, line, a, weights=w) for a in (0, 1, 2))
    assert 0 <= severity <= gap * (1 + 1e-12)
    assert gap <= poor * (1 + 1e-12)
    assert poor <= 1 + 1e-12
    assert watts(y, line, weights=w) >= gap - 1e-12
    assert fgt(y * scale, line * scale, 1, weights=w) == pytest.approx(gap, rel=1e-9, abs=1e-12)
    assert fgt(y, line, 1, weights=w * scale) == pytest.approx(gap, rel=1e-9, abs=1e-12)
    order = list(range(len(y)))
    shuffle.shuffle(order)
    assert fgt(y[order], line, 2, weights=w[order]) == pytest.approx(severity, rel=1e-9, abs=1e-12)
    assert gini(y[order], weights=w[order]) == pytest.approx(gini(y, weights=w), rel=1e-9, abs=1e-9)


@given(ROWS, LINE, st.floats(0, 4), st.data())
def test_poverty_adds_up_over_groups(rows, line, alpha, data) -> None:
    y, w = np.array(rows).T
    groups = data.draw(st.lists(st.sampled_from("abc"), min_size=len(y), max_size=len(y)))
    parts = fgt_by_group(y, line, groups, alpha, weights=w)
    assert sum(p * s for p, s in parts.values()) == pytest.approx(fgt(y, line, alpha, weights=w), abs=1e-10)


@given(st.lists(st.tuples(st.integers(1, 20), st.integers(1, 5)), min_size=2, max_size=20), st.floats(1.2, 5))
def test_a_weight_of_two_is_two_rows(rows, aversion) -> None:
    y, w = np.array(rows, dtype=float).T
    twice = np.repeat(y, w.astype(int))
    assert gini(y, weights=w, aversion=aversion) == pytest.approx(gini(twice, aversion=aversion), abs=1e-10)
    assert fgt(y, 10, 1, weights=w) == pytest.approx(fgt(twice, 10, 1), abs=1e-12)


def test_gini_is_half_the_relative_mean_difference() -> None:
    y = np.random.default_rng(0).lognormal(size=300)
    assert gini(y) == pytest.approx(np.abs(y[:, None] - y).mean() / (2 * y.mean()), rel=1e-12)


def test_lognormal_closed_forms() -> None:
    s, z = 0.8, 0.9
    y = np.exp(s * norm.ppf((np.arange(200_000) + 0.5) / 200_000))
    at = np.log(z) / s
    assert fgt(y, z) == pytest.approx(norm.cdf(at), abs=1e-5)
    assert fgt(y, z, 1) == pytest.approx(norm.cdf(at) - np.exp(s * s / 2) / z * norm.cdf(at - s), abs=1e-5)
    assert watts(y, z) == pytest.approx(s * (at * norm.cdf(at) + norm.pdf(at)), abs=1e-5)
    assert gini(y) == pytest.approx(2 * norm.cdf(s / np.sqrt(2)) - 1, abs=1e-4)
    assert generalised_entropy(y, 0) == pytest.approx(s * s / 2, abs=1e-3)
    assert generalised_entropy(y, 1) == pytest.approx(s * s / 2, abs=1e-3)


@given(ROWS, st.data(), st.sampled_from([2.0, 1.5, 3.0]))
def test_sources_add_up(rows, data, aversion) -> None:
    wages, w = np.array(rows).T
    sent = np.array(data.draw(st.lists(st.floats(0, 1e3), min_size=len(w), max_size=len(w))))
    parts = gini_by_source({"wages": wages, "remittances": sent}, weights=w, aversion=aversion)
    assert parts.gini == pytest.approx(gini(wages + sent, weights=w, aversion=aversion), abs=1e-9)
    assert parts.contribution.sum() == pytest.approx(parts.gini, abs=1e-9)
    assert parts.share.sum() == pytest.approx(1)
    if parts.gini > 1e-6:
        assert parts.elasticity.sum() == pytest.approx(0, abs=1e-7)
        assert parts.to_polars().height == 2
    if np.isfinite(parts.own_gini * parts.correlation).all():
        product = parts.share * parts.own_gini * parts.correlation
        assert product == pytest.approx(parts.contribution, abs=1e-9)


def test_elasticity_is_the_slope() -> None:
    rng = np.random.default_rng(1)
    sources = {"wages": rng.lognormal(size=4000), "remittances": np.where(rng.random(4000) < 0.2, 1.7, 0.0)}
    slope = gini_change(sources, {"remittances": 1e-4}) / 1e-4
    assert slope == pytest.approx(gini_by_source(sources).elasticity[1], abs=2e-3)


def test_rural_mexico() -> None:
    """Taylor and others (2005): S G R / G and the effect of ten per cent more, from printed roundings."""
    share = np.array([0.045, 0.140, 0.020, 0.288, 0.117, 0.390])
    own = np.array([0.79, 0.95, 0.96, 1.00, 0.82, 0.80])
    correlation = np.array([0.29, 0.78, 0.36, 0.75, 0.37, 0.78])
    part = share * own * correlation / 0.61
    assert part[1] == pytest.approx(0.170, abs=5e-4)
    assert 0.28 <= round(10 * (part[1] - share[1]), 2) <= 0.30
    assert (share * own * correlation).sum() == pytest.approx(0.616, abs=1e-3)


def sample(n: int = 2400, seed: int = 0) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(seed)
    stratum, cluster = np.repeat(np.arange(4), n // 4), np.repeat(np.arange(n // 20), 20)
    effect = rng.normal(0, 0.3, n // 20)[cluster] + 0.2 * stratum
    return {"y": np.round(np.exp(effect + rng.normal(0, 0.6, n)), 2) + 0.01, "w": rng.uniform(1, 5, n),
            "stratum": stratum, "cluster": cluster}  # fmt: skip


def test_bootstrap_and_linearised_errors_agree() -> None:
    s = sample()
    known = {"weights": s["w"], "strata": s["stratum"], "cluster": s["cluster"]}
    linear = survey_measures(s["y"], 1.2, **known)
    drawn = survey_measures(s["y"], 1.2, errors="bootstrap", draws=1000, **known)
    assert drawn.error == pytest.approx(linear.error, rel=0.12)
    assert drawn.value == pytest.approx(linear.value)
    assert (linear.error > survey_measures(s["y"], 1.2, weights=s["w"]).error).all()


def test_intervals_cover() -> None:
    rng = np.random.default_rng(5)
    hits = np.zeros(6)
    for _ in range(300):
        found = survey_measures(rng.lognormal(0, 0.8, 400), 0.9, level=0.9)
        at = np.log(0.9) / 0.8
        truth = [norm.cdf(at), norm.cdf(at) - np.exp(0.32) / 0.9 * norm.cdf(at - 0.8)]
        truth += [
            np.nan,
            0.8 * (at * norm.cdf(at) + norm.pdf(at)),
            2 * norm.cdf(0.8 / np.sqrt(2)) - 1,
            np.exp(0.32),
        ]
        hits += (found.lower <= truth) & (truth <= found.upper)
    assert (np.delete(hits, 2) / 300 > 0.84).all()


def test_linearised_variance_of_a_mean() -> None:
    y = np.random.default_rng(2).normal(5, 1, 50)
    variance = linearised_variance(survey_design(50), (y - y.mean())[:, None])
    assert variance[0, 0] == pytest.approx(y.var(ddof=1) / 50)


def test_bootstrap_weights_keep_strata() -> None:
    s = sample()
    design = survey_design(len(s["y"]), strata=s["stratum"], cluster=s["cluster"])
    for weight in rescaled_weights(design, 5):
        assert np.bincount(s["stratum"], weights=weight) == pytest.approx(np.full(4, 600.0))


@pytest.mark.parametrize("design", [{}, {"strata": "stratum"}, {"cluster": "cluster"},
                                    {"strata": "stratum", "cluster": "cluster"}])  # fmt: skip
def test_out_of_core_equals_in_memory(tmp_path: Path, design: dict[str, str], monkeypatch) -> None:
    monkeypatch.setattr("corridors.remittances.welfare.microdata._BATCH", 97)
    s = sample()
    rng = np.random.default_rng(9)
    size, sent = 2 ** rng.integers(0, 4, len(s["y"])), np.where(rng.random(len(s["y"])) < 0.2, 1.0, 0.0)
    frame = pl.DataFrame({"wages": s["y"], "remit": sent, "size": size, **s})
    path = tmp_path / "homes.parquet"
    frame.write_parquet(path)
    found = household_measures(path, 0.5, ["wages", "remit"], weight="w", size="size", **design)
    labels = {"strata": s["stratum"] if "strata" in design else None,
              "cluster": s["cluster"] if "cluster" in design else None}  # fmt: skip
    plain = survey_measures((s["y"] + sent) / size, 0.5, weights=s["w"] * size, **labels)
    assert found.measures.value == pytest.approx(plain.value, rel=1e-10)
    assert found.measures.error == pytest.approx(plain.error, rel=1e-8)
    assert found.measures.upper == pytest.approx(plain.upper, rel=1e-8)
    parts = gini_by_source({"wages": s["y"] / size, "remit": sent / size}, weights=s["w"] * size)
    assert found.sources is not None
    assert found.sources.elasticity == pytest.approx(parts.elasticity, abs=1e-10)
    assert found.sources.own_gini == pytest.approx(parts.own_gini, abs=1e-10)
    assert "households" in found.summary()
    assert found.to_polars().height == 6


def test_frames_and_relations_are_households_too() -> None:
    frame = pl.DataFrame({"y": [1.0, 2.0, 3.0, 4.0], "odd \"name'": [1.0, 0, 0, 1]})
    with duckdb.connect() as connection:
        connection.register("homes", frame.to_arrow())
        related = household_measures(connection.sql("SELECT * FROM homes"), 2.5, "y")
    plain = household_measures(frame, 2.5, "y")
    assert related.measures.value == pytest.approx(plain.measures.value)
    assert plain.measures["gini"] == pytest.approx(0.25)
    assert household_measures(frame.lazy(), 2.5, ["y", "odd \"name'"]).sources is not None


@pytest.mark.parametrize(
    ("columns", "options", "words"),
    [
        ({"y": [1.0, float("nan")]}, {}, "missing or infinite: 1 of 2"),
        ({"y": [1.0, None]}, {}, "missing or infinite"),
        ({"y": [1.0, 2.0], "w": [1.0, 0.0]}, {"weight": "w"}, "must be positive"),
        ({"y": [1.0, 2.0], "n": [1, -1]}, {"size": "n"}, "must be positive"),
        ({"y": [1.0, 2.0], "c": [1, 1]}, {"cluster": "c"}, "single cluster"),
        ({"y": [1.0, 2.0], "c": [1, None]}, {"cluster": "c"}, "missing labels"),
        ({"y": [1.0, 2.0]}, {"weight": "none"}, "no column 'none'"),
        ({"y": [-1.0, -2.0]}, {}, "mean"),
        ({"y": pl.Series([], dtype=pl.Float64)}, {}, "no rows"),
    ],
)
def test_bad_households_are_refused(columns, options, words) -> None:
    with pytest.raises(CorridorsError, match=words):
        household_measures(pl.DataFrame(columns), 1.0, "y", **options)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="nothing"):
        household_measures(tmp_path / "nothing.parquet", 1.0, "y")


def test_zero_incomes_are_noted_not_dropped() -> None:
    frame = pl.DataFrame({"y": [0.0, 1.0, 2.0, 3.0]})
    for found in (household_measures(frame, 1.5, "y").measures, survey_measures([0, 1, 2, 3], 1.5)):
        assert np.isnan(found["watts"])
        assert "zero or negative" in found.note[0]
        assert found.to_polars().filter(measure="watts")["value"].to_list() == [None]
        assert found["headcount"] == 0.5
    held = household_measures(frame, 1.5, "y", floor=0.1).measures
    assert held["watts"] == pytest.approx(survey_measures([0, 1, 2, 3], 1.5, floor=0.1)["watts"])
    assert held.error == pytest.approx(survey_measures([0, 1, 2, 3], 1.5, floor=0.1).error)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: fgt([1, np.nan], 1), "rows 1"),
        (lambda: fgt([], 1), "at least one row"),
        (lambda: fgt([1, 2], 0), "poverty line must be positive"),
        (lambda: fgt([1, 2], -1), "poverty line must be positive"),
        (lambda: fgt([1, 2], 1, -1), "alpha"),
        (lambda: fgt([1, 2], 1, weights=[1, 0]), "weights must be positive"),
        (lambda: fgt([1, 2], 1, weights=[1, -2]), "weights must be positive"),
        (lambda: fgt([1, 2], 1, weights=[1]), "shape"),
        (lambda: watts([0, 2], 1), "1 incomes are zero or negative"),
        (lambda: watts([1, 2], 1, floor=2), "floor"),
        (lambda: gini([-1, -2]), "mean"),
        (lambda: gini([1, 2], aversion=1), "aversion"),
        (lambda: generalised_entropy([0, 1], 0), "not defined"),
        (lambda: gini_by_source({}), "at least one source"),
        (lambda: gini_by_source({"a": [1], "b": [1, 2]}), "different numbers"),
        (lambda: gini_change({"a": [1, 2]}, {"b": 0.1}), "no source is called 'b'"),
        (lambda: survey_design(3, strata=["a", "a", "b"]), "'b'"),
        (lambda: survey_measures([1, 2], 1, errors="guess"), "unknown errors"),
        (lambda: survey_measures([1, 2], 1, errors="bootstrap", draws=3), "too few"),
        (lambda: survey_measures([1, 2], 1, level=2), "level"),
        (lambda: without_remittances([1, 2], [2, 0], 1, method="naive"), "between zero and income"),
        (lambda: without_remittances([1, 2], [0, 0], 1, method="naive"), "some households must receive"),
        (lambda: without_remittances([1, 2], [1, 0], 1, method="imputed"), "needs covariates"),
        (lambda: without_remittances([1, 2], [1, 0], 1, method="magic"), "unknown method"),
        (lambda: allocate([0, 0], 0.1, "neutral"), "somebody must receive"),
        (lambda: allocate([1, 0], -2, "neutral"), "below -1"),
        (lambda: allocate([1, 0], 0.1, "magic"), "unknown mode"),
        (lambda: macro_effect(1.2, 0.1), "fraction"),
        (lambda: macro_effect(0.2, -3), "leaves nothing"),
        (lambda: poverty_elasticity("weather"), "no elasticity"),
    ],
)
def test_bad_input_is_refused_in_words(call, words) -> None:
    with pytest.raises(CorridorsError, match=words):
        call()


# With and without remittances -----------------------------------------------------------------


def test_the_choice_of_counterfactual_changes_the_sign() -> None:
    """Naive removal overstates, prediction without residuals has the wrong sign, draws find the truth."""
    world = known_truth()
    line = world.line
    true = np.array([fgt(world.income, line, a) - fgt(world.without, line, a) for a in (0, 1, 2)])
    assert true[0] == pytest.approx(-0.025, abs=0.003)
    data = {"income": world.income, "remittances": world.remittances, "line": line}
    naive = without_remittances(**data, method="naive")
    assert naive["headcount"] < 3 * true[0]
    flat = without_remittances(**data, method="imputed", covariates=world.covariates, residuals="none")
    assert flat["headcount"] > 0
    for residuals in ("normal", "empirical"):
        found = without_remittances(
            **data, method="imputed", covariates=world.covariates, residuals=residuals
        )
        assert found.effect[:3] == pytest.approx(true, abs=0.004)
        assert (np.abs(found.effect[:3] - true) < 2.5 * found.error[:3]).all()
        assert (found.error > naive.error * 0.99)[:3].all()
        assert (found.bounds.min(1) <= found.effect)[:4].all()
        assert (found.effect <= found.bounds.max(1))[:4].all()
        assert found.draws == 20
    assert "20 draws" in found.summary()
    assert found.to_polars().height == 6


def test_selection_on_what_is_not_observed_is_corrected() -> None:
    rng = np.random.default_rng(3)
    n = 30_000
    school, network = rng.normal(size=(2, n))
    u = rng.multivariate_normal([0, 0], [[1, 0.6], [0.6, 1]], n)
    home = np.exp(1.0 + 0.4 * school + 0.6 * u[:, 0])
    leaves = -0.4 + 0.8 * network + u[:, 1] > 0
    sent = np.where(leaves, 0.4 * home, 0)
    income = np.where(leaves, 0.6 * home, home) + sent
    truth = fgt(income, 2.0) - fgt(home, 2.0)
    data = {"income": income, "remittances": sent, "line": 2.0, "method": "imputed", "covariates": school}
    plain = without_remittances(**data)
    corrected = without_remittances(**data, selection=np.column_stack([school, network]))
    assert abs(plain["headcount"] - truth) > 0.03
    assert corrected["headcount"] == pytest.approx(truth, abs=0.015)


def test_imputation_is_reproducible_and_wants_enough_draws() -> None:
    world = known_truth(600)
    data = {"income": world.income, "remittances": world.remittances, "line": 2.5, "method": "imputed",
            "covariates": world.covariates}  # fmt: skip
    assert (without_remittances(**data, seed=4).effect == without_remittances(**data, seed=4).effect).all()
    with pytest.raises(DataError, match="too few"):
        without_remittances(**data, draws=5)
    with pytest.raises(DataError, match="unknown residuals"):
        without_remittances(**data, residuals="magic")
    with pytest.raises(DataError, match="normal residuals"):
        without_remittances(**data, residuals="empirical", selection=world.covariates)
    with pytest.raises(DataError, match="covariates"):
        without_remittances(**{**data, "covariates": world.covariates[:5]})


@settings(max_examples=50)
@given(st.lists(st.tuples(st.floats(0, 50), st.floats(0.5, 5), st.sampled_from("ab")), min_size=3),
       st.floats(-1, 3), st.sampled_from(["neutral", "extensive"]))  # fmt: skip
def test_allocation_meets_its_total(rows, growth, mode) -> None:
    sent, w, cells = (np.array(x) for x in zip(*rows, strict=True))
    sent[0] = 10.0
    made = allocate(sent, growth, mode, weights=w, cells=cells)
    assert w @ made == pytest.approx((1 + growth) * (w @ sent), rel=1e-9, abs=1e-9)
    assert (made >= 0).all()
    if mode == "neutral" or growth <= 0:
        assert made == pytest.approx(sent * (1 + growth))
    if growth == 0:
        assert made == pytest.approx(sent)


def test_extensive_growth_reaches_new_households() -> None:
    sent = np.array([10.0, 20, 0, 0, 0, 0])
    made = allocate(sent, 1.0, "extensive", seed=1)
    assert (made[:2] == sent[:2]).all()
    assert (made > 0).sum() > 2


# Cross-country elasticities ---------------------------------------------------------------------


def test_adams_and_page() -> None:
    assert macro_effect(0.4, 0.10).after == pytest.approx(0.4 * (1 - 0.035))
    assert macro_effect(1.0, 0.10, form="constant").after == pytest.approx(0.967, abs=5e-4)
    migrants = macro_effect(0.4, 0.10, elasticity=poverty_elasticity("migrants"))
    assert migrants.after == pytest.approx(0.4 * (1 - 0.021))
    assert "no interval" in migrants.summary()
    assert migrants.to_polars()["lower"].to_list() == [None]


def test_an_elasticity_with_a_standard_error_has_an_interval() -> None:
    own = PovertyElasticity(-0.3, 0.1, "remittances", "poor", "made up", "this test", "unverified")
    found = macro_effect(0.4, 0.1, elasticity=own, level=0.8)
    assert found.lower < found.after < found.upper
    assert found.after - found.lower == pytest.approx(0.4 * 0.1 * 0.1 * 1.2816, rel=1e-3)
    assert "interval" in found.summary()


def test_macro_and_micro_are_never_stacked() -> None:
    macro = macro_effect(0.4, 0.1)
    micro = without_remittances([1, 2, 3, 4], [0, 0, 1, 0], 2.5, method="naive")
    with pytest.raises(DataError, match="can not be stacked"):
        macro + micro
    with pytest.raises(DataError, match="can not be stacked"):
        micro + macro
    with pytest.raises(DataError, match="can not be added"):
        macro + macro_effect(0.3, 0.2)
    with pytest.raises(DataError, match="can not be added"):
        sum([macro, macro])
