"""Flows and net migration as tables with names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, get_args

import numpy as np
import polars as pl
from numpy.typing import ArrayLike

from corridors.errors import DataError
from corridors.intake import IntoTable, TableSpec, matrix_of, take
from corridors.migration.annual.division import AnnualFlows, Total, split_years
from corridors.migration.flows.period_tables import Units
from corridors.migration.summaries.summary_input import one_table
from corridors.numerics.typing import Array

Dates = Literal["calendar", "mid-year"]
_NET = TableSpec(
    "net migration",
    texts=["country"],
    any_places=["country"],
    whole=["year"],
    numbers=["net_migration"],
    blank=["net_migration"],
    key=["country", "year"],
)


def annual_flows(
    flows: IntoTable,
    net: IntoTable,
    period: tuple[int, int],
    *,
    total: Total = "keep",
    repair: bool = False,
    dates: Dates = "calendar",
    shares: ArrayLike | None = None,
    units: Units | None = None,
) -> AnnualFlows:
    """Divide labelled flows of a mid-year period into its years.

    Parameters
    ----------
    flows
        Columns ``origin``, ``destination``, ``value`` (persons) of one period, sex, method and kind.
    net
        Columns ``country``, ``year``, ``net_migration`` (persons) for all places of the flows; other places
        and years do not matter.
    period
        First and last mid-year.
    total, repair, shares
        As in :func:`split_years`.
    dates
        ``"calendar"``: the net migration is of calendar years, from the first to the last of the period,
        and taken half and half; ``"mid-year"``: that of a year runs from its mid-year to the next.
    units
        Code of the territory that the net migration of a code belongs to, as in :func:`period_tables`.

    Returns
    -------
    AnnualFlows

    Raises
    ------
    DataError, InfeasibleError
        As :func:`split_years`; also where net migration of a place and year is missing.

    Examples
    --------
    >>> import polars as pl
    >>> from corridors.migration.annual import annual_flows
    >>> flows = pl.DataFrame({"origin": ["A", "B"], "destination": ["B", "A"], "value": [8.0, 4.0]})
    >>> net = pl.DataFrame({"country": ["A", "A", "B", "B"], "year": [2018, 2019] * 2,
    ...                     "net_migration": [-4.0, 0, 4, 0]})
    >>> annual_flows(flows, net, (2018, 2020), dates="mid-year").to_polars()["value"].round(3).to_list()
    [5.333, 1.333, 2.667, 2.667]
    """
    if dates not in get_args(Dates):
        raise DataError(f"dates can not be {dates!r}", remedy="choose 'calendar' or 'mid-year'")
    start, end = period
    if end <= start:
        raise DataError(f"a period can not go from {start} to {end}")
    rows = one_table(flows)
    places = sorted({*rows["origin"], *rows["destination"]})
    if not places:
        raise DataError("there are no flows to divide")
    totals = _net_table(net, places, range(start, end + (dates == "calendar")), units or {})
    return split_years(
        matrix_of(rows, places),
        mid_year_net(totals) if dates == "calendar" else totals,
        total=total,
        repair=repair,
        shares=shares,
        labels=places,
        years=range(start, end),
    )


def mid_year_net(calendar: ArrayLike) -> Array:
    """Net migration from mid-year to mid-year: half of each of the two calendar years.

    Parameters
    ----------
    calendar
        Net migration of successive calendar years, shape ``(Y + 1, ...)``, persons.

    Returns
    -------
    ndarray
        Shape ``(Y, ...)``. A period from mid-2015 to mid-2020 has five such years and needs the six
        calendar years 2015 to 2020.

    Examples
    --------
    >>> from corridors.migration.annual import mid_year_net
    >>> mid_year_net([[10, -10], [20, -20], [40, -40]]).tolist()
    [[15.0, -15.0], [30.0, -30.0]]
    """
    x = np.asarray(calendar, dtype=np.float64)
    if x.ndim < 1 or x.shape[0] < 2:
        raise DataError(f"a mid-year needs two calendar years, not an array of shape {x.shape}")
    return (x[:-1] + x[1:]) / 2


def _net_table(net: IntoTable, places: Sequence[str], years: Sequence[int], units: Units) -> Array:
    at, value = ["country", "year"], pl.col("net_migration")
    rows = take(net, _NET).filter(pl.col("year").is_in(list(years)))
    rows = rows.with_columns(pl.col("country").replace(dict(units)), value.fill_null(np.nan))
    asked = pl.DataFrame({"year": list(years)}).join(pl.DataFrame({"country": list(places)}), how="cross")
    sums = rows.group_by(at).agg(value.sum())
    totals = asked.join(sums, on=at, how="left", maintain_order="left")
    missing = totals.filter(~value.is_finite().fill_null(False))
    if missing.height:
        raise DataError(
            f"net migration is missing for {missing.height} place(s) and year(s)",
            ", ".join(f"{c} {y}" for c, y in missing.head(10).select(at).iter_rows()),
            "give all years of the period; of calendar years, both the first and the last",
        )
    return totals["net_migration"].to_numpy().reshape(len(years), len(places))
