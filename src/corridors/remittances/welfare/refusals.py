"""What every function of this room asks of incomes, weights and poverty lines."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from corridors.errors import DataError
from corridors.numerics.typing import Array

Codes = NDArray[np.int64]


def incomes(values: ArrayLike, name: str = "income") -> Array:
    """One finite figure a person or household, shape ``(n,)``.

    Raises
    ------
    DataError
        Where there are none, or some are missing or infinite; names the rows.

    Examples
    --------
    >>> from corridors.remittances.welfare.refusals import incomes
    >>> incomes([1, 2]).tolist()
    [1.0, 2.0]
    """
    given = np.asarray(values, dtype=np.float64)
    if given.ndim != 1 or given.size == 0:
        raise DataError(f"{name} must be one column with at least one row, not shape {given.shape}")
    _refuse(~np.isfinite(given), f"{name} has missing or infinite figures", "drop or impute these rows")
    return given


def positive_weights(values: ArrayLike | None, n: int) -> Array:
    """Survey weights, shape ``(n,)``; ones where not given.

    Raises
    ------
    DataError
        Where a weight is missing, zero or negative, or their number does not fit.

    Examples
    --------
    >>> from corridors.remittances.welfare.refusals import positive_weights
    >>> positive_weights(None, 2).tolist()
    [1.0, 1.0]
    """
    if values is None:
        return np.ones(n)
    given = np.asarray(values, dtype=np.float64)
    same_length(given, n, "weights")
    _refuse(~np.isfinite(given), "weights has missing or infinite figures", "drop these rows")
    _refuse(given <= 0, "weights must be positive", "drop rows that stand for nobody")
    return given


def poverty_line(line: float) -> float:
    """A poverty line, in the unit of the incomes.

    Raises
    ------
    DataError
        Where it is not positive and finite.

    Examples
    --------
    >>> from corridors.remittances.welfare.refusals import poverty_line
    >>> poverty_line(2.15)
    2.15
    """
    if not (np.isfinite(line) and line > 0):
        raise DataError(
            f"the poverty line must be positive, not {line}", remedy="give it in the unit of the incomes"
        )
    return float(line)


def same_length(values: NDArray[np.generic], n: int, name: str) -> None:
    """Refuse a column that does not have one row an income."""
    if values.shape != (n,):
        raise DataError(f"{name} has shape {values.shape}, incomes have {n} rows")


def codes(values: ArrayLike | None, n: int, name: str) -> Codes:
    """Labels as numbers 0, 1, …, shape ``(n,)``; all zero where not given.

    Raises
    ------
    DataError
        Where a label is missing or their number does not fit.

    Examples
    --------
    >>> from corridors.remittances.welfare.refusals import codes
    >>> codes(["b", "a", "b"], 3, "strata").tolist()
    [1, 0, 1]
    """
    if values is None:
        return np.zeros(n, dtype=np.int64)
    given = np.asarray(values)
    same_length(given, n, name)
    if given.dtype == object:
        _refuse(np.array([x is None for x in given]), f"{name} has missing labels", "label every row")
        given = given.astype(str)
    if given.dtype.kind == "f":
        _refuse(np.isnan(given), f"{name} has missing labels", "label every row")
    return np.unique(given, return_inverse=True)[1].astype(np.int64)


def _refuse(bad: NDArray[np.bool_], title: str, remedy: str) -> None:
    if bad.any():
        rows = np.flatnonzero(bad)
        shown = ", ".join(map(str, rows[:5])) + (" …" if rows.size > 5 else "")
        raise DataError(f"{title}: {rows.size} of {bad.size} rows", f"rows {shown}", remedy)
