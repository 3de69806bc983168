"""Agreement between coders, against published examples."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridors.cooperation.agreements import coder_agreement, cohen_kappa, krippendorff_alpha
from corridors.errors import DataError

_ = None
# Krippendorff (2011), four observers and twelve units.
FOUR = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, _, _, _],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, _, 3],
    [_, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, _],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, _],
]
# The worked example with three coders and fifteen units, alpha 0.691.
THREE = [
    [_, _, _, _, _, 3, 4, 1, 2, 1, 1, 3, 3, _, 3],
    [1, _, 2, 1, 3, 3, 4, 3, _, _, _, _, _, _, _],
    [_, _, 2, 1, 3, 4, 4, _, 2, 1, 1, 3, 3, _, 4],
]


def test_alpha_published() -> None:
    four = krippendorff_alpha(FOUR)
    assert four.value == pytest.approx(0.743, abs=5e-4)
    assert four.units == 11
    assert four.lower < four.value < four.upper
    assert krippendorff_alpha(THREE, draws=0).value == pytest.approx(0.691, abs=5e-4)
    # Two observers and ten binary units of the same paper.
    two = [[0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]]
    assert krippendorff_alpha(two, draws=0).value == pytest.approx(0.095, abs=5e-4)


def test_kappa_published() -> None:
    # Cohen (1960), table 1: 200 units, observed .70, expected .41, kappa .492.
    table = [[88, 14, 18], [10, 40, 10], [2, 6, 12]]
    pairs = [(i, j) for i in range(3) for j in range(3) for _ in range(table[i][j])]
    found = cohen_kappa([i for i, _ in pairs], [j for _, j in pairs])
    assert found.observed == pytest.approx(0.70)
    assert found.expected == pytest.approx(0.41)
    assert found.value == pytest.approx(0.492, abs=5e-4)
    # The large-sample standard error of Fleiss, Cohen and Everitt (1969) is near the bootstrap's.
    wide = cohen_kappa([i for i, _ in pairs], [j for _, j in pairs], level=0.95, draws=4000)
    assert (wide.upper - wide.lower) / 3.92 == pytest.approx(0.05, abs=0.006)
    assert "Cohen's kappa 0.492 (80% " in found.summary()


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), min_size=2, max_size=30))
def test_two_coders(pairs: list[tuple[str, str]]) -> None:
    first, second = [a for a, _ in pairs], [b for _, b in pairs]
    if len({*first, *second}) < 2:
        with pytest.raises(DataError, match="all codes are the same"):
            krippendorff_alpha([first, second])
        return
    alpha = krippendorff_alpha([first, second], draws=0)
    assert alpha.value <= 1 + 1e-12
    assert (alpha.value == pytest.approx(1)) == (first == second)
    assert krippendorff_alpha([second, first], draws=0).value == pytest.approx(alpha.value)
    # A third coder who codes nothing changes nothing.
    assert krippendorff_alpha([first, second, [None] * len(pairs)], draws=0).value == alpha.value
    # With two coders and all codes, alpha is Scott's pi with a correction for size.
    n = 2 * len(pairs)
    share = np.array([[*first, *second].count(c) / n for c in "abc"])
    observed, expected = np.mean([a == b for a, b in pairs]), (share**2).sum()
    pi = (observed - expected) / (1 - expected)
    assert alpha.value == pytest.approx(1 - (1 - pi) * (n - 1) / n)


def test_refusals_and_missing() -> None:
    with pytest.raises(DataError, match="2, 3 units"):
        krippendorff_alpha([[1, 2], [1, 2, 3]])
    with pytest.raises(DataError, match="himself"):
        krippendorff_alpha([[1, 2]])
    with pytest.raises(DataError, match="no unit"):
        cohen_kappa([1, None], [None, 1])
    with pytest.raises(DataError, match="no unit"):
        krippendorff_alpha([[1, None], [None, float("nan")]])
    row = cohen_kappa([1, 0, 1, None], [1, 0, 0, 1], draws=0)
    assert row.units == 3
    assert row.to_polars()["lower"].item() is None


def test_coders_of_agreements() -> None:
    base = {"agreement": [1, 2, 3, 4], "party_a": ["PHL"] * 4, "party_b": ["JOR", "SAU", "KOR", "QAT"],
            "year": [2000] * 4}  # fmt: skip
    one = base | {"quota": [1, 0, 1, 0], "remittances": [1, 1, 1, 1]}
    two = base | {"quota": [1, 0, 1, 1], "remittances": [1, 1, 1, None]}
    found = coder_agreement(one, two)
    quota = found.filter(provision="quota").row(0, named=True)
    assert quota["observed"] == 0.75
    assert quota["kappa"] == pytest.approx(0.5)
    money = found.filter(provision="remittances").row(0, named=True)
    assert money["units"] == 3
    assert money["observed"] == 1.0
    assert money["alpha"] is None
    with pytest.raises(DataError, match="in common"):
        coder_agreement(one, two | {"agreement": [11, 12, 13, 14]})
