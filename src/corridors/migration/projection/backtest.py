"""Forecast years that are known, and score what comes out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray

from corridors.errors import DataError
from corridors.migration.projection.fit import NetRatePosterior, fit_net_rates
from corridors.migration.projection.model import checked_rates
from corridors.migration.projection.net_rate_forecast import forecast
from corridors.migration.projection.scores import coverage, crps
from corridors.numerics.typing import Array
from corridors.results import Result

LEVELS = (0.80, 0.95)


@dataclass(frozen=True, slots=True)
class BackTest(Result, keys=("lead",)):
    """Scores of a forecast of the last ``H`` periods by country and lead.

    All arrays have the shape ``(C, H)``; errors are in rates per person and period.

    Attributes
    ----------
    labels
        Names of the countries.
    inside80, inside95
        Whether the interval held the observed rate.
    error
        Absolute error of the median.
    crps
        Continuous ranked probability score.
    persistence_error
        Absolute error of the last rate kept, which is its score too.
    global_error
        Absolute error of the mean of all earlier rates of all countries.
    posterior
        What the forecast was made from.
    """

    labels: tuple[str, ...]
    inside80: NDArray[np.bool_] = field(repr=False)
    inside95: NDArray[np.bool_] = field(repr=False)
    error: Array = field(repr=False)
    crps: Array = field(repr=False)
    persistence_error: Array = field(repr=False)
    global_error: Array = field(repr=False)
    posterior: NetRatePosterior = field(repr=False)

    @property
    def coverage(self) -> dict[float, float]:
        """Empirical coverage by nominal probability."""
        return dict(zip(LEVELS, (float(self.inside80.mean()), float(self.inside95.mean())), strict=True))

    def to_polars(self) -> pl.DataFrame:
        """Mean scores by lead, 1 being the first period held back."""
        columns: dict[str, object] = {"lead": np.arange(1, self.error.shape[1] + 1, dtype=np.int32)}
        named = {
            "coverage80": self.inside80,
            "coverage95": self.inside95,
            "error": self.error,
            "crps": self.crps,
            "persistence_error": self.persistence_error,
            "global_error": self.global_error,
        }
        return pl.DataFrame(columns | {name: values.mean(0) for name, values in named.items()})

    def summary(self) -> str:
        """Nominal against empirical coverage, and errors beside the baselines', per 1000 people."""
        countries, leads = self.error.shape
        lines = [f"Back-test: {countries} countries, {leads} periods held back"]
        for nominal, empirical in self.coverage.items():
            lines.append(f"  {nominal:.0%} interval holds {empirical:.1%}")
        rows = {
            "model": (self.error, self.crps),
            "last rate kept": (self.persistence_error, self.persistence_error),
            "global mean": (self.global_error, self.global_error),
        }
        lines += [
            f"  {name:<15} mean absolute error {1e3 * error.mean():6.3f}, CRPS {1e3 * score.mean():6.3f}"
            for name, (error, score) in rows.items()
        ]
        return "\n".join(lines)


def back_test(
    rates: ArrayLike,
    hold_back: int = 10,
    *,
    period: int = 1,
    draws: int = 4_000,
    burn_in: int = 1_000,
    thin: int = 3,
    chains: int = 4,
    trajectories: int = 2_000,
    seed: int = 0,
    labels: Sequence[str] | None = None,
    allow_unconverged: bool = False,
) -> BackTest:
    """Fit without the last periods, forecast them, and compare.

    Parameters
    ----------
    rates
        As in :func:`fit_net_rates`, shape ``(C, T)``.
    hold_back
        Number of last periods to hold back.
    period, draws, burn_in, thin, chains, labels
        As in :func:`fit_net_rates`.
    trajectories, allow_unconverged
        As in :func:`forecast`.
    seed
        Of the fit and of the forecast.

    Returns
    -------
    BackTest

    Raises
    ------
    DataError
        As :func:`fit_net_rates` and :func:`forecast`; too many periods held back; a country
        without a rate before them.

    Notes
    -----
    The last rate kept is the persistence forecast that Azose and Raftery (2015) compare with.
    Both baselines are points, so their CRPS is their absolute error.

    Examples
    --------
    >>> import numpy as np
    >>> from corridors.migration.projection import back_test
    >>> rates = 0.002 * np.random.default_rng(1).standard_normal((10, 40))
    >>> test = back_test(rates, 5, draws=400, burn_in=100, allow_unconverged=True)
    >>> 0.6 < test.coverage[0.8] < 1.0
    True
    """
    table, names = checked_rates(rates, labels)
    if not 1 <= hold_back <= table.shape[1] - 2:
        raise DataError(f"hold_back must lie between 1 and {table.shape[1] - 2}, not {hold_back}")
    known, held = table[:, :-hold_back], table[:, -hold_back:]
    posterior = fit_net_rates(
        known, period=period, draws=draws, burn_in=burn_in, thin=thin, chains=chains, seed=seed, labels=names
    )
    ahead = forecast(
        posterior,
        known,
        None,
        hold_back,
        trajectories=trajectories,
        seed=seed,
        allow_unconverged=allow_unconverged,
    )
    return BackTest(
        names,
        coverage(ahead.rates, held, LEVELS[0]),
        coverage(ahead.rates, held, LEVELS[1]),
        np.abs(np.median(ahead.rates, axis=0) - held),
        crps(ahead.rates, held),
        np.abs(known[:, -1:] - held),
        np.abs(np.nanmean(known) - held),
        posterior,
    )
