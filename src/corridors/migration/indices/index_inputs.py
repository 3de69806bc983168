"""What every index asks of its tables, and small array tools they share."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from corridors.errors import DataError
from corridors.numerics.typing import Array

Compat = Literal["migest"]


def flow_table(flows: ArrayLike) -> Array:
    """A copy of a flow table or a stack of them, with a zero diagonal.

    Parameters
    ----------
    flows
        Moves by origin (last axis but one) and destination (last axis), shape
        ``(..., n, n)``, ``n`` at least 2. The diagonal is ignored.

    Returns
    -------
    ndarray
        float64 of the same shape.

    Raises
    ------
    DataError
        Not square, fewer than two places, or a move that is negative or not a number.

    Examples
    --------
    >>> from corridors.migration.indices.index_inputs import flow_table
    >>> flow_table([[7, 1], [2, 7]]).tolist()
    [[0.0, 1.0], [2.0, 0.0]]
    """
    table = np.array(flows, dtype=np.float64)
    if table.ndim < 2 or table.shape[-1] != table.shape[-2] or table.shape[-1] < 2:
        raise DataError(
            f"flows must be square tables of at least two places, not of shape {table.shape}",
            remedy="give origins in rows and destinations in columns, years or draws in front",
        )
    places = np.arange(table.shape[-1])
    table[..., places, places] = 0.0
    bad = np.argwhere(~np.isfinite(table) | (table < 0))
    if bad.size:
        raise DataError(
            f"{len(bad)} flow(s) are negative or not a number",
            f"at positions {bad[:5].tolist()}",
            "fill or drop the missing corridors first; unobserved is not zero",
        )
    return table


def people(population: ArrayLike, places: int) -> Array:
    """Population by place, checked to be positive.

    Parameters
    ----------
    population
        Shape ``(n,)`` or ``(..., n)``.
    places
        ``n``.

    Raises
    ------
    DataError
        Wrong length, or a value that is not a positive number.

    Examples
    --------
    >>> from corridors.migration.indices.index_inputs import people
    >>> people([3, 4], 2).tolist()
    [3.0, 4.0]
    """
    persons = np.asarray(population, dtype=np.float64)
    if persons.ndim < 1 or persons.shape[-1] != places:
        raise DataError(
            f"population of shape {persons.shape} does not fit {places} places",
            remedy="give one figure a place, in the order of the flows",
        )
    if not np.all(np.isfinite(persons)) or np.any(persons <= 0):
        bad = np.argwhere(~np.isfinite(persons) | (persons <= 0))[:5].tolist()
        raise DataError("population must be positive", f"at positions {bad}", "correct or drop these places")
    return persons


def distances(distance: ArrayLike, places: int) -> Array:
    """Distances between places, checked to be positive off the diagonal.

    Parameters
    ----------
    distance
        Shape ``(n, n)``, any unit of length. The diagonal is ignored.
    places
        ``n``.

    Raises
    ------
    DataError
        Wrong shape, or a distance between two places that is not a positive number.

    Examples
    --------
    >>> from corridors.migration.indices.index_inputs import distances
    >>> distances([[0, 5], [5, 0]], 2).tolist()
    [[0.0, 5.0], [5.0, 0.0]]
    """
    length = np.array(distance, dtype=np.float64)
    if length.shape != (places, places):
        raise DataError(
            f"distances of shape {length.shape} do not fit {places} places",
            remedy="give one distance a pair of places, in the order of the flows",
        )
    np.fill_diagonal(length, 0.0)
    bad = np.argwhere((~np.isfinite(length) | (length <= 0)) & ~np.eye(places, dtype=bool))
    if bad.size:
        raise DataError(
            f"{len(bad)} pair(s) of places have no positive distance",
            f"at positions {bad[:5].tolist()}",
            "give distances between centres, not between borders",
        )
    return length


def known_compat(compat: str | None) -> bool:
    """Whether the numbers of migest are wanted.

    Raises
    ------
    DataError
        Neither None nor ``"migest"``.

    Examples
    --------
    >>> from corridors.migration.indices.index_inputs import known_compat
    >>> known_compat("migest")
    True
    """
    if compat not in (None, "migest"):
        raise DataError(f"unknown compat: {compat!r}", remedy='give None or "migest"')
    return compat is not None


def off_diagonal(table: Array) -> Array:
    """Rows of square tables without their diagonal cell, shape ``(..., n, n - 1)``.

    Examples
    --------
    >>> import numpy as np
    >>> from corridors.migration.indices.index_inputs import off_diagonal
    >>> off_diagonal(np.arange(9.0).reshape(3, 3)).tolist()
    [[1.0, 2.0], [3.0, 5.0], [6.0, 7.0]]
    """
    n, front = table.shape[-1], table.shape[:-2]
    run = np.ascontiguousarray(table).reshape(*front, n * n)[..., 1:]
    return run.reshape(*front, n - 1, n + 1)[..., :-1].reshape(*front, n, n - 1)


def ratio(top: ArrayLike, bottom: ArrayLike, empty: float = np.nan) -> Array:
    """``top / bottom``, and ``empty`` where the divisor is not positive.

    Examples
    --------
    >>> from corridors.migration.indices.index_inputs import ratio
    >>> ratio([1.0, 1.0], [2.0, 0.0]).tolist()
    [0.5, nan]
    """
    a, b = np.broadcast_arrays(np.asarray(top, dtype=np.float64), np.asarray(bottom, dtype=np.float64))
    return np.divide(a, b, out=np.full(a.shape, empty), where=b > 0)


def all_cells(table: Array) -> Array:
    """Cells off the diagonal in one row, shape ``(..., n (n - 1))``.

    Examples
    --------
    >>> import numpy as np
    >>> from corridors.migration.indices.index_inputs import all_cells
    >>> all_cells(np.arange(4.0).reshape(2, 2)).tolist()
    [1.0, 2.0]
    """
    n = table.shape[-1]
    return off_diagonal(table).reshape(*table.shape[:-2], n * (n - 1))


def oriented(table: Array, side: str) -> Array:
    """Tables with the wanted side in rows.

    Raises
    ------
    DataError
        Neither ``origins`` nor ``destinations``.

    Examples
    --------
    >>> import numpy as np
    >>> from corridors.migration.indices.index_inputs import oriented
    >>> oriented(np.array([[0.0, 1], [2, 0]]), "destinations").tolist()
    [[0.0, 2.0], [1.0, 0.0]]
    """
    if side not in ("origins", "destinations"):
        raise DataError(f"unknown side: {side!r}", remedy="give origins or destinations")
    return table if side == "origins" else np.swapaxes(table, -1, -2)
