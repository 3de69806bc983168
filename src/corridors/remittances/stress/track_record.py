"""How well the model would have told what happened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import ArrayLike

from corridors.errors import DataError
from corridors.numerics.typing import Array
from corridors.remittances.elasticities import HostIncomeElasticity
from corridors.remittances.stress.responses import WorldBankHostIncome
from corridors.results import Result


@dataclass(frozen=True, slots=True)
class StressBackTest(Result, keys=("country",)):
    """Predicted and recorded changes of inflows of one year.

    Attributes
    ----------
    name
        Year, or what was tested.
    model
        What predicted, in words.
    label
        Receivers compared.
    before, predicted, actual
        Inflows of the year before, and relative changes, shape ``(k,)``.
    """

    name: str
    model: str
    label: tuple[str, ...]
    before: Array
    predicted: Array
    actual: Array

    @property
    def predicted_total(self) -> float:
        """Relative change of the sum, predicted."""
        return float(self.before @ self.predicted / self.before.sum())

    @property
    def actual_total(self) -> float:
        """Relative change of the sum, recorded."""
        return float(self.before @ self.actual / self.before.sum())

    @property
    def rmse(self) -> float:
        """Root mean square error of countries' relative changes, each counting once.

        Ruled by small receivers whose records began or were revised.
        """
        return float(np.sqrt(np.mean((self.predicted - self.actual) ** 2)))

    @property
    def weighted_rmse(self) -> float:
        """The same, countries weighted by inflow."""
        return float(np.sqrt(np.average((self.predicted - self.actual) ** 2, weights=self.before)))

    @property
    def median_error(self) -> float:
        """Median absolute error of countries' relative changes."""
        return float(np.median(np.abs(self.predicted - self.actual)))

    @property
    def no_change_rmse(self) -> float:
        """Weighted error of saying that nothing changes: what the model has to beat."""
        return float(np.sqrt(np.average(self.actual**2, weights=self.before)))

    @property
    def correlation(self) -> float:
        """Correlation of predicted and recorded changes over countries; NaN where one does not vary."""
        if min(np.ptp(self.predicted), np.ptp(self.actual)) == 0:
            return float("nan")
        return float(np.corrcoef(self.predicted, self.actual)[0, 1])

    def to_polars(self) -> pl.DataFrame:
        """One row a receiver."""
        return pl.DataFrame(
            {
                "country": self.label,
                "before": self.before,
                "predicted": self.predicted,
                "actual": self.actual,
            }
        )

    def summary(self) -> str:
        """One line."""
        return (
            f"{self.name}: {self.predicted_total:+.1%} predicted, {self.actual_total:+.1%} recorded; "
            f"weighted RMSE of {len(self.label)} countries {self.weighted_rmse:.1%} (no change: "
            f"{self.no_change_rmse:.1%}), median error {self.median_error:.1%}, "
            f"correlation {self.correlation:.2f}"
        )


def back_test(
    matrix: ArrayLike,
    host_change: ArrayLike,
    before: ArrayLike,
    after: ArrayLike,
    *,
    response: HostIncomeElasticity | WorldBankHostIncome | None = None,
    labels: Sequence[str] | None = None,
    name: str = "",
) -> StressBackTest:
    """Predict the inflows of a year from incomes of hosts, and compare.

    Parameters
    ----------
    matrix
        Corridors of the year before, sending by receiving, shape ``(n, n)``; only each receiver's shares
        by host matter.
    host_change
        Relative change of hosts' income, shape ``(n,)``; hosts with NaN are left out of the shares.
    before, after
        Inflows recorded in the two years, shape ``(n,)``, USD million, NaN where not known.
    response
        What is tested; elasticity 1 where not given.
    labels, name
        Names of places and of the test.

    Returns
    -------
    StressBackTest
        Of receivers with positive inflows before, known inflows after and at least one host.

    Examples
    --------
    >>> from corridors.remittances.stress import back_test
    >>> test = back_test([[0, 9], [0, 0]], [-0.1, 0], [0, 50], [0, 49], name="2009")
    >>> round(test.predicted_total, 3), round(test.actual_total, 3)
    (-0.1, -0.02)
    """
    table = np.asarray(matrix, dtype=np.float64)
    growth, old, new = (np.asarray(x, dtype=np.float64) for x in (host_change, before, after))
    n = table.shape[0]
    if table.shape != (n, n) or any(x.shape != (n,) for x in (growth, old, new)):
        raise DataError(f"corridors of shape {table.shape} do not fit {growth.size} changes or the inflows")
    if not (np.isfinite(table) & (table >= 0)).all():
        raise DataError("corridors are negative or missing")
    model = HostIncomeElasticity(1.0) if response is None else response
    known = np.isfinite(growth)
    weights = np.where(known[:, None], table, 0.0)
    ratio = model.ratio(np.where(known, growth, 0.0))
    total = weights.sum(0)
    usable = (total > 0) & (np.nan_to_num(old) > 0) & np.isfinite(new)
    if not usable.any():
        raise DataError("no receiver has hosts with known income and inflows in both years")
    predicted = (ratio - 1) @ weights[:, usable] / total[usable]
    words = f"elasticity {model.value:g}" if isinstance(model, HostIncomeElasticity) else "World Bank"
    label = tuple(map(str, range(n) if labels is None else labels))
    return StressBackTest(
        name,
        f"host income, {words}",
        tuple(label[k] for k in np.flatnonzero(usable)),
        old[usable],
        predicted,
        new[usable] / old[usable] - 1,
    )
