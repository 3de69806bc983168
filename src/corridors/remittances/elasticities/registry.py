"""Published elasticities, by name, with source and how far it was checked."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache

from corridors import packaged
from corridors.errors import DataError, NotFound
from corridors.remittances.elasticities.base import (
    Elasticity,
    ExchangeRateElasticity,
    FixedFeeElasticity,
    HomeIncomeElasticity,
    HostIncomeElasticity,
)
from corridors.remittances.elasticities.costs import (
    CostElasticity,
    GrossCostElasticity,
    PerPointElasticity,
)

KINDS: dict[str, type[Elasticity]] = {
    kind.kind: kind
    for kind in (
        CostElasticity,
        GrossCostElasticity,
        PerPointElasticity,
        FixedFeeElasticity,
        HostIncomeElasticity,
        HomeIncomeElasticity,
        ExchangeRateElasticity,
    )
}


@dataclass(frozen=True, slots=True)
class KnownElasticity:
    """One row of ``elasticities.csv``.

    Attributes
    ----------
    name
        Author and year, or ``prior_…`` for the choices of this project.
    elasticity
        Typed value and standard error.
    source
        Who says so.
    status
        ``reproduced``, ``seen``, ``convention`` or ``unverified``.
    description
        What it was estimated on, and how it was read.
    """

    name: str
    elasticity: Elasticity
    source: str
    status: str
    description: str


@cache
def elasticities() -> dict[str, KnownElasticity]:
    """All known elasticities by name.

    Examples
    --------
    >>> from corridors.remittances.elasticities import elasticities
    >>> elasticities()["yang_2008"].elasticity
    ExchangeRateElasticity(value=0.6, se=None)
    """
    text = packaged.text("remittances/elasticities.csv")
    return {
        row["name"]: KnownElasticity(
            row["name"],
            KINDS[row["kind"]](float(row["value"]), float(row["se"]) if row["se"] else None),
            row["source"],
            row["status"],
            row["description"],
        )
        for row in csv.DictReader(text.splitlines())
    }


def elasticity(name: str, *, unverified: bool = False) -> Elasticity:
    """One known elasticity.

    Parameters
    ----------
    name
        As in :func:`elasticities`.
    unverified
        Whether a value that was not checked against its paper may be used.

    Raises
    ------
    NotFound
        There is none of this name.
    DataError
        It is unverified, and that was not allowed.

    Examples
    --------
    >>> from corridors.remittances.elasticities import elasticity
    >>> elasticity("kpodar_imam_2024_gross")
    GrossCostElasticity(value=-1.6, se=None)
    >>> elasticity("ahmed_2021")
    Traceback (most recent call last):
    corridors.errors.DataError: the elasticity 'ahmed_2021' was not checked against its paper
      Remedy: say unverified=True to use it all the same, or give your own
    """
    known = elasticities().get(name)
    if known is None:
        raise NotFound(f"no elasticity is called {name!r}", f"known: {', '.join(elasticities())}")
    if known.status == "unverified" and not unverified:
        raise DataError(
            f"the elasticity {name!r} was not checked against its paper",
            known.source,
            "say unverified=True to use it all the same, or give your own",
        )
    return known.elasticity
