"""Net migration of all countries together made zero."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from corridors.errors import InfeasibleError
from corridors.numerics.typing import Array

_ROUNDS = 60


def quantum(population: ArrayLike) -> float:
    """Unit that balanced counts are multiples of, so that sums are exact in any order.

    A power of two: about a 4096th of a person for the world.

    Examples
    --------
    >>> from corridors.migration.projection.balance import quantum
    >>> quantum([8e9]) == 2.0**-12
    True
    """
    total = float(np.sum(np.asarray(population, dtype=np.float64), axis=0).max())
    return float(2.0 ** (np.floor(np.log2(total)) - 44))


def balance(counts: Array, weight: Array, low: Array, high: Array, unit: float) -> Array:
    """Spread the world's excess over countries until net migration adds up to zero.

    Parameters
    ----------
    counts
        Net migration, shape ``(draws, C)``, persons.
    weight
        How readily each country gives way, the same shape: the variance of its count, because
        independent normal counts, given that their sum is zero, move by just that.
    low, high
        Bounds of the counts, the same shape; what a country at its bound can not take, the
        others do.
    unit
        Results are multiples of it; see :func:`quantum`.

    Returns
    -------
    ndarray
        Shape ``(draws, C)``; every row adds up to 0.0 exactly, in any order of summation.

    Raises
    ------
    InfeasibleError
        Where the bounds leave no balance.

    Examples
    --------
    >>> import numpy as np
    >>> from corridors.migration.projection.balance import balance
    >>> wide = np.full((1, 3), 100.0)
    >>> balance(np.array([[9.0, 0.0, 0.0]]), np.array([[1.0, 1.0, 7.0]]), -wide, wide, 0.5).tolist()
    [[8.0, -1.0, -7.0]]
    """
    made = np.clip(counts, low, high)
    slack = unit * counts.shape[1]
    for _ in range(_ROUNDS):
        excess = made.sum(1, keepdims=True)
        if np.abs(excess).max() < slack:
            break
        free = np.where(np.where(excess > 0, made > low, made < high), weight, 0.0)
        total = free.sum(1, keepdims=True)
        share = np.divide(free, total, out=np.zeros_like(free), where=total > 0)
        made = np.clip(made - excess * share, low, high)
    else:
        raise InfeasibleError(
            "net migration of all countries can not add up to zero within the thresholds",
            f"left over: {np.abs(made.sum(1)).max():,.0f}",
            "widen the thresholds or leave out zero_sum",
        )
    made = np.round(made / unit) * unit
    taker = weight.argmax(1)
    made[np.arange(len(made)), taker] -= made.sum(1)
    return made
