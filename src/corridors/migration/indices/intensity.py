"""How much moving there is, and what it does to where people live."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from corridors.errors import DataError
from corridors.migration.indices.index_inputs import flow_table, people, ratio
from corridors.numerics.typing import Array


def crude_migration_probability(migrants: ArrayLike, population: ArrayLike) -> Array:
    """Moves as a share of the people who could have moved.

    Parameters
    ----------
    migrants
        All moves or movers of the period, persons, any shape.
    population
        All people at risk, persons, of a shape that broadcasts.

    Returns
    -------
    ndarray
        Per cent: ``100 M / P``.

    Raises
    ------
    DataError
        Negative or missing moves, or a population that is not positive.

    Notes
    -----
    Bell et al. (2002), crude migration intensity.

    Examples
    --------
    >>> from corridors.migration.indices import crude_migration_probability
    >>> float(crude_migration_probability(2534114, 51829023).round(6))
    4.889373
    """
    moved, persons = np.asarray(migrants, dtype=np.float64), np.asarray(population, dtype=np.float64)
    if not np.all(np.isfinite(moved)) or np.any(moved < 0):
        raise DataError("migrants must be finite and not negative", remedy="correct the total of moves")
    if not np.all(np.isfinite(persons)) or np.any(persons <= 0):
        raise DataError("population must be positive", remedy="give the people at risk of moving")
    return np.asarray(100.0 * moved / persons)


def courgeau_k(migrants: ArrayLike, population: ArrayLike, regions: int) -> Array:
    """Crude migration probability made comparable between numbers of regions.

    Parameters
    ----------
    migrants, population
        As in :func:`crude_migration_probability`.
    regions
        Number of regions between which moves are counted, at least 2.

    Returns
    -------
    ndarray
        ``100 M / P / ln(n²)``, per cent.

    Raises
    ------
    DataError
        As in :func:`crude_migration_probability`, or fewer than two regions.

    Notes
    -----
    Courgeau (1973): intensity grows as ``k ln(n²)`` when a country is cut more finely.

    Examples
    --------
    >>> from corridors.migration.indices import courgeau_k
    >>> float(courgeau_k(2534114, 51829023, 17).round(6))
    0.862867
    """
    if regions < 2:
        raise DataError(f"Courgeau's k needs at least two regions, not {regions}")
    return crude_migration_probability(migrants, population) / np.log(float(regions) ** 2)


def migration_effectiveness(flows: ArrayLike) -> Array:
    """Net moves per hundred gross moves.

    Parameters
    ----------
    flows
        Shape ``(..., n, n)``, origin by destination, persons; the diagonal is ignored.

    Returns
    -------
    ndarray
        Shape ``(...)``, 0 (moves cancel) to 100 (all one way), per cent; NaN without moves.

    Notes
    -----
    Bell et al. (2002): ``100 sum|I_i - O_i| / sum(I_i + O_i)``.

    Examples
    --------
    >>> from corridors.migration.indices import migration_effectiveness
    >>> float(migration_effectiveness([[0, 3], [1, 0]]))
    50.0
    """
    table = flow_table(flows)
    arrived, left = table.sum(-2), table.sum(-1)
    return 100.0 * ratio(np.abs(arrived - left).sum(-1), (arrived + left).sum(-1))


def aggregate_net_migration_rate(flows: ArrayLike, population: ArrayLike) -> Array:
    """Share of the population that moves redistribute.

    Parameters
    ----------
    flows
        Shape ``(..., n, n)``, persons; the diagonal is ignored.
    population
        Shape ``(n,)`` or ``(..., n)``, in the unit of the flows: persons. With population
        in millions, as in an example of migest, the rate is a million times too high.

    Returns
    -------
    ndarray
        Shape ``(...)``: ``50 sum|net| / sum(P)``, per cent.

    Notes
    -----
    Bell et al. (2002). It is the crude migration probability times effectiveness over 100.

    Examples
    --------
    >>> from corridors.migration.indices import aggregate_net_migration_rate
    >>> float(aggregate_net_migration_rate([[0, 3], [1, 0]], [100, 100]))
    1.0
    """
    table = flow_table(flows)
    persons = people(population, table.shape[-1])
    net = table.sum(-2) - table.sum(-1)
    return 50.0 * np.abs(net).sum(-1) / persons.sum(-1)


def preference(flows: ArrayLike, population: ArrayLike, *, pairs: bool = False) -> Array:
    """Moves relative to what the sizes of both places would suggest.

    Parameters
    ----------
    flows, population
        As in :func:`aggregate_net_migration_rate`; any unit of population gives the same.
    pairs
        Give the index of every corridor, shape ``(..., n, n)``, instead of their sum.

    Returns
    -------
    ndarray
        ``m_ij / (M p_i p_j)`` with ``p`` the share of people, or its sum over corridors.
        1 (``n(n-1)`` for the sum) where moves follow sizes.

    Notes
    -----
    Bachi (1956); Shryock and Siegel (1976).

    Examples
    --------
    >>> from corridors.migration.indices import preference
    >>> float(preference([[0, 1], [1, 0]], [50, 50]))
    4.0
    """
    table = flow_table(flows)
    persons = people(population, table.shape[-1])
    part = persons / persons.sum(-1, keepdims=True)
    each = ratio(table, table.sum((-2, -1))[..., None, None]) / (part[..., :, None] * part[..., None, :])
    return each if pairs else each.sum((-2, -1))


def velocity(flows: ArrayLike, population: ArrayLike, *, pairs: bool = False) -> Array:
    """Moves per possible encounter of a person here with a person there.

    Parameters
    ----------
    flows, population
        As in :func:`aggregate_net_migration_rate`; the result is inverse to the unit of
        population.
    pairs
        Give the index of every corridor, shape ``(..., n, n)``, instead of their sum.

    Returns
    -------
    ndarray
        ``m_ij sum(P) / (P_i P_j)``, or its sum over corridors.

    Notes
    -----
    Bogue, Shryock and Hoermann (1957).

    Examples
    --------
    >>> from corridors.migration.indices import velocity
    >>> float(velocity([[0, 1], [1, 0]], [50, 50]))
    0.08
    """
    table = flow_table(flows)
    persons = people(population, table.shape[-1])
    total = persons.sum(-1)[..., None, None]
    each = table * total / (persons[..., :, None] * persons[..., None, :])
    return each if pairs else each.sum((-2, -1))
