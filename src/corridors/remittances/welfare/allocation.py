"""A change in all remittances shared out to households, as World Bank simulations do."""

from __future__ import annotations

import warnings
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from corridors.errors import DataError
from corridors.numerics.typing import Array
from corridors.remittances.welfare.refusals import Codes, codes, incomes, positive_weights

Mode = Literal["neutral", "extensive"]


def allocate(
    remittances: ArrayLike,
    growth: float,
    mode: Mode,
    *,
    weights: ArrayLike | None = None,
    new_weights: ArrayLike | None = None,
    cells: ArrayLike | None = None,
    seed: int = 0,
) -> Array:
    """Household remittances after a change of their total.

    Parameters
    ----------
    remittances
        Of each household, shape ``(n,)``, not negative.
    growth
        Of the total, from a macroeconomic projection: 0.1 for ten per cent more.
    mode
        ``neutral``: every receiver's grow alike. ``extensive``: growth reaches households
        that did not receive, in random order, each getting the median of its cell until the
        share of the cell is given out; then all in the cell is scaled to meet it. A fall
        scales receivers down.
    weights
        Households a row stands for, shape ``(n,)``.
    new_weights
        Weights after the population was projected; the total is met with these.
    cells
        Labels such as region by town and country, shape ``(n,)``, for ``extensive``.
    seed
        Of the random order.

    Returns
    -------
    Array
        Shape ``(n,)``: the weighted total is ``1 + growth`` times the old one.

    Raises
    ------
    DataError
        Negative remittances, nobody who receives, growth below -1, an unknown mode.

    Notes
    -----
    After the microsimulations of the World Bank for South Asia (SAR forecasting). A cell
    without households that could begin to receive gives its share to its receivers. A warning
    says where the total was missed by more than one per cent.

    Examples
    --------
    >>> from corridors.remittances.welfare import allocate
    >>> allocate([10, 20, 0, 0], 0.5, "neutral").tolist()
    [15.0, 30.0, 0.0, 0.0]
    >>> float(allocate([10, 20, 0, 0], 0.5, "extensive").sum())
    45.0
    """
    sent = incomes(remittances, "remittances")
    before = positive_weights(weights, sent.size)
    after = before if new_weights is None else positive_weights(new_weights, sent.size)
    if (sent < 0).any() or not (sent > 0).any():
        raise DataError("remittances must not be negative and somebody must receive")
    if not growth >= -1:
        raise DataError(f"growth can not be below -1, not {growth}")
    target = float(before @ sent) * (1 + growth)
    if mode == "neutral":
        return sent * (target / float(after @ sent))
    if mode != "extensive":
        raise DataError(f"unknown mode {mode!r}", remedy="give neutral or extensive")
    gap = target - float(after @ sent)
    if gap <= 0:
        return sent * (target / float(after @ sent))
    found = _reach_out(sent, after, gap, codes(cells, sent.size, "cells"), np.random.default_rng(seed))
    achieved = float(after @ found) / target - 1
    if abs(achieved) > 0.01:
        warnings.warn(f"the total of remittances was missed by {achieved:+.1%}", stacklevel=2)
    return found


def _reach_out(sent: Array, weight: Array, gap: float, cell: Codes, rng: np.random.Generator) -> Array:
    found = sent.copy()
    total = float(weight @ sent)
    for k in np.unique(cell):
        here = cell == k
        held = float(weight[here] @ sent[here])
        if not held:
            continue
        wanted = gap * held / total
        receivers = here & (sent > 0)
        others = rng.permutation(np.flatnonzero(here & (sent == 0)))
        typical = float(np.median(sent[receivers]))
        given = np.cumsum(weight[others]) * typical
        # The household that crosses the mark is the last to begin.
        begin = others[: int(np.searchsorted(given, wanted)) + 1]
        found[begin] = typical
        handed = float(weight[begin].sum()) * typical
        if handed:
            found[begin] *= wanted / handed if handed >= wanted else 1.0
        rest = wanted - min(handed, wanted)
        found[receivers] *= 1 + rest / held
    return found
