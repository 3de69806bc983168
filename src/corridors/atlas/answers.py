"""What the atlas answers: facts about a place or corridor, and where a figure comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from corridors.results import Result
from corridors.wording import counted

_NAMES_A_FACT = frozenset(("origin", "destination", "country", "measure", "detail", "sex", "period"))


@dataclass(frozen=True, slots=True)
class Facts(Result):
    """Everything the atlas knows about a corridor or a country.

    Attributes
    ----------
    title
        Of whom it speaks.
    facts
        One row a figure: measure, detail, sex, year, period, value, lower, upper, unit,
        table_name; before these origin and destination, or country.
    notes
        What a reader should know: findings.
    counted
        What a reader must know first: within whom the place is counted, or who is counted within it.
    """

    title: str
    facts: pl.DataFrame
    notes: tuple[str, ...] = ()
    counted: tuple[str, ...] = ()

    def to_polars(self) -> pl.DataFrame:
        """The facts as a polars table."""
        return self.facts

    def summary(self) -> str:
        """Title, number of figures by measure, notes."""
        counts = self.facts.group_by("measure", maintain_order=True).len()
        lines = [self.title, *(f"  {note}" for note in self.counted)]
        lines += [f"  {name}: {n} figures" for name, n in counts.iter_rows()]
        return "\n".join([*lines, *(f"  note: {note}" for note in self.notes)])

    def key_columns(self) -> tuple[str, ...]:
        """Columns that name a row."""
        return tuple(name for name in self.facts.columns if name in _NAMES_A_FACT)


@dataclass(frozen=True, slots=True)
class Explanation(Result, keys=("input", "row", "column")):
    """One figure and everything it was made of.

    Attributes
    ----------
    table, key
        Which figure was asked for.
    figure
        Its row.
    recipe
        Formula in words, function, uncertainty, caveat.
    parameters
        Parameters used, with source and status.
    inputs
        Input figures by title.
    sources
        Cards of the sources of these figures.
    """

    table: str
    key: Mapping[str, Any]
    figure: Mapping[str, Any]
    recipe: Mapping[str, str]
    parameters: tuple[Mapping[str, Any], ...]
    inputs: Mapping[str, pl.DataFrame]
    sources: tuple[Mapping[str, Any], ...]

    def to_dict(self) -> dict[str, Any]:
        """The explanation as plain data, for JSON."""
        return {
            "table": self.table,
            "key": dict(self.key),
            "figure": dict(self.figure),
            "recipe": dict(self.recipe),
            "parameters": [dict(p) for p in self.parameters],
            "inputs": {title: rows.to_dicts() for title, rows in self.inputs.items()},
            "sources": [dict(s) for s in self.sources],
        }

    def to_polars(self) -> pl.DataFrame:
        """The input figures, one row each: input, column, value."""
        rows = [
            (title, number, name, None if value is None else str(value))
            for title, frame in self.inputs.items()
            for number, row in enumerate(frame.to_dicts(), 1)
            for name, value in row.items()
        ]
        return pl.DataFrame(rows, schema=["input", "row", "column", "value"], orient="row")

    def summary(self) -> str:
        """The figure, how it is made, and how much it is made from."""
        key = ", ".join(f"{name} {value}" for name, value in self.key.items())
        made_of = (
            counted(sum(frame.height for frame in self.inputs.values()), "input row"),
            counted(len(self.parameters), "parameter"),
            counted(len(self.sources), "source"),
        )
        return f"{self.table}: {key}\n  {self.recipe['formula']}\n  made from {', '.join(made_of)}"
