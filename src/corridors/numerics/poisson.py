"""Poisson pseudo-maximum likelihood with an effect of each row and each column, of one table or a stack.

Given coefficients, the effects are those that make row and column sums of the fit equal to the
observed ones (Fally 2015): a fit to margins. With effects profiled out like this, a Newton step for
the coefficients needs covariates freed of rows and columns by a weighted projection.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NoReturn

import numpy as np
from scipy.linalg import cho_factor, cho_solve
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.special import gammaln, xlogy

from corridors.errors import DataError, InfeasibleError
from corridors.numerics.dual import Factor, State, minimise_dual
from corridors.numerics.margins import fit_margins
from corridors.numerics.typing import Array, Ids, Mask

# Covariates have unit spread: an effect beyond so many powers of e separates zero from positive flows.
_MOST_SPREADS = 8.0


@dataclass(frozen=True, slots=True)
class PoissonFit:
    """A two-way Poisson model of one table or a stack.

    Attributes
    ----------
    coefficients, standard_errors
        Of the covariates, shape ``(k,)``.
    fitted
        Expected flows, shape of the flows; 0 where effects alone make it 0 and outside the sample. Row
        and column sums in the sample are the observed ones.
    used
        Cells that tell something about the coefficients, shape of the flows.
    deviance
        Poisson deviance.
    pseudo_r2
        One less the log-likelihood over that of one mean for all cells used.
    steps
        Newton steps.
    """

    coefficients: Array
    standard_errors: Array
    fitted: Array
    used: Mask
    deviance: float
    pseudo_r2: float
    steps: int


@dataclass(frozen=True, slots=True)
class _Table:
    """Rows and columns of one table that tell something; flows and covariates are 0 outside the sample."""

    block: tuple[Ids, Ids]
    y: Array
    x: Array
    sample: Mask
    anchors: Ids

    def effects(self, b: Array) -> Array:
        score = np.einsum("k,kij->ij", b, self.x)
        seed = np.where(self.sample, np.exp(score - score[self.sample].max()), 0.0)
        return fit_margins(seed, self.y.sum(1), self.y.sum(0), tolerance=1e-11).table

    def freed(self, mu: Array) -> Array:
        """Covariates less their weighted projection on rows and columns."""
        held, across = mu.sum(1), mu.sum(0)
        half = mu / held[:, None]
        system = np.diag(across) - half.T @ mu
        # A constant of each connected part is free: one column of each is held.
        system[self.anchors, self.anchors] += across[self.anchors]
        factor = cho_factor(system)
        out = np.empty_like(self.x)
        for k, table in enumerate(self.x):
            sums = (mu * table).sum(1)
            column = cho_solve(factor, (mu * table).sum(0) - half.T @ sums)
            out[k] = table - ((sums - mu @ column) / held)[:, None] - column
        return out


@dataclass(frozen=True, slots=True)
class _Point:
    b: Array
    fitted: tuple[Array, ...]
    bread: Array
    move: Array | None


def fit_two_way(
    flows: Array,
    covariates: Array,
    names: Sequence[str],
    *,
    clusters: Ids | None = None,
    tolerance: float = 1e-10,
    max_steps: int = 50,
) -> PoissonFit:
    """Fit ``flows = exp(row + column + sum b x)``, with effects of each table and common coefficients.

    Parameters
    ----------
    flows
        Not negative, shape ``(m, n)``, or ``(t, m, n)`` for a stack; NaN is outside the sample.
    covariates
        Shape ``(k, m, n)`` or ``(k, t, m, n)``; a NaN takes the cell out of the sample.
    names
        Of the covariates, for errors.
    clusters
        Number of the cluster of each cell, shape of the flows; errors are robust without.
    tolerance
        Largest change of a coefficient (of a covariate of unit spread) at which to stop.
    max_steps
        Limit of Newton steps.

    Returns
    -------
    PoissonFit

    Raises
    ------
    DataError
        Flows negative or infinite or none left, a covariate that does not vary, that rows and columns
        explain, or that separates zero from positive flows.

    Notes
    -----
    Santos Silva and Tenreyro (2006); Fally (2015). A cell alone in its row or column is met by an effect
    of its own; a zero cell that no table of the same sums can fill is met by effects that run off (Correia,
    Guimarães and Zylkin 2019). Both tell nothing and are left out. Variances are multiplied as by fixest:
    by N/(N-p), or (N-1)/(N-p) G/(G-1) of G clusters, where p counts covariates and effects less one.

    Examples
    --------
    >>> import numpy as np
    >>> from corridors.numerics.poisson import fit_two_way
    >>> x = np.array([[0.0, 1.0, 2.0], [1.0, 0.0, 1.0], [2.0, 1.0, 0.5]])
    >>> fit = fit_two_way(np.exp(0.5 * x + np.array([[1.0], [2.0], [0.0]])), x[None], ["x"])
    >>> fit.coefficients.round(6).tolist()
    [0.5]
    """
    shape = flows.shape
    y = flows.reshape(-1, *shape[-2:])
    x = covariates.reshape(len(names), *y.shape)
    if np.any(y < 0) or np.any(np.isinf(y)):
        raise DataError(
            "some flows are negative or infinite", remedy="NaN may stand for cells outside the sample"
        )
    sample = np.isfinite(y) & np.isfinite(x).all(0)
    known = np.where(sample, y, 0.0)
    lone = _alone(sample)
    used = sample & ~lone
    used &= np.stack([_fillable(t, u) for t, u in zip(known, used, strict=True)])
    if not used.any():
        none = sample.any() and not known.any()
        told = "all flows are zero: there is none to explain" if none else "no flow is left in the sample"
        raise DataError(told, remedy="check codes and missing covariates")
    _refuse_separated(known[used], x[:, used], names)
    standard, spread = _standardised(x, used, names)
    tables = [_table(known[t], standard[:, t], used[t]) for t in np.flatnonzero(used.any((1, 2))).tolist()]
    point, steps = _maximum(tables, names, tolerance, max_steps)

    fitted, scores = np.where(lone, known, 0.0), np.zeros_like(standard)
    for at, table, mu in zip(np.flatnonzero(used.any((1, 2))).tolist(), tables, point.fitted, strict=True):
        fitted[at][np.ix_(*table.block)] += mu
        scores[:, at][(slice(None), *np.ix_(*table.block))] = table.freed(mu) * (table.y - mu)
    effects = sum(len(side) for table in tables for side in table.block) - 1
    groups = None if clusters is None else np.broadcast_to(clusters.reshape(-1, *y.shape[1:]), y.shape)[used]
    errors = _errors(scores[:, used], point.bread, groups, effects)
    told, expected = known[used], fitted[used]
    ratio = np.divide(told, expected, out=np.ones_like(told), where=told > 0)
    return PoissonFit(
        point.b / spread,
        errors / spread,
        fitted.reshape(shape),
        used.reshape(shape),
        float(2 * (xlogy(told, ratio) - told + expected).sum()),
        1 - _likelihood(told, expected) / _likelihood(told, np.full_like(told, told.mean())),
        steps,
    )


def _refuse_separated(y: Array, x: Array, names: Sequence[str]) -> None:
    """Refuse a covariate of two values with one of which no flow goes: its effect is without end."""
    for name, column in zip(names, x, strict=True):
        values = np.unique(column)
        for value in values.tolist() if values.size == 2 else []:
            if not y[column == value].any():
                raise DataError(
                    f"the effect of {name} does not exist: no flow where {name} = {value:g}",
                    f"it separates {int((column == value).sum())} zero flows from positive ones",
                    "leave it out, or give flows of more places or periods",
                )


def _alone(sample: Mask) -> Mask:
    """Cells that are the only one of their row or column once others such are gone."""
    left = sample.copy()
    while True:
        alone = left & ((left.sum(-1, keepdims=True) == 1) | (left.sum(-2, keepdims=True) == 1))
        if not alone.any():
            return sample & ~left
        left &= ~alone


def _fillable(y: Array, sample: Mask) -> Mask:
    """Cells that some table of the same sums fills.

    A sum moves from cell to cell along a circle of cells that may grow and, in turn, cells that may shrink:
    a cell can be filled if its row and column lie on one.
    """
    part = _parts(sample, sample & (y > 0))
    return sample & (part[: len(y), None] == part[len(y) :])


def _parts(there: Mask, back: Mask) -> Ids:
    """Number of the strongly connected part of each row and column, joined by cells there and back."""
    m, n = there.shape
    (i, j), (k, h) = np.nonzero(there), np.nonzero(back)
    ends = np.concatenate([i, h + m]), np.concatenate([j + m, k])
    graph = coo_array((np.ones(ends[0].size), ends), shape=(m + n, m + n)).tocsr()
    return np.asarray(connected_components(graph, connection="strong")[1], dtype=np.int64)


def _standardised(x: Array, used: Mask, names: Sequence[str]) -> tuple[Array, Array]:
    inside = x[:, used]
    centre = inside.mean(1)
    spread = np.sqrt(((inside - centre[:, None]) ** 2).mean(1))
    if flat := [n for n, s in zip(names, spread.tolist(), strict=True) if not s > 0]:
        raise DataError(f"{', '.join(flat)} does not vary in the sample")
    each = (slice(None), None, None, None)
    return np.where(used, (x - centre[each]) / spread[each], 0.0), spread


def _table(y: Array, x: Array, used: Mask) -> _Table:
    rows, columns = np.flatnonzero(used.any(1)), np.flatnonzero(used.any(0))
    block = np.ix_(rows, columns)
    sample = used[block]
    anchors = np.unique(_parts(sample, sample)[rows.size :], return_index=True)[1]
    return _Table((rows, columns), np.where(sample, y[block], 0.0), x[(slice(None), *block)], sample, anchors)


def _maximum(
    tables: Sequence[_Table], names: Sequence[str], tolerance: float, max_steps: int
) -> tuple[_Point, int]:
    """Newton's method on the profile likelihood, which is concave in the coefficients."""
    mass = sum(float(t.y.sum()) for t in tables)
    k = len(names)

    def state(b: Array) -> State[_Point]:
        try:
            fitted = tuple(t.effects(b) for t in tables)
        except InfeasibleError:
            return _Point(b, (), np.eye(k), None), np.inf, np.zeros(k)
        gradient, information = np.zeros(k), np.zeros((k, k))
        for t, mu in zip(tables, fitted, strict=True):
            free = t.freed(mu)
            gradient -= np.einsum("kij,ij->k", t.x, t.y - mu)
            information += np.einsum("kij,lij->kl", free * mu, free)
        value = -sum(float(xlogy(t.y, mu).sum()) for t, mu in zip(tables, fitted, strict=True))
        told = np.linalg.cond(information) <= 1e12 and np.all(np.diag(information) >= 1e-10 * mass)
        bread = np.asarray(np.linalg.inv(information), dtype=np.float64) if told else np.eye(k)
        return _Point(b, fitted, bread, -bread @ gradient if told else None), value, gradient

    def direction(point: _Point, _: Array, error: float, __: Factor) -> Array | None:
        if point.move is None or np.abs(point.b).max() > _MOST_SPREADS:
            return None
        # A step of many spreads is a step too far: shorter ones arrive.
        return point.move * min(1.0, 2.0 / error) if error > 0 else point.move

    def measure(_: Array, point: _Point) -> float:
        return np.inf if point.move is None else float(np.abs(point.move).max())

    fit = minimise_dual(np.zeros(k), state, direction, measure, tolerance=tolerance, max_steps=max_steps)
    if not fit.met:
        _refuse(fit.cells, names)
    return fit.cells, fit.steps


def _refuse(point: _Point, names: Sequence[str]) -> NoReturn:
    if not point.fitted:
        raise DataError("row and column effects can not reproduce these flows")
    # What rows and columns explain, they explain at any weights: at the start already.
    if point.move is None and not point.b.any():
        raise DataError(
            f"the effects of {', '.join(names)} can not be told apart from those of rows and columns",
            remedy="leave out a covariate that the others, the row and the column explain",
        )
    raise DataError(
        f"the effect of {names[int(np.argmax(np.abs(point.b)))]} does not settle: it may separate zero from "
        "positive flows",
        remedy="leave it out, or the corridors that it predicts to be zero",
    )


def _errors(scores: Array, bread: Array, clusters: Ids | None, effects: int) -> Array:
    k, n = scores.shape
    free = n - k - effects
    factor = n / free if free > 0 else 1.0
    if clusters is not None:
        _, group = np.unique(clusters, return_inverse=True)
        count = int(group.max()) + 1
        sums = [np.bincount(group, score, minlength=count) for score in scores]
        scores = np.array(sums, dtype=np.float64)
        factor = factor * (n - 1) / n * count / (count - 1) if count > 1 else np.nan
    return np.sqrt(np.diag(bread @ (scores @ scores.T) @ bread) * factor)


def _likelihood(y: Array, mu: Array) -> float:
    return float((xlogy(y, mu) - mu - gammaln(y + 1)).sum())
