"""An indicator as a result."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from corridors.results import Result


@dataclass(frozen=True, slots=True)
class Indicator(Result):
    """An indicator's figures, with what a reader must know.

    Attributes
    ----------
    name
        Number of the indicator, such as ``10.7.4``.
    title
        What it measures.
    unit
        Unit of its values.
    table
        The figures; ``value``, and ``lower`` and ``upper`` where there is an interval.
    interval
        What the interval is, or why there is none.
    notes
        What was left out, and what the figures do not say.
    """

    name: str
    title: str
    unit: str
    table: pl.DataFrame
    interval: str
    notes: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()

    def to_polars(self) -> pl.DataFrame:
        """The figures as a polars table."""
        return self.table

    def summary(self) -> str:
        """Title, number of figures, interval and notes."""
        head = f"{self.name} {self.title} ({self.unit}): {self.table.height} figures"
        return "\n".join([head, f"  interval: {self.interval}", *(f"  note: {note}" for note in self.notes)])

    def key_columns(self) -> tuple[str, ...]:
        """Columns that name a row."""
        return self.keys
