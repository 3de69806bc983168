"""Forecast net migration of every country from the posterior of its rates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import ArrayLike

from corridors.errors import DataError
from corridors.migration.projection.fit import NetRatePosterior
from corridors.migration.projection.limits import ChangeLimits
from corridors.migration.projection.model import FORECAST_STREAM, checked_rates, net_count, refuse
from corridors.migration.projection.trajectories import Parameters, simulate
from corridors.numerics.typing import Array
from corridors.results import Result

QUANTILES = {"median": 0.5, "lower80": 0.1, "upper80": 0.9, "lower95": 0.025, "upper95": 0.975}


@dataclass(frozen=True, slots=True)
class NetRateForecast(Result, keys=("country", "year")):
    """Trajectories of net migration.

    Attributes
    ----------
    labels
        Names of the ``C`` countries.
    years
        The ``H`` years at the ends of the periods.
    rates
        Net migration per person and period, shape ``(draws, C, H)``.
    counts
        Net migration per period, persons, the same shape; None without a population.
    balanced
        Whether counts add up to zero over countries in every draw and year.
    """

    labels: tuple[str, ...]
    years: tuple[int, ...]
    rates: Array = field(repr=False)
    counts: Array | None = field(repr=False)
    balanced: bool

    def quantiles(self, levels: Sequence[float], *, counts: bool = False) -> Array:
        """Quantiles over trajectories.

        Parameters
        ----------
        levels
            Probabilities.
        counts
            Of counts instead of rates.

        Returns
        -------
        ndarray
            Shape ``(levels, C, H)``.

        Raises
        ------
        DataError
            Counts asked for where no population was given.
        """
        if counts and self.counts is None:
            raise DataError("this forecast has no counts", remedy="give a population to forecast")
        values = self.counts if counts and self.counts is not None else self.rates
        return np.quantile(values, list(levels), axis=0)

    def to_polars(self) -> pl.DataFrame:
        """Median, 80 % and 95 % intervals by country and year.

        Columns of counts (``count_median``, ``count_lower80``, …) follow where there is a
        population.
        """
        years = np.tile(np.asarray(self.years, dtype=np.int32), len(self.labels))
        columns: dict[str, object] = {
            "country": np.repeat(np.asarray(self.labels, dtype=object), len(self.years)).tolist(),
            "year": years,
        }
        for prefix, counts in (("", False), ("count_", True)):
            if counts and self.counts is None:
                continue
            made = self.quantiles(list(QUANTILES.values()), counts=counts)
            columns |= {prefix + name: made[i].ravel() for i, name in enumerate(QUANTILES)}
        return pl.DataFrame(columns)

    def summary(self) -> str:
        """A few lines: extent, and the countries with the widest intervals at the end."""
        low, middle, high = np.quantile(self.rates[:, :, -1], [0.1, 0.5, 0.9], axis=0)
        widest = np.argsort(high - low)[::-1][:5]
        lines = [
            f"Net migration of {len(self.labels)} countries, {self.years[0]}–{self.years[-1]}, "
            f"{len(self.rates):,} trajectories{', balanced' if self.balanced else ''}",
            f"  {self.years[-1]}, per 1000 people, widest 80 % intervals:",
        ]
        lines += [
            f"  {self.labels[i]}: {1e3 * middle[i]:+.1f} ({1e3 * low[i]:+.1f} to {1e3 * high[i]:+.1f})"
            for i in widest
        ]
        return "\n".join(lines)


def forecast(
    posterior: NetRatePosterior,
    last_rates: ArrayLike,
    population: ArrayLike | None,
    horizon: int,
    *,
    last_year: int = 0,
    trajectories: int = 1_000,
    zero_sum: bool = False,
    thresholds: ChangeLimits | None = None,
    seed: int = 0,
    allow_unconverged: bool = False,
) -> NetRateForecast:
    """Simulate net migration forward, each trajectory from one draw of the parameters.

    Parameters
    ----------
    posterior
        From :func:`fit_net_rates`.
    last_rates
        The last observed rates, shape ``(C,)``; or the series up to them, ``(C, T)``, which
        thresholds look back on.
    population
        Population at the end of every period, shape ``(C, horizon)``, or of the last observed
        one, shape ``(C,)``, which then is kept; persons. None for rates alone.
    horizon
        Number of periods ahead.
    last_year
        Year of the last observed rate; years then count from it.
    trajectories
        Number of them, from draws evenly spread over the posterior.
    zero_sum
        Let counts of all countries add up to zero in every trajectory and period.
    thresholds
        Limits of the cumulative change; see :func:`historical_thresholds`.
    seed
        The same seed gives the same trajectories.
    allow_unconverged
        Forecast although chains have not converged.

    Returns
    -------
    NetRateForecast

    Raises
    ------
    DataError
        Chains that have not converged; rates or populations that do not fit the posterior
        (names the countries); a horizon below 1; ``zero_sum`` without population.
    InfeasibleError
        Where thresholds leave no balance.

    Notes
    -----
    Azose and Raftery (2015). The excess of the world is taken from countries in proportion to
    the variance ``(sigma * population)²`` of their innovations, which is what independent
    normal innovations do when it is given that they balance; countries that vary much give way
    most. Counts are then multiples of a power of two, so that they add up to zero exactly, and
    corrected rates are what the next period starts from. The population path is taken as it is.

    Examples
    --------
    >>> import numpy as np
    >>> from corridors.migration.projection import fit_net_rates, forecast
    >>> rates = 0.002 * np.random.default_rng(1).standard_normal((6, 40))
    >>> fit = fit_net_rates(rates, draws=400, burn_in=100)
    >>> ahead = forecast(fit, rates, np.full(6, 1e6), 3, last_year=2023, trajectories=50,
    ...                  zero_sum=True, allow_unconverged=True)
    >>> ahead.rates.shape, ahead.years, float(np.abs(ahead.counts.sum(1)).max())
    ((50, 6, 3), (2024, 2025, 2026), 0.0)
    """
    _check_request(posterior, horizon, trajectories, allow_unconverged)
    history = _history(posterior, last_rates)
    people = _people(posterior, population, horizon)
    if zero_sum and people is None:
        raise DataError("counts can not add up to zero without a population", remedy="give population")
    if thresholds is not None and thresholds.labels != posterior.labels:
        raise DataError("the thresholds are those of other countries than the posterior")
    total = posterior.mu.shape[0] * posterior.mu.shape[1]
    chosen = np.linspace(0, total - 1, trajectories).round().astype(np.int64)
    parameters = Parameters(*(posterior.pooled(name)[chosen] for name in ("mu", "phi", "sigma")))
    rng = np.random.default_rng(np.random.SeedSequence([seed, FORECAST_STREAM]))
    made, counts = simulate(
        parameters, history, horizon, rng, limits=thresholds, population=people if zero_sum else None
    )
    if counts is None and people is not None:
        counts = net_count(made, people.T[:, None, :])
    return NetRateForecast(
        posterior.labels,
        tuple(last_year + posterior.period * (h + 1) for h in range(horizon)),
        made.transpose(1, 2, 0),
        None if counts is None else counts.transpose(1, 2, 0),
        zero_sum,
    )


def _check_request(
    posterior: NetRatePosterior, horizon: int, trajectories: int, allow_unconverged: bool
) -> None:
    if horizon < 1 or trajectories < 1:
        raise DataError(f"horizon and trajectories must be at least 1, not {horizon} and {trajectories}")
    if not posterior.converged and not allow_unconverged:
        raise DataError(
            "the chains have not converged, so a forecast would mislead",
            posterior.diagnostics.summary(),
            "fit with a higher burn_in, thin or draws, or pass allow_unconverged=True",
        )


def _history(posterior: NetRatePosterior, last_rates: ArrayLike) -> Array:
    given = np.asarray(last_rates, dtype=np.float64)
    count = len(posterior.labels)
    if given.ndim not in {1, 2} or given.shape[0] != count:
        raise DataError(f"last_rates must have {count} rows like the posterior, not shape {given.shape}")
    series = given[:, None] if given.ndim == 1 else given
    refuse(~np.isfinite(series[:, -1]), posterior.labels, "no finite last rate")
    # The check wants two periods; a repeated last one changes nothing it looks at.
    checked_rates(np.concatenate([series, series[:, -1:]], axis=1), posterior.labels)
    return series


def _people(posterior: NetRatePosterior, population: ArrayLike | None, horizon: int) -> Array | None:
    if population is None:
        return None
    people = np.asarray(population, dtype=np.float64)
    count = len(posterior.labels)
    if people.shape == (count,):
        people = np.repeat(people[:, None], horizon, axis=1)
    if people.shape != (count, horizon):
        raise DataError(f"population must have the shape ({count},) or ({count}, {horizon})")
    refuse(~(np.isfinite(people) & (people > 0)).all(1), posterior.labels, "a population not above zero")
    return people
