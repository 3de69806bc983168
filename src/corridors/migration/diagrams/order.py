"""The order of places in a diagram."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from corridors.errors import DataError


def in_order(
    rows: pl.DataFrame, order: Sequence[str] | None, groups: Mapping[str, str] | None = None
) -> list[str]:
    """Places of the flows as ordered, else by group and name.

    Examples
    --------
    >>> import polars as pl
    >>> from corridors.migration.diagrams.order import in_order
    >>> rows = pl.DataFrame({"origin": ["A"], "destination": ["B"], "value": [3.0]})
    >>> in_order(rows, None, {"B": "North", "A": "South"})
    ['B', 'A']
    """
    named = sorted({*rows["origin"], *rows["destination"]})
    if order is not None:
        if lost := [p for p in named if p not in order]:
            raise DataError(f"the order lacks {len(lost)} place(s)", ", ".join(lost[:10]))
        if len(set(order)) < len(order):
            raise DataError("a place stands twice in the order")
        return [p for p in order if p in set(named)]
    if not groups:
        return named
    if lost := [p for p in named if p not in groups]:
        raise DataError(f"{len(lost)} place(s) have no group", ", ".join(lost[:10]))
    rank = {group: k for k, group in enumerate(dict.fromkeys(groups.values()))}
    return sorted(named, key=lambda p: (rank[groups[p]], p))
