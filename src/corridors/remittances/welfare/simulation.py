"""A generated population in which the truth about remittances is known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from corridors.remittances.welfare.refusals import Array


@dataclass(frozen=True, slots=True)
class KnownTruth:
    """Generated households, with and without migration.

    Attributes
    ----------
    income
        Observed, remittances included, shape ``(n,)``.
    remittances
        Their part of it.
    without
        What the same households would have if nobody had left: never observed in life.
    covariates
        Schooling and land of the household with everybody at home, shape ``(n, 2)``.
    line
        A poverty line.
    """

    income: Array
    remittances: Array
    without: Array
    covariates: Array
    line: float


def known_truth(n: int = 20_000, *, seed: int = 0) -> KnownTruth:
    """Generate households of which a third sends a migrant.

    Migrants leave households with more schooling, take their home earnings along and send
    back somewhat more. Naive removal forgets the earnings they took along.

    Parameters
    ----------
    n
        Number of households.
    seed
        Same seed, same households.

    Examples
    --------
    >>> from corridors.remittances.welfare import fgt, known_truth
    >>> world = known_truth(1000)
    >>> round(fgt(world.without, world.line), 2), round(fgt(world.income, world.line), 2)
    (0.39, 0.35)
    """
    rng = np.random.default_rng(seed)
    schooling, land = rng.normal(size=n), rng.normal(size=n)
    home = np.exp(1.15 + 0.35 * schooling + 0.15 * land + rng.normal(0.0, 0.55, n))
    leaves = 0.5 * schooling + rng.normal(size=n) > 0.5
    part = rng.uniform(0.2, 0.5, n)
    sent = np.where(leaves, part * home * rng.lognormal(0.45, 0.4, n), 0.0)
    income = np.where(leaves, (1 - part) * home, home) + sent
    return KnownTruth(income, sent, home, np.stack([schooling, land], axis=1), 2.5)
