"""Tables of the atlas on agreements."""

from __future__ import annotations

import polars as pl

from corridors.cooperation.agreements.assessment import assess_all
from corridors.cooperation.agreements.covered import coverage
from corridors.cooperation.agreements.profile import provisions
from corridors.intake import IntoTable


def agreement_coverage(agreements: IntoTable, stock: IntoTable) -> pl.DataFrame:
    """Table ``agreement_coverage``.

    Parameters
    ----------
    agreements, stock
        As for :func:`coverage`, with its defaults.

    Examples
    --------
    >>> from corridors.building.steps.agreements import agreement_coverage
    >>> agreements = {"agreement": [1], "party_a": ["PHL"], "party_b": ["JOR"], "year": [1995]}
    >>> stock = {"origin": ["PHL"], "destination": ["JOR"], "year": [2000], "value": [30.0]}
    >>> agreement_coverage(agreements, stock).select("place", "side", "covered_migrants").rows()
    [('WLD', 'all', 30.0), ('JOR', 'immigrants', 30.0), ('PHL', 'emigrants', 30.0)]
    """
    return coverage(agreements, stock).table.rename({"country": "place"})


def agreement_provision(agreements: IntoTable) -> pl.DataFrame:
    """Table ``agreement_provision``: all agreements, and each decade.

    Parameters
    ----------
    agreements
        As for :func:`as_agreements`.

    Examples
    --------
    >>> from corridors.building.steps.agreements import agreement_provision
    >>> table = {"agreement": [1], "party_a": ["PHL"], "party_b": ["JOR"], "year": [1995], "quota": [1]}
    >>> agreement_provision(table).filter(provision="quota")["decade"].to_list()
    ['all', '1990s']
    """
    parts = [provisions(agreements), provisions(agreements, by="decade")]
    return (
        pl.concat(parts)
        .rename({"group": "decade"})
        .sort("provision", pl.col("decade") != "all", "decade", maintain_order=True)
    )


def agreement_assessment(agreements: IntoTable) -> pl.DataFrame:
    """Table ``agreement_assessment``: every agreement by block of the guidance.

    Parameters
    ----------
    agreements
        As for :func:`as_agreements`.

    Examples
    --------
    >>> from corridors.building.steps.agreements import agreement_assessment
    >>> table = {"agreement": [1], "party_a": ["PHL"], "party_b": ["JOR"], "year": [1995], "quota": [1]}
    >>> agreement_assessment(table).height
    11
    """
    return assess_all(agreements).drop("block_title")
