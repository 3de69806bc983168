"""Answers to items, arranged: units by items, items by dimension and area."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import polars as pl
from numpy.typing import NDArray

from corridors import packaged
from corridors.errors import DataError, NotFound
from corridors.intake import IntoTable, TableSpec, refuse, refuse_twice, take
from corridors.numerics.typing import Array

Index = NDArray[np.intp]

_ANSWERS = TableSpec(
    "answers",
    texts=["unit", "area", "dimension", "item"],
    numbers=["answer"],
    blank=["answer"],
    key=["unit", "item"],
)


@dataclass(frozen=True, slots=True)
class Items:
    """Answers of units to items.

    Attributes
    ----------
    units, items, dimensions, areas
        Labels.
    answers
        Shape ``(units, items)``, NaN where missing.
    dimension_of
        Number of each item's dimension, shape ``(items,)``.
    area_of
        Number of each dimension's area, shape ``(dimensions,)``.
    scale
        Least and greatest answer that is possible.
    """

    units: tuple[str, ...]
    items: tuple[str, ...]
    dimensions: tuple[str, ...]
    areas: tuple[str, ...]
    answers: Array
    dimension_of: Index
    area_of: Index
    scale: tuple[float, float]


@cache
def score_scales() -> pl.DataFrame:
    """Scales of answers: scale, answer, meaning, source, source_status.

    Examples
    --------
    >>> from corridors.cooperation.composite import score_scales
    >>> score_scales().filter(scale="picmd")["answer"].to_list()
    [0.0, 5.0, 10.0]
    """
    text = packaged.content("cooperation/composite/score_scales.csv")
    return pl.read_csv(text, schema_overrides={"answer": pl.Float64})


def arrange(answers: IntoTable, scale: str | tuple[float, float]) -> Items:
    """Check answers and arrange them.

    Parameters
    ----------
    answers
        ``unit, area, dimension, item, answer``; a blank answer or an absent row is missing.
    scale
        Name of a scale (:func:`score_scales`), or the least and greatest possible answer.

    Raises
    ------
    DataError
        An answer is not of the scale, stands twice, or an item is of two dimensions; or nothing is answered.
    NotFound
        No such scale.

    Examples
    --------
    >>> import polars as pl
    >>> from corridors.cooperation.composite.items import arrange
    >>> rows = pl.DataFrame({"unit": ["A", "B"], "area": "x", "dimension": "d", "item": "i",
    ...                      "answer": [0, 50]})
    >>> arrange(rows, "mipex").answers.tolist()
    [[0.0], [50.0]]
    """
    table = take(answers, _ANSWERS)
    bounds = _check_scale(table, scale)
    if table["answer"].null_count() == table.height:
        raise DataError("nothing is answered", remedy="give at least one answer")
    tree = table.select("area", "dimension", "item").unique().sort("area", "dimension", "item")
    refuse_twice(tree, ["item"], "items of two dimensions")
    dimensions = tree.select("area", "dimension").unique(maintain_order=True)
    refuse_twice(dimensions, ["dimension"], "dimensions of two areas")
    areas = dimensions["area"].unique(maintain_order=True).to_list()
    units, items = table["unit"].unique().sort().to_list(), tree["item"].to_list()
    filled = np.full((len(units), len(items)), np.nan)
    row = table["unit"].replace_strict(units, range(len(units)), return_dtype=pl.Int64).to_numpy()
    column = table["item"].replace_strict(items, range(len(items)), return_dtype=pl.Int64).to_numpy()
    filled[row, column] = table["answer"].fill_null(np.nan).to_numpy()
    known = dimensions["dimension"].to_list()
    of = tree["dimension"].replace_strict(known, range(len(known)), return_dtype=pl.Int64).to_numpy()
    up = dimensions["area"].replace_strict(areas, range(len(areas)), return_dtype=pl.Int64).to_numpy()
    labels = (tuple(units), tuple(items), tuple(known), tuple(areas))
    return Items(*labels, filled, of.astype(np.intp), up.astype(np.intp), bounds)


def _check_scale(table: pl.DataFrame, scale: str | tuple[float, float]) -> tuple[float, float]:
    if isinstance(scale, str):
        allowed = score_scales().filter(scale=scale)["answer"].to_list()
        if not allowed:
            known = ", ".join(score_scales()["scale"].unique(maintain_order=True))
            raise NotFound(f"no scale is called {scale!r}", f"known: {known}", "or give its two ends")
        wrong, bounds = ~pl.col("answer").is_in(allowed), (allowed[0], allowed[-1])
        remedy = f"the scale {scale} has {', '.join(f'{a:g}' for a in allowed)}"
    else:
        bounds = (float(scale[0]), float(scale[1]))
        wrong = (pl.col("answer") < bounds[0]) | (pl.col("answer") > bounds[1])
        remedy = f"answers lie within {bounds[0]:g} and {bounds[1]:g}"
        if not bounds[0] < bounds[1]:
            raise DataError(f"a scale can not go from {bounds[0]:g} to {bounds[1]:g}")
    refuse(table, wrong, "table 'answers': an answer is not of the scale", remedy, ["unit", "item", "answer"])
    return bounds
