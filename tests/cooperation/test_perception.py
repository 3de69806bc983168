"""Guesses of the public and what rescaling of proportions alone predicts."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridors.cooperation.perception import fit_rescaling, perceived_shares, perception_table, rescaled
from corridors.errors import DataError


def test_eleven_countries_of_2014() -> None:
    shares = perceived_shares()
    fit = fit_rescaling(shares["perceived"], shares["actual"], labels=shares["country"].to_list())
    assert (fit.gamma, fit.gamma_se) == pytest.approx((0.359, 0.081), abs=0.0006)
    assert fit.delta == pytest.approx(0.379, abs=0.0006)
    assert fit.r_squared == pytest.approx(0.69, abs=0.005)
    left = dict(zip(fit.labels, fit.residuals, strict=True))
    for country, points in {"ITA": 7.7, "USA": 5.1, "POL": 4.9, "JPN": -5.3, "KOR": -5.3}.items():
        assert left[country] == pytest.approx(points, abs=0.06), country
    # The mean guess is published as 24 %.
    assert shares["perceived"].mean() == pytest.approx(24, abs=0.1)
    assert "gamma 0.359 (se 0.081)" in fit.summary()


def test_standard_errors_are_those_of_a_regression() -> None:
    from scipy import special, stats

    shares = perceived_shares()
    fit = fit_rescaling(shares["perceived"], shares["actual"])
    line = stats.linregress(special.logit(shares["actual"] / 100), special.logit(shares["perceived"] / 100))
    assert (fit.gamma, fit.gamma_se) == pytest.approx((line.slope, line.stderr))
    assert fit.intercept == pytest.approx(line.intercept)
    assert np.sqrt(fit.covariance[0, 0]) == pytest.approx(line.intercept_stderr)


def test_interval_of_the_prior_agrees_with_its_profile() -> None:
    """At the ends of Fieller's interval a fit with delta held has t squared more squares."""
    from scipy import special, stats

    shares = perceived_shares()
    fit = fit_rescaling(shares["perceived"], shares["actual"])
    assert fit.delta_interval is not None
    x, y = (special.logit(shares[c].to_numpy() / 100) for c in ("actual", "perceived"))
    t2 = stats.t.ppf(0.9, 9) ** 2
    for end in fit.delta_interval:
        prior = special.logit(end)
        gamma = np.sum((x - prior) * (y - prior)) / np.sum((x - prior) ** 2)
        squares = np.sum((y - prior - gamma * (x - prior)) ** 2)
        assert (squares / fit.sigma**2 - 9) == pytest.approx(t2, rel=1e-6)
    rng = np.random.default_rng(1)
    rows = [rng.integers(0, 11, 11) for _ in range(400)]
    boot = [
        fit_rescaling(shares["perceived"].to_numpy()[i], shares["actual"].to_numpy()[i]).delta
        for i in rows
        if len(set(shares["actual"].to_numpy()[i])) > 3
    ]
    assert np.quantile(boot, [0.1, 0.9]) == pytest.approx(fit.delta_interval, abs=0.08)


@given(
    st.floats(0.05, 0.95),
    st.floats(0.02, 0.98),
    st.lists(st.floats(0.1, 99.9), min_size=3, max_size=9, unique=True),
)
def test_exact_guesses_are_fitted_exactly(gamma: float, delta: float, actual: list[float]) -> None:
    if max(actual) - min(actual) < 1:
        return
    fit = fit_rescaling(rescaled(actual, gamma, delta), actual)
    assert fit.gamma == pytest.approx(gamma, abs=1e-6)
    assert fit.delta == pytest.approx(delta, abs=1e-5)
    assert np.abs(fit.residuals).max() < 1e-6


def test_weights_count_rows_and_errors_are_used() -> None:
    guess, true = [20.0, 30, 22, 12], [10.0, 20, 12, 2]
    twice = fit_rescaling([*guess, 12], [*true, 2])
    weighted = fit_rescaling(guess, true, weights=[1, 1, 1, 2])
    assert (twice.gamma, twice.delta) == pytest.approx((weighted.gamma, weighted.delta))
    # Where guesses are much surer than countries are alike, errors change nothing.
    plain = fit_rescaling(guess, true)
    sure = fit_rescaling(guess, true, standard_errors=[1e-4] * 4)
    assert sure.gamma == pytest.approx(plain.gamma, abs=1e-6)
    assert sure.gamma_se == pytest.approx(plain.gamma_se, rel=1e-4)
    # A guess nobody can be sure of hardly counts.
    unsure = fit_rescaling(guess, true, standard_errors=[0.5, 0.5, 0.5, 50])
    without = fit_rescaling(guess[:3], true[:3])
    assert unsure.gamma == pytest.approx(without.gamma, abs=0.05)


def test_table() -> None:
    table = perception_table()
    assert table.height == 11
    italy = table.filter(country="ITA").to_dicts()[0]
    assert italy["residual"] == pytest.approx(30 - italy["expected_by_rescaling"])
    assert italy["lower"] < italy["expected_by_rescaling"] < italy["upper"]
    assert set(table["source_status"]) == {"seen"}
    wide = perception_table(level=0.95)
    assert (wide["upper"] > table["upper"]).all()
    own = pl.DataFrame({"country": ["A", "B", "C"], "perceived": [20, 30, 40], "actual": [5, 10, 30]})
    made = perception_table(own.to_pandas())
    assert made["year"].to_list() == [None] * 3
    with_errors = perception_table(own.with_columns(perceived_se=1.0), use_errors=True)
    assert with_errors["residual"].abs().max() < 5  # type: ignore[operator]


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ({"perceived": [0, 20, 30], "actual": [1, 2, 3]}, "row 1: country=A, perceived=0.0"),
        ({"perceived": [10, 20, 100], "actual": [1, 2, 3]}, "row 3: country=C, perceived=100.0"),
        (
            {"perceived": [10, 20, 30], "actual": [1, None, 3]},
            "row 2: country=B, actual=(blank)",
        ),
        ({"perceived": [10, 20, 30], "actual": [2, 2, 2]}, "all actual shares are equal"),
        ({"perceived": [10, 20, 30]}, "table 'guesses' has no column 'actual'"),
        ({"perceived": [10, 20, 30], "actual": [1, 2, 3], "weight": [1, 0, 1]}, "3 positive numbers"),
    ],
)
def test_refusals(rows: dict[str, list[float]], words: str) -> None:
    with pytest.raises(DataError) as caught:
        perception_table(pl.DataFrame({"country": ["A", "B", "C"], **rows}, strict=False))
    assert words in str(caught.value)


def test_more_refusals() -> None:
    with pytest.raises(DataError, match="unrounded"):
        fit_rescaling([0, 20, 30], [1, 2, 3])
    with pytest.raises(DataError, match="too few"):
        fit_rescaling([10, 20], [1, 2])
    with pytest.raises(DataError, match="not both"):
        fit_rescaling([10, 20, 30], [1, 2, 3], weights=[1, 1, 1], standard_errors=[1, 1, 1])
    with pytest.raises(DataError, match="perceived_se"):
        perception_table(use_errors=True)
