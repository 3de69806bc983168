"""Whether chains agree with one another and how many independent draws they are worth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import ArrayLike
from scipy.special import ndtri

from corridors.errors import DataError
from corridors.numerics.typing import Array
from corridors.results import Result

RHAT_MOST = 1.01
SIZE_LEAST_PER_CHAIN = 100.0


@dataclass(frozen=True, slots=True)
class Diagnostics(Result, keys=("parameter",)):
    """Convergence of every parameter.

    Attributes
    ----------
    names
        Of the ``p`` parameters, such as ``mu[DEU]``.
    rhat
        Rank-normalised split R-hat, shape ``(p,)``; 1 where chains agree.
    size_bulk, size_tail
        Effective sample size for the centre and for the 5 % and 95 % quantiles, shape ``(p,)``.
    chains
        Number of chains.
    """

    names: tuple[str, ...]
    rhat: Array = field(repr=False)
    size_bulk: Array = field(repr=False)
    size_tail: Array = field(repr=False)
    chains: int

    @property
    def converged(self) -> bool:
        """Whether every R-hat is below 1.01 and every size above 100 a chain.

        Vehtari et al. (2021) recommend both bounds.
        """
        least = min(float(self.size_bulk.min()), float(self.size_tail.min()))
        return float(self.rhat.max()) < RHAT_MOST and least > SIZE_LEAST_PER_CHAIN * self.chains

    @property
    def worst(self) -> tuple[str, float, float]:
        """The parameter with the highest R-hat: its name, R-hat and smaller sample size."""
        i = int(np.argmax(self.rhat))
        return self.names[i], float(self.rhat[i]), float(min(self.size_bulk[i], self.size_tail[i]))

    def to_polars(self) -> pl.DataFrame:
        """One row a parameter, the worst first."""
        return pl.DataFrame(
            {
                "parameter": self.names,
                "rhat": self.rhat,
                "size_bulk": self.size_bulk,
                "size_tail": self.size_tail,
            }
        ).sort("rhat", descending=True, maintain_order=True)

    def summary(self) -> str:
        """Whether the chains converged, in a few lines."""
        name, rhat, size = self.worst
        return "\n".join(
            [
                f"{'converged' if self.converged else 'NOT converged'}: "
                f"{len(self.names)} parameters, {self.chains} chains",
                f"  highest R-hat {rhat:.4f} ({name}, effective size {size:,.0f}); "
                f"{int((self.rhat >= RHAT_MOST).sum())} at {RHAT_MOST} or more",
                f"  least effective size {self.size_bulk.min():,.0f} (centre), "
                f"{self.size_tail.min():,.0f} (tails)",
            ]
        )


def diagnose(draws: ArrayLike, names: Sequence[str]) -> Diagnostics:
    """Diagnostics of chains.

    Parameters
    ----------
    draws
        Shape ``(chains, n, p)``.
    names
        Of the ``p`` parameters.

    Raises
    ------
    DataError
        Another shape, fewer than four draws a chain, or a draw that is not a number.

    Notes
    -----
    Vehtari, Gelman, Simpson, Carpenter and Bürkner (2021), Bayesian Analysis 16(2).

    Examples
    --------
    >>> import numpy as np
    >>> from corridors.migration.projection import diagnose
    >>> draws = np.random.default_rng(0).standard_normal((4, 500, 1))
    >>> diagnose(draws, ["x"]).converged
    True
    >>> diagnose(draws + np.arange(4)[:, None, None], ["x"]).converged
    False
    """
    x = np.asarray(draws, dtype=np.float64)
    if x.ndim != 3 or x.shape[1] < 4 or x.shape[2] != len(names) or not np.isfinite(x).all():
        raise DataError(
            f"draws must be finite, of shape (chains, at least 4, {len(names)}), here {x.shape}",
        )
    # Parameters first and time last: every step then runs along contiguous memory.
    split = split_chains(np.ascontiguousarray(np.moveaxis(x, 2, 0)))
    normal = rank_normal(split)
    folded = rank_normal(np.abs(split - np.median(split, axis=(1, 2), keepdims=True)))
    low, high = np.quantile(split, [0.05, 0.95], axis=(1, 2))
    tails = [effective_size((split <= q[:, None, None]).astype(np.float64)) for q in (low, high)]
    return Diagnostics(
        tuple(names),
        np.maximum(split_rhat(normal), split_rhat(folded)),
        effective_size(normal),
        np.minimum(*tails),
        x.shape[0],
    )


def split_chains(draws: Array) -> Array:
    """Cut each chain into halves: shape ``(p, chains, n)`` to ``(p, 2 chains, n // 2)``."""
    p, chains, n = draws.shape
    return draws[:, :, n % 2 :].reshape(p, 2 * chains, n // 2)


def rank_normal(draws: Array) -> Array:
    """Normal scores of the ranks of each parameter's draws, shape ``(p, m, n)``."""
    from scipy.stats import rankdata

    p, m, n = draws.shape
    ranks = rankdata(draws.reshape(p, m * n), axis=1).reshape(draws.shape)
    return ndtri((ranks - 0.375) / (m * n + 0.25))


def split_rhat(draws: Array) -> Array:
    """Potential scale reduction of chains that were split before, shape ``(p, m, n)`` to ``(p,)``."""
    n = draws.shape[2]
    within = draws.var(2, ddof=1).mean(1)
    between = draws.mean(2).var(1, ddof=1)
    ratio = np.divide(between, within, out=np.where(between > 0, np.inf, 0.0), where=within > 0)
    return np.sqrt((n - 1) / n + ratio)


def effective_size(draws: Array) -> Array:
    """Number of independent draws with the same error of the mean, shape ``(p, m, n)`` to ``(p,)``.

    Notes
    -----
    Geyer's (1992) initial monotone sequence on autocovariances pooled over chains.

    Examples
    --------
    >>> import numpy as np
    >>> from corridors.migration.projection.diagnostics import effective_size
    >>> bool(abs(effective_size(np.random.default_rng(0).standard_normal((1, 4, 1000)))[0] - 4000) < 600)
    True
    """
    _, m, n = draws.shape
    off = draws - draws.mean(2, keepdims=True)
    padded = 1 << (2 * n - 1).bit_length()
    power = np.abs(np.fft.rfft(off, padded, axis=2)) ** 2
    covariance = np.fft.irfft(power.mean(1), padded, axis=1)[:, :n] / n
    within = covariance[:, :1] * n / (n - 1)
    pooled = within * (n - 1) / n + draws.mean(2).var(1, ddof=1)[:, None]
    rho = 1 - (within - covariance) / np.where(pooled > 0, pooled, 1.0)
    rho[:, 0] = 1.0
    pairs = rho[:, : n - n % 2].reshape(rho.shape[0], -1, 2).sum(2)
    positive = np.logical_and.accumulate(pairs > 0, axis=1)
    falling = np.minimum.accumulate(pairs, axis=1)
    time = 2 * np.where(positive, falling, 0.0).sum(1) - 1
    return m * n / np.maximum(time, 1 / np.log10(m * n))
