"""Demographic accounts: bookkeeping by birthplace and by residence, closed and open."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from conftest import read_golden, same_people, stock_pairs
from corridors.errors import DataError, InfeasibleError
from corridors.migration import Account, demographic_account, minimum
from corridors.migration.flows.accounts import close_birthplaces, match_world, open_birthplaces
from corridors.numerics.typing import Array

Stocks = tuple[Array, Array, Array, Array]
START, END = np.array([[95.0, 10], [5, 90]]), np.array([[90.0, 16], [4, 92]])


def closed_or_repaired(stocks: Stocks, **options: Any) -> tuple[Account, bool]:
    """A closed account; where there is none, the error must name culprits and repair must help.

    Left out: places without any corridor to the others that nevertheless grow or shrink;
    no birthplace totals mend that.
    """
    try:
        return demographic_account(*stocks, **options), False
    except InfeasibleError as error:
        refused = error
    assert refused.culprits
    assume("no birthplace totals" not in refused.title)
    assert set(refused.repair) == set(refused.culprits)
    return demographic_account(*stocks, **options, repair=True), True


# Published numbers: the parts of the account; its flows are in test_flows


@pytest.mark.parametrize("case", ["e3_opendr", "e4_open"])
def test_moves_from_and_to_outside_of_the_peer(case: str) -> None:
    """Closed forms: only rounding separates them (atol 1e-9 of 2,800 people).

    The peer's account has the moves to outside in the row of arrivals and the other way
    round, so its column is compared with arrivals here and its row with departures.
    """
    inputs, outputs = read_golden(f"ffs_demo_{case}")
    account = demographic_account(
        inputs["stock_start"],
        inputs["stock_end"],
        inputs["births"],
        inputs["deaths"],
        closure="open-dr" if case == "e3_opendr" else "open",
    )
    peer = np.moveaxis(outputs["account"], 2, 0)
    np.testing.assert_allclose(account.births, peer[:, 4, :4], atol=1e-9)
    np.testing.assert_allclose(account.deaths, peer[:, :4, 4], atol=1e-9)
    np.testing.assert_allclose(account.outside_out.sum(), peer[:, 5, :4].sum(), rtol=1e-9)
    np.testing.assert_allclose(account.outside_in.sum(), peer[:, :4, 5].sum(), rtol=1e-9)
    # The end stock of each residence is start + births - deaths + net, inside and outside.
    net = minimum(account.start, account.end).net + (account.outside_in - account.outside_out).sum(0)
    start, end = inputs["stock_start"].sum(0), inputs["stock_end"].sum(0)
    np.testing.assert_allclose(net, end - start - inputs["births"] + inputs["deaths"], atol=1e-9)


# Invariants


@given(same_people(least=2), st.data())
def test_people_who_were_there_all_along_come_back(tables: tuple[Array, Array], data: st.DataObject) -> None:
    """Births and deaths are put on top of known tables; the account takes them off again.

    Nothing has to be adjusted, so the tables return to 1e-9 of each residence.
    """
    start, end = tables
    n = len(start)
    share = st.sampled_from([0.0, 0.01, 0.1])
    dying = np.array([data.draw(share) for _ in range(n)])
    births = np.diag(end) * np.array([data.draw(share) for _ in range(n)])
    before, after = start / (1 - dying), end + np.diag(births)
    account = demographic_account(before, after, births, before.sum(0) * dying)
    # What the balance of the world leaves is rounding of the total, not of the place.
    atol = 1e-9 * (before.sum(0) + after.sum(0)) + 1e-13 * before.sum()
    assert np.all(np.abs(account.start - start) <= atol)
    assert np.all(np.abs(account.end - end) <= atol)
    assert not account.repaired.any()


@given(stock_pairs())
def test_closed(stocks: Stocks) -> None:
    """Tolerances: 1e-9 of the birthplace (the fit stops at 1e-10), rounding of the world total."""
    account, repaired = closed_or_repaired(stocks)
    start, end = match_world(*stocks)
    births, deaths = stocks[2:]
    rounding = 1e-12 * start.sum()
    assert np.all(account.start >= 0)
    assert np.all(account.end >= 0)
    assert account.repaired.any() == repaired
    people = account.start.sum(1)
    assert np.all(np.abs(people - account.end.sum(1)) <= 1e-9 * people + rounding)
    # Residences keep their totals, so net migration is that of the accounting identity.
    np.testing.assert_allclose(account.start.sum(0), start.sum(0) - deaths, rtol=1e-9, atol=rounding)
    np.testing.assert_allclose(account.end.sum(0), end.sum(0) - births, rtol=1e-9, atol=rounding)
    identity = end.sum(0) - start.sum(0) - births + deaths
    np.testing.assert_allclose(account.net, identity, rtol=1e-6, atol=10 * rounding)
    assert abs(account.net.sum()) <= 10 * rounding
    np.testing.assert_allclose(account.births.sum(0), births, rtol=1e-12)
    np.testing.assert_allclose(account.deaths.sum(0), deaths, rtol=1e-12)
    assert not account.outside_in.any()
    assert not account.outside_out.any()
    # Nobody appears in a corridor that is empty.
    assert not account.start[stocks[0] == 0].any()
    assert not account.end[stocks[1] == 0].any()


@given(stock_pairs(), st.sampled_from(["open", "open-dr"]))
def test_open(stocks: Stocks, closure: str) -> None:
    start, end = stocks[:2]
    account = demographic_account(*stocks, closure=closure)
    rounding = 1e-12 * start.sum()
    np.testing.assert_allclose(account.start.sum(1), account.end.sum(1), rtol=1e-9, atol=rounding)
    surplus = (start - account.deaths).sum(1) - (end - account.births).sum(1)
    np.testing.assert_allclose(
        account.outside_out.sum(1) - account.outside_in.sum(1), surplus, atol=rounding, rtol=1e-9
    )
    # Nobody of one birthplace both leaves the system and enters it.
    assert not np.any((account.outside_in.sum(1) > 0) & (account.outside_out.sum(1) > 0))
    for table in (account.start, account.end, account.outside_in, account.outside_out):
        assert np.all(table >= 0)
    # Residences balance: those present at the start died, left for outside or stayed within.
    before = account.start + account.outside_out + account.deaths
    after = account.end + account.outside_in + account.births
    np.testing.assert_allclose(before, start, rtol=1e-9, atol=rounding)
    np.testing.assert_allclose(after, end, rtol=1e-9, atol=rounding)


@given(stock_pairs(least=3), st.randoms(use_true_random=False))
def test_order_of_places_does_not_matter(stocks: Stocks, random: Any) -> None:
    """Cells to 1e-6 of the smaller of birthplace and residence: fits stop at 1e-10 from other sides."""
    start, end, births, deaths = stocks
    order = list(range(len(start)))
    random.shuffle(order)
    pick = np.ix_(order, order)
    account, repaired = closed_or_repaired(stocks)
    assume(not repaired)  # equally cheap repairs may fall on another of two equal places
    other, _ = closed_or_repaired((start[pick], end[pick], births[order], deaths[order]))
    size = np.minimum.outer(account.start.sum(1), account.start.sum(0) + account.end.sum(0))
    tolerance = (1e-6 * size + 1e-12 * start.sum())[pick]
    assert np.all(np.abs(other.start - account.start[pick]) <= tolerance)
    assert np.all(np.abs(other.end - account.end[pick]) <= tolerance)


@given(stock_pairs(), st.integers(-20, 20))
def test_unit_does_not_matter(stocks: Stocks, power: int) -> None:
    """Factors from 1e-6 to 1e6; powers of two, so that rounding is not mistaken for the unit.

    Cells to 1e-6 of the smaller of birthplace and residence, as fits stop at 1e-10.
    """
    account, _ = closed_or_repaired(stocks)
    other, _ = closed_or_repaired(tuple(x * 2.0**power for x in stocks))  # type: ignore[arg-type]
    size = 1e-6 * np.minimum.outer(account.start.sum(1), account.start.sum(0) + account.end.sum(0))
    for part in ("start", "end", "births", "deaths"):
        mine, scaled = getattr(account, part), getattr(other, part) / 2.0**power
        assert np.all(np.abs(mine - scaled) <= size)


@pytest.mark.parametrize("unit", [1e-6, 1e-3, 1.0, 1e3, 1e6])
def test_unit_does_not_matter_in_the_published_example(unit: float) -> None:
    """Persons, thousands, millions: the peer says 127.69, 84.43 and 76.46 for one and the same."""
    inputs, _ = read_golden("ffs_demo_e5_science2014")
    published = [inputs[k] for k in ("stock_start", "stock_end", "births", "deaths")]
    account = demographic_account(*(x * unit for x in published))
    total = minimum(account.start, account.end).total.sum() / unit
    assert total == pytest.approx(127.6933, rel=1e-4)  # the peer in persons, before its noise of 3e-3
    exact = demographic_account(*published)
    assert total == pytest.approx(minimum(exact.start, exact.end).total.sum(), rel=1e-9)


@given(stock_pairs())
def test_same_account_every_time(stocks: Stocks) -> None:
    one, other = closed_or_repaired(stocks)[0], closed_or_repaired(stocks)[0]
    assert np.array_equal(one.start, other.start)
    assert np.array_equal(one.end, other.end)


@given(stock_pairs())
def test_time_reversed_without_events(stocks: Stocks) -> None:
    """Both tables are fitted alike, so the account read backwards is the account of the reversed."""
    forth, repaired = closed_or_repaired((stocks[0], stocks[1], *np.zeros_like(stocks[2:])))
    assume(not repaired)
    back, _ = closed_or_repaired((stocks[1], stocks[0], *np.zeros_like(stocks[2:])))
    assert np.array_equal(forth.start, back.end)
    assert np.array_equal(forth.end, back.start)


@given(stock_pairs())
def test_matching_the_world(stocks: Stocks) -> None:
    start, end, births, deaths = stocks
    first, last = match_world(*stocks)
    growth = births.sum() - deaths.sum()
    assert last.sum() - first.sum() == pytest.approx(growth, abs=1e-12 * start.sum())
    # The discrepancy is halved, and only natives change, in proportion.
    assert first.sum() - start.sum() == pytest.approx(-(last.sum() - end.sum()), abs=1e-12 * start.sum())
    off = ~np.eye(len(start), dtype=bool)
    assert np.array_equal(first[off], start[off])
    assert np.array_equal(last[off], end[off])
    np.testing.assert_allclose(np.ptp(np.diag(first) / np.diag(start)), 0, atol=1e-12)


def test_matching_after_the_events() -> None:
    """World balance by scaling both tables of survivors to their mean."""
    account = demographic_account(START, END, [4, 6], [5, 5], match="after")
    assert account.start.sum() == pytest.approx((200 - 10 + 202 - 10) / 2, rel=1e-12)
    np.testing.assert_allclose(account.start.sum(0), (START.sum(0) - 5) * 191 / 190, rtol=1e-12)
    np.testing.assert_allclose(account.end.sum(0), (END.sum(0) - [4, 6]) * 191 / 192, rtol=1e-12)
    np.testing.assert_allclose(account.start.sum(1), account.end.sum(1), rtol=1e-9)


def test_births_and_deaths_tables() -> None:
    account = demographic_account(START, END, [4, 6], [5, 5], birth_method="proportion", closure="open-dr")
    np.testing.assert_allclose(account.births, END * [4 / 94, 6 / 108], rtol=1e-12)
    np.testing.assert_allclose(account.deaths, START * [5 / 100, 5 / 100], rtol=1e-12)
    native = demographic_account(START, END, [4, 6], [5, 5], closure="open-dr")
    assert native.births.tolist() == [[4, 0], [0, 6]]


def test_deaths_by_accounting() -> None:
    """Each birthplace's deaths are what its people, births and end stock leave over."""
    end = np.array([[91.0, 16], [4, 91]])
    births, deaths = np.array([4.0, 6]), np.array([5.0, 3])
    account = demographic_account(START, end, births, deaths, death_method="accounting")
    np.testing.assert_allclose(account.deaths.sum(0), deaths, rtol=1e-12)
    np.testing.assert_allclose(account.deaths.sum(1), START.sum(1) + births - end.sum(1), rtol=1e-9)
    # Now birthplaces agree at both ends without any fitting.
    np.testing.assert_allclose(account.start, START - account.deaths, rtol=1e-9)
    np.testing.assert_allclose(account.end, end - np.diag(births), rtol=1e-9)


def test_no_events() -> None:
    account = demographic_account(START, START)
    assert not account.births.any()
    assert not account.deaths.any()
    assert np.array_equal(account.start, account.end)
    assert account.net.tolist() == [0, 0]


def test_account_without_anybody() -> None:
    account = demographic_account(np.zeros((2, 2)), np.zeros((2, 2)))
    assert not account.start.any()
    assert account.net.tolist() == [0, 0]


# Contradictions


def test_birthplace_that_can_not_close() -> None:
    """Nobody of C lives abroad and nobody else in C, yet C grows by 30 without births."""
    start = np.array([[1000.0, 50, 0], [40, 2000, 0], [0, 0, 100]])
    end = np.array([[1000.0, 50, 0], [40, 1970, 0], [0, 0, 130]])
    for repair in (False, True):
        with pytest.raises(InfeasibleError, match="do not link these residences") as caught:
            demographic_account(start, end, labels="ABC", repair=repair)
        assert set(caught.value.culprits) == {"B", "C"}


def test_missing_stock_read_as_zero_is_named_and_repaired() -> None:
    """C's residents were all born in C at the start and half at the end: a stock that was missing."""
    start = np.array([[1000.0, 50, 0], [40, 2000, 0], [1, 1, 100]])
    end = np.array([[1000.0, 50, 30], [40, 2000, 20], [1, 1, 50]])
    with pytest.raises(InfeasibleError) as caught:
        demographic_account(start, end, labels="ABC")
    assert caught.value.culprits == ("C",)
    account = demographic_account(start, end, labels="ABC", repair=True)
    assert account.repaired[2] == pytest.approx(caught.value.repair["C"], rel=1e-12)
    assert not account.repaired[:2].any()
    np.testing.assert_allclose(account.start.sum(1), account.end.sum(1), rtol=1e-9)
    np.testing.assert_allclose(account.net, 0, atol=1e-9)
    # Given at once, the same change leaves nothing to repair.
    again = demographic_account(start, end, shift=account.repaired * 1.5)
    assert not again.repaired.any()


OPEN, SPREAD = {"closure": "open-dr"}, {"birth_method": "proportion"}


@pytest.mark.parametrize(
    ("births", "deaths", "options", "message"),
    [
        ([95, 6], [5, 5], OPEN, r"births exceed the native-born at the end in 1 place\(s\)\s+A: 95 against"),
        (
            [4, 6],
            [5, 500],
            OPEN,
            r"deaths exceed the population at the start in 1 place(?s:.*)B: 500 against",
        ),
        (
            [4, 109],
            [5, 5],
            OPEN | SPREAD,
            r"births exceed the population at the end(?s:.*)B: 109",
        ),
        ([500, 6], [5, 5], {}, r"births and deaths contradict the growth(?s:.*)check the units"),
    ],
)
def test_events_that_can_not_be(births: Any, deaths: Any, options: dict[str, str], message: str) -> None:
    with pytest.raises(InfeasibleError) as caught:
        demographic_account(START, END, births, deaths, labels="AB", **options)
    assert re.search(message, str(caught.value)), str(caught.value)


def test_negative_deaths_by_accounting() -> None:
    with pytest.raises(InfeasibleError, match="deaths by accounting would be negative") as caught:
        demographic_account(START, END + 20, death_method="accounting", labels="AB", match="after")
    assert caught.value.culprits == ("A", "B")


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        ((START, np.ones((3, 3))), {}, r"differ in shape: \(2, 2\) and \(3, 3\)"),
        ((START, END, [1, 2, 3]), {}, r"births must be one number a place: expected 2, got shape \(3,\)"),
        ((START, END, [1, -2]), {}, r"births must be finite and not negative\s+at positions \[1\]"),
        ((START, END, None, [np.nan, 2]), {}, r"deaths must be finite and not negative\s+at positions \[0\]"),
        ((START, -END), {}, r"end stock has 4 cell(?s:.*)born in A, living in B: -16"),
        ((START, END), {"closure": "ajar"}, "closure must be one of 'closed', 'open', 'open-dr', not 'ajar'"),
        ((START, END), {"match": "never"}, "match must be one of 'before', 'after', not 'never'"),
        ((START, END), {"birth_method": "stork"}, "birth_method must be one of"),
        ((START, END), {"death_method": "none"}, "death_method must be one of"),
    ],
)
def test_refusals(arguments: tuple[Any, ...], options: dict[str, str], message: str) -> None:
    with pytest.raises(DataError) as caught:
        demographic_account(*arguments, labels="AB", **options)
    assert re.search(message, str(caught.value)), str(caught.value)


# The two closures on their own


def test_open_shares_by_hand() -> None:
    """Ten of A's hundred have left for outside: as those of the start, or as those of the end."""
    start, end = np.array([[80.0, 20], [0, 50]]), np.array([[45.0, 45], [0, 50]])
    first, last, arrived, left = open_birthplaces(start, end)
    assert left.tolist() == [[8, 2], [0, 0]]
    assert first.tolist() == [[72, 18], [0, 50]]
    assert np.array_equal(last, end)
    assert not arrived.any()
    swapped = open_birthplaces(start, end, swapped=True)
    assert swapped[3].tolist() == [[5, 5], [0, 0]]
    assert swapped[0].tolist() == [[75, 15], [0, 50]]


def test_closing_goes_to_the_mean() -> None:
    start, end = np.array([[90.0, 10], [10, 90]]), np.array([[80.0, 10], [20, 90]])
    first, last, repaired, _ = close_birthplaces(start, end)
    np.testing.assert_allclose(first.sum(1), [95, 105], rtol=1e-9)
    np.testing.assert_allclose(last.sum(1), [95, 105], rtol=1e-9)
    np.testing.assert_allclose(first.sum(0), [100, 100], rtol=1e-12)
    assert not repaired.any()


def test_births_that_exceed_natives_are_spread_on_request() -> None:
    """A place of newcomers: more children than natives. The peer spreads them silently, we on request."""
    start = np.array([[900.0, 60, 40], [30, 700, 50], [5, 5, 10]])
    end = np.array([[890.0, 80, 45], [30, 690, 80], [5, 5, 12]])
    births, deaths = np.array([40.0, 30, 20]), np.array([35.0, 30, 5])
    with pytest.raises(InfeasibleError, match="births exceed the native-born") as caught:
        demographic_account(start, end, births, deaths, labels="ABC")
    assert caught.value.culprits == ("C",)
    account = demographic_account(start, end, births, deaths, labels="ABC", repair=True)
    np.testing.assert_allclose(account.births.sum(0), births)
    assert account.births[0, 2] > 0
    assert account.births[1, 0] == 0
    np.testing.assert_allclose(account.start.sum(1), account.end.sum(1))


def test_place_without_foreign_born_and_few_abroad() -> None:
    """No foreign-born at either end: only its people abroad can carry its net migration."""
    start = np.array([[1000.0, 50, 0], [40, 2000, 0], [3, 2, 100]])
    end = np.array([[1000.0, 50, 0], [40, 2015, 0], [3, 2, 85]])
    with pytest.raises(InfeasibleError) as caught:
        demographic_account(start, end, labels="ABC")
    assert caught.value.culprits == ("C",)
    account = demographic_account(start, end, labels="ABC", repair=True)
    np.testing.assert_allclose(account.net, end.sum(0) - start.sum(0), atol=1e-9)
    assert account.end.min() >= 0
