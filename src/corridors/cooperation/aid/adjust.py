"""Sums put right for errors of a classification."""

from __future__ import annotations

import numpy as np

from corridors.cooperation.aid.accuracy import Accuracy, Rate
from corridors.numerics.typing import Array


def adjusted(
    coded: Array, confident: Array, plausible: Array, accuracy: Accuracy, *, level: float = 0.8
) -> tuple[Array, Array, Array]:
    """Sums put right for the precision and recall of the keywords.

    Parameters
    ----------
    coded, confident, plausible
        Sums by stratum, shape ``(n,)``.
    accuracy
        The rates.
    level
        Probability of the interval.

    Returns
    -------
    tuple of arrays
        Middle, lower, upper, each of shape ``(n,)``; not a number where a rate is not known.

    Examples
    --------
    >>> import numpy as np
    >>> from corridors.cooperation.aid import Accuracy, Rate
    >>> sure = Accuracy(Rate(9, 10), Rate(5, 10), Rate(8, 10), Rate(6, 10))
    >>> [round(float(x[0])) for x in adjusted(np.r_[100.0], np.r_[40.0], np.r_[20.0], sure)]
    [158, 145, 178]
    """
    sums, rates = (confident, plausible), (accuracy.confident, accuracy.plausible)
    kept = sum((np.where(w == 0, 0.0, w * r.value) for w, r in zip(sums, rates, strict=True)), np.zeros(1))
    down, up = (
        np.sqrt(sum((_miss(w, r, end, level) ** 2 for w, r in zip(sums, rates, strict=True)), np.zeros(1)))
        for end in (0, 1)
    )
    low_recall, high_recall = accuracy.recall.interval(level)
    recall = accuracy.recall.value
    if not recall > 0:
        nothing = np.full(coded.shape, np.nan)
        return nothing, nothing, nothing
    with np.errstate(divide="ignore", invalid="ignore"):
        below = np.hypot(np.log(kept) - np.log(kept - down), np.log(high_recall / recall))
        above = np.hypot(np.log(kept + up) - np.log(kept), np.log(recall / low_recall))
        lower = np.where(kept > 0, kept / recall * np.exp(-below), 0.0)
        upper = np.where(kept > 0, kept / recall * np.exp(above), up / low_recall)
    return coded + kept / recall, coded + lower, coded + upper


def _miss(weight: Array, rate: Rate, end: int, level: float) -> Array:
    return np.where(weight == 0, 0.0, weight * (rate.interval(level)[end] - rate.value))
