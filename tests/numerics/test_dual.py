"""Newton's method on a dual ends at the minimum, or says that there is none."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridors.numerics.dual import DualFit, State, along, minimise_dual
from corridors.numerics.typing import Array


def exponential(wanted: Array, **options: bool) -> DualFit[Array]:
    """Fit cells ``exp(p)`` to totals of their own: the dual is ``sum(exp(p) - wanted * p)``."""

    def state(p: Array) -> State[Array]:
        with np.errstate(over="ignore"):
            x = np.exp(p)
        return x, float(x.sum() - wanted @ p), x - wanted

    return minimise_dual(
        np.zeros(wanted.size),
        state,
        along(lambda x, _: np.diag(x)),
        lambda gradient, _: float(np.abs(gradient).max()),
        tolerance=1e-9,
        max_steps=200,
        **options,
    )


@given(st.lists(st.floats(1e-2, 1e4), min_size=1, max_size=5))
def test_totals_are_met_and_prices_belong_to_the_cells(wanted: list[float]) -> None:
    fit = exponential(np.array(wanted))
    assert fit.met
    np.testing.assert_allclose(fit.cells, wanted, rtol=1e-7, atol=1e-9)
    np.testing.assert_allclose(fit.prices, np.log(wanted), rtol=1e-6, atol=1e-7)


def test_last_step_polishes() -> None:
    wanted = np.array([3.0, 700.0])
    rough, fine = exponential(wanted, polish=False), exponential(wanted)
    assert rough.met
    assert rough.steps == fine.steps
    assert fine.error <= rough.error <= 1e-9


def test_prices_that_run_off_are_told() -> None:
    fit = exponential(np.array([1.0, -1.0]))
    assert not fit.met
    assert fit.error == pytest.approx(1.0, abs=1e-3)
    assert fit.prices[1] < -20


def test_a_factor_is_kept_while_it_serves_and_made_anew_where_it_does_not():
    made: list[float] = []

    def fit(jump: float) -> DualFit[np.ndarray]:
        made.clear()

        def curvature(x: np.ndarray, _: float) -> np.ndarray:
            made.append(float(x[0]))
            return np.diag(x)

        return minimise_dual(
            np.full(1, jump),
            lambda p: (np.exp(p), float(np.exp(p).sum() - 3 * p.sum()), np.exp(p) - 3),
            along(curvature),
            lambda gradient, _: float(abs(gradient).max()),
            tolerance=1e-11,
            max_steps=60,
            polish=False,
        )

    near = fit(np.log(3.02))
    assert near.met
    assert len(made) == 1 < near.steps
    assert fit(3.0).met
    assert len(made) > 1
    assert abs(fit(3.0).prices[0] - np.log(3)) < 1e-11
