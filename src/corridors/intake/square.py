"""A matrix from a table of pairs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray


def matrix_of(
    pairs: pl.DataFrame, rows: Sequence[str], columns: Sequence[str] | None = None, *, absent: float = 0.0
) -> NDArray[np.float64]:
    """Figures of pairs as a matrix.

    Parameters
    ----------
    pairs
        Three columns, whatever they are called: the row's label, the column's label and the figure. Each
        pair once; pairs of other labels are left out.
    rows, columns
        Labels in the order wanted; columns as rows where not given.
    absent
        Figure of a pair that has no row. A pair whose figure is missing is NaN.

    Returns
    -------
    ndarray
        Shape ``(len(rows), len(columns))``.

    Examples
    --------
    >>> import polars as pl
    >>> from corridors.intake import matrix_of
    >>> pairs = pl.DataFrame({"origin": ["A", "C"], "destination": ["B", "A"], "value": [3.0, 9.0]})
    >>> matrix_of(pairs, ["B", "A"]).tolist()
    [[0.0, 0.0], [3.0, 0.0]]
    """
    labels = rows if columns is None else columns
    matrix = np.full((len(rows), len(labels)), absent, dtype=np.float64)
    i, j = (_positions(pairs.to_series(k), known) for k, known in enumerate((rows, labels)))
    known = (i >= 0) & (j >= 0)
    figures = pairs.to_series(2).cast(pl.Float64).fill_null(np.nan).to_numpy()
    matrix[i[known], j[known]] = figures[known]
    return matrix


def _positions(labels: pl.Series, known: Sequence[str]) -> NDArray[np.int64]:
    places = pl.Series(list(known), dtype=labels.dtype)
    order = pl.Series(range(len(known)), dtype=pl.Int64)
    return labels.replace_strict(places, order, default=-1, return_dtype=pl.Int64).to_numpy()
