"""Stock tables: the cells a census does not print, and what differences alone can say."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from corridors.errors import DataError, InfeasibleError
from corridors.numerics.typing import Array


def square(table: ArrayLike, name: str, labels: Sequence[str] | None = None) -> Array:
    """Check that a table is square, finite and not negative.

    Parameters
    ----------
    table
        Stock by birthplace and residence, shape ``(n, n)``, persons.
    name
        What to call the table in an error.
    labels
        Names of the ``n`` places for the error.

    Raises
    ------
    DataError
        Names the first five offending cells.

    Examples
    --------
    >>> from corridors.migration.flows.stocks import square
    >>> square([[1, 2], [3, 4]], "stock").sum()
    np.float64(10.0)
    """
    x = np.asarray(table, dtype=np.float64)
    if x.ndim != 2 or x.shape[0] != x.shape[1]:
        raise DataError(f"{name} must be a square table, birthplace by residence, not {x.shape}")
    bad = np.argwhere(~np.isfinite(x) | (x < 0))
    if bad.size:
        names = labels or [str(i) for i in range(x.shape[0])]
        cells = "\n".join(f"born in {names[i]}, living in {names[j]}: {x[i, j]:g}" for i, j in bad[:5])
        raise DataError(
            f"{name} has {len(bad)} cell(s) that are negative or not a number",
            cells,
            "give zero where nobody lives, and leave out what is not known",
        )
    return x


def both_square(start: ArrayLike, end: ArrayLike, labels: Sequence[str] | None = None) -> tuple[Array, Array]:
    """Check the stocks of the two ends of a period, as :func:`square`, and that they are of one size.

    Examples
    --------
    >>> from corridors.migration.flows.stocks import both_square
    >>> both_square([[1]], [[2]])
    (array([[1.]]), array([[2.]]))
    """
    first, last = square(start, "start stock", labels), square(end, "end stock", labels)
    if last.shape != first.shape:
        raise DataError(f"start and end stocks differ in shape: {first.shape} and {last.shape}")
    return first, last


def with_natives(
    foreign_born: ArrayLike,
    population: ArrayLike,
    *,
    least_native: ArrayLike | float = 0.0,
    repair: bool = False,
    labels: Sequence[str] | None = None,
) -> tuple[Array, Array]:
    """Complete a foreign-born stock table with the native-born cells.

    The native-born of a place are its population less its foreign-born. Where that is
    less than ``least_native`` the two figures contradict.

    Parameters
    ----------
    foreign_born
        Persons by birthplace (rows) and residence (columns), shape ``(n, n)``; the
        diagonal is ignored.
    population
        Persons by residence at the same moment, shape ``(n,)``.
    least_native
        Native-born who must at least be there (children born in the period before),
        shape ``(n,)`` or one number.
    repair
        Scale the foreign-born of a contradicting place down so far that the least
        native-born fit in its population, instead of raising.
    labels
        Names of places for the error.

    Returns
    -------
    stock : ndarray
        Complete table, shape ``(n, n)``; its columns add up to ``population``.
    scaled : ndarray
        Factor by which the foreign-born of each place were scaled, shape ``(n,)``;
        1 where nothing was changed.

    Raises
    ------
    InfeasibleError
        Names the places whose stock is larger than the population, unless ``repair``.

    Notes
    -----
    Abel and Sander (2014).

    Examples
    --------
    >>> from corridors.migration import with_natives
    >>> with_natives([[0, 10], [5, 0]], [100, 200])[0].tolist()
    [[95.0, 10.0], [5.0, 190.0]]
    """
    stock = square(foreign_born, "foreign-born stock", labels).copy()
    people = np.asarray(population, dtype=np.float64)
    if people.shape != stock.shape[:1] or not np.all(np.isfinite(people)) or np.any(people < 0):
        raise DataError("population must be one finite, non-negative number a place")
    np.fill_diagonal(stock, 0.0)
    foreign = stock.sum(0)
    room = people - np.minimum(np.broadcast_to(least_native, people.shape), people)
    over = foreign > room * (1 + 1e-12)
    if over.any() and not repair:
        names = labels or [str(i) for i in range(people.size)]
        places = np.flatnonzero(over).tolist()
        rows = [
            f"{names[j]}: foreign-born {foreign[j]:,.0f}, room in the population {room[j]:,.0f}"
            for j in places
        ]
        raise InfeasibleError(
            f"the migrant stock is larger than the population in {len(rows)} place(s)",
            "\n".join(rows[:5]),
            "use stock and population of one revision, or ask for repair",
            culprits=[names[j] for j in places],
            repair={names[j]: float(room[j] - foreign[j]) for j in places},
        )
    scaled = np.where(over, room / np.where(over, foreign, 1.0), 1.0)
    stock *= scaled
    np.fill_diagonal(stock, np.maximum(people - stock.sum(0), 0.0))
    return stock, scaled


def stock_difference(
    start: ArrayLike, end: ArrayLike, *, decrease: str = "drop", natives: bool = False
) -> Array:
    """Flows as differences of two stock tables.

    Parameters
    ----------
    start, end
        Stocks by birthplace (rows) and residence (columns), shape ``(n, n)``, persons.
    decrease
        ``"drop"`` counts only growing stocks; ``"reverse"`` also counts a falling stock
        of people born in *k* and living in *j* as a move from *j* to *k*.
    natives
        Also difference the native-born cells.

    Returns
    -------
    ndarray
        Persons by origin (= birthplace) and destination, shape ``(n, n)``.

    Notes
    -----
    Beine and Parsons (2015); Beine, Docquier and Özden (2011). Births and deaths are
    taken for migration.

    Examples
    --------
    >>> from corridors.migration import stock_difference
    >>> stock_difference([[9, 5], [4, 9]], [[9, 7], [1, 9]], decrease="reverse").tolist()
    [[0.0, 5.0], [0.0, 0.0]]
    """
    if decrease not in ("drop", "reverse"):
        raise DataError(f"decrease must be 'drop' or 'reverse', not {decrease!r}")
    first, last = both_square(start, end)
    change = last - first
    if not natives:
        np.fill_diagonal(change, 0.0)
    flow = np.maximum(change, 0.0)
    return flow if decrease == "drop" else flow + np.maximum(-change.T, 0.0)


def migration_rate(start: ArrayLike, total: float) -> Array:
    """Spread a known number of moves over corridors as the migrant stock is spread.

    Parameters
    ----------
    start
        Stock by birthplace and residence at the start, shape ``(n, n)``; the diagonal is
        ignored.
    total
        Moves in the world over the period (Abel and Cohen 2019 use the sum of absolute
        net migration), persons.

    Returns
    -------
    ndarray
        Persons by origin and destination, zero diagonal, shape ``(n, n)``.

    Notes
    -----
    Dennett (2016); the native-born take no part, so the flows add up to ``total``.

    Examples
    --------
    >>> from corridors.migration import migration_rate
    >>> migration_rate([[0, 3], [1, 0]], 100).tolist()
    [[0.0, 75.0], [25.0, 0.0]]
    """
    flow = square(start, "start stock").copy()
    np.fill_diagonal(flow, 0.0)
    if not flow.sum() > 0:
        raise DataError("nobody in the start stock lives outside the birthplace")
    return flow * (total / flow.sum())


def rogers_von_rabenau(start: ArrayLike, end: ArrayLike) -> Array:
    """Flows implied by the growth matrix between two stock tables.

    Parameters
    ----------
    start, end
        Stocks by birthplace and residence, natives included, shape ``(n, n)``; ``start``
        must be invertible.

    Returns
    -------
    ndarray
        Persons by origin and destination, zero diagonal. Cells can be negative: the
        method has no constraint that forbids it.

    Raises
    ------
    DataError
        Where ``start`` is singular.

    Notes
    -----
    Rogers and von Rabenau (1971): ``G = inv(start) @ end``, times the population of the origin.

    Examples
    --------
    >>> from corridors.migration import rogers_von_rabenau
    >>> rogers_von_rabenau([[90, 0], [0, 50]], [[80, 10], [5, 45]]).round(6).tolist()
    [[0.0, 10.0], [5.0, 0.0]]
    """
    first, last = both_square(start, end)
    try:
        growth = np.linalg.solve(first, last)
    except np.linalg.LinAlgError:
        raise DataError(
            "the start stock is singular, so it has no growth matrix",
            remedy="leave out places in which nobody of their own lives",
        ) from None
    flow = growth * first.sum(0)[:, None]
    np.fill_diagonal(flow, 0.0)
    return flow
