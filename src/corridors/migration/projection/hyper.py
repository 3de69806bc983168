"""Blocks of the sampler that draw hyperparameters, for every chain at once.

Each function draws one block given all others; results have the shape ``(chains, 1)``.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammainc, gammaln

from corridors.migration.projection.model import Prior
from corridors.migration.projection.state import ChainState
from corridors.migration.projection.variates import gamma_above, gamma_below, truncated_normal
from corridors.numerics.typing import Array

_TINY = np.finfo(np.float64).tiny


def draw_location(state: ChainState, prior: Prior, rng: np.random.Generator) -> Array:
    """Mean of the country means: normal, cut."""
    n = state.mean.shape[1]
    u = rng.random(state.spread.shape)
    centre = state.mean.mean(1, keepdims=True)
    return truncated_normal(centre, state.spread / np.sqrt(n), -prior.location, prior.location, u)


def draw_spread(state: ChainState, prior: Prior, rng: np.random.Generator) -> Array:
    """Standard deviation of the country means: its inverse square is a gamma, cut."""
    n = state.mean.shape[1]
    rate = ((state.mean - state.location) ** 2).sum(1, keepdims=True) / 2
    # Uniform in the standard deviation costs one degree of freedom.
    return gamma_above((n - 1) / 2, np.maximum(rate, _TINY), prior.spread**-2, rng) ** -0.5


def draw_shape(
    state: ChainState, prior: Prior, width: Array, rng: np.random.Generator
) -> tuple[Array, NDArray[np.bool_]]:
    """Shape of the inverse gamma: one Metropolis step, the scale integrated out.

    Parameters
    ----------
    state, prior, rng
        As in the other blocks.
    width
        Half-width of the uniform proposal for ``log(shape - 1)``, shape ``(chains, 1)``.

    Returns
    -------
    tuple
        The shape, and where the proposal was accepted; both ``(chains, 1)``.

    Notes
    -----
    Where countries differ more than an inverse gamma with a finite mean allows, the posterior
    presses against a shape of 1; only steps in the logarithm of the distance move freely there.
    """
    proposed = 1 + (state.shape - 1) * np.exp(width * (2 * rng.random(state.shape.shape) - 1))
    threshold = np.log1p(-rng.random(state.shape.shape))
    inside = (proposed > 1) & (proposed < prior.shape_most)
    proposed = np.where(inside, proposed, state.shape)
    sums = (
        np.log(state.variance).sum(1, keepdims=True),
        (1 / state.variance).sum(1, keepdims=True),
        state.variance.shape[1],
    )
    gain = shape_density(proposed, *sums, prior) - shape_density(state.shape, *sums, prior)
    gain += np.log((proposed - 1) / (state.shape - 1))
    accepted = inside & (threshold < gain)
    return np.where(accepted, proposed, state.shape), accepted


def shape_density(shape: Array, logs: Array, inverses: Array, count: int, prior: Prior) -> Array:
    """Log density of the inverse gamma's shape given the variances, up to a constant.

    Parameters
    ----------
    shape
        Shapes above 1.
    logs, inverses
        Sums over countries of the logarithms and of the inverses of the variances.
    count
        Number of countries.
    prior
        Its bound on the mean variance cuts the scale, over which is integrated.

    Examples
    --------
    >>> import numpy as np
    >>> from corridors.migration.projection import Prior
    >>> from corridors.migration.projection.hyper import shape_density
    >>> at = shape_density(np.array([1.5, 9.0]), np.array(-20.0), np.array(6e7), 2, Prior.of_period(1))
    >>> bool(at[0] > at[1])
    True
    """
    order = count * shape + 1
    held = np.maximum(gammainc(order, inverses * (shape - 1) * prior.variance_most), _TINY)
    moments = gammaln(order) - order * np.log(inverses) - count * gammaln(shape) - (shape + 1) * logs
    return moments + np.log(held) - np.log(shape - 1)


def draw_scale(state: ChainState, prior: Prior, rng: np.random.Generator) -> Array:
    """Scale of the inverse gamma: gamma, cut where the mean variance would be too high."""
    rate = (1 / state.variance).sum(1, keepdims=True)
    order = state.variance.shape[1] * state.shape + 1
    return gamma_below(order, rate, (state.shape - 1) * prior.variance_most, rng)


def shift(state: ChainState, weight: Array, pull: Array, prior: Prior, rng: np.random.Generator) -> Array:
    """Mean of the country means once more, each country's distance from it held.

    Parameters
    ----------
    state, prior, rng
        As in the other blocks.
    weight, pull
        Of the data on the country means; see :func:`corridors.migration.projection.gibbs.evidence`.

    Returns
    -------
    ndarray
        The new mean of country means; these have to move along with it.

    Notes
    -----
    Interweaving (Yu and Meng 2011): where data say little of the single means, they and their
    distribution only move together.
    """
    total = np.maximum(weight.sum(1, keepdims=True), _TINY)
    centre = (pull - weight * (state.mean - state.location)).sum(1, keepdims=True) / total
    u = rng.random(centre.shape)
    return truncated_normal(centre, 1 / np.sqrt(total), -prior.location, prior.location, u)


def stretch(state: ChainState, weight: Array, pull: Array, prior: Prior, rng: np.random.Generator) -> Array:
    """Standard deviation of the country means once more, standardised distances held.

    As :func:`shift`; country means have to spread along with it.
    """
    z = (state.mean - state.location) / state.spread
    total = np.maximum((weight * z * z).sum(1, keepdims=True), _TINY)
    centre = (z * (pull - weight * state.location)).sum(1, keepdims=True) / total
    least = 1e-9 * prior.spread
    return truncated_normal(centre, 1 / np.sqrt(total), least, prior.spread, rng.random(centre.shape))
