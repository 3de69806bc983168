"""Flows between groups of places."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product

import polars as pl

from corridors.errors import DataError
from corridors.intake import IntoTable, TableSpec, as_polars, refuse, take
from corridors.migration.summaries.summary_input import ENDS, flow_rows, refuse_taken, summed
from corridors.wording import ROW

Groups = Mapping[str, str] | IntoTable


def aggregate_flows(flows: IntoTable, groups: Groups, *, other: str | None = None) -> pl.DataFrame:
    """Add flows between places up to flows between groups of places.

    Parameters
    ----------
    flows
        See the module.
    groups
        Group of each place, such as its region or income group: a mapping, or a table whose first two
        columns are the place and its group.
    other
        Name of the group of places that have none; where not given, there may be no such places.

    Returns
    -------
    DataFrame
        Keys, origin, destination, value, and ``within``: whether origin and destination are the same
        group. The sum of ``value`` is that of the flows.

    Raises
    ------
    DataError
        Places without group, or with two; names them.

    Examples
    --------
    >>> import polars as pl
    >>> from corridors.migration.summaries import aggregate_flows
    >>> flows = pl.DataFrame({"origin": ["A", "B"], "destination": ["B", "C"], "value": [3.0, 4.0]})
    >>> aggregate_flows(flows, {"A": "North", "B": "North", "C": "South"}).rows()
    [('North', 'North', 3.0, True), ('North', 'South', 4.0, False)]
    """
    rows, keys = flow_rows(flows)
    rows = rows.with_columns(_grouped(rows, groups, other))
    return summed(rows, keys).with_columns(within=pl.col("origin") == pl.col("destination"))


def expand_flows(flows: IntoTable, groups: Groups) -> pl.DataFrame:
    """Flows between places together with those from, to and between their groups.

    Parameters
    ----------
    flows, groups
        As in :func:`aggregate_flows`.

    Returns
    -------
    DataFrame
        Keys, origin_level, destination_level (``"place"`` or ``"group"``), origin, destination, value. Each
        of the four combinations of levels has all flows, so that only one of them should be added up.

    Examples
    --------
    >>> import polars as pl
    >>> from corridors.migration.summaries import expand_flows
    >>> flows = pl.DataFrame({"origin": ["A", "B"], "destination": ["C", "C"], "value": [3.0, 4.0]})
    >>> wide = expand_flows(flows, {"A": "North", "B": "North", "C": "South"})
    >>> wide.filter(origin_level="group", destination_level="place").rows()
    [('group', 'place', 'North', 'C', 7.0)]
    """
    rows, keys = flow_rows(flows)
    grouped = rows.with_columns(_grouped(rows, groups, None))
    refuse_taken(rows, {*grouped["origin"], *grouped["destination"]})
    of = {"place": rows, "group": grouped}
    tables = [
        summed(rows.with_columns(of[first]["origin"], of[second]["destination"]), keys).with_columns(
            origin_level=pl.lit(first), destination_level=pl.lit(second)
        )
        for first, second in product(of, repeat=2)
    ]
    return pl.concat(tables).select(*keys, "origin_level", "destination_level", *ENDS, "value")


def _grouped(rows: pl.DataFrame, groups: Groups, other: str | None) -> list[pl.Expr]:
    """Origin and destination replaced by their groups."""
    mapping = _mapping(groups)
    for_both = pl.concat([rows.select(place=end, value="value") for end in ENDS])
    size = for_both.group_by("place").agg(pl.col("value").sum()).sort("place")
    lost = [(p, v) for p, v in size.iter_rows() if mapping.get(p) is None]
    if lost and other is None:
        raise DataError(
            f"{len(lost)} place(s) have no group",
            "\n".join(f"{p}: arrivals and departures {v:,.6g}" for p, v in lost[:10]),
            "give each a group, or a name for the group of the rest: other=",
        )
    known = {p: mapping.get(p) or other for p in size["place"]}
    return [pl.col(end).replace_strict(known, return_dtype=pl.String) for end in ENDS]


def _mapping(groups: Groups) -> dict[str, str | None]:
    if isinstance(groups, Mapping) and all(isinstance(group, str | None) for group in groups.values()):
        return dict(groups)
    table = as_polars(groups, "groups")
    if table.width < 2:
        raise DataError(
            "table 'groups' has fewer than two columns",
            f"columns found: {', '.join(table.columns) or '(none)'}",
            "give the place and its group",
        )
    place, group = table.columns[:2]
    rows = take(table, TableSpec("groups", texts=[place, group], blank=[place, group]))
    pairs = rows.with_row_index(ROW, 1).drop_nulls().unique([place, group], keep="first", maintain_order=True)
    twice = pl.col(place).is_duplicated()
    refuse(pairs, twice, "table 'groups': a place has two groups", "keep one for each", [place, group])
    return dict(pairs.select(place, group).iter_rows())
