"""Typed elasticities and the gain of cheaper transfers: acceptance numbers, invariants, refusals."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridors.errors import DataError, NotFound
from corridors.remittances.elasticities import (
    CostElasticity,
    CostResponse,
    Elasticity,
    ExchangeRateElasticity,
    FixedFeeElasticity,
    GrossCostElasticity,
    HostIncomeElasticity,
    PerPointElasticity,
    cost_cut,
    elasticities,
    elasticity,
    implied_elasticity,
)

KINDS = (CostElasticity, GrossCostElasticity, PerPointElasticity)
kinds = st.sampled_from(KINDS)
shares = st.floats(0.001, 0.5)
values = st.floats(-0.9, 0.0)
amounts = st.floats(0.0, 1e6)


def test_five_by_five() -> None:
    eta = GrossCostElasticity(0.0)
    assert cost_cut(317, 0.10, 0.05, eta).static[0] == pytest.approx(15.85)
    # Africa: 12.4 to 5 % on 60 billion.
    assert cost_cut(60, 0.124, 0.05, eta).static[0] == pytest.approx(4.44)
    assert cost_cut(436, 0.074, 0.03, eta).static[0] == pytest.approx(19.2, abs=0.05)


@pytest.mark.parametrize("kind", ["cost", "gross", "point"])
def test_kpodar_and_imam(kind: str) -> None:
    found = cost_cut(560, 0.065, 0.03, elasticity(f"kpodar_imam_2024_{kind}"))  # type: ignore[arg-type]
    assert 30 <= found.behavioural[0] <= 32


def test_published_gain_implies_three_numbers_far_apart() -> None:
    eps, eta, point = (implied_elasticity(kind, 560, 32, 0.065, 0.03).value for kind in KINDS)
    assert eps == pytest.approx(-0.07, abs=0.005)
    assert -1.7 <= eta <= -1.6
    assert -0.016 <= point <= -0.015
    assert 15 < eta / eps < 30


@given(kinds, kinds, values, shares, st.floats(0, 1))
def test_conversions_round_trip(
    one: type[CostResponse], two: type[CostResponse], value: float, cost: float, se: float
) -> None:
    start = one(value, se)
    there = start.to(GrossCostElasticity, at=cost)
    try:
        back = there.to(two, at=cost).to(one, at=cost)
    except DataError:
        # A strong response would be more than 100 % a point.
        assert PerPointElasticity in {one, two}
        return
    assert back.value == pytest.approx(value, rel=1e-12, abs=1e-300)
    assert back.se == pytest.approx(se, rel=1e-12)
    assert type(back) is one


@given(kinds, kinds, st.floats(-0.01, 0), shares)
def test_converted_kinds_agree_to_first_order(
    one: type[CostResponse], two: type[CostResponse], value: float, cost: float
) -> None:
    first = one(value)
    try:
        second = first.to(two, at=cost)
    except DataError:
        return
    step = 1e-6 * cost
    slopes = [np.log(float(e.ratio(cost, cost + step))) / step for e in (first, second)]
    assert slopes[1] == pytest.approx(slopes[0], rel=1e-4, abs=1e-9)


@given(amounts, shares, shares, st.floats(0, 2))
def test_static_gain_is_linear_in_the_cut(sent: float, before: float, after: float, part: float) -> None:
    half = before + part * (after - before) / 2
    whole, some = (
        cost_cut(sent, before, c, GrossCostElasticity(-1.5)).static[0] for c in (after, max(half, 0))
    )
    if half >= 0:
        assert some == pytest.approx(whole * part / 2, rel=1e-6, abs=1e-6 * max(sent, 1))


@given(kinds, amounts, shares, shares, values)
def test_gain_at_zero_response_and_signs(
    kind: type[CostResponse], sent: float, before: float, after: float, value: float
) -> None:
    assert cost_cut(sent, before, after, kind(0.0)).behavioural[0] == 0
    assert cost_cut(sent, before, before, kind(value)).behavioural[0] == 0
    found = cost_cut(sent, before, after, kind(value, 0.1 * abs(value)))
    assert found.lower[0] <= found.behavioural[0] <= found.upper[0]
    assert found.behavioural[0] * (before - after) >= 0
    assert found.behavioural[0] >= -sent
    # Ratios chain: two steps are one.
    e = kind(value)
    middle = (before + after) / 2
    assert float(e.ratio(before, middle) * e.ratio(middle, after)) == pytest.approx(
        float(e.ratio(before, after)), rel=1e-9
    )


@given(kinds, st.floats(-0.5, -0.001), st.floats(1, 1000), shares, shares)
def test_implied_elasticity_inverts_the_gain(
    kind: type[CostResponse], value: float, sent: float, before: float, after: float
) -> None:
    if abs(before - after) < 1e-3:
        return
    added = float(cost_cut(sent, before, after, kind(value)).behavioural[0])
    if added <= -sent:
        return
    assert implied_elasticity(kind, sent, added, before, after).value == pytest.approx(value, rel=1e-6)


def test_fixed_budget_is_minus_one() -> None:
    ratio = float(GrossCostElasticity(-1).ratio(0.0, 0.01))
    assert ratio * 1.01 == pytest.approx(1)


def test_distributions() -> None:
    prior = elasticity("prior_cost")
    drawn = np.array([prior.quantile(p) for p in np.linspace(0.001, 0.999, 999)])
    assert (drawn < 0).all()
    assert (np.diff(drawn) > 0).all()
    assert np.median(drawn) == pytest.approx(-1.5, abs=0.02)
    host = HostIncomeElasticity(1.0, 0.5)
    assert host.quantile(0.5) == pytest.approx(1)
    assert np.log(host.quantile(0.8413447)) == pytest.approx(0.5, abs=1e-6)
    assert HostIncomeElasticity(1.0).at(0.9) == HostIncomeElasticity(1.0)
    assert GrossCostElasticity(-1.0).at(0.1).value == -1.0


def test_kinds_are_never_equal_and_are_no_numbers() -> None:
    assert CostElasticity(-0.5) != GrossCostElasticity(-0.5)
    assert CostElasticity(-0.5) == CostElasticity(-0.5)
    with pytest.raises(TypeError):
        float(CostElasticity(-0.5))  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        CostElasticity(-0.5) * 2  # type: ignore[operator]


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: cost_cut(100, 0.06, 0.03, -1.6), "its kind is not said"),
        (lambda: cost_cut(100, 0.06, 0.03, ExchangeRateElasticity(0.6)), "its kind is not said"),
        (lambda: cost_cut(100, 6.5, 3, GrossCostElasticity(-1)), "6.5 % is 0.065"),
        (lambda: cost_cut(100, 0.065, 0, CostElasticity(-0.07)), "use GrossCostElasticity"),
        (lambda: cost_cut(-1, 0.06, 0.03, GrossCostElasticity(-1)), "negative"),
        (lambda: cost_cut(1, 0.06, 0.03, GrossCostElasticity(-1), receiver_share=2), "receiver_share"),
        (lambda: cost_cut(1, 0.06, 0.03, GrossCostElasticity(-1), diversion=-1), "diversion"),
        (lambda: cost_cut([1, 2], 0.06, 0.03, GrossCostElasticity(-1), labels=["a"]), "1 labels"),
        (lambda: GrossCostElasticity(1.6), "put the minus sign back"),
        (lambda: PerPointElasticity(-1.5), "-0.015"),
        (lambda: GrossCostElasticity(float("nan")), "can not be nan"),
        (lambda: GrossCostElasticity(-1, -0.1), "standard error"),
        (lambda: Elasticity(1.0), "needs a kind"),
        (lambda: GrossCostElasticity(-1).to(FixedFeeElasticity, at=0.05), "can not become FixedFee"),
        (lambda: GrossCostElasticity(-1).to(float, at=0.05), "can not become float"),
        (lambda: GrossCostElasticity(-1).to(CostElasticity, at=6.5), "0.065"),
        (lambda: implied_elasticity(GrossCostElasticity, 100, 5, 0.05, 0.05), "two costs that differ"),
        (lambda: implied_elasticity(GrossCostElasticity, 100, 5, 0.03, 0.05), "dearer"),
        (lambda: implied_elasticity(ExchangeRateElasticity, 100, 5, 0.05, 0.03), "its kind"),
        (lambda: elasticity("ahmed_2021"), "unverified=True"),
    ],
)
def test_refusals(call: object, words: str) -> None:
    with pytest.raises(DataError) as caught:
        call()  # type: ignore[operator]
    assert words in str(caught.value)


def test_registry() -> None:
    known = elasticities()
    assert {k.status for k in known.values()} <= {"reproduced", "seen", "convention", "unverified"}
    assert all(k.source and k.description and k.name == name for name, k in known.items())
    assert not any(k.status == "unverified" for name, k in known.items() if name.startswith("prior_"))
    # Priors are what stress tests fall back on; they all have errors.
    assert all(k.elasticity.se for name, k in known.items() if name.startswith("prior_"))
    assert elasticity("ahmed_2021", unverified=True) == CostElasticity(-1.6)
    with pytest.raises(NotFound, match="no elasticity"):
        elasticity("nobody_1999")


def test_result() -> None:
    found = cost_cut(
        [100, 200],
        [0.08, 0.06],
        0.03,
        GrossCostElasticity(-1.5, 0.7),
        receiver_share=0.5,
        diversion=0.2,
        labels=["A", "B"],
    )
    frame = found.to_polars()
    assert frame["label"].to_list() == ["A", "B"]
    np.testing.assert_allclose(found.receivers, 0.5 * found.static + 0.8 * found.behavioural)
    assert "reaches receivers" in found.summary()
    assert "GrossCostElasticity" in found.summary()
    alone = cost_cut(100, 0.08, 0.03, GrossCostElasticity(-1.5))
    assert alone.to_polars()["receivers"].null_count() == 1
    assert "no standard error" in alone.summary()
