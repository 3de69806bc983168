"""Seeds that matter, known flows that are met, weights that fit, accounts that balance."""

from __future__ import annotations

import json
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import GOLDEN
from corridors.errors import DataError, InfeasibleError
from corridors.migration import (
    account_matrix,
    calibrate_weight,
    demographic_account,
    independence,
    independence_cube,
    minimum,
    minimum_cube,
    pseudo_bayes,
    pseudo_bayes_cube,
    weight_for_total,
    with_known_flows,
)


def tables(n: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Two tables of the same people: natives dominate, a fifth of the pairs are empty."""
    random = np.random.default_rng(seed)
    start = random.lognormal(3, 1.5, (n, n)) * (random.random((n, n)) > 0.2)
    start += np.diag(random.lognormal(8, 1, n))
    end = start * random.lognormal(0, 0.3, (n, n))
    return start, end * (start.sum(1) / end.sum(1))[:, None]


@given(st.integers(2, 7), st.integers(0, 10_000))
def test_seeded_flows_keep_people_and_follow_the_seed(n: int, number: int) -> None:
    start, end = tables(n, number)
    random = np.random.default_rng(number + 1)
    seed = random.lognormal(0, 1, (n, n))
    for cube_of, flows_of in ((minimum_cube, minimum), (independence_cube, independence)):
        cube = cube_of(start, end, seed)
        np.testing.assert_allclose(cube.sum(2), start, rtol=1e-8, atol=1e-9)
        np.testing.assert_allclose(cube.sum(1), end, rtol=1e-8, atol=1e-9)
        flows = flows_of(start, end, seed=seed)
        off = cube.sum(0) - np.diag(np.diag(cube.sum(0)))
        np.testing.assert_allclose(flows.total, off, rtol=1e-9, atol=1e-9)
        parts = flows.outward + flows.returned + flows.transit
        np.testing.assert_allclose(parts, flows.total, rtol=1e-9, atol=1e-9)
        # The fit has the seed's odds ratios: that is what following a seed means.
        rescaled = seed * random.lognormal(0, 1, n) * random.lognormal(0, 1, (n, 1))
        np.testing.assert_allclose(cube_of(start, end, rescaled), cube, rtol=1e-6, atol=1e-6)


def test_a_uniform_seed_is_the_closed_form() -> None:
    start, end = tables(6, 3)
    ones = np.ones((6, 6))
    np.testing.assert_allclose(minimum(start, end, seed=ones).total, minimum(start, end).total, rtol=1e-8)
    seeded = pseudo_bayes(start, end, weight=0.87, seed=ones).total
    np.testing.assert_allclose(seeded, pseudo_bayes(start, end, weight=0.87).total, rtol=1e-8)


def test_the_seed_matters_where_the_peer_ignores_it() -> None:
    """The peer's documented distance example returns the same flows with and without its seed.

    Only those born in D have a choice there (B and C lose, A and C gain), so the seed can shift few people.
    """
    case = json.loads((GOLDEN / "ffs_demo_e2_seed_ignored.json").read_text())
    start, end, seed = (
        np.array(case["inputs"][name]["data"], float).reshape(4, 4, order="F")
        for name in ("stock_start", "stock_end", "seed")
    )
    account = demographic_account(start, end)
    without = minimum(account.start, account.end).total
    within = minimum(account.start, account.end, seed=1 / (seed + 1)).total
    assert np.abs(within - without).max() > 0.2
    np.testing.assert_allclose(within.sum(), without.sum())


def test_masks_forbid_corridors_or_say_who_can_not_move() -> None:
    start = np.array([[50.0, 30, 20], [0, 90, 10], [5, 5, 90]])
    end = np.array([[40.0, 30, 30], [0, 95, 5], [5, 5, 90]])
    seed = np.ones((3, 3))
    seed[0, 1] = 0
    assert minimum(start, end, seed=seed).total[0, 1] == 0
    seed[0, 2] = 0
    with pytest.raises(InfeasibleError) as caught:
        minimum(start, end, seed=seed, labels=["AAA", "BBB", "CCC"])
    assert caught.value.culprits == ("AAA",)
    assert "born in AAA" in str(caught.value)


@pytest.mark.parametrize(
    ("seed", "words"),
    [
        (np.ones((2, 2)), "does not fit 3 places"),
        (-np.ones((3, 3)), "negative"),
        (np.full((3, 3), np.nan), "negative"),
    ],
)
def test_bad_seeds(seed: np.ndarray, words: str) -> None:
    start = np.diag([5.0, 6.0, 7.0]) + 1
    with pytest.raises(DataError, match=words):
        minimum(start, start.T, seed=seed)


@given(st.integers(3, 7), st.integers(0, 10_000))
def test_known_flows_are_met_and_people_kept(n: int, number: int) -> None:
    start, end = tables(n, number)
    cube = pseudo_bayes_cube(start, end, weight=0.8)
    random = np.random.default_rng(number)
    # Known flows of other flows with the same stocks can all be met at once.
    moves = independence_cube(start, end, random.lognormal(0, 0.5, (n, n)) + 3 * np.eye(n)).sum(0)
    known = np.where(random.random((n, n)) < 0.3, moves, np.nan)
    fitted = with_known_flows(cube, known)
    pinned = np.isfinite(known) & ~np.eye(n, dtype=bool)
    np.testing.assert_allclose(fitted.sum(0)[pinned], known[pinned], rtol=1e-7)
    np.testing.assert_allclose(fitted.sum(2), start, rtol=1e-8, atol=1e-8)
    np.testing.assert_allclose(fitted.sum(1), end, rtol=1e-8, atol=1e-8)
    assert fitted.min() >= 0
    # KKT: the log ratio to the prior is a sum of row, column and (known cells only) corridor terms,
    # so among corridors nobody knows the odds ratios of each birthplace are those of the prior.
    k = 0
    with np.errstate(divide="ignore", invalid="ignore"):
        change = np.log(fitted[k]) - np.log(cube[k])
    free = ~pinned & (cube[k] > 1e-9)
    rows = [i for i in range(n) if start[k, i] > 0]
    columns = [j for j in range(n) if end[k, j] > 0]
    for a, b in pairwise(rows):
        both = [j for j in columns if free[a, j] and free[b, j]]
        spread = [change[a, j] - change[b, j] for j in both]
        assert np.ptp(spread) < 1e-6 if both else True


def test_known_total_and_zero_corridor() -> None:
    start, end = tables(6, 11)
    cube = pseudo_bayes_cube(start, end, weight=0.8)
    moves = cube.sum(0) - np.diag(np.diag(cube.sum(0)))
    known = np.full((6, 6), np.nan)
    known[0, 1], known[2, 3] = 0.0, moves[2, 3] * 1.3
    fitted = with_known_flows(cube, known, total=moves.sum() * 1.1).sum(0)
    assert fitted[0, 1] == 0
    assert fitted[2, 3] == pytest.approx(known[2, 3], rel=1e-7)
    assert fitted.sum() - np.trace(fitted) == pytest.approx(moves.sum() * 1.1, rel=1e-7)


def test_known_flows_that_contradict_stocks_are_named() -> None:
    start, end = tables(4, 5)
    cube = pseudo_bayes_cube(start, end, weight=0.8)
    known = np.full((4, 4), np.nan)
    known[0, 1] = start.sum()
    with pytest.raises(InfeasibleError) as caught:
        with_known_flows(cube, known, labels=["A", "B", "C", "D"])
    assert caught.value.culprits == ("A → B",)
    with pytest.raises(InfeasibleError, match="can not be brought together"):
        with_known_flows(cube, np.full((4, 4), np.nan), total=float(start.sum()))
    with pytest.raises(DataError, match="must not be negative"):
        with_known_flows(cube, -np.ones((4, 4)))
    with pytest.raises(DataError, match="does not fit"):
        with_known_flows(cube, np.ones((3, 3)))


def test_weight_is_the_least_squares_one() -> None:
    start, end = tables(8, 2)
    least, free = minimum(start, end), independence(start, end)
    truth = 0.7 * least.total + 0.3 * free.total
    exact = calibrate_weight(least.total, free.total, truth)
    assert exact.value == pytest.approx(0.7, abs=1e-9)
    assert exact.held_out_error == pytest.approx(0, abs=1e-6)
    noisy = truth * np.random.default_rng(0).lognormal(0, 0.2, truth.shape)
    fitted = calibrate_weight(least.total, free.total, noisy)
    error = [
        np.square(w * least.total + (1 - w) * free.total - noisy)[~np.eye(8, dtype=bool)].sum()
        for w in (fitted.value - 0.01, fitted.value, fitted.value + 0.01)
    ]
    assert error[1] == min(error)
    assert abs(fitted.value - 0.7) < 4 * fitted.standard_error
    assert fitted.held_out_error > fitted.error > 0
    assert "weight" in fitted.summary()
    # Scale of the data does not matter, and corridors nobody knows are left out.
    part = np.where(np.arange(64).reshape(8, 8) % 3 == 0, truth, np.nan)
    assert calibrate_weight(least.total, free.total, part).value == pytest.approx(0.7, abs=1e-9)


def test_weight_for_a_total_and_bad_input() -> None:
    start, end = tables(5, 8)
    least, free = minimum(start, end), independence(start, end)
    wanted = 0.4 * least.total.sum() + 0.6 * free.total.sum()
    assert weight_for_total(least, free, wanted).value == pytest.approx(0.4)
    with pytest.raises(InfeasibleError, match="span"):
        weight_for_total(least, free, least.total.sum() * 0.9)
    with pytest.raises(DataError, match="no known corridor"):
        calibrate_weight(least.total, free.total, np.full((5, 5), np.nan))
    with pytest.raises(DataError, match="must not be negative"):
        calibrate_weight(least.total, free.total, -np.ones((5, 5)))
    with pytest.raises(DataError, match="different shapes"):
        calibrate_weight(least.total, free.total, np.ones((4, 4)))


@given(st.integers(2, 6), st.integers(0, 10_000), st.sampled_from(["closed", "open", "open-dr"]))
def test_account_matrix_balances_by_birthplace_and_residence(n: int, number: int, closure: str) -> None:
    """The peer's account has the outside row and column exchanged, and does not balance."""
    random = np.random.default_rng(number)
    start, _ = tables(n, number)
    end = start * random.lognormal(0, 0.1, (n, n))
    births = np.diag(end) * random.uniform(0, 0.1, n)
    deaths = start.sum(0) * random.uniform(0, 0.05, n)
    account = demographic_account(start, end, births, deaths, closure=closure, repair=True)
    matrix = account_matrix(account, minimum_cube(account.start, account.end))
    assert matrix.imbalance() < 1e-9
    system = matrix.by_residence
    growth = matrix.end.sum() - matrix.start.sum()
    came, left = system[n + 1, :n].sum(), system[:n, n + 1].sum()
    assert growth == pytest.approx(
        births.sum() - deaths.sum() + came - left, rel=1e-9, abs=1e-6 * start.sum()
    )
    if closure != "closed":
        np.testing.assert_allclose(matrix.start, start, rtol=1e-9)


def test_account_of_the_open_example_has_the_outside_the_right_way_round() -> None:
    """True growth is +20 beyond births and deaths; the peer's account says -20."""
    case = json.loads((GOLDEN / "ffs_demo_e4_open.json").read_text())
    array = {
        k: np.array(v["data"], float)
        for k, v in case["inputs"].items()
        if isinstance(v, dict) and "data" in v
    }
    start, end = (array[k].reshape(4, 4, order="F") for k in ("stock_start", "stock_end"))
    account = demographic_account(start, end, array["births"], array["deaths"], closure="open")
    matrix = account_matrix(account, minimum_cube(account.start, account.end), ["A", "B", "C", "D"])
    system = matrix.by_residence
    assert system[5, :4].sum() - system[:4, 5].sum() == pytest.approx(20)
    peer = np.array(case["outputs"]["account"]["data"]).reshape(6, 6, 4, order="F")
    assert peer[5, :4].sum() - peer[:4, 5].sum() == pytest.approx(-20)
    rows = matrix.to_polars()
    assert rows.filter(origin="births")["value"].sum() == pytest.approx(array["births"].sum())
    assert rows.filter(destination="deaths")["value"].sum() == pytest.approx(array["deaths"].sum())


def test_account_matrix_refuses_other_flows() -> None:
    account = demographic_account(*tables(3, 1))
    with pytest.raises(DataError, match="people at the start"):
        account_matrix(account, 2 * minimum_cube(account.start, account.end))
    with pytest.raises(DataError, match="shape"):
        account_matrix(account, np.zeros((2, 2, 2)))
