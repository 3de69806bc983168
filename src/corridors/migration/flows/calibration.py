"""The weight of the pseudo-Bayes mean, fitted to known flows or a known total."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np
import polars as pl
from numpy.typing import ArrayLike

from corridors.errors import DataError, InfeasibleError
from corridors.migration.flows.closed_forms import Flows
from corridors.numerics.typing import Array
from corridors.results import Result


@dataclass(frozen=True, slots=True)
class Weight(Result):
    """The weight of minimum migration that fits known flows best.

    Attributes
    ----------
    value
        The weight, 0 to 1.
    standard_error
        Of the weight, from the scatter of the known flows, robust to unequal variances (White 1980);
        NaN for a known total.
    free
        The least-squares weight before it was held between 0 and 1.
    error
        Root mean square error of the known flows at the weight, persons.
    held_out_error
        The same where each fold of corridors is predicted by the weight of the others; NaN
        without cross-validation.
    corridors
        Number of known corridors used.
    """

    value: float
    standard_error: float
    free: float
    error: float
    held_out_error: float
    corridors: int

    def summary(self) -> str:
        """The weight and its errors in a line."""
        return (
            f"weight {self.value:.3f} ± {self.standard_error:.3f} from {self.corridors} corridors; "
            f"root mean square error {self.error:,.0f}, held out {self.held_out_error:,.0f}"
        )

    def to_polars(self) -> pl.DataFrame:
        """One row with all figures; what is not known is blank."""
        return pl.DataFrame([asdict(self)]).with_columns(pl.col(pl.Float64).fill_nan(None))


def calibrate_weight(
    minimum: ArrayLike,
    independence: ArrayLike,
    known: ArrayLike,
    *,
    importance: ArrayLike | None = None,
    folds: int = 10,
    seed: int = 0,
) -> Weight:
    """Weight of minimum migration by least squares on known flows.

    Pseudo-Bayes flows are linear in their weight, so the best one has a closed form:
    ``sum g (m - i)(y - i) / sum g (m - i)^2``.

    Parameters
    ----------
    minimum, independence
        Total flows by the two methods, shape ``(n, n)``, persons.
    known
        Reported flows of the same period, shape ``(n, n)``; NaN where unknown. The diagonal
        is ignored.
    importance
        Weight of each corridor in the sum of squares, shape ``(n, n)``; for example one over the
        expected flow, so that large corridors do not decide alone. Default equal.
    folds
        Folds of the cross-validation by corridor; 0 or 1 for none.
    seed
        Seed of the assignment to folds.

    Returns
    -------
    Weight

    Raises
    ------
    DataError
        No corridor is known in which the two methods differ.

    Notes
    -----
    Generalises the fixed weight of Azose and Raftery (2019).

    Examples
    --------
    >>> from corridors.migration import calibrate_weight
    >>> low, high = [[0, 10], [20, 0]], [[0, 110], [220, 0]]
    >>> round(calibrate_weight(low, high, [[0, 30], [60, 0]], folds=0).value, 3)
    0.8
    """
    m, i, y = (np.asarray(x, dtype=np.float64) for x in (minimum, independence, known))
    g = np.ones_like(m) if importance is None else np.asarray(importance, dtype=np.float64)
    if not m.shape == i.shape == y.shape == g.shape:
        raise DataError(f"tables of different shapes: {m.shape}, {i.shape}, {y.shape}, {g.shape}")
    use = np.isfinite(y) & ~np.eye(m.shape[0], dtype=bool) & (m != i) & (g > 0)
    if np.any(y[use] < 0):
        raise DataError("known flows must not be negative", f"{int((y[use] < 0).sum())} are")
    d, target, g = (m - i)[use], (y - i)[use], g[use]
    if not d.size:
        raise DataError("no known corridor tells the two methods apart", remedy="give reported flows")
    free = float(g @ (d * target) / (g @ d**2))
    value = float(np.clip(free, 0, 1))
    residual = target - value * d
    # Errors grow with the flow, so the standard error is the one robust to unequal variances.
    robust = float(np.sqrt(np.sum((g * d * residual) ** 2)) / (g @ d**2))
    return Weight(
        value,
        robust,
        free,
        float(np.sqrt(np.mean(residual**2))),
        _held_out(d, target, g, folds, seed),
        int(d.size),
    )


def weight_for_total(minimum: Flows, independence: Flows, total: float) -> Weight:
    """Weight at which pseudo-Bayes flows add up to a known number of moves.

    Parameters
    ----------
    minimum, independence
        Flows by the two methods.
    total
        Known number of moves in the world, persons.

    Returns
    -------
    Weight

    Raises
    ------
    InfeasibleError
        The total lies outside what the two methods span.

    Examples
    --------
    >>> from corridors.migration import independence, minimum, weight_for_total
    >>> tables = [[90, 10], [0, 100]], [[80, 20], [0, 100]]
    >>> round(weight_for_total(minimum(*tables), independence(*tables), 14.0).value, 3)
    0.75
    """
    low, high = float(minimum.total.sum()), float(independence.total.sum())
    if not low <= total <= high:
        raise InfeasibleError(
            "no weight gives this number of moves",
            f"{total:,.6g} moves; the methods span {low:,.6g} to {high:,.6g}",
            "check that the total counts moves of the same period and places",
        )
    value = (high - total) / (high - low) if high > low else 1.0
    return Weight(value, np.nan, value, 0.0, np.nan, 0)


def _held_out(d: Array, target: Array, g: Array, folds: int, seed: int) -> float:
    if folds < 2 or d.size < 2 * folds:
        return float("nan")
    fold = np.random.default_rng(np.random.SeedSequence([seed, 1])).permutation(d.size) % folds
    error = np.empty_like(d)
    for f in range(folds):
        rest, out = fold != f, fold == f
        value = np.clip(g[rest] @ (d * target)[rest] / (g[rest] @ d[rest] ** 2), 0, 1)
        error[out] = target[out] - value * d[out]
    return float(np.sqrt(np.mean(error**2)))
