"""The answer of every function that gives several indices."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from corridors.errors import NotFound
from corridors.numerics.typing import Array
from corridors.results import Result


@dataclass(frozen=True, slots=True)
class Indices(Result):
    """Indices by name, of one table or of a stack.

    Attributes
    ----------
    name
        Names of the ``k`` indices.
    value
        Shape ``(k,)`` for one table, ``(k, t)`` for a stack of ``t``; NaN where an index is
        not defined.
    lower, upper
        Interval, same shape; None without draws.
    unit, description
        Of each index.
    label
        Names of the tables of a stack; empty for one table.
    compat
        None, or the package whose numbers are reproduced.
    """

    name: tuple[str, ...]
    value: Array
    lower: Array | None
    upper: Array | None
    unit: tuple[str, ...]
    description: tuple[str, ...]
    label: tuple[str, ...] = ()
    compat: str | None = None

    def __getitem__(self, name: str) -> Array:
        try:
            return self.value[self.name.index(name)]
        except ValueError:
            raise NotFound(f"there is no index {name!r}", f"known: {', '.join(self.name)}") from None

    def to_polars(self) -> pl.DataFrame:
        """One row an index (and table of a stack), undefined values null.

        Examples
        --------
        >>> from corridors.migration.indices import migration_indices
        >>> migration_indices([[0, 3], [1, 0]]).to_polars().columns
        ['index', 'value', 'lower', 'upper', 'unit', 'description']
        """
        tables = len(self.label) or 1
        columns: dict[str, object] = {"index": np.repeat(np.array(self.name), tables)}
        if self.label:
            columns["label"] = list(self.label) * len(self.name)
        for column in ("value", "lower", "upper"):
            figures = getattr(self, column)
            columns[column] = np.full(self.value.size, np.nan) if figures is None else figures.ravel()
        columns["unit"] = np.repeat(np.array(self.unit), tables)
        columns["description"] = np.repeat(np.array(self.description), tables)
        return pl.DataFrame(columns).with_columns(pl.col("value", "lower", "upper").fill_nan(None))

    def summary(self) -> str:
        """One line an index; the first table of a stack."""
        lines = [f"{len(self.name)} indices" + (f" of {len(self.label)} tables" if self.label else "")]
        flat = [
            None if x is None else x.reshape(len(self.name), -1)[:, 0]
            for x in (self.value, self.lower, self.upper)
        ]
        for k, name in enumerate(self.name):
            value, low, high = (np.nan if x is None else float(x[k]) for x in flat)
            span = f"  [{low:,.6g}, {high:,.6g}]" if self.lower is not None else ""
            lines.append(f"  {name:<28}{value:>14,.6g}{span}  {self.unit[k]}")
        return "\n".join(lines)

    def key_columns(self) -> tuple[str, ...]:
        """Columns that name a row."""
        return ("index", "label") if self.label else ("index",)
