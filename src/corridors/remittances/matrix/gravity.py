"""A gravity prior of corridors from tables of flows and ties."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from corridors.errors import DataError
from corridors.intake import IntoTable, TableSpec, matrix_of, take
from corridors.remittances.matrix.provenance import EstimatedBy
from corridors.remittances.matrix.refusals import RULES
from corridors.remittances.matrix.remittance_matrix import RemittanceMatrix
from corridors.remittances.matrix.two_way_fit import TwoWayFit, fit_two_way_poisson
from corridors.ties import TIES, ties_both_ways

_FLOWS = TableSpec(
    "flows",
    texts=["sending", "receiving", "rule"],
    numbers=["value"],
    optional=["rule"],
    blank=["value"],
    key=["sending", "receiving"],
    at_least={"value": 0},
)


def gravity_prior(
    flows: RemittanceMatrix | IntoTable,
    proximity: IntoTable,
    *,
    ties: Sequence[str] = TIES,
    estimated_by: EstimatedBy | None = None,
    allow_modelled: bool = False,
    clusters: str = "pair",
) -> tuple[TwoWayFit, pl.DataFrame]:
    """Fit flows by ties and effects of senders and recipients, and make a prior for all pairs.

    Parameters
    ----------
    flows
        Observed corridors: columns ``sending``, ``receiving``, ``value``; a pair without a row
        is outside the sample, so give the zeros that are known. A :class:`RemittanceMatrix`, or a table with
        a ``rule`` of one, is a model's and refused.
    proximity
        Columns ``origin``, ``destination``, ``distance_km`` and the ties; unordered pairs.
    ties
        Covariates to use.
    estimated_by
        Where the flows come from; needed for a table, ignored for a :class:`RemittanceMatrix`.
    allow_modelled, clusters
        As in :func:`fit_two_way_poisson`.

    Returns
    -------
    fit : TwoWayFit
    prior : polars.DataFrame
        Columns ``sending``, ``receiving``, ``value`` for all pairs of places in the flows with known ties: a
        ``seed_table`` for :func:`bilateral_remittances`.

    Raises
    ------
    DataError
        Modelled flows, missing columns, no pair with both flows and ties.

    Examples
    --------
    >>> import polars as pl
    >>> from corridors.remittances.matrix import gravity_prior
    >>> pairs = [(a, b) for a in "ABCD" for b in "ABCD" if a < b]
    >>> ties = pl.DataFrame(pairs, schema=["origin", "destination"], orient="row").with_columns(
    ...     distance_km=pl.Series([1.0, 4, 9, 2, 5, 3]))
    >>> flows = [(a, b, 9.0 / d) for a, b, d in ties.rows()] + [(b, a, 9.0 / d) for a, b, d in ties.rows()]
    >>> flows = pl.DataFrame(flows, schema=["sending", "receiving", "value"], orient="row")
    >>> fit, prior = gravity_prior(flows, ties, ties=["log_distance"], estimated_by="observed")
    >>> prior.height, round(fit.coefficients["log_distance"], 1)
    (12, -1.0)
    """
    table, tag = _tagged(flows, estimated_by)
    pairs = ties_both_ways(proximity, ties)
    known = set(pairs["origin"])
    places = sorted((set(table["sending"]) | set(table["receiving"])) & known)
    between = table.filter(pl.col("sending") != pl.col("receiving"))
    observed = matrix_of(between.select("receiving", "sending", "value"), places, absent=np.nan)
    covariates = {
        name: matrix_of(pairs.select("destination", "origin", name), places, absent=np.nan) for name in ties
    }
    fit = fit_two_way_poisson(
        observed, covariates, estimated_by=tag, allow_modelled=allow_modelled, clusters=clusters
    )
    prior = fit.prior(covariates)
    tied = np.all([np.isfinite(x) for x in covariates.values()], axis=0)
    np.fill_diagonal(tied, val=False)
    i, j = np.nonzero(tied)
    codes = pl.Series(places, dtype=pl.String)
    return fit, pl.DataFrame({"sending": codes.gather(j), "receiving": codes.gather(i), "value": prior[i, j]})


def _tagged(
    flows: RemittanceMatrix | IntoTable, estimated_by: EstimatedBy | None
) -> tuple[pl.DataFrame, EstimatedBy]:
    if isinstance(flows, RemittanceMatrix):
        return flows.to_polars(), flows.estimated_by
    table = take(flows, _FLOWS)
    if any(str(r).split("+")[0] in (*RULES, "seed") for r in table["rule"].unique()):
        return table, "ratha-shaw"
    if estimated_by is None:
        raise DataError(
            "say where these flows come from",
            "A regression on modelled flows recovers the formula that made them.",
            "give estimated_by='observed' only for flows that somebody counted",
        )
    return table, estimated_by
