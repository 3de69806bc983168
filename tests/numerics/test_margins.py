"""Fitting to margins: against plain scaling, linear programs and hand calculation."""

from __future__ import annotations

import contextlib
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog

from conftest import read_golden
from corridors.errors import DataError, InfeasibleError
from corridors.numerics import Fit, Repair, fit_margins, least_row_repair, margins, sinkhorn
from corridors.numerics.typing import Array


def plain_scaling(seed: Array, rows: Array, columns: Array, sweeps: int = 20_000) -> Array:
    """The textbook loop, with nothing but a limit to stop it."""
    x = np.array(seed, dtype=float)
    for _ in range(sweeps):
        before = x
        x = x * (rows / x.sum(1))[:, None]
        x = x * (columns / x.sum(0))
        if np.array_equal(before, x):
            break
    return x


def widest_filling(support: Array, rows: Array, columns: Array) -> float | None:
    """The largest t for which a filling has every allowed cell >= t; None where none is."""
    live = support * np.outer(rows > 0, columns > 0)
    i, j = np.nonzero(live)
    sides = np.zeros((rows.size + columns.size, i.size + 1))
    sides[i, np.arange(i.size)] = 1
    sides[rows.size + j, np.arange(i.size)] = 1
    floor = np.hstack([-np.eye(i.size), np.ones((i.size, 1))])
    cost = np.append(np.zeros(i.size), -1.0)
    answer = linprog(
        cost,
        A_ub=floor if i.size else None,
        b_ub=np.zeros(i.size) if i.size else None,
        A_eq=sides,
        b_eq=np.concatenate([rows, columns]),
        bounds=[(0, None)] * i.size + [(0, 1)],
        method="highs-ds",
    )
    return float(answer.x[-1]) if answer.status == 0 else None


def least_cost(tables: list[Array], columns: list[Array], rows: Array, floor: float) -> float | None:
    """Least cost of a repair, None where there is none: epigraph form, inequalities, no scaling of units.

    Variables: the filling of each table (every cell, forbidden ones bounded by zero),
    the distance of each row, the factor and its distance from one.
    """
    m, total = rows.size, rows.sum()
    cells = [t.size for t in tables]
    width = sum(cells) + m + 2
    above, below, equal, limits = [], [], [], []
    start = 0
    for table, column in zip(tables, columns, strict=True):
        n = table.shape[1]
        share = np.divide(table, table.sum(0), out=np.zeros_like(table), where=table.sum(0) > 0)
        limits += [
            (floor * share[i, j] * column[j], None if table[i, j] > 0 else 0.0)
            for i in range(m)
            for j in range(n)
        ]
        for i in range(m):
            row = np.zeros(width)
            row[start + i * n : start + (i + 1) * n] = 1
            row[-2] = -rows[i]
            for side, sign in ((above, 1), (below, -1)):
                distance = np.zeros(width)
                distance[sum(cells) + i] = -1
                side.append(sign * row + distance)
        for j in range(n):
            row = np.zeros(width)
            row[start + j : start + m * n : n] = 1
            equal.append((row, column[j]))
        start += m * n
    offset = np.cumsum([0, *cells])
    for t in range(1, len(tables)):
        for i in range(m):
            row = np.zeros(width)
            for which, sign in ((0, 1), (t, -1)):
                n = tables[which].shape[1]
                row[offset[which] + i * n : offset[which] + (i + 1) * n] = sign
            equal.append((row, 0.0))
    factor = np.zeros((2, width))
    factor[:, -2], factor[:, -1] = (1, -1), -1
    answer = linprog(
        np.concatenate([np.zeros(sum(cells)), np.ones(m), [0.0, 0.5 * total]]),
        A_ub=np.vstack([*above, *below, factor]),
        b_ub=np.concatenate([np.zeros(len(above) + len(below)), [1.0, -1.0]]),
        A_eq=np.array([row for row, _ in equal]),
        b_eq=np.array([value for _, value in equal]),
        bounds=limits + [(0, None)] * (m + 2),
        method="highs-ipm",
    )
    return float(answer.fun) if answer.status == 0 else None


def cost(repair: Repair, rows: Array) -> float:
    return float(np.abs(repair.change).sum() + 0.5 * abs(repair.factor - 1) * rows.sum())


@st.composite
def problems(draw: st.DrawFn) -> tuple[Array, Array, Array]:
    """A seed with zeros and whole margins of one sum, which may or may not be possible."""
    m, n = draw(st.integers(1, 5)), draw(st.integers(1, 5))
    cell = st.sampled_from([0.0, 0.0, 1e-3, 1.0, 7.0, 1e4])
    seed = np.array([[draw(cell) for _ in range(n)] for _ in range(m)])
    if draw(st.booleans()):
        whole = np.array([[draw(st.integers(0, 9)) for _ in range(n)] for _ in range(m)]) * (seed > 0)
        return seed, whole.sum(1).astype(float), whole.sum(0).astype(float)
    rows = np.array([draw(st.integers(0, 20)) for _ in range(m)], dtype=float)
    cuts = sorted(draw(st.integers(0, int(rows.sum()))) for _ in range(n - 1))
    return seed, rows, np.diff([0, *cuts, int(rows.sum())]).astype(float)


@st.composite
def positive_problems(draw: st.DrawFn) -> tuple[Array, Array, Array]:
    """A positive seed with margins over six powers of ten."""
    m, n = draw(st.integers(1, 5)), draw(st.integers(1, 5))
    size = st.integers(0, 6).map(lambda e: 10.0**e)
    seed = np.array([[draw(st.sampled_from([0.5, 1.0, 3.0, 20.0])) for _ in range(n)] for _ in range(m)])
    rows, columns = np.array([draw(size) for _ in range(m)]), np.array([draw(size) for _ in range(n)])
    return seed, rows, columns * (rows.sum() / columns.sum())


# The fitted table


def test_willekens() -> None:
    """The two-by-two example of Willekens: the peer stopped at a margin error of 6e-6."""
    inputs, outputs = read_golden("ipf2_willekens")
    fit = fit_margins(inputs["m"], inputs["row_tot"], inputs["col_tot"])
    np.testing.assert_allclose(fit.table, outputs["mu"], rtol=1e-5)
    assert fit.algorithm == "newton"
    # By hand: the odds ratio 5*7/(2*1) stays.
    (a, b), (c, d) = fit.table
    assert a * d / (b * c) == pytest.approx(17.5, rel=1e-9)


@given(positive_problems())
def test_equals_a_long_run_of_plain_scaling(problem: tuple[Array, Array, Array]) -> None:
    """Both stop far below 1e-8: Newton at 1e-10 of each row, the loop where nothing moves."""
    seed, rows, columns = problem
    fit = fit_margins(seed, rows, columns)
    np.testing.assert_allclose(fit.table, plain_scaling(seed, rows, columns), rtol=1e-8)
    np.testing.assert_allclose(fit.table.sum(0), columns, rtol=1e-14)
    assert np.max(np.abs(fit.table.sum(1) - rows) / rows) == pytest.approx(fit.residual, abs=1e-14)
    assert fit.residual <= 1e-10


@given(positive_problems())
def test_keeps_the_interactions_of_the_seed(problem: tuple[Array, Array, Array]) -> None:
    """log(table / seed) is a row effect plus a column effect, to rounding of logarithms."""
    seed, rows, columns = problem
    effects = np.log(fit_margins(seed, rows, columns).table / seed)
    interaction = effects - effects.mean(0) - effects.mean(1, keepdims=True) + effects.mean()
    assert np.abs(interaction).max() < 1e-11


@given(problems())
def test_fits_if_and_only_if_a_linear_program_can(problem: tuple[Array, Array, Array]) -> None:
    """Whole margins: cells of the widest filling are zero or far above 1e-6.

    Where a filling exists but must empty an allowed cell, the fit may come as close as
    its tolerance or refuse; what it may not do is return a table off its margins.
    """
    seed, rows, columns = problem
    width = widest_filling(seed > 0, rows, columns)
    names = ([f"r{i}" for i in range(rows.size)], [f"c{j}" for j in range(columns.size)])
    if width is None:
        with pytest.raises(InfeasibleError) as caught:
            fit_margins(seed, rows, columns, labels=names)
        assert caught.value.culprits
        assert set(caught.value.culprits) <= {*names[0], *names[1]}
        return
    with contextlib.nullcontext() if width > 1e-6 else contextlib.suppress(InfeasibleError):
        fit = fit_margins(seed, rows, columns, labels=names)
        check_fit(fit, seed, rows, columns)


def check_fit(fit: Fit, seed: Array, rows: Array, columns: Array) -> None:
    assert np.all(fit.table >= 0)
    assert np.all(fit.table[seed == 0] == 0)
    np.testing.assert_allclose(fit.table.sum(0), columns, rtol=1e-14)
    np.testing.assert_allclose(fit.table.sum(1), rows, rtol=1.1e-10)


@given(problems())
def test_the_repair_of_an_error_is_possible(problem: tuple[Array, Array, Array]) -> None:
    """Rows changed by the repair, the others scaled to the sum, have a filling."""
    seed, rows, columns = problem
    repair: dict[int, float] = {}
    try:
        fit_margins(seed, rows, columns)
    except InfeasibleError as error:
        repair = error.repair  # type: ignore[assignment]
    if not repair:
        return
    new, others = rows.copy(), ~np.isin(np.arange(rows.size), list(repair))
    new[list(repair)] += list(repair.values())
    if rows[others].sum() > 0:
        new[others] *= (columns.sum() - new[~others].sum()) / rows[others].sum()
    assert new.sum() == pytest.approx(columns.sum(), rel=1e-9)
    assert np.all(new > -1e-9)
    # The linear program judges equality to 1e-7, far above the rounding of the repair.
    assert widest_filling(seed > 0, np.maximum(new, 0.0), columns) is not None


@given(positive_problems(), st.integers(-30, 30))
def test_unit_of_margins_and_of_seed_do_not_matter(problem: tuple[Array, Array, Array], power: int) -> None:
    """Powers of two are exact in binary, so that the tables are equal bit by bit."""
    seed, rows, columns = problem
    base, unit = fit_margins(seed, rows, columns), 2.0**power
    assert np.array_equal(fit_margins(seed, rows * unit, columns * unit).table, base.table * unit)
    np.testing.assert_allclose(fit_margins(seed * 1e-6, rows, columns).table, base.table, rtol=1e-9)


def test_natives_dominate() -> None:
    """Nearly separate rows and columns: six Newton steps where scaling needs thousands of sweeps."""
    random = np.random.default_rng(1)
    people = 10.0 ** random.uniform(3, 9, 60)
    seed = 1e-7 * np.sqrt(np.outer(people, people)) + np.diag(people)
    rows = people * random.uniform(0.999999, 1.000001, 60) + 1e-7 * people.mean()
    rows *= seed.sum() / rows.sum()
    fit = fit_margins(seed, rows, seed.sum(0))
    assert (fit.algorithm, fit.residual <= 1e-10) == ("newton", True)
    assert fit.iterations <= 15
    assert sinkhorn(seed, rows, seed.sum(0), max_sweeps=1000).residual > 1e-8


def test_rows_and_columns_of_zero() -> None:
    fit = fit_margins([[1, 2, 3], [4, 5, 6], [7, 8, 0]], [0, 3, 6], [7, 0, 2])
    assert np.array_equal(fit.table[0], np.zeros(3))
    assert np.array_equal(fit.table[:, 1], np.zeros(3))
    np.testing.assert_allclose(fit.table[1:, [0, 2]], [[1, 2], [6, 0]])
    np.testing.assert_allclose(fit_margins([[1, 1], [1, 0]], [5, 4], [6, 3]).table, [[2, 3], [4, 0]])


def test_nobody_anywhere() -> None:
    assert fit_margins([[1, 2], [3, 4]], [0, 0], [0, 0]).table.tolist() == [[0, 0], [0, 0]]
    assert fit_margins(np.zeros((0, 0)), [], []).table.shape == (0, 0)


def test_disconnected_blocks() -> None:
    """Each block has a free constant of its own; the answer is that of the blocks apart."""
    one, two = np.array([[1.0, 2], [3, 4]]), np.array([[5.0, 1], [1, 1], [2, 2]])
    seed = np.zeros((5, 4))
    seed[:2, :2], seed[2:, 2:] = one, two
    rows, columns = np.array([10.0, 20, 1e6, 2e6, 3e6]), np.array([14.0, 16, 4e6, 2e6])
    fit = fit_margins(seed, rows, columns)
    np.testing.assert_allclose(fit.table[:2, :2], plain_scaling(one, rows[:2], columns[:2]), rtol=1e-8)
    np.testing.assert_allclose(fit.table[2:, 2:], plain_scaling(two, rows[2:], columns[2:]), rtol=1e-8)
    assert not fit.table[:2, 2:].any()
    assert not fit.table[2:, :2].any()


def test_blocks_that_need_people_of_one_another() -> None:
    seed = np.kron(np.eye(2), np.ones((2, 2)))
    with pytest.raises(InfeasibleError, match="no table with these zeros") as caught:
        fit_margins(seed, [3, 3, 2, 2], [2, 2, 3, 3], labels=(list("abcd"), list("wxyz")))
    assert set(caught.value.culprits) <= set("abcd")
    assert caught.value.repair


def test_forced_cell_is_named() -> None:
    """Row c can only use column z, which has room for 4 of its 9."""
    with pytest.raises(InfeasibleError) as caught:
        fit_margins(
            [[1, 1, 1], [1, 1, 1], [0, 0, 1]],
            [100, 100, 9],
            [100, 105, 4],
            labels=(list("abc"), list("xyz")),
        )
    assert caught.value.culprits == ("c",)
    assert caught.value.repair["c"] == pytest.approx(-5, rel=1e-6)
    assert "c: total 9, least change -5" in str(caught.value)


@pytest.mark.parametrize(
    ("seed", "message", "culprit"),
    [([[0, 0], [1, 1]], "a positive row total has no cell to go to: a", "a"),
     ([[1, 0], [1, 0]], "a positive column total has no cell to go to: y", "y")],
)  # fmt: skip
def test_a_total_without_a_cell(seed: list[list[int]], message: str, culprit: str) -> None:
    with pytest.raises(InfeasibleError, match=message) as caught:
        fit_margins(seed, [1, 1], [1, 1], labels=("ab", "xy"))
    assert caught.value.culprits == (culprit,)


def test_margins_of_different_sums() -> None:
    with pytest.raises(InfeasibleError, match="different sums") as caught:
        fit_margins([[1, 1]], [5], [2, 2])
    assert "rows add up to 5, columns to 4" in str(caught.value)
    # A difference of rounding is not a contradiction.
    assert fit_margins([[1, 1]], [4 * (1 + 1e-12)], [2, 2]).table.tolist() == [[2, 2]]


NOT_NEGATIVE = "must be finite and not negative"
ONES = [[1, 1], [1, 1]]


@pytest.mark.parametrize(
    ("seed", "rows", "columns", "message"),
    [
        ([[1, -1], [1, 1]], [1, 1], [1, 1], rf"seed {NOT_NEGATIVE}\s+at positions \[\[0, 1\]\]"),
        ([[1, 1], [np.nan, 1]], [1, 1], [1, 1], rf"seed {NOT_NEGATIVE}\s+at positions \[\[1, 0\]\]"),
        ([[1, np.inf], [1, 1]], [1, 1], [1, 1], f"seed {NOT_NEGATIVE}"),
        (ONES, [3, -1], [1, 1], rf"row totals {NOT_NEGATIVE}\s+at positions \[\[1\]\]"),
        (ONES, [1, 1], [np.nan, 2], rf"column totals {NOT_NEGATIVE}\s+at positions \[\[0\]\]"),
        (
            ONES,
            [1, 1, 1],
            [1, 2],
            r"margins of shapes \(3,\) and \(2,\) do not fit a table of shape \(2, 2\)",
        ),
        (ONES, [1, 1], [2], "do not fit a table"),
        ([1, 1], [1, 1], [2], "do not fit a table"),
    ],
)
def test_refuses_what_is_no_table(seed: object, rows: object, columns: object, message: str) -> None:
    for fit in (fit_margins, sinkhorn):
        with pytest.raises(DataError) as caught:
            fit(seed, rows, columns)  # type: ignore[arg-type]
        assert re.search(message, str(caught.value))


def test_falls_back_to_scaling(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = fit_margins([[8, 2], [1, 9]], [18, 20], [16, 22]).table
    monkeypatch.setattr(margins, "_newton", lambda *_: None)
    fit = fit_margins([[8, 2], [1, 9]], [18, 20], [16, 22])
    assert fit.algorithm == "sinkhorn"
    np.testing.assert_allclose(fit.table, expected, rtol=1e-8)


def test_a_filling_that_must_empty_a_cell(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both diagonal cells must be full, so that the third has to vanish, which scaling never reaches."""
    monkeypatch.setattr(margins, "_newton", lambda *_: None)
    with pytest.raises(InfeasibleError, match="emptying cells that the seed fills"):
        fit_margins([[1, 1], [0, 1]], [1, 1], [1, 1], max_sweeps=2000)


def test_scaling_reports_how_far_it_got() -> None:
    fit = sinkhorn([[1, 1], [0, 1]], [1, 1], [1, 1], max_sweeps=10)
    assert (fit.iterations, fit.algorithm) == (10, "sinkhorn")
    assert fit.residual == pytest.approx(np.max(np.abs(fit.table.sum(1) - 1)), rel=1e-12)
    assert isinstance(fit, Fit)


@given(positive_problems())
def test_same_answer_every_time(problem: tuple[Array, Array, Array]) -> None:
    assert np.array_equal(fit_margins(*problem).table, fit_margins(*problem).table)


# The least repair


@given(problems(), st.sampled_from([0.0, 1e-3, 0.1]))
def test_repair_is_possible_and_least(problem: tuple[Array, Array, Array], floor: float) -> None:
    """Cost within 1e-6 of the total of that of another formulation, solved by another algorithm."""
    seed, rows, columns = problem
    empty = (seed.sum(0) == 0) & (columns > 0)
    if rows.sum() == 0:
        return
    if empty.any():
        with pytest.raises(InfeasibleError, match="no row totals at all"):
            least_row_repair([seed], [columns], rows, floor=floor)
        return
    repair = least_row_repair([seed], [columns], rows, floor=floor)
    assert repair.rows.sum() == pytest.approx(columns.sum(), rel=1e-12)
    assert np.all(repair.rows >= -1e-9)
    assert cost(repair, rows) == pytest.approx(
        least_cost([seed], [columns], rows, floor), abs=1e-6 * rows.sum()
    )
    if floor:
        positive = np.maximum(repair.rows, 0.0)
        fit_margins(seed, positive * (columns.sum() / positive.sum()), columns)


@given(st.integers(0, 10_000))
def test_two_tables_get_the_same_rows(number: int) -> None:
    """Repaired rows fit both tables, at the cost another formulation finds."""
    random = np.random.default_rng(number)
    n = int(random.integers(2, 5))
    tables = [np.diag(random.integers(1, 50, n).astype(float)) for _ in range(2)]
    tables = [t + random.integers(1, 9, (n, n)) * (random.random((n, n)) < 0.4) for t in tables]
    tables[1] *= tables[0].sum() / tables[1].sum()
    columns = [t.sum(0) for t in tables]
    middle = (tables[0].sum(1) + tables[1].sum(1)) / 2
    expected = least_cost(tables, columns, middle, 1e-3)
    if expected is None:
        with pytest.raises(InfeasibleError, match="no row totals at all"):
            least_row_repair(tables, columns, middle)
        return
    repair = least_row_repair(tables, columns, middle)
    assert cost(repair, middle) == pytest.approx(expected, abs=1e-6 * middle.sum())
    for table, column in zip(tables, columns, strict=True):
        np.testing.assert_allclose(
            fit_margins(table, repair.rows, column).table.sum(1), repair.rows, rtol=1e-9
        )


@pytest.mark.parametrize(
    ("seed", "rows", "columns"),
    [
        ([[5, 0], [1, 4]], [6, 4], [4, 6]),
        ([[5, 0], [0, 4]], [6, 4], [4, 6]),
        ([[5, 1], [0, 4]], [1, 9], [4, 6]),
        ([[5, 1], [2, 4]], [1, 9], [4, 6]),
    ],
)
def test_two_by_two_by_brute_force(seed: list[list[int]], rows: list[int], columns: list[int]) -> None:
    """All factors and row totals on a grid: no cheaper repair, and one as cheap."""
    table = np.array(seed, dtype=float)
    r, c = np.array(rows, dtype=float), np.array(columns, dtype=float)
    repair = least_row_repair([table], [c], r, floor=0.0)
    first = np.arange(1001) / 100
    least = (c * (table[1] == 0)).sum()  # columns that only the first row can fill
    most = (c * (table[0] > 0)).sum()
    first = first[(first >= least - 1e-9) & (first <= most + 1e-9)]
    factor = np.arange(601)[:, None] / 300
    costs = np.abs(first - factor * r[0]) + np.abs(10 - first - factor * r[1]) + 5 * np.abs(factor - 1)
    assert cost(repair, r) == pytest.approx(costs.min(), abs=1e-6)


def test_nothing_to_repair() -> None:
    repair = least_row_repair([np.ones((2, 2))], [np.array([3.0, 4.0])], np.array([5.0, 2.0]))
    assert repair.factor == pytest.approx(1, abs=1e-12)
    assert not repair.change.any()
    assert repair.rows.tolist() == pytest.approx([5, 2], rel=1e-12)


@given(st.integers(0, 10_000))
def test_repair_among_few_rows_is_the_least_where_it_can_be_met(number: int) -> None:
    """Natives only at home, few abroad: the small program costs what the whole one costs."""
    random = np.random.default_rng(number)
    n = int(random.integers(4, 8))
    tables = [np.diag(random.integers(500, 2000, n).astype(float)) for _ in range(2)]
    tables = [t + random.integers(1, 30, (n, n)) * (random.random((n, n)) < 0.4) for t in tables]
    for t in tables:
        t[:, 0] *= np.arange(n) == 0
    tables[1] *= tables[0].sum() / tables[1].sum()
    columns = [t.sum(0) for t in tables]
    middle = (tables[0].sum(1) + tables[1].sum(1)) / 2
    try:
        few = least_row_repair(tables, columns, middle, among=2)
        for table, column in zip(tables, columns, strict=True):
            fit_margins(table, few.rows * (column.sum() / few.rows.sum()), column)
    except InfeasibleError:
        return
    least = least_row_repair(tables, columns, middle)
    assert few.rows.sum() == pytest.approx(columns[0].sum(), rel=1e-12)
    assert cost(few, middle) <= cost(least, middle) * (1 + 1e-6) + 1e-6 * middle.sum()


def test_factors_rebuild_the_table_and_shorten_a_similar_fit():
    rng = np.random.default_rng(3)
    seed = rng.gamma(0.3, size=(40, 40)) + np.diag(rng.gamma(2.0, 500.0, size=40))
    rows = seed.sum(1) * rng.uniform(0.8, 1.25, size=40)
    columns = seed.sum(0) * (rows.sum() / seed.sum())
    cold = fit_margins(seed, rows, columns)
    assert cold.factors is not None
    scaled = seed * np.exp(cold.factors)[:, None]
    np.testing.assert_allclose(scaled * (columns / scaled.sum(0)), cold.table, rtol=1e-9)
    warm = fit_margins(seed, rows, columns, near=cold.factors)
    assert warm.iterations == 0
    np.testing.assert_allclose(warm.table, cold.table, rtol=1e-9)
    noisy = seed * np.exp(0.05 * rng.standard_normal(seed.shape))
    aim = noisy.sum(0) * (rows.sum() / noisy.sum())
    apart = fit_margins(noisy, rows, aim), fit_margins(noisy, rows, aim, near=cold.factors)
    np.testing.assert_allclose(apart[1].table, apart[0].table, rtol=1e-7)
