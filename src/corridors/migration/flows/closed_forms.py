"""Flows between two tables of the same people: closed forms, no cube.

For each birthplace *k* the two tables give where its people lived at the start,
``S0[k, i]``, and at the end, ``S1[k, j]``. Every method is a way to say who of
them moved; each is one matrix product, because for every birthplace the answer
has rank one off the stayers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from corridors.migration.flows.birthplaces import (
    check_weight,
    independence_tables,
    minimum_tables,
    same_people,
    shares,
)
from corridors.numerics.typing import Array


@dataclass(frozen=True, slots=True)
class Flows:
    """Moves of one period by origin and destination, in four disjoint views.

    Attributes
    ----------
    total
        All moves, shape ``(n, n)``, zero diagonal, persons: the sum of the three parts.
    outward
        Moves out of the birthplace.
    returned
        Moves back to the birthplace.
    transit
        Moves between two places of which neither is the birthplace.
    """

    total: Array
    outward: Array
    returned: Array
    transit: Array

    def parts(self) -> dict[str, Array]:
        """The four views by the name of their kind.

        Examples
        --------
        >>> from corridors.migration import independence
        >>> list(independence([[1, 1], [0, 2]], [[2, 0], [0, 2]]).parts())
        ['total', 'outward', 'return', 'transit']
        """
        return {
            "total": self.total,
            "outward": self.outward,
            "return": self.returned,
            "transit": self.transit,
        }

    @property
    def net(self) -> Array:
        """Arrivals less departures of each place, shape ``(n,)``, persons."""
        return self.total.sum(0) - self.total.sum(1)


def minimum(
    start: ArrayLike,
    end: ArrayLike,
    *,
    seed: ArrayLike | None = None,
    labels: Sequence[str] | None = None,
) -> Flows:
    """The fewest moves that turn one table into the other.

    As many people as possible of each birthplace stay where they were. The rest, per
    birthplace, are ``loss[i] = max(S0-S1, 0)`` and ``gain[j] = max(S1-S0, 0)``: no place
    both loses and gains, so the quasi-independence fit that others iterate for is
    ``loss[i] * gain[j] / sum(loss)``, exactly.

    Parameters
    ----------
    start, end
        Persons alive throughout by birthplace (rows) and residence (columns), shape
        ``(n, n)``, with equal row totals (see :func:`demographic_account`).
    seed
        Relative propensity to move from origin to destination, shape ``(n, n)``, common to all
        birthplaces: by distance, a gravity model, or the flows of the period before. Zero forbids
        a corridor; the diagonal is ignored. Uniform where not given.
    labels
        Names of places for errors.

    Returns
    -------
    Flows

    Raises
    ------
    DataError
        Where birthplace totals of the two tables differ by more than 1e-6 relative.
    InfeasibleError
        Where the zeros of the seed forbid the moves of a birthplace; names it.

    Notes
    -----
    Abel (2013, 2018); the iterative form is Willekens' quasi-independence model.

    Examples
    --------
    >>> from corridors.migration import minimum
    >>> minimum([[90, 10], [5, 95]], [[80, 20], [5, 95]]).total.tolist()
    [[0.0, 10.0], [0.0, 0.0]]
    """
    first, last = same_people(start, end)
    if seed is not None:
        return _summed(minimum_tables(first, last, seed, labels=labels), first.shape[0])
    loss, gain = np.maximum(first - last, 0.0), np.maximum(last - first, 0.0)
    # Where the totals differ by rounding, the mean keeps the form symmetric in time.
    moved = (loss.sum(1) + gain.sum(1)) / 2
    return _rank_one(loss, gain, moved)


def independence(
    start: ArrayLike,
    end: ArrayLike,
    *,
    seed: ArrayLike | None = None,
    labels: Sequence[str] | None = None,
) -> Flows:
    """Moves if residence at the end did not depend on residence at the start.

    Parameters
    ----------
    start, end
        As in :func:`minimum`.
    seed
        Relative propensity to move (or, on the diagonal, to stay), shape ``(n, n)``,
        common to all birthplaces; uniform where not given. Every birthplace's table is
        then fitted from it.
    labels
        Names of places for errors.

    Returns
    -------
    Flows

    Raises
    ------
    InfeasibleError
        Where the zeros of the seed forbid what the tables demand; names the birthplace.

    Notes
    -----
    Azose and Raftery (2019): the maximum-entropy counterpart of :func:`minimum`.

    Examples
    --------
    >>> from corridors.migration import independence
    >>> independence([[90, 10], [0, 100]], [[90, 10], [0, 100]]).total.tolist()
    [[0.0, 9.0], [9.0, 0.0]]
    """
    first, last = same_people(start, end)
    if seed is None:
        return _rank_one(first, last, (first.sum(1) + last.sum(1)) / 2)
    return _summed(independence_tables(first, last, seed, labels=labels), first.shape[0])


def pseudo_bayes(
    start: ArrayLike,
    end: ArrayLike,
    *,
    weight: float,
    seed: ArrayLike | None = None,
    labels: Sequence[str] | None = None,
) -> Flows:
    """A weighted mean of the fewest and of independent moves.

    Parameters
    ----------
    start, end
        As in :func:`minimum`.
    weight
        Weight of :func:`minimum`, 0 to 1; :func:`independence` has the rest. Azose and
        Raftery (2019) found 0.87 for the world; see :func:`calibrate_weight`.
    seed, labels
        As in :func:`minimum`, used for both; on the diagonal the propensity to stay.

    Returns
    -------
    Flows

    Examples
    --------
    >>> from corridors.migration import pseudo_bayes
    >>> pseudo_bayes([[90, 10], [0, 100]], [[90, 10], [0, 100]], weight=0.9).total.round(6).tolist()
    [[0.0, 0.9], [0.9, 0.0]]
    """
    check_weight(weight)
    tables = (start, end)
    return blend(
        minimum(*tables, seed=seed, labels=labels), independence(*tables, seed=seed, labels=labels), weight
    )


def blend(first: Flows, second: Flows, weight: float) -> Flows:
    """Weighted mean of two sets of flows with the same margins.

    Parameters
    ----------
    first, second
        Flows of equal shape.
    weight
        Weight of the first, 0 to 1.

    Examples
    --------
    >>> from corridors.migration import independence, minimum
    >>> from corridors.migration.flows.closed_forms import blend
    >>> tables = [[90, 10], [0, 100]], [[80, 20], [0, 100]]
    >>> round(float(blend(minimum(*tables), independence(*tables), 0.5).total[0, 1]), 6)
    14.0
    """
    mixed = [
        weight * getattr(first, part) + (1 - weight) * getattr(second, part)
        for part in ("total", "outward", "returned", "transit")
    ]
    return Flows(*mixed)


def _rank_one(leave: Array, arrive: Array, people: Array) -> Flows:
    share = shares(leave, people)
    total = share.T @ arrive
    outward = np.diag(share)[:, None] * arrive
    returned = share.T * np.diag(arrive)
    for table in (total, outward, returned):
        np.fill_diagonal(table, 0.0)
    return Flows(total, outward, returned, _rest(total, outward, returned))


def _summed(tables: Iterator[tuple[int, Array]], n: int) -> Flows:
    """Add up tables of birthplaces one at a time, so that no cube is held."""
    total, outward, returned = (np.zeros((n, n)) for _ in range(3))
    for k, table in tables:
        total += table
        outward[k] = table[k]
        returned[:, k] = table[:, k]
    for table in (total, outward, returned):
        np.fill_diagonal(table, 0.0)
    return Flows(total, outward, returned, _rest(total, outward, returned))


def _rest(total: Array, outward: Array, returned: Array) -> Array:
    # Rounding can leave a transit cell a hair off zero where there is none.
    transit = total - outward - returned
    transit[transit < 1e-12 * total] = 0.0
    return transit
