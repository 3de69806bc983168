"""Flows birthplace by birthplace: closed forms, and fits from a seed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from corridors.errors import DataError, InfeasibleError
from corridors.numerics import fit_margins
from corridors.numerics.typing import Array


def minimum_cube(
    start: ArrayLike,
    end: ArrayLike,
    seed: ArrayLike | None = None,
    *,
    labels: Sequence[str] | None = None,
) -> Array:
    """Flows of :func:`minimum` by birthplace, stayers included.

    Parameters
    ----------
    start, end, seed, labels
        As in :func:`minimum`.

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
    first, last = same_people(start, end)
    stay = np.minimum(first, last)
    places = np.arange(first.shape[1])
    if seed is None:
        loss, gain = first - stay, last - stay
        cube = shares(loss, (loss.sum(1) + gain.sum(1)) / 2)[:, :, None] * gain[:, None, :]
    else:
        cube = np.zeros((first.shape[0], *first.shape))
        for k, table in minimum_tables(first, last, seed, labels=labels):
            cube[k] = table
    cube[:, places, places] = stay
    return cube


def independence_cube(
    start: ArrayLike,
    end: ArrayLike,
    seed: ArrayLike | None = None,
    *,
    labels: Sequence[str] | None = None,
) -> Array:
    """Flows of :func:`independence` by birthplace, stayers included.

    Parameters
    ----------
    start, end, seed, labels
        As in :func:`independence`.

    Returns
    -------
    ndarray
        Shape ``(n, n, n)``: birthplace, origin, destination; 8 n³ bytes.

    Examples
    --------
    >>> from corridors.migration import independence_cube
    >>> independence_cube([[9, 1], [0, 9]], [[8, 2], [0, 9]])[0].round(2).tolist()
    [[7.2, 1.8], [0.8, 0.2]]
    """
    first, last = same_people(start, end)
    if seed is None:
        people = (first.sum(1) + last.sum(1)) / 2
        return shares(first, people)[:, :, None] * last[:, None, :]
    cube = np.zeros((first.shape[0], *first.shape))
    for k, table in independence_tables(first, last, seed, labels=labels):
        cube[k] = table
    return cube


def pseudo_bayes_cube(
    start: ArrayLike,
    end: ArrayLike,
    *,
    weight: float,
    seed: ArrayLike | None = None,
    labels: Sequence[str] | None = None,
) -> Array:
    """Flows of :func:`pseudo_bayes` by birthplace, stayers included.

    Parameters
    ----------
    start, end, weight, seed, labels
        As in :func:`pseudo_bayes`.

    Returns
    -------
    ndarray
        Shape ``(n, n, n)``: birthplace, origin, destination; 8 n³ bytes, twice that on the way.

    Examples
    --------
    >>> from corridors.migration import pseudo_bayes_cube
    >>> pseudo_bayes_cube([[90, 10], [0, 9]], [[80, 20], [0, 9]], weight=1.0)[0].tolist()
    [[80.0, 10.0], [0.0, 10.0]]
    """
    check_weight(weight)
    cube = minimum_cube(start, end, seed=seed, labels=labels)
    cube *= weight
    cube += (1 - weight) * independence_cube(start, end, seed=seed, labels=labels)
    return cube


def minimum_tables(
    start: Array, end: Array, seed: ArrayLike, *, labels: Sequence[str] | None = None
) -> Iterator[tuple[int, Array]]:
    """Moves by birthplace under a seed, fewest moves, without stayers.

    Only rows that lose and columns that gain take part, so each fit is small.

    Parameters
    ----------
    start, end
        Checked tables, shape ``(n, n)``.
    seed, labels
        As in :func:`minimum`.

    Yields
    ------
    tuple of int and ndarray
        Position of the birthplace and its moves, shape ``(n, n)``.

    Examples
    --------
    >>> import numpy as np
    >>> from corridors.migration.flows.birthplaces import minimum_tables
    >>> start, end = np.array([[9.0, 1.0], [0.0, 9.0]]), np.array([[8.0, 2.0], [0.0, 9.0]])
    >>> [(k, table[0, 1]) for k, table in minimum_tables(start, end, np.ones((2, 2)))]
    [(0, np.float64(1.0))]
    """
    prior = _seed(seed, start.shape[1])
    for k, change in enumerate(end - start):
        rows, columns = np.flatnonzero(change < 0), np.flatnonzero(change > 0)
        if rows.size and columns.size:
            table = np.zeros_like(prior)
            block = np.ix_(rows, columns)
            table[block] = _fitted(prior[block], -change[rows], change[columns], k, (rows, columns), labels)
            yield k, table


def independence_tables(
    start: Array, end: Array, seed: ArrayLike, *, labels: Sequence[str] | None = None
) -> Iterator[tuple[int, Array]]:
    """Moves and stayers by birthplace under a seed, fitted to where people were and came to.

    Parameters
    ----------
    start, end
        Checked tables, shape ``(n, n)``.
    seed, labels
        As in :func:`independence`.

    Yields
    ------
    tuple of int and ndarray
        Position of the birthplace and its table, shape ``(n, n)``.

    Examples
    --------
    >>> import numpy as np
    >>> from corridors.migration.flows.birthplaces import independence_tables
    >>> start, end = np.array([[9.0, 1.0], [0.0, 9.0]]), np.array([[8.0, 2.0], [0.0, 9.0]])
    >>> [k for k, _ in independence_tables(start, end, np.ones((2, 2)))]
    [0, 1]
    """
    prior = _seed(seed, start.shape[1])
    everywhere = np.arange(start.shape[1])
    for k, (leave, arrive) in enumerate(zip(start, end, strict=True)):
        if leave.any():
            yield k, _fitted(prior, leave, arrive, k, (everywhere, everywhere), labels)


def shares(table: Array, people: Array) -> Array:
    """Rows of a table over a number of people each; zero where there are none.

    Examples
    --------
    >>> import numpy as np
    >>> from corridors.migration.flows.birthplaces import shares
    >>> shares(np.array([[1.0, 3.0], [0.0, 0.0]]), np.array([4.0, 0.0])).tolist()
    [[0.25, 0.75], [0.0, 0.0]]
    """
    divisor = people[:, None]
    return np.divide(table, divisor, out=np.zeros_like(table), where=divisor > 0)


def check_weight(weight: float) -> None:
    """Refuse a weight outside 0 to 1.

    Examples
    --------
    >>> from corridors.migration.flows.birthplaces import check_weight
    >>> check_weight(1.2)
    Traceback (most recent call last):
    corridors.errors.DataError: weight must lie between 0 and 1, not 1.2
    """
    if not 0.0 <= weight <= 1.0:
        raise DataError(f"weight must lie between 0 and 1, not {weight}")


def _seed(seed: ArrayLike, n: int) -> Array:
    prior = np.asarray(seed, dtype=np.float64)
    if prior.shape != (n, n):
        raise DataError(f"a seed of shape {prior.shape} does not fit {n} places")
    if not np.all(np.isfinite(prior)) or np.any(prior < 0):
        raise DataError(
            "the seed has cells that are negative or not a number",
            f"at positions {np.argwhere(~np.isfinite(prior) | (prior < 0))[:5].tolist()}",
            "give relative propensities; zero forbids a corridor",
        )
    return prior


def _fitted(
    prior: Array,
    leave: Array,
    arrive: Array,
    k: int,
    where: tuple[NDArray[np.intp], NDArray[np.intp]],
    labels: Sequence[str] | None,
) -> Array:
    names: Sequence[str] = labels or [str(i) for i in range(max(int(w.max()) for w in where) + 1)]
    here = ([str(names[i]) for i in where[0].tolist()], [str(names[j]) for j in where[1].tolist()])
    try:
        return fit_margins(prior, leave, arrive * (leave.sum() / arrive.sum()), labels=here).table
    except InfeasibleError as error:
        born = names[k] if k < len(names) else str(k)
        raise InfeasibleError(
            f"the seed forbids the moves of people born in {born}",
            f"{error.title}\n{error.detail}".rstrip(),
            "give the seed positive cells where they have to stay or move",
            culprits=[born],
        ) from error


def same_people(start: ArrayLike, end: ArrayLike) -> tuple[Array, Array]:
    """Check that two tables have the same people by birthplace, and give them as arrays.

    Parameters
    ----------
    start, end
        Persons by birthplace and residence, shape ``(n, n)``.

    Examples
    --------
    >>> from corridors.migration.flows.birthplaces import same_people
    >>> same_people([[1, 1], [0, 2]], [[2, 0], [0, 2]])[0].sum()
    np.float64(4.0)
    """
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
