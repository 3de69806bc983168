"""Intervals of means by resampling firms or corridors."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from corridors.errors import DataError
from corridors.numerics.typing import Array
from corridors.parameters import value as parameter

Codes = NDArray[np.int64]

LEAST_DRAWS = 20


def covered(level: float | None) -> float:
    """Coverage of an interval, checked; default from the parameter table."""
    chosen = parameter("interval_level") if level is None else level
    if not 0.0 < chosen < 1.0:
        raise DataError(f"level must lie between 0 and 1, not {chosen}")
    return chosen


def generator(seed: int, key: Sequence[object]) -> np.random.Generator:
    """Source of chance that depends on the seed and on what is drawn for, not on the order of rows."""
    return np.random.default_rng([seed, zlib.crc32("|".join(map(str, key)).encode())])


def ratio_interval(
    top: Array, bottom: Array, unit: Codes, draws: int, level: float, rng: np.random.Generator
) -> tuple[float, float]:
    """Interval of ``sum(top) / sum(bottom)`` when units are drawn with replacement.

    Parameters
    ----------
    top, bottom
        Of each row, such as weight times cost, and weight.
    unit
        Unit of each row, numbered from 0.
    draws, level, rng
        Number of draws, coverage, source of chance.

    Returns
    -------
    tuple
        Percentiles of the draws; NaN with fewer than two units.

    Notes
    -----
    Cluster bootstrap, Davison and Hinkley (1997), section 3.8.
    """
    units = int(unit.max()) + 1
    if units < 2:
        return float("nan"), float("nan")
    tops, bottoms = np.bincount(unit, top, units), np.bincount(unit, bottom, units)
    times = rng.multinomial(units, np.full(units, 1 / units), draws)
    return percentiles(times @ tops / (times @ bottoms), level)


def nested_interval(
    cost: Array,
    corridor: Codes,
    firm: Codes,
    weight: Array,
    draws: int,
    level: float,
    rng: np.random.Generator,
) -> tuple[float, float]:
    """Interval of a mean over corridors when firms are drawn with replacement within each corridor.

    Parameters
    ----------
    cost
        Of each service, percent.
    corridor, firm
        Of each service, numbered from 0; firms of different corridors may share a number.
    weight
        Of each corridor.
    draws, level, rng
        As in :func:`ratio_interval`.
    """
    cell, of = np.unique(np.column_stack([corridor, firm]), axis=0, return_inverse=True)
    sums, counts = np.bincount(of.ravel(), cost), np.bincount(of.ravel()).astype(float)
    home = cell[:, 0]
    start = np.searchsorted(home, np.arange(weight.size))
    size = np.bincount(home, minlength=weight.size)
    means = np.empty(draws)
    for draw in range(draws):
        pick = start[home] + (rng.random(home.size) * size[home]).astype(np.int64)
        top, bottom = np.bincount(home, sums[pick]), np.bincount(home, counts[pick])
        means[draw] = np.average(top / bottom, weights=weight)
    if np.all(size < 2):
        return float("nan"), float("nan")
    return percentiles(means, level)


def percentiles(values: Array, level: float) -> tuple[float, float]:
    """The two percentiles that leave out equal tails."""
    tail = (1 - level) / 2
    low, high = np.quantile(values, [tail, 1 - tail])
    return float(low), float(high)
