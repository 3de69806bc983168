"""Flows that agree with what is known already: reported corridors and totals."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.linalg import cho_factor, cho_solve

from corridors.errors import DataError, InfeasibleError
from corridors.numerics import fit_margins
from corridors.numerics.blas import one_blas_thread
from corridors.numerics.typing import Array

Ints = NDArray[np.intp]


def with_known_flows(
    cube: ArrayLike,
    known: ArrayLike,
    *,
    total: float | None = None,
    tolerance: float = 1e-8,
    max_steps: int = 60,
    labels: Sequence[str] | None = None,
) -> Array:
    """Bring flows into line with known corridors, changing them least.

    The result is the table of least Kullback-Leibler divergence from ``cube`` that keeps every
    birthplace's people at start and end (so stocks and net migration stay as they are)
    and has the known flows.

    Parameters
    ----------
    cube
        Flows by birthplace, origin and destination, stayers included, shape ``(n, n, n)``,
        for example :func:`pseudo_bayes_cube`; 8 n³ bytes are needed twice.
    known
        Known flows by origin and destination, all birthplaces together, shape ``(n, n)``;
        NaN where unknown. Zero forbids a corridor. The diagonal is ignored.
    total
        Known number of moves in all corridors.
    tolerance
        Largest relative error of a known flow at which the fit stops.
    max_steps
        Limit of Newton steps.
    labels
        Names of places for errors.

    Returns
    -------
    ndarray
        Shape ``(n, n, n)``.

    Raises
    ------
    InfeasibleError
        Known flows contradict the stocks; names corridors.

    Notes
    -----
    A KL projection (Csiszár 1975). Newton's method on the multipliers of the known flows; between
    steps each birthplace is fitted to its people again, and its response to a multiplier
    (a Schur complement) gives the second derivatives.

    Examples
    --------
    >>> import numpy as np
    >>> from corridors.migration import pseudo_bayes_cube, with_known_flows
    >>> cube = pseudo_bayes_cube([[90, 10], [0, 100]], [[80, 20], [0, 100]], weight=0.9)
    >>> fitted = with_known_flows(cube, [[np.nan, 12.0], [np.nan, np.nan]])
    >>> round(float(fitted[:, 0, 1].sum()), 6)
    12.0
    """
    x = np.array(cube, dtype=np.float64)
    y = np.array(known, dtype=np.float64)
    n = x.shape[0]
    if x.shape != (n, n, n) or y.shape != (n, n):
        raise DataError(f"a cube of shape {x.shape} does not fit known flows of shape {y.shape}")
    np.fill_diagonal(y, np.nan)
    start, end = x.sum(2), x.sum(1)
    _check_known(x, y, start, end, labels)
    x[:, y == 0] = 0.0
    wanted = _Wanted(y, total)
    blocks = _Blocks(x, start, end, wanted)
    with one_blas_thread():
        blocks.fit_people(np.ones((n, n)))
        for _ in range(max_steps):
            apart = wanted.apart(blocks.moves())
            if float(np.abs(apart).max(initial=0.0)) <= tolerance:
                return blocks.cube()
            if not _stepped(blocks, wanted):
                break
    worst = wanted.worst(blocks.moves(), labels)
    raise InfeasibleError(
        "the known flows and the stocks can not be brought together",
        "\n".join(worst),
        "leave out the corridors named, or give stocks and flows of one definition",
        culprits=[line.split(":")[0] for line in worst],
    )


class _Wanted:
    """Known flows as constraints: one a corridor, and one for the total."""

    def __init__(self, y: Array, total: float | None) -> None:
        self.origins, self.destinations = np.nonzero(np.nan_to_num(y) > 0)
        self.values = y[self.origins, self.destinations]
        self.has_total = total is not None
        if total is not None:
            self.values = np.append(self.values, total)
        self.index = np.full(y.shape, -1)
        self.index[self.origins, self.destinations] = np.arange(self.origins.size)

    def of(self, moves: Array) -> Array:
        """The constrained sums of a table of moves."""
        sums = moves[self.origins, self.destinations]
        return np.append(sums, moves.sum() - np.trace(moves)) if self.has_total else sums

    def apart(self, moves: Array) -> Array:
        """Relative errors of the constrained sums."""
        return (self.of(moves) - self.values) / np.maximum(self.values, np.finfo(float).tiny)

    def factor(self, multipliers: Array, n: int) -> Array:
        """What multipliers do to each corridor, shape ``(n, n)``."""
        out = np.zeros((n, n))
        if self.has_total:
            out += multipliers[-1] * ~np.eye(n, dtype=bool)
        out[self.origins, self.destinations] += multipliers[: self.origins.size]
        return np.exp(out)

    def worst(self, moves: Array, labels: Sequence[str] | None) -> list[str]:
        """The constraints that are farthest from holding, in words."""
        names = labels or [str(i) for i in range(moves.shape[0])]
        pairs = zip(self.origins.tolist(), self.destinations.tolist(), strict=True)
        words = [f"{names[i]} → {names[j]}" for i, j in pairs] + ["all corridors"] * self.has_total
        have = self.of(moves)
        order = np.argsort(-np.abs(self.apart(moves)))[:5].tolist()
        return [f"{words[c]}: {self.values[c]:,.6g} known, {have[c]:,.6g} fitted" for c in order]


class _Blocks:
    """The cube as one small table a birthplace, which keeps its people at start and end."""

    def __init__(self, cube: Array, start: Array, end: Array, wanted: _Wanted) -> None:
        self._n, self._wanted = cube.shape[0], wanted
        self._where: list[tuple[Ints, Ints]] = []
        self._people: list[tuple[Array, Array]] = []
        for leave, arrive in zip(start, end, strict=True):
            rows, columns = np.flatnonzero(leave > 0), np.flatnonzero(arrive > 0)
            self._where.append((rows, columns))
            self._people.append((leave[rows], arrive[columns]))
        self.tables = [table[np.ix_(*w)] for table, w in zip(cube, self._where, strict=True)]

    def moves(self) -> Array:
        """Flows of all birthplaces together, stayers on the diagonal."""
        total = np.zeros((self._n, self._n))
        for table, where in zip(self.tables, self._where, strict=True):
            total[np.ix_(*where)] += table
        return total

    def cube(self) -> Array:
        """The dense cube."""
        out = np.zeros((self._n,) * 3)
        for k, where in enumerate(self._where):
            out[k][np.ix_(*where)] = self.tables[k]
        return out

    def fit_people(self, factor: Array) -> None:
        """Scale corridors, then fit every birthplace that this touches to its people again."""
        for k, where in enumerate(self._where):
            here = factor[np.ix_(*where)]
            leave, arrive = self._people[k]
            if here.size and (np.any(here != 1.0) or np.any(self.tables[k] == 0)):
                matched = arrive * (leave.sum() / arrive.sum())
                self.tables[k] = fit_margins(self.tables[k] * here, leave, matched, tolerance=1e-12).table

    def response(self) -> Array:
        """How the constrained sums respond to the logarithms of their multipliers."""
        size = self._wanted.values.size
        out = np.zeros((size, size))
        for table, (rows, columns) in zip(self.tables, self._where, strict=True):
            index = self._wanted.index[np.ix_(rows, columns)]
            i, j = np.nonzero((index >= 0) & (table > 0))
            moving = rows[:, None] != columns[None, :]
            if i.size or (self._wanted.has_total and (table * moving).any()):
                self._add_response(out, table, index, (i, j), moving)
        return out

    def _add_response(
        self, out: Array, table: Array, index: Ints, cells: tuple[Ints, Ints], moving: NDArray[np.bool_]
    ) -> None:
        i, j = cells
        p, q = table.shape
        ids, x = index[i, j], table[i, j]
        columns = np.zeros((p + q, i.size + self._wanted.has_total))
        columns[i, np.arange(i.size)] = x
        columns[p + j, np.arange(i.size)] = x
        direct = np.diag(np.append(x, 0.0)) if self._wanted.has_total else np.diag(x)
        if self._wanted.has_total:
            ids = np.append(ids, self._wanted.values.size - 1)
            free = table * moving
            columns[:, -1] = np.concatenate([free.sum(1), free.sum(0)])
            direct[-1, :-1] = direct[:-1, -1] = x
            direct[-1, -1] = free.sum()
        sums = np.concatenate([table.sum(1), table.sum(0)])
        root = 1 / np.sqrt(sums)
        normal = np.eye(p + q)
        normal[:p, p:] = table * root[:p, None] * root[p:]
        normal[p:, :p] = normal[:p, p:].T
        normal[np.diag_indices(p + q)] += 1e-11
        columns *= root[:, None]
        out[np.ix_(ids, ids)] += direct - columns.T @ cho_solve(cho_factor(normal), columns)


def _stepped(blocks: _Blocks, wanted: _Wanted) -> bool:
    """One damped Newton step; False where none brings the flows nearer to what is known."""
    moves, n = blocks.moves(), blocks.moves().shape[0]
    apart = wanted.of(moves) - wanted.values
    response = blocks.response()
    response[np.diag_indices_from(response)] *= 1 + 1e-10
    step, *_ = np.linalg.lstsq(response, -apart, rcond=1e-14)
    step = np.asarray(np.clip(step, -4.0, 4.0), dtype=np.float64)
    before, tables = float(np.sum(apart**2 / wanted.values)), blocks.tables
    for _ in range(25):
        blocks.tables = list(tables)
        try:
            blocks.fit_people(wanted.factor(step, n))
            after = wanted.of(blocks.moves()) - wanted.values
            if float(np.sum(after**2 / wanted.values)) < before:
                return True
        except InfeasibleError:
            pass  # too long a step empties cells; a shorter one is tried
        step = step / 2
    blocks.tables = tables
    return False


def _check_known(x: Array, y: Array, start: Array, end: Array, labels: Sequence[str] | None) -> None:
    pinned = np.isfinite(y)
    if np.any(y[pinned] < 0):
        raise DataError("known flows must not be negative")
    room = np.array([np.minimum(start[:, [i]], end).sum(0) for i in range(x.shape[1])])
    possible = np.where((x > 0).any(0), room, 0.0)
    over = np.argwhere(pinned & (np.nan_to_num(y) > possible * (1 + 1e-9)))
    if over.size:
        names = labels or [str(i) for i in range(x.shape[0])]
        raise InfeasibleError(
            f"{len(over)} known flow(s) are larger than the stocks allow",
            "\n".join(
                f"{names[i]} → {names[j]}: {y[i, j]:,.6g} known, at most {possible[i, j]:,.6g}"
                for i, j in over[:8].tolist()
            ),
            "known flows must count moves between mid-years by people alive throughout",
            culprits=[f"{names[i]} → {names[j]}" for i, j in over.tolist()],
        )
