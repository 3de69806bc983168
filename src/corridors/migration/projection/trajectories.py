"""Simulate rates forward from draws of their parameters."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from corridors.migration.projection.balance import balance, quantum
from corridors.migration.projection.limits import ChangeLimits
from corridors.migration.projection.model import net_count
from corridors.migration.projection.variates import truncated_normal
from corridors.numerics.typing import Array

# Beyond these a population would be left by 99 of 100 or be 99 parts newcomers.
LEAST_RATE, MOST_RATE = -0.99, 99.0


@dataclass(frozen=True, slots=True)
class Parameters:
    """One set of parameters a trajectory, shape ``(draws, C)`` each."""

    mu: Array
    phi: Array
    sigma: Array


def simulate(
    parameters: Parameters,
    history: Array,
    horizon: int,
    rng: np.random.Generator,
    *,
    limits: ChangeLimits | None = None,
    population: Array | None = None,
) -> tuple[Array, Array | None]:
    """Trajectories of rates and, where they are balanced, of counts.

    Parameters
    ----------
    parameters
        One set a trajectory.
    history
        Rates up to the last observed one, shape ``(C, K)``; NaN before a series begins.
    horizon
        Number of periods ahead.
    rng
        Source of random numbers.
    limits
        Bounds of the cumulative change within a window; innovations are drawn from the normal
        distribution cut there.
    population
        Shape ``(C, horizon)``: where given, counts add up to zero every period, and the rates
        so corrected are what the next period starts from.

    Returns
    -------
    tuple
        Rates and balanced counts (None without a population), shape ``(horizon, draws, C)``.
    """
    made = np.empty((horizon, *parameters.mu.shape))
    counts = np.empty_like(made) if population is not None else None
    last = np.broadcast_to(history[:, -1], parameters.mu.shape)
    window = _Window(history, limits) if limits else None
    unit = quantum(population) if population is not None else 1.0
    for h in range(horizon):
        centre = parameters.mu + parameters.phi * (last - parameters.mu)
        low, high = window.bounds() if window else (LEAST_RATE, MOST_RATE)
        last = _innovate(centre, parameters.sigma, low, high, rng)
        if population is not None and counts is not None:
            people = population[:, h]
            counts[h] = _balanced(last, parameters.sigma, people, low, high, unit)
            last = counts[h] / (people - counts[h])
        if window:
            window.add(last)
        made[h] = last
    return made, counts


class _Window:
    """Cumulative change over the last periods, less the oldest that the next one replaces."""

    def __init__(self, history: Array, limits: ChangeLimits) -> None:
        recent = np.log1p(np.nan_to_num(history))[:, max(history.shape[1] - limits.window + 1, 0) :]
        self._past: list[Array] = [column[None, :] for column in recent.T]
        self._trail: Array = recent.sum(1)[None, :]
        self._most = limits.window - 1
        self._limits = limits

    def bounds(self) -> tuple[Array, Array]:
        change = np.exp(-self._trail)
        low = np.clip(self._limits.lower * change - 1, LEAST_RATE, MOST_RATE)
        return low, np.clip(self._limits.upper * change - 1, low, MOST_RATE)

    def add(self, rates: Array) -> None:
        self._past.append(np.log1p(rates))
        self._trail = self._trail + self._past[-1]
        if len(self._past) > self._most:
            self._trail = self._trail - self._past.pop(0)


def _innovate(
    centre: Array, sigma: Array, low: Array | float, high: Array | float, rng: np.random.Generator
) -> Array:
    made = centre + sigma * rng.standard_normal(centre.shape)
    out = (made < low) | (made > high)
    if out.any():
        mean, sd, least, most = (np.broadcast_to(x, made.shape)[out] for x in (centre, sigma, low, high))
        made[out] = truncated_normal(mean, sd, least, most, rng.random(mean.shape))
    return made


def _balanced(
    rates: Array, sigma: Array, people: Array, low: Array | float, high: Array | float, unit: float
) -> Array:
    bounds = [np.broadcast_to(net_count(x, people), rates.shape) for x in (low, high)]
    return balance(net_count(rates, people), (sigma * people) ** 2, bounds[0], bounds[1], unit)
