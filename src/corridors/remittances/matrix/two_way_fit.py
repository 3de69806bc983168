"""What the ties of a corridor say about its flow: a two-way Poisson model and the prior it gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray

from corridors.errors import DataError
from corridors.numerics.poisson import fit_two_way
from corridors.numerics.typing import Array
from corridors.remittances.matrix.provenance import EstimatedBy, guard
from corridors.results import Result


@dataclass(frozen=True, slots=True)
class TwoWayFit(Result, keys=("term",)):
    """A fitted two-way Poisson model.

    Attributes
    ----------
    coefficients, standard_errors
        By covariate; heteroskedasticity-robust (HC1), or clustered by unordered pair.
    fitted
        Expected flows, shape ``(m, n)``; 0 in dropped rows and columns and outside the sample. Its row and
        column sums in the sample are the observed ones.
    dropped_rows, dropped_columns
        Positions without any flow: they say nothing and are left out.
    observations
        Cells that tell something about the coefficients.
    deviance
        Poisson deviance.
    steps
        Newton steps.
    estimated_by
        Where the flows come from.
    """

    coefficients: Mapping[str, float]
    standard_errors: Mapping[str, float]
    fitted: Array = field(repr=False)
    dropped_rows: tuple[int, ...]
    dropped_columns: tuple[int, ...]
    observations: int
    deviance: float
    steps: int
    estimated_by: EstimatedBy

    def to_polars(self) -> pl.DataFrame:
        """Term, coefficient, standard error."""
        return pl.DataFrame(
            {
                "term": list(self.coefficients),
                "coefficient": list(self.coefficients.values()),
                "standard_error": [self.standard_errors[t] for t in self.coefficients],
            }
        )

    def summary(self) -> str:
        """The coefficients, a line each, and where the flows come from."""
        lines = [
            f"{self.observations:,} corridors ({self.estimated_by}), dropped "
            f"{len(self.dropped_rows)} rows and {len(self.dropped_columns)} columns without flows"
        ]
        lines += [
            f"  {t:<18}{c:>10.6f} ± {self.standard_errors[t]:.6f}" for t, c in self.coefficients.items()
        ]
        return "\n".join(lines)

    def prior(self, covariates: Mapping[str, ArrayLike]) -> Array:
        """A positive seed for :func:`reconcile`: fitted flows, elsewhere mean effects and covariates.

        Parameters
        ----------
        covariates
            By name, each of the shape of the fit; NaN where unknown, which takes the mean.

        Returns
        -------
        ndarray
            Shape ``(m, n)``.
        """
        score = np.zeros_like(self.fitted)
        for name, b in self.coefficients.items():
            x = np.asarray(covariates[name], dtype=np.float64)
            if x.shape != score.shape:
                raise DataError(f"covariate {name} has shape {x.shape}, but the fit {score.shape}")
            score += b * np.where(np.isnan(x), np.nanmean(x), x)
        live = self.fitted > 0
        effect = np.where(live, np.log(np.where(live, self.fitted, 1.0)) - score, np.nan)
        across = np.where(live.any(0), _mean(effect, 0), np.nan)
        down = np.where(live.any(1), _mean(effect - np.nan_to_num(across), 1), 0.0)
        across = np.where(np.isnan(across), np.nanmean(across), across)
        return np.where(live, self.fitted, np.exp(score + across + down[:, None]))


def fit_two_way_poisson(
    flows: ArrayLike,
    covariates: Mapping[str, ArrayLike],
    *,
    estimated_by: EstimatedBy,
    allow_modelled: bool = False,
    clusters: str = "none",
    tolerance: float = 1e-10,
    max_steps: int = 50,
) -> TwoWayFit:
    """Fit ``flows = exp(row + column + sum b x)`` by Poisson pseudo-maximum likelihood.

    Parameters
    ----------
    flows
        Not negative, shape ``(m, n)``; NaN (as on a diagonal) is outside the sample.
    covariates
        By name, shape ``(m, n)``; a NaN takes the cell out of the sample.
    estimated_by
        Where the flows come from. Modelled flows are refused: a regression on them recovers the formula
        that made them.
    allow_modelled
        Warn instead.
    clusters
        ``none``, or ``pair`` for errors clustered by unordered pair of a square table.
    tolerance
        Largest change of a coefficient (of a covariate of unit spread) at which to stop.
    max_steps
        Limit of Newton steps.

    Returns
    -------
    TwoWayFit

    Raises
    ------
    DataError
        Modelled flows, bad values, a covariate that rows and columns explain or that separates flows.

    Notes
    -----
    Santos Silva and Tenreyro (2006); see :func:`corridors.numerics.poisson.fit_two_way` for what is left
    out of the sample and for the small-sample factor of the errors.

    Examples
    --------
    >>> import numpy as np
    >>> from corridors.remittances.matrix import fit_two_way_poisson
    >>> x = np.array([[0.0, 1.0, 2.0], [1.0, 0.0, 1.0], [2.0, 1.0, 0.5]])
    >>> flows = np.exp(0.5 * x + np.array([[1.0], [2.0], [0.0]]))
    >>> fit = fit_two_way_poisson(flows, {"x": x}, estimated_by="observed")
    >>> round(fit.coefficients["x"], 6)
    0.5
    """
    guard(estimated_by, allow_modelled=allow_modelled)
    y, x = _checked(flows, covariates, clusters)
    names = list(covariates)
    fit = fit_two_way(
        y,
        x,
        names,
        clusters=_pairs(len(y)) if clusters == "pair" else None,
        tolerance=tolerance,
        max_steps=max_steps,
    )
    return TwoWayFit(
        dict(zip(names, fit.coefficients.tolist(), strict=True)),
        dict(zip(names, fit.standard_errors.tolist(), strict=True)),
        fit.fitted,
        tuple(np.flatnonzero(~(fit.fitted > 0).any(1)).tolist()),
        tuple(np.flatnonzero(~(fit.fitted > 0).any(0)).tolist()),
        int(fit.used.sum()),
        fit.deviance,
        fit.steps,
        estimated_by,
    )


def _checked(flows: ArrayLike, covariates: Mapping[str, ArrayLike], clusters: str) -> tuple[Array, Array]:
    y = np.asarray(flows, dtype=np.float64)
    if y.ndim != 2 or not covariates:
        raise DataError("give flows as a table and at least one covariate")
    if clusters not in ("none", "pair") or (clusters == "pair" and y.shape[0] != y.shape[1]):
        raise DataError(
            f"unknown clusters, or pairs of a table that is not square: {clusters!r}", "known: none, pair"
        )
    tables = [np.asarray(x, dtype=np.float64) for x in covariates.values()]
    if any(x.shape != y.shape or np.any(np.isinf(x)) for x in tables):
        raise DataError(f"covariates must be finite and of the shape of the flows, {y.shape}")
    return y, np.stack(tables)


def _pairs(n: int) -> NDArray[np.int64]:
    """A number of each unordered pair, shape ``(n, n)``."""
    place = np.arange(n)
    return np.minimum(place[:, None], place) * n + np.maximum(place[:, None], place)


def _mean(table: Array, axis: int) -> Array:
    known = np.isfinite(table)
    count = known.sum(axis)
    return np.divide(np.where(known, table, 0.0).sum(axis), count, out=np.zeros(count.shape), where=count > 0)
