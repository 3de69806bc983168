"""Gravity: how distance, language and history shape who moves where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import polars as pl

from corridors.errors import DataError
from corridors.intake import IntoTable, TableSpec, matrix_of, take
from corridors.numerics.poisson import fit_two_way
from corridors.numerics.typing import Array
from corridors.results import Result
from corridors.ties import TIES, ties_both_ways

_FLOWS = TableSpec(
    "flows",
    texts=["origin", "destination"],
    any_places=["origin", "destination"],
    whole=["period_start"],
    numbers=["value"],
    added=["value"],
    optional=["period_start"],
    key=["origin", "destination", "period_start"],
    once="keep one row for each pair and period: of one method, kind and sex",
    at_least={"value": 0},
)


@dataclass(frozen=True, slots=True)
class GravityFit(Result, keys=("term",)):
    """A fitted gravity model.

    Attributes
    ----------
    coefficients
        Effect of each tie on the logarithm of a flow, given origin-period and
        destination-period effects.
    standard_errors
        Clustered by pair of places.
    pairs, observations
        Pairs of places, and rows used: those that effects alone decide say nothing about ties and are
        left out, such as all rows of an origin or destination without any flow.
    pseudo_r2
        One less the log-likelihood over that of one mean for all.
    formula
        The model, in the words of fixest.
    """

    coefficients: Mapping[str, float]
    standard_errors: Mapping[str, float]
    pairs: int
    observations: int
    pseudo_r2: float
    formula: str

    def to_polars(self) -> pl.DataFrame:
        """Term, coefficient, standard error, and 95 % interval."""
        return pl.DataFrame(
            {
                "term": list(self.coefficients),
                "coefficient": list(self.coefficients.values()),
                "standard_error": [self.standard_errors[t] for t in self.coefficients],
            }
        ).with_columns(
            lower=pl.col("coefficient") - 1.96 * pl.col("standard_error"),
            upper=pl.col("coefficient") + 1.96 * pl.col("standard_error"),
        )

    def summary(self) -> str:
        """The coefficients, a line each."""
        lines = [f"{self.formula} ({self.observations:,} observations, {self.pairs:,} pairs)"]
        lines += [f"  {t:<18}{c:>9.4f} ± {self.standard_errors[t]:.4f}" for t, c in self.coefficients.items()]
        return "\n".join(lines)

    def seed(self, proximity: IntoTable, places: Sequence[str], *, stay: float | None = None) -> Array:
        """Relative propensity to move between places, for the ``seed`` of flow methods.

        Parameters
        ----------
        proximity
            Columns ``origin``, ``destination`` and the ties of the fit, ``distance_km`` for
            ``log_distance``; unordered pairs, or both directions.
        places
            Codes, in the order wanted.
        stay
            Propensity to stay on the diagonal; default the largest propensity to move.

        Returns
        -------
        ndarray
            Shape ``(n, n)``. A pair without known ties takes the geometric mean.

        Raises
        ------
        DataError
            The table lacks a tie of the fit, or no pair of these places has known ties.
        """
        ties = ties_both_ways(proximity, list(self.coefficients))
        score = sum((pl.col(t) * b for t, b in self.coefficients.items()), pl.lit(0.0))
        table = matrix_of(ties.select("origin", "destination", score.alias("score")), places, absent=np.nan)
        np.fill_diagonal(table, np.nan)
        if not np.isfinite(table).any():
            raise DataError("no pair of these places has known ties", remedy="check the codes")
        table = np.where(np.isfinite(table), table, np.nanmean(table))
        out = np.exp(table - np.nanmax(table))
        np.fill_diagonal(out, 1.0 if stay is None else stay)
        return out


def gravity_panel(
    flows: IntoTable, proximity: IntoTable, *, places: Sequence[str] | None = None
) -> pl.DataFrame:
    """All ordered pairs of places and periods, with flows and ties.

    Parameters
    ----------
    flows
        Columns ``origin``, ``destination``, ``value`` and, if there are several periods,
        ``period_start``. Pairs without a row are flows of zero: give all estimated flows. A row whose
        flow is missing is refused, and so is a pair that stands twice in a period.
    proximity
        Columns ``origin``, ``destination``, ``distance_km``, ``contiguous``, ``common_language``,
        ``colonial_tie``; unordered pairs, or both directions.
    places
        Codes to use; default all that send and receive and have ties.

    Returns
    -------
    polars.DataFrame
        origin, destination, period_start, value, log_distance and the other ties.

    Raises
    ------
    DataError
        Missing columns, negative flows, or no pair that has both.

    Examples
    --------
    >>> import polars as pl
    >>> from corridors.migration import gravity_panel
    >>> flows = pl.DataFrame({"origin": ["A"], "destination": ["B"], "value": [7.0]})
    >>> ties = pl.DataFrame({"origin": ["A"], "destination": ["B"], "distance_km": [100],
    ...                      "contiguous": [0], "common_language": [1], "colonial_tie": [0]})
    >>> gravity_panel(flows, ties).select("origin", "destination", "value").rows()
    [('A', 'B', 7.0), ('B', 'A', 0.0)]
    """
    moves = take(flows, _FLOWS).with_columns(pl.col("period_start").fill_null(0))
    ties = ties_both_ways(proximity)
    known = set(ties["origin"])
    used = sorted(
        set(places) if places is not None else (set(moves["origin"]) | set(moves["destination"])) & known
    )
    periods = sorted(set(moves["period_start"]))
    square = pl.DataFrame(
        [(o, d, p) for o, d in product(used, used) if o != d for p in periods],
        schema=["origin", "destination", "period_start"],
        orient="row",
    )
    if square.is_empty():
        raise DataError("no pair of places has both flows and ties", remedy="check the codes")
    keys = ["origin", "destination", "period_start"]
    return (
        square.join(moves.select(*keys, "value"), on=keys, how="left")
        .with_columns(pl.col("value").fill_null(0.0))
        .join(ties, on=keys[:2], how="inner")
        .sort(keys)
    )


def fit_gravity(panel: IntoTable, *, ties: Sequence[str] = TIES) -> GravityFit:
    """Fit a gravity model by Poisson pseudo-maximum likelihood.

    Every origin and every destination has an effect of its own in each period (multilateral
    resistance); the ties explain what is left.

    Parameters
    ----------
    panel
        From :func:`gravity_panel`.
    ties
        Columns whose effect is wanted.

    Returns
    -------
    GravityFit

    Raises
    ------
    DataError
        A column is missing or does not vary; a pair stands twice in a period; ties that the effects explain,
        or that separate zero from positive flows.

    Notes
    -----
    Santos Silva and Tenreyro (2006); :func:`corridors.numerics.poisson.fit_two_way` on a stack of periods.

    Examples
    --------
    >>> import numpy as np
    >>> import polars as pl
    >>> from corridors.migration import fit_gravity
    >>> at = {"A": 0.0, "B": 1.0, "C": 3.0, "D": 7.0}
    >>> rows = [(o, d, 2010, 8 / abs(at[o] - at[d]), np.log(abs(at[o] - at[d])))
    ...         for o in at for d in at if o != d]
    >>> names = ["origin", "destination", "period_start", "value", "log_distance"]
    >>> panel = pl.DataFrame(rows, schema=names, orient="row")
    >>> round(fit_gravity(panel, ties=["log_distance"]).coefficients["log_distance"], 6)
    -1.0
    """
    if not ties:
        raise DataError("no tie is asked for", remedy=f"name some of {', '.join(TIES)}")
    key = ["origin", "destination", "period_start"]
    asked = TableSpec(
        "panel",
        texts=key[:2],
        whole=key[2:],
        numbers=["value", *ties],
        blank=ties,
        key=key,
        at_least={"value": 0},
    )
    frame = take(panel, asked)
    if same := [t for t in ties if frame[t].n_unique() < 2]:
        raise DataError(f"{', '.join(same)} does not vary in the panel", remedy="leave it out of 'ties'")
    places = sorted({*frame["origin"], *frame["destination"]})
    periods = [part for _, part in frame.group_by("period_start", maintain_order=True)]
    flows, *covariates = (
        np.stack([matrix_of(p.select(*key[:2], name), places, absent=np.nan) for p in periods])
        for name in ("value", *ties)
    )
    pairs = np.arange(len(places) ** 2).reshape(len(places), -1)
    fit = fit_two_way(flows, np.stack(covariates), ties, clusters=np.broadcast_to(pairs, flows.shape))
    return GravityFit(
        dict(zip(ties, fit.coefficients.tolist(), strict=True)),
        dict(zip(ties, fit.standard_errors.tolist(), strict=True)),
        frame.select(key[:2]).n_unique(),
        int(fit.used.sum()),
        fit.pseudo_r2,
        f"value ~ {' + '.join(ties)} | origin_period + destination_period",
    )
