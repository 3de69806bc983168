"""Which values a figure can have: kinds, their bounds, and what lies within them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridors.errors import DataError
from corridors.figure_kinds import KINDS, admissible, kind_of, only_grows


@given(st.sampled_from(sorted(KINDS)), st.floats(-1e6, 1e6))
def test_what_is_admissible_lies_within_the_kind_and_never_on_its_edge(kind: str, about: float) -> None:
    least, most = KINDS[kind]
    values = admissible(kind, about)
    assert list(values) == sorted(set(values))
    assert all(least < value < most for value in values)


@pytest.mark.parametrize(("kind", "cut"), [("share", 0.5), ("amount", 5), ("count", 3), ("difference", 0)])
def test_both_sides_of_a_threshold_within_the_kind_are_admissible(kind: str, cut: float) -> None:
    values = admissible(kind, cut)
    assert min(values) < cut < max(values)


def test_kinds_of_units_and_what_is_none() -> None:
    units = ("share", "percentage points", "% of the amount sent", "USD million a year", "persons", "states")
    assert [kind_of(unit) for unit in units] == ["share", "difference", "amount", "amount", "amount", "count"]
    assert [kind for kind in KINDS if only_grows(kind)] == ["running count"]
    with pytest.raises(DataError, match="can not be a 'total'"):
        admissible("total", 1)
