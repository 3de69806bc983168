"""How far chance alone may have moved a figure: intervals of shares, and the normal quantile of a level."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri

from corridors.errors import DataError
from corridors.numerics.typing import Array


def z_of_level(level: float) -> float:
    """Standard errors on either side of a normal mean that cover a probability.

    Parameters
    ----------
    level
        Probability to cover, above 0 and below 1.

    Raises
    ------
    DataError
        The level is no probability.

    Examples
    --------
    >>> from corridors.numerics.intervals import z_of_level
    >>> round(z_of_level(0.95), 4)
    1.96
    """
    if not 0 < level < 1:
        raise DataError(f"a level of {level} is no probability", remedy="give 0.8 or 0.95")
    return float(ndtri((1 + level) / 2))


def wilson(present: ArrayLike, total: ArrayLike, *, level: float) -> tuple[Array, Array]:
    """Wilson score interval of a share.

    Parameters
    ----------
    present, total
        Counts, of one shape.
    level
        Probability to cover, above 0 and below 1.

    Returns
    -------
    lower, upper : ndarray
        Ends of the interval, of the shape of the counts; not a number where the total is 0.

    Raises
    ------
    DataError
        A count is more than its total or below zero, or the level is no probability.

    Notes
    -----
    Wilson (1927); worked examples in Newcombe (1998), Statistics in Medicine 17, method 3.

    Examples
    --------
    >>> from corridors.numerics.intervals import wilson
    >>> [float(end.round(4)) for end in wilson(81, 263, level=0.95)]
    [0.2553, 0.3662]
    """
    z = z_of_level(level)
    x, n = np.asarray(present, dtype=np.float64), np.asarray(total, dtype=np.float64)
    if ((x < 0) | (x > n)).any():
        raise DataError("more present than counted, or a count below zero")
    safe = np.where(n > 0, n, np.nan)
    share = x / safe
    centre = share + z**2 / (2 * safe)
    half = z * np.sqrt(share * (1 - share) / safe + z**2 / (4 * safe**2))
    lower, upper = (centre - half) / (1 + z**2 / safe), (centre + half) / (1 + z**2 / safe)
    # Rounding leaves an end a hair off 0 or 1 where the share is 0 or 1.
    return np.where(x == 0, lower * 0, lower), np.where(x == n, upper * 0 + 1, upper)
