"""Agreements that resemble one another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl

from corridors.cooperation.agreements.coded_agreements import PROVISIONS, as_agreements, one_agreement
from corridors.cooperation.agreements.groups import with_groups
from corridors.errors import DataError
from corridors.intake import IntoTable
from corridors.numerics.blas import one_blas_thread
from corridors.numerics.typing import Array

Measure = Literal["jaccard", "hamming"]
Weights = Literal["inverse-frequency", "equal"]
Peers = Literal["all", "corridor", "party", "region", "income"]


@dataclass(frozen=True, slots=True)
class _Coded:
    """Provisions as numbers: ``yes`` and ``coded`` of shape ``(n, provisions)``, 0 or 1."""

    yes: Array
    coded: Array

    @classmethod
    def of(cls, table: pl.DataFrame) -> _Coded:
        part = table.select(PROVISIONS)
        return cls(
            part.fill_null(False).cast(pl.Float64).to_numpy(),
            part.select(pl.all().is_not_null()).cast(pl.Float64).to_numpy(),
        )


def similarity(
    agreements: IntoTable, *, measure: Measure = "jaccard", weights: Weights = "inverse-frequency"
) -> Array:
    """Similarity of all agreements with one another.

    Parameters
    ----------
    agreements
        As for :func:`as_agreements`.
    measure
        ``"jaccard"``, weight of provisions both have over that of provisions either has, or
        ``"hamming"``, weight of provisions on which both agree (present or absent) over all.
    weights
        ``"inverse-frequency"``, ``-ln((present + 1/2) / (coded + 1))``, so that a shared rare provision
        counts more than a shared common one; or ``"equal"``.

    Returns
    -------
    ndarray
        Shape ``(n, n)``, 0 to 1; not a number where no provision is coded in both, or, for Jaccard,
        where neither has any.

    Examples
    --------
    >>> from corridors.cooperation.agreements import similarity
    >>> table = {"agreement": [1, 2], "party_a": ["PHL"] * 2, "party_b": ["JOR", "SAU"], "year": [2010, 2013],
    ...          "quota": [1, 1], "remittances": [1, 0]}
    >>> similarity(table, weights="equal")[0, 1].item()
    0.5
    """
    coded = _Coded.of(as_agreements(agreements))
    return _kernel(coded, coded, _weights(coded, weights), measure)


def similar(
    agreements: IntoTable,
    number: int,
    *,
    k: int = 10,
    measure: Measure = "jaccard",
    weights: Weights = "inverse-frequency",
    peers: Peers = "all",
    places: IntoTable | None = None,
) -> pl.DataFrame:
    """The agreements most like one agreement.

    Parameters
    ----------
    agreements
        As for :func:`as_agreements`.
    number
        The agreement to compare with.
    k
        How many.
    measure, weights
        As in :func:`similarity`; weights come from all agreements.
    peers
        Which to compare with: ``"all"``, those of the same ``"corridor"`` (both parties), with a
        ``"party"`` in common, of the same pair of regions (``"region"``) or ``"income"`` groups.
    places
        Regions and income groups; default the register of places.

    Returns
    -------
    polars.DataFrame
        ``agreement``, ``party_a``, ``party_b``, ``year``, ``similarity``, ``compared`` (provisions coded
        in both), ``shared``, ``only_here`` (that the other lacks), ``only_there``; most similar first,
        of equals the nearest in time.

    Raises
    ------
    NotFound
        No agreement has this number.
    DataError
        It is not coded, has none of the provisions (Jaccard), or an option is not known.

    Examples
    --------
    >>> from corridors.cooperation.agreements import similar
    >>> table = {"agreement": [1, 2, 3], "party_a": ["PHL"] * 3, "party_b": ["JOR", "SAU", "KOR"],
    ...          "year": [2010, 2013, 2017], "quota": [1, 1, 0], "remittances": [1, 0, 0]}
    >>> similar(table, 1, k=1).select("agreement", "shared", "only_here").row(0)
    (2, ['quota'], ['remittances'])
    """
    if k < 1:
        raise DataError(f"{k} agreements can not be found", remedy="give k of 1 or more")
    table = as_agreements(agreements)
    row = one_agreement(table, number)
    _comparable(row, measure, number)
    everything = _Coded.of(table)
    others = _peers(table, row, peers, places)
    one, many = _Coded.of(row), _Coded.of(others)
    score = _kernel(one, many, _weights(everything, weights), measure)[0]
    both = one.coded * many.coded
    sets = {
        "shared": both * one.yes * many.yes,
        "only_here": both * one.yes * (1 - many.yes),
        "only_there": both * (1 - one.yes) * many.yes,
    }
    ranked = (
        others.select("agreement", "party_a", "party_b", "year")
        .with_columns(similarity=score, compared=both.sum(1).astype(np.int64))
        .with_row_index("position")
        .filter(pl.col("similarity").is_not_nan())
        .sort(-pl.col("similarity").round(12), (pl.col("year") - row["year"].item()).abs(), "agreement")
        .head(k)
    )
    at = ranked["position"].to_numpy()
    return ranked.drop("position").with_columns(
        pl.Series(name, [_named(line) for line in chosen[at]], dtype=pl.List(pl.String))
        for name, chosen in sets.items()
    )


def _named(line: Array) -> list[str]:
    return [PROVISIONS[i] for i in np.flatnonzero(line)]


def _comparable(row: pl.DataFrame, measure: str, number: int) -> None:
    coded = _Coded.of(row)
    if not coded.coded.any():
        raise DataError(
            f"agreement {number} is not coded: nobody can say what it resembles",
            remedy="choose one that is coded, or code its text and use your own table",
        )
    if measure == "jaccard" and not coded.yes.any():
        raise DataError(
            f"agreement {number} has none of the coded provisions", remedy="use the measure 'hamming'"
        )


def _weights(coded: _Coded, weights: str) -> Array:
    if weights == "equal":
        return np.ones(len(PROVISIONS))
    if weights != "inverse-frequency":
        raise DataError(f"weights can not be {weights!r}", remedy="use 'inverse-frequency' or 'equal'")
    return -np.log((coded.yes.sum(0) + 0.5) / (coded.coded.sum(0) + 1.0))


def _kernel(one: _Coded, many: _Coded, weight: Array, measure: str) -> Array:
    with one_blas_thread():
        joint = (one.yes * weight) @ many.yes.T
        a, b = (one.yes * weight) @ many.coded.T, (one.coded * weight) @ many.yes.T
        every = (one.coded * weight) @ many.coded.T
    either = a + b - joint
    if measure == "jaccard":
        top, bottom = joint, either
    elif measure == "hamming":
        top, bottom = every - (either - joint), every
    else:
        raise DataError(f"the measure can not be {measure!r}", remedy="use 'jaccard' or 'hamming'")
    found = np.divide(top, bottom, out=np.full_like(top, np.nan), where=bottom > 0)
    return np.clip(found, 0.0, 1.0)


def _peers(table: pl.DataFrame, row: pl.DataFrame, peers: str, places: IntoTable | None) -> pl.DataFrame:
    a, b = row["party_a"].item(), row["party_b"].item()
    first, second = pl.col("party_a").is_in([a, b]), pl.col("party_b").is_in([a, b])
    others = table.filter(pl.col("agreement") != row["agreement"].item(), pl.col("coded"))
    if peers == "all":
        return others
    if peers in ("corridor", "party"):
        return others.filter(first & second if peers == "corridor" else first | second)
    if peers not in ("region", "income"):
        raise DataError(f"peers can not be {peers!r}", remedy="use all, corridor, party, region or income")
    column = f"{peers}_pair"
    own = with_groups(row, places)[column].item()
    return with_groups(others, places).filter(pl.col(column) == own).select(table.columns)
