"""Poverty and inequality of a survey sample, with errors that know its design."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from corridors.errors import DataError
from corridors.numerics.typing import Array
from corridors.remittances.welfare.measured import Measures, coverage, symmetric
from corridors.remittances.welfare.measures import gaps, log_gaps, positive_mean
from corridors.remittances.welfare.refusals import incomes, poverty_line
from corridors.remittances.welfare.survey import (
    Design,
    linearised_variance,
    rescaled_weights,
    survey_design,
)

Errors = Literal["linearised", "bootstrap"]
_ALPHAS = {0.0: "headcount", 1.0: "poverty_gap", 2.0: "poverty_severity"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which measures, of what line.

    Attributes
    ----------
    line
        Poverty line.
    alphas
        Orders of the FGT family.
    floor
        Least income the Watts index counts; None leaves it undefined where incomes are zero.
    """

    line: float
    alphas: tuple[float, ...] = (0.0, 1.0, 2.0)
    floor: float | None = None

    def __post_init__(self) -> None:
        poverty_line(self.line)
        if any(not alpha >= 0 for alpha in self.alphas):
            raise DataError(f"alpha must not be negative: {self.alphas}")
        if self.floor is not None and not 0 < self.floor < self.line:
            raise DataError(f"the floor must lie between zero and the line {self.line}, not {self.floor}")

    def names(self) -> tuple[str, ...]:
        """Names of the measures in order."""
        family = tuple(_ALPHAS.get(float(alpha), f"fgt_{alpha:g}") for alpha in self.alphas)
        return (*family, "watts", "gini", "mean")


def survey_measures(
    income: ArrayLike,
    line: float,
    *,
    weights: ArrayLike | None = None,
    strata: ArrayLike | None = None,
    cluster: ArrayLike | None = None,
    alphas: tuple[float, ...] = (0.0, 1.0, 2.0),
    floor: float | None = None,
    errors: Errors = "linearised",
    draws: int = 200,
    level: float | None = None,
    seed: int = 0,
) -> Measures:
    """FGT family, Watts index, Gini coefficient and mean of a sample, with errors.

    Parameters
    ----------
    income
        Income per person of each row, shape ``(n,)``.
    line
        Poverty line, same unit.
    weights
        People a row stands for (household weight times size), shape ``(n,)``.
    strata, cluster
        Labels of the design, shape ``(n,)``; see :func:`survey_design`.
    alphas
        Orders of the FGT family.
    floor
        See :func:`watts`; without it the index is NaN, with a note, where incomes are zero.
    errors
        ``linearised`` (Taylor) or ``bootstrap`` (Rao and Wu).
    draws, seed
        Of the bootstrap.
    level
        Coverage of the intervals; default from the parameter table.

    Returns
    -------
    Measures

    Raises
    ------
    DataError
        Bad incomes, weights, line or design; see :func:`fgt` and :func:`survey_design`.

    Notes
    -----
    The errors are those of sampling; what a survey does not record is not in them.

    Examples
    --------
    >>> from corridors.remittances.welfare import survey_measures
    >>> found = survey_measures([1, 2, 3, 4], 2.5)
    >>> found["headcount"], round(float(found.error[0]), 4)
    (0.5, 0.2887)
    """
    values = incomes(income)
    wanted = Wanted(poverty_line(line), alphas, floor)
    design = survey_design(values.size, weights=weights, strata=strata, cluster=cluster)
    note = _notes(values, wanted)
    value, influence = estimates(values, design.weight, wanted)
    if errors == "linearised":
        error = np.sqrt(np.diag(linearised_variance(design, influence)))
        return symmetric(
            wanted.names(), value, error, design.freedom, level=level, method="linearised", note=note
        )
    if errors != "bootstrap":
        raise DataError(f"unknown errors {errors!r}", remedy="give linearised or bootstrap")
    return _resampled(values, design, wanted, value, draws=draws, level=level, seed=seed, note=note)


def estimates(income: Array, weight: Array, wanted: Wanted) -> tuple[Array, Array]:
    """Values of the measures, shape ``(k,)``, and influence of the rows, shape ``(n, k)``.

    Examples
    --------
    >>> import numpy as np
    >>> from corridors.remittances.welfare.households import Wanted, estimates
    >>> value, influence = estimates(np.array([1.0, 3.0]), np.ones(2), Wanted(2.0))
    >>> value.round(3).tolist(), influence.sum(0).round(9).tolist()
    ([0.5, 0.25, 0.125, 0.347, 0.25, 2.0], [0.0, 0.0, 0.0, 0.0, 0.0, 0.0])
    """
    share = weight / weight.sum()
    defined = wanted.floor is not None or not (income <= 0).any()
    lost = log_gaps(income, wanted.line, wanted.floor) if defined else np.full(income.size, np.nan)
    columns = [gaps(income, wanted.line, alpha) for alpha in wanted.alphas] + [lost, income]
    parts = np.stack(columns, axis=1)
    means = share @ parts
    around = parts - means
    coefficient, effect = _gini_influence(income, share)
    return np.insert(means, -1, coefficient), np.insert(around, -1, effect, axis=1)


def _gini_influence(income: Array, share: Array) -> tuple[float, Array]:
    mean = positive_mean(income, share)
    level, group = np.unique(income, return_inverse=True)
    held = np.bincount(group, weights=share)
    below = np.cumsum(held)
    above = mean - np.cumsum(held * level)
    # Expected greater of an income and of one drawn at random; G = E max / mean - 1.
    greater = (level * below + above)[group]
    expected = float(share @ greater)
    effect = 2.0 * (greater - expected) / mean - expected * (income - mean) / mean**2
    return expected / mean - 1.0, effect


def _resampled(
    income: Array,
    design: Design,
    wanted: Wanted,
    value: Array,
    *,
    draws: int,
    level: float | None,
    seed: int,
    note: tuple[str, ...],
) -> Measures:
    if draws < 20:
        raise DataError(f"{draws} draws are too few for an interval", remedy="ask for at least 20")
    made = np.empty((draws, value.size))
    for draw, weight in enumerate(rescaled_weights(design, draws, seed)):
        kept = weight > 0
        made[draw] = estimates(income[kept], weight[kept], wanted)[0]
    covered = coverage(level)
    lower, upper = np.quantile(made, [0.5 - covered / 2, 0.5 + covered / 2], axis=0)
    error = made.std(axis=0, ddof=1)
    method = f"bootstrap of clusters, {draws} draws"
    return Measures(wanted.names(), value, error, lower, upper, covered, method, note)


def _notes(income: Array, wanted: Wanted) -> tuple[str, ...]:
    bad = int((income <= 0).sum())
    if not bad:
        return ()
    if wanted.floor is None:
        return (f"watts is not defined: {bad} incomes are zero or negative; give floor=",)
    return (f"{bad} incomes of zero or less count as {wanted.floor:g} in watts",)
