"""Random numbers from truncated distributions, exact into the tails."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import gammainc, gammaincc, gammainccinv, gammaincinv, log_ndtr, ndtr, ndtri, ndtri_exp

from corridors.numerics.typing import Array

_FAR = -30.0
_FLAT = 1e6


def truncated_normal(
    mean: ArrayLike, sd: ArrayLike, low: ArrayLike, high: ArrayLike, uniform: ArrayLike
) -> Array:
    """Turn uniform numbers into normal ones between two bounds, by the inverse distribution.

    Parameters
    ----------
    mean, sd
        Of the normal distribution before it is cut, any shapes that broadcast.
    low, high
        Bounds, ``low <= high``.
    uniform
        Numbers between 0 and 1, of the shape of the result.

    Returns
    -------
    ndarray
        Values between the bounds, increasing or decreasing in ``uniform`` (whichever keeps
        the digits).

    Notes
    -----
    Works in the lower tail, mirrored if need be, and in logarithms beyond 30 standard
    deviations, where the distribution function underflows.

    Examples
    --------
    >>> from corridors.migration.projection.variates import truncated_normal
    >>> truncated_normal(0.0, 1.0, -1.0, 1.0, [0.5]).round(6).tolist()
    [0.0]
    >>> bool(truncated_normal(0.0, 1.0, 50.0, 60.0, [0.5])[0] < 50.02)
    True
    """
    centre, floor, ceiling = (np.asarray(x, dtype=np.float64) for x in (mean, low, high))
    # A normal this flat is uniform to 12 digits; flatter ones would lose the bounds.
    scale = np.minimum(sd, _FLAT * np.maximum(ceiling - floor, np.finfo(np.float64).tiny))
    below, above = (floor - centre) / scale, (ceiling - centre) / scale
    mirrored = below + above > 0
    left = np.where(mirrored, -above, below)
    right = np.where(mirrored, -below, above)
    start = ndtr(left)
    z = ndtri(start + np.asarray(uniform) * (ndtr(right) - start))
    far = np.broadcast_to(right < _FAR, z.shape)
    if far.any():
        start, end, u = (np.broadcast_to(x, z.shape)[far] for x in (left, right, np.asarray(uniform)))
        top = log_ndtr(end)
        z[far] = ndtri_exp(top + np.log(u + (1 - u) * np.exp(log_ndtr(start) - top)))
    z = np.where(mirrored, -z, z)
    return np.clip(centre + scale * z, floor, ceiling)


def gamma_below(shape: ArrayLike, rate: Array, upper: ArrayLike, rng: np.random.Generator) -> Array:
    """Gamma numbers not above a bound.

    Parameters
    ----------
    shape, rate
        Of the gamma distribution before it is cut; ``rate`` has the shape of the result.
    upper
        The bound.
    rng
        Source of random numbers.

    Notes
    -----
    Whatever a plain generator throws beyond the bound is drawn again by the inverse
    distribution, so the result is exact and mostly as cheap as without a bound.

    Examples
    --------
    >>> import numpy as np
    >>> from corridors.migration.projection.variates import gamma_below
    >>> rng = np.random.default_rng(1)
    >>> bool((gamma_below(2.0, np.ones(1000), 0.5, rng) <= 0.5).all())
    True
    """
    made = rng.standard_gamma(np.broadcast_to(shape, rate.shape)) / rate
    limit = np.broadcast_to(upper, rate.shape)
    out = made > limit
    if out.any():
        order, edge = np.broadcast_to(shape, rate.shape)[out], (limit * rate)[out]
        u = 1.0 - rng.random(edge.shape)
        mass = gammainc(order, edge)
        # So far down the tail the density is a plain power.
        value = np.where(mass > 1e-290, gammaincinv(order, u * mass), edge * u ** (1 / order))
        made[out] = np.minimum(value / rate[out], limit[out])
    return made


def gamma_above(shape: ArrayLike, rate: Array, lower: ArrayLike, rng: np.random.Generator) -> Array:
    """Gamma numbers not below a bound; as :func:`gamma_below`.

    Examples
    --------
    >>> import numpy as np
    >>> from corridors.migration.projection.variates import gamma_above
    >>> rng = np.random.default_rng(1)
    >>> bool((gamma_above(2.0, np.ones(1000), 5.0, rng) >= 5.0).all())
    True
    """
    made = rng.standard_gamma(np.broadcast_to(shape, rate.shape)) / rate
    limit = np.broadcast_to(lower, rate.shape)
    out = made < limit
    if out.any():
        order, edge = np.broadcast_to(shape, rate.shape)[out], (limit * rate)[out]
        u = 1.0 - rng.random(edge.shape)
        mass = gammaincc(order, edge)
        # So far up the tail the density falls like an exponential one.
        slope = np.maximum(1 - (order - 1) / edge, np.finfo(np.float64).eps)
        value = np.where(mass > 1e-290, gammainccinv(order, u * mass), edge - np.log(u) / slope)
        made[out] = np.maximum(value / rate[out], limit[out])
    return made
