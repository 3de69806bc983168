"""Flows of money as weights of corridors."""

from __future__ import annotations

import narwhals as nw
import polars as pl
from narwhals.typing import IntoDataFrame

from corridors.errors import DataError

_COLUMNS = ("sending", "receiving", "value")


def flow_weights(flows: IntoDataFrame) -> pl.DataFrame:
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
    table = nw.from_native(flows, eager_only=True).to_polars()
    if missing := [name for name in _COLUMNS if name not in table.columns]:
        raise DataError(
            f"flows lack the column(s) {', '.join(missing)}",
            f"columns: {', '.join(table.columns)}",
            "give sending, receiving, value",
        )
    bounds = [name for name in ("lower", "upper") if name in table.columns]
    table = table.select(*_COLUMNS[:2], pl.col("value", *bounds).cast(pl.Float64))
    bad = table.filter(pl.col("value").is_null() | ~pl.col("value").is_finite() | (pl.col("value") < 0))
    if bad.height:
        raise DataError(
            f"{bad.height} flow(s) are missing or negative",
            "\n".join(f"{s} to {r}: {v}" for s, r, v in bad.select(_COLUMNS).head(5).iter_rows()),
            "weights must be zero or more",
        )
    twice = table.filter(pl.struct("sending", "receiving").is_duplicated())
    if twice.height:
        s, r, _ = twice.select(_COLUMNS).sort(pl.all()).row(0)
        raise DataError(f"the corridor {s} to {r} has {twice.height} rows", remedy="give each corridor once")
    if not table["value"].sum() > 0:
        raise DataError("all flows are zero", remedy="give at least one corridor a flow")
    return table.filter(pl.col("value") > 0)
