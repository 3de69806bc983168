"""What a step of the build gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl


@dataclass(frozen=True, slots=True)
class Product:
    """Rows of the atlas that a step has made.

    Attributes
    ----------
    step
        What it is called while the atlas is built.
    tables
        Rows by table of the atlas.
    findings
        What was found and what was done about it: rows of the table ``finding``.
    flows
        World total of pseudo-Bayes flows of both sexes by period, persons, where the step estimates them.
    """

    step: str
    tables: Mapping[str, pl.DataFrame]
    findings: pl.DataFrame
    flows: Mapping[tuple[int, int], float] = field(default_factory=dict[tuple[int, int], float])
