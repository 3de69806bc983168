"""Intervals of indices from resampled flow tables."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np

from corridors.errors import DataError
from corridors.numerics.typing import Array
from corridors.parameters import value as parameter

_CELLS_AT_ONCE = 2_000_000
_LARGEST_COUNT = 1e15


def bootstrap_interval(
    statistic: Callable[[Array], Array],
    flows: Array,
    value: Array,
    limits: Array,
    *,
    draws: int,
    resample: Literal["poisson", "multinomial"] = "poisson",
    level: float | None = None,
    seed: int = 0,
) -> tuple[Array, Array]:
    """Interval of statistics of flow tables by parametric bootstrap.

    Parameters
    ----------
    statistic
        From tables of shape ``(d, t, n, n)`` to statistics of shape ``(k, d, t)``.
    flows
        Observed tables, shape ``(t, n, n)``.
    value
        Statistics of the observed tables, shape ``(k, t)``.
    limits
        Least and greatest possible value of each statistic, shape ``(k, 2)``.
    draws
        Number of resampled tables, at least 20.
    resample
        ``poisson`` or ``multinomial`` counts, see :func:`migration_indices`.
    level
        Coverage; default from the parameter table.
    seed
        Seed; the draws do not depend on how many are made.

    Returns
    -------
    lower, upper
        Shape ``(k, t)``; NaN where the statistic is not defined.

    Raises
    ------
    DataError
        Fewer than 20 draws, an unknown way to resample, or counts too large to draw.

    Notes
    -----
    Davison and Hinkley (1997), basic bootstrap: noise inflates every index of inequality,
    in the data and once more in the draws, so the quantiles of the draws are reflected
    about the estimate rather than used as they are. Empty corridors stay empty in the
    draws; indices that count them are less certain than the interval tells. In simulations
    an 80 per cent interval covered 71 to 84 per cent at 20 or more moves a corridor, and
    only about half for Gini indices at two.

    Examples
    --------
    >>> import numpy as np
    >>> from corridors.migration.indices.resampling import bootstrap_interval
    >>> flows = np.array([[[0, 400.0], [400, 0]]])
    >>> low, high = bootstrap_interval(lambda t: t.sum((-2, -1))[None], flows, np.array([[800.0]]),
    ...                                np.array([[0, np.inf]]), draws=200, level=0.9)
    >>> bool(730 < low[0, 0] < 790 < 810 < high[0, 0] < 870)
    True
    """
    if draws < 20:
        raise DataError(f"{draws} draws are too few for an interval", remedy="ask for at least 20")
    if resample not in ("poisson", "multinomial"):
        raise DataError(f"unknown way to resample: {resample!r}", remedy="give poisson or multinomial")
    if flows.size and flows.max() > _LARGEST_COUNT:
        raise DataError("flows are too large to be counts of persons", f"largest: {flows.max():.3g}")
    covered = parameter("interval_level") if level is None else level
    if not 0.0 < covered < 1.0:
        raise DataError(f"level must lie between 0 and 1, not {covered}")
    step = max(1, _CELLS_AT_ONCE // max(flows.size, 1))
    made = [
        statistic(np.stack([_draw(flows, resample, seed, d) for d in range(first, min(first + step, draws))]))
        for first in range(0, draws, step)
    ]
    drawn = np.concatenate(made, axis=1)
    return _basic(drawn, value, limits, covered)


def _draw(flows: Array, resample: str, seed: int, draw: int) -> Array:
    made = np.empty_like(flows)
    for table, target in zip(flows, made, strict=True):
        # The same stream for every table: one table alone gets the interval it has in a stack.
        rng = np.random.default_rng(np.random.SeedSequence([seed, draw]))
        if resample == "poisson":
            target[...] = rng.poisson(table)
        else:
            total = table.sum()
            share = table.ravel() / total if total > 0 else np.full(table.size, 1.0 / table.size)
            target[...] = rng.multinomial(round(total), share).reshape(table.shape)
    return made


def _basic(drawn: Array, value: Array, limits: Array, covered: float) -> tuple[Array, Array]:
    tail = (1 - covered) / 2
    # An undefined draw leaves the interval undefined, rather than narrower.
    low, high = np.quantile(drawn, [tail, 1 - tail], axis=1)
    lower = np.clip(2 * value - high, limits[:, :1], limits[:, 1:])
    upper = np.clip(2 * value - low, limits[:, :1], limits[:, 1:])
    return lower, upper
