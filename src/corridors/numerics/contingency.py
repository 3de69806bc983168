"""Log-linear fits of tables of origin, destination and a third classification.

All are special cases of fitting to sums over groups of cells: two margins, known
cells, blocks or stripes of regions, and tables of origin by birthplace together
with destination by birthplace.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from corridors.errors import DataError, InfeasibleError
from corridors.numerics.margins import Fit, fit_margins
from corridors.numerics.partitions import Partition, margin
from corridors.numerics.proportional import fit_partitions
from corridors.numerics.typing import Array

Labels = tuple[Sequence[str], Sequence[str]]


def fit_two_way(
    seed: ArrayLike,
    rows: ArrayLike | None = None,
    columns: ArrayLike | None = None,
    *,
    blocks: tuple[ArrayLike, ArrayLike] | None = None,
    known: ArrayLike | None = None,
    tolerance: float = 1e-10,
    labels: Labels | None = None,
) -> Fit:
    """Fit a table of origin by destination to the totals that are known.

    Parameters
    ----------
    seed
        Non-negative table, shape ``(m, n)``, or ``(m, n, ...)`` where only totals of the
        first two axes are known: the further axes then keep the proportions of the seed.
    rows, columns
        Totals of origins, shape ``(m,)``, and of destinations, shape ``(n,)``; either may
        be unknown.
    blocks
        Group of each cell, shape ``(m, n)``, and totals of the groups (see
        :func:`block_ids` and :func:`stripe_ids`), in row-major order.
    known
        Cells that are known, such as a diagonal of stayers: shape ``(m, n)``, NaN where
        unknown. They are part of all totals.
    tolerance
        Largest relative error of a total.
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
        The totals contradict one another, the zeros or the known cells; names which.

    Notes
    -----
    Willekens (1983, 1999): ``n[i, j] = alpha[i] * beta[j] * m[i, j]``, times one factor
    for each block. Rows and columns alone are fitted by :func:`fit_margins`.

    Examples
    --------
    >>> from corridors.numerics.contingency import fit_two_way
    >>> fit_two_way([[5, 2], [1, 7]], [18, 20], [16, 22]).table.round(4).tolist()
    [[13.2502, 4.7498], [2.7498, 17.2502]]
    >>> fit_two_way([[5, 2], [1, 7]], rows=[14, 16]).table.tolist()
    [[10.0, 4.0], [2.0, 14.0]]
    """
    whole = np.asarray(seed, dtype=np.float64)
    if whole.ndim < 2:
        raise DataError(f"the seed must have an origin and a destination axis, not shape {whole.shape}")
    a = whole.sum(axis=tuple(range(2, whole.ndim)))
    r, c = (None if t is None else np.asarray(t, dtype=np.float64) for t in (rows, columns))
    if labels is not None and (len(labels[0]), len(labels[1])) != a.shape:
        raise DataError(f"{len(labels[0])} and {len(labels[1])} labels for a table of shape {a.shape}")
    given = None if known is None else np.asarray(known, dtype=np.float64)
    if whole.ndim == 2 and r is not None and c is not None and blocks is None and given is None:
        return fit_margins(a, r, c, tolerance=tolerance, labels=labels)
    names = labels or (None, None)
    parts = [
        margin(a.shape, [axis], totals, name=name, labels=names[axis])
        for axis, totals, name in ((0, r, "row"), (1, c, "column"))
        if totals is not None
    ]
    if blocks is not None:
        parts.append(
            Partition(np.asarray(blocks[0]), np.ravel(np.asarray(blocks[1], dtype=np.float64)), "block")
        )
    if given is not None:
        a, parts = _without_known(a, parts, given)
    if r is not None and c is not None and len(parts) == 2:
        fit = fit_margins(a, parts[0].totals, parts[1].totals, tolerance=tolerance, labels=labels)
    else:
        found = fit_partitions(a, parts, tolerance=tolerance)
        fit = Fit(found.table, found.algorithm, found.iterations, found.residual)
    table = fit.table if given is None else np.where(np.isnan(given), fit.table, given)
    if whole.ndim > 2:
        factor = np.divide(table, a, out=np.zeros_like(a), where=a > 0)
        table = whole * factor.reshape(a.shape + (1,) * (whole.ndim - 2))
    return Fit(table, fit.algorithm, fit.iterations, fit.residual)


def fit_three_way(
    start: ArrayLike,
    end: ArrayLike,
    *,
    seed: ArrayLike | None = None,
    diagonal: ArrayLike | Literal["largest"] | None = None,
    tolerance: float = 1e-10,
    labels: Sequence[str] | None = None,
) -> Fit:
    """Fit a cube to its tables of birthplace by origin and of birthplace by destination.

    Parameters
    ----------
    start, end
        Totals, shapes ``(k, m)`` and ``(k, n)``; the ``k`` row sums agree to 1e-9 relative.
    seed
        Non-negative, shape ``(m, n)`` or ``(k, m, n)``; ones where not given.
    diagonal
        Stayers, shape ``(k, m)``: known and left out of the fit (quasi-independence).
        ``"largest"`` takes the most that both tables allow; None fits the diagonal too.
    tolerance
        Largest relative error of a total.
    labels
        Names of the ``k`` birthplaces for error messages.

    Returns
    -------
    Fit
        Table of shape ``(k, m, n)``: birthplace, origin, destination; ``iterations`` and
        ``residual`` are the largest of all birthplaces.

    Raises
    ------
    DataError
        Shapes differ, a value is negative or not finite.
    InfeasibleError
        Names the birthplace whose totals contradict one another, the zeros or the diagonal.

    Notes
    -----
    Abel (2013). The birthplaces do not touch one another, so each is fitted by itself.

    Examples
    --------
    >>> from corridors.numerics.contingency import fit_three_way
    >>> fit_three_way([[90, 10]], [[70, 30]], diagonal="largest").table.tolist()
    [[[70.0, 20.0], [0.0, 10.0]]]
    """
    first, last = np.asarray(start, dtype=np.float64), np.asarray(end, dtype=np.float64)
    if first.ndim != 2 or last.ndim != 2 or first.shape[0] != last.shape[0]:
        raise DataError(
            f"the tables need one row for each birthplace, not shapes {first.shape} and {last.shape}"
        )
    shape = (first.shape[0], first.shape[1], last.shape[1])
    prior = np.ones(shape[1:]) if seed is None else np.asarray(seed, dtype=np.float64)
    if prior.shape not in (shape, shape[1:]):
        raise DataError(f"a seed of shape {prior.shape} does not fit a cube of shape {shape}")
    prior = np.broadcast_to(prior, shape)
    stay = _stayers(first, last, diagonal)
    fits: list[Fit] = []
    for k in range(shape[0]):
        known = None
        if stay is not None:
            known = np.full(shape[1:], np.nan)
            np.fill_diagonal(known, stay[k])
        try:
            fits.append(fit_two_way(prior[k], first[k], last[k], known=known, tolerance=tolerance))
        except InfeasibleError as error:
            name = labels[k] if labels else k
            raise InfeasibleError(
                f"birthplace {name}: {error.title}",
                error.detail,
                error.remedy,
                culprits=error.culprits,
                repair=error.repair,
            ) from error
    cube = np.stack([fit.table for fit in fits]) if fits else np.zeros(shape)
    algorithm = "newton" if any(fit.algorithm == "newton" for fit in fits) else "sinkhorn"
    iterations = max((fit.iterations for fit in fits), default=0)
    return Fit(cube, algorithm, iterations, max((fit.residual for fit in fits), default=0.0))


def _without_known(a: Array, parts: Sequence[Partition], known: Array) -> tuple[Array, list[Partition]]:
    if known.shape != a.shape:
        raise DataError(f"known cells have shape {known.shape}, but the table {a.shape}")
    fixed = ~np.isnan(known)
    if np.any(~np.isfinite(known[fixed]) | (known[fixed] < 0)):
        raise DataError("known cells must be finite and not negative", remedy="give NaN where not known")
    rest: list[Partition] = []
    for p in parts:
        member = fixed & (p.ids >= 0)
        less = np.bincount(p.ids[member], weights=known[member], minlength=p.totals.size)
        left = p.totals - less
        left[np.abs(left) <= 1e-12 * p.totals] = 0.0
        short = np.flatnonzero(left < 0).tolist()
        if short:
            raise InfeasibleError(
                "known cells add up to more than their total",
                "\n".join(f"{p.label(k)}: total {p.totals[k]:,.6g}, known {less[k]:,.6g}" for k in short[:5]),
                "raise these totals or lower the known cells",
                culprits=[p.label(k) for k in short],
                repair={p.label(k): float(-left[k]) for k in short},
            )
        rest.append(Partition(p.ids, left, p.name, p.labels))
    return np.where(fixed, 0.0, a), _same_sum(parts, rest)


def _same_sum(parts: Sequence[Partition], rest: list[Partition]) -> list[Partition]:
    # Totals equal to 1e-9 may leave remainders that differ by more once the known cells are gone.
    whole, left = float(parts[0].totals.sum()), float(rest[0].totals.sum())
    matched = rest[:1]
    for before, p in zip(parts[1:], rest[1:], strict=True):
        same = not np.any(p.ids < 0) and abs(before.totals.sum() - whole) <= 1e-9 * whole
        factor = left / p.totals.sum() if same and p.totals.sum() > 0 else 1.0
        matched.append(Partition(p.ids, p.totals * factor, p.name, p.labels))
    return matched


def _stayers(first: Array, last: Array, diagonal: ArrayLike | Literal["largest"] | None) -> Array | None:
    if diagonal is None:
        return None
    if first.shape != last.shape:
        raise DataError(
            f"a diagonal needs as many origins as destinations, not {first.shape} and {last.shape}"
        )
    if isinstance(diagonal, str):
        return np.minimum(first, last)
    stay = np.asarray(diagonal, dtype=np.float64)
    if stay.shape != first.shape:
        raise DataError(f"stayers have shape {stay.shape}, but the tables {first.shape}")
    return stay
