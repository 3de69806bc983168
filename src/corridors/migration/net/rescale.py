"""Net totals that balance, and whole numbers that add up."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from corridors.errors import DataError, InfeasibleError
from corridors.numerics.typing import Array


def rescale_net(
    net: ArrayLike,
    *,
    switches: bool = False,
    weights: ArrayLike | None = None,
    integer: bool = False,
    labels: Sequence[str] | None = None,
) -> Array:
    """Net totals that add up to zero, as those of a closed world must.

    Parameters
    ----------
    net
        Net migration by place, shape ``(n,)``, persons (or rates, with ``weights``).
    switches
        False: gains and losses each take half of the discrepancy in proportion, and no
        place changes its sign. True: all places move by the same amount.
    weights
        What each value counts in the sum, shape ``(n,)``, positive: populations where net
        migration is given as a rate. Ones where not given.
    integer
        Round to whole persons that add up to zero (largest remainder).
    labels
        Names of places for error messages.

    Returns
    -------
    ndarray
        Shape ``(n,)``.

    Raises
    ------
    DataError
        Values are not finite, shapes differ, or whole rates are asked for.
    InfeasibleError
        All places gain, or all lose, and none may switch.

    Notes
    -----
    Abel (2018).

    Examples
    --------
    >>> from corridors.migration.net.rescale import rescale_net
    >>> rescale_net([-30, 10, 60]).round(4).tolist()
    [-50.0, 7.1429, 42.8571]
    >>> rescale_net([-30, 10, 60], integer=True).tolist()
    [-50.0, 7.0, 43.0]
    """
    x = np.asarray(net, dtype=np.float64)
    w = np.ones(x.shape) if weights is None else np.asarray(weights, dtype=np.float64)
    _check_rescale(x, w, labels)
    if integer and weights is not None:
        raise DataError("rates can not be whole persons", remedy="multiply by the weights first")
    if switches:
        balanced = x - (x * w).sum() / w.sum() if x.size else x
    else:
        gain, loss = float((x * w)[x > 0].sum()), -float((x * w)[x < 0].sum())
        if (gain > 0) != (loss > 0):
            raise InfeasibleError(
                f"all net totals are {'gains' if gain > 0 else 'losses'}; none can balance the others",
                f"they add up to {gain - loss:,.6g}",
                "add the rest of the world, or let places switch sign: switches=True",
            )
        half = (gain + loss) / 2
        balanced = np.where(x > 0, x * (half / (gain or 1.0)), x * (half / (loss or 1.0)))
    return round_to_sum(balanced, 0.0, scale=False) if integer else balanced


def round_to_sum(values: ArrayLike, total: float | None = None, *, scale: bool = True) -> Array:
    """Whole numbers with a given sum, by the largest remainders.

    Parameters
    ----------
    values
        Numbers of any sign, shape ``(n,)``.
    total
        Whole sum wanted; the rounded sum of the values where not given.
    scale
        Whether to scale the values to the total before rounding.

    Returns
    -------
    ndarray
        Whole numbers as float64, shape ``(n,)``. Each is its (scaled) value rounded up or
        down, and no sign changes; of equal remainders the first goes up.

    Raises
    ------
    DataError
        Values are not finite, the total is not whole, or values add up to zero, or to the
        other sign, and can not be scaled; or, without scaling, do not add up to the total to within one half.

    Notes
    -----
    Hamilton's method of apportionment; nothing is drawn at random.

    Examples
    --------
    >>> from corridors.migration.net.rescale import round_to_sum
    >>> round_to_sum([1.4, 1.4, -9], -7).tolist()
    [2.0, 1.0, -10.0]
    """
    x = np.asarray(values, dtype=np.float64)
    if not np.all(np.isfinite(x)):
        raise DataError("only finite numbers can be rounded")
    have = float(x.sum())
    wanted = float(np.rint(have)) if total is None else float(total)
    if wanted != np.rint(wanted):
        raise DataError(f"whole numbers can not add up to {wanted}")
    if total is not None and scale:
        if wanted != 0 and have * wanted <= 0:
            raise DataError(f"values that add up to {have:g} can not be scaled to {wanted:g}")
        x = x * (wanted / have) if have != 0 else x
    # What is whole but for rounding stays whole.
    near = np.abs(x - np.rint(x)) <= 1e-12 * np.abs(x)
    x = np.where(near, np.rint(x), x)
    low = np.floor(x)
    spare = int(wanted - low.sum())
    if not 0 <= spare <= int(np.count_nonzero(x > low)):
        raise DataError(f"values that add up to {have:.10g} do not round to a sum of {wanted:g}")
    up = np.argsort(low - x, kind="stable")[:spare]
    low[up] += 1.0
    return low + 0.0


def _check_rescale(x: Array, w: Array, labels: Sequence[str] | None) -> None:
    if x.ndim != 1 or w.shape != x.shape or (labels is not None and len(labels) != x.size):
        raise DataError(f"net totals, weights and labels need one value a place, not {x.shape} and {w.shape}")
    bad = np.flatnonzero(~np.isfinite(x) | ~np.isfinite(w) | (w <= 0)).tolist()
    if bad:
        rows = "\n".join(f"{labels[i] if labels else i}: net {x[i]:g}, weight {w[i]:g}" for i in bad[:5])
        raise DataError("net totals must be finite and weights positive", rows)
