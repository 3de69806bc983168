"""Who sends to whom: the three rules of Ratha and Shaw, from migrant stocks and incomes.

Throughout, rows are recipients (where the migrants were born) and columns are senders (where
they live): ``stock[i, j]`` persons born in *i* live in *j* and send home a part of what *i*
receives. Each rule shares the inflow of a recipient among its senders; none says anything
about the size of the inflow.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from corridors.errors import DataError
from corridors.numerics.typing import Array
from corridors.remittances.matrix.refusals import (
    check_rule,
    checked_income,
    checked_stock,
    named,
    refuse,
)


def propensity(income: ArrayLike, rule: str, exponent: float | None = None) -> Array:
    """What an average migrant sends home, up to a factor of each recipient.

    Parameters
    ----------
    income
        Income per head of each place, shape ``(n,)``, international dollars a year. For
        ``income-gap`` the unit matters, because a power of a gap is not homogeneous.
    rule
        ``migrants``: every migrant of a birthplace sends alike. ``income``: in proportion to the income
        where they live. ``income-gap``: the income at home plus the gap to a richer host raised
        to ``exponent``; the income at home alone where the host is not richer.
    exponent
        Of the income gap, 0 to 1; see :func:`fit_exponent`. Never assumed.

    Returns
    -------
    ndarray
        Shape ``(n, n)``, recipient by sender; NaN where an income that the rule needs is unknown.

    Raises
    ------
    DataError
        Unknown rule, an exponent missing or outside 0 to 1, an income that is not positive.

    Notes
    -----
    Ratha and Shaw (2007), World Bank Working Paper 102; restated in Ratha and Mohapatra (2012).

    Examples
    --------
    >>> from corridors.remittances.matrix import propensity
    >>> propensity([1000.0, 10_000.0], "income-gap", 0.75).round().tolist()
    [[1000.0, 1924.0], [10000.0, 10000.0]]
    """
    y = checked_income(income)
    check_rule(rule, exponent)
    n = y.size
    if rule == "migrants":
        return np.ones((n, n))
    if rule == "income":
        return np.broadcast_to(y, (n, n)).copy()
    gap = y[None, :] - y[:, None]
    richer = gap > 0
    extra = np.zeros_like(gap)
    extra[richer] = gap[richer] ** float(exponent or 0.0)
    return np.where(np.isnan(gap), np.nan, y[:, None] + extra)


def remittance_shares(
    stock: ArrayLike,
    income: ArrayLike | None = None,
    *,
    rule: str = "income-gap",
    exponent: float | None = None,
    missing: str = "refuse",
    labels: Sequence[str] | None = None,
) -> Array:
    """Share of each sender in what a recipient receives.

    Parameters
    ----------
    stock
        Migrants by birthplace (rows) and residence (columns), shape ``(n, n)``, persons. The
        diagonal is ignored.
    income
        As in :func:`propensity`; may be left out for the rule ``migrants``.
    rule, exponent
        As in :func:`propensity`.
    missing
        Where an income is unknown: ``refuse``, or ``mean``: such migrants send what the average
        migrant of their birthplace sends. Unknown is never taken for zero.
    labels
        Names of places for errors.

    Returns
    -------
    ndarray
        Shape ``(n, n)``; each row adds up to 1, or is zero where nobody lives abroad.

    Raises
    ------
    DataError
        Figures that can not be used; names the places.

    Examples
    --------
    >>> from corridors.remittances.matrix import remittance_shares
    >>> stock = [[0, 30, 10], [0, 0, 5], [0, 0, 0]]
    >>> remittance_shares(stock, rule="migrants").tolist()
    [[0.0, 0.75, 0.25], [0.0, 0.0, 1.0], [0.0, 0.0, 0.0]]
    """
    people = checked_stock(stock, labels)
    if income is None:
        if rule != "migrants":
            check_rule(rule, 0.5 if exponent is None else exponent)
            raise DataError(f"the rule {rule!r} needs incomes", remedy="give income, or use rule='migrants'")
        income = np.ones(people.shape[0])
    sent = propensity(income, rule, exponent)
    if sent.shape != people.shape:
        raise DataError(f"{len(sent)} incomes do not fit a stock table of shape {people.shape}")
    if missing not in ("refuse", "mean"):
        raise DataError(f"unknown way with missing incomes: {missing!r}", "known: refuse, mean")
    unknown = np.isnan(sent) & (people > 0)
    if unknown.any():
        if missing == "refuse":
            lost = np.flatnonzero(np.isnan(np.asarray(income, dtype=np.float64)))
            raise DataError(
                f"{lost.size} place(s) with migrants have no income: {named(lost, labels)}",
                remedy="give their incomes, or use missing='mean' or rule='migrants'",
            )
        sent = with_mean(sent, people)
    weight = np.where(people > 0, sent * people, 0.0)
    total = weight.sum(1, keepdims=True)
    return np.divide(weight, total, out=np.zeros_like(weight), where=total > 0)


def allocate(
    stock: ArrayLike,
    inflow: ArrayLike,
    income: ArrayLike | None = None,
    *,
    rule: str = "income-gap",
    exponent: float | None = None,
    missing: str = "refuse",
    labels: Sequence[str] | None = None,
) -> Array:
    """Share the inflow of each recipient among its senders.

    Parameters
    ----------
    inflow
        Received by each place, shape ``(n,)``, USD million.
    stock, income, rule, exponent, missing, labels
        As in :func:`remittance_shares`.

    Returns
    -------
    ndarray
        Shape ``(n, n)``, recipient by sender, unit of ``inflow``; the row sums are the inflows.

    Raises
    ------
    DataError
        Figures that can not be used, or a recipient without anybody abroad; names the places.

    Examples
    --------
    >>> from corridors.remittances.matrix import allocate
    >>> stock, income = [[0, 30, 10], [0, 0, 5], [0, 0, 0]], [2000, 40_000, 2000]
    >>> allocate(stock, [100, 8, 0], income, rule="income-gap", exponent=0.75).round(1).tolist()
    [[0.0, 87.6, 12.4], [0.0, 0.0, 8.0], [0.0, 0.0, 0.0]]
    """
    received = np.asarray(inflow, dtype=np.float64)
    share = remittance_shares(
        stock, income, rule=rule, exponent=exponent, missing=missing, labels=labels
    )  # fmt: skip
    if received.shape != share.shape[:1]:
        raise DataError(f"inflows of shape {received.shape} do not fit {len(share)} places")
    refuse(~np.isfinite(received) | (received < 0), "inflow that is negative or not a number", labels)
    refuse((received > 0) & (share.sum(1) == 0), "inflow but no migrants abroad", labels)
    return share * received[:, None]


def with_mean(sent: Array, people: Array) -> Array:
    """Replace unknown propensities by the mean of the birthplace's migrants.

    Examples
    --------
    >>> import numpy as np
    >>> from corridors.remittances.matrix.rules import with_mean
    >>> with_mean(np.array([[2.0, np.nan, 4.0]]), np.array([[1.0, 5.0, 1.0]])).tolist()
    [[2.0, 3.0, 4.0]]
    """
    known = np.where(np.isnan(sent), 0.0, people)
    held = known.sum(1)
    total = (known * np.nan_to_num(sent)).sum(1)
    mean = np.divide(total, held, out=np.ones_like(total), where=held > 0)
    return np.where(np.isnan(sent), mean[:, None], sent)
