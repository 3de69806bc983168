"""The answer of a fit of an age schedule."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import polars as pl
from scipy.special import ndtri

from corridors.errors import DataError
from corridors.migration.age.schedule import AgeSchedule
from corridors.numerics.typing import Array
from corridors.parameters import value as parameter
from corridors.results import Result


@dataclass(frozen=True, slots=True)
class AgeScheduleFit(Result, keys=("parameter",)):
    """A schedule fitted to data, and how well it is known.

    Attributes
    ----------
    schedule
        The fitted schedule.
    method
        ``least-squares`` or ``poisson``.
    names, estimate, standard_error
        Parameters, their values and standard errors, shape ``(p,)``; an error is NaN where a
        parameter lies on a bound or is not identified.
    covariance
        Shape ``(p, p)``.
    ages, width
        What was fitted; see :func:`fit_age_schedule`.
    observed, fitted
        Rates, shape ``(m,)``.
    deviance
        Poisson deviance, or the weighted sum of squares.
    r_squared
        Share of the deviance of constant rates (or mean rate) that the schedule explains.
    dispersion
        Pearson's chi-square (or the weighted sum of squares) over the degrees of freedom.
    degrees_of_freedom
        Ages less parameters.
    converged
        Whether the best search ended at an optimum.
    issues
        What makes the fit less than it seems; empty where nothing does.
    """

    schedule: AgeSchedule
    method: str
    names: tuple[str, ...]
    estimate: Array
    standard_error: Array
    covariance: Array = field(repr=False)
    ages: Array = field(repr=False)
    width: float
    observed: Array = field(repr=False)
    fitted: Array = field(repr=False)
    deviance: float
    r_squared: float
    dispersion: float
    degrees_of_freedom: int
    converged: bool
    issues: tuple[str, ...]

    def interval(self, level: float | None = None) -> tuple[Array, Array]:
        """Normal interval of each parameter, shape ``(p,)`` each.

        Parameters
        ----------
        level
            Coverage; default from the parameter table.
        """
        covered = parameter("interval_level") if level is None else level
        if not 0.0 < covered < 1.0:
            raise DataError(f"level must lie between 0 and 1, not {covered}")
        reach = float(ndtri((1 + covered) / 2)) * self.standard_error
        return self.estimate - reach, self.estimate + reach

    def to_polars(self, level: float | None = None) -> pl.DataFrame:
        """One row a parameter: value, standard error and interval, unknown ones null."""
        lower, upper = self.interval(level)
        return pl.DataFrame(
            {
                "parameter": self.names,
                "value": self.estimate,
                "standard_error": self.standard_error,
                "lower": lower,
                "upper": upper,
            }
        ).with_columns(pl.col("standard_error", "lower", "upper").fill_nan(None))

    def rates(self) -> pl.DataFrame:
        """One row an age: observed and fitted rate."""
        return pl.DataFrame({"age": self.ages, "observed": self.observed, "fitted": self.fitted})

    def summary(self) -> str:
        """Parameters with standard errors, goodness of fit and issues."""
        lines = [f"Rogers–Castro, {len(self.names)} parameters, {self.method}, {self.ages.size} ages"]
        for name, value, error in zip(self.names, self.estimate, self.standard_error, strict=True):
            shown = "no standard error" if np.isnan(error) else f"± {error:.3g}"
            lines.append(f"  {name:<9}{value:>12.5g}  {shown}")
        lines.append(
            f"  deviance {self.deviance:.5g} on {self.degrees_of_freedom} degrees of freedom, "
            f"R² {self.r_squared:.4f}, dispersion {self.dispersion:.3g}"
        )
        return "\n".join(lines + [f"  {issue}" for issue in self.issues])
