"""Two matrices side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import ArrayLike

from corridors.errors import DataError
from corridors.results import Result


@dataclass(frozen=True, slots=True)
class MatrixComparison(Result, keys=("sending", "receiving")):
    """How near a matrix is to a reference.

    Attributes
    ----------
    correlation
        Pearson correlation over corridors positive in either.
    weighted_error
        Sum of absolute differences over the sum of the reference.
    median_error
        Median relative error of the reference's positive corridors.
    log_correlation
        Correlation of logarithms over corridors of the reference above ``floor``, positive in both.
    corridors, above_floor, missed
        Corridors positive in either; above the floor in the reference; and among those, zero in the estimate.
    total, reference_total
        Sums, unit of the matrices.
    largest
        Corridors of the reference by size: sending, receiving, reference, estimate, ratio.
    """

    correlation: float
    weighted_error: float
    median_error: float
    log_correlation: float
    corridors: int
    above_floor: int
    missed: int
    total: float
    reference_total: float
    largest: pl.DataFrame = field(repr=False)

    def to_polars(self) -> pl.DataFrame:
        """The largest corridors side by side."""
        return self.largest

    def summary(self) -> str:
        """The measures, and the largest corridors side by side."""
        lines = [
            f"r {self.correlation:.4f}, weighted absolute error {self.weighted_error:.2%}, "
            f"median error {self.median_error:.2%}",
            f"log correlation {self.log_correlation:.4f} on {self.above_floor:,} corridors, "
            f"{self.missed} missed",
            f"total {self.total:,.0f} against {self.reference_total:,.0f}",
        ]
        lines += [
            f"  {s} → {r} {a:>12,.1f} {b:>12,.1f} {q:>6.3f}" for s, r, a, b, q in self.largest.iter_rows()
        ]
        return "\n".join(lines)


def compare_matrices(
    estimate: ArrayLike, reference: ArrayLike, places: Sequence[str], *, floor: float = 1.0, top: int = 20
) -> MatrixComparison:
    """Compare a matrix with a reference, recipient by sender.

    Parameters
    ----------
    estimate, reference
        Shape ``(n, n)``, one unit, USD million for the default floor.
    places
        Codes of the ``n`` places.
    floor
        Corridors of the reference above it enter the correlation of logarithms.
    top
        Largest corridors to show.

    Raises
    ------
    DataError
        Shapes that differ, values negative or not finite, fewer than three corridors.

    Examples
    --------
    >>> from corridors.remittances.matrix import compare_matrices
    >>> one, two = [[0, 8, 2], [3, 0, 0], [2, 4, 0]], [[0, 9, 2], [3, 0, 0], [2, 4, 0]]
    >>> found = compare_matrices(one, two, "ABC", top=1)
    >>> round(found.weighted_error, 3), found.to_polars().rows()
    (0.05, [('B', 'A', 9.0, 8.0, 0.8888888888888888)])
    """
    a, b = np.asarray(estimate, dtype=np.float64), np.asarray(reference, dtype=np.float64)
    if a.shape != b.shape or a.shape != (len(places), len(places)):
        raise DataError(f"matrices of shapes {a.shape} and {b.shape} do not fit {len(places)} places")
    for name, table in (("estimate", a), ("reference", b)):
        if not np.all(np.isfinite(table)) or np.any(table < 0):
            raise DataError(f"the {name} has values that are negative or not a number")
    used = (a > 0) | (b > 0)
    large = b > floor
    both = large & (a > 0)
    if used.sum() < 3 or both.sum() < 3:
        raise DataError("fewer than three corridors can be compared")
    told = b > 0
    order = np.argsort(-b, axis=None, kind="stable")[: min(top, int(told.sum()))]
    i, j = np.unravel_index(order, b.shape)
    codes = pl.Series(list(places), dtype=pl.String)
    largest = pl.DataFrame(
        {
            "sending": codes.gather(j),
            "receiving": codes.gather(i),
            "reference": b[i, j],
            "estimate": a[i, j],
            "ratio": a[i, j] / b[i, j],
        }
    )
    return MatrixComparison(
        float(np.corrcoef(a[used], b[used])[0, 1]),
        float(np.abs(a - b).sum() / b.sum()),
        float(np.median(np.abs(a - b)[told] / b[told])),
        float(np.corrcoef(np.log(a[both]), np.log(b[both]))[0, 1]),
        int(used.sum()),
        int(large.sum()),
        int((large & (a == 0)).sum()),
        float(a.sum()),
        float(b.sum()),
        largest,
    )
