"""Remittances taken away from a published distribution, by who is thought to receive them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import ArrayLike

from corridors.errors import DataError
from corridors.numerics.typing import Array
from corridors.remittances.welfare.curve import Distribution
from corridors.remittances.welfare.measures import fgt, gini
from corridors.remittances.welfare.refusals import poverty_line
from corridors.results import Result

_PEOPLE = 2000
INCIDENCES = ("proportional", "equal", "poorest", "richest")
MEASURES = ("headcount", "poverty_gap", "poverty_severity", "gini")


@dataclass(frozen=True, slots=True)
class GroupedRemoval(Result, keys=("measure", "incidence")):
    """Measures of a published distribution with and without remittances.

    Attributes
    ----------
    with_value
        As published, in the order of ``MEASURES``, shape ``(4,)``.
    without_value
        By incidence, shape ``(i, 4)``.
    incidence
        Names of the ``i`` incidences.
    amount
        Remittances per person, unit of the distribution.
    line
        Poverty line.
    """

    with_value: Array
    without_value: Array
    incidence: tuple[str, ...]
    amount: float
    line: float

    def bounds(self) -> tuple[Array, Array]:
        """Least and greatest value without remittances over the incidences, shape ``(4,)`` each."""
        return self.without_value.min(axis=0), self.without_value.max(axis=0)

    def to_polars(self) -> pl.DataFrame:
        """One row a measure and incidence."""
        rows = [
            {"measure": name, "incidence": who, "with_remittances": float(self.with_value[k]),
             "without_remittances": float(self.without_value[i, k])}
            for i, who in enumerate(self.incidence)
            for k, name in enumerate(MEASURES)
        ]  # fmt: skip
        return pl.DataFrame(rows)

    def summary(self) -> str:
        """One line a measure."""
        low, high = self.bounds()
        lines = [f"Without {self.amount:.4g} a person, received by: {', '.join(self.incidence)}"]
        for k, name in enumerate(MEASURES):
            lines.append(f"  {name:<18}{self.with_value[k]:>9.4f} -> {low[k]:.4f} to {high[k]:.4f}")
        return "\n".join(lines)


def remove_from_groups(
    distribution: Distribution,
    amount: float,
    line: float,
    *,
    recipient_share: ArrayLike | None = None,
    receiving: float = 1.0,
) -> GroupedRemoval:
    """Take remittances away from a published distribution.

    Parameters
    ----------
    distribution
        From :func:`fit_grouped`, with remittances in it.
    amount
        Remittances per person of the whole population, unit of the distribution.
    line
        Poverty line.
    recipient_share
        Share of all remittances that goes to each of equal groups (deciles), poorest first,
        shape ``(g,)``. Where not given, four cases: in proportion to income, equally to all,
        all to the poorest and all to the richest. In the last two the poorest (richest)
        tenths lose all they have, one after the other, until the sum is reached.
    receiving
        Fraction of the people at each income who receive; the fewer, the more each loses.

    Returns
    -------
    GroupedRemoval

    Raises
    ------
    DataError
        An amount that is negative or above the mean, shares that do not sum to one or that
        give a group more than it has, a fraction not above zero.

    Notes
    -----
    Naive: nothing is earned in place of remittances. What is received within a group goes in
    proportion to income. Where somebody would lose more than there is, more people receive.

    Examples
    --------
    >>> from corridors.remittances.welfare import Lognormal, remove_from_groups
    >>> found = remove_from_groups(Lognormal.of_gini(5.0, 0.4), 0.5, 2.15)
    >>> found.summary().splitlines()[1]
    '  headcount            0.2215 -> 0.2215 to 0.3140'
    """
    z = poverty_line(line)
    people = distribution.people(_PEOPLE)
    if not 0 <= amount < people.mean():
        raise DataError(
            f"remittances of {amount:.4g} a person do not fit a mean income of {people.mean():.4g}",
            "a survey can record less than the balance of payments, or count other people",
        )
    if not 0 < receiving <= 1:
        raise DataError(f"the fraction receiving lies above 0 and not above 1, not {receiving}")
    if recipient_share is None:
        lost = {name: losses(name, people, amount) for name in INCIDENCES}
    else:
        lost = {"given": _given(recipient_share, people, amount)}
    without = [measured(people, loss, receiving, z) for loss in lost.values()]
    now = np.array([distribution.fgt(z, alpha) for alpha in (0, 1, 2)] + [distribution.gini()])
    # The same grid with nothing removed: its rounding is taken out of every answer.
    grid = measured(people, np.zeros_like(people), 1.0, z)
    value = np.clip(now + np.array(without) - grid, 0.0, 1.0)
    return GroupedRemoval(now, value, tuple(lost), float(amount), z)


def losses(name: str, people: Array, amount: float) -> Array:
    """What each loses, shape of ``people``, where ``amount`` a person is received as the name says.

    Examples
    --------
    >>> import numpy as np
    >>> from corridors.remittances.welfare.incidence import losses
    >>> losses("proportional", np.array([1.0, 3.0]), 0.2).tolist()
    [0.1, 0.30000000000000004]
    """
    if name == "proportional":
        return people * (amount / people.mean())
    if name == "equal":
        return _level(people, amount)
    tenths = people.reshape(10, -1)
    held = tenths.sum(axis=1)
    order = np.arange(10) if name == "poorest" else np.arange(9, -1, -1)
    taken = np.zeros(10)
    left = amount * people.size
    for k in order:
        taken[k] = min(left, held[k])
        left -= taken[k]
    part = np.divide(taken, held, out=np.zeros(10), where=held > 0)
    return (tenths * part[:, None]).ravel()


def _level(people: Array, amount: float) -> Array:
    """The same for all, or all they have: the level at which the sum is reached."""
    ordered = np.sort(np.maximum(people, 0.0))
    n = ordered.size
    taken = np.concatenate([[0.0], np.cumsum(ordered)[:-1]]) + ordered * np.arange(n, 0, -1)
    k = int(np.searchsorted(taken, amount * n))
    before = float(ordered[:k].sum())
    return np.minimum(people, (amount * n - before) / (n - k))


def _given(recipient_share: ArrayLike, people: Array, amount: float) -> Array:
    share = np.asarray(recipient_share, dtype=np.float64)
    if share.ndim != 1 or share.size == 0 or people.size % share.size:
        raise DataError(f"give shares of 4, 5, 10, 20 or 100 equal groups, not of shape {share.shape}")
    if not np.isfinite(share).all() or (share < 0).any() or abs(share.sum() - 1) > 5e-3:
        raise DataError(f"recipient shares must not be negative and sum to one, not {share.sum():g}")
    groups = people.reshape(share.size, -1)
    held = groups.sum(axis=1)
    part = share / share.sum() * amount * people.size / held
    if (part > 1 + 1e-9).any():
        k = int(np.argmax(part))
        raise DataError(f"group {k + 1} would receive more than it has ({part[k]:.3g} times)")
    return (groups * part[:, None]).ravel()


def measured(people: Array, loss: Array, receiving: float, line: float) -> Array:
    """Headcount, gap, severity and Gini of people after their losses, shape ``(4,)``.

    Examples
    --------
    >>> import numpy as np
    >>> from corridors.remittances.welfare.incidence import measured
    >>> measured(np.array([1.0, 3.0]), np.array([0.0, 2.0]), 1.0, 2.0).tolist()
    [1.0, 0.5, 0.25, 0.0]
    """
    part = np.divide(loss, people, out=np.zeros_like(loss), where=people > 0)
    who = np.maximum(receiving, np.minimum(part, 1.0))
    income = np.concatenate([np.maximum(people - loss / who, 0.0), people])
    weight = np.concatenate([who, 1.0 - who])
    kept = weight > 0
    income, weight = income[kept], weight[kept]
    poverty = [fgt(income, line, alpha, weights=weight) for alpha in (0, 1, 2)]
    return np.array([*poverty, gini(income, weights=weight)])
