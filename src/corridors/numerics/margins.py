"""Fitting a non-negative table to row and column totals.

The fitted table is ``diag(exp(u)) @ seed @ diag(exp(v))``: the table of least
Kullback-Leibler divergence from the seed among all with the wanted margins.
Iterative proportional fitting (Sinkhorn) needs thousands of sweeps when most
people live where they were born, because rows and columns are then almost
separate. Newton's method on the dual, with the column factors eliminated, needs
six or seven steps, and diverges visibly where no such table exists.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from corridors.errors import DataError, InfeasibleError
from corridors.numerics.dual import MAX_LOG_FACTOR, Factor, State, minimise_dual
from corridors.numerics.repair import least_row_repair
from corridors.numerics.typing import Array

# Sweeps of alternate scaling before the first step of Newton's method.
_SWEEPS = 3


@dataclass(frozen=True, slots=True)
class Fit:
    """A table fitted to margins.

    Attributes
    ----------
    table
        Fitted table, shape ``(m, n)``, unit of the margins. Its columns add up
        to the column totals to machine precision, its rows to ``residual``.
    algorithm
        ``"newton"`` or ``"sinkhorn"``.
    iterations
        Newton steps or Sinkhorn sweeps.
    residual
        Largest relative error of a row total.
    factors
        Log factor of each row, shape ``(m,)``, up to a constant; None where other totals than these were
        fitted.
    """

    table: Array
    algorithm: str
    iterations: int
    residual: float
    factors: Array | None = None


def fit_margins(
    seed: ArrayLike,
    rows: ArrayLike,
    columns: ArrayLike,
    *,
    tolerance: float = 1e-10,
    max_steps: int = 60,
    max_sweeps: int = 20_000,
    certificate: bool = True,
    near: Array | None = None,
    labels: tuple[Sequence[str], Sequence[str]] | None = None,
) -> Fit:
    """Fit a table to row and column totals by Newton's method on the dual.

    Parameters
    ----------
    seed
        Non-negative table, shape ``(m, n)``. A zero cell stays zero.
    rows, columns
        Wanted totals, shapes ``(m,)`` and ``(n,)``, in one unit; their sums must agree
        to 1e-9 relative.
    tolerance
        Largest relative error of a row total at which the fit stops.
    max_steps, max_sweeps
        Limits of Newton steps and of Sinkhorn sweeps of the fallback.
    certificate
        Where Newton's method finds no table, find out why by a linear program and fall back to
        Sinkhorn if there is one after all; without, raise at once.
    near
        Factors of a similar fit, shape ``(m,)``, to begin from: fewer steps to the same table.
    labels
        Names of rows and of columns for error messages.

    Returns
    -------
    Fit

    Raises
    ------
    DataError
        Shapes differ, or a value is negative or not finite.
    InfeasibleError
        No table with the seed's zeros has these margins; names the rows and the least
        change of row totals that would allow one.

    Notes
    -----
    Deming and Stephan (1940); the reduced dual is
    ``sum_j c_j log(sum_i a_ij exp(u_i)) - sum_i r_i u_i``, convex in ``u``.

    Examples
    --------
    >>> from corridors.numerics import fit_margins
    >>> fit = fit_margins([[5.0, 2.0], [1.0, 7.0]], [18, 20], [16, 22])
    >>> fit.table.round(4).tolist()
    [[13.2502, 4.7498], [2.7498, 17.2502]]
    """
    a, r, c = _checked(seed, rows, columns)
    names = labels or (range(a.shape[0]), range(a.shape[1]))
    fitted = np.zeros_like(a)
    live_rows, live_columns = np.flatnonzero(r > 0), np.flatnonzero(c > 0)
    block = np.ix_(live_rows, live_columns)
    a, r, c = a[block], r[live_rows], c[live_columns]
    if not r.size:
        return Fit(fitted, "newton", 0, 0.0, np.zeros_like(rows, dtype=np.float64))
    row_names = [names[0][i] for i in live_rows.tolist()]
    column_names = [names[1][j] for j in live_columns.tolist()]
    _check_support(a, row_names, column_names)

    scale = r.sum()
    begin = None if near is None else near[live_rows]
    fit = _newton(a, r / scale, c / scale, tolerance, max_steps, begin)
    if fit is None:
        if not certificate:
            raise InfeasibleError("no table with these zeros and margins was found")
        _raise_if_infeasible(a, r, c, row_names)
        fit = sinkhorn(a, r / scale, c / scale, tolerance=tolerance, max_sweeps=max_sweeps)
        if fit.residual > tolerance:
            raise InfeasibleError(
                "the margins can only be met by emptying cells that the seed fills",
                f"largest relative error of a row total after {max_sweeps} sweeps: {fit.residual:.2g}",
                "widen the margins, or set to zero the seed cells that must be empty",
            )
    fitted[block] = fit.table * scale
    factors = np.zeros(fitted.shape[0])
    factors[live_rows] = 0.0 if fit.factors is None else fit.factors
    return Fit(fitted, fit.algorithm, fit.iterations, fit.residual, factors)


def sinkhorn(
    seed: ArrayLike,
    rows: ArrayLike,
    columns: ArrayLike,
    *,
    tolerance: float = 1e-10,
    max_sweeps: int = 20_000,
) -> Fit:
    """Fit a table to margins by alternate scaling, ending on the columns.

    Parameters and result as in :func:`fit_margins`; where ``max_sweeps`` is reached the
    last table is returned with its ``residual``, which the caller must judge.

    Examples
    --------
    >>> from corridors.numerics import sinkhorn
    >>> round(float(sinkhorn([[1, 1], [1, 1]], [3, 1], [2, 2]).table[0, 0]), 6)
    1.5
    """
    a, r, c = _checked(seed, rows, columns)
    x, residual, sweeps = a, np.inf, 0
    while residual > tolerance and sweeps < max_sweeps:
        sweeps += 1
        x = x * _ratio(r, x.sum(1))[:, None]
        x = x * _ratio(c, x.sum(0))
        residual = _row_residual(x.sum(1), r)
    return Fit(x, "sinkhorn", sweeps, residual)


def _newton(a: Array, r: Array, c: Array, tolerance: float, max_steps: int, near: Array | None) -> Fit | None:
    """Newton on the reduced dual; None where it does not converge."""
    u = _swept(a, r, c) if near is None else near

    def state(u: Array) -> State[Array]:
        if np.ptp(u) >= MAX_LOG_FACTOR:
            return a, np.inf, r
        x, value = _columns_scaled(a, u, c, r)
        return x, value, x.sum(1) - r

    def direction(x: Array, gradient: Array, error: float, factor: Factor) -> Array | None:
        def hessian() -> tuple[Array, Array]:
            half = x / np.sqrt(c)
            hessian = half @ half.T
            np.negative(hessian, out=hessian)
            hessian[np.diag_indices_from(hessian)] += x.sum(1)
            return hessian, r

        return factor.solved(hessian, -gradient, error)

    def measure(gradient: Array, _: Array) -> float:
        return float(np.max(np.abs(gradient) / r))

    fit = minimise_dual(u, state, direction, measure, tolerance=tolerance, max_steps=max_steps, polish=False)
    return Fit(fit.cells, "newton", fit.steps, fit.error, fit.prices) if fit.met else None


def _swept(a: Array, r: Array, c: Array) -> Array:
    """Log factors of the rows after three sweeps of alternate scaling, shape ``(m,)``."""
    across, factor = np.ones_like(c), np.ones_like(r)
    for _ in range(_SWEEPS):
        factor = _ratio(r, a @ across)
        across = _ratio(c, factor @ a)
    with np.errstate(divide="ignore"):
        log_factor = np.log(factor)
    return np.where(np.isfinite(log_factor), log_factor - log_factor.max(), 0.0)


def _columns_scaled(a: Array, u: Array, c: Array, r: Array) -> tuple[Array, float]:
    weighted = a * np.exp(u - u.max())[:, None]
    totals = weighted.sum(0)
    if not np.all(totals > 0):
        return weighted, np.inf
    value = float(c @ np.log(totals) + u.max() * c.sum() - r @ u)
    return weighted * (c / totals), value


def _checked(seed: ArrayLike, rows: ArrayLike, columns: ArrayLike) -> tuple[Array, Array, Array]:
    a, r, c = (np.asarray(x, dtype=np.float64) for x in (seed, rows, columns))
    if a.ndim != 2 or r.shape != (a.shape[0],) or c.shape != (a.shape[1],):
        raise DataError(
            f"margins of shapes {r.shape} and {c.shape} do not fit a table of shape {a.shape}",
            remedy="give one total per row and one per column",
        )
    for name, values in (("seed", a), ("row totals", r), ("column totals", c)):
        if not np.all(np.isfinite(values)) or np.any(values < 0):
            bad = np.argwhere(~np.isfinite(values) | (values < 0))[:5].tolist()
            raise DataError(
                f"{name} must be finite and not negative", f"at positions {bad}", "correct these values"
            )
    if abs(r.sum() - c.sum()) > 1e-9 * max(r.sum(), c.sum()):
        raise InfeasibleError(
            "row totals and column totals have different sums",
            f"rows add up to {r.sum():.10g}, columns to {c.sum():.10g}",
            "scale one of the margins, or find what is counted in one only",
        )
    return a, r, c


def _check_support(a: Array, row_names: Sequence[str | int], column_names: Sequence[str | int]) -> None:
    for axis, names, word in ((1, row_names, "row"), (0, column_names, "column")):
        empty = [names[i] for i in np.flatnonzero(~(a > 0).any(axis)).tolist()]
        if empty:
            raise InfeasibleError(
                f"a positive {word} total has no cell to go to: {', '.join(map(str, empty[:5]))}",
                remedy=f"give the seed a positive cell in this {word}, or set its total to zero",
                culprits=empty,
            )


def _raise_if_infeasible(a: Array, r: Array, c: Array, row_names: Sequence[str | int]) -> None:
    repaired = least_row_repair([(a > 0).astype(np.float64)], [c], r, floor=0.0)
    culprits = np.flatnonzero(repaired.change)
    if not culprits.size:
        return
    change = repaired.rows - r
    order = culprits[np.argsort(-np.abs(change[culprits]))].tolist()
    repair = {row_names[i]: float(change[i]) for i in order}
    shown = "\n".join(f"{row_names[i]}: total {r[i]:,.6g}, least change {change[i]:+,.6g}" for i in order[:8])
    raise InfeasibleError(
        "no table with these zeros has these margins",
        shown,
        "change these row totals by the amounts shown and scale the others to the sum, or allow more cells",
        culprits=list(repair),
        repair=repair,
    )


def _ratio(wanted: Array, have: Array) -> Array:
    return np.divide(wanted, have, out=np.zeros_like(wanted), where=have > 0)


def _row_residual(have: Array, wanted: Array) -> float:
    return float(np.max(np.abs(have - wanted) / np.where(wanted > 0, wanted, 1.0), initial=0.0))
