"""Net-migration rates, their series, and the priors of their model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from corridors.errors import DataError
from corridors.numerics.typing import Array

FIT_STREAM, FORECAST_STREAM = 1, 2


@dataclass(frozen=True, slots=True)
class Prior:
    """Bounds of the hyperparameters; rates are per person and period.

    Attributes
    ----------
    location
        The mean of country means lies between minus and plus this.
    spread
        Their standard deviation lies between 0 and this.
    shape_most
        The shape of the inverse gamma of country variances lies between 1 and this.
    variance_most
        Its mean, scale / (shape - 1), lies between 0 and this.
    sigma_least
        No country has a smaller standard deviation of innovations.

    Notes
    -----
    Azose and Raftery (2015). All hyperparameters are uniform between their bounds.

    Examples
    --------
    >>> from corridors.migration.projection import Prior
    >>> Prior.of_period(5).location
    0.5
    """

    location: float
    spread: float
    shape_most: float
    variance_most: float
    sigma_least: float

    @classmethod
    def of_period(cls, period: int) -> Prior:
        """The published bounds for annual (1) or five-year (5) rates."""
        if period not in (1, 5):
            raise DataError(f"period must be 1 or 5 years, not {period}")
        return cls(0.1 * period, 0.1 * period, 10.0, 0.1 * period, 1e-4)


@dataclass(frozen=True, slots=True)
class Transitions:
    """Sums over the pairs (rate, next rate) of each of ``C`` countries, shape ``(C,)``.

    Rates are taken as deviations from ``centre``, for the sake of digits.

    Attributes
    ----------
    count
        Number of pairs.
    centre
        Mean rate of the country.
    first, second
        Sums of the earlier and of the later rates.
    first_squares, second_squares, products
        Sums of squares and of products.
    """

    count: Array
    centre: Array
    first: Array
    second: Array
    first_squares: Array
    second_squares: Array
    products: Array


def net_rate(net: ArrayLike, population: ArrayLike) -> Array:
    """Net migration over the population there would be without it.

    Parameters
    ----------
    net
        Net migration of the period, persons.
    population
        Population at its end, persons, of the same shape.

    Returns
    -------
    ndarray
        ``net / (population - net)``, above -1.

    Raises
    ------
    DataError
        A population not above zero, or not above its net migration.

    Notes
    -----
    Azose and Raftery (2015).

    Examples
    --------
    >>> from corridors.migration.projection import net_rate
    >>> net_rate([10.0, -20.0], [110.0, 80.0]).tolist()
    [0.1, -0.2]
    """
    moved, people = np.asarray(net, dtype=np.float64), np.asarray(population, dtype=np.float64)
    if np.any(people <= 0) or np.any(people <= moved):
        raise DataError(
            "a population is not above zero and above its net migration",
            remedy="give both in the same unit, at the end of the period",
        )
    return moved / (people - moved)


def net_count(rate: ArrayLike, population: ArrayLike) -> Array:
    """The net migration that a rate means for a population: the inverse of :func:`net_rate`.

    Parameters
    ----------
    rate
        Net-migration rates, above -1.
    population
        Population at the end of the period, net migration included, persons.

    Examples
    --------
    >>> from corridors.migration.projection import net_count
    >>> net_count([0.1, -0.2], [110.0, 80.0]).round(9).tolist()
    [10.0, -20.0]
    """
    share = np.asarray(rate, dtype=np.float64)
    return share / (1 + share) * np.asarray(population, dtype=np.float64)


def checked_rates(rates: ArrayLike, labels: Sequence[str] | None) -> tuple[Array, tuple[str, ...]]:
    """Series that the model can take, with their labels.

    Parameters
    ----------
    rates
        Net-migration rates, shape ``(C, T)``; NaN before a series begins.
    labels
        Names of countries; numbers where not given.

    Raises
    ------
    DataError
        Wrong shape, fewer than two countries or two periods, a country without any rate, a
        gap within or after a series, an infinite rate, a rate not above -1, labels that
        repeat or do not match. Countries are named.

    Examples
    --------
    >>> from corridors.migration.projection.model import checked_rates
    >>> checked_rates([[0.0, 0.1], [0.2, float("inf")]], ["A", "B"])
    Traceback (most recent call last):
    corridors.errors.DataError: 1 country has an infinite rate
    """
    table = np.array(rates, dtype=np.float64, order="C")
    if table.ndim != 2 or table.shape[0] < 2 or table.shape[1] < 2:
        raise DataError(
            f"rates must have the shape (countries, periods), at least (2, 2), not {table.shape}",
            remedy="one row a country, one column a period, NaN before a series begins",
        )
    names = country_names(labels, table.shape[0])
    known = np.isfinite(table)
    refuse(np.isinf(table).any(1), names, "an infinite rate")
    refuse(~known.any(1), names, "no rate at all")
    refuse((np.diff(known.astype(int), axis=1) < 0).any(1), names, "a gap within or after the series")
    refuse((table <= -1).any(1), names, "a rate of -1 or less (rates are per person, not per thousand)")
    return table, names


def country_names(labels: Sequence[str] | None, count: int) -> tuple[str, ...]:
    """Labels of ``count`` countries, checked; numbers where there are none.

    Examples
    --------
    >>> from corridors.migration.projection.model import country_names
    >>> country_names(None, 2)
    ('0', '1')
    """
    names = tuple(str(i) for i in range(count)) if labels is None else tuple(labels)
    if len(names) != count or len(set(names)) < count:
        raise DataError(
            f"{count} countries need as many different labels",
            f"given: {len(names)}, of which {len(set(names))} different",
        )
    return names


def refuse(bad: ArrayLike, names: Sequence[str], what: str) -> None:
    """Raise an error that names the countries in question, if there are any.

    Examples
    --------
    >>> import numpy as np
    >>> from corridors.migration.projection.model import refuse
    >>> refuse(np.array([False, True]), ["A", "B"], "no rate at all")
    Traceback (most recent call last):
    corridors.errors.DataError: 1 country has no rate at all
    """
    where = np.flatnonzero(bad)
    if where.size:
        who = "1 country has" if where.size == 1 else f"{where.size} countries have"
        shown = ", ".join(names[int(i)] for i in where[:10]) + (", …" if where.size > 10 else "")
        raise DataError(f"{who} {what}", shown, "correct or leave out these countries")


def transitions(rates: Array) -> Transitions:
    """Sums that the likelihood of autoregressive series needs.

    Parameters
    ----------
    rates
        Checked rates, shape ``(C, T)``, NaN before a series begins.

    Examples
    --------
    >>> import numpy as np
    >>> from corridors.migration.projection.model import transitions
    >>> transitions(np.array([[np.nan, 1.0, 2.0, 3.0]])).products.tolist()
    [0.0]
    """
    centre = np.nanmean(rates, axis=1)
    off = rates - centre[:, None]
    paired = np.isfinite(off[:, :-1])
    x, y = np.where(paired, off[:, :-1], 0.0), np.where(paired, off[:, 1:], 0.0)
    return Transitions(
        paired.sum(1).astype(np.float64),
        centre,
        x.sum(1),
        y.sum(1),
        (x * x).sum(1),
        (y * y).sum(1),
        (x * y).sum(1),
    )
