"""Intervals of shares: published ones, and what holds for any."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from corridors.errors import DataError
from corridors.numerics.intervals import wilson, z_of_level


def test_published_intervals() -> None:
    """Newcombe (1998), table I, method 3."""
    lower, upper = wilson([81, 15, 0, 1], [263, 148, 20, 29], level=0.95)
    np.testing.assert_allclose(lower, [0.2553, 0.0624, 0.0, 0.0061], atol=5e-5)
    np.testing.assert_allclose(upper, [0.3662, 0.1605, 0.1611, 0.1718], atol=5e-5)


@given(st.integers(0, 60), st.integers(1, 60), st.floats(0.5, 0.99))
def test_ends_lie_about_the_share_and_mirror(k: int, n: int, level: float) -> None:
    k = min(k, n)
    low, high = wilson(k, n, level=level)
    assert 0 <= low <= k / n + 1e-12
    assert k / n - 1e-12 <= high <= 1
    assert wilson(n - k, n, level=level) == pytest.approx((1 - high, 1 - low))


@given(st.floats(0.001, 0.999))
def test_level_lies_between_the_ends(level: float) -> None:
    z = z_of_level(level)
    assert norm.cdf(z) - norm.cdf(-z) == pytest.approx(level, abs=1e-12)


def test_what_is_no_share_is_refused() -> None:
    assert np.isnan(wilson(0, 0, level=0.8)[0])
    for present, total in ((3, 2), (-1, 2)):
        with pytest.raises(DataError, match="more present than counted"):
            wilson(present, total, level=0.8)
    for level in (0.0, 1.0, 80.0):
        with pytest.raises(DataError, match="no probability"):
            wilson(1, 2, level=level)
