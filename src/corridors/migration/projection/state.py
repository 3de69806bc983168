"""Where chains stand and where they start."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from corridors.migration.projection.model import Prior, Transitions
from corridors.numerics.typing import Array


@dataclass(frozen=True, slots=True)
class ChainState:
    """Where the chains stand.

    Attributes
    ----------
    mean, persistence, variance
        Of each country's rates and innovations, shape ``(chains, C)``.
    location, spread
        Mean and standard deviation of the country means, shape ``(chains, 1)``.
    shape, scale
        Of the inverse gamma of the country variances, shape ``(chains, 1)``.
    """

    mean: Array
    persistence: Array
    variance: Array
    location: Array
    spread: Array
    shape: Array
    scale: Array


def starting_state(data: Transitions, prior: Prior, chains: int, rng: np.random.Generator) -> ChainState:
    """Starting points further apart than the posterior, so that disagreement would show."""
    size = (chains, data.count.size)
    pairs = np.maximum(data.count, 1.0)
    sd = np.sqrt(np.maximum(data.second_squares / pairs, prior.sigma_least**2))
    variance = np.maximum(sd * np.exp(0.5 * rng.standard_normal(size)), prior.sigma_least) ** 2
    shape = rng.uniform(1.2, min(4.0, prior.shape_most), (chains, 1))
    middle = np.exp(np.log(variance).mean(1, keepdims=True))
    top = min(prior.location, 3 * float(np.abs(data.centre).max()) + prior.sigma_least)
    spread = float(np.std(data.centre)) + prior.sigma_least
    return ChainState(
        data.centre + 2 * sd / np.sqrt(pairs) * rng.standard_normal(size),
        rng.uniform(0.05, 0.95, size),
        variance,
        rng.uniform(-top, top, (chains, 1)),
        np.minimum(spread * rng.uniform(0.5, 2.0, (chains, 1)), prior.spread * 0.99),
        shape,
        np.minimum(middle, prior.variance_most / 2) * (shape - 1),
    )
