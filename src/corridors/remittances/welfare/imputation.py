"""What receivers would earn with their migrants at home, and a made-up world in which that is known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import log_ndtr
from scipy.stats import norm, truncnorm

from corridors.errors import DataError
from corridors.numerics.typing import Array, Mask
from corridors.remittances.welfare.survey import Design

Residuals = Literal["normal", "empirical", "none"]


def home_earnings(
    income: Array,
    receives: Mask,
    covariates: ArrayLike,
    design: Design,
    *,
    selection: ArrayLike | None = None,
    residuals: Residuals = "normal",
    draws: int = 20,
    seed: int = 0,
) -> list[Array]:
    """Incomes without remittances: those of other households kept, those of receivers imputed.

    Parameters
    ----------
    income
        Per person, shape ``(n,)``; positive for households that do not receive.
    receives
        Who receives, shape ``(n,)``.
    covariates, selection
        Shape ``(n, p)`` and ``(n, q)``; see :func:`without_remittances`.
    design
        Of the sample; its clusters are reweighted for each draw.
    residuals
        What is added to the prediction.
    draws
        At least 20, except without residuals, where it is a demonstration.
    seed
        Same seed, same draws; they do not depend on how many are made.

    Returns
    -------
    list of Array
        One of shape ``(n,)`` for each draw.

    Raises
    ------
    DataError
        Too few draws or rows, missing covariates, incomes of zero or less among those who do
        not receive.
    """
    if residuals not in ("normal", "empirical", "none"):
        raise DataError(f"unknown residuals {residuals!r}", remedy="give normal, empirical or none")
    if draws < 20:
        raise DataError(f"{draws} imputations are too few", remedy="ask for at least 20")
    if selection is not None and residuals == "empirical":
        raise DataError("correction for selection needs normal residuals")
    x = _with_constant(covariates, income.size, "covariates")
    z = None if selection is None else _with_constant(selection, income.size, "selection")
    stay = ~receives
    if (income[stay] <= 0).any():
        raise DataError(
            f"{int((income[stay] <= 0).sum())} households without remittances have no income",
            "their logarithm is the model",
            "set a least income, or drop them",
        )
    if int(stay.sum()) < 5 * x.shape[1]:
        raise DataError(f"{int(stay.sum())} households are too few for {x.shape[1]} coefficients")
    made = []
    for draw in range(draws):
        rng = np.random.default_rng(np.random.SeedSequence([seed, draw]))
        weight = design.weight * rng.exponential(size=design.stratum.size)[design.cluster]
        predicted = _draw(income, stay, x, z, weight, residuals, rng)
        made.append(np.where(stay, income, predicted))
    return made


def _draw(
    income: Array,
    stay: Mask,
    x: Array,
    z: Array | None,
    weight: Array,
    residuals: Residuals,
    rng: np.random.Generator,
) -> Array:
    log_income = np.log(income[stay])
    columns = x[stay]
    index = np.zeros(income.size) if z is None else z @ probit(z, ~stay, weight)
    if z is not None:
        # Expected error of receiving among those who do not receive.
        mills = -np.exp(norm.logpdf(index[stay]) - log_ndtr(-index[stay]))
        columns = np.column_stack([columns, mills])
    root = np.sqrt(weight[stay] / weight[stay].mean())
    found = np.linalg.lstsq(columns * root[:, None], log_income * root, rcond=None)[0]
    left = log_income - columns @ found
    share = weight[stay] / weight[stay].sum()
    variance = float(share @ left**2) * left.size / (left.size - columns.shape[1])
    predicted = x @ found[: x.shape[1]]
    if residuals == "none":
        return np.exp(predicted)
    if residuals == "empirical":
        return np.exp(predicted + rng.choice(left, income.size, p=share))
    if z is None:
        return np.exp(predicted + rng.normal(0.0, np.sqrt(variance), income.size))
    slope = float(found[-1])
    mills = columns[:, -1]
    # Selection narrows errors; undo it (Heckman 1979).
    variance += slope**2 * float(share @ (mills * (mills - index[stay])))
    slope = float(np.clip(slope, -0.99 * np.sqrt(variance), 0.99 * np.sqrt(variance)))
    chosen = truncnorm.rvs(-index, np.inf, random_state=rng)
    other = rng.normal(0.0, np.sqrt(variance - slope**2), income.size)
    return np.exp(predicted + slope * chosen + other)


def probit(columns: Array, outcome: Mask, weight: Array) -> Array:
    """Coefficients of a weighted probit by Newton's method, shape ``(q,)``.

    Raises
    ------
    DataError
        Where the columns separate the outcomes completely.

    Examples
    --------
    >>> import numpy as np
    >>> from corridors.remittances.welfare.imputation import probit
    >>> probit(np.ones((4, 1)), np.array([True, False, False, False]), np.ones(4)).round(4).tolist()
    [-0.6745]
    """
    sign = np.where(outcome, 1.0, -1.0)
    found = np.zeros(columns.shape[1])
    for _ in range(60):
        index = sign * (columns @ found)
        ratio = np.exp(norm.logpdf(index) - log_ndtr(index))
        slope = columns.T @ (weight * sign * ratio)
        curve = (columns * (weight * ratio * (index + ratio))[:, None]).T @ columns
        step = np.linalg.lstsq(curve, slope, rcond=None)[0]
        found = found + step
        if np.abs(step).max() < 1e-9:
            return found
    raise DataError("who receives is predicted without error: there is nothing to compare")


def _with_constant(values: ArrayLike, n: int, name: str) -> Array:
    given = np.asarray(values, dtype=np.float64)
    given = given[:, None] if given.ndim == 1 else given
    if given.ndim != 2 or given.shape[0] != n:
        raise DataError(f"{name} has shape {given.shape}, incomes have {n} rows")
    if not np.isfinite(given).all():
        raise DataError(f"{name} has missing or infinite figures", remedy="drop or impute these rows")
    return np.column_stack([np.ones(n), given])


@dataclass(frozen=True, slots=True)
class KnownTruth:
    """Generated households, with and without migration.

    Attributes
    ----------
    income
        Observed, remittances included, shape ``(n,)``.
    remittances
        Their part of it.
    without
        What the same households would have if nobody had left: never observed in life.
    covariates
        Schooling and land of the household with everybody at home, shape ``(n, 2)``.
    line
        A poverty line.
    """

    income: Array
    remittances: Array
    without: Array
    covariates: Array
    line: float


def known_truth(n: int = 20_000, *, seed: int = 0) -> KnownTruth:
    """Generate households of which a third sends a migrant.

    Migrants leave households with more schooling, take their home earnings along and send
    back somewhat more. Naive removal forgets the earnings they took along.

    Parameters
    ----------
    n
        Number of households.
    seed
        Same seed, same households.

    Examples
    --------
    >>> from corridors.remittances.welfare import fgt, known_truth
    >>> world = known_truth(1000)
    >>> round(fgt(world.without, world.line), 2), round(fgt(world.income, world.line), 2)
    (0.39, 0.35)
    """
    rng = np.random.default_rng(seed)
    schooling, land = rng.normal(size=n), rng.normal(size=n)
    home = np.exp(1.15 + 0.35 * schooling + 0.15 * land + rng.normal(0.0, 0.55, n))
    leaves = 0.5 * schooling + rng.normal(size=n) > 0.5
    part = rng.uniform(0.2, 0.5, n)
    sent = np.where(leaves, part * home * rng.lognormal(0.45, 0.4, n), 0.0)
    income = np.where(leaves, (1 - part) * home, home) + sent
    return KnownTruth(income, sent, home, np.stack([schooling, land], axis=1), 2.5)
