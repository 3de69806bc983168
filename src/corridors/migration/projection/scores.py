"""Scores of probabilistic forecasts."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from corridors.errors import DataError
from corridors.numerics.typing import Array


def crps(sample: ArrayLike, observed: ArrayLike) -> Array:
    """Continuous ranked probability score of a sample, in O(n log n).

    Parameters
    ----------
    sample
        Draws along the first axis, shape ``(n, ...)``.
    observed
        What happened, shape ``(...)``.

    Returns
    -------
    ndarray
        Shape ``(...)``, in the unit of the values; lower is better. A forecast of one value
        scores its absolute error.

    Raises
    ------
    DataError
        Shapes that do not match.

    Notes
    -----
    Gneiting and Raftery (2007): ``E|X - y| - E|X - X'| / 2`` for the empirical distribution;
    the second term from the sorted sample.

    Examples
    --------
    >>> from corridors.migration.projection import crps
    >>> float(crps([0.0, 1.0], 0.0)), float(crps([2.0], 5.0))
    (0.25, 3.0)
    """
    x, y = np.asarray(sample, dtype=np.float64), np.asarray(observed, dtype=np.float64)
    if x.ndim < 1 or x.shape[0] < 1 or x.shape[1:] != y.shape:
        raise DataError(f"a sample of shape (n, ...) for {y.shape} can not have the shape {x.shape}")
    n = x.shape[0]
    weight = (2 * np.arange(1, n + 1) - n - 1) / n**2
    spread = np.tensordot(weight, np.sort(x, axis=0), axes=1)
    return np.abs(x - y).mean(0) - spread


def coverage(sample: ArrayLike, observed: ArrayLike, level: float) -> NDArray[np.bool_]:
    """Whether the central interval of a sample holds what happened.

    Parameters
    ----------
    sample, observed
        As in :func:`crps`.
    level
        Probability of the interval, such as 0.8.

    Returns
    -------
    ndarray
        Shape ``(...)``; its mean is the empirical coverage.

    Examples
    --------
    >>> from corridors.migration.projection import coverage
    >>> coverage([[0.0], [1.0], [2.0]], [1.5], 0.8).tolist()
    [True]
    """
    low, high = np.quantile(np.asarray(sample), [(1 - level) / 2, (1 + level) / 2], axis=0)
    y = np.asarray(observed)
    return (low <= y) & (y <= high)
