"""Flows of a period by year: exact totals, an independent optimum, and contradictions that are named."""

from __future__ import annotations

from functools import cache
from itertools import pairwise

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import LinearConstraint, minimize

from corridors.building.steps.flows import units_of
from corridors.errors import DataError, InfeasibleError
from corridors.evidence import load, territories
from corridors.migration import carry_events, estimate_flows
from corridors.migration.annual import annual_flows, mid_year_net, split_years
from corridors.numerics.incidence import net_of
from corridors.numerics.typing import Array


def nets(flows: Array) -> Array:
    return np.stack([net_of(table) for table in flows])


def turnover(flow: Array) -> Array:
    return flow.sum(0) + flow.sum(1) - 2 * flow.diagonal()


@st.composite
def years_of_flows(draw: st.DrawFn) -> tuple[Array, Array]:
    """Flows of some years, with empty cells, small and large; the period is their sum."""
    count, n = draw(st.integers(1, 5)), draw(st.integers(2, 6))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    flow = rng.lognormal(3, draw(st.sampled_from([0.1, 2.0])), (count, n, n))
    flow *= rng.random((n, n)) < draw(st.sampled_from([0.4, 1.0]))
    flow[:, np.arange(n), np.arange(n)] = 0.0
    return flow * draw(st.sampled_from([1e-3, 1.0, 1e6])), nets(flow)


@given(years_of_flows(), st.sampled_from(["keep", "free"]))
def test_net_totals_are_met_and_nothing_is_negative(case: tuple[Array, Array], total: str) -> None:
    years, _ = case
    period, net = years.sum(0), nets(years)
    made = split_years(period, net, total=total)  # type: ignore[arg-type]
    assert np.all(made.flows >= 0)
    assert np.all(made.flows[:, period == 0] == 0)
    assert np.abs(made.change).max() <= 1e-12 * max(turnover(period).max(), 1e-300)
    assert np.all(np.abs(nets(made.flows) - net) <= 1e-9 * turnover(period) + 1e-12 * period.max())
    assert made.residual <= 1e-9
    if total == "keep":
        np.testing.assert_allclose(made.flows.sum(0), period, rtol=1e-12)
        repaired = split_years(period, net, repair=True)
        assert repaired.released == ()
        assert np.array_equal(repaired.flows, made.flows)


@given(years_of_flows(), st.integers(0, 1000))
def test_the_order_of_places_does_not_matter(case: tuple[Array, Array], seed: int) -> None:
    years, _ = case
    order = np.random.default_rng(seed).permutation(years.shape[1])
    swapped = np.ix_(range(years.shape[0]), order, order)
    first = split_years(years.sum(0), nets(years)).flows
    second = split_years(years.sum(0)[np.ix_(order, order)], nets(years)[:, order]).flows
    np.testing.assert_allclose(second, first[swapped], rtol=1e-6, atol=1e-9 * first.max(initial=1e-300))


@pytest.mark.parametrize("total", ["keep", "free"])
def test_equal_years_are_equal_shares(total: str) -> None:
    flow = np.array([[0.0, 5, 2], [3, 0, 4], [4, 2, 0]])
    net = np.tile(net_of(flow) / 5, (5, 1))
    np.testing.assert_allclose(split_years(flow, net, total=total).flows, np.tile(flow / 5, (5, 1, 1)))  # type: ignore[arg-type]
    balanced = flow + flow.T
    made = split_years(balanced, np.zeros((4, 3)), total=total, shares=[1, 2, 3, 4])  # type: ignore[arg-type]
    np.testing.assert_allclose(made.flows, np.array([0.1, 0.2, 0.3, 0.4])[:, None, None] * balanced)


def oracle(period: Array, net: Array, kept: Array) -> Array:
    """Years nearest to equal shares with given net totals, kept corridors adding up."""
    count, cells = len(net), np.argwhere(period > 0)
    prior = np.tile(period[period > 0] / count, count)

    def table(x: Array) -> Array:
        made = np.zeros((count, *period.shape))
        made[:, cells[:, 0], cells[:, 1]] = x.reshape(count, -1)
        return made

    def limits(flows: Array, totals: Array) -> Array:
        return np.append(totals.ravel(), flows.sum(0)[kept])

    unit = [table(column) for column in np.eye(prior.size)]
    # The solver wants constraints that do not repeat one another.
    left, size, right = np.linalg.svd(np.array([limits(u, nets(u)) for u in unit]).T, full_matrices=False)
    rank = int((size > 1e-9).sum())
    wanted = (left.T @ limits(period[None], net))[:rank] / size[:rank]
    found = minimize(
        lambda x: float((x * np.log(x / prior) - x).sum()),
        prior,
        jac=lambda x: np.log(x / prior),
        hess=lambda x: np.diag(1 / x),
        method="trust-constr",
        constraints=LinearConstraint(right[:rank], wanted, wanted),
        bounds=[(1e-9, None)] * prior.size,
        options={"gtol": 1e-9, "xtol": 1e-12, "maxiter": 2000},
    )
    return table(found.x)


def test_the_answer_is_the_nearest_by_an_independent_solver() -> None:
    rng = np.random.default_rng(5)
    years = rng.uniform(1, 9, (3, 3, 3))
    years[:, np.arange(3), np.arange(3)] = 0
    period, net = years.sum(0), nets(years)
    for total, kept in (("keep", period > 0), ("free", period < 0)):
        made = split_years(period, net, total=total).flows  # type: ignore[arg-type]
        np.testing.assert_allclose(made, oracle(period, net, kept), rtol=2e-4, atol=1e-4)


def test_closing_balances_the_world_and_the_period_and_says_so() -> None:
    flow = np.array([[0.0, 50, 20], [30, 0, 40], [40, 20, 0]])
    given_net = np.array([[3.0, -2, 4], [-1, 1, 6]])
    free = split_years(flow, given_net, total="free")
    np.testing.assert_allclose(free.net.sum(1), 0, atol=1e-12)
    np.testing.assert_allclose(
        free.change, -given_net.sum(1)[:, None] * turnover(flow) / turnover(flow).sum()
    )
    kept = split_years(flow, given_net)
    np.testing.assert_allclose(kept.net.sum(0), net_of(flow))
    np.testing.assert_allclose(nets(kept.flows), kept.net, atol=1e-9)
    table = kept.closing()
    np.testing.assert_allclose(table["net_migration"] - table["given"], table["change"])
    assert "net totals added up to +5, closing changed" in kept.summary()


def test_a_place_that_gains_all_its_arrivals_in_one_year_loses_nothing_in_it() -> None:
    flow = np.array([[0.0, 8, 3], [4, 0, 2], [1, 5, 0]])
    first = np.array([5.0, -3, -2])
    made = split_years(flow, [first, net_of(flow) - first]).flows
    np.testing.assert_allclose(made[0, 0], 0, atol=1e-8)
    np.testing.assert_allclose(made[1, :, 0], 0, atol=1e-8)


# Contradictions


def test_more_gain_than_arrivals_names_the_place_and_its_years() -> None:
    flow = np.array([[0.0, 8], [4, 0]])
    with pytest.raises(InfeasibleError, match="Kiribati: 6 in its years of gain, arrivals 4") as caught:
        split_years(flow, [[6, -6], [-10, 10]], labels=["Kiribati", "Fiji"], years=[2015, 2016])
    assert "Kiribati 2015" in caught.value.culprits
    assert caught.value.repair["Kiribati"] == -2


def test_a_contradiction_of_several_places_names_them_and_the_least_change() -> None:
    # Nobody moves between A, B and C, D; yet A loses in 2015 what C gains.
    flow = np.zeros((4, 4))
    flow[0, 1] = flow[1, 0] = 2.0
    flow[2, 3] = flow[3, 2] = 10.0
    net = np.array([[-1.0, 0, 1, 0], [1, 0, -1, 0]])
    with pytest.raises(InfeasibleError) as caught:
        split_years(flow, net, labels=list("ABCD"), years=[2015, 2016])
    change = np.zeros((2, 4))
    for name, by in caught.value.repair.items():
        place, year = str(name).split()
        change[int(year) - 2015, "ABCD".index(place)] = by
    assert np.abs(change).sum() == pytest.approx(4)
    repaired = net + change
    split_years(flow, (1 - 1e-6) * repaired + 1e-6 * np.tile(net_of(flow) / 2, (2, 1)))


def test_a_contradiction_of_several_places_is_released_one_by_one() -> None:
    # A and B have 11 arrivals each, but only 2 of them from elsewhere, and gain 5 together.
    flow = np.array([[0.0, 10, 1, 1], [10, 0, 1, 1], [1, 0, 0, 6], [0, 1, 6, 0]])
    first = np.array([2.5, 2.5, -2, -3])
    net = np.stack([first, net_of(flow) - first])
    with pytest.raises(InfeasibleError, match="can not carry"):
        split_years(flow, net)
    made = split_years(flow, net, repair=True, labels=list("ABCD"))
    assert len(made.released) == 1
    kept = ~np.isin(made.places, made.released)
    np.testing.assert_allclose(nets(made.flows), net, atol=1e-9)
    np.testing.assert_allclose(made.flows.sum(0)[np.ix_(kept, kept)], flow[np.ix_(kept, kept)], rtol=1e-12)


def test_what_can_not_be_released_is_a_contradiction() -> None:
    flow = np.zeros((4, 4))
    flow[0, 1] = flow[1, 0] = flow[2, 3] = flow[3, 2] = 2.0
    with pytest.raises(InfeasibleError, match="year 2015") as caught:
        split_years(flow, [[-1.0, 0, 1, 0], [1, 0, -1, 0]], repair=True, years=[2015, 2016])
    assert caught.value.culprits


# Released places


def test_released_corridors_are_the_nearest_by_an_independent_solver() -> None:
    flow = np.array([[0.0, 5, 3], [4, 0, 6], [2, 7, 0]])
    net = np.array([[7.0, -4, -3], [-9, 6, 3]])
    net[1] += net_of(flow) - net.sum(0)
    made = split_years(flow, net, repair=True)
    assert made.released == ("place 0",)
    kept = np.zeros((3, 3), dtype=bool)
    kept[1, 2] = kept[2, 1] = True
    np.testing.assert_allclose(made.flows, oracle(flow, net, kept), rtol=2e-4, atol=1e-4)
    ((_, arrivals, departures, change),) = made.released_totals().rows()
    assert (arrivals, departures) == (6, 8)
    assert change == pytest.approx(made.flows[:, :, 0].sum() - 6) == made.flows[:, 0].sum() - 8
    assert change > 1
    assert (
        f"released place 0: arrivals and departures of the period changed by {change:+,.0f}" in made.summary()
    )


RELEASED = {
    1990: ["BDI", "BEN", "DJI", "ERI", "IRQ", "KWT", "LKA", "MOZ", "SOM", "SWZ", "TCD", "TGO"],
    1995: ["COD", "KHM", "RWA", "TLS"],
    2000: ["AFG", "TLS"],
    2005: ["IRQ", "SHN", "SLB"],
    2010: ["LBR"],
    2015: ["SLB", "TZA"],
    2020: [],
}  # fmt: skip


@cache
def people() -> tuple[pl.DataFrame, pl.DataFrame]:
    evidence = load()
    both_sexes = (pl.col("female") + pl.col("male")).cast(pl.Float64)
    stock = evidence.table("migrant_stock").select("origin", "destination", "year", value=both_sexes)
    outside = ["OTH", "VAT"]  # no population
    inside = ~pl.col("origin").is_in(outside) & ~pl.col("destination").is_in(outside)
    return stock.filter(inside), carry_events(evidence.table("population"))


@pytest.mark.parametrize("start", RELEASED)
def test_every_period_of_the_world(start: int) -> None:
    """Years of refugee movements and returns are met; all other places keep those of the period."""
    period, units = (start, min(start + 5, 2024)), units_of(territories(), start)
    estimate = estimate_flows(*people(), period, units=units, repair=True, methods=["pseudo-bayes"])
    flows = estimate.to_polars().filter(kind="total").select("origin", "destination", "value")
    made = annual_flows(flows, people()[1], period, units=units, repair=True)
    assert list(made.released) == RELEASED[start]
    turn = turnover(made.flows.sum(0))
    assert np.all(np.abs(nets(made.flows) - made.net) <= 1e-11 * turn)
    assert np.all(np.abs(made.net.sum(0) - net_of(made.period)) <= 1e-11 * turn)
    assert np.all(made.flows >= 0)
    kept = ~np.isin(made.places, made.released)
    both = np.ix_(kept, kept)
    np.testing.assert_allclose(made.flows.sum(0)[both], made.period[both], rtol=1e-13)
    gains = np.maximum(made.net, 0).sum(0)[~kept]
    totals = made.released_totals()
    assert np.all(totals["change"].to_numpy() > gains - totals["arrivals"].to_numpy())

    if not made.released:
        assert annual_flows(flows, people()[1], period, units=units).released == ()
        return
    with pytest.raises(InfeasibleError, match=f"{len(made.released)} place") as caught:
        annual_flows(flows, people()[1], period, units=units)
    assert {str(name).split()[0] for name in caught.value.culprits} == set(made.released)
    assert all(period[0] <= int(str(name).split()[1]) < period[1] for name in caught.value.culprits)


def test_a_free_year_that_can_not_be_met_is_named() -> None:
    flow = np.array([[0.0, 8], [0, 0]])
    with pytest.raises(InfeasibleError, match="year 2016") as caught:
        split_years(flow, [[-4, 4], [4, -4]], total="free", labels=["A", "B"], years=[2015, 2016])
    assert any(str(name).endswith("2016") for name in caught.value.culprits)


def test_no_flows_but_net_migration_is_a_contradiction() -> None:
    with pytest.raises(InfeasibleError):
        split_years(np.zeros((2, 2)), [[1, -1], [-1, 1]])
    assert not split_years(np.zeros((2, 2)), np.zeros((3, 2))).flows.any()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"flow": [[0, -1.0], [1, 0]]}, "A to B: -1"),
        ({"net": [[np.nan, 0], [0, 0]]}, "net of A in 2015"),
        ({"shares": [1, 0]}, "2 positive numbers"),
        ({"net": [[0, 0, 0]]}, "do not fit"),
        ({"labels": ["A"]}, "labels and years"),
        ({"total": "both"}, "choose 'keep' or 'free'"),
        ({"total": "free", "repair": True}, "nothing can be released"),
        ({"flow": np.zeros((0, 0)), "net": np.zeros((2, 0)), "labels": None}, "do not fit"),
    ],
)
def test_bad_arrays_are_refused(change: dict[str, object], words: str) -> None:
    good: dict[str, object] = {"flow": [[0, 1.0], [1, 0]], "net": [[0, 0], [0, 0]], "labels": ["A", "B"]}
    question = good | {"years": [2015, 2016]} | change
    with pytest.raises(DataError, match=words):
        split_years(question.pop("flow"), question.pop("net"), **question)  # type: ignore[arg-type]


# Labelled tables


FLOWS = pl.DataFrame({"origin": ["A", "B", "C"], "destination": ["B", "A", "A"], "value": [80.0, 40.0, 10.0]})
NET = pl.DataFrame(
    {
        "country": ["A"] * 3 + ["B"] * 3 + ["C"] * 3 + ["D"] * 3,
        "year": [2015, 2016, 2017] * 4,
        "net_migration": [-20.0, -10, -20, 24, 16, 24, -4, -6, -4, 7, 7, 7],
    }
)


def test_calendar_years_are_halved_and_other_places_do_not_matter() -> None:
    made = annual_flows(FLOWS, NET.to_pandas(), (2015, 2017))
    assert made.places == ("A", "B", "C")
    assert made.years == (2015, 2016)
    np.testing.assert_allclose(made.given, [[-15, 20, -5], [-15, 20, -5]])
    table = made.to_polars()
    assert table.columns == ["origin", "destination", "year", "value"]
    sums = table.group_by("origin", "destination").agg(pl.col("value").sum()).sort("origin")
    np.testing.assert_allclose(sums["value"], [80, 40, 10])
    assert made.to_pandas().shape == (6, 4)


def test_mid_years_and_units() -> None:
    divided = NET.with_columns(pl.col("country").replace({"D": "C2"}))
    flows = pl.concat([FLOWS, pl.DataFrame({"origin": ["B"], "destination": ["C"], "value": [9.0]})])
    made = annual_flows(flows, divided, (2015, 2017), dates="mid-year", units={"C2": "C"}, total="free")
    np.testing.assert_allclose(made.given[:, 2], [3, 1])
    np.testing.assert_allclose(mid_year_net([2, 4, 8]), [3, 6])
    with pytest.raises(DataError, match="two calendar years"):
        mid_year_net([1.0])


def test_bad_tables_are_refused_and_name_the_rows() -> None:
    with pytest.raises(DataError, match="B 2016"):
        annual_flows(
            FLOWS, NET.filter(~((pl.col("country") == "B") & (pl.col("year") == 2016))), (2015, 2017)
        )
    with pytest.raises(DataError, match="country=A, year=2015"):
        annual_flows(FLOWS, pl.concat([NET, NET.head(1)]), (2015, 2017))
    with pytest.raises(DataError, match="table 'net migration' has no column 'year'"):
        annual_flows(FLOWS, NET.drop("year"), (2015, 2017))
    with pytest.raises(DataError, match="can not go from"):
        annual_flows(FLOWS, NET, (2017, 2015))
    with pytest.raises(DataError, match="no flows"):
        annual_flows(FLOWS.head(0), NET, (2015, 2017))
    with pytest.raises(DataError, match="calendar"):
        annual_flows(FLOWS, NET, (2015, 2017), dates="january")  # type: ignore[arg-type]


def test_a_world_of_230_places_takes_less_than_half_a_second() -> None:
    rng = np.random.default_rng(0)
    size = rng.lognormal(0, 2, 230)
    flow = np.outer(size, size[::-1]) * rng.lognormal(0, 1, (230, 230)) * (rng.random((230, 230)) < 0.5)
    np.fill_diagonal(flow, 0.0)
    cuts = np.sort(rng.uniform(0.1, 0.9, (4, 230)), axis=0)
    portion = np.stack([b - a for a, b in pairwise([np.zeros(230), *cuts, np.ones(230)])])
    net = nets(flow * portion[:, :, None])
    split_years(flow, net)
    for total in ("keep", "free"):
        made = split_years(flow, net, total=total)  # type: ignore[arg-type]
        assert made.residual < 1e-9
