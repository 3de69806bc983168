"""Flows of money as weights of corridors."""

from __future__ import annotations

import polars as pl

from corridors.errors import DataError
from corridors.intake import IntoTable, TableSpec, as_polars, take


def flow_weights(flows: IntoTable) -> pl.DataFrame:
    """Check a table of flows between pairs of countries.

    Parameters
    ----------
    flows
        Columns ``sending``, ``receiving`` and ``value``, optionally ``lower`` and ``upper``; any unit.
        Corridors without a row have no weight.

    Returns
    -------
    DataFrame
        The columns, values as floats, without rows of zero.

    Raises
    ------
    DataError
        Columns missing; values missing, negative or all zero; a corridor twice.

    Examples
    --------
    >>> import polars as pl
    >>> from corridors.remittances.prices import flow_weights
    >>> flow_weights(pl.DataFrame({"sending": ["USA"], "receiving": ["MEX"], "value": [30]})).row(0)
    ('USA', 'MEX', 30.0)
    """
    given = as_polars(flows, "flows")
    bounds = [name for name in ("lower", "upper") if name in given.columns]
    asked = TableSpec(
        "flows",
        texts=["sending", "receiving"],
        numbers=["value", *bounds],
        blank=bounds,
        key=["sending", "receiving"],
        once="give each corridor once",
        at_least={"value": 0},
    )
    table = take(given, asked)
    if not table["value"].sum() > 0:
        raise DataError("all flows are zero", remedy="give at least one corridor a flow")
    return table.filter(pl.col("value") > 0)
