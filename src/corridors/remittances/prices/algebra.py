"""What a transfer costs: fee, exchange margin, and three bases of the percentage."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike

from corridors.errors import DataError
from corridors.numerics.typing import Array

Basis = Literal["sent", "outlay", "deducted"]


def margin_pct(interbank: ArrayLike, applied: ArrayLike) -> Array:
    """Exchange margin in percent of the amount sent.

    Parameters
    ----------
    interbank, applied
        Rates in units paid out for a unit sent, above zero. Negative margins are rates better
        than the market's.

    Returns
    -------
    ndarray
        ``100 (interbank - applied) / interbank``. Not antisymmetric: rates the other way round give
        another margin.

    Raises
    ------
    DataError
        A rate that is zero, negative or not a number.

    Notes
    -----
    World Bank, Remittance Prices Worldwide, methodology.

    Examples
    --------
    >>> from corridors.remittances.prices import margin_pct
    >>> float(margin_pct(100, 97)), round(float(margin_pct(97, 100)), 4)
    (3.0, -3.0928)
    """
    bank, own = (_above_zero(rate, name) for rate, name in ((interbank, "interbank"), (applied, "applied")))
    return np.asarray(100 * (bank - own) / bank)


def cost_pct(amount: ArrayLike, fee: ArrayLike, margin: ArrayLike = 0.0, *, basis: Basis = "sent") -> Array:
    """Total cost of a transfer in percent.

    Parameters
    ----------
    amount
        Amount sent, above zero.
    fee
        Fee of the sender, in the same currency, not negative.
    margin
        Exchange margin in percent, below 100.
    basis
        ``"sent"``: fee plus margin over the amount sent, as Remittance Prices Worldwide does.
        ``"outlay"``: what is lost of all the sender pays, fee included. ``"deducted"``: what is lost of
        the amount when the fee is taken out of it.

    Returns
    -------
    ndarray
        Percent, broadcast.

    Raises
    ------
    DataError
        Amounts not above zero, negative fees, an unknown basis, or a fee above a deducted amount.

    Examples
    --------
    >>> from corridors.remittances.prices import cost_pct
    >>> [round(float(cost_pct(200, 5, 3, basis=basis)), 3) for basis in ("sent", "outlay", "deducted")]
    [5.5, 5.366, 5.425]
    """
    if basis not in get_args(Basis):
        raise DataError(f"unknown basis {basis!r}", remedy=f"choose one of {', '.join(get_args(Basis))}")
    sent, paid, lost = _above_zero(amount, "amount"), np.asarray(fee, float), np.asarray(margin, float)
    if np.any(~(paid >= 0)):
        raise DataError("fees must be zero or more", f"least: {np.min(paid):g}")
    if np.any(~(lost < 100)):
        raise DataError("margins must be below 100 %", f"largest: {np.max(lost):g}")
    if basis == "sent":
        return np.asarray(100 * paid / sent + lost)
    kept = 1 - lost / 100
    if basis == "outlay":
        return np.asarray(100 * (1 - sent * kept / (sent + paid)))
    if np.any(paid > sent):
        raise DataError("a fee that is deducted can not exceed the amount", remedy="use another basis")
    return np.asarray(100 * (1 - (sent - paid) * kept / sent))


def saving(flow: ArrayLike, cost: ArrayLike, target: ArrayLike) -> Array:
    """What senders and receivers would keep of a flow if its cost fell to a target.

    Parameters
    ----------
    flow
        Money sent, in any unit.
    cost, target
        Percent of the amount sent. A cost below the target saves nothing.

    Returns
    -------
    ndarray
        In the unit of the flow.

    Notes
    -----
    The arithmetic behind the five-by-five objective: the flow is held fixed.

    Examples
    --------
    >>> from corridors.remittances.prices import saving
    >>> round(float(saving(317, 10, 5)), 2), round(float(saving(60, 12.4, 5)), 2)
    (15.85, 4.44)
    """
    gap = np.maximum(np.asarray(cost, float) - np.asarray(target, float), 0.0)
    return np.asarray(np.asarray(flow, float) * gap / 100)


def _above_zero(values: ArrayLike, name: str) -> Array:
    array = np.asarray(values, float)
    bad = ~(array > 0) | ~np.isfinite(array)
    if np.any(bad):
        where = "" if array.ndim == 0 else f" at position {int(np.flatnonzero(bad)[0])}"
        raise DataError(
            f"{name} must be above zero", f"found {array[bad].ravel()[0]:g}{where}", "leave out such rows"
        )
    return array
