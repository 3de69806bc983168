"""Flows between two tables of the same people: closed forms, no cube.

For each birthplace *k* the two tables give where its people lived at the start,
``S0[k, i]``, and at the end, ``S1[k, j]``. Every method is a way to say who of
them moved; each is one matrix product, because for every birthplace the answer
has rank one off the stayers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from corridors.errors import DataError, InfeasibleError
from corridors.numerics import fit_margins

Array = NDArray[np.float64]


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


def minimum(start: ArrayLike, end: ArrayLike) -> Flows:
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

    Returns
    -------
    Flows

    Raises
    ------
    DataError
        Where birthplace totals of the two tables differ by more than 1e-6 relative.

    Notes
    -----
    Abel (2013, 2018); the iterative form is Willekens' quasi-independence model.

    Examples
    --------
    >>> from corridors.migration import minimum
    >>> minimum([[90, 10], [5, 95]], [[80, 20], [5, 95]]).total.tolist()
    [[0.0, 10.0], [0.0, 0.0]]
    """
    first, last = _same_people(start, end)
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
    first, last = _same_people(start, end)
    if seed is None:
        return _rank_one(first, last, (first.sum(1) + last.sum(1)) / 2)
    return _collect(fitted_cube(first, last, seed, labels=labels))


def pseudo_bayes(start: ArrayLike, end: ArrayLike, *, weight: float) -> Flows:
    """A weighted mean of the fewest and of independent moves.

    Parameters
    ----------
    start, end
        As in :func:`minimum`.
    weight
        Weight of :func:`minimum`, 0 to 1; :func:`independence` has the rest. Azose and
        Raftery (2019) found 0.87 for the world.

    Returns
    -------
    Flows

    Examples
    --------
    >>> from corridors.migration import pseudo_bayes
    >>> pseudo_bayes([[90, 10], [0, 100]], [[90, 10], [0, 100]], weight=0.9).total.round(6).tolist()
    [[0.0, 0.9], [0.9, 0.0]]
    """
    if not 0.0 <= weight <= 1.0:
        raise DataError(f"weight must lie between 0 and 1, not {weight}")
    return blend(minimum(start, end), independence(start, end), weight)


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
    >>> from corridors.migration.flows import blend
    >>> tables = [[90, 10], [0, 100]], [[80, 20], [0, 100]]
    >>> round(float(blend(minimum(*tables), independence(*tables), 0.5).total[0, 1]), 6)
    14.0
    """
    mixed = [
        weight * getattr(first, part) + (1 - weight) * getattr(second, part)
        for part in ("total", "outward", "returned", "transit")
    ]
    return Flows(*mixed)


def minimum_cube(start: ArrayLike, end: ArrayLike) -> Array:
    """Flows of :func:`minimum` by birthplace, stayers included.

    Returns
    -------
    ndarray
        Shape ``(n, n, n)``: birthplace, origin, destination; 8 n³ bytes.

    Examples
    --------
    >>> from corridors.migration import minimum_cube
    >>> minimum_cube([[90, 10], [5, 95]], [[80, 20], [5, 95]])[0].tolist()
    [[80.0, 10.0], [0.0, 10.0]]
    """
    first, last = _same_people(start, end)
    loss, gain = np.maximum(first - last, 0.0), np.maximum(last - first, 0.0)
    moved = (loss.sum(1) + gain.sum(1)) / 2
    cube = _over(loss, moved)[:, :, None] * gain[:, None, :]
    places = np.arange(first.shape[1])
    cube[:, places, places] = np.minimum(first, last)
    return cube


def fitted_cube(
    start: ArrayLike, end: ArrayLike, seed: ArrayLike, *, labels: Sequence[str] | None = None
) -> Array:
    """Flows by birthplace fitted from a seed, stayers included.

    Parameters
    ----------
    start, end, seed, labels
        As in :func:`independence`.

    Returns
    -------
    ndarray
        Shape ``(n, n, n)``: birthplace, origin, destination.

    Raises
    ------
    InfeasibleError
        As :func:`independence`.

    Examples
    --------
    >>> from corridors.migration import fitted_cube
    >>> fitted_cube([[9, 1], [0, 9]], [[8, 2], [0, 9]], [[1, 1], [1, 1]])[0].round(2).tolist()
    [[7.2, 1.8], [0.8, 0.2]]
    """
    first, last = _same_people(start, end)
    prior = np.asarray(seed, dtype=np.float64)
    names = labels or [str(k) for k in range(first.shape[0])]
    cube = np.empty((first.shape[0], *first.shape))
    for k, (leave, arrive) in enumerate(zip(first, last, strict=True)):
        matched = arrive * (leave.sum() / arrive.sum() if arrive.sum() else 1.0)
        try:
            cube[k] = fit_margins(prior, leave, matched, labels=(names, names)).table
        except InfeasibleError as error:
            raise InfeasibleError(
                f"the seed forbids the moves of people born in {names[k]}",
                f"{error.title}\n{error.detail}".rstrip(),
                "give the seed positive cells where they have to stay or move",
                culprits=[names[k]],
            ) from error
    return cube


def _rank_one(leave: Array, arrive: Array, people: Array) -> Flows:
    share = _over(leave, people)
    total = share.T @ arrive
    outward = np.diag(share)[:, None] * arrive
    returned = share.T * np.diag(arrive)
    for table in (total, outward, returned):
        np.fill_diagonal(table, 0.0)
    # Rounding can leave a transit cell a hair below zero where there is none.
    transit = total - outward - returned
    transit[transit < 1e-12 * total] = 0.0
    return Flows(total, outward, returned, transit)


def _collect(cube: Array) -> Flows:
    places = np.arange(cube.shape[0])
    total = cube.sum(0)
    outward, returned = cube[places, places, :].copy(), cube[places, :, places].T.copy()
    for table in (total, outward, returned):
        np.fill_diagonal(table, 0.0)
    transit = total - outward - returned
    transit[transit < 1e-12 * total] = 0.0
    return Flows(total, outward, returned, transit)


def _over(table: Array, divisor: Array) -> Array:
    d = divisor[:, None]
    return np.divide(table, d, out=np.zeros_like(table), where=d > 0)


def _same_people(start: ArrayLike, end: ArrayLike) -> tuple[Array, Array]:
    first, last = np.asarray(start, dtype=np.float64), np.asarray(end, dtype=np.float64)
    if first.ndim != 2 or first.shape != last.shape or first.shape[0] != first.shape[1]:
        raise DataError(f"the two tables must be square and alike, not {first.shape} and {last.shape}")
    for name, table in (("start", first), ("end", last)):
        if not np.all(np.isfinite(table)) or np.any(table < 0):
            raise DataError(f"the {name} table has cells that are negative or not a number")
    a, b = first.sum(1), last.sum(1)
    apart = np.flatnonzero(np.abs(a - b) > 1e-6 * np.maximum(a, b))
    if apart.size:
        raise DataError(
            f"{apart.size} birthplace(s) have different numbers of people at start and end",
            "\n".join(f"position {k}: {a[k]:,.6g} and {b[k]:,.6g}" for k in apart[:5]),
            "make the account first: corridors.migration.demographic_account",
        )
    return first, last
