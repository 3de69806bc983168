"""Does a share rise or fall with time?"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr

from corridors.errors import DataError


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
    return float(moment / spread), z, float(2 * ndtr(-abs(z)))
