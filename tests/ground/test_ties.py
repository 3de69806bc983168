"""Ties hold in both directions, and the first row of a pair counts."""

from __future__ import annotations

import math

import pytest

from corridors.errors import DataError
from corridors.ties import TIES, ties_both_ways

NEAR = {
    "origin": ["A", "B", "A"],
    "destination": ["B", "A", "C"],
    "distance_km": [100.0, 900.0, None],
    "contiguous": [1, 0, 0],
    "common_language": [1, 1, None],
    "colonial_tie": [0, 0, 1],
}


def test_pairs_stand_in_both_directions_once() -> None:
    found = {(o, d): rest for o, d, *rest in ties_both_ways(NEAR).iter_rows()}
    assert ties_both_ways(NEAR).columns == ["origin", "destination", *TIES]
    assert set(found) == {("A", "B"), ("B", "A"), ("A", "C"), ("C", "A")}
    assert found["A", "B"] == [pytest.approx(math.log(100)), 1, 1, 0]
    assert found["C", "A"] == found["A", "C"] == [None, 0, None, 1]
    # A table of both directions need not agree with itself: each direction keeps its own first row.
    assert found["B", "A"][1] == 0


def test_distance_is_asked_for_only_where_its_logarithm_is() -> None:
    bare = {k: v for k, v in NEAR.items() if k != "distance_km"}
    assert ties_both_ways(bare, ["contiguous"]).height == 4
    assert ties_both_ways(bare | {"log_distance": [1, 2, 3]}, ["log_distance"])["log_distance"][0] == 1.0
    with pytest.raises(DataError, match="no column 'distance_km'"):
        ties_both_ways(bare)
    with pytest.raises(DataError, match="distance_km"):
        ties_both_ways(NEAR | {"distance_km": [1.0, 0.0, 2.0]})
