"""Sums put right for errors of a classification, with all that is not known of them."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

from corridors.cooperation.aid.accuracy import Accuracy, Rate
from corridors.numerics.typing import Array

_FEW = 200


def adjusted(
    coded: float,
    confident: Array,
    plausible: Array,
    accuracy: Accuracy,
    *,
    others: Array | None = None,
    level: float = 0.8,
    draws: int = 1000,
    seed: int = 0,
) -> tuple[float, float, float]:
    """One sum put right for the precision and recall of the keywords.

    Parameters
    ----------
    coded
        Sum of the projects that donors coded themselves.
    confident, plausible
        Amounts of the projects found by keywords, shapes ``(n,)`` and ``(m,)``.
    accuracy
        The rates, and how much they say of these files.
    others
        Amounts that a missed project may have; those found by keywords where not given.
    level
        Probability of the interval.
    draws, seed
        Of the simulation.

    Returns
    -------
    tuple of float
        Middle, lower, upper; not a number where a rate is not known.

    Notes
    -----
    Middle: coded + (sum of confident times its precision + the same of plausible) / recall. Interval: each
    draw takes the three rates from their posteriors (Jeffreys), lets each project found be about migration
    or not with the precision drawn, and adds as many missed ones as a negative binomial of the recall drawn
    gives, with amounts of ``others``. So with few projects the interval is as wide as one project more or
    less, however well the rates are known.

    Examples
    --------
    >>> import numpy as np
    >>> from corridors.cooperation.aid import Accuracy, Rate
    >>> sure = Accuracy(Rate(9, 10), Rate(5, 10), Rate(8, 10), Rate(6, 10))
    >>> [round(x) for x in adjusted(100, np.full(40, 1.0), np.full(20, 1.0), sure)]
    [158, 144, 178]
    """
    groups = [(confident, accuracy.confident), (plausible, accuracy.plausible)]
    groups = [(amounts, rate) for amounts, rate in groups if len(amounts)]
    if not accuracy.recall.value > 0 or any(not rate.trials for _, rate in groups):
        known = not groups and accuracy.recall.trials > 0
        return (coded, coded, coded) if known else (np.nan, np.nan, np.nan)
    middle = coded + sum(amounts.sum() * rate.value for amounts, rate in groups) / accuracy.recall.value
    rng = np.random.default_rng(seed)
    total, count = np.zeros(draws), np.zeros(draws)
    for amounts, rate in groups:
        kept, many = _kept(amounts, _posterior(rate, accuracy.weight, draws, rng), rng)
        total, count = total + kept, count + many
    pool = np.concatenate([confident, plausible]) if others is None else others
    total += _missed(count, pool, _posterior(accuracy.recall, accuracy.weight, draws, rng), rng)
    lower, upper = np.quantile(coded + total, [(1 - level) / 2, (1 + level) / 2])
    return middle, min(float(lower), middle), max(float(upper), middle)


def _posterior(rate: Rate, weight: float, draws: int, rng: Generator) -> Array:
    yes, no = weight * rate.successes, weight * (rate.trials - rate.successes)
    return np.clip(rng.beta(yes + 0.5, no + 0.5, draws), 1e-6, 1.0)


def _kept(amounts: Array, precision: Array, rng: Generator) -> tuple[Array, Array]:
    """Sum and number of projects that are about migration, by draw."""
    n = len(amounts)
    if n <= _FEW:
        about = rng.random((len(precision), n)) < precision[:, None]
        return about @ amounts, about.sum(axis=1).astype(np.float64)
    share = precision * (1 - precision)
    spread = np.sqrt(share * (amounts**2).sum()) * rng.standard_normal(len(precision))
    return precision * amounts.sum() + spread, precision * n


def _missed(found: Array, pool: Array, recall: Array, rng: Generator) -> Array:
    """Sum of the projects that no keyword found, by draw."""
    if not len(pool):
        return np.zeros(len(found))
    number = rng.negative_binomial(found + 0.5, recall)
    few = np.minimum(number, _FEW)
    drawn = pool[rng.integers(0, len(pool), few.sum())]
    total = np.bincount(np.repeat(np.arange(len(few)), few), drawn, len(few))
    more = number - few
    return total + more * pool.mean() + np.sqrt(more) * pool.std() * rng.standard_normal(len(few))
