"""The table of flows as national offices count them, which several publishers give."""

from __future__ import annotations

import polars as pl

from corridors.evidence.sources.offers import SourceCard
from corridors.evidence.sources.tabular import changed, refuse_twice

KEYS = ("dataset", "measure", "concept", "reporter", "partner", "year")
COLUMNS = (*KEYS, "reported_by", "value", "flag")


def observed_flow(figures: pl.DataFrame, card: SourceCard) -> pl.DataFrame:
    """Bring figures into the columns of the table ``observed_flow``.

    Parameters
    ----------
    figures
        Any rows with the columns below.
    card
        The source, for the words of a refusal.

    Returns
    -------
    polars.DataFrame
        dataset; measure (inflow, outflow, asylum_inflow, stock, acquisition); concept (citizenship,
        residence, birthplace: what ``partner`` means); reporter and partner (countries); year;
        reported_by (which end of the move the reporter is: origin or destination); value (persons);
        flag (the publisher's). Rows without a figure are left out: missing is not zero.

    Raises
    ------
    DataError
        No figures are left; two differ for one key; one is negative.

    Examples
    --------
    >>> from corridors.evidence.sources import source
    >>> row = {"dataset": "migr_imm5prv", "measure": "inflow", "concept": "residence", "reporter": "DEU",
    ...        "partner": "SYR", "year": 2023, "reported_by": "destination", "value": 88973.0, "flag": None}
    >>> rows = pl.DataFrame([row, row | {"year": 2024, "value": None}])
    >>> observed_flow(rows, source("eurostat-migration")).height
    1
    """
    known = figures.filter(pl.col("value").is_not_null() & pl.col("year").is_not_null()).select(COLUMNS)
    if known.is_empty():
        raise changed(card, "no figures between two countries")
    negative = known.filter(pl.col("value") < 0)
    if negative.height:
        raise changed(card, f"a number of persons is negative: {negative['value'][0]:g}")
    return refuse_twice(known, KEYS, card).sort(KEYS)
