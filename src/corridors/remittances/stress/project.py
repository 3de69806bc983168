"""A shock pushed through corridors to receivers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from corridors.errors import DataError
from corridors.numerics.typing import Array
from corridors.parameters import value
from corridors.remittances.elasticities import HostIncomeElasticity
from corridors.remittances.stress.history import Record
from corridors.remittances.stress.projected_inflows import StressTest
from corridors.remittances.stress.responses import Responses, default_responses
from corridors.remittances.stress.shock import Shock
from corridors.remittances.stress.track_record import StressBackTest


def stress_test(
    matrix: ArrayLike,
    shock: Shock,
    responses: Responses | None = None,
    *,
    labels: Sequence[str] | None = None,
    record: Record | None = None,
    history: ArrayLike | None = None,
    back_tests: Sequence[StressBackTest] | None = None,
    weight_sd: float | None = None,
    draws: int = 200,
    seed: int = 0,
    level: float | None = None,
) -> StressTest:
    """Project what receivers get after a shock.

    Parameters
    ----------
    matrix
        Remittances from sending (rows) to receiving (columns) country, shape ``(n, n)``, USD million.
    shock
        What happens.
    responses
        Typed elasticities; :func:`default_responses` where not given.
    labels
        Names of the places.
    record
        What was recorded: gives the two that follow where they are not given.
    history
        Recorded inflows by year, shape ``(y, n)``, NaN where unknown, for percentiles.
    back_tests
        Of the model used.
    weight_sd
        Relative error of corridors; parameter ``corridor_weight_sd``. What each receiver gets in all
        is kept, as it is recorded and its corridors are modelled.
    draws, seed
        Draws of elasticities (one of each for all corridors) and corridors, one stream a draw.
    level
        Probability of intervals; parameter ``interval_level``.

    Returns
    -------
    StressTest
        With no change it is exactly the matrix; linear in the matrix; its interval holds its estimate.

    Raises
    ------
    DataError
        A matrix that is not square, negative, or has money sent to oneself; an impossible shock.

    Notes
    -----
    ``T (1 + g)**e`` for income, after Mohapatra and Ratha (2010) ``T (1 + e g)`` with
    :class:`WorldBankHostIncome`; see :class:`Shock` for the others.

    Examples
    --------
    >>> from corridors.remittances.elasticities import HostIncomeElasticity
    >>> from corridors.remittances.stress import Shock, default_responses, stress_test
    >>> responses = default_responses(host_income=HostIncomeElasticity(1.0))
    >>> shock = Shock(host_income=[-0.1, 0.0])
    >>> found = stress_test([[0, 50], [20, 0]], shock, responses, labels=["USA", "MEX"], draws=0)
    >>> found.after.tolist()
    [20.0, 45.0]
    """
    table, label = _matrix(matrix, labels)
    n = len(label)
    used = default_responses() if responses is None else responses
    sending, receiving = np.nonzero(table)
    cells, before = table[sending, receiving], table.sum(0)
    if history is None and record is not None:
        history = record.inflows(label)
    past = np.empty((0, n)) if history is None else np.asarray(history, dtype=np.float64)
    if past.ndim != 2 or past.shape[1] != n:
        raise DataError(f"a history of shape {past.shape} does not fit {n} places")

    def change(response: Responses, amounts: Array) -> Array:
        return amounts * (shock.factors(response, n, sending, receiving) - 1)

    moved = change(used, cells)
    corridors = np.zeros((n, n))
    corridors[sending, receiving] = moved
    sd = value("corridor_weight_sd") if weight_sd is None else weight_sd
    made = np.empty((draws, n))
    for draw in range(draws):
        rng = np.random.default_rng(np.random.SeedSequence([seed, draw]))
        response = used.at(*rng.uniform(1e-9, 1 - 1e-9, 4))
        weights = cells * np.exp(sd * rng.standard_normal(cells.size))
        sums = np.bincount(receiving, weights, minlength=n)
        weights *= before[receiving] / sums[receiving]
        made[draw] = before + np.bincount(receiving, change(response, weights), minlength=n)
    return StressTest(
        label,
        before,
        before + corridors.sum(0),
        corridors,
        made,
        value("interval_level") if level is None else level,
        past,
        _tests(record, used, shock) if back_tests is None else tuple(back_tests),
    )


def _tests(record: Record | None, responses: Responses, shock: Shock) -> tuple[StressBackTest, ...]:
    """Back-tests of the response to host income, the only one that the record can test."""
    if record is None or not np.any(np.asarray(shock.host_income)):
        return ()
    if isinstance(responses.host_income, HostIncomeElasticity):
        return record.back_tests("elasticity", responses.host_income.value)
    return record.back_tests("world_bank")


def _matrix(matrix: ArrayLike, labels: Sequence[str] | None) -> tuple[Array, tuple[str, ...]]:
    table = np.asarray(matrix, dtype=np.float64)
    if table.ndim != 2 or table.shape[0] != table.shape[1]:
        raise DataError(f"corridors of shape {table.shape} are not square")
    label = tuple(map(str, range(table.shape[0]) if labels is None else labels))
    if len(label) != table.shape[0] or len(set(label)) != len(label):
        raise DataError(f"{len(label)} labels, {len(set(label))} of them different, for {len(table)} places")
    bad = np.argwhere(~np.isfinite(table) | (table < 0))
    if bad.size:
        shown = "\n".join(f"{label[i]} to {label[j]}: {table[i, j]:g}" for i, j in bad[:5])
        raise DataError(f"{len(bad)} corridor(s) are negative or missing", shown)
    if np.diag(table).any():
        own = ", ".join(label[k] for k in np.flatnonzero(np.diag(table))[:5])
        raise DataError(f"{own} send(s) remittances to itself", remedy="set the diagonal to zero")
    return table, label
