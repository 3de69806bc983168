"""Net migration as a residual, net totals that balance, whole numbers that add up."""

from __future__ import annotations

import csv
import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import GOLDEN, read_golden
from corridors.errors import DataError, InfeasibleError
from corridors.migration.net.rescale import rescale_net, round_to_sum
from corridors.migration.net.residuals import census_survival, net_children, net_survival, net_vital
from corridors.numerics.typing import Array

NET_VALUES = st.lists(st.floats(-1e7, 1e7), min_size=2, max_size=12)


def golden_table(case: str) -> dict[str, Any]:
    columns = json.loads((GOLDEN / f"{case}.json").read_text("utf-8"))["outputs"]["out"]["columns"]
    return {
        name: values if isinstance(values[-1], str) else np.array(values, dtype=np.float64)
        for name, values in columns.items()
    }


def rows_of(name: str) -> list[dict[str, str]]:
    with (GOLDEN / f"data_{name}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    ("case", "start", "end", "ratio"),
    [
        ("net_sr_bombay", "pop_1941", "pop_1951", "sr"),
        ("net_sr_manila", "pop_1960", "pop_1970", "phl_census_sr"),
        ("net_sr_manila_children", "pop_1960", "pop_1970", "phl_census_sr"),
    ],
)
def test_survival_method_agrees_with_the_peer(case: str, start: str, end: str, ratio: str) -> None:
    table = golden_table(case)
    answer = net_survival(table[start], table[end], table[ratio], children="children" in case)
    # Without the children's rule the peer writes zero where it does not know.
    known = slice(2 if case == "net_sr_manila" else 0, None)
    for name in ("forward", "reverse", "average"):
        assert np.allclose(getattr(answer, name)[known], table[f"net_{name}"][known], rtol=1e-12)
    assert np.allclose(answer.expected_end, table["pop1_forward"], rtol=1e-12, equal_nan=True)
    assert np.allclose(answer.expected_start, table["pop0_reverse"], rtol=1e-12, equal_nan=True)
    if case == "net_sr_manila":
        assert np.all(np.isnan(answer.forward[:2]))


def test_alabama_by_sex_and_race() -> None:
    rows = rows_of("alabama_1970")
    for group in {(r["sex"], r["race"]) for r in rows}:
        part = [r for r in rows if (r["sex"], r["race"]) == group]
        first, last, ratio = (
            np.array([float(r[c]) for r in part]) for c in ("pop_1960", "pop_1970", "us_census_sr")
        )
        net = net_survival(first, last, ratio, labels=[r["age_1970"] for r in part])
        assert np.allclose(net.forward + net.expected_end, last)
        assert np.allclose(net.reverse * ratio, net.forward)
        if group == ("female", "white"):
            assert net.forward[0] == pytest.approx(100224 - 0.964973 * 104556)


def test_lifetime_migrants_of_new_england_balance_those_elsewhere() -> None:
    nation: dict[tuple[str, str], Array] = {}
    for r in rows_of("usa_1960"):
        key = (r["birthplace"], r["age_1960"])
        nation[key] = nation.get(key, np.zeros(2)) + np.array([float(r["pop_1950"]), float(r["pop_1960"])])
    here = {(r["birthplace"], r["age_1960"]): [float(r["pop_1950"]), float(r["pop_1960"])]
            for r in rows_of("new_england_1960")}  # fmt: skip
    keys = sorted(here.keys() & nation.keys())
    assert len(keys) == len(here)
    all_, region = np.array([nation[k] for k in keys]), np.array([here[k] for k in keys])
    ratio = census_survival(all_[:, 0], all_[:, 1])
    inside = net_survival(region[:, 0], region[:, 1], ratio).forward
    outside = net_survival(*(all_ - region).T, ratio).forward
    assert np.allclose(inside + outside, 0.0, atol=1e-6)
    young_natives = keys.index(("New England", "20-29"))
    assert inside[young_natives] < 0


@given(st.integers(0, 2**32), st.sampled_from([1e-6, 1.0, 1e6]))
def test_residual_methods_undo_what_made_the_population(number: int, unit: float) -> None:
    rng = np.random.default_rng(number)
    start, moved = rng.uniform(50, 100, 8) * unit, rng.uniform(-20, 20, 8) * unit
    ratio = rng.uniform(0.5, 1.1, 8)
    assert np.allclose(net_survival(start, start * ratio + moved, ratio).forward, moved, atol=1e-9 * unit)
    assert np.allclose(net_survival(start, (start + moved) * ratio, ratio).reverse, moved, atol=1e-9 * unit)
    born, died = rng.uniform(0, 9, 8) * unit, rng.uniform(0, 9, 8) * unit
    assert np.allclose(net_vital(start, start + born - died + moved, born, died), moved, atol=1e-9 * unit)


def test_children_follow_their_own_mothers() -> None:
    women = np.arange(10.0, 20.0)
    net = np.where(np.arange(10) == 9, 8.0, 0.0)
    youngest, older = net_children(np.full(10, 40.0), net, women=women)
    assert youngest == 0
    assert older == pytest.approx(0.75 * 40 / women[4:10].sum() * 8)


def test_rescaling_agrees_with_the_peer_and_with_arithmetic() -> None:
    given_, out = read_golden("rescale_net_doc")
    assert np.allclose(rescale_net(given_["x"]), out["noswitch_real"], rtol=1e-12)
    assert np.allclose(rescale_net(given_["x"], switches=True), out["switches_real"], rtol=1e-12)
    assert rescale_net(given_["x"], integer=True).tolist() == out["noswitch_int"].tolist()


def test_rounding_is_not_random_and_does_not_fail_on_negative_extremes() -> None:
    answers = {tuple(round_to_sum([1.4, 1.4, -9.0], -7)) for _ in range(6)}
    assert answers == {(2.0, 1.0, -10.0)}
    assert round_to_sum([5.2]).tolist() == [5.0]
    assert round_to_sum([0.1, 0.2, 0.7]).tolist() == [0.0, 0.0, 1.0]
    assert round_to_sum([]).tolist() == []


@given(NET_VALUES, st.booleans())
def test_rescaled_totals_balance_and_keep_their_sign(values: list[float], integer: bool) -> None:
    net = np.array(values)
    if not (net.max() > 1e-6 and net.min() < -1e-6):
        return
    size = np.abs(net).sum()
    kept, even = rescale_net(net, integer=integer), rescale_net(net, integer=integer, switches=True)
    assert abs(kept.sum()) <= (0 if integer else 1e-9 * size)
    assert abs(even.sum()) <= (0 if integer else 1e-9 * size)
    assert np.all(kept * net >= 0)
    assert np.all(kept[net == 0] == 0)
    if integer:
        assert np.array_equal(kept, np.rint(kept))
        assert np.all(np.abs(kept - rescale_net(net)) <= 1.0)
    else:
        assert np.allclose(rescale_net(net * 1e6), kept * 1e6, rtol=1e-9)
        assert np.allclose(np.diff(even - net), 0.0, atol=1e-7)
        assert np.allclose(rescale_net(kept), kept, atol=1e-9 * size)


def test_rates_balance_by_their_populations() -> None:
    people, rates = np.array([10.0, 30.0, 60.0]), np.array([0.01, -0.02, 0.005])
    for switches in (False, True):
        balanced = rescale_net(rates, weights=people, switches=switches)
        assert (balanced * people).sum() == pytest.approx(0.0, abs=1e-15)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: net_vital([1], [1, 2], [0], [0]), "must be alike"),
        (lambda: net_vital([1], [np.nan], [0], [0]), "end must be finite"),
        (lambda: net_vital([1], [1], [-1], [0]), "births must be finite and not negative"),
        (lambda: census_survival([0.0], [1.0]), "empty at the start"),
        (lambda: census_survival([1.0], [1.0, 2.0]), "must be alike"),
        (lambda: net_survival([1], [1, 2], [1]), "one value for each age"),
        (lambda: net_survival([1, 2], [1, 2], [0.9, 0.0], labels=["0-4", "5-9"]), "5-9"),
        (lambda: net_survival([1, 2], [1, -2], [0.9, 0.9]), "can not be"),
        (lambda: net_survival([1, np.nan], [1, 2], [0.9, 0.9]), "can not be"),
        (lambda: net_survival([1, 2], [1, 2], [0.9, 0.9], children=True), "do not reach the mothers"),
        (lambda: net_children([1, 2], [1]), "must be alike"),
        (lambda: net_children(np.zeros(10), np.zeros(10)), "no women"),
        (lambda: rescale_net([1, np.nan]), "finite"),
        (lambda: rescale_net([1, -1], weights=[1, 0], labels=["a", "b"]), "b: net -1, weight 0"),
        (lambda: rescale_net([1, -1], weights=[1]), "one value a place"),
        (lambda: rescale_net([1, -1], weights=[1, 1], integer=True), "rates"),
        (lambda: round_to_sum([1.0, np.inf]), "finite"),
        (lambda: round_to_sum([1.0], 1.5), "can not add up"),
        (lambda: round_to_sum([1.0, -1.0], 3), "can not be scaled"),
        (lambda: round_to_sum([1.0, 1.0], 9, scale=False), "do not round"),
    ],
)
def test_bad_input_is_refused(call: Any, message: str) -> None:
    with pytest.raises(DataError, match=message):
        call()


def test_gains_without_losses_can_not_balance() -> None:
    with pytest.raises(InfeasibleError, match="all net totals are gains"):
        rescale_net([1.0, 2.0])
    assert rescale_net([1.0, 2.0], switches=True).tolist() == [-0.5, 0.5]
    assert rescale_net([0.0, 0.0]).tolist() == [0.0, 0.0]
