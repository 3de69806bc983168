"""What the matrix refuses, in words that name the places."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from corridors.errors import DataError
from corridors.numerics.typing import Array

RULES = ("migrants", "income", "income-gap")


def check_rule(rule: str, exponent: float | None) -> None:
    """Refuse an unknown rule, or an exponent missing or out of bounds.

    Examples
    --------
    >>> from corridors.remittances.matrix.refusals import check_rule
    >>> check_rule("income-gap", 1.5)
    Traceback (most recent call last):
    corridors.errors.DataError: the exponent of the income gap must lie between 0 and 1, not at 1.5
    """
    if rule not in RULES:
        raise DataError(f"unknown rule: {rule!r}", f"known: {', '.join(RULES)}")
    if rule != "income-gap":
        return
    if exponent is None:
        raise DataError(
            "the income-gap rule needs an exponent",
            "No world total can tell it: the rule only shares inflows out.",
            "fit it to a reference matrix with fit_exponent",
        )
    if not 0 <= exponent <= 1:
        raise DataError(f"the exponent of the income gap must lie between 0 and 1, not at {exponent}")


def checked_stock(stock: ArrayLike, labels: Sequence[str] | None = None) -> Array:
    """Stocks as a square array without its diagonal, or an error that names the places.

    Examples
    --------
    >>> from corridors.remittances.matrix.refusals import checked_stock
    >>> checked_stock([[9, 1], [2, 9]]).tolist()
    [[0.0, 1.0], [2.0, 0.0]]
    """
    people = np.array(stock, dtype=np.float64)
    if people.ndim != 2 or people.shape[0] != people.shape[1]:
        raise DataError(f"stocks must be square, birthplace by residence, not of shape {people.shape}")
    np.fill_diagonal(people, 0.0)
    bad = ~np.isfinite(people) | (people < 0)
    refuse(bad.any(1), "stock that is negative or not a number", labels)
    return people


def checked_income(income: ArrayLike) -> Array:
    """Incomes as an array, positive where known.

    Examples
    --------
    >>> from corridors.remittances.matrix.refusals import checked_income
    >>> checked_income([1, float("nan")]).tolist()
    [1.0, nan]
    """
    y = np.asarray(income, dtype=np.float64)
    if y.ndim != 1:
        raise DataError(f"incomes must be one per place, not of shape {y.shape}")
    refuse(~(np.isnan(y) | (np.isfinite(y) & (y > 0))), "income that is not positive and finite", None)
    return y


def refuse(bad: NDArray[np.bool_] | np.bool_, what: str, labels: Sequence[str] | None) -> None:
    """Raise an error that names the places where something is wrong.

    Examples
    --------
    >>> import numpy as np
    >>> from corridors.remittances.matrix.refusals import refuse
    >>> refuse(np.array([False, True]), "stock below zero", ["A", "B"])
    Traceback (most recent call last):
    corridors.errors.DataError: 1 place(s) have a stock below zero: B
    """
    found = np.flatnonzero(bad)
    if found.size:
        raise DataError(f"{found.size} place(s) have {_article(what)}{what}: {named(found, labels)}")


def named(positions: NDArray[np.int64], labels: Sequence[str] | None, most: int = 12) -> str:
    """Names of places for a message, at most a dozen.

    Examples
    --------
    >>> import numpy as np
    >>> from corridors.remittances.matrix.refusals import named
    >>> named(np.array([0, 2]), ["A", "B", "C"])
    'A, C'
    """
    words = [str(labels[i]) if labels is not None else str(i) for i in positions.tolist()]
    return ", ".join(words[:most]) + (", …" if len(words) > most else "")


def _article(what: str) -> str:
    return "an " if what[0] in "aeiou" else "a "
