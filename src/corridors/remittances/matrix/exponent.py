"""The exponent of the income gap: found from a matrix, never from a total."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import ArrayLike
from scipy.optimize import minimize_scalar

from corridors.errors import DataError
from corridors.numerics.typing import Array
from corridors.remittances.matrix.refusals import checked_stock
from corridors.remittances.matrix.rules import allocate, propensity, with_mean
from corridors.results import Result

_GRID = np.linspace(0.0, 1.0, 41)
_LEAST_GAIN = 0.1


@dataclass(frozen=True, slots=True)
class ExponentFit(Result, keys=("exponent",)):
    """An exponent found by fitting, and how well it is pinned.

    Attributes
    ----------
    value
        The exponent, 0 to 1.
    fitted_to
        ``matrix`` or ``outflows``.
    loss
        Poisson deviance at the value, unit of the inflows.
    gain
        Share of the deviance that the value saves against the better of exponents 0 and 1.
    pinned
        False where the gain is below a tenth: the figures then hardly tell the exponent.
    profile
        Trial exponents and their losses, shape ``(2, k)``.
    """

    value: float
    fitted_to: str
    loss: float
    gain: float
    pinned: bool
    profile: Array = field(repr=False)

    def summary(self) -> str:
        """One line, with a warning where the exponent is not pinned."""
        words = f"fitted to {self.fitted_to}, {self.gain:.0%} of the deviance saved"
        return f"{self.value:.4f}, {words}{'' if self.pinned else ': NOT PINNED by these figures'}"

    def to_polars(self) -> pl.DataFrame:
        """The profile: one row an exponent that was tried, with its loss."""
        return pl.DataFrame({"exponent": self.profile[0], "loss": self.profile[1]})


def fit_exponent(
    stock: ArrayLike,
    income: ArrayLike,
    inflow: ArrayLike,
    *,
    reference: ArrayLike | None = None,
    outflow: ArrayLike | None = None,
    missing: str = "refuse",
    labels: Sequence[str] | None = None,
) -> ExponentFit:
    """Find the exponent of the income-gap rule from a matrix or from senders' totals.

    THE WORLD TOTAL CAN NOT PIN THE EXPONENT. The rule only shares inflows out, so any exponent meets
    the total. Read as money, what the propensities add up to is several times what is recorded
    at every exponent, 0 included (see :func:`implied_total`). A single number is therefore refused.

    Parameters
    ----------
    stock, income, inflow, missing, labels
        As in :func:`allocate`.
    reference
        Corridors to be near to, shape ``(n, n)``, recipient by sender, unit of ``inflow``; NaN where unknown.
        Observed series are best; a published model matrix gives back the exponent its makers used.
    outflow
        Instead, reported outflows of senders, shape ``(n,)``, NaN where unknown. Only their shares in
        their sum are used; a zero is taken for a blank. The world's reported outflows hardly
        pin the exponent: they save a few percent of the deviance, at values that change by year.

    Returns
    -------
    ExponentFit

    Raises
    ------
    DataError
        Neither or both of ``reference`` and ``outflow``, a single total, or nothing positive in it.

    Notes
    -----
    Least Poisson deviance ``2 sum(x log(x/t) - x + t)`` over known cells with migrants.

    Examples
    --------
    >>> from corridors.remittances.matrix import allocate, fit_exponent
    >>> stock, income = [[0, 30, 10], [5, 0, 5], [2, 9, 0]], [2000, 40_000, 9000]
    >>> made = allocate(stock, [100, 8, 20], income, exponent=0.6)
    >>> round(fit_exponent(stock, income, [100, 8, 20], reference=made).value, 4)
    0.6
    """
    if (reference is None) == (outflow is None):
        raise DataError(
            "fit the exponent to one thing", remedy="give either a reference matrix or senders' outflows"
        )
    wanted = np.asarray(reference if outflow is None else outflow, dtype=np.float64)
    if wanted.size == 1:
        raise DataError(
            "a total can not pin the exponent",
            "The rule shares inflows out: every exponent meets every total.",
            "give a matrix of corridors, or outflows by sender",
        )
    people = checked_stock(stock, labels)
    expected = people.shape if outflow is None else people.shape[:1]
    if wanted.shape != expected:
        raise DataError(f"what to fit to has shape {wanted.shape}, but the stocks need {expected}")
    if np.any(wanted < 0) or np.any(np.isinf(wanted)) or not np.nansum(wanted) > 0:
        raise DataError("what to fit to must not be negative, must be finite, and not all zero or unknown")
    made = _allocation(people, income, inflow, missing, labels)

    if outflow is None:
        used = np.isfinite(wanted) & (people > 0)
        return _least(lambda b: _deviance(wanted[used], made(b)[used]), "matrix")
    used = (np.nan_to_num(wanted) > 0) & people.any(0)
    shares = wanted[used] / wanted[used].sum()

    def loss(b: float) -> float:
        sent = made(b).sum(0)[used]
        return _deviance(shares * sent.sum(), sent)

    return _least(loss, "outflows")


def implied_total(stock: ArrayLike, income: ArrayLike, exponent: float) -> float:
    """What the income-gap propensities add up to if read as money, USD million.

    Shown so that nobody tries to pin the exponent by it: it exceeds recorded remittances several
    times at every exponent. Migrants with an unknown income take the mean of their birthplace.

    Parameters
    ----------
    stock
        Persons, shape ``(n, n)``.
    income
        Dollars a year, shape ``(n,)``.
    exponent
        0 to 1.

    Examples
    --------
    >>> from corridors.remittances.matrix import implied_total
    >>> implied_total([[0, 1_000_000], [0, 0]], [2000.0, 40_000.0], 0.0)
    2001.0
    """
    people = checked_stock(stock)
    sent = with_mean(propensity(income, "income-gap", exponent), people)
    return float((sent * people).sum() / 1e6)


def _allocation(
    people: Array, income: ArrayLike, inflow: ArrayLike, missing: str, labels: Sequence[str] | None
) -> Callable[[float], Array]:
    # Recipients without anybody abroad say nothing about how inflows are shared out.
    received = np.where(people.any(1), np.asarray(inflow, dtype=np.float64), 0.0)

    def made(exponent: float) -> Array:
        return allocate(people, received, income, exponent=exponent, missing=missing, labels=labels)

    return made


def _least(loss: Callable[[float], float], fitted_to: str) -> ExponentFit:
    losses = np.array([loss(float(b)) for b in _GRID])
    best = int(np.argmin(losses))
    low, high = float(_GRID[max(best - 1, 0)]), float(_GRID[min(best + 1, _GRID.size - 1)])
    found: Any = minimize_scalar(loss, bounds=(low, high), method="bounded", options={"xatol": 1e-8})
    value, least = float(found.x), float(found.fun)
    if losses[best] <= least:
        value, least = float(_GRID[best]), float(losses[best])
    ends = float(min(losses[0], losses[-1]))
    gain = 1 - least / ends if ends > 0 else 0.0
    return ExponentFit(value, fitted_to, least, gain, gain >= _LEAST_GAIN, np.stack([_GRID, losses]))


def _deviance(wanted: Array, made: Array) -> float:
    live = made > 0
    x, t = wanted[live], made[live]
    logs = np.zeros_like(x)
    np.log(np.divide(x, t), out=logs, where=x > 0)
    return float(2 * (x * logs - x + t).sum())
