"""The least change of totals that makes a fit to margins possible."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import block_diag, csr_array, eye_array, hstack, vstack

from corridors.errors import InfeasibleError
from corridors.numerics.typing import Array


@dataclass(frozen=True, slots=True)
class Repair:
    """Row totals that can be met, and what was changed to get there.

    Attributes
    ----------
    rows
        Repaired totals, shape ``(m,)``.
    change
        Change of each total beyond the common factor; zero for all but the culprits.
    factor
        Factor common to all rows that keeps the sum of totals.
    """

    rows: Array
    change: Array
    factor: float


def least_row_repair(
    tables: Sequence[Array],
    columns: Sequence[Array],
    rows: Array,
    *,
    floor: float = 1e-3,
    among: int | None = None,
) -> Repair:
    """Row totals nearest to the wanted ones that all tables can meet.

    The linear program finds the least sum of absolute changes of row totals such that
    every table has a filling with these row totals (the same for all tables) and its own
    column totals. Every cell keeps at least ``floor`` of its share in its column, so
    that the filling lies inside, not on the edge, of what is possible. What the culprits
    gain or lose may be balanced by one factor common to all rows, whose changes count
    half, so that in a large table nobody else is blamed. Where several changes are equally
    small, one of them is returned.

    Parameters
    ----------
    tables
        Non-negative tables, each of shape ``(m, n)``; zero cells stay zero.
    columns
        Column totals of each table, shape ``(n,)``.
    rows
        Wanted row totals, shape ``(m,)``.
    floor
        Share of each cell that must remain, 0 to 1.
    among
        Look for culprits only among so many rows, those with the least outside their largest cell, and
        take all others together. Much faster in a large table; where the result can be met, it is
        the least change all the same, which the caller must see by fitting.

    Returns
    -------
    Repair

    Raises
    ------
    InfeasibleError
        Where no row totals at all would do: the column totals contradict each other. Names the
        positions of columns and the least change of their totals.

    Examples
    --------
    >>> import numpy as np
    >>> from corridors.numerics import least_row_repair
    >>> seed = np.array([[5.0, 0.0], [1.0, 4.0]])
    >>> columns, rows = np.array([4.0, 6.0]), np.array([6.0, 4.0])
    >>> least_row_repair([seed], [columns], rows, floor=0.0).rows.round(6).tolist()
    [4.0, 6.0]
    """
    if among is not None and among < rows.size - 1:
        return _among(tables, columns, rows, floor, among)
    m = rows.size
    # HiGHS judges feasibility by an absolute 1e-9: this unit makes it 1e-15 of the total.
    unit = rows.sum() * 1e-6
    row_parts, column_parts, row_targets, column_targets = [], [], [], []
    for table, column in zip(tables, columns, strict=True):
        i, j = np.nonzero(table)
        held = table.sum(0)
        kept = floor * table * np.divide(column, held, out=np.zeros_like(column), where=held > 0)
        ones, cell = np.ones(i.size), np.arange(i.size)
        row_parts.append(csr_array((ones, (i, cell)), shape=(m, i.size)))
        column_parts.append(csr_array((ones, (j, cell)), shape=(column.size, i.size)))
        row_targets.append((rows - kept.sum(1)) / unit)
        column_targets.append((column - kept.sum(0)) / unit)
    # Variables: cells, up, down, and the common factor as 1 + more - less.
    wanted = csr_array(rows[:, None] / unit)
    slack = hstack([-eye_array(m), eye_array(m), -wanted, wanted])
    row_side = hstack([block_diag(row_parts), vstack([slack] * len(tables))])
    column_side = block_diag(column_parts)
    column_side = hstack([column_side, csr_array((sum(c.size for c in columns), 2 * m + 2))])
    cells = sum(np.count_nonzero(table) for table in tables)
    cost = np.concatenate([np.zeros(cells), np.ones(2 * m), np.full(2, 0.5e6)])
    targets = np.concatenate([*row_targets, *column_targets])
    solution = _solved(cost, vstack([row_side, column_side]), targets)
    if solution is None:
        raise _column_contradiction(cost, row_side, column_side, targets, columns, unit)
    up, down = np.split(solution[cells:-2], 2)
    factor = 1.0 + float(solution[-2] - solution[-1])
    change = np.where(np.abs(up - down) > 1e-8, (up - down) * unit, 0.0)
    # Rounding must not leave anybody in a row that nobody can be in, nor less than nobody elsewhere.
    possible = [t[:, c > 0].any(1) for t, c in zip(tables, columns, strict=True)]
    repaired = np.maximum(factor * rows + change, 0.0) * np.all(possible, axis=0)
    total = columns[0].sum()
    return Repair(repaired * (total / repaired.sum()), change, factor)


def _among(
    tables: Sequence[Array], columns: Sequence[Array], rows: Array, floor: float, count: int
) -> Repair:
    """The program with all rows but a few merged into one, which only the common factor may change."""
    elsewhere = np.sum([t.sum(1) - t.max(1) for t in tables], axis=0)
    few = np.sort(np.argsort(elsewhere, kind="stable")[:count])
    others = np.setdiff1d(np.arange(rows.size), few)

    def merged(table: Array) -> Array:
        return np.concatenate([table[few], table[others].sum(0)[None]])

    small = least_row_repair(
        [merged(t) for t in tables], columns, np.append(rows[few], rows[others].sum()), floor=floor
    )
    change = np.zeros_like(rows)
    change[few] = small.change[:-1]
    factor = small.factor + small.change[-1] / rows[others].sum()
    repaired = factor * rows
    repaired[few] = small.rows[:-1]
    return Repair(repaired * (columns[0].sum() / repaired.sum()), change, small.factor)


def _solved(cost: Array, equations: Any, targets: Array) -> Array | None:
    solution = linprog(
        cost,
        A_eq=equations.tocsr(),
        b_eq=targets,
        method="highs",
        # The constraints are a network: presolving them takes nine times as long as solving.
        options={"presolve": False, "primal_feasibility_tolerance": 1e-9, "dual_feasibility_tolerance": 1e-9},
    )
    return solution.x if solution.status == 0 else None


def _column_contradiction(
    cost: Array, row_side: Any, column_side: Any, targets: Array, columns: Sequence[Array], unit: float
) -> InfeasibleError:
    """The error that names the columns, found by letting column totals give way as well."""
    total = sum(c.size for c in columns)
    nothing = csr_array((row_side.shape[0], 2 * total))
    equations = vstack(
        [
            hstack([row_side, nothing]),
            hstack([column_side, -eye_array(total), eye_array(total)]),
        ]
    )
    elastic = _solved(np.concatenate([1e-3 * cost, np.ones(2 * total)]), equations, targets)
    title = "no row totals at all let these tables meet their column totals"
    remedy = "check these column totals, or give the tables cells that link them to the others"
    if elastic is None:
        return InfeasibleError(title, remedy=remedy)
    up, down = np.split(elastic[-2 * total :], 2)
    change = np.split((up - down) * unit, np.cumsum([c.size for c in columns])[:-1])
    size = np.max([np.abs(c) for c in change], axis=0)
    culprits = [int(j) for j in np.argsort(-size) if size[j] > 1e-8 * unit]
    repair: dict[str | int, float] = {j: float(max((c[j] for c in change), key=abs)) for j in culprits}
    words = "\n".join(f"column {j}: least change {v:+,.6g}" for j, v in list(repair.items())[:8])
    return InfeasibleError(title, words, remedy, culprits=culprits, repair=repair)
