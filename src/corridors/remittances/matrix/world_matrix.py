"""One world matrix from arrays: the rule or seed, the residual sender, the reconciliation."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from corridors.numerics.typing import Array
from corridors.remittances.matrix.inputs import MatrixInputs
from corridors.remittances.matrix.reconciliation import Reconciled, reconcile_years
from corridors.remittances.matrix.rules import remittance_shares


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a matrix is made from its inputs.

    Attributes
    ----------
    rule, exponent, missing
        As in :func:`remittance_shares`.
    seed
        A prior used instead of a rule, shape ``(n, n)``, or None.
    closed
        Corridors through which nothing flows, shape ``(n, n)``, or None.
    outflow_sd
        Relative standard errors of reported outflows, shape ``(n,)``; None for no reconciliation.
    rest_share
        Prior share of the residual sender; None for the parameter.
    """

    rule: str
    exponent: float | None
    missing: str
    seed: Array | None = None
    closed: NDArray[np.bool_] | None = None
    outflow_sd: Array | None = None
    rest_share: float | None = None


@dataclass(frozen=True, slots=True)
class Solved:
    """A matrix, recipient by sender, the residual sender in the last column.

    Attributes
    ----------
    table
        Shape ``(n, n + 1)``, USD million; each row adds up to the recipient's inflow.
    reconciled
        Details of the reconciliation of the recipients in ``rows``, or None.
    rows
        Recipients with migrants abroad and an inflow.
    """

    table: Array
    reconciled: Reconciled | None
    rows: NDArray[np.int64]


def solve(inputs: MatrixInputs, recipe: Recipe) -> Solved:
    """Make a matrix.

    A recipient without migrants abroad gets all from the residual sender; one without a recorded
    inflow has no estimate, and its row is zero. A year without any recorded outflow is reconciled together
    with the one before it, so that one factor of each sender serves both.

    Parameters
    ----------
    inputs
        Figures of the year.
    recipe
        What to make of them.

    Examples
    --------
    >>> import numpy as np
    >>> from corridors.remittances.matrix.inputs import MatrixInputs
    >>> from corridors.remittances.matrix.world_matrix import Recipe, solve
    >>> found = MatrixInputs(("A", "B"), 2020, np.array([[0.0, 9], [0, 0]]), np.ones(2),
    ...                      np.array([5.0, 3.0]), np.full(2, np.nan))
    >>> solve(found, Recipe("migrants", None, "mean")).table.tolist()
    [[0.0, 5.0, 0.0], [0.0, 0.0, 3.0]]
    """
    table, rows = _shared_out(inputs, recipe)
    if recipe.outflow_sd is None:
        return Solved(table, None, rows)
    found = _reconciled(inputs, recipe, table, rows)
    table[rows] = np.column_stack([found.table, found.rest])
    return Solved(table, found, rows)


def _shared_out(inputs: MatrixInputs, recipe: Recipe) -> tuple[Array, NDArray[np.int64]]:
    n = len(inputs.places)
    received = np.nan_to_num(inputs.inflow)
    share = _shares(inputs, recipe)
    served = share.sum(1) > 0
    table = np.zeros((n, n + 1))
    table[:, :n] = share * received[:, None]
    table[~served, n] = received[~served]
    return table, np.flatnonzero(served & (received > 0))


def _reconciled(inputs: MatrixInputs, recipe: Recipe, table: Array, rows: NDArray[np.int64]) -> Reconciled:
    n = len(inputs.places)
    years = [(inputs, table, rows)]
    if inputs.before is not None:
        years.insert(0, (inputs.before, *_shared_out(inputs.before, recipe)))
    used = np.flatnonzero(np.isin(np.arange(n), np.concatenate([served for *_, served in years])))
    priors: list[Array] = []
    inflows: list[Array] = []
    outflows: list[Array] = []
    for year, made, served in years:
        mine = np.isin(used, served)
        priors.append(np.where(mine[:, None], made[used, :n], 0.0))
        inflows.append(np.where(mine, year.inflow[used], np.nan))
        # An outflow without any migrants at home can not be placed; it is listed, not forced.
        outflows.append(np.where(priors[-1].any(0), year.outflow, np.nan))
    found = reconcile_years(
        priors,
        inflows,
        outflows,
        outflow_sd=recipe.outflow_sd if recipe.outflow_sd is not None else np.inf,
        rest_share=recipe.rest_share,
        labels=([inputs.places[i] for i in used.tolist()], inputs.places),
    )[-1]
    mine = np.isin(used, rows)
    return replace(
        found,
        table=found.table[mine],
        rest=found.rest[mine],
        inflow=found.inflow[mine],
        recipient_factor=found.recipient_factor[mine],
    )


def _shares(inputs: MatrixInputs, recipe: Recipe) -> Array:
    if recipe.seed is None:
        stock = inputs.stock if recipe.closed is None else np.where(recipe.closed, 0.0, inputs.stock)
        return remittance_shares(
            stock,
            inputs.income,
            rule=recipe.rule,
            exponent=recipe.exponent,
            missing=recipe.missing,
            labels=inputs.places,
        )
    weight = recipe.seed if recipe.closed is None else np.where(recipe.closed, 0.0, recipe.seed)
    total = weight.sum(1, keepdims=True)
    return np.divide(weight, total, out=np.zeros_like(weight), where=total > 0)
