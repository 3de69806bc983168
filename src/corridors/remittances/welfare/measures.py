"""Poverty and inequality of weighted incomes: one number each.

Every measure takes incomes of shape ``(n,)`` in any unit and weights that say how many
people a row stands for; none depends on the order of the rows or on the unit of the weights.
"""

from __future__ import annotations

from collections.abc import Hashable

import numpy as np
from numpy.typing import ArrayLike

from corridors.errors import DataError
from corridors.numerics.typing import Array
from corridors.remittances.welfare.refusals import codes, incomes, positive_weights, poverty_line


def fgt(income: ArrayLike, line: float, alpha: float = 0.0, *, weights: ArrayLike | None = None) -> float:
    """Poverty by Foster, Greer and Thorbecke: mean of ``((z - y) / z) ** alpha`` over the poor.

    Parameters
    ----------
    income
        Shape ``(n,)``; negative incomes are allowed and count as gaps above one.
    line
        Poverty line *z*, same unit; the poor are strictly below.
    alpha
        0 headcount ratio, 1 poverty gap, 2 severity; any number not negative.
    weights
        Shape ``(n,)``, positive.

    Returns
    -------
    float
        A fraction of the population.

    Raises
    ------
    DataError
        Missing incomes, weights or lines that are not positive, a negative alpha.

    Notes
    -----
    Foster, Greer and Thorbecke (1984).

    Examples
    --------
    >>> from corridors.remittances.welfare import fgt
    >>> [fgt([1, 2, 3, 4], 2.5, alpha) for alpha in (0, 1, 2)]
    [0.5, 0.2, 0.1]
    """
    values = incomes(income)
    return _mean(gaps(values, line, alpha), positive_weights(weights, values.size))


def gaps(income: Array, line: float, alpha: float) -> Array:
    """Each row's contribution to :func:`fgt`, shape ``(n,)``.

    Examples
    --------
    >>> import numpy as np
    >>> from corridors.remittances.welfare.measures import gaps
    >>> gaps(np.array([1.0, 3.0]), 2.0, 1).tolist()
    [0.5, 0.0]
    """
    z = poverty_line(line)
    if not alpha >= 0:
        raise DataError(f"alpha must not be negative, not {alpha}")
    poor = income < z
    return np.where(poor, (np.where(poor, z - income, z) / z) ** alpha, 0.0)


def watts(
    income: ArrayLike, line: float, *, weights: ArrayLike | None = None, floor: float | None = None
) -> float:
    """Poverty by Watts: mean of ``ln(z / y)`` over the poor.

    Parameters
    ----------
    income, line, weights
        As in :func:`fgt`.
    floor
        Incomes below it count as it, because the logarithm of zero is not defined. Without
        it, incomes of zero or less are an error: they are never dropped silently.

    Raises
    ------
    DataError
        As :func:`fgt`; and incomes of zero or less where there is no floor.

    Notes
    -----
    Watts (1968); never below the poverty gap.

    Examples
    --------
    >>> from corridors.remittances.welfare import watts
    >>> round(watts([1, 2, 3, 4], 2.5), 6)
    0.284859
    """
    values = incomes(income)
    return _mean(log_gaps(values, line, floor), positive_weights(weights, values.size))


def log_gaps(income: Array, line: float, floor: float | None = None) -> Array:
    """Each row's contribution to :func:`watts`, shape ``(n,)``.

    Examples
    --------
    >>> import numpy as np
    >>> from corridors.remittances.welfare.measures import log_gaps
    >>> log_gaps(np.array([0.0, 3.0]), 2.0, floor=2 / np.e).tolist()
    [1.0, 0.0]
    """
    z = poverty_line(line)
    if floor is not None and not 0 < floor < z:
        raise DataError(f"the floor must lie between zero and the line {z}, not {floor}")
    if floor is None and (income <= 0).any():
        raise DataError(
            f"the Watts index is not defined: {int((income <= 0).sum())} incomes are zero or negative",
            remedy="give floor=, the least income that counts",
        )
    held = income if floor is None else np.maximum(income, floor)
    return np.where(held < z, -np.log(np.minimum(held, z) / z), 0.0)


def gini(income: ArrayLike, *, weights: ArrayLike | None = None, aversion: float = 2.0) -> float:
    """Gini coefficient, or the extended one with another aversion to inequality.

    Parameters
    ----------
    income, weights
        As in :func:`fgt`; the mean must be positive. Negative incomes can push the
        coefficient above one.
    aversion
        2 for the Gini coefficient; greater weighs the poor more. Above 1.

    Notes
    -----
    ``1 - sum(share * r)`` with *r* the exact mean of ``v (1 - p) ** (v - 1)`` over each row's
    part of the population; equal incomes share one *r*, so a row of weight two is two rows.
    Yitzhaki (1983).

    Examples
    --------
    >>> from corridors.remittances.welfare import gini
    >>> gini([1, 2, 3, 4]), round(gini([1, 2, 3, 4], aversion=3), 6)
    (0.25, 0.375)
    """
    values = incomes(income)
    weight = positive_weights(weights, values.size)
    mean = positive_mean(values, weight)
    return 1.0 - _mean(values * rank_weights(values, weight, aversion), weight) / mean


def rank_weights(income: Array, weight: Array, aversion: float = 2.0) -> Array:
    """Mean of ``v (1 - p) ** (v - 1)`` over each row's part of the population, shape ``(n,)``.

    Examples
    --------
    >>> import numpy as np
    >>> from corridors.remittances.welfare.measures import rank_weights
    >>> rank_weights(np.array([5.0, 1.0]), np.ones(2)).tolist()
    [0.5, 1.5]
    """
    if not aversion > 1:
        raise DataError(f"aversion must be above 1, not {aversion}")
    _, group = np.unique(income, return_inverse=True)
    held = np.bincount(group, weights=weight)
    above = 1.0 - np.concatenate([[0.0], np.cumsum(held)]) / held.sum()
    power = np.maximum(above, 0.0) ** aversion
    return ((power[:-1] - power[1:]) * held.sum() / held)[group]


def generalised_entropy(income: ArrayLike, alpha: float, *, weights: ArrayLike | None = None) -> float:
    """Generalised entropy: 0 the mean log deviation, 1 Theil's index, 2 half the squared variation.

    Parameters
    ----------
    income, weights
        As in :func:`fgt`; positive, except where alpha is above one.
    alpha
        Any number.

    Examples
    --------
    >>> from corridors.remittances.welfare import generalised_entropy
    >>> [round(generalised_entropy([1, 3], a), 6) for a in (0, 1, 2)]
    [0.143841, 0.130812, 0.125]
    """
    values = incomes(income)
    weight = positive_weights(weights, values.size)
    ratio = values / positive_mean(values, weight)
    if (ratio < 0).any() or (alpha <= 1 and (ratio <= 0).any()):
        raise DataError(f"entropy of order {alpha} is not defined for incomes of zero or less")
    if alpha == 0:
        return -_mean(np.log(ratio), weight)
    if alpha == 1:
        return _mean(ratio * np.log(ratio), weight)
    return (_mean(ratio**alpha, weight) - 1.0) / (alpha * (alpha - 1.0))


def fgt_by_group(
    income: ArrayLike,
    line: float,
    groups: ArrayLike,
    alpha: float = 0.0,
    *,
    weights: ArrayLike | None = None,
) -> dict[Hashable, tuple[float, float]]:
    """Poverty of each group and its share of the people; the products add up to the whole.

    Examples
    --------
    >>> from corridors.remittances.welfare import fgt_by_group
    >>> fgt_by_group([1, 2, 3, 4], 2.5, ["rural", "rural", "rural", "town"])
    {'rural': (0.6666666666666666, 0.75), 'town': (0.0, 0.25)}
    """
    values = incomes(income)
    weight = positive_weights(weights, values.size)
    code = codes(groups, values.size, "groups")
    given = np.asarray(groups)
    part = gaps(values, line, alpha)
    found: dict[Hashable, tuple[float, float]] = {}
    for k in range(int(code.max()) + 1):
        here = code == k
        label = given[int(np.argmax(here))]
        name = label.item() if isinstance(label, np.generic) else label
        found[name] = (_mean(part[here], weight[here]), float(weight[here].sum() / weight.sum()))
    return found


def positive_mean(income: Array, weight: Array) -> float:
    """Weighted mean; measures relative to it need it to be positive."""
    mean = _mean(income, weight)
    if not mean > 0:
        raise DataError(f"inequality is relative to the mean, which is not positive: {mean:.6g}")
    return mean


def _mean(values: Array, weight: Array) -> float:
    return float(values @ weight / weight.sum())
