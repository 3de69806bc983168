"""Intervals of a matrix from errors of stocks, incomes, the exponent and reported totals."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from corridors.numerics.typing import Array
from corridors.parameters import value
from corridors.remittances.matrix.inputs import MatrixInputs
from corridors.remittances.matrix.world_matrix import Recipe, solve


@dataclass(frozen=True, slots=True)
class Intervals:
    """Bounds of corridors and of totals; every bound includes the estimate.

    Attributes
    ----------
    lower, upper
        Shape ``(n, n + 1)``, the residual sender last, USD million.
    sent_lower, sent_upper
        Of what each place sends, shape ``(n + 1,)``.
    """

    lower: Array
    upper: Array
    sent_lower: Array
    sent_upper: Array


def matrix_intervals(
    inputs: MatrixInputs,
    recipe: Recipe,
    estimate: Array,
    draws: int,
    seed: int,
    *,
    exponent_sd: float | None = None,
) -> Intervals:
    """Draw stocks, incomes, the exponent and totals again and again.

    Stocks, incomes and inflows are multiplied by log-normal errors of mean 1, each reported outflow by one
    of its own reliability (at most 100 %), a seed by one of the prior's; the exponent is normal and kept
    from 0 to 1.

    Parameters
    ----------
    inputs, recipe
        As in :func:`solve`.
    estimate
        The matrix without errors, shape ``(n, n + 1)``.
    draws, seed
        Number of draws, and the seed of their streams: one stream a draw.
    exponent_sd
        Default the parameter ``ratha_shaw_exponent_sd``.

    Returns
    -------
    Intervals

    Notes
    -----
    Parameters ``stock_error_sd``, ``remittance_income_error_sd``, ``remittance_inflow_error_sd``,
    ``remittance_prior_sd`` and ``interval_level``. The choice of rule is not drawn: compare rules instead.

    Examples
    --------
    >>> from corridors.remittances.matrix.interval import matrix_intervals
    >>> import numpy as np
    >>> from corridors.remittances.matrix.inputs import MatrixInputs
    >>> from corridors.remittances.matrix.world_matrix import Recipe, solve
    >>> found = MatrixInputs(("A", "B"), 2020, np.array([[0.0, 9], [0, 0]]), np.ones(2),
    ...                      np.array([5.0, 3.0]), np.full(2, np.nan))
    >>> recipe = Recipe("migrants", None, "mean")
    >>> bounds = matrix_intervals(found, recipe, solve(found, recipe).table, draws=50, seed=0)
    >>> bool(bounds.lower[0, 1] < 5 < bounds.upper[0, 1])
    True
    """
    cells = np.nonzero(estimate)
    made = np.empty((draws, cells[0].size))
    sent = np.empty((draws, estimate.shape[1]))
    spread = value("ratha_shaw_exponent_sd") if exponent_sd is None else exponent_sd
    for draw in range(draws):
        rng = np.random.default_rng(np.random.SeedSequence([seed, draw]))
        table = solve(*_perturbed(inputs, recipe, spread, rng)).table
        made[draw], sent[draw] = table[cells], table.sum(0)
    tail = (1 - value("interval_level")) / 2
    low, high = np.quantile(made, [tail, 1 - tail], axis=0)
    lower, upper = estimate.copy(), estimate.copy()
    lower[cells], upper[cells] = np.minimum(low, estimate[cells]), np.maximum(high, estimate[cells])
    sent_low, sent_high = np.quantile(sent, [tail, 1 - tail], axis=0)
    total = estimate.sum(0)
    return Intervals(lower, upper, np.minimum(sent_low, total), np.maximum(sent_high, total))


def _perturbed(
    inputs: MatrixInputs, recipe: Recipe, exponent_sd: float, rng: np.random.Generator
) -> tuple[MatrixInputs, Recipe]:
    # All is drawn in every draw and in one order, so that results do not depend on the recipe.
    n = len(inputs.places)
    people = _errors(rng.standard_normal((n, n)), value("stock_error_sd"))
    earned = _errors(rng.standard_normal(n), value("remittance_income_error_sd"))
    received = _errors(rng.standard_normal(n), value("remittance_inflow_error_sd"))
    outward, shift = rng.standard_normal(n), rng.standard_normal()
    paid = np.ones(n) if recipe.outflow_sd is None else _errors(outward, np.minimum(recipe.outflow_sd, 1.0))
    exponent, prior = recipe.exponent, recipe.seed
    if exponent is not None:
        exponent = float(np.clip(exponent + exponent_sd * shift, 0.0, 1.0))
    if prior is not None:
        prior = prior * _errors(rng.standard_normal((n, n)), value("remittance_prior_sd"))

    def moved(year: MatrixInputs) -> MatrixInputs:
        # Who records too little does so in successive years: an earlier year has the same errors.
        return replace(
            year,
            stock=year.stock * people,
            income=year.income * earned,
            inflow=year.inflow * received,
            outflow=year.outflow * paid,
            before=None if year.before is None else moved(year.before),
        )

    return moved(inputs), replace(recipe, exponent=exponent, seed=prior)


def _errors(normal: Array, sd: float | Array) -> Array:
    return np.exp(sd * normal - np.square(sd) / 2)
