"""Means of means: items to dimensions, dimensions to areas, areas to a score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.stats import rankdata

from corridors.cooperation.composite.items import Index, Items
from corridors.numerics.typing import Array

NORMALISATIONS = ("min-max", "z-score", "rank")
AGGREGATIONS = ("arithmetic", "geometric")
IMPUTATIONS = ("drop", "domain mean", "least", "greatest")


@dataclass(frozen=True, slots=True)
class Choices:
    """One way to make a composite.

    Attributes
    ----------
    weights
        Of areas, shape ``(areas,)``, sum 1; equal where None.
    normalisation
        ``none``, or one of ``min-max``, ``z-score``, ``rank``, over units.
    aggregation
        ``arithmetic`` or ``geometric``, of dimensions and areas.
    imputation
        A missing answer is left out (``drop``), or taken as the unit's mean in the area (``domain mean``), or
        as the ``least`` or ``greatest`` answer possible.
    without
        Number of an item left out, or -1.
    """

    weights: Array | None = None
    normalisation: str = "none"
    aggregation: str = "arithmetic"
    imputation: str = "drop"
    without: int = -1


def group_mean(x: Array, of: Index, n: int, weight: Array | None = None) -> Array:
    """Weighted means of columns by group, missing ones left out.

    Parameters
    ----------
    x
        Shape ``(units, columns)``.
    of
        Group of each column, shape ``(columns,)``.
    n
        Number of groups.
    weight
        Of columns, shape ``(columns,)``; equal where not given.

    Returns
    -------
    ndarray
        Shape ``(units, n)``; NaN where a unit has nothing in a group.

    Examples
    --------
    >>> import numpy as np
    >>> from corridors.cooperation.composite.score import group_mean
    >>> group_mean(np.array([[1.0, 3.0, np.nan]]), np.array([0, 0, 1]), 2).tolist()
    [[2.0, nan]]
    """
    matrix = np.zeros((len(of), n))
    matrix[np.arange(len(of)), of] = 1.0 if weight is None else weight
    known = ~np.isnan(x)
    size = known @ matrix
    total = np.where(known, x, 0.0) @ matrix
    return np.divide(total, size, out=np.full(size.shape, np.nan), where=size > 0)


def levels(items: Items, choices: Choices) -> tuple[Array, Array, Array]:
    """Scores of dimensions, areas and overall.

    Parameters
    ----------
    items
        The answers.
    choices
        How.

    Returns
    -------
    tuple of ndarray
        Shapes ``(units, dimensions)``, ``(units, areas)``, ``(units,)``; NaN where nothing is known.

    Examples
    --------
    >>> import polars as pl
    >>> from corridors.cooperation.composite.items import arrange
    >>> from corridors.cooperation.composite.score import Choices, levels
    >>> rows = pl.DataFrame({"unit": "A", "area": ["x", "x", "y"], "dimension": ["d", "d", "e"],
    ...                      "item": ["i", "j", "k"], "answer": [0, 100, 100]})
    >>> levels(arrange(rows, "mipex"), Choices())[2].tolist()
    [75.0]
    """
    answers, kept = items.answers, np.arange(len(items.items)) != choices.without
    x = _filled(items, answers, choices.imputation)
    x = _normalised(x, items.scale, choices.normalisation)
    x = np.where(kept, x, np.nan)
    dimensions = group_mean(x, items.dimension_of, len(items.dimensions))
    weights = choices.weights
    if choices.aggregation == "geometric":
        areas = np.exp(group_mean(_log(dimensions), items.area_of, len(items.areas)))
        overall = np.exp(group_mean(_log(areas), _one(areas), 1, weights))
    else:
        areas = group_mean(dimensions, items.area_of, len(items.areas))
        overall = group_mean(areas, _one(areas), 1, weights)
    return dimensions, areas, overall[:, 0]


def ranks(score: Array) -> NDArray[np.float64]:
    """Ranks, 1 the highest; ties share their mean rank, units without a score come last.

    Examples
    --------
    >>> import numpy as np
    >>> from corridors.cooperation.composite.score import ranks
    >>> ranks(np.array([1.0, 3.0, 3.0])).tolist()
    [3.0, 1.5, 1.5]
    """
    # Rounded, or an order of summing would break ties.
    return np.asarray(rankdata(-np.nan_to_num(np.round(score, 9), nan=-np.inf)), dtype=np.float64)


def as_rows(items: Items, parts: Sequence[Array]) -> pl.DataFrame:
    """Scores as rows: unit, level, label, score.

    Parameters
    ----------
    items
        Labels.
    parts
        As :func:`levels` gives them.

    Examples
    --------
    >>> from corridors.cooperation.composite.items import arrange
    >>> from corridors.cooperation.composite.score import Choices, as_rows, levels
    >>> items = arrange({"unit": ["A", "A"], "area": ["x", "x"], "dimension": ["d", "e"],
    ...                  "item": ["i", "j"], "answer": [50, 100]}, "mipex")
    >>> as_rows(items, levels(items, Choices())).filter(level="area").rows()
    [('A', 'area', 'x', 75.0)]
    """
    named = (("dimension", items.dimensions), ("area", items.areas), ("overall", ("overall",)))
    frames = [
        pl.DataFrame(
            {
                "unit": np.repeat(items.units, len(labels)),
                "level": [level] * (len(labels) * len(items.units)),
                "label": list(labels) * len(items.units),
                "score": np.ravel(part),
            }
        )
        for (level, labels), part in zip(named, parts, strict=True)
    ]
    return pl.concat(frames).with_columns(pl.col("score").fill_nan(None))


def _one(x: Array) -> Index:
    return np.zeros(x.shape[1], dtype=np.intp)


def _log(x: Array) -> Array:
    return np.log(np.maximum(x, 1e-300))


def _filled(items: Items, x: Array, imputation: str) -> Array:
    if imputation == "drop":
        return x
    if imputation == "domain mean":
        area = items.area_of[items.dimension_of]
        fill = group_mean(x, area, len(items.areas))[:, area]
    else:
        fill = np.full(x.shape, items.scale[0 if imputation == "least" else 1])
    return np.where(np.isnan(x), fill, x)


def _normalised(x: Array, scale: tuple[float, float], kind: str) -> Array:
    """Items on a positive scale, so that geometric means exist: 1 to 100, or 100 plus ten z."""
    if kind == "none":
        return x
    known = ~np.isnan(x)
    size = np.maximum(known.sum(0), 1)
    if kind == "rank":
        lower = np.where(known, x, np.inf)
        order = np.asarray(rankdata(lower, axis=0), dtype=np.float64)
        return np.where(known, order / size * 100, np.nan)
    if kind == "z-score":
        mean = np.where(known, x, 0.0).sum(0) / size
        sd = np.sqrt(np.where(known, (x - mean) ** 2, 0.0).sum(0) / size)
        return 100 + 10 * np.divide(x - mean, sd, out=np.where(known, 0.0, np.nan), where=(sd > 0) & known)
    least = np.where(known, x, np.inf).min(0)
    span = np.where(known, x, -np.inf).max(0) - least
    flat = ~(span > 0)
    share = (x - np.where(flat, 0.0, least)) / np.where(flat, 1.0, span)
    # An item that does not vary says nothing between units: the middle.
    return 1 + 99 * np.where(flat, np.where(known, 0.5, np.nan), share)
