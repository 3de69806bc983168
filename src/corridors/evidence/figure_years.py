"""Of which year is the newest figure of a table?"""

from __future__ import annotations

import re

import polars as pl

from corridors.evidence.table_schemas import TableSchema

_DATED = ("year", "quarter", "date")


def last_year(table: TableSchema, frame: pl.DataFrame, years: str = "") -> int | None:
    """The last year that rows of a table are about.

    Parameters
    ----------
    table
        Its schema: columns whose unit is ``year``, ``quarter`` or ``date`` tell.
    frame
        The rows.
    years
        What the card says of the years: asked only where no column tells.

    Returns
    -------
    int or None
        None where neither rows nor card know a year.

    Examples
    --------
    >>> from corridors.evidence import schema
    >>> prices = pl.DataFrame({"quarter": ["2011Q1", "2020Q3"]})
    >>> last_year(schema()["remittance_price"], prices)
    2020
    >>> last_year(schema()["proximity"], pl.DataFrame(), "1990, 1995, …, 2020")
    2020
    """
    dated = [c.name for c in table.columns if c.unit in _DATED and c.name in frame.columns]
    newest = [str(frame[name].max())[:4] for name in dated if frame[name].count()]
    return max((int(year) for year in newest or re.findall(r"\d{4}", years)), default=None)
