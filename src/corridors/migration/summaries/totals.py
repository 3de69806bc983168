"""Totals of places and of pairs of places."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from corridors.intake import IntoTable
from corridors.migration.summaries.summary_input import ENDS, flow_rows


def place_totals(flows: IntoTable) -> pl.DataFrame:
    """Arrivals, departures, turnover and net migration of each place.

    Returns
    -------
    DataFrame
        Keys, place, arrivals, departures, turnover (their sum), net (their difference), and ``within``:
        moves from the place to itself, which are in none of the others.

    Examples
    --------
    >>> import polars as pl
    >>> from corridors.migration.summaries import place_totals
    >>> flows = pl.DataFrame({"origin": ["A", "B"], "destination": ["B", "A"], "value": [3.0, 4.0]})
    >>> place_totals(flows).rows()
    [('A', 4.0, 3.0, 7.0, 1.0, 0.0), ('B', 3.0, 4.0, 7.0, -1.0, 0.0)]
    """
    rows, keys = flow_rows(flows)
    within = pl.col("origin") == pl.col("destination")
    moves, stays = rows.filter(~within), rows.filter(within)
    came, left = pl.col("arrivals"), pl.col("departures")
    return (
        pl.concat(
            [
                moves.select(*keys, place="destination", arrivals="value"),
                moves.select(*keys, place="origin", departures="value"),
                stays.select(*keys, place="origin", within="value"),
            ],
            how="diagonal",
        )
        .group_by(*keys, "place")
        .agg(pl.col("arrivals", "departures", "within").sum())
        .select(*keys, "place", came, left, turnover=came + left, net=came - left, within="within")
        .sort(*keys, "place")
    )


def pair_totals(flows: IntoTable, *, square: Sequence[str] | None = None) -> pl.DataFrame:
    """Each corridor beside the one in the other direction.

    Parameters
    ----------
    flows
        See the module.
    square
        Places whose flows to one another are all known, so that an absent corridor is an empty one; all
        places of the table where not given. Missing is not zero: a counter flow from or to other places
        that is absent stays missing.

    Returns
    -------
    DataFrame
        Keys, origin, destination, flow, counter_flow, net_flow (flow less counter flow) and interchange
        (their sum), one row for each corridor of the table between two different places.

    Examples
    --------
    >>> import polars as pl
    >>> from corridors.migration.summaries import pair_totals
    >>> pair_totals(pl.DataFrame({"origin": ["A"], "destination": ["C"], "value": [7.0]})).rows()
    [('A', 'C', 7.0, 0.0, 7.0, 7.0)]
    """
    rows, keys = flow_rows(flows)
    flow, counter = pl.col("flow"), pl.col("counter_flow")
    there = rows.filter(pl.col("origin") != pl.col("destination")).rename({"value": "flow"})
    back = there.rename({"origin": "destination", "destination": "origin", "flow": "counter_flow"})
    known = True if square is None else pl.all_horizontal(pl.col(*ENDS).is_in(list(square)))
    return (
        there.join(back, on=[*keys, *ENDS], how="left")
        .with_columns(pl.when(known).then(counter.fill_null(0.0)).otherwise(counter).alias("counter_flow"))
        .select(*keys, *ENDS, flow, counter, net_flow=flow - counter, interchange=flow + counter)
        .sort(*keys, *ENDS)
    )
