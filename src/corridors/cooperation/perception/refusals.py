"""Refusing guesses that no rescaling can be fitted to."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from corridors.errors import DataError
from corridors.numerics.typing import Array


def percent(values: ArrayLike, name: str, labels: Sequence[str] | None) -> Array:
    """Shares of 0 to 100 as 0 to 1, refused where they are 0, 100 or missing."""
    share = np.asarray(values, dtype=np.float64) / 100
    bad = np.flatnonzero(~((share > 0) & (share < 1)))
    if bad.size:
        rows = [f"{labels[i] if labels else f'row {i + 1}'}: {100 * share[i]:g}" for i in bad[:5]]
        raise DataError(
            f"{bad.size} {name} share(s) are not strictly between 0 and 100 %",
            "\n".join(rows),
            "log-odds of 0 and 100 % are infinite: give unrounded shares (0.4, not 0) or leave the row out",
        )
    return share


def positive(values: ArrayLike | None, name: str, n: int) -> Array:
    """Weights or errors of ``n`` rows; ones where none are given."""
    if values is None:
        return np.ones(n)
    found = np.asarray(values, dtype=np.float64)
    if found.shape != (n,) or not bool(np.all(np.isfinite(found) & (found > 0))):
        raise DataError(f"{name} must be {n} positive numbers", remedy="leave out rows that should not count")
    return found


def check_rows(guess: Array, true: Array, names: tuple[str, ...]) -> None:
    """Refuse rows that do not fit, are too few or all of one true share."""
    if guess.shape != true.shape or guess.ndim != 1 or len(names) != guess.size:
        raise DataError(f"{guess.size} guesses, {true.size} actual shares and {len(names)} labels do not fit")
    if guess.size < 3:
        raise DataError(
            f"{guess.size} row(s) are too few to fit two numbers", remedy="give three rows or more"
        )
    if np.ptp(true) == 0:
        raise DataError("all actual shares are equal", remedy="give rows with different shares")
