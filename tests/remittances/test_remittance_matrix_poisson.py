"""The two-way Poisson kernel: known truth, adding up, refusals."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridors.errors import DataError
from corridors.remittances.matrix import fit_two_way_poisson
from corridors.remittances.matrix.provenance import ORIGINS, guard


@given(st.integers(4, 9), st.integers(4, 9), st.integers(0, 2**32 - 1))
def test_known_coefficients_are_found(m: int, n: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    x, z = rng.normal(size=(2, m, n))
    y = np.exp(0.4 * x - 1.2 * z + rng.normal(size=(m, 1)) + rng.normal(size=n))
    fit = fit_two_way_poisson(y, {"x": x, "z": z}, estimated_by="observed")
    assert fit.coefficients["x"] == pytest.approx(0.4, abs=1e-6)
    assert fit.coefficients["z"] == pytest.approx(-1.2, abs=1e-6)
    np.testing.assert_allclose(fit.fitted, y, rtol=1e-5)


def noisy(n: int = 12) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    rng = np.random.default_rng(5)
    x = rng.normal(size=(n, n))
    y = rng.poisson(np.exp(1 + 0.5 * x + rng.normal(size=(n, 1)))).astype(float)
    y[3], y[:, 4] = 0, 0
    np.fill_diagonal(y, np.nan)
    return y, {"x": x}


def test_sums_of_fit_are_those_of_flows_and_empty_places_are_named() -> None:
    y, x = noisy()
    fit = fit_two_way_poisson(y, x, estimated_by="observed")
    np.testing.assert_allclose(fit.fitted.sum(1), np.nansum(y, 1), rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(fit.fitted.sum(0), np.nansum(y, 0), rtol=1e-9, atol=1e-9)
    assert (fit.dropped_rows, fit.dropped_columns) == ((3,), (4,))
    scaled = fit_two_way_poisson(1000 * y, {"x": 10 * x["x"] + 3}, estimated_by="observed")
    assert scaled.coefficients["x"] == pytest.approx(fit.coefficients["x"] / 10, rel=1e-8)
    assert scaled.standard_errors["x"] == pytest.approx(fit.standard_errors["x"] / 10, rel=1e-8)
    assert fit.to_polars().height == 1
    assert "corridors (observed)" in fit.summary()


def test_pairs_can_be_clusters_and_priors_are_positive() -> None:
    y, x = noisy()
    one = fit_two_way_poisson(y, x, estimated_by="observed")
    two = fit_two_way_poisson(y, x, estimated_by="observed", clusters="pair")
    assert two.coefficients == one.coefficients
    assert two.standard_errors["x"] != one.standard_errors["x"]
    prior = one.prior(x)
    assert np.isfinite(prior).all()
    assert (prior > 0).all()
    np.testing.assert_array_equal(prior[one.fitted > 0], one.fitted[one.fitted > 0])
    with pytest.raises(DataError, match="covariate x has shape"):
        one.prior({"x": np.ones((2, 2))})


def test_bad_models_are_refused() -> None:
    y, x = noisy()
    tables = (
        (y, {"x": np.ones_like(y)}, "does not vary"),
        (y, {"x": np.arange(12.0)[:, None] * np.ones(12)}, "can not be told apart"),
        (y, {"x": x["x"], "again": 2 * x["x"]}, "can not be told apart"),
        (y, {"x": np.where(np.nan_to_num(y) > 0, 1.0, 0.0)}, "separate"),
        (-y, x, "negative"),
        (np.full_like(y, np.nan), x, "no flow is left"),
        (y, {"x": np.ones((2, 2))}, "shape of the flows"),
        (y, {}, "at least one covariate"),
    )
    for flows, covariates, message in tables:
        with pytest.raises(DataError, match=message):
            fit_two_way_poisson(flows, covariates, estimated_by="observed")
    with pytest.raises(DataError, match="unknown clusters"):
        fit_two_way_poisson(y, x, estimated_by="observed", clusters="row")


def test_guard_knows_every_origin() -> None:
    for origin in ORIGINS:
        if origin == "observed":
            guard(origin)
        else:
            with pytest.raises(DataError, match="modelled"):
                guard(origin)
    with pytest.raises(DataError, match="unknown origin"):
        guard("hearsay")
