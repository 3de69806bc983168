"""Fitting a table of any dimension to sums over any groups of its cells.

Rows, columns, blocks of regions, stripes of one origin by region of destination,
margins of a three-way table: each is a partition of the cells with one total per
group. Iterative proportional fitting scales one partition after the other; where
it crawls, Newton's method on the dual takes over, with one unknown per group.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike

from corridors.errors import InfeasibleError
from corridors.numerics.dual import State, along, minimise_dual
from corridors.numerics.partitions import Partition, checked_partitions, group_sums, raise_contradiction
from corridors.numerics.typing import Array, Ids

_FIRST_SWEEPS = 30
_MAX_UNKNOWNS = 3000


@dataclass(frozen=True, slots=True)
class PartitionFit:
    """A table fitted to the sums of its partitions.

    Attributes
    ----------
    table
        Fitted table, shape of the seed: the seed times one factor of each partition.
    factors
        Factors of the groups, one array per partition; 0 where the total is 0.
    algorithm
        ``"newton"`` or ``"sinkhorn"``.
    iterations
        Newton steps or sweeps.
    residual
        Largest relative error of a total.
    """

    table: Array
    factors: tuple[Array, ...]
    algorithm: str
    iterations: int
    residual: float


def fit_partitions(
    seed: ArrayLike,
    partitions: Sequence[Partition],
    *,
    tolerance: float = 1e-10,
    max_steps: int = 100,
    max_sweeps: int = 20_000,
) -> PartitionFit:
    """Table nearest to a seed by Kullback-Leibler divergence whose groups have given sums.

    Parameters
    ----------
    seed
        Non-negative table of any dimension. A zero cell stays zero; a cell in no group
        keeps its value.
    partitions
        Groups and totals; see :func:`margin` for margins.
    tolerance
        Largest relative error of a total at which the fit stops.
    max_steps, max_sweeps
        Limits of Newton steps and of sweeps of proportional fitting.

    Returns
    -------
    PartitionFit

    Raises
    ------
    DataError
        Shapes differ, or a value is negative or not finite.
    InfeasibleError
        No table with the seed's zeros has these totals; names those that contradict and
        the least change, by sum of absolute values, that would allow one.

    Notes
    -----
    Deming and Stephan (1940); Csiszár (1975). Beyond 3,000 groups only proportional
    fitting is used.

    Examples
    --------
    >>> import numpy as np
    >>> from corridors.numerics.partitions import Partition, margin
    >>> from corridors.numerics.proportional import fit_partitions
    >>> corner = Partition(np.array([[0, -1], [-1, -1]]), np.array([4.0]), "corner")
    >>> rows = margin((2, 2), [0], [5, 5], name="row")
    >>> fit_partitions(np.ones((2, 2)), [rows, corner]).table.round(9).tolist()
    [[4.0, 1.0], [2.5, 2.5]]
    """
    a, parts = checked_partitions(seed, partitions)
    system = _System.of(a, parts)
    if system.stranded:
        raise_contradiction(a, parts)
    factors = [np.ones(t.size) for t in system.totals]
    found = system.sweeps(factors, tolerance, _FIRST_SWEEPS)
    algorithm = "sinkhorn"
    if found is None and system.unknowns <= _MAX_UNKNOWNS:
        found = system.newton(factors, tolerance, max_steps)
        algorithm = "newton"
    if found is None:
        raise_contradiction(a, parts)
        found = system.sweeps(factors, tolerance, max_sweeps)
        algorithm = "sinkhorn"
    if found is None:
        raise InfeasibleError(
            "the totals can only be met by emptying cells that the seed fills",
            f"not met to {tolerance:.2g} relative after {max_sweeps} sweeps",
            "widen the totals, or set to zero the seed cells that must be empty",
        )
    cells, iterations, residual = found
    table = np.zeros(a.size)
    table[system.live] = cells
    scaled = tuple(np.where(p.totals > 0, f[:-1], 0.0) for p, f in zip(parts, factors, strict=True))
    return PartitionFit(table.reshape(a.shape), scaled, algorithm, iterations, residual)


Found = tuple[Array, int, float]


@dataclass(frozen=True, slots=True)
class _System:
    """Live cells and groups; the last group of each partition takes the cells in none."""

    live: Ids
    cells: Array
    groups: tuple[Ids, ...]
    totals: tuple[Array, ...]
    stranded: bool

    @staticmethod
    def of(a: Array, parts: Sequence[Partition]) -> _System:
        alive = a.ravel() > 0
        for p in parts:
            alive &= np.append(p.totals > 0, True)[p.ids.ravel()]
        live = np.flatnonzero(alive)
        groups = tuple(np.where(g < 0, p.totals.size, g) for p in parts for g in [p.ids.ravel()[live]])
        totals = tuple(np.append(p.totals, 0.0) for p in parts)
        filled = [np.bincount(g, minlength=t.size) > 0 for g, t in zip(groups, totals, strict=True)]
        stranded = any(bool(np.any((t > 0) & ~f)) for t, f in zip(totals, filled, strict=True))
        return _System(live, a.ravel()[live], groups, totals, stranded)

    @property
    def unknowns(self) -> int:
        return sum(t.size for t in self.totals)

    def sums(self, x: Array) -> Iterator[Array]:
        for g, t in zip(self.groups, self.totals, strict=True):
            yield group_sums(g, x, t.size)

    def fitted(self, factors: Sequence[Array]) -> Array:
        x = self.cells.copy()
        for g, f in zip(self.groups, factors, strict=True):
            x *= f[g]
        return x

    def error(self, x: Array) -> float:
        worst = 0.0
        for have, t in zip(self.sums(x), self.totals, strict=True):
            worst = max(worst, float(np.max(np.abs(have - t)[t > 0] / t[t > 0], initial=0.0)))
        return worst

    def sweeps(self, factors: list[Array], tolerance: float, limit: int) -> Found | None:
        x = self.fitted(factors)
        for sweep in range(1, limit + 1):
            for k, (g, t) in enumerate(zip(self.groups, self.totals, strict=True)):
                have = group_sums(g, x, t.size)
                ratio = np.divide(t, have, out=np.ones_like(t), where=(t > 0) & (have > 0))
                factors[k] = factors[k] * ratio
                x = x * ratio[g]
            error = self.error(x)
            if error <= tolerance:
                return x, sweep, error
        return None

    def newton(self, factors: list[Array], tolerance: float, limit: int) -> Found | None:
        wanted, ends = np.concatenate(self.totals), np.cumsum([t.size for t in self.totals])[:-1]
        bounded = wanted > 0
        codes = {
            (p, q): self.groups[p] * self.totals[q].size + self.groups[q]
            for p, q in combinations(range(len(self.totals)), 2)
        }

        def state(u: Array) -> State[Array]:
            with np.errstate(over="ignore", invalid="ignore"):
                x = self.fitted([np.exp(part) for part in np.split(u, ends)])
                gradient = np.where(bounded, np.concatenate(list(self.sums(x))) - wanted, 0.0)
                value = float(x.sum() - wanted @ u)
            return x, value if np.isfinite(value) else np.inf, gradient

        def curvature(x: Array, _: float) -> Array:
            blocks = [[np.diag(have) for have in self.sums(x)] for _ in self.totals]
            for (p, q), code in codes.items():
                shape = (self.totals[p].size, self.totals[q].size)
                cross = group_sums(code, x, shape[0] * shape[1]).reshape(shape)
                blocks[p][q], blocks[q][p] = cross, cross.T
            hessian = np.block(blocks)
            return np.where(bounded[:, None] & bounded, hessian, 0.0)

        start = np.where(bounded, np.log(np.concatenate(factors)), 0.0)
        fit = minimise_dual(
            start, state, along(curvature), lambda _, x: self.error(x), tolerance=tolerance, max_steps=limit
        )
        if not fit.met:
            return None
        factors[:] = [np.exp(part) for part in np.split(fit.prices, ends)]
        return fit.cells, fit.steps, fit.error
