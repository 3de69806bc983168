"""Limits of what migration has done to a population within a generation."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import ArrayLike

from corridors.errors import DataError
from corridors.migration.projection.model import checked_rates
from corridors.numerics.typing import Array
from corridors.results import Result


@dataclass(frozen=True, slots=True)
class ChangeLimits(Result, keys=("country",)):
    """Least and greatest cumulative change of a population by migration alone.

    Attributes
    ----------
    labels
        Names of the ``C`` countries.
    lower, upper
        Bounds of the product of ``1 + rate`` over the window, shape ``(C,)``.
    window
        Number of periods in the window.
    """

    labels: tuple[str, ...]
    lower: Array = field(repr=False)
    upper: Array = field(repr=False)
    window: int

    def to_polars(self) -> pl.DataFrame:
        """One row a country."""
        return pl.DataFrame({"country": self.labels, "lower": self.lower, "upper": self.upper})

    def summary(self) -> str:
        """The different bounds and how many countries have them, one line each."""
        groups: dict[tuple[float, float], list[str]] = {}
        for label, low, high in zip(self.labels, self.lower, self.upper, strict=True):
            groups.setdefault((float(low), float(high)), []).append(label)
        return "\n".join(
            f"{len(who)} countries ({', '.join(who[:6])}{', …' if len(who) > 6 else ''}): "
            f"{low:.3f} to {high:.3f} within {self.window} periods"
            for (low, high), who in groups.items()
        )


def historical_thresholds(
    rates: ArrayLike,
    *,
    period: int = 1,
    years: int = 30,
    apart: Collection[str] = (),
    labels: Sequence[str] | None = None,
) -> ChangeLimits:
    """The greatest gain and loss by migration that any country had within so many years.

    Parameters
    ----------
    rates
        As in :func:`fit_net_rates`, shape ``(C, T)``.
    period
        Years of a period, 1 or 5.
    years
        Length of the window, years.
    apart
        Countries with limits of their own, taken from them together, while their past does
        not widen the limits of the rest: the Gulf states, for example.
    labels
        Names of countries.

    Raises
    ------
    DataError
        Rates that can not be accepted, an unknown country in ``apart``, a window of no period.

    Notes
    -----
    The idea is that of bayesMig (Azose, Ševčíková and Raftery, 2024). A shorter past counts as
    it is, so the limits always allow what was seen.

    Examples
    --------
    >>> from corridors.migration.projection import historical_thresholds
    >>> limits = historical_thresholds([[0.0, 0.1, 0.1], [0.0, 0.0, -0.1]], years=2)
    >>> float(limits.upper[0].round(6)), float(limits.lower[0].round(6))
    (1.21, 0.9)
    """
    table, names = checked_rates(rates, labels)
    if unknown := sorted(set(apart) - set(names)):
        raise DataError(f"no rates of {', '.join(unknown)}", remedy="give labels as in the rates")
    window = years // period
    if window < 1:
        raise DataError(f"a window of {years} years has no period of {period}")
    growth = np.cumsum(np.log1p(np.nan_to_num(table)), axis=1)
    path = np.concatenate([np.zeros((len(names), 1)), growth], axis=1)
    high, low = np.full(len(names), -np.inf), np.full(len(names), np.inf)
    for lag in range(1, min(window, table.shape[1]) + 1):
        change = path[:, lag:] - path[:, :-lag]
        high, low = np.maximum(high, change.max(1)), np.minimum(low, change.min(1))
    special = np.isin(names, list(apart))
    for group in (special, ~special):
        if group.any():
            high[group], low[group] = high[group].max(), low[group].min()
    return ChangeLimits(names, np.exp(low), np.exp(high), window)
