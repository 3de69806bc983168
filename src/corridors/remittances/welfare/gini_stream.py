"""One pass over sorted incomes: exact Gini coefficients and their errors in constant memory."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from corridors.numerics.typing import Array
from corridors.remittances.welfare.refusals import Codes


@dataclass(slots=True)
class GiniPass:
    """Accumulates what the Gini coefficient of each column needs, rows sorted by the first.

    Attributes
    ----------
    people, mean
        Sum of weights and mean of the sorting income, from an earlier pass.
    columns
        Number of columns besides weight: the sorting income and its sources.
    clusters
        Number of clusters for errors; None where every row is its own, 0 for no errors.
    strata
        Number of strata where every row is its own cluster.
    """

    people: float
    mean: float
    columns: int
    clusters: int | None = 0
    strata: int = 1
    _below: float = 0.0
    _income: float = 0.0
    _joint: Array = field(init=False)
    _moments: Array = field(init=False)
    _held: tuple[Array, Array, Codes | None] | None = None

    def __post_init__(self) -> None:
        self._joint = np.zeros(self.columns)
        size = self.strata if self.clusters is None else self.clusters
        self._moments = np.zeros((size, 6))

    def add(self, values: Array, weight: Array, code: Codes | None = None) -> None:
        """Take the next rows: values of shape ``(n, columns)``, the first column ascending."""
        if self._held is not None:
            first, w, c = self._held
            values, weight = np.concatenate([first, values]), np.concatenate([w, weight])
            code = None if code is None or c is None else np.concatenate([c, code])
        # Equal incomes share one rank, so the last of them wait for the next rows.
        last = int(np.searchsorted(values[:, 0], values[-1, 0], side="left"))
        tail = None if code is None else code[last:]
        self._held = (values[last:], weight[last:], tail)
        if last:
            self._take(values[:last], weight[:last], None if code is None else code[:last])

    def read(self, batches: Iterable[Any]) -> None:
        """Take Arrow batches whose columns are the values, the weight and perhaps ``code``."""
        for batch in batches:
            if not batch.num_rows:
                continue
            got = [column.to_numpy(zero_copy_only=False) for column in batch.columns]
            code = got.pop().astype(np.int64) if batch.schema.names[-1] == "code" else None
            weight = got.pop()
            self.add(got[0][:, None] if len(got) == 1 else np.column_stack(got), weight, code)

    def finish(self) -> Array:
        """Minus the covariance of each column with the rank weights; the first over mean is the Gini."""
        if self._held is not None:
            held, self._held = self._held, None
            self._take(*held)
        return self._joint

    def variance(self, gini: float) -> float:
        """Variance of the Gini coefficient where every row is its own cluster.

        The influence is ``e - (G + 1) h``, linear in what was summed: *e* twice the expected
        greater income over the mean, *h* one plus income over the mean.
        """
        g = gini + 1.0
        e, h, ee, eh, hh, count = self._moments.T
        total, square = e - g * h, ee - 2 * g * eh + g * g * hh
        return float((count / (count - 1) * (square - total**2 / count)).sum())

    def cluster_totals(self, gini: float) -> Array:
        """Weighted sums of influence by cluster, shape ``(clusters,)``."""
        return self._moments[:, 0] - (gini + 1.0) * self._moments[:, 1]

    def _take(self, values: Array, weight: Array, code: Codes | None) -> None:
        income = values[:, 0]
        start = np.flatnonzero(np.concatenate([[True], income[1:] != income[:-1]]))
        size = np.diff(np.append(start, income.size))
        held = weight if start.size == income.size else np.add.reduceat(weight, start)
        below = self._below + np.cumsum(held)
        # Twice the mid-rank less one, by row: covers ties exactly.
        middle = (2.0 * below - held) / self.people - 1.0
        rank = middle if start.size == income.size else np.repeat(middle, size)
        self._joint += (weight * rank) @ values / self.people
        if self._moments.size:
            earned = held * income[start]
            above = self.mean - (self._income + np.cumsum(earned)) / self.people
            greater = np.repeat(income[start] * below / self.people + above, size)
            self._influence(greater, income, weight / self.people, code)
            self._income += float(earned.sum())
        self._below = float(below[-1])

    def _influence(self, greater: Array, income: Array, share: Array, code: Codes | None) -> None:
        e = 2.0 * greater / self.mean * share
        h = (1.0 + income / self.mean) * share
        rows: Iterable[Array] = (e, h)
        if self.clusters is None:
            rows = (e, h, e * e, e * h, h * h, np.ones_like(e))
        for k, row in enumerate(rows):
            if code is None:
                self._moments[0, k] += row.sum()
            else:
                self._moments[:, k] += np.bincount(code, weights=row, minlength=len(self._moments))


def between_clusters(totals: Array, stratum: Codes) -> Array:
    """Variance of estimates from the sums of influence of clusters, shape ``(k,)``.

    Parameters
    ----------
    totals
        Shape ``(clusters, k)``.
    stratum
        Of each cluster, shape ``(clusters,)``.

    Examples
    --------
    >>> import numpy as np
    >>> from corridors.remittances.welfare.gini_stream import between_clusters
    >>> between_clusters(np.array([[1.0], [-1.0]]), np.array([0, 0])).tolist()
    [4.0]
    """
    count = np.bincount(stratum).astype(np.float64)
    means = np.stack([np.bincount(stratum, weights=column) for column in totals.T], axis=1) / count[:, None]
    factor = (count / (count - 1.0))[stratum]
    return (factor[:, None] * (totals - means[stratum]) ** 2).sum(0)
