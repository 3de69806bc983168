"""Fit the hierarchical autoregressive model of net-migration rates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import ArrayLike

from corridors.errors import DataError
from corridors.migration.projection.diagnostics import Diagnostics, diagnose
from corridors.migration.projection.gibbs import sweep
from corridors.migration.projection.model import (
    FIT_STREAM,
    Prior,
    Transitions,
    checked_rates,
    transitions,
)
from corridors.migration.projection.state import ChainState, starting_state
from corridors.numerics.typing import Array
from corridors.results import Result

HYPERPARAMETERS = ("lambda", "tau", "a", "b")
_ACCEPT = 0.44
_FIRST_WIDTH = 1.0


@dataclass(frozen=True, slots=True)
class NetRatePosterior(Result, keys=("country",)):
    """Draws of the parameters of ``C`` countries.

    Attributes
    ----------
    labels
        Names of the countries.
    period
        Years that a rate is about, 1 or 5.
    mu, phi, sigma
        Mean rate, autoregressive coefficient and standard deviation of innovations, shape
        ``(chains, draws, C)``; rates per person and period.
    hyper
        ``lambda`` and ``tau`` (mean and standard deviation of the country means), ``a`` and
        ``b`` (shape and scale of the inverse gamma of the variances), each ``(chains, draws)``.
    acceptance
        Share of Metropolis steps for ``a`` accepted after the burn-in, shape ``(chains,)``.
    diagnostics
        Convergence of every parameter.
    seed
        Seed of the draws.
    """

    labels: tuple[str, ...]
    period: int
    mu: Array = field(repr=False)
    phi: Array = field(repr=False)
    sigma: Array = field(repr=False)
    hyper: Mapping[str, Array] = field(repr=False)
    acceptance: Array = field(repr=False)
    diagnostics: Diagnostics = field(repr=False)
    seed: int

    @property
    def converged(self) -> bool:
        """Whether the chains agree; see :class:`Diagnostics`."""
        return self.diagnostics.converged

    @property
    def worst(self) -> tuple[str, float, float]:
        """The parameter with the highest R-hat, its R-hat and effective size."""
        return self.diagnostics.worst

    def pooled(self, name: str) -> Array:
        """Draws of ``mu``, ``phi`` or ``sigma``, chains in turn, shape ``(chains * draws, C)``."""
        kept: Array = getattr(self, name)
        return np.swapaxes(kept, 0, 1).reshape(-1, kept.shape[2])

    def to_polars(self) -> pl.DataFrame:
        """Posterior mean and 95 % interval of every country's parameters."""
        columns: dict[str, object] = {"country": self.labels}
        for name in ("mu", "phi", "sigma"):
            kept = self.pooled(name)
            low, high = np.quantile(kept, [0.025, 0.975], axis=0)
            columns |= {name: kept.mean(0), f"{name}_lower95": low, f"{name}_upper95": high}
        return pl.DataFrame(columns)

    def summary(self) -> str:
        """A few lines: size, hyperparameters, convergence."""
        chains, draws, countries = self.mu.shape
        means = ", ".join(f"{k} {v.mean():.6g}" for k, v in self.hyper.items())
        return "\n".join(
            [
                f"Net-migration rates of {countries} countries, period {self.period}: "
                f"{chains} chains of {draws:,} draws",
                f"  posterior means: {means}, phi {self.phi.mean():.3f}; "
                f"acceptance of a {self.acceptance.mean():.2f}",
                *(f"  {line}" for line in self.diagnostics.summary().split("\n")),
            ]
        )


def fit_net_rates(
    rates: ArrayLike,
    *,
    period: int = 1,
    draws: int = 10_000,
    burn_in: int = 1_000,
    thin: int = 3,
    chains: int = 4,
    seed: int = 0,
    labels: Sequence[str] | None = None,
    prior: Prior | None = None,
) -> NetRatePosterior:
    """Fit a first-order autoregression to every country's rates, countries learning from each other.

    Parameters
    ----------
    rates
        Net migration per person and period (see :func:`net_rate`), shape ``(C, T)``; NaN
        before a series begins.
    period
        Years of a period, 1 or 5.
    draws
        Draws to keep, of all chains together: a multiple of ``chains``.
    burn_in
        Sweeps of each chain to throw away first.
    thin
        Keep one sweep out of so many.
    chains
        Independent chains, two or more.
    seed
        The same seed gives the same draws.
    labels
        Names of countries.
    prior
        Bounds of hyperparameters; the published ones where not given.

    Returns
    -------
    NetRatePosterior
        Check ``.converged``; :func:`forecast` refuses to work from chains that have not.

    Raises
    ------
    DataError
        Rates that can not be accepted (names the countries), or impossible settings.

    Notes
    -----
    Azose and Raftery (2015), Demography 52(5). With ``r`` the rate of country ``c``,
    ``r[t] - mu = phi (r[t-1] - mu) + e``, ``e ~ N(0, sigma²)``, ``phi ~ U(0, 1)``,
    ``mu ~ N(lambda, tau²)``, ``sigma² ~ InverseGamma(a, b)``; bounds as in :class:`Prior`. The
    first rate of a series is given. ``sigma`` is cut at its least value in the joint density, whose
    constant is not adapted for it. The Metropolis step for ``a`` works on ``log(a - 1)`` with ``b``
    integrated out; its width is tuned during the burn-in and fixed then. ``lambda`` and ``tau``
    are drawn twice a sweep, the second time with ``mu`` moving along (Yu and Meng 2011).

    Examples
    --------
    >>> import numpy as np
    >>> from corridors.migration.projection import fit_net_rates
    >>> rates = 0.002 * np.random.default_rng(1).standard_normal((10, 40))
    >>> fit = fit_net_rates(rates, draws=400, burn_in=100, thin=2)
    >>> fit.mu.shape, bool(0.001 < fit.sigma.mean() < 0.003)
    ((4, 100, 10), True)
    """
    table, names = checked_rates(rates, labels)
    published = Prior.of_period(period)
    bounds = published if prior is None else prior
    _check_settings(draws, burn_in, thin, chains)
    data = transitions(table)
    rng = np.random.default_rng(np.random.SeedSequence([seed, FIT_STREAM]))
    state, width = _burn_in(data, bounds, chains, burn_in, rng)
    kept = draws // chains
    mu, phi, sigma = (np.empty((chains, kept, len(names))) for _ in range(3))
    hyper = {name: np.empty((chains, kept)) for name in HYPERPARAMETERS}
    accepted = np.zeros((chains, 1))
    for i in range(kept):
        for _ in range(thin):
            state, moved = sweep(data, state, bounds, width, rng)
            accepted += moved
        mu[:, i], phi[:, i], sigma[:, i] = state.mean, state.persistence, np.sqrt(state.variance)
        shared = (state.location, state.spread, state.shape, state.scale)
        for name, column in zip(HYPERPARAMETERS, shared, strict=True):
            hyper[name][:, i] = column[:, 0]
    return NetRatePosterior(
        names,
        period,
        mu,
        phi,
        sigma,
        hyper,
        accepted[:, 0] / (kept * thin),
        _diagnostics(names, (mu, phi, sigma), hyper),
        seed,
    )


def _check_settings(draws: int, burn_in: int, thin: int, chains: int) -> None:
    if chains < 2 or draws < 4 * chains or draws % chains or burn_in < 0 or thin < 1:
        raise DataError(
            "these settings make no sample",
            f"draws={draws}, burn_in={burn_in}, thin={thin}, chains={chains}",
            "two or more chains, draws a multiple of chains and at least four a chain, thin at least 1",
        )


def _burn_in(
    data: Transitions, prior: Prior, chains: int, sweeps: int, rng: np.random.Generator
) -> tuple[ChainState, Array]:
    state = starting_state(data, prior, chains, rng)
    width = np.full((chains, 1), _FIRST_WIDTH)
    for i in range(sweeps):
        state, moved = sweep(data, state, prior, width, rng)
        width = np.clip(width * np.exp((moved - _ACCEPT) / np.sqrt(1 + i)), 1e-3, 20.0)
    return state, width


def _diagnostics(names: Sequence[str], country: Sequence[Array], hyper: Mapping[str, Array]) -> Diagnostics:
    titles = [f"{kind}[{name}]" for kind in ("mu", "phi", "sigma") for name in names]
    shared = np.stack(list(hyper.values()), axis=2)
    return diagnose(np.concatenate([*country, shared], axis=2), [*titles, *hyper])
