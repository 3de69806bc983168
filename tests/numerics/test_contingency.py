"""Log-linear fits meet every total or say why not; components multiply back to the table."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import GOLDEN, read_golden
from corridors.errors import DataError, InfeasibleError
from corridors.migration.components import components_by_slice, multiplicative_components
from corridors.numerics.contingency import fit_three_way, fit_two_way
from corridors.numerics.incidence import least_repair, net_incidence
from corridors.numerics.partitions import Partition, group_sums, margin
from corridors.numerics.proportional import fit_partitions
from corridors.numerics.regions import block_ids, stripe_ids, two_way_factors
from corridors.numerics.typing import Array

SEED = np.array([[5.0, 2.0], [1.0, 7.0]])


@st.composite
def seeds_and_tables(draw: st.DrawFn, dimensions: int = 2, zeros: bool = True) -> tuple[Array, Array]:
    """A seed with zeros and a table of the model's support, so that its margins are feasible."""
    shape = tuple(draw(st.integers(1, 5)) for _ in range(dimensions))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    seed = rng.lognormal(0.0, draw(st.sampled_from([0.3, 2.0, 5.0])), shape)
    if zeros:
        seed *= rng.random(shape) < draw(st.sampled_from([0.5, 0.8, 1.0]))
    return seed, seed * rng.lognormal(0.0, 1.0, shape)


def margins_of(table: Array, *kept: list[int]) -> list[Partition]:
    axes = range(table.ndim)
    sums = [table.sum(axis=tuple(a for a in axes if a not in axes_kept)) for axes_kept in kept]
    return [margin(table.shape, k, s, name=f"axes {k}") for k, s in zip(kept, sums, strict=True)]


# Published numbers --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "case", ["ipf2_willekens", "ipf2_3x3", "ipf2_rowonly", "cm2_4", "cm2_willekens", "cm3_a"]
)
def test_two_way_fits_agree_with_the_peer(case: str) -> None:
    given_, out = read_golden(case)
    fit = fit_two_way(given_["m"], given_["row_tot"], given_.get("col_tot"))
    assert np.allclose(fit.table, out.get("mu", out.get("n")), rtol=1e-5, atol=1e-9)
    assert np.allclose(np.sum(fit.table, axis=tuple(range(1, fit.table.ndim))), given_["row_tot"], rtol=1e-10)


@pytest.mark.parametrize("case", ["cm2_4", "cm2_willekens", "cm3_a"])
def test_factors_agree_with_the_peer_up_to_their_free_constant(case: str) -> None:
    given_, out = read_golden(case)
    n = given_["m"].shape[0]
    fit = fit_two_way(given_["m"], given_["row_tot"], given_["col_tot"])
    alpha, beta = two_way_factors(given_["m"].reshape(n, n, -1).sum(2), fit.table.reshape(n, n, -1).sum(2))
    theirs = np.outer(out["theta"][:n], out["theta"][n:])
    assert np.allclose(np.outer(alpha, beta), theirs, rtol=1e-5)
    assert np.average(np.log(beta), weights=given_["col_tot"]) == pytest.approx(0.0, abs=1e-12)


def test_blocks_and_stripes_agree_with_the_peer() -> None:
    given_, out = read_golden("ipf2_block")
    # The peer counts blocks down the columns, this package along the rows.
    fit = fit_two_way(
        np.ones((12, 12)),
        given_["row_tot"],
        given_["col_tot"],
        blocks=(block_ids([2, 3, 4, 3]), given_["block_tot"]),
    )
    assert np.allclose(fit.table, out["mu"], rtol=1e-9, atol=1e-9)
    given_, out = read_golden("ipf2_stripe")
    stripes = (stripe_ids([2, 2, 3]), given_["stripe_tot"])
    fit = fit_two_way(np.ones((7, 7)), given_["row_tot"], blocks=stripes)
    assert np.allclose(fit.table, out["mu"], rtol=1e-9, atol=1e-9)


def test_block_and_stripe_numbers_are_those_of_the_peer() -> None:
    stored: dict[str, Any] = json.loads((GOLDEN / "block_stripe.json").read_text("utf-8"))["outputs"]
    theirs = {k: np.reshape(v["data"], v["shape"], order="F") for k, v in stored.items()}
    assert np.array_equal(np.unique(theirs["block"]), np.arange(1, 17))
    for ids, name in ((block_ids([2, 3, 4, 2]), "block"), (block_ids([2, 3, 4, 2, 1]), "block25")):
        regions = ids.max() // len(np.unique(ids[:, 0])) + 1
        down, across = np.divmod(ids, regions)
        assert np.array_equal(down + across * regions + 1, theirs[name])
    assert np.array_equal(stripe_ids([2, 3, 4, 2]) + 1, theirs["stripe"])
    assert np.array_equal(stripe_ids([2, 1], along="columns"), [[0, 1, 2], [0, 1, 2], [3, 4, 5]])
    assert np.array_equal(group_sums(block_ids([1, 1]).ravel(), SEED.ravel(), 4), [5, 2, 1, 7])


@pytest.mark.parametrize(
    ("case", "diagonal"), [("ipf3_doc", None), ("ipf3_qi_doc", "largest"), ("ipf3_qi_dis", "largest")]
)
def test_three_way_fits_agree_with_the_peer(case: str, diagonal: Any) -> None:
    given_, out = read_golden(case)
    seed = given_["m"].transpose(2, 0, 1) if "m" in given_ else None
    fit = fit_three_way(given_["row_tot"].T, given_["col_tot"], seed=seed, diagonal=diagonal)
    assert np.allclose(fit.table.transpose(1, 2, 0), out["mu"], rtol=1e-8, atol=1e-8)
    if case == "ipf3_qi_dis":
        assert fit.table.sum(0)[3, 0] == pytest.approx(10.263, abs=5e-4)


def test_components_agree_with_the_peer() -> None:
    given_, out = read_golden("multi_comp_4")
    theirs, parts = out["out"], multiplicative_components(given_["m"])
    assert parts.overall == theirs[-1, -1]
    assert np.allclose(parts.effects[(0,)], theirs[:-1, -1], rtol=1e-12)
    assert np.allclose(parts.effects[(1,)], theirs[-1, :-1], rtol=1e-12)
    assert np.allclose(parts.effects[(0, 1)], theirs[:-1, :-1], rtol=1e-9)
    given_, out = read_golden("multi_comp2_doc")
    for k, part in enumerate(components_by_slice(given_["m"], 2)):
        theirs = out["out"][:, :, k]
        assert part.overall == theirs[-1, -1]
        assert np.allclose(part.association, theirs[:-1, :-1], rtol=1e-9)


# What the peer gets wrong -------------------------------------------------------------------


def test_the_stop_is_judged_on_the_totals_of_the_table_returned() -> None:
    # Nearly separate places: cells hardly change from sweep to sweep long before totals hold.
    seed = np.full((3, 3), 1e-7) + np.eye(3)
    rows, columns = np.array([100.0, 200.0, 300.0]), np.array([102.0, 199.0, 299.0])
    fit = fit_partitions(
        seed, [margin((3, 3), [0], rows, name="row"), margin((3, 3), [1], columns, name="column")]
    )
    assert fit.algorithm == "newton"
    assert np.allclose(fit.table.sum(1), rows, rtol=1e-10)
    assert np.allclose(fit.table.sum(0), columns, rtol=1e-10)


def test_totals_that_differ_in_sum_are_refused_not_turned_into_probabilities() -> None:
    blocks = (np.zeros((2, 2), dtype=int), [39.0])
    with pytest.raises(InfeasibleError, match=r"row.*block.*different sums") as caught:
        fit_two_way(SEED, [18, 20], blocks=blocks)
    assert caught.value.culprits == ("row", "block")
    with pytest.raises(InfeasibleError, match="different sums"):
        fit_two_way(SEED, [18, 20], [16, 22.8])


def test_contradicting_totals_are_named_with_the_least_repair() -> None:
    seed = np.ones((2, 2, 2))
    seed[0, 0, :] = 0.0
    parts = [
        margin((2, 2, 2), [0, 1], [[5.0, 1.0], [1.0, 1.0]], name="pair"),
        margin((2, 2, 2), [2], [4.0, 4.0]),
    ]
    with pytest.raises(InfeasibleError, match="no table with these zeros") as caught:
        fit_partitions(seed, parts)
    assert caught.value.repair["pair 0"] == pytest.approx(-5.0)
    assert sum(abs(v) for v in caught.value.repair.values()) == pytest.approx(10.0)


def test_a_block_larger_than_its_rows_is_named() -> None:
    blocks = (np.array([[0, 0, -1], [-1, -1, -1], [-1, -1, -1]]), [12.0])
    with pytest.raises(InfeasibleError) as caught:
        fit_two_way(np.ones((3, 3)), [10, 10, 10], [10, 10, 10], blocks=blocks)
    assert len(caught.value.culprits) == 1
    assert set(caught.value.culprits) <= {"row 0", "block 0"}
    assert abs(next(iter(caught.value.repair.values()))) == pytest.approx(2.0)


def test_totals_at_the_edge_of_what_is_possible_are_honest() -> None:
    # The corner must be emptied, which factors can only approach.
    seed, rows, columns = np.ones((2, 2)), [1.0, 1.0], [1.0, 1.0]
    corner = Partition(np.array([[0, -1], [-1, -1]]), np.array([1.0]), "corner")
    parts = [margin((2, 2), [0], rows), margin((2, 2), [1], columns), corner]
    fit = fit_partitions(seed, parts)
    assert np.allclose(fit.table, np.eye(2), atol=1e-9)
    with pytest.raises(InfeasibleError, match="emptying cells"):
        fit_partitions(seed, parts, max_steps=1, max_sweeps=100, tolerance=1e-12)


# Invariants ---------------------------------------------------------------------------------


@given(seeds_and_tables(), st.sampled_from([1e-6, 1.0, 1e6]))
def test_every_total_is_met_and_the_unit_does_not_matter(pair: tuple[Array, Array], unit: float) -> None:
    seed, table = pair
    ids = (np.indices(table.shape).sum(0) % 3) - 1
    blocks = (ids, group_sums(ids[ids >= 0], table[ids >= 0], 2))
    fit = fit_two_way(seed, table.sum(1), table.sum(0), blocks=blocks)
    assert np.allclose(fit.table.sum(1), table.sum(1), rtol=1e-9)
    assert np.allclose(fit.table.sum(0), table.sum(0), rtol=1e-9)
    assert np.allclose(group_sums(ids[ids >= 0], fit.table[ids >= 0], 2), blocks[1], rtol=1e-9)
    assert np.all(fit.table[seed == 0] == 0)
    scaled = fit_two_way(seed, table.sum(1) * unit, table.sum(0) * unit, blocks=(ids, blocks[1] * unit))
    assert np.allclose(scaled.table, fit.table * unit, rtol=1e-6, atol=1e-9 * unit * table.max())


@given(seeds_and_tables(3))
def test_any_margins_of_any_dimension(pair: tuple[Array, Array]) -> None:
    seed, table = pair
    parts = margins_of(table, [0, 1], [1, 2], [0])
    fit = fit_partitions(seed, parts)
    for part in parts:
        have = group_sums(part.ids.ravel(), fit.table.ravel(), part.totals.size)
        assert np.allclose(have, part.totals, rtol=1e-9)
    again = seed.copy()
    for part, factor in zip(parts, fit.factors, strict=True):
        again = again * factor[part.ids]
    assert np.allclose(again, fit.table, rtol=1e-7)


@given(seeds_and_tables())
def test_the_general_fit_is_the_fit_to_margins(pair: tuple[Array, Array]) -> None:
    seed, table = pair
    two_way = fit_two_way(seed, table.sum(1), table.sum(0)).table
    general = fit_partitions(seed, margins_of(table, [0], [1])).table
    assert np.allclose(two_way, general, rtol=1e-6, atol=1e-8 * table.max())
    order = np.random.default_rng(0).permutation(seed.shape[0])
    moved = fit_two_way(seed[order], table.sum(1)[order], table.sum(0)).table
    assert np.allclose(moved, two_way[order], rtol=1e-6, atol=1e-8 * table.max())
    alpha, beta = two_way_factors(seed, two_way)
    assert np.allclose(alpha[:, None] * beta * seed, two_way, rtol=1e-9)


@given(seeds_and_tables(3, zeros=False), st.sampled_from([None, "largest", "own"]))
def test_three_way_tables_keep_both_margins_and_the_diagonal(
    pair: tuple[Array, Array], kind: str | None
) -> None:
    seed, cube = (np.broadcast_to(x[:, :1, :], (x.shape[0], x.shape[2], x.shape[2])).copy() for x in pair)
    cube *= 1 + np.arange(cube.shape[1])[:, None]
    start, end, places = cube.sum(2), cube.sum(1), np.arange(cube.shape[1])
    stay = cube[:, places, places] if kind == "own" else kind
    if kind == "own" and cube.shape[1] < 3:
        return
    fit = fit_three_way(start, end, seed=seed, diagonal=stay)
    assert np.allclose(fit.table.sum(2), start, rtol=1e-9)
    assert np.allclose(fit.table.sum(1), end, rtol=1e-9)
    if kind is not None:
        wanted = np.minimum(start, end) if kind == "largest" else stay
        assert np.allclose(fit.table[:, places, places], wanted, rtol=1e-12)


def test_known_cells_are_part_of_the_totals() -> None:
    known = np.full((3, 3), np.nan)
    np.fill_diagonal(known, [7.0, 8.0, 9.0])
    fit = fit_two_way(np.ones((3, 3)), [10, 12, 14], [12, 12, 12], known=known, labels=("abc", "abc"))
    assert np.allclose(fit.table.sum(1), [10, 12, 14])
    assert np.diag(fit.table).tolist() == [7, 8, 9]
    assert fit_two_way(np.ones((3, 3)), [10, 12, 14], known=known).table[0].tolist() == [7, 1.5, 1.5]
    known[1, 1] = 13.0
    with pytest.raises(InfeasibleError, match="known cells add up to more") as caught:
        fit_two_way(np.ones((3, 3)), [10, 12, 14], [12, 12, 12], known=known, labels=("abc", "abc"))
    assert caught.value.repair == {"row b": pytest.approx(1.0)}


@given(seeds_and_tables(3), st.sampled_from(["total", "geometric-mean"]))
def test_components_multiply_back_to_the_table(pair: tuple[Array, Array], reference: Any) -> None:
    table = pair[1]
    if not table.sum() or (reference == "geometric-mean" and not table.all()):
        return
    parts = multiplicative_components(table, reference=reference)
    assert np.allclose(parts.product(), table, rtol=1e-9)
    assert set(parts.effects) == {(0,), (1,), (2,), (0, 1), (0, 2), (1, 2), (0, 1, 2)}
    if reference == "total":
        assert parts.effects[(0,)].sum() == pytest.approx(1.0)
        independent = parts.overall
        for axis in range(3):
            independent = independent * np.expand_dims(
                parts.effects[(axis,)], [a for a in range(3) if a != axis]
            )
        assert np.allclose(parts.association * independent, table, rtol=1e-9)
    else:
        assert np.log(parts.effects[(0, 1)]).sum(0) == pytest.approx(0.0, abs=1e-9)


def test_the_least_repair_is_the_least() -> None:
    change, _ = least_repair(net_incidence(np.array([[False, True], [False, False]])), np.array([2.0, -2.0]))
    assert change.tolist() == pytest.approx([-2.0, 2.0])


# Bad input ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"seed": [[1, -1], [1, 1]]}, "seed must be finite and not negative"),
        ({"seed": [[1, np.nan], [1, 1]]}, "seed must be finite and not negative"),
        ({"seed": [1, 2]}, "origin and a destination axis"),
        ({"rows": [1, 2, 3]}, r"shape \(3,\)"),
        ({"rows": [1, np.inf]}, "row must be finite"),
        ({"rows": [-1, 3]}, "row must be finite and not negative"),
        ({"blocks": ([[0, 1], [1, 2]], [1, 1])}, "between 0 and 1"),
        ({"blocks": ([[0, 1]], [1, 1])}, "groups of block have shape"),
        ({"known": [[1.0]]}, "known cells have shape"),
        ({"known": [[-1.0, np.nan], [np.nan, np.nan]]}, "known cells must be finite"),
        ({"labels": (["a"], ["b"]), "columns": None}, "1 and 1 labels for a table"),
        ({"rows": None, "columns": None, "blocks": None}, "nothing to fit"),
    ],
)
def test_bad_two_way_input_is_refused(change: dict[str, Any], message: str) -> None:
    options: dict[str, Any] = {"seed": [[1, 1], [1, 1]], "rows": [1, 1], "blocks": ([[0, 0], [1, 1]], [1, 1])}
    options |= change
    with pytest.raises(DataError, match=message):
        fit_two_way(**options)


def test_a_total_without_cells_is_named() -> None:
    with pytest.raises(InfeasibleError, match="row b") as caught:
        fit_two_way([[1, 1], [0, 0]], [1, 3], labels=(["a", "b"], ["c", "d"]))
    assert caught.value.repair == {"row b": pytest.approx(-3.0)}


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        (([[1, 2]], [[1, 2], [3, 4]]), {}, "one row for each birthplace"),
        (([[1, 2]], [[1, 2]]), {"seed": np.ones((3, 3))}, "does not fit a cube"),
        (([[1, 2]], [[1, 1, 1]]), {"diagonal": "largest"}, "as many origins as destinations"),
        (([[1, 2]], [[1, 2]]), {"diagonal": [1, 2]}, "stayers have shape"),
    ],
)
def test_bad_three_way_input_is_refused(arguments: Any, options: Any, message: str) -> None:
    with pytest.raises(DataError, match=message):
        fit_three_way(*arguments, **options)


def test_the_birthplace_that_contradicts_is_named() -> None:
    with pytest.raises(InfeasibleError, match="birthplace Chad"):
        fit_three_way([[1, 2], [1, 2]], [[2, 1], [2, 2]], labels=["Niger", "Chad"])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: multiplicative_components([[1, -1]]), "finite and not negative"),
        (lambda: multiplicative_components([[0, 0]]), "without counts"),
        (lambda: multiplicative_components([[1, 0]], reference="geometric-mean"), "no geometric mean"),
        (lambda: multiplicative_components([[1, 1]], reference="median"), "no reference called"),
        (lambda: components_by_slice([1, 2]), "two axes"),
        (lambda: components_by_slice([[1, 2]], 2), "no axis 2"),
        (lambda: two_way_factors([[1]], [[1, 2]]), "must be alike"),
        (lambda: margin((2, 2), [0], [1, 2, 3]), "needs"),
        (lambda: fit_partitions(SEED, [margin((2, 2), [0], [1, 2], labels=["a"])]), "1 labels for 2 totals"),
    ],
)
def test_other_bad_input_is_refused(call: Any, message: str) -> None:
    with pytest.raises(DataError, match=message):
        call()
