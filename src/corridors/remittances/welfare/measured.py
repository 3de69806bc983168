"""The answer of every function that gives several measures with their errors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy.stats import t as student

from corridors.errors import DataError, NotFound
from corridors.numerics.typing import Array
from corridors.parameters import value as parameter
from corridors.results import Result


@dataclass(frozen=True, slots=True)
class Measures(Result, keys=("measure",)):
    """Measures by name with errors and intervals.

    Attributes
    ----------
    name
        Names of the ``k`` measures.
    value
        Shape ``(k,)``; NaN where a measure is not defined.
    error
        Standard errors, shape ``(k,)``; NaN where not known.
    lower, upper
        Interval, shape ``(k,)``; NaN where not known.
    level
        Coverage of the interval.
    method
        How the errors were found.
    note
        What a reader must know, such as why a measure is not defined.
    """

    name: tuple[str, ...]
    value: Array
    error: Array
    lower: Array
    upper: Array
    level: float
    method: str
    note: tuple[str, ...] = ()

    def __getitem__(self, name: str) -> float:
        return float(self.value[self._at(name)])

    def interval(self, name: str) -> tuple[float, float]:
        """Lower and upper end of one measure."""
        k = self._at(name)
        return float(self.lower[k]), float(self.upper[k])

    def _at(self, name: str) -> int:
        try:
            return self.name.index(name)
        except ValueError:
            raise NotFound(f"there is no measure {name!r}", f"known: {', '.join(self.name)}") from None

    def to_polars(self) -> pl.DataFrame:
        """One row a measure, what is not known null."""
        columns = {"measure": self.name, "value": self.value, "error": self.error}
        columns |= {"lower": self.lower, "upper": self.upper}
        return pl.DataFrame(columns).with_columns(
            pl.col("value", "error", "lower", "upper").fill_nan(None), method=pl.lit(self.method)
        )

    def summary(self) -> str:
        """One line a measure."""
        lines = [f"{len(self.name)} measures, {self.level:.0%} intervals ({self.method})"]
        for k, name in enumerate(self.name):
            lines.append(f"  {name:<22}{self.value[k]:>12.5g}  [{self.lower[k]:.5g}, {self.upper[k]:.5g}]")
        return "\n".join([*lines, *(f"  Note: {text}" for text in self.note)])


def coverage(level: float | None) -> float:
    """The level asked for, or that of the parameter table.

    Examples
    --------
    >>> from corridors.remittances.welfare.measured import coverage
    >>> coverage(0.95)
    0.95
    """
    found = parameter("interval_level") if level is None else level
    if not 0.0 < found < 1.0:
        raise DataError(f"level must lie between 0 and 1, not {found}")
    return found


def symmetric(
    name: tuple[str, ...],
    value: Array,
    error: Array,
    freedom: Array | float,
    *,
    level: float | None,
    method: str,
    note: tuple[str, ...] = (),
    least: float = 0.0,
) -> Measures:
    """Measures with Student intervals, not below ``least``.

    Examples
    --------
    >>> import numpy as np
    >>> from corridors.remittances.welfare.measured import symmetric
    >>> found = symmetric(("headcount",), np.array([0.3]), np.array([0.1]), 30, level=0.95, method="m")
    >>> [round(x, 3) for x in found.interval("headcount")]
    [0.096, 0.504]
    """
    covered = coverage(level)
    reach = student.ppf(0.5 + covered / 2, np.maximum(freedom, 1.0)) * error
    return Measures(
        name, value, error, np.maximum(value - reach, least), value + reach, covered, method, note
    )
