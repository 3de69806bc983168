"""The numerical part of the two-way Poisson model."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import LinAlgError, cho_factor, cho_solve

from corridors.errors import DataError, InfeasibleError
from corridors.numerics import fit_margins

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

_MOST_SPREADS = 8.0


def newton(
    y: Array, x: Array, sample: Mask, names: list[str], tolerance: float, max_steps: int
) -> tuple[Array, Array, int]:
    """Coefficients, fitted flows and steps of Newton's method on the profile likelihood.

    Parameters
    ----------
    y
        Flows, 0 outside the sample, no empty row or column, shape ``(m, n)``.
    x
        Covariates of mean 0 and spread 1, shape ``(k, m, n)``.
    sample
        Cells used.
    names
        Of the covariates, for errors.
    tolerance, max_steps
        Largest change at which to stop, and the limit of steps.

    Raises
    ------
    DataError
        Covariates that can not be told apart, or separate zero from positive flows.

    Examples
    --------
    >>> import numpy as np
    >>> from corridors.numerics.poisson_newton import newton
    >>> x = np.array([[[1.0, -1.0], [-1.0, 1.0]]])
    >>> newton(np.exp(0.3 * x[0]), x, np.ones((2, 2), dtype=bool), ["x"], 1e-10, 20)[0].round(6).tolist()
    [0.3]
    """
    b = np.zeros(len(x))
    mu = _effects(y, x, sample, b)
    for step in range(1, max_steps + 1):
        free = _freed(x, mu)
        information = np.einsum("kij,lij->kl", free * mu, free)
        if np.abs(b).max(initial=0.0) > _MOST_SPREADS:
            break
        if np.linalg.cond(information) > 1e12 or np.any(np.diag(information) < 1e-10 * mu.sum()):
            raise DataError(
                f"the effects of {', '.join(names)} can not be told apart from those of rows and columns",
                remedy="leave out a covariate that the others, the row and the column explain",
            )
        move = np.linalg.solve(information, np.einsum("kij,ij->k", x, y - mu))
        # A step of many spreads is a step too far: the likelihood is concave, so shorter ones arrive.
        move *= min(1.0, 2.0 / float(np.abs(move).max())) if np.abs(move).max() > 0 else 1.0
        b = b + move
        mu = _effects(y, x, sample, b)
        if np.abs(move).max() <= tolerance:
            return b, mu, step
    worst = names[int(np.argmax(np.abs(b)))]
    raise DataError(
        f"the effect of {worst} does not settle: it may separate zero from positive flows",
        remedy="leave it out, or the corridors that it predicts to be zero",
    )


def _effects(y: Array, x: Array, sample: Mask, b: Array) -> Array:
    score = np.einsum("k,kij->ij", b, x)
    seed = np.where(sample, np.exp(score - score[sample].max()), 0.0)
    try:
        return fit_margins(seed, y.sum(1), y.sum(0), tolerance=1e-11).table
    except InfeasibleError as error:
        raise DataError("row and column effects can not reproduce these flows", str(error)) from error


def _freed(x: Array, mu: Array) -> Array:
    """Covariates less their weighted projection on rows and columns."""
    held, across = mu.sum(1), mu.sum(0)
    half = mu / held[:, None]
    system = np.diag(across) - half.T @ mu
    system[np.diag_indices_from(system)] += 1e-12 * across
    try:
        factor = cho_factor(system)
    except LinAlgError as error:
        raise DataError("the sample falls apart: rows and columns are not connected") from error
    out = np.empty_like(x)
    for k, table in enumerate(x):
        sums = (mu * table).sum(1)
        column = cho_solve(factor, (mu * table).sum(0) - half.T @ sums)
        out[k] = table - ((sums - mu @ column) / held)[:, None] - column
    return out


def standard_errors(
    y: Array,
    mu: Array,
    x: Array,
    sample: Mask,
    clusters: str,
    block: tuple[NDArray[np.intp], ...],
    shape: tuple[int, ...],
) -> Array:
    """Robust or pair-clustered standard errors of the coefficients, shape ``(k,)``.

    Parameters
    ----------
    y, mu, x, sample
        Flows, fitted flows, covariates and cells used.
    clusters
        ``none`` or ``pair``.
    block
        Where the sample's rows and columns are in the whole table.
    shape
        Of the whole table.

    Examples
    --------
    >>> from corridors.numerics.poisson_newton import standard_errors
    >>> standard_errors(y, mu, x, sample, "none", block, y.shape)  # doctest: +SKIP
    """
    free = _freed(x, mu)
    inverse = np.linalg.inv(np.einsum("kij,lij->kl", free * mu, free))
    scores = np.where(sample, free * (y - mu), 0.0)
    n, k = int(sample.sum()), len(x) + sum(y.shape) - 1
    factor = n / (n - k) if n > k else 1.0
    if clusters == "pair":
        whole = np.zeros((len(x), *shape))
        whole[(slice(None), *block)] = scores
        there = np.zeros(shape, dtype=np.bool_)
        there[block] = sample
        scores = np.triu(whole + whole.transpose(0, 2, 1))
        groups = int(np.triu(there | there.T).sum())
        factor = groups / (groups - 1)
    meat = np.einsum("kij,lij->kl", scores, scores)
    return np.sqrt(np.diag(inverse @ meat @ inverse) * factor)
