"""Stock tables: native-born cells, and flows that need nothing but stocks."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given

from conftest import read_golden, stock_pairs
from corridors.errors import DataError, InfeasibleError
from corridors.migration import migration_rate, rogers_von_rabenau, stock_difference, with_natives
from corridors.numerics.typing import Array

Stocks = tuple[Array, Array, Array, Array]


# Published numbers


def test_stock_differences_of_the_peer() -> None:
    """Whole persons: equal, not close."""
    inputs, outputs = read_golden("ffs_diff_doc")
    start, end = inputs["stock_start"], inputs["stock_end"]
    assert np.array_equal(stock_difference(start, end), outputs["zero"])
    assert np.array_equal(stock_difference(start, end, decrease="reverse"), outputs["return"])
    with_native_cells = stock_difference(start, end, decrease="reverse", natives=True)
    off = ~np.eye(4, dtype=bool)
    assert np.array_equal(with_native_cells[off], outputs["return_native"][off])
    # The peer counts a changed number of natives as moves from a place to itself.
    assert np.array_equal(np.diag(with_native_cells), np.abs(np.diag(end - start)))
    assert np.array_equal(np.diag(with_native_cells), np.diag(outputs["return_native"]))


def test_rates_of_the_peer() -> None:
    """Both are closed forms, so only rounding separates them (rtol 1e-12)."""
    inputs, outputs = read_golden("ffs_rates_doc")
    start, end = inputs["stock_start"], inputs["stock_end"]
    rate = migration_rate(start, inputs["M"].item())
    growth = rogers_von_rabenau(start, end)
    off = ~np.eye(4, dtype=bool)
    np.testing.assert_allclose(growth[off], outputs["rvr"][off], rtol=1e-12)
    assert (growth < 0).sum() == 5  # as published: nothing forbids it
    np.testing.assert_allclose(rate, outputs["dennett"], rtol=1e-12)
    assert rate.sum() == pytest.approx(60, rel=1e-12)


# Invariants


@given(stock_pairs())
def test_differences(stocks: Stocks) -> None:
    start, end, *_ = stocks
    drop, reverse = stock_difference(start, end), stock_difference(start, end, decrease="reverse")
    assert np.all(drop >= 0)
    assert np.all(reverse >= drop)
    assert not np.diag(reverse).any()
    assert not stock_difference(start, start, decrease="reverse").any()
    # Reversed in time, moves go the other way; each change of a foreign stock is one move.
    np.testing.assert_array_equal(stock_difference(end, start, decrease="reverse"), reverse.T)
    change = np.abs(end - start)
    assert reverse.sum() == pytest.approx(change.sum() - np.trace(change), rel=1e-12, abs=1e-9)


@given(stock_pairs())
def test_natives_fill_up_the_population(stocks: Stocks) -> None:
    start = stocks[0]
    people = start.sum(0)
    foreign = start + np.diag(np.full(people.size, 7.0))  # the diagonal given is ignored
    table, scaled = with_natives(foreign, people)
    np.testing.assert_allclose(table, start, rtol=1e-9, atol=1e-9 * people.max())
    np.testing.assert_allclose(table.sum(0), people, rtol=1e-14)
    assert np.all(scaled == 1)


def test_stock_larger_than_the_population_is_named() -> None:
    foreign, people = [[0, 300, 1], [5, 0, 1], [5, 400, 0]], [100, 500, 50]
    with pytest.raises(InfeasibleError, match=r"larger than the population in 1 place") as caught:
        with_natives(foreign, people, labels=["AAA", "BBB", "CCC"])
    assert caught.value.culprits == ("BBB",)
    assert caught.value.repair == {"BBB": -200.0}
    assert "BBB: foreign-born 700, room in the population 500" in str(caught.value)
    with pytest.raises(InfeasibleError) as unnamed:
        with_natives(foreign, people)
    assert unnamed.value.culprits == ("1",)


def test_stock_larger_than_the_population_is_scaled_on_request() -> None:
    foreign, people = [[0, 300, 1], [5, 0, 1], [5, 400, 0]], [100, 500, 50]
    table, scaled = with_natives(foreign, people, least_native=[0, 80, 0], repair=True)
    assert scaled.tolist() == pytest.approx([1, 420 / 700, 1], rel=1e-15)
    assert table[:, 1].tolist() == pytest.approx([180, 80, 240], rel=1e-12)
    assert table.sum(0).tolist() == pytest.approx(people, rel=1e-14)
    assert table[:, 0].tolist() == [90, 5, 5]
    # Natives asked for beyond the population: nobody else is left, nothing is negative.
    alone, _ = with_natives([[0, 10], [0, 0]], [5, 5], least_native=99, repair=True)
    assert alone.tolist() == [[5, 0], [0, 5]]


def test_natives_asked_for_where_there_is_room_change_nothing() -> None:
    table, scaled = with_natives([[0, 10], [5, 0]], [100, 200], least_native=50)
    assert table.tolist() == [[95, 10], [5, 190]]
    assert scaled.tolist() == [1, 1]


@given(stock_pairs())
def test_rate_adds_up_and_keeps_shares(stocks: Stocks) -> None:
    start = stocks[0]
    if np.trace(start) == start.sum():
        with pytest.raises(DataError, match="nobody in the start stock lives outside"):
            migration_rate(start, 1.0)
        return
    flow = migration_rate(start, 1e6)
    assert flow.sum() == pytest.approx(1e6, rel=1e-12)
    assert not np.diag(flow).any()
    foreign = start - np.diag(np.diag(start))
    np.testing.assert_allclose(flow / 1e6, foreign / foreign.sum(), rtol=1e-12)


def test_growth_matrix_leads_from_start_to_end() -> None:
    """By hand, two places: G = inv(S0) S1, row i times the people in i."""
    start, end = np.array([[90.0, 10.0], [20.0, 180.0]]), np.array([[80.0, 30.0], [25.0, 175.0]])
    determinant = 90 * 180 - 10 * 20
    g01, g10 = (180 * 30 - 10 * 175) / determinant, (90 * 25 - 20 * 80) / determinant
    np.testing.assert_allclose(rogers_von_rabenau(start, end), [[0, g01 * 110], [g10 * 190, 0]], rtol=1e-12)


# Refusals


@pytest.mark.parametrize("method", [stock_difference, rogers_von_rabenau])
@pytest.mark.parametrize(
    ("start", "end", "message"),
    [
        ([[1, 2]], [[1, 2], [3, 4]], r"start stock must be a square table.*not \(1, 2\)"),
        ([[1, 2], [3, 4]], [1, 2], r"end stock must be a square table"),
        (
            [[1, -2], [3, 4]],
            [[1, 2], [3, 4]],
            r"start stock has 1 cell(?s:.*)born in 0, living in 1: -2",
        ),
        ([[1, 2], [3, 4]], [[1, 2], [np.nan, 4]], r"end stock has 1 cell(?s:.*)born in 1, living in 0: nan"),
        ([[1]], [[1, 2], [3, 4]], r"start and end stocks differ in shape: \(1, 1\) and \(2, 2\)"),
        ([[1, 2], [3, np.inf]], [[1, 2], [3, 4]], r"born in 1, living in 1: inf"),
    ],
)
def test_tables_that_are_none(method: object, start: object, end: object, message: str) -> None:
    with pytest.raises(DataError) as caught:
        method(start, end)  # type: ignore[operator]
    assert re.search(message, str(caught.value))


def test_refusals_of_single_methods() -> None:
    good = [[1, 2], [3, 4]]
    with pytest.raises(DataError, match="decrease must be 'drop' or 'reverse', not 'back'"):
        stock_difference(good, good, decrease="back")
    with pytest.raises(DataError, match="start stock is singular"):
        rogers_von_rabenau([[1, 1], [1, 1]], good)
    for people in ([1], [1, -1], [1, np.nan]):
        with pytest.raises(DataError, match="population must be one finite, non-negative number a place"):
            with_natives(good, people)
    with pytest.raises(DataError, match=r"born in a, living in b: -1"):
        with_natives([[0, -1], [0, 0]], [5, 5], labels="ab")
