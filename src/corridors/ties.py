"""What ties two places: distance, a border, a language, a history."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from corridors.intake import IntoTable, TableSpec, as_polars, take

TIES = ("log_distance", "contiguous", "common_language", "colonial_tie")


def ties_both_ways(proximity: IntoTable, ties: Sequence[str] = TIES) -> pl.DataFrame:
    """Ties of ordered pairs from a table of pairs in any order.

    Parameters
    ----------
    proximity
        Columns ``origin``, ``destination`` and the ties; ``distance_km`` where ``log_distance`` is asked for
        and is not there itself. A tie may be blank.
    ties
        Columns wanted.

    Returns
    -------
    polars.DataFrame
        origin, destination and the ties, each pair once in both directions; a pair given in one direction
        has its ties in both.

    Raises
    ------
    DataError
        A column is missing or holds no numbers, a distance is not positive, or a pair stands twice.

    Examples
    --------
    >>> from corridors.ties import ties_both_ways
    >>> near = {"origin": ["A"], "destination": ["B"], "contiguous": [1]}
    >>> ties_both_ways(near, ["contiguous"]).rows()
    [('A', 'B', 1.0), ('B', 'A', 1.0)]
    """
    given = as_polars(proximity, "ties", ["origin", "destination"])
    log = "log_distance" in ties and ("distance_km" in given.columns or "log_distance" not in given.columns)
    measured = ["distance_km" if log and t == "log_distance" else t for t in ties]
    above = {"distance_km": 0} if log else {}
    pair = ["origin", "destination"]
    asked = TableSpec(
        "ties", texts=pair, any_places=pair, numbers=measured, blank=measured, above=above, key=pair
    )
    frame = take(given, asked)
    if log:
        frame = frame.with_columns(log_distance=pl.col("distance_km").log())
    one = frame.select("origin", "destination", *ties)
    back = one.select(pl.col("destination").alias("origin"), pl.col("origin").alias("destination"), *ties)
    return pl.concat([one, back]).unique(["origin", "destination"], keep="first", maintain_order=True)
