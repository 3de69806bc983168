"""Shares and their trends."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import norm

from corridors.errors import DataError

Array = NDArray[np.float64]


def wilson(present: ArrayLike, total: ArrayLike, *, level: float) -> tuple[Array, Array]:
    """Wilson score interval of a share.

    Parameters
    ----------
    present, total
        Counts, of one shape.
    level
        Probability to cover, 0 to 1.

    Returns
    -------
    tuple of arrays
        Lower and upper end; not a number where the total is 0.

    Raises
    ------
    DataError
        A count is more than its total or below zero, or the level is no probability.

    Notes
    -----
    Wilson (1927); worked examples in Newcombe (1998), Statistics in Medicine 17, method 3.

    Examples
    --------
    >>> from corridors.cooperation.agreements import wilson
    >>> [float(end.round(4)) for end in wilson(81, 263, level=0.95)]
    [0.2553, 0.3662]
    """
    if not 0 < level < 1:
        raise DataError(f"a level of {level} is no probability", remedy="give 0.8 or 0.95")
    x, n = np.asarray(present, dtype=np.float64), np.asarray(total, dtype=np.float64)
    if ((x < 0) | (x > n)).any():
        raise DataError("more present than counted, or a count below zero")
    z = float(norm.ppf((1 + level) / 2))
    safe = np.where(n > 0, n, np.nan)
    share = x / safe
    centre = share + z**2 / (2 * safe)
    half = z * np.sqrt(share * (1 - share) / safe + z**2 / (4 * safe**2))
    lower, upper = (centre - half) / (1 + z**2 / safe), (centre + half) / (1 + z**2 / safe)
    # Rounding leaves an end a hair off 0 or 1 where the share is 0 or 1.
    return np.where(x == 0, lower * 0, lower), np.where(x == n, upper * 0 + 1, upper)


def trend_test(present: ArrayLike, total: ArrayLike, scores: ArrayLike) -> tuple[float, float, float]:
    """Cochran-Armitage test for a linear trend in shares.

    Parameters
    ----------
    present, total
        Counts by group, shape ``(groups,)``; groups with a total of 0 do not count.
    scores
        Position of each group, such as its decade.

    Returns
    -------
    tuple
        Slope (change of the share per unit of score), z and two-sided p; z and p are not a number
        where shares do not vary or there is one group.

    Notes
    -----
    Armitage (1955), Biometrics 11; z squared is n times the squared correlation.

    Examples
    --------
    Malformation by alcohol, Agresti (Categorical Data Analysis): M squared 6.6, p 0.01.

    >>> from corridors.cooperation.agreements import trend_test
    >>> slope, z, p = trend_test([48, 38, 5, 1, 1], [17114, 14502, 793, 127, 38], [0, 0.5, 1.5, 4, 7])
    >>> round(z**2, 2), round(p, 3)
    (6.57, 0.01)
    """
    x, n, t = (np.asarray(part, dtype=np.float64) for part in (present, total, scores))
    if not x.shape == n.shape == t.shape:
        raise DataError("present, total and scores differ in length")
    size = n.sum()
    if size == 0:
        return np.nan, np.nan, np.nan
    share, mean = x.sum() / size, (n * t).sum() / size
    spread = (n * (t - mean) ** 2).sum()
    moment = ((t - mean) * x).sum()
    if spread == 0:
        return np.nan, np.nan, np.nan
    if share in (0.0, 1.0):
        return 0.0, np.nan, np.nan
    z = float(moment / np.sqrt(share * (1 - share) * spread))
    return float(moment / spread), z, float(2 * norm.sf(abs(z)))
