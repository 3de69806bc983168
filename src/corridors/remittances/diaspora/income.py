"""Income and savings of diasporas from stocks, incomes of hosts and education."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from corridors.errors import DataError
from corridors.numerics.typing import Array
from corridors.parameters import value
from corridors.remittances.diaspora.savings import DiasporaSavings


def diaspora_income(
    stock: ArrayLike, host_income: ArrayLike, tertiary: ArrayLike, low_skill_income: float
) -> Array:
    """Income of people by country of birth: ``sum_j M_ij y_j (h_ij + (1 - h_ij) k)``.

    Parameters
    ----------
    stock
        Persons by birthplace (rows) and residence (columns), shape ``(n, m)``.
    host_income
        Average yearly income in each host, shape ``(m,)``, any currency.
    tertiary
        Share with tertiary education, 0 to 1, that broadcasts to ``(n, m)``; they earn the average.
    low_skill_income
        What the others earn as a share of the average.

    Returns
    -------
    ndarray
        Shape ``(n,)``, in the currency of the incomes.

    Notes
    -----
    Ratha and Mohapatra (2011), Migration and Development Brief 14, with a third for the others.

    Examples
    --------
    >>> from corridors.remittances.diaspora import diaspora_income
    >>> diaspora_income([[0, 100], [10, 0]], [30_000, 60_000], 0.25, 1 / 3).round(6).tolist()
    [3000000.0, 150000.0]
    """
    people, y = _stock_and_income(stock, host_income)
    h = _shares(tertiary, people.shape)
    _check_share("low_skill_income", low_skill_income)
    if not (np.isfinite(h).all() and np.isfinite(y).all()):
        raise DataError(
            "incomes or shares with tertiary education are missing",
            remedy="diaspora_savings_matrix gives the range of what they could be",
        )
    return (people * (h + (1 - h) * low_skill_income)) @ y


def diaspora_savings_matrix(
    stock: ArrayLike,
    host_income: ArrayLike,
    *,
    tertiary: ArrayLike | None = None,
    saving_rate: ArrayLike | None = None,
    low_skill_income: float | None = None,
    labels: Sequence[str] | None = None,
    draws: int = 200,
    seed: int = 0,
    level: float | None = None,
) -> DiasporaSavings:
    """Savings by country of birth: ``s_i`` times income, with intervals.

    Parameters
    ----------
    stock
        Persons by birthplace (rows) and residence (columns), shape ``(n, m)``, zero for people
        at home.
    host_income
        USD a year and person, shape ``(m,)``; NaN where not known: people there are counted as
        uncovered and left out.
    tertiary
        Share with tertiary education, broadcasts to ``(n, m)``; NaN, or None for all, where not known:
        the result is then the range between none and all.
    saving_rate
        Share of income saved, one number or shape ``(n,)``; parameter ``diaspora_saving_rate``.
    low_skill_income
        See :func:`diaspora_income`; parameter ``diaspora_low_skill_income``.
    labels
        Names of the birthplaces.
    draws, seed
        Number of draws behind the intervals, one stream a draw: of both parameters, common to all
        countries, and of each stock.
    level
        Probability of intervals; parameter ``interval_level``.

    Returns
    -------
    DiasporaSavings
        USD million.

    Raises
    ------
    DataError
        Negative or missing stocks, shares outside 0 to 1, shapes that do not agree.

    Notes
    -----
    Ratha and Mohapatra (2011). Standard deviations are the parameters ``diaspora_saving_rate_sd``,
    ``diaspora_low_skill_income_sd`` and ``stock_error_sd``.

    Examples
    --------
    Mohieldin and Ratha (2014): 20 % of an income of 2.6 trillion.

    >>> from corridors.remittances.diaspora import diaspora_savings_matrix
    >>> found = diaspora_savings_matrix([[0, 100e6]], [0, 26_000], tertiary=1, draws=0)
    >>> found.savings.round(3).tolist()
    [520000.0]
    """
    people, y = _stock_and_income(stock, host_income)
    n = people.shape[0]
    s = _shares(value("diaspora_saving_rate") if saving_rate is None else saving_rate, (n,))
    if not np.isfinite(s).all():
        raise DataError("saving rates are missing", remedy="leave saving_rate out for the published one")
    k = value("diaspora_low_skill_income") if low_skill_income is None else low_skill_income
    _check_share("low_skill_income", k)
    label = tuple(map(str, range(n) if labels is None else labels))
    if len(label) != n:
        raise DataError(f"{len(label)} labels were given for {n} birthplaces")
    h = _shares(np.nan if tertiary is None else tertiary, people.shape)
    uncovered = people[:, np.isnan(y)].sum(1)
    rows, columns = np.nonzero(np.where(np.isnan(y), 0.0, people))
    cells = _Cells(n, rows, people[rows, columns] * y[columns] / 1e6, h[rows, columns])
    incomes = cells.incomes(k, 1.0)
    varied = _varied(cells, s, k, draws, seed)
    probability = value("interval_level") if level is None else level
    totals = s * incomes
    return DiasporaSavings(label, people.sum(1), uncovered, *incomes, *totals, *varied, level=probability)


@dataclass(frozen=True, slots=True)
class _Cells:
    """Corridors with people: birthplace, income at the host's average (USD million), education."""

    n: int
    rows: NDArray[np.intp]
    pay: Array
    education: Array

    def incomes(self, low_skill_income: float, error: Array | float) -> Array:
        """Least and most income by birthplace, shape ``(2, n)``."""
        made: list[Array] = []
        for unknown in (0.0, 1.0):
            share = np.where(np.isnan(self.education), unknown, self.education)
            earned = self.pay * error * (share + (1 - share) * low_skill_income)
            made.append(np.bincount(self.rows, earned, minlength=self.n).astype(np.float64))
        return np.array(made)


def _varied(cells: _Cells, saving_rate: Array, low_skill_income: float, draws: int, seed: int) -> Array:
    """Least and most savings of every draw, shape ``(2, draws, n)``."""
    sd, rate_sd = value("stock_error_sd"), value("diaspora_saving_rate_sd")
    skill_sd = value("diaspora_low_skill_income_sd")
    varied = np.empty((2, draws, cells.n))
    for draw in range(draws):
        rng = np.random.default_rng(np.random.SeedSequence([seed, draw]))
        shift, tilt = rng.standard_normal(2)
        ratio = float(np.clip(low_skill_income + tilt * skill_sd, 0, 1))
        error = np.exp(sd * rng.standard_normal(cells.rows.size) - sd**2 / 2)
        varied[:, draw] = np.clip(saving_rate + shift * rate_sd, 0, 1) * cells.incomes(ratio, error)
    return varied


def _stock_and_income(stock: ArrayLike, income: ArrayLike) -> tuple[Array, Array]:
    people, y = np.asarray(stock, dtype=np.float64), np.asarray(income, dtype=np.float64)
    if people.ndim != 2 or y.shape != people.shape[1:]:
        raise DataError(
            f"stocks of shape {people.shape} and incomes of shape {y.shape} do not fit",
            remedy="stocks are birthplace by residence, incomes one a residence",
        )
    if not (np.isfinite(people) & (people >= 0)).all():
        raise DataError("stocks are negative or missing")
    if (y < 0).any() or np.isinf(y).any():
        raise DataError("incomes of hosts are negative or infinite")
    return people, y


def _shares(share: ArrayLike, shape: tuple[int, ...]) -> Array:
    x = np.asarray(share, dtype=np.float64)
    if ((x < 0) | (x > 1)).any():
        wrong = float(x[(x < 0) | (x > 1)].flat[0])
        raise DataError(f"a share can not be {wrong:g}", remedy="give fractions: 35 % is 0.35")
    try:
        return np.broadcast_to(x, shape)
    except ValueError as error:
        raise DataError(f"shares of shape {x.shape} do not fit {shape}") from error


def _check_share(name: str, share: float) -> None:
    if not 0 <= share <= 1:
        raise DataError(f"{name} can not be {share}", remedy="give a share from 0 to 1")
