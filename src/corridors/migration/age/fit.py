"""Fit Rogers–Castro schedules to rates by least squares, or to counts by likelihood."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from corridors.errors import DataError
from corridors.migration.age.curve import MODELS, curve
from corridors.migration.age.information import information, issues_of
from corridors.migration.age.schedule import AgeSchedule
from corridors.migration.age.schedule_fit import AgeScheduleFit
from corridors.migration.age.search import LEVELS, Found, Target, bounds_of, deviance_residual, search
from corridors.numerics.typing import Array

Bounds = Mapping[str, tuple[float, float]]


def fit_age_schedule(
    ages: ArrayLike,
    rates: ArrayLike,
    *,
    model: int = 7,
    weights: ArrayLike | None = None,
    width: float = 0.0,
    bounds: Bounds | None = None,
    starts: int = 4,
) -> AgeScheduleFit:
    """Fit a schedule to rates by weighted least squares.

    Parameters
    ----------
    ages
        Ascending ages in years, shape ``(m,)``, more than there are parameters.
    rates
        Rates or probabilities of moving at these ages, shape ``(m,)``, any unit.
    model
        Number of parameters: 7, 9 (rise of the oldest), 11 (retirement peak) or 13 (both).
    weights
        Relative weights, shape ``(m,)``, such as one over the variance of each rate; equal
        where not given.
    width
        Years in an age group, of which ``ages`` are the first; 0 for exact ages. Rates of
        five-year groups need 5: the peak is not flat within a group.
    bounds
        Lower and upper bound by parameter name, in place of the built-in ones.
    starts
        Number of starting values, taken from the data; the best end wins.

    Returns
    -------
    AgeScheduleFit

    Raises
    ------
    DataError
        Too few ages, rates that are negative, all zero or not numbers, shapes that differ,
        an unknown model, or bounds without room.

    Notes
    -----
    Rogers and Castro (1981). Standard errors from the Jacobian at the optimum and the
    residual variance, for rates with independent errors of variance proportional to
    ``1 / weights``.

    Examples
    --------
    >>> import numpy as np
    >>> from corridors.migration.age.schedule import model_schedule
    >>> from corridors.migration.age.fit import fit_age_schedule
    >>> ages = np.arange(0, 86)
    >>> fit = fit_age_schedule(ages, model_schedule("fundamental").rate(ages))
    >>> round(fit.schedule.parameters["mu2"], 4)
    20.0
    """
    names = _names(model)
    years = _checked_ages(ages, len(names), width)
    observed = _checked(rates, years, "rates")
    weight = np.ones(years.size) if weights is None else _checked(weights, years, "weights")
    if np.count_nonzero(weight) <= len(names):
        raise DataError(f"{np.count_nonzero(weight)} ages with weight are too few for {model} parameters",
                        remedy="give more ages a positive weight, or fit fewer parameters")  # fmt: skip
    level = float(observed.max())
    lower, upper = _bounds(names, bounds, level)
    root = np.sqrt(weight / weight.max())
    target = Target(years, width, names, observed / level, root, None, None, lower, upper)
    ends = search(target, _checked_starts(starts))
    mean = np.average(observed, weights=weight)
    spread = float(weight @ (observed - mean) ** 2)
    return _result(target, ends, level, "least-squares", float(weight.max()), spread)


def fit_age_counts(
    ages: ArrayLike,
    counts: ArrayLike,
    exposure: ArrayLike,
    *,
    model: int = 7,
    width: float = 0.0,
    bounds: Bounds | None = None,
    starts: int = 4,
) -> AgeScheduleFit:
    """Fit a schedule to counts of moves by Poisson likelihood.

    Parameters
    ----------
    ages, model, width, bounds, starts
        As in :func:`fit_age_schedule`.
    counts
        Moves at each age, shape ``(m,)``, persons.
    exposure
        Person-years, or persons at risk, at each age, shape ``(m,)``.

    Returns
    -------
    AgeScheduleFit
        Standard errors from the expected information. Where ``dispersion`` is well above 1
        they are too small by its square root.

    Raises
    ------
    DataError
        As in :func:`fit_age_schedule`; also moves without anybody at risk.

    Notes
    -----
    The sum of squared deviance residuals is minimised, which is the likelihood.

    Examples
    --------
    >>> import numpy as np
    >>> from corridors.migration.age.schedule import model_schedule
    >>> from corridors.migration.age.fit import fit_age_counts
    >>> ages, people = np.arange(0, 86), np.full(86, 1e4)
    >>> moves = np.round(people * model_schedule("fundamental").rate(ages))
    >>> round(fit_age_counts(ages, moves, people).schedule.parameters["mu2"], 1)
    20.0
    """
    names = _names(model)
    years = _checked_ages(ages, len(names), width)
    moves, people = _checked(counts, years, "counts"), _checked(exposure, years, "exposure", some=True)
    if np.any((people == 0) & (moves > 0)):
        bad = years[(people == 0) & (moves > 0)][:5].tolist()
        raise DataError("moves without anybody at risk", f"at ages {bad}", "correct exposure at these ages")
    used = people > 0
    if np.count_nonzero(used) <= len(names):
        raise DataError(f"{np.count_nonzero(used)} ages with people are too few for {model} parameters")
    rates = np.divide(moves, people, out=np.zeros_like(moves), where=used)
    level = float(rates.max())
    lower, upper = _bounds(names, bounds, level)
    # Starting values weight each rate by the inverse of its variance.
    root = people * level / np.sqrt(np.maximum(moves, 1.0))
    target = Target(years, width, names, rates / level, root, moves, people * level, lower, upper)
    ends = search(target, _checked_starts(starts))
    expected = people * moves.sum() / people.sum()
    null = float((deviance_residual(moves[used], expected[used])[0] ** 2).sum())
    return _result(target, ends, level, "poisson", 1.0, null)


def _result(
    target: Target, ends: list[Found], level: float, method: str, unit: float, spread: float
) -> AgeScheduleFit:
    best = ends[0]
    known = information(target, best.theta)
    scale = np.array([level if name in LEVELS else 1.0 for name in target.names])
    estimate = best.theta * scale
    fitted = curve(target.ages, target.names, estimate, target.width)
    used = target.root > 0
    free = int(used.sum()) - len(target.names)
    if method == "poisson" and target.counts is not None and target.exposure is not None:
        deviance, variance = best.cost, 1.0
        mean = np.maximum(target.exposure * fitted / level, 1e-300)
        dispersion = float((((target.counts - mean) ** 2 / mean)[used]).sum()) / free
    else:
        deviance = best.cost * unit * level**2
        variance = best.cost / free
        dispersion = deviance / free
    covariance = known.inverse * variance * np.outer(scale, scale)
    return AgeScheduleFit(
        schedule=AgeSchedule(dict(zip(target.names, map(float, estimate), strict=True)), "fitted"),
        method=method,
        names=target.names,
        estimate=estimate,
        standard_error=np.sqrt(np.diag(covariance)),
        covariance=covariance,
        ages=target.ages,
        width=target.width,
        observed=target.rates * level,
        fitted=fitted,
        deviance=deviance,
        r_squared=1.0 - deviance / spread if spread > 0 else float("nan"),
        dispersion=dispersion,
        degrees_of_freedom=free,
        converged=best.converged,
        issues=issues_of(target, ends, known, np.sqrt(np.diag(known.inverse) * variance)),
    )


def _bounds(names: tuple[str, ...], own: Bounds | None, level: float) -> tuple[Array, Array]:
    if not level > 0:
        raise DataError("there are no moves at any age", remedy="give rates that are not all zero")
    lower, upper = bounds_of(names, own)
    scale = np.array([level if name in LEVELS else 1.0 for name in names])
    return lower / scale, upper / scale


def _names(model: Any) -> tuple[str, ...]:
    if model not in MODELS:
        raise DataError(f"there is no Rogers–Castro model of {model} parameters", remedy="7, 9, 11 or 13")
    return MODELS[model]


def _checked_starts(starts: int) -> int:
    if starts < 1:
        raise DataError(f"starts must be at least 1, not {starts}")
    return starts


def _checked_ages(ages: ArrayLike, parameters: int, width: float) -> Array:
    years = np.asarray(ages, dtype=np.float64)
    if years.ndim != 1 or years.size <= parameters:
        raise DataError(
            f"ages of shape {years.shape} are too few for {parameters} parameters",
            remedy="give at least one age more than there are parameters, or fit fewer",
        )
    if not np.all(np.isfinite(years)) or np.any(years < 0) or np.any(np.diff(years) <= 0):
        raise DataError("ages must ascend from zero or above", remedy="sort the ages; drop duplicates")
    if not 0 <= width <= float(np.diff(years).min()) + 1e-9:
        raise DataError(f"age groups of {width} years overlap", remedy="give 0, or the years in a group")
    return years


def _checked(values: ArrayLike, ages: Array, name: str, *, some: bool = False) -> Array:
    array = np.asarray(values, dtype=np.float64)
    if array.shape != ages.shape:
        raise DataError(f"{name} of shape {array.shape} do not fit {ages.size} ages",
                        remedy="give one figure an age")  # fmt: skip
    bad = np.flatnonzero(~np.isfinite(array) | (array < 0))
    if bad.size:
        raise DataError(
            f"{bad.size} of the {name} are negative or not a number",
            f"at ages {ages[bad][:5].tolist()}",
            "fill or drop these ages first",
        )
    if some and not np.any(array > 0):
        raise DataError(f"{name} must be positive at some age")
    return array
