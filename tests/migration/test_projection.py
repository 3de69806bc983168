"""Projection of net-migration rates: blocks against integrals, scores, forecasts, real years."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from corridors import packaged
from corridors.errors import DataError, InfeasibleError
from corridors.migration.projection import (
    ChangeLimits,
    NetRatePosterior,
    Prior,
    RatePanel,
    back_test,
    coverage,
    crps,
    diagnose,
    fit_net_rates,
    forecast,
    historical_thresholds,
    net_count,
    net_rate,
    rate_panel,
)
from corridors.migration.projection import gibbs as g
from corridors.migration.projection import hyper as h
from corridors.migration.projection.balance import balance, quantum
from corridors.migration.projection.model import transitions
from corridors.migration.projection.state import ChainState
from corridors.migration.projection.variates import gamma_above, gamma_below, truncated_normal
from corridors.numerics.typing import Array

QUICK = {"draws": 800, "burn_in": 200, "thin": 2}
STEADY = {"draws": 3000, "burn_in": 500, "thin": 6}
"""Enough for a dozen countries to converge."""


def simulated(
    seed: int, countries: int, periods: int, shape: float = 3.0, sd: float = 0.003
) -> tuple[Array, dict[str, Array]]:
    """A panel drawn from the model, with what it was drawn from."""
    rng = np.random.default_rng(seed)
    mu = rng.normal(0.001, 0.005, countries)
    phi = rng.uniform(0, 0.95, countries)
    sigma = np.sqrt(stats.invgamma.rvs(shape, scale=(shape - 1) * sd**2, size=countries, random_state=rng))
    rates = np.empty((countries, periods))
    rates[:, 0] = mu + sigma / np.sqrt(1 - phi**2) * rng.standard_normal(countries)
    for t in range(1, periods):
        rates[:, t] = mu + phi * (rates[:, t - 1] - mu) + sigma * rng.standard_normal(countries)
    return rates, {"mu": mu, "phi": phi, "sigma": sigma}


@pytest.fixture(scope="module")
def world() -> RatePanel:
    figure = packaged.path("evidence/figures").joinpath("population.csv.gz")
    return rate_panel(pl.read_csv(figure.read_bytes()))


@pytest.fixture(scope="module")
def fitted() -> NetRatePosterior:
    return fit_net_rates(simulated(5, 12, 40)[0], **STEADY)


def known_posterior(mu: Array, phi: Array, sigma: Array, like: NetRatePosterior) -> NetRatePosterior:
    """A posterior that knows its parameters."""
    size = (2, 10, mu.size)
    return replace(
        like,
        labels=tuple(f"c{i}" for i in range(mu.size)),
        **{k: np.broadcast_to(v, size) for k, v in (("mu", mu), ("phi", phi), ("sigma", sigma))},
    )


# Random numbers


@pytest.mark.parametrize(
    ("mean", "sd", "low", "high"),
    [
        (0.4, 0.2, 0, 1), (-3, 0.5, 0, 1), (7, 0.4, 0, 1), (0.5, 1e9, 0, 1),
        (-40, 1, 0, 1), (60, 1, 0, 1), (0, 1, -1, np.inf), (0, 1, -np.inf, -35),
    ],
)  # fmt: skip
def test_truncated_normal_is_that_of_scipy(mean: float, sd: float, low: float, high: float) -> None:
    u = np.linspace(0.001, 0.999, 333)
    ours = truncated_normal(mean, sd, low, high, u)
    peer = stats.truncnorm((low - mean) / sd, (high - mean) / sd, mean, sd)
    if sd > 1e6:
        peer = stats.uniform(low, high - low)
    # In the upper tail our numbers fall as the uniform ones rise.
    np.testing.assert_allclose(np.sort(ours), peer.ppf(u), rtol=1e-6, atol=1e-9)
    assert (ours >= low).all()
    assert (ours <= high).all()


@pytest.mark.parametrize(("shape", "edge"), [(0.5, 0.1), (2, 1), (2, 30), (30, 5), (30, 90), (400, 350)])
def test_cut_gammas_follow_the_cut_distribution(shape: float, edge: float) -> None:
    plain, rate = stats.gamma(shape), np.full(20_000, 1.0)
    below = gamma_below(shape, rate, edge, np.random.default_rng(3))
    above = gamma_above(shape, rate, edge, np.random.default_rng(3))
    assert stats.kstest(below, lambda x: plain.cdf(x) / plain.cdf(edge)).pvalue > 1e-3
    assert stats.kstest(above, lambda x: 1 - plain.sf(x) / plain.sf(edge)).pvalue > 1e-3
    assert below.max() <= edge <= above.min()


def test_gammas_cut_beyond_what_a_double_can_weigh() -> None:
    rng = np.random.default_rng(0)
    low = gamma_below(200.0, np.ones(5000), 1e-3, rng)
    high = gamma_above(2.0, np.ones(5000), 2000.0, rng)
    assert low.mean() == pytest.approx(1e-3 * 200 / 201, rel=1e-3)
    assert high.mean() - 2000 == pytest.approx(1.0, rel=0.05)


# Blocks of the sampler against integrals of the joint density, written out anew

PRIOR = Prior.of_period(1)
SERIES = np.array([[0.01, 0.03, 0.02, 0.05, 0.04, 0.02], [np.nan, -0.02, 0.00, 0.01, -0.03, -0.02]])
HERE = {
    "mean": np.array([0.02, -0.01]), "persistence": np.array([0.3, 0.8]),
    "variance": np.array([2e-4, 3e-4]), "location": 0.004, "spread": 0.03, "shape": 2.5, "scale": 4e-4,
}  # fmt: skip


def log_joint(values: dict[str, Any]) -> float:
    """The model of Azose and Raftery, term by term."""
    mu, phi, var = (np.asarray(values[k]) for k in ("mean", "persistence", "variance"))
    total = 0.0
    for c, series in enumerate(SERIES):
        seen = series[np.isfinite(series)]
        off = seen - mu[c]
        total += stats.norm.logpdf(off[1:], phi[c] * off[:-1], np.sqrt(var[c])).sum()
    total += stats.norm.logpdf(mu, values["location"], values["spread"]).sum()
    total += stats.invgamma.logpdf(var, values["shape"], scale=values["scale"]).sum()
    inside = (
        abs(values["location"]) < PRIOR.location
        and values["spread"] < PRIOR.spread
        and 1 < values["shape"] < PRIOR.shape_most
        and values["scale"] < (values["shape"] - 1) * PRIOR.variance_most
        and (np.sqrt(var) > PRIOR.sigma_least).all()
        and ((phi > 0) & (phi < 1)).all()
    )
    return float(total - np.log(values["shape"] - 1)) if inside else -np.inf


def by_integral(name: str, country: int | None, grid: Array) -> tuple[float, float]:
    """Mean and standard deviation of one parameter given all others."""
    logs = []
    for x in grid:
        values: dict[str, Any] = dict(HERE)
        if country is None:
            values[name] = x
        else:
            values[name] = np.array(values[name])
            values[name][country] = x
        logs.append(log_joint(values))
    density = np.exp(np.array(logs) - max(logs)) * np.gradient(grid)
    density /= density.sum()
    mean = float((density * grid).sum())
    return mean, float(np.sqrt((density * (grid - mean) ** 2).sum()))


def state_of(replicates: int) -> ChainState:
    country = {k: np.tile(HERE[k], (replicates, 1)) for k in ("mean", "persistence", "variance")}
    shared = {k: np.full((replicates, 1), HERE[k]) for k in ("location", "spread", "shape", "scale")}
    return ChainState(**country, **shared)


Block = Callable[[ChainState, np.random.Generator], Array]
BLOCKS: dict[str, tuple[Block, Array]] = {
    "persistence": (
        lambda s, rng: g.draw_persistence(transitions(SERIES), s, rng),
        np.linspace(1e-6, 1 - 1e-6, 2001),
    ),
    "mean": (
        lambda s, rng: g.draw_mean(s, *g.evidence(transitions(SERIES), s), rng),
        np.linspace(-0.3, 0.3, 4001),
    ),
    "variance": (
        lambda s, rng: g.draw_variance(transitions(SERIES), s, PRIOR, rng),
        np.geomspace(1.001e-8, 0.05, 4001),
    ),
    "location": (lambda s, rng: h.draw_location(s, PRIOR, rng), np.linspace(-0.0999, 0.0999, 2001)),
    "spread": (lambda s, rng: h.draw_spread(s, PRIOR, rng), np.geomspace(1e-4, 0.09999, 4001)),
    "scale": (lambda s, rng: h.draw_scale(s, PRIOR, rng), np.geomspace(1e-8, 0.01, 4001)),
}


@pytest.mark.parametrize("name", BLOCKS)
def test_block_draws_from_its_conditional(name: str) -> None:
    block, grid = BLOCKS[name]
    n = 100_000
    drawn = block(state_of(n), np.random.default_rng(11))
    for c in range(drawn.shape[1]):
        mean, sd = by_integral(name, c if name in ("mean", "persistence", "variance") else None, grid)
        assert drawn[:, c].mean() == pytest.approx(mean, abs=5 * sd / np.sqrt(n) + 2e-4 * sd)
        # The tail of the inverse gamma is heavy: its variance converges slowly.
        assert drawn[:, c].std() == pytest.approx(sd, rel=0.1 if name == "variance" else 0.02)


def test_shape_and_scale_settle_on_their_joint_conditional() -> None:
    state, rng = state_of(4000), np.random.default_rng(2)
    kept = []
    for i in range(160):
        shape, _ = h.draw_shape(state, PRIOR, np.full((4000, 1), 1.5), rng)
        state = replace(state, shape=shape)
        state = replace(state, scale=h.draw_scale(state, PRIOR, rng))
        if i >= 60:
            kept.append(np.log([state.shape[:, 0] - 1, state.scale[:, 0]]))
    a, b = np.geomspace(1e-6, 8.9999, 800)[:, None], np.geomspace(1e-9, 0.1, 1000)[None, :]
    logs = sum(stats.invgamma.logpdf(v, 1 + a, scale=b) for v in HERE["variance"]) - np.log(a)
    # On logarithmic axes the volume is a times b.
    weight = np.where(b < a * PRIOR.variance_most, np.exp(logs - np.max(logs)) * a * b, 0.0)
    weight /= weight.sum()
    exact = [(weight * np.log(a)).sum(), (weight * np.log(b)).sum()]
    np.testing.assert_allclose(np.mean(kept, axis=(0, 2)), exact, atol=0.03)


@pytest.mark.parametrize("name", ["location", "spread"])
def test_blocks_that_take_the_means_along(name: str) -> None:
    n = 100_000
    state, data = state_of(n), transitions(SERIES)
    block = {"location": h.shift, "spread": h.stretch}[name]
    drawn = block(state, *g.evidence(data, state), PRIOR, np.random.default_rng(12))
    z = (HERE["mean"] - HERE["location"]) / HERE["spread"]
    grid = np.linspace(-0.0999, 0.0999, 4001) if name == "location" else np.geomspace(1e-5, 0.09999, 4001)
    logs = []
    for x in grid:
        values = {**HERE, name: x}
        moved = {**values, "mean": values["location"] + values["spread"] * z}
        # Two means per unit of the spread: the volume they bring along.
        logs.append(log_joint(moved) + (2 * np.log(x) if name == "spread" else 0.0))
    density = np.exp(np.array(logs) - max(logs)) * np.gradient(grid)
    density /= density.sum()
    mean = float((density * grid).sum())
    sd = float(np.sqrt((density * (grid - mean) ** 2).sum()))
    assert drawn.mean() == pytest.approx(mean, abs=5 * sd / np.sqrt(n) + 2e-4 * sd)
    assert drawn.std() == pytest.approx(sd, rel=0.02)


# Recovery and invariance


def test_fit_recovers_what_a_panel_was_drawn_from() -> None:
    rates, truth = simulated(1, 60, 60)
    fit = fit_net_rates(rates, draws=2000, burn_in=500, thin=2)
    assert fit.converged, fit.summary()
    held = 0.0
    for name, values in truth.items():
        low, high = np.quantile(fit.pooled(name), [0.025, 0.975], axis=0)
        inside = float(((low <= values) & (values <= high)).mean())
        # 60 intervals of 95 %: outside 0.85 to 1 lies one panel in 300.
        assert 0.85 <= inside <= 1.0, (name, inside)
        held += inside / 3
    assert 0.90 <= held <= 0.99
    for name, value in {"lambda": 0.001, "tau": 0.005, "a": 3.0, "b": 2 * 0.003**2}.items():
        low, high = np.quantile(fit.hyper[name], [0.005, 0.995])
        assert low <= value <= high, name


def test_five_year_rates_recover_too() -> None:
    rates, truth = simulated(2, 40, 15, sd=0.02)
    fit = fit_net_rates(rates, period=5, draws=2000, burn_in=500, thin=2)
    low, high = np.quantile(fit.pooled("sigma"), [0.025, 0.975], axis=0)
    assert float(((low <= truth["sigma"]) & (truth["sigma"] <= high)).mean()) >= 0.85
    ahead = forecast(fit, rates, None, 3, last_year=2020, trajectories=5, allow_unconverged=True)
    assert ahead.years == (2025, 2030, 2035)


def test_rates_in_another_unit_give_the_same_draws_in_that_unit() -> None:
    rates, _ = simulated(3, 8, 30)
    wide = Prior(1.0, 1.0, 10.0, 1.0, 1e-6)
    big = Prior(1024.0, 1024.0, 10.0, 1024.0**2, 1024e-6)
    # The priors bind to a unit, so only the sampler's own functions can be asked.
    one, other = (_after(20, transitions(rates * k), prior, k) for k, prior in ((1.0, wide), (1024.0, big)))
    np.testing.assert_allclose(other.mean, one.mean * 1024, rtol=1e-7)
    np.testing.assert_allclose(other.persistence, one.persistence, rtol=1e-7)
    np.testing.assert_allclose(other.scale, one.scale * 1024**2, rtol=1e-7)


def _after(sweeps: int, data: Any, prior: Prior, unit: float) -> ChainState:
    rng = np.random.default_rng(4)
    country, shared = np.ones((4, 8)), np.ones((4, 1))
    state = ChainState(
        0.001 * unit * country, 0.5 * country, (0.003 * unit) ** 2 * country,
        0.0 * shared, 0.005 * unit * shared, 2.0 * shared, (0.003 * unit) ** 2 * shared,
    )  # fmt: skip
    for _ in range(sweeps):
        state, _ = g.sweep(data, state, prior, np.ones((4, 1)), rng)
    return state


def test_order_of_countries_does_not_matter() -> None:
    rates, _ = simulated(6, 10, 40)
    order = np.random.default_rng(0).permutation(10)
    one, other = (fit_net_rates(r, draws=4000, burn_in=500) for r in (rates, rates[order]))
    for name in ("mu", "phi", "sigma"):
        here, there = one.pooled(name), other.pooled(name)
        # Two chains' means agree within five errors, at no less than 500 independent draws.
        error = 5 * here.std(0)[order] * np.sqrt(2 / 500)
        assert (np.abs(here.mean(0)[order] - there.mean(0)) < error).all()


def test_series_may_begin_late_and_one_rate_leaves_the_prior() -> None:
    rates, _ = simulated(7, 20, 30)
    rates[3, :-1] = np.nan
    rates[4, :10] = np.nan
    fit = fit_net_rates(rates, draws=4000, burn_in=300, thin=2)
    phi = fit.pooled("phi")[:, 3]
    assert phi.mean() == pytest.approx(0.5, abs=0.03)
    assert phi.std() == pytest.approx(12**-0.5, abs=0.02)
    assert fit.pooled("mu")[:, 3].std() > 2 * fit.pooled("mu")[:, 4].std()


def test_same_seed_same_bytes_and_given_arrays_stay(fitted: NetRatePosterior) -> None:
    rates, _ = simulated(5, 12, 40)
    before = rates.copy()
    again = fit_net_rates(rates, **STEADY)
    other = fit_net_rates(rates, **STEADY, seed=1)
    assert again.mu.tobytes() == fitted.mu.tobytes()
    assert again.hyper["a"].tobytes() == fitted.hyper["a"].tobytes()
    assert other.mu.tobytes() != fitted.mu.tobytes()
    people = np.full(12, 1e6)
    runs = [forecast(fitted, rates, people, 5, zero_sum=True, seed=s).rates for s in (3, 3, 4)]
    assert runs[0].tobytes() == runs[1].tobytes()
    assert runs[0].tobytes() != runs[2].tobytes()
    np.testing.assert_array_equal(rates, before)


def test_a_country_without_movement_keeps_the_least_sigma() -> None:
    rates, _ = simulated(8, 6, 30)
    rates[2] = 0.0
    fit = fit_net_rates(rates, **QUICK)
    assert fit.sigma.min() >= 1e-4
    assert np.isfinite(fit.mu).all()


# Diagnostics


def test_independent_draws_are_worth_their_number() -> None:
    made = diagnose(np.random.default_rng(0).standard_normal((4, 2500, 30)), [f"x{i}" for i in range(30)])
    assert made.converged
    assert made.rhat.max() < 1.005
    np.testing.assert_allclose(made.size_bulk, 10_000, rtol=0.15)
    assert made.size_bulk.mean() == pytest.approx(10_000, rel=0.05)


@pytest.mark.parametrize("rho", [-0.5, 0.5, 0.9])
def test_autocorrelated_draws_are_worth_what_theory_says(rho: float) -> None:
    from scipy.signal import lfilter

    noise = np.random.default_rng(1).standard_normal((4, 20_500, 8))
    chains = lfilter([np.sqrt(1 - rho**2)], [1, -rho], noise, axis=1)[:, 500:]
    made = diagnose(chains, list("abcdefgh"))
    assert made.size_bulk.mean() == pytest.approx(80_000 * (1 - rho) / (1 + rho), rel=0.08)


def test_chains_apart_or_of_other_width_are_seen() -> None:
    x = np.random.default_rng(2).standard_normal((4, 1000, 3))
    x[0, :, 0] += 3
    x[0, :, 1] *= 5
    made = diagnose(x, ["place", "width", "fine"])
    assert made.rhat[0] > 1.4
    assert made.rhat[1] > 1.05
    assert made.rhat[2] < 1.01
    assert not made.converged
    assert made.worst[0] == "place"
    assert made.summary().startswith("NOT converged")
    assert made.to_polars()["parameter"].to_list()[0] == "place"
    stuck = np.broadcast_to(np.arange(4.0)[:, None, None], (4, 100, 1))
    assert diagnose(stuck, ["stuck"]).rhat[0] > 1e6


def test_diagnostics_refuse_what_is_no_chain() -> None:
    with pytest.raises(DataError, match="finite"):
        diagnose(np.full((4, 10, 1), np.nan), ["x"])


# Scores


def test_crps_of_a_normal_is_the_closed_form() -> None:
    sample = stats.norm.ppf((np.arange(20_000) + 0.5) / 20_000)
    for y in (-2.0, 0.0, 0.7, 5.0):
        exact = y * (2 * stats.norm.cdf(y) - 1) + 2 * stats.norm.pdf(y) - 1 / np.sqrt(np.pi)
        assert float(crps(sample, y)) == pytest.approx(exact, abs=2e-4)


@given(st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=12), st.floats(-1e3, 1e3))
def test_crps_is_its_definition(sample: list[float], y: float) -> None:
    x = np.array(sample)
    slow = np.abs(x - y).mean() - np.abs(x[:, None] - x[None, :]).mean() / 2
    assert float(crps(x, y)) == pytest.approx(slow, abs=1e-9)
    assert float(crps(x, y)) >= -1e-9


def test_coverage_of_a_true_forecast_is_nominal() -> None:
    rng = np.random.default_rng(5)
    inside = coverage(rng.standard_normal((2000, 4000)), rng.standard_normal(4000), 0.8)
    assert inside.mean() == pytest.approx(0.8, abs=0.03)
    with pytest.raises(DataError, match="shape"):
        crps(np.zeros((5, 2)), np.zeros(3))


# Forecasts


def test_forecast_of_known_parameters_is_that_of_an_autoregression(fitted: NetRatePosterior) -> None:
    mu, phi, sigma = np.array([0.01, -0.02]), np.array([0.5, 0.9]), np.array([0.01, 0.02])
    last = np.array([0.05, 0.0])
    ahead = forecast(
        known_posterior(mu, phi, sigma, fitted), last, None, 12, trajectories=40_000, seed=1
    ).rates
    for lead in (1, 2, 12):
        sd = sigma * np.sqrt((1 - phi ** (2 * lead)) / (1 - phi**2))
        centre = mu + phi**lead * (last - mu)
        np.testing.assert_allclose(ahead[:, :, lead - 1].mean(0), centre, atol=0.03 * sd.max())
        np.testing.assert_allclose(ahead[:, :, lead - 1].std(0), sd, rtol=0.02)


def test_balanced_counts_add_up_to_zero_in_any_order(world: RatePanel) -> None:
    panel = world.rates[:60]
    fit = fit_net_rates(panel, labels=world.labels[:60], **QUICK)
    people = np.outer(world.population[:60, -1], 1.01 ** np.arange(1, 21))
    limits = historical_thresholds(panel, labels=world.labels[:60])
    for thresholds in (None, limits):
        ahead = forecast(
            fit, panel, people, 20, zero_sum=True, thresholds=thresholds, trajectories=100,
            allow_unconverged=True,
        )  # fmt: skip
        assert ahead.balanced
        assert ahead.counts is not None
        for order in (np.arange(60), np.random.default_rng(0).permutation(60)):
            assert np.abs(ahead.counts[:, order].sum(1)).max() == 0.0
            assert np.abs(np.add.reduce(np.ascontiguousarray(ahead.counts[:, order]), axis=1)).max() == 0.0
        np.testing.assert_allclose(net_count(ahead.rates, people), ahead.counts, rtol=1e-9, atol=1e-2)
        # The excess is spread by variance, so no rate leaves its range.
        assert ahead.rates.min() > -0.99


def test_balance_is_the_normal_distribution_given_a_zero_sum() -> None:
    rng = np.random.default_rng(1)
    variance = np.array([1.0, 4.0, 9.0])
    drawn = 100 * np.sqrt(variance) * rng.standard_normal((50_000, 3))
    wide = np.full_like(drawn, 1e9)
    made = balance(drawn, np.broadcast_to(variance, drawn.shape), -wide, wide, 2.0**-10)
    exact = np.diag(variance) - np.outer(variance, variance) / variance.sum()
    np.testing.assert_allclose(np.cov(made.T) / 1e4, exact, atol=0.1)
    assert np.abs(made.sum(1)).max() == 0.0


def test_balance_keeps_bounds_or_says_why_not() -> None:
    counts, weight = np.array([[5.0, 1.0, 1.0]]), np.array([[10.0, 1.0, 1.0]])
    low, high = np.array([[4.0, -9.0, -9.0]]), np.full((1, 3), 9.0)
    np.testing.assert_allclose(balance(counts, weight, low, high, 2.0**-20), [[4, -2, -2]], atol=1e-5)
    with pytest.raises(InfeasibleError, match="add up to zero"):
        balance(counts, weight, np.ones((1, 3)), high, 2.0**-20)


def test_quantum_grows_with_the_population() -> None:
    assert quantum([8e9, 1.0]) == 1024 * quantum([8e9 / 1024])


def test_thresholds_are_the_extremes_of_all_windows(world: RatePanel) -> None:
    rates, labels = world.rates[100:130], world.labels[100:130]
    limits = historical_thresholds(rates, years=5, apart=labels[:2], labels=labels)
    growth = 1 + rates
    slow = [
        [np.prod(growth[c, t : t + n]) for n in range(1, 6) for t in range(39 - n + 1)] for c in range(30)
    ]
    top, bottom = np.max(slow, axis=1), np.min(slow, axis=1)
    np.testing.assert_allclose(limits.upper, np.where(np.arange(30) < 2, top[:2].max(), top[2:].max()))
    np.testing.assert_allclose(limits.lower, np.where(np.arange(30) < 2, bottom[:2].min(), bottom[2:].min()))
    assert "within 5 periods" in limits.summary()
    assert limits.to_polars().height == 30


def test_no_window_of_a_forecast_leaves_its_thresholds(fitted: NetRatePosterior) -> None:
    one = np.ones(2)
    known = known_posterior(0.02 * one, 0.9 * one, 0.03 * one, fitted)
    past = np.tile([0.01, 0.02, 0.03, 0.02], (2, 1))
    limits = ChangeLimits(known.labels, np.array([0.95, 0.90]), np.array([1.10, 1.20]), 3)
    ahead = forecast(known, past, None, 40, thresholds=limits, trajectories=500).rates
    path = np.concatenate([np.broadcast_to(past, (500, 2, 4)), ahead], axis=2)
    change = np.exp(sum(np.log1p(path[:, :, i : i + 40]) for i in (2, 3, 4)))
    assert (change <= limits.upper[:, None] * (1 + 1e-12)).all()
    assert (change >= limits.lower[:, None] * (1 - 1e-12)).all()
    assert change[:, 0].max() > 1.099


def test_results_as_tables(fitted: NetRatePosterior) -> None:
    rates, _ = simulated(5, 12, 40)
    ahead = forecast(fitted, rates[:, -1], np.full(12, 1e6), 2, last_year=2023)
    table = ahead.to_polars()
    bounds = ["lower95", "lower80", "median", "upper80", "upper95"]
    assert table.shape == (24, 12)
    assert table["year"].unique().sort().to_list() == [2024, 2025]
    for prefix in ("", "count_"):
        ordered = table.select(prefix + b for b in bounds).to_numpy()
        assert (np.diff(ordered, axis=1) > 0).all()
    assert forecast(fitted, rates, None, 1).to_polars().width == 7
    assert "2025" in ahead.summary()
    assert fitted.to_polars().height == 12
    assert fitted.summary().count("\n") >= 3
    with pytest.raises(DataError, match="no counts"):
        forecast(fitted, rates, None, 1).quantiles([0.5], counts=True)


# Refusals


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"at": (1, slice(None)), "to": np.nan}, "no rate at all\n  c1"),
        ({"at": (2, 3), "to": np.inf}, "an infinite rate\n  c2"),
        ({"at": (0, 4), "to": np.nan}, "a gap within or after the series\n  c0"),
        ({"at": (1, -1), "to": np.nan}, "a gap within or after the series\n  c1"),
        ({"at": (2, 2), "to": -4.2}, "per thousand"),
    ],
)
def test_bad_rates_are_refused_by_name(change: dict[str, Any], words: str) -> None:
    rates = np.zeros((3, 6))
    rates[change["at"]] = change["to"]
    with pytest.raises(DataError) as error:
        fit_net_rates(rates, labels=["c0", "c1", "c2"], **QUICK)
    assert words in str(error.value)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"rates": np.zeros(5)}, "shape"), ({"rates": np.zeros((1, 9))}, "shape"),
        ({"period": 2}, "period"), ({"chains": 1}, "settings"), ({"draws": 801}, "settings"),
        ({"thin": 0}, "settings"), ({"labels": ["a", "a", "b"]}, "labels"),
    ],
)  # fmt: skip
def test_impossible_settings_are_refused(settings: dict[str, Any], words: str) -> None:
    with pytest.raises(DataError, match=words):
        fit_net_rates(**{"rates": np.zeros((3, 6)), **QUICK, **settings})


def test_impossible_forecasts_are_refused(fitted: NetRatePosterior) -> None:
    last = np.zeros(12)
    people = np.full(12, 1e6)
    infinite = np.where(np.arange(12) == 7, np.inf, 0.0)
    limits = historical_thresholds(np.zeros((2, 5)))
    for arguments, options, words in [
        ((last, None, 0), {}, "horizon"), ((last[:5], None, 3), {}, "12 rows"),
        ((infinite, None, 3), {}, "no finite last rate\n  7"), ((last, people[:3], 3), {}, "population"),
        ((last, -people, 3), {}, "not above zero"), ((last, None, 3), {"zero_sum": True}, "population"),
        ((last, None, 3), {"thresholds": limits}, "other countries"),
    ]:  # fmt: skip
        with pytest.raises(DataError) as error:
            forecast(fitted, *arguments, **options)
        assert words in str(error.value)


def test_chains_that_disagree_are_no_base_for_a_forecast() -> None:
    rates, _ = simulated(9, 5, 20)
    short = fit_net_rates(rates, draws=40, burn_in=0, thin=1)
    assert not short.converged
    assert short.worst[1] > 1.0
    with pytest.raises(DataError, match="not converged"):
        forecast(short, rates, None, 2)
    assert forecast(short, rates, None, 2, allow_unconverged=True).rates.shape == (1000, 5, 2)


def test_rates_are_over_the_population_without_migration() -> None:
    net, people = np.array([10.0, -20.0, 0.0]), np.array([110.0, 80.0, 5.0])
    np.testing.assert_allclose(net_rate(net, people), [0.1, -0.2, 0.0])
    np.testing.assert_allclose(net_count(net_rate(net, people), people), net, atol=1e-12)
    with pytest.raises(DataError, match="not above zero"):
        net_rate([10.0], [10.0])


def test_panel_refuses_what_is_no_panel() -> None:
    row = {"country": "A", "year": 2000, "population": 10.0, "net_migration": 1.0}
    for rows, words in [
        ([{k: v for k, v in row.items() if k != "year"}], "has no column 'year'"),
        ([row, row], "stand twice"),
        ([row, {**row, "year": 2001, "net_migration": None}], "'net_migration' is missing in 1 row"),
        ([{**row, "population": "many"}], "population=many"),
    ]:  # fmt: skip
        with pytest.raises(DataError, match=words):
            rate_panel(pl.DataFrame(rows))
    table = rate_panel(pl.DataFrame([row, {**row, "country": "B", "year": 2002}]))
    assert table.years == (2000, 2001, 2002)
    assert table.to_polars().height == 2


# Real years


def test_the_last_ten_years_forecast_from_those_before(world: RatePanel) -> None:
    test = back_test(world.rates, 10, labels=world.labels, draws=4000, trajectories=1000, burn_in=500)
    print("\n" + test.summary())
    assert test.posterior.converged, test.posterior.summary()
    # Measured over seeds 0 to 4: 79.2 to 79.7 % and 87.7 to 88.0 %. The wide interval falls short:
    # shocks such as wars and closed borders are rarer but larger than normal innovations.
    assert 0.70 <= test.coverage[0.80] <= 0.92
    assert 0.82 <= test.coverage[0.95] <= 0.98
    # Measured 4.7 against 6.5 and 7.0 per 1000.
    assert test.crps.mean() < 0.85 * min(test.persistence_error.mean(), test.global_error.mean())
    assert test.error.mean() < 0.95 * test.persistence_error.mean()
    assert test.to_polars().height == 10
    assert "80% interval holds" in test.summary()


def test_back_test_refuses_what_leaves_nothing(world: RatePanel) -> None:
    with pytest.raises(DataError, match="hold_back"):
        back_test(world.rates, 39)
    late = world.rates.copy()
    late[4, :35] = np.nan
    with pytest.raises(DataError) as error:
        back_test(late, 10, labels=world.labels)
    assert world.labels[4] in str(error.value)
