"""One sweep of the sampler: every country and every chain at once.

Each function draws one block given all others. Country parameters have the shape
``(chains, C)``, hyperparameters ``(chains, 1)``.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from corridors.migration.projection.hyper import (
    draw_location,
    draw_scale,
    draw_shape,
    draw_spread,
    shift,
    stretch,
)
from corridors.migration.projection.model import Prior, Transitions
from corridors.migration.projection.state import ChainState
from corridors.migration.projection.variates import gamma_below, truncated_normal
from corridors.numerics.typing import Array

_TINY = np.finfo(np.float64).tiny


def squares(data: Transitions, mean: Array, persistence: Array) -> Array:
    """Sum of squared innovations, shape ``(chains, C)``.

    Examples
    --------
    >>> import numpy as np
    >>> from corridors.migration.projection.gibbs import squares
    >>> from corridors.migration.projection.model import transitions
    >>> squares(transitions(np.array([[1.0, 2.0, 3.0]])), np.array([[0.0]]), np.array([[0.5]])).tolist()
    [[6.25]]
    """
    off = (mean - data.centre) * (1 - persistence)
    around = data.second_squares - persistence * (2 * data.products - persistence * data.first_squares)
    total = around - off * (2 * (data.second - persistence * data.first) - data.count * off)
    return np.maximum(total, 0.0)


def draw_persistence(data: Transitions, state: ChainState, rng: np.random.Generator) -> Array:
    """Autoregressive coefficients: normal, cut to 0 to 1."""
    d = state.mean - data.centre
    xx = data.first_squares - d * (2 * data.first - data.count * d)
    xy = data.products - d * (data.first + data.second - data.count * d)
    xx = np.maximum(xx, _TINY)
    return truncated_normal(xy / xx, np.sqrt(state.variance / xx), 0.0, 1.0, rng.random(d.shape))


def evidence(data: Transitions, state: ChainState) -> tuple[Array, Array]:
    """What the data say of the country means: ``exp(pull mean - weight mean² / 2)``."""
    away = 1 - state.persistence
    seen = data.count * data.centre * away + data.second - state.persistence * data.first
    return data.count * away * away / state.variance, seen * away / state.variance


def draw_mean(state: ChainState, weight: Array, pull: Array, rng: np.random.Generator) -> Array:
    """Country means: normal; ``weight`` and ``pull`` from :func:`evidence`."""
    prior = 1 / state.spread**2
    total = weight + prior
    centre = (pull + state.location * prior) / total
    return centre + rng.standard_normal(centre.shape) / np.sqrt(total)


def draw_variance(data: Transitions, state: ChainState, prior: Prior, rng: np.random.Generator) -> Array:
    """Variances of innovations: inverse gamma, cut at the least one."""
    rate = state.scale + squares(data, state.mean, state.persistence) / 2
    return 1 / gamma_below(state.shape + data.count / 2, rate, prior.sigma_least**-2, rng)


def sweep(
    data: Transitions, state: ChainState, prior: Prior, width: Array, rng: np.random.Generator
) -> tuple[ChainState, NDArray[np.bool_]]:
    """Draw every block once, location and spread of the country means twice.

    Parameters
    ----------
    data, state, prior
        Sums over the series, the chains, the bounds.
    width
        As in :func:`draw_shape`.
    rng
        Source of random numbers.

    Returns
    -------
    tuple
        The next state, and which chains accepted their Metropolis step.
    """
    now = replace(state, persistence=draw_persistence(data, state, rng))
    weight, pull = evidence(data, now)
    now = replace(now, mean=draw_mean(now, weight, pull, rng))
    now = replace(now, location=draw_location(now, prior, rng))
    now = replace(now, spread=draw_spread(now, prior, rng))
    location = shift(now, weight, pull, prior, rng)
    now = replace(now, mean=now.mean + (location - now.location), location=location)
    spread = stretch(now, weight, pull, prior, rng)
    wider = now.location + (now.mean - now.location) * (spread / now.spread)
    now = replace(now, mean=wider, spread=spread)
    now = replace(now, variance=draw_variance(data, now, prior, rng))
    shape, accepted = draw_shape(now, prior, width, rng)
    now = replace(now, shape=shape)
    return replace(now, scale=draw_scale(now, prior, rng)), accepted
