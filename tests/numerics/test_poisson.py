"""Poisson with two-way effects: held to pyfixest, and what holds for any table."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corridors.errors import DataError
from corridors.numerics.poisson import PoissonFit, fit_two_way

NAMES = ["near", "kin"]


def drawn(
    seed: int, shape: tuple[int, ...], *, level: float = 0.5, gaps: float = 0.2
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Flows, covariates and clusters of a stack with gaps."""
    rng = np.random.default_rng(seed)
    t, m, n = shape
    x = rng.normal(size=(2, t, m, n))
    effects = rng.normal(size=(t, m, 1)) + rng.normal(size=(t, 1, n))
    y = rng.poisson(np.exp(level + 0.5 * x[0] - 0.3 * x[1] + effects)).astype(float)
    y[rng.random(shape) < gaps] = np.nan
    return y, x, np.broadcast_to(np.arange(m * n).reshape(m, n) // 2, shape)


def peer(
    y: np.ndarray, x: np.ndarray, clusters: np.ndarray | None
) -> tuple[list[float], list[float], int, float]:
    """Coefficients, errors, observations and pseudo R² by pyfixest."""
    pytest.importorskip("pyfixest", reason="pyfixest is not installed")
    import pandas as pd
    from pyfixest.estimation import fepois

    known = np.isfinite(y)
    t, i, j = np.nonzero(known)
    table = {
        "y": y[known],
        "row": [f"{a}@{b}" for a, b in zip(i, t, strict=True)],
        "column": [f"{a}@{b}" for a, b in zip(j, t, strict=True)],
        "group": np.zeros(len(t)) if clusters is None else clusters[known],
        **{name: values[known] for name, values in zip(NAMES, x, strict=True)},
    }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = fepois(
            f"y ~ {' + '.join(NAMES)} | row + column",
            data=pd.DataFrame(table),
            vcov="hetero" if clusters is None else {"CRV1": "group"},
            fixef_tol=1e-13,
            iwls_tol=1e-14,
            iwls_maxiter=200,
            fixef_maxiter=100_000,
        )
    return found.coef().tolist(), found.se().tolist(), int(found._N), float(found._pseudo_r2)


@pytest.mark.parametrize("clustered", [False, True], ids=["robust", "clustered"])
@pytest.mark.parametrize(
    ("shape", "level", "gaps"),
    [
        pytest.param((1, 12, 12), 0.5, 0.2, id="one table"),
        pytest.param((3, 9, 7), 0.5, 0.2, id="stack"),
        pytest.param((2, 10, 12), -1.5, 0.3, id="mostly zero: separation"),
        pytest.param((3, 8, 8), 0.5, 0.7, id="mostly unknown: cells alone in a row"),
    ],
)
def test_numbers_of_pyfixest(
    shape: tuple[int, int, int], level: float, gaps: float, *, clustered: bool
) -> None:
    y, x, clusters = drawn(8, shape, level=level, gaps=gaps)
    fit = fit_two_way(y, x, NAMES, clusters=clusters if clustered else None)
    b, errors, observations, r2 = peer(y, x, clusters if clustered else None)
    np.testing.assert_allclose(fit.coefficients, b, rtol=0, atol=1e-8)
    np.testing.assert_allclose(fit.standard_errors, errors, rtol=1e-8)
    assert fit.used.sum() == observations
    assert fit.pseudo_r2 == pytest.approx(r2, abs=1e-10)


def test_what_the_cases_are_named_for_happens() -> None:
    sparse = fit_two_way(*drawn(8, (2, 10, 12), level=-1.5, gaps=0.3)[:2], NAMES)
    y, x, _ = drawn(8, (3, 8, 8), gaps=0.7)
    lone = fit_two_way(y, x, NAMES)
    assert (np.isfinite(drawn(8, (2, 10, 12), level=-1.5, gaps=0.3)[0]) & ~sparse.used).any()
    alone = np.isfinite(y) & ~lone.used & (y > 0)
    assert alone.any()
    np.testing.assert_array_equal(lone.fitted[alone], y[alone])


@given(st.integers(0, 2**32 - 1), st.integers(1, 3), st.integers(4, 9), st.integers(4, 9))
def test_sums_are_kept_and_the_score_is_zero(seed: int, t: int, m: int, n: int) -> None:
    y, x, _ = drawn(seed, (t, m, n), level=2.0, gaps=0.1)
    fit = fit_two_way(y, x, NAMES)
    known = np.nan_to_num(y)
    np.testing.assert_allclose(fit.fitted.sum(1), known.sum(1), rtol=1e-8, atol=1e-8)
    np.testing.assert_allclose(fit.fitted.sum(2), known.sum(2), rtol=1e-8, atol=1e-8)
    left = np.where(fit.used, known - fit.fitted, 0.0)
    np.testing.assert_allclose((x * left).sum((1, 2, 3)) / known.sum(), 0.0, atol=1e-9)


@settings(max_examples=25)
@given(st.integers(0, 2**32 - 1))
def test_order_of_places_and_tables_does_not_matter(seed: int) -> None:
    y, x, clusters = drawn(seed, (3, 6, 7), level=2.0)
    rng = np.random.default_rng(seed)
    t, i, j = rng.permutation(3), rng.permutation(6), rng.permutation(7)
    move = np.ix_(t, i, j)

    def same(a: PoissonFit, b: PoissonFit) -> None:
        np.testing.assert_allclose(a.coefficients, b.coefficients, rtol=1e-8, atol=1e-10)
        np.testing.assert_allclose(a.standard_errors, b.standard_errors, rtol=1e-6)
        assert a.deviance == pytest.approx(b.deviance, rel=1e-8)

    one = fit_two_way(y, x, NAMES, clusters=clusters)
    same(fit_two_way(y[move], x[(slice(None), *move)], NAMES, clusters=clusters[move]), one)
    same(fit_two_way(1000 * y, x, NAMES), _scaled(fit_two_way(y, x, NAMES), 1000))


def _scaled(fit: PoissonFit, by: float) -> PoissonFit:
    """The same fit in another unit: coefficients and errors do not feel it."""
    return PoissonFit(
        fit.coefficients, fit.standard_errors, fit.fitted * by, fit.used, fit.deviance * by, np.nan, fit.steps
    )


def test_effects_that_run_off_are_left_out() -> None:
    # Cell (0, 2) can not be filled: what leaves row 0 already arrives in columns 0 and 1.
    y = np.array([[4, 3, 0, -1], [2, 6, -1, -1], [-1, -1, 5, 3], [-1, -1, 2, 7]], dtype=float)
    y[y < 0] = np.nan
    x = np.random.default_rng(1).normal(size=(1, 4, 4))
    fit = fit_two_way(y, x, ["x"])
    assert not fit.used[0, 2]
    assert fit.used.sum() == 8
    without = fit_two_way(np.where(fit.used, y, np.nan), x, ["x"])
    np.testing.assert_array_equal(without.coefficients, fit.coefficients)


def test_models_that_tell_nothing_are_refused() -> None:
    y, x, _ = drawn(3, (1, 8, 8), level=1.0, gaps=0.0)
    for covariate, message in (
        (np.ones_like(y), "does not vary"),
        (np.arange(8.0)[:, None] * np.ones((1, 8, 8)), "can not be told apart"),
        (np.where(y > 0, 1.0, 0.0), "no flow where x = 0"),
    ):
        with pytest.raises(DataError, match=message):
            fit_two_way(y, covariate[None], ["x"])
    with pytest.raises(DataError, match="negative"):
        fit_two_way(-y, x, NAMES)
    with pytest.raises(DataError, match="all flows are zero"):
        fit_two_way(0 * y, x, NAMES)


def test_one_cluster_has_no_error() -> None:
    y, x, _ = drawn(4, (1, 8, 8))
    assert np.isnan(
        fit_two_way(y, x, NAMES, clusters=np.zeros(y.shape, dtype=np.int64)).standard_errors
    ).all()
