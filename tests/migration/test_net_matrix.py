"""Tables projected on net totals are feasible and provably the nearest."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import read_golden
from corridors.errors import DataError, InfeasibleError
from corridors.migration.net.nearest_prior import net_matrix
from corridors.numerics.incidence import net_of
from corridors.numerics.optimality import divergence, kkt_residual
from corridors.numerics.projections import ProjectedTable
from corridors.numerics.typing import Array

PRIOR = np.array([[0.0, 100, 30, 70], [50, 0, 45, 5], [60, 35, 0, 40], [20, 25, 20, 0]])
NET = np.array([30.0, 40, -15, -55])
FAR_NET = np.array([200.0, -150, -90, 40])
MASK = np.array([[1, 1, 0, 1], [0, 1, 1, 1], [1, 1, 1, 1], [1, 1, 0, 1]], dtype=bool)
DISTANCES = ["kl", "l1", "l2"]


@st.composite
def questions(draw: st.DrawFn) -> tuple[Array, Array, Array]:
    """Prior with zeros and a wide range, net totals some table carries, and cells allowed."""
    n = draw(st.integers(2, 7))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    prior = rng.lognormal(0, draw(st.sampled_from([0.3, 2.0, 4.0])), (n, n))
    prior *= rng.random((n, n)) < draw(st.sampled_from([0.4, 0.8, 1.0]))
    some = prior * rng.lognormal(0, 2, (n, n)) * (rng.random((n, n)) < draw(st.sampled_from([0.5, 1.0])))
    return net_of(some), prior, prior > 0


# Published numbers --------------------------------------------------------------------------


@pytest.mark.parametrize("case", ["cm_net_a", "cm_net_b", "cm_net_tot_a", "net_matrix_ipf_doc"])
def test_entropy_projection_agrees_with_the_peer(case: str) -> None:
    given_, out = read_golden(case)
    total = float(given_["tot"][0]) if "tot" in given_ else None
    answer = net_matrix(given_["net_tot"], given_["m"], total=total)
    assert np.allclose(answer.table, out["n"], rtol=1e-5, atol=1e-5)
    assert np.allclose(answer.net, given_["net_tot"], rtol=1e-12, atol=1e-12 * out["n"].sum())
    if "theta" in out:
        theirs = out["theta"][:4]
        alpha = np.exp(-answer.prices)
        assert np.allclose(alpha / alpha[0], theirs / theirs[0], rtol=1e-5)
    if total is not None:
        assert answer.table.sum() == pytest.approx(total, rel=1e-12)


def test_the_prior_counts_in_least_absolute_and_least_squares() -> None:
    # The peer leaves the prior out: its tables are 450 and 3923.1 away from it.
    _, lp = read_golden("net_matrix_lp_doc")
    _, optim = read_golden("net_matrix_optim_doc")
    absolute, squares = net_matrix(NET, PRIOR, distance="l1"), net_matrix(NET, PRIOR, distance="l2")
    assert absolute.objective == pytest.approx(125.0, rel=1e-12)
    assert squares.objective == pytest.approx(2798.4375, rel=1e-12)
    assert np.abs(lp["n"] - PRIOR).sum() == pytest.approx(450.0)
    assert ((optim["n"] - PRIOR) ** 2).sum() == pytest.approx(3923.1, abs=0.05)


# The optima below are those of cvxpy 1.9.3 with Clarabel, embedded as numbers.
@pytest.mark.parametrize(
    ("distance", "net", "options", "optimum"),
    [
        ("kl", NET, {}, 36.69937019728933),
        ("kl", NET, {"total": 300.0}, 84.66104442965946),
        ("kl", NET, {"allowed": MASK}, 80.03097237110146),
        ("l1", NET, {"allowed": MASK}, 195.0),
        ("l2", NET, {"allowed": MASK}, 6700.0),
        ("kl", FAR_NET, {}, 134.9232122503425),
        ("l1", FAR_NET, {}, 270.0),
        ("l2", FAR_NET, {}, 15083.333333333334),
        ("l1", FAR_NET, {"weights": 1 / np.maximum(PRIOR, 1)}, 4.176190476190476),
        ("l2", FAR_NET, {"weights": 1 / np.maximum(PRIOR, 1)}, 269.53192456325866),
    ],
)
def test_optima_are_those_of_a_general_solver(
    distance: Any, net: Array, options: Any, optimum: float
) -> None:
    answer = net_matrix(net, PRIOR, distance=distance, **options)
    assert answer.objective == pytest.approx(optimum, rel=1e-7)
    assert answer.kkt < 1e-11
    assert np.allclose(answer.net, net, atol=1e-9)


def test_the_mask_empties_cells() -> None:
    for distance in DISTANCES:
        answer = net_matrix(NET, PRIOR, distance=distance, allowed=MASK)  # type: ignore[arg-type]
        assert np.all(answer.table[~MASK] == 0)


# Invariants ---------------------------------------------------------------------------------


@given(questions(), st.sampled_from(DISTANCES), st.sampled_from([1e-6, 1.0, 1e6]))
def test_the_answer_is_nearest_in_any_unit_and_order(
    question: tuple[Array, Array, Array], distance: Any, unit: float
) -> None:
    net, prior, allowed = question
    answer = net_matrix(net, prior, distance=distance, allowed=allowed)
    size = prior.sum() + np.abs(net).sum()
    assert answer.kkt < 1e-9
    assert np.all(answer.table >= 0)
    assert np.all(answer.table[~allowed] == 0)
    assert np.allclose(answer.net, net, atol=1e-10 * size)
    power = 2 if distance == "l2" else 1
    scaled = net_matrix(net * unit, prior * unit, distance=distance, allowed=allowed)
    room = 1e-9 * size**power
    assert scaled.objective / unit**power == pytest.approx(answer.objective, rel=1e-7, abs=room)
    order = np.random.default_rng(1).permutation(net.size)
    square = np.ix_(order, order)
    moved = net_matrix(net[order], prior[square], distance=distance, allowed=allowed[square])
    assert moved.objective == pytest.approx(answer.objective, rel=1e-7, abs=room)
    if distance != "l1":
        assert np.allclose(scaled.table / unit, answer.table, rtol=1e-6, atol=1e-8 * size)
        assert np.allclose(moved.table, answer.table[square], rtol=1e-6, atol=1e-8 * size)


@given(questions(), st.sampled_from(DISTANCES))
def test_a_prior_that_agrees_already_is_kept(question: tuple[Array, Array, Array], distance: Any) -> None:
    _, prior, allowed = question
    answer = net_matrix(net_of(prior), prior, distance=distance, allowed=allowed)
    assert np.allclose(answer.table, prior, rtol=1e-9, atol=1e-12 * prior.sum())
    assert answer.objective == pytest.approx(0.0, abs=1e-12 * max(1.0, prior.sum()) ** 2)


@given(questions(), st.integers(0, 2**32))
def test_no_random_neighbour_is_nearer(question: tuple[Array, Array, Array], number: int) -> None:
    net, prior, allowed = question
    rng = np.random.default_rng(number)
    one = np.ones(prior.shape)
    for distance in DISTANCES:
        answer = net_matrix(net, prior, distance=distance, allowed=allowed)  # type: ignore[arg-type]
        noise = rng.lognormal(0, 1, prior.shape) * (answer.table > 0)
        other = net_matrix(
            net, np.where(noise > 0, noise * answer.table, 0.0), allowed=answer.table > 0
        ).table
        theirs = divergence(
            other, np.where(answer.table > 0, prior, 0) if distance == "kl" else prior, one, distance
        )
        mine = divergence(
            answer.table, np.where(answer.table > 0, prior, 0) if distance == "kl" else prior, one, distance
        )
        assert mine <= theirs * (1 + 1e-9) + 1e-9 * (1 + prior.sum() + np.abs(net).sum()) ** 2


def test_the_least_absolute_change_is_half_the_missing_net_where_all_may_move() -> None:
    rng = np.random.default_rng(4)
    prior = rng.lognormal(2, 2, (12, 12))
    net = rng.normal(0, 300, 12)
    net -= net.mean()
    answer = net_matrix(net, prior, distance="l1")
    assert answer.objective == pytest.approx(np.abs(net - net_of(prior)).sum() / 2, rel=1e-9)


def test_net_totals_hold_at_a_hundred_places() -> None:
    # The peer stops on its factors and is off by up to one person here.
    rng = np.random.default_rng(5)
    prior = rng.lognormal(4, 2.5, (100, 100))
    net = rng.normal(0, 1, 100) * prior.sum(1)
    net -= net.mean()
    answer = net_matrix(net, prior)
    assert np.abs(answer.net - net).max() < 1e-12 * prior.sum()
    assert answer.steps < 15


def test_cells_that_must_be_empty_are_emptied() -> None:
    # Nobody comes to C, and its net is nil: nobody may leave it.
    prior = np.array([[0.0, 5, 0], [5, 0, 0], [2, 2, 0]])
    answer = net_matrix([1, -1, 0], prior)
    assert np.all(answer.table[2] == 0)
    assert np.allclose(answer.net, [1, -1, 0])
    assert answer.kkt < 1e-11


@pytest.mark.parametrize("distance", DISTANCES)
def test_stayers_do_not_drown_movers(distance: Any) -> None:
    prior = np.array([[1e12, 1e-2], [3.0, 0.0]])
    answer = net_matrix([-2.0, 2.0], prior, distance=distance)
    assert answer.table[0, 0] == 1e12
    assert np.allclose(answer.net, [-2.0, 2.0], rtol=1e-12)
    assert answer.kkt < 1e-12


def test_the_proof_fails_for_tables_that_are_not_nearest() -> None:
    one = np.ones((4, 4))
    for distance in DISTANCES:
        answer = net_matrix(NET, PRIOR, distance=distance)  # type: ignore[arg-type]
        cycle = answer.table.copy()
        for i, j in ((0, 1), (1, 2), (2, 0)):
            cycle[i, j] += 9.0
        guess = ProjectedTable(cycle, answer.prices, 0)
        assert kkt_residual(guess, NET, PRIOR, PRIOR > 0, one, distance) > 1e-3  # type: ignore[arg-type]
    known = net_matrix(NET, PRIOR, total=300.0)
    held = ProjectedTable(known.table, known.prices, 0)
    assert kkt_residual(held, NET, PRIOR, PRIOR > 0, one, "kl") > 1e-3
    assert kkt_residual(held, NET, PRIOR, PRIOR > 0, one, "kl", total=300.0) < 1e-11


# Contradictions and bad input ---------------------------------------------------------------


def test_net_totals_must_balance() -> None:
    with pytest.raises(InfeasibleError, match=r"do not add up to zero(.|\n)*\+10"):
        net_matrix([40, -30], np.ones((2, 2)))


@pytest.mark.parametrize("distance", DISTANCES)
def test_places_cut_off_are_named(distance: Any) -> None:
    allowed = np.kron(np.eye(2), np.ones((2, 2))) > 0
    with pytest.raises(InfeasibleError, match="no corridor joins Chad, Niger to the others") as caught:
        net_matrix(
            [5, 2, -3, -4], np.ones((4, 4)), distance=distance, allowed=allowed,
            labels=["Chad", "Niger", "Mali", "Togo"],
        )  # fmt: skip
    assert sum(abs(v) for v in caught.value.repair.values()) == pytest.approx(14.0)


@pytest.mark.parametrize("distance", DISTANCES)
def test_a_place_nobody_can_reach_can_not_gain(distance: Any) -> None:
    allowed = np.ones((3, 3), dtype=bool)
    allowed[:, 0] = False
    with pytest.raises(InfeasibleError, match="place 0") as caught:
        net_matrix([3, -1, -2], np.ones((3, 3)), distance=distance, allowed=allowed)
    assert caught.value.repair["place 0"] == pytest.approx(-3.0)


def test_a_total_below_the_least_possible_is_refused() -> None:
    prior = np.ones((3, 3)) - np.eye(3)
    with pytest.raises(InfeasibleError, match="can not carry"):
        net_matrix([10, -4, -6], prior, total=9.0)
    assert net_matrix([10, -4, -6], prior, total=10.5).table.sum() == pytest.approx(10.5)
    with pytest.raises(InfeasibleError):
        net_matrix([0, 0], [[0, 0], [0, 0]], total=3.0)
    assert net_matrix([0, 0], [[0, 0], [0, 0]], distance="l1").objective == 0.0


@pytest.mark.parametrize(
    ("net", "prior", "options", "message"),
    [
        ([1, -1], np.ones((3, 3)), {}, "do not fit a table"),
        ([1, -1], [[0, -1], [1, 0]], {"labels": ["a", "b"]}, r"not negative(.|\n)*a to b"),
        ([1, -1], [[0, np.nan], [1, 0]], {}, "finite and not negative"),
        ([np.nan, -1], np.ones((2, 2)), {"labels": ["a", "b"]}, r"net totals must be finite(.|\n)*a"),
        ([1, -1], np.ones((2, 2)), {"labels": ["a"]}, "1 labels for 2 places"),
        ([1, -1], np.ones((2, 2)), {"allowed": [True]}, "must have the shape"),
        ([1, -1], np.ones((2, 2)), {"distance": "l2", "weights": np.zeros((2, 2))}, "weights must be finite"),
        ([1, -1], np.ones((2, 2)), {"distance": "l3"}, "no distance called"),
        ([1, -1], np.ones((2, 2)), {"distance": "l1", "total": 5.0}, "total can not be given"),
        ([1, -1], np.ones((2, 2)), {"weights": np.ones((2, 2))}, "takes no weights"),
        ([1, -1], np.ones((2, 2)), {"total": -5.0}, "positive number"),
    ],
)
def test_bad_input_is_refused(net: Any, prior: Any, options: Any, message: str) -> None:
    with pytest.raises(DataError, match=message):
        net_matrix(net, prior, **options)
