"""What is large, and all else in one place."""

from __future__ import annotations

from typing import Any, Literal, get_args

import polars as pl

from corridors.errors import DataError
from corridors.intake import IntoTable
from corridors.migration.summaries.summary_input import ENDS, flow_rows, or_other, refuse_taken, summed
from corridors.migration.summaries.totals import place_totals

Size = Literal["flow", "arrivals", "departures", "turnover"]


def lump_flows(
    flows: IntoTable, threshold: float, *, on: Size = "flow", other: str = "other"
) -> pl.DataFrame:
    """Put what is small into one place called other.

    Parameters
    ----------
    flows
        See the module.
    threshold
        What has at least this many persons is kept, for each combination of keys by itself.
    on
        ``"flow"``: corridors, whose origin and destination both become other. ``"arrivals"``: places as
        destinations; ``"departures"``: places as origins; ``"turnover"``: places as both. Moves within
        a place do not count for its size.
    other
        Name of the place for the rest.

    Returns
    -------
    DataFrame
        Keys, origin, destination, value. The sum of ``value`` is that of the flows.

    Examples
    --------
    >>> import polars as pl
    >>> from corridors.migration.summaries import lump_flows
    >>> flows = pl.DataFrame({"origin": ["A", "B", "A"], "destination": ["B", "A", "C"], "value": [9, 8, 1]})
    >>> lump_flows(flows, 5).rows()
    [('A', 'B', 9.0), ('B', 'A', 8.0), ('other', 'other', 1.0)]
    """
    if on not in get_args(Size):
        raise DataError(
            f"flows can not be lumped on {on!r}", remedy=f"choose one of {', '.join(get_args(Size))}"
        )
    rows, keys = flow_rows(flows)
    refuse_taken(rows, [other])
    if on == "flow":
        small = pl.col("value") < threshold
        return summed(rows.with_columns(or_other(end, small, other) for end in ENDS), keys)
    totals = place_totals(rows)
    for end, side in zip(ENDS, ("departures", "arrivals"), strict=True):
        if on in ("turnover", side):
            size = totals.select(*keys, pl.col("place").alias(end), size=on)
            small = or_other(end, pl.col("size") < threshold, other)
            rows = rows.join(size, on=[*keys, end], how="left").with_columns(small).drop("size")
    return summed(rows, keys)


def top_corridors(flows: IntoTable, k: int, *, rest: str | None = None) -> pl.DataFrame:
    """The largest corridors for each combination of keys.

    Parameters
    ----------
    flows
        See the module.
    k
        Number of corridors; of equal ones the first by name comes first.
    rest
        Name of one more row, from and to this place, for all other flows; none where not given.

    Returns
    -------
    DataFrame
        Keys, rank (missing for the rest), origin, destination, value, share (of all flows of these keys).

    Examples
    --------
    >>> import polars as pl
    >>> from corridors.migration.summaries import top_corridors
    >>> flows = pl.DataFrame({"origin": ["A", "B", "A"], "destination": ["B", "A", "C"], "value": [5, 3, 2]})
    >>> top_corridors(flows, 1, rest="other").rows()
    [(1, 'A', 'B', 5.0, 0.5), (None, 'other', 'other', 5.0, 0.5)]
    """
    if k < 1:
        raise DataError(f"the number of corridors must be at least 1, not {k}")
    rows, keys = flow_rows(flows)
    same: Any = [*keys, pl.lit(0)]
    number: Any = pl.int_range(1, pl.len() + 1)
    largest_first = [*[False] * len(keys), True, False, False]
    ranked = rows.sort(*keys, "value", *ENDS, descending=largest_first).with_columns(rank=number.over(same))
    if rest is not None:
        refuse_taken(rows, [rest])
        small = pl.col("rank") > k
        rank = pl.when(~small).then("rank").alias("rank")
        ranked = summed(
            ranked.with_columns(rank, *(or_other(end, small, rest) for end in ENDS)), [*keys, "rank"]
        )
    shares = ranked.with_columns(share=pl.col("value") / pl.col("value").sum().over(same))
    return (
        shares.filter(pl.col("rank").is_null() | (pl.col("rank") <= k))
        .sort(*keys, "rank", nulls_last=True)
        .select(*keys, "rank", *ENDS, "value", "share")
    )
