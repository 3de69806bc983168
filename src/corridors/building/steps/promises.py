"""What was promised and agreed, judged by the figures of the atlas."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from corridors.building.steps.agreements import (
    agreement_assessment,
    agreement_coverage,
    agreement_provision,
)
from corridors.building.steps.indicators import Ask
from corridors.building.steps.measures import measures, scopes
from corridors.cooperation import register
from corridors.cooperation.monitor import judge
from corridors.cooperation.perception import perception_table

if TYPE_CHECKING:
    from corridors.building.writer import AtlasWriter


def write_promises(atlas: AtlasWriter, kept: str | Path | None, as_of: date) -> None:
    """Write commitments with their verdicts, practices, agreements and perceived shares.

    Parameters
    ----------
    atlas
        The atlas under construction, with its indicators.
    kept
        Folder of the register; None for the embedded one.
    as_of
        The day on which commitments are judged.
    """
    entries = register.load(kept, indicators=scopes())
    atlas.write("commitment", commitment_table(atlas.query, entries.commitments(as_of), as_of))
    atlas.write("practice", entries.practices())
    agreements = atlas.query("SELECT * FROM labour_agreement")
    stock = atlas.query(
        "SELECT origin, destination, year, value FROM migrant_stock WHERE sex = 'total' AND origin <> 'OTH'"
    )
    atlas.write("agreement_coverage", agreement_coverage(agreements, stock))
    atlas.write("agreement_provision", agreement_provision(agreements))
    atlas.write("agreement_assessment", agreement_assessment(agreements))
    atlas.write("perception", perception_table())


def commitment_table(ask: Ask, commitments: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """Judge commitments by the indicators of the atlas.

    Parameters
    ----------
    ask
        Runs a query over the tables of the atlas, among them ``indicator``.
    commitments
        Commitments of a register.
    as_of
        The day on which they are judged.

    Returns
    -------
    polars.DataFrame
        Rows of the table ``commitment``; days as ISO 8601.

    Examples
    --------
    >>> import polars as pl
    >>> from corridors.cooperation import register
    >>> nothing = pl.DataFrame(schema={"indicator": pl.String, "place": pl.String, "year": pl.Int64,
    ...     "value": pl.Float64, "lower": pl.Float64, "upper": pl.Float64, "cases": pl.Float64})
    >>> found = commitment_table(lambda query: nothing, register.load().commitments(), date(2026, 1, 1))
    >>> sorted(set(found["status"]))
    ['met (documented)', 'no-data', 'not met (documented)', 'under way (documented)']
    """
    observed = ask("SELECT indicator, place, year, value, lower, upper, cases FROM indicator")
    judged = judge(commitments, observed, as_of=as_of, measures=measures()).to_polars()
    return judged.with_columns(pl.col(pl.Date).dt.to_string("iso"))
