"""Errors of a survey: linearised by strata and clusters, or by resampling clusters."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from corridors.errors import DataError
from corridors.numerics.typing import Array
from corridors.remittances.welfare.refusals import Codes, codes, positive_weights


@dataclass(frozen=True, slots=True)
class Design:
    """How a sample was drawn.

    Attributes
    ----------
    weight
        Shape ``(n,)``.
    cluster
        Number of the primary unit of each row, 0 to ``clusters - 1``, unique over strata.
    stratum
        Number of the stratum of each primary unit, shape ``(clusters,)``.
    """

    weight: Array
    cluster: Codes
    stratum: Codes

    @property
    def freedom(self) -> int:
        """Degrees of freedom: clusters less strata."""
        return int(self.stratum.size - np.unique(self.stratum).size)

    def clusters_in(self) -> Codes:
        """Number of clusters of each stratum."""
        return np.bincount(self.stratum)


def survey_design(
    n: int,
    *,
    weights: ArrayLike | None = None,
    strata: ArrayLike | None = None,
    cluster: ArrayLike | None = None,
) -> Design:
    """Describe a stratified sample of clusters.

    Parameters
    ----------
    n
        Number of rows.
    weights
        Shape ``(n,)``; ones where not given.
    strata, cluster
        Labels of each row, shape ``(n,)``; one stratum, and every row its own cluster, where
        not given. Cluster labels may repeat in different strata.

    Raises
    ------
    DataError
        Where a stratum has one cluster only, from which no error can be known.

    Examples
    --------
    >>> from corridors.remittances.welfare import survey_design
    >>> survey_design(4, strata=["a", "a", "b", "b"]).freedom
    2
    """
    weight = positive_weights(weights, n)
    group = codes(strata, n, "strata")
    unit = np.arange(n, dtype=np.int64) if cluster is None else codes(cluster, n, "cluster")
    pairs, number = np.unique(np.stack([group, unit]), axis=1, return_inverse=True)
    design = Design(weight, number.ravel().astype(np.int64), pairs[0])
    lonely = np.flatnonzero(design.clusters_in() == 1)
    if lonely.size:
        row = int(np.argmax(group == lonely[0]))
        label = "the whole sample" if strata is None else repr(np.asarray(strata)[row].item())
        raise DataError(
            f"{lonely.size} strata have a single cluster, among them {label}",
            "no error can be known from one cluster",
            "join it to a similar stratum",
        )
    return design


def linearised_variance(design: Design, influence: Array) -> Array:
    """Variance of estimates from the influence of each row on them.

    Parameters
    ----------
    design
        Of the sample.
    influence
        Shape ``(n, k)``: how each of ``k`` estimates moves with the weight of a row, with
        weighted mean zero.

    Returns
    -------
    Array
        Shape ``(k, k)``: covariances.

    Notes
    -----
    Taylor linearisation with clusters drawn with replacement (Binder and Kovačević 1995;
    Deville 1999): ``sum over strata of m / (m - 1) sum of (t - mean t)²``, *t* the weighted
    sums of influence of the *m* clusters.

    Examples
    --------
    >>> import numpy as np
    >>> from corridors.remittances.welfare import survey_design
    >>> from corridors.remittances.welfare.survey import linearised_variance
    >>> linearised_variance(survey_design(4), np.array([[-1.0], [-1], [1], [1]])).round(4).tolist()
    [[0.3333]]
    """
    scaled = influence * (design.weight / design.weight.sum())[:, None]
    clusters = design.stratum.size
    totals = np.stack(
        [np.bincount(design.cluster, weights=column, minlength=clusters) for column in scaled.T], axis=1
    )
    count = design.clusters_in().astype(np.float64)
    means = (
        np.stack([np.bincount(design.stratum, weights=column) for column in totals.T], axis=1)
        / count[:, None]
    )
    apart = totals - means[design.stratum]
    factor = (count / (count - 1.0))[design.stratum]
    return (apart * factor[:, None]).T @ apart


def rescaled_weights(design: Design, draws: int, seed: int = 0) -> Iterator[Array]:
    """Weights of bootstrap samples, shape ``(n,)`` each.

    Parameters
    ----------
    design
        Of the sample.
    draws
        How many.
    seed
        Same seed, same weights; they do not depend on how many are made.

    Notes
    -----
    Rao and Wu (1988) with ``m - 1`` of the *m* clusters of a stratum drawn with replacement;
    a cluster drawn *k* times has its weights times ``k m / (m - 1)``.

    Examples
    --------
    >>> from corridors.remittances.welfare import survey_design
    >>> from corridors.remittances.welfare.survey import rescaled_weights
    >>> [round(float(w.sum()), 6) for w in rescaled_weights(survey_design(5), 2)]
    [5.0, 5.0]
    """
    members = [np.flatnonzero(design.stratum == h) for h in range(int(design.stratum.max()) + 1)]
    for draw in range(draws):
        rng = np.random.default_rng(np.random.SeedSequence([seed, draw]))
        times = np.zeros(design.stratum.size)
        for units in members:
            m = units.size
            drawn = rng.integers(0, m, m - 1)
            times[units] = np.bincount(drawn, minlength=m) * (m / (m - 1.0))
        yield design.weight * times[design.cluster]
