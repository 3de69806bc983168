"""Rogers–Castro schedules: migration rates by age from 7, 9, 11 or 13 parameters.

A schedule adds up a falling curve of children, a peak of the labour force, and
a constant; with 11 parameters a peak of retirement, with 9 a rise of the oldest,
with 13 both::

    a1 exp(-alpha1 x)
    + a2 exp(-alpha2 (x - mu2) - exp(-lambda2 (x - mu2)))
    + a3 exp(-alpha3 (x - mu3) - exp(-lambda3 (x - mu3)))
    + a4 exp(lambda4 x)
    + c
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
import polars as pl
from numpy.typing import ArrayLike

from corridors import packaged
from corridors.errors import DataError, NotFound
from corridors.migration.age.curve import MODELS, curve
from corridors.numerics.typing import Array
from corridors.results import Result


@dataclass(frozen=True, slots=True)
class AgeSchedule(Result, keys=("name", "sex", "parameter")):
    """A Rogers–Castro schedule.

    Attributes
    ----------
    parameters
        By name, the names of one of ``MODELS``; level parameters (``a1`` to ``a4``, ``c``) in
        the unit of the rates, slopes per year, ``mu2`` and ``mu3`` in years.
    name, sex
        What it describes.
    source
        Who published the parameters.

    Raises
    ------
    DataError
        Names of no model, or a value that is not a number.

    Examples
    --------
    >>> from corridors.migration.age.schedule import model_schedule
    >>> model_schedule("fundamental").rate([0, 23, 60]).round(4).tolist()
    [0.023, 0.0379, 0.0041]
    """

    parameters: Mapping[str, float]
    name: str = ""
    sex: str = "total"
    source: str = ""

    def __post_init__(self) -> None:
        if not any(set(self.parameters) == set(names) for names in MODELS.values()):
            raise DataError(
                f"these {len(self.parameters)} parameters are no Rogers–Castro schedule",
                f"given: {', '.join(self.parameters)}\nseven: {', '.join(MODELS[7])}",
                "give the names of one of corridors.migration.age.MODELS",
            )
        if bad := [name for name, value in self.parameters.items() if not np.isfinite(value)]:
            raise DataError(f"parameter(s) that are not a number: {', '.join(bad)}")

    @property
    def model(self) -> int:
        """Number of parameters."""
        return len(self.parameters)

    def rate(self, ages: ArrayLike, *, width: float = 0.0) -> Array:
        """Rates at ages, or their means over age groups.

        Parameters
        ----------
        ages
            Exact ages in years, or the first ages of groups; any shape.
        width
            Years in a group; 0 for the rates at exact ages.

        Returns
        -------
        ndarray
            Unit of the level parameters.

        Examples
        --------
        >>> from corridors.migration.age.schedule import model_schedule
        >>> model_schedule("fundamental").rate([20, 25], width=5).round(4).tolist()
        [0.0356, 0.0312]
        """
        names = MODELS[self.model]
        theta = np.array([self.parameters[name] for name in names])
        return curve(np.asarray(ages, dtype=np.float64), names, theta, width)

    def gross_rate(self, last_age: float = 100.0) -> float:
        """Area under the schedule from birth to ``last_age``: moves of a long-lived person.

        Examples
        --------
        >>> from corridors.migration.age.schedule import model_schedule
        >>> round(model_schedule("fundamental").gross_rate(80), 3)
        0.982
        """
        years = np.arange(0.0, last_age, 0.5)
        return float(self.rate(years, width=0.5) @ np.minimum(0.5, last_age - years))

    def peak_age(self, low: float = 10.0, high: float = 65.0) -> float:
        """Age of the highest rate between two ages, to a hundredth of a year.

        Examples
        --------
        >>> from corridors.migration.age.schedule import model_schedule
        >>> round(model_schedule("fundamental").peak_age(), 1)
        23.3
        """
        grid = np.arange(low, high + 0.005, 0.01)
        return float(grid[np.argmax(self.rate(grid))])

    def scaled(self, factor: float) -> AgeSchedule:
        """The same shape at another level: all rates times ``factor``.

        Examples
        --------
        >>> from corridors.migration.age.schedule import model_schedule
        >>> round(model_schedule("fundamental").scaled(2).parameters["a1"], 3)
        0.04
        """
        if not (np.isfinite(factor) and factor >= 0):
            raise DataError(f"a schedule can not be scaled by {factor}", remedy="give a factor of 0 or more")
        level = {"a1", "a2", "a3", "a4", "c"}
        scaled = {k: v * factor if k in level else v for k, v in self.parameters.items()}
        return AgeSchedule(scaled, self.name, self.sex, self.source)

    def to_polars(self) -> pl.DataFrame:
        """One row a parameter: name, sex, parameter, value, source."""
        rows = [(self.name, self.sex, k, float(v), self.source) for k, v in self.parameters.items()]
        return pl.DataFrame(rows, schema=["name", "sex", "parameter", "value", "source"], orient="row")

    def summary(self) -> str:
        """One line: model, peak and level."""
        title = f"{self.name or 'schedule'}, {self.sex}"
        return (
            f"{title}: {self.model} parameters, peak at {self.peak_age():.1f} years, "
            f"{self.gross_rate():.3g} moves in a life"
        )


@cache
def _published() -> tuple[dict[str, str], ...]:
    text = packaged.text("migration/age_schedules.csv")
    return tuple(csv.DictReader(text.splitlines()))


def model_schedules() -> pl.DataFrame:
    """Published model schedules, one row each, with source and remarks.

    Examples
    --------
    >>> from corridors.migration.age.schedule import model_schedules
    >>> model_schedules().height
    13
    """
    frame = pl.DataFrame(list(_published()))
    return frame.with_columns(pl.col(MODELS[7]).cast(pl.Float64))


def model_schedule(name: str, sex: str = "total") -> AgeSchedule:
    """One published model schedule.

    Parameters
    ----------
    name
        Name or abbreviation, as in :func:`model_schedules`.
    sex
        ``female`` or ``male``; ``total`` for the fundamental parameters.

    Raises
    ------
    NotFound
        No such schedule; lists the known ones.

    Notes
    -----
    Rogers and Castro (1981); United Nations (1992).

    Examples
    --------
    >>> from corridors.migration.age.schedule import model_schedule
    >>> model_schedule("Western standard", "female").parameters["mu2"]
    20.632
    """
    wanted = name.casefold()
    for row in _published():
        if wanted in (row["schedule"].casefold(), row["abbreviation"]) and row["sex"] == sex:
            parameters = {k: float(row[k]) for k in MODELS[7]}
            return AgeSchedule(parameters, row["schedule"], sex, row["source"])
    known = "\n".join(f"{row['schedule']} ({row['abbreviation']}), {row['sex']}" for row in _published())
    raise NotFound(f"there is no model schedule {name!r} for sex {sex!r}", known)
