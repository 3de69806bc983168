"""Flows of money as weights of corridors."""

from __future__ import annotations

import polars as pl

from corridors.errors import DataError
from corridors.intake import IntoTable, TableSpec, as_polars, take


def flow_weights(flows: IntoTable, *, by_year: bool = False) -> pl.DataFrame:
    """Check a table of flows between pairs of countries.

    Parameters
    ----------
    flows
        Columns ``sending``, ``receiving`` and ``value``, optionally ``lower`` and ``upper``; any unit.
        Corridors without a row have no weight.
    by_year
        Whether the flows may be of several years, named by a column ``year``.

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
    when = ["year"] if by_year and "year" in given.columns else []
    asked = TableSpec(
        "flows",
        texts=["sending", "receiving"],
        any_places=["sending", "receiving"],
        whole=when,
        numbers=["value", *bounds],
        blank=bounds,
        key=["sending", "receiving", *when],
        once="give each corridor once" + (" a year" if when else ""),
        at_least={"value": 0},
    )
    table = take(given, asked)
    if not table["value"].sum() > 0:
        raise DataError("all flows are zero", remedy="give at least one corridor a flow")
    return table.filter(pl.col("value") > 0)


def nearest_years(quarters: pl.Series, years: pl.Series) -> pl.DataFrame:
    """For each quarter the year of the flows that weigh its prices: its own, else the nearest one.

    Returns
    -------
    DataFrame
        ``quarter`` and ``flow_year``.

    Examples
    --------
    >>> import polars as pl
    >>> nearest_years(pl.Series(["2019Q3", "2025Q3"]), pl.Series([2015, 2020, 2024]))["flow_year"].to_list()
    [2020, 2024]
    """
    known = sorted(years.unique().to_list())
    asked = quarters.unique().sort().to_list()
    found = [min(known, key=lambda year: (abs(year - int(quarter[:4])), year)) for quarter in asked]
    return pl.DataFrame({"quarter": asked, "flow_year": found}, schema_overrides={"flow_year": pl.Int64})
