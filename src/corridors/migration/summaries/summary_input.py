"""Long tables of flows: what is a key, and rows that are refused."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import narwhals as nw
import numpy as np
import polars as pl
from narwhals.typing import IntoDataFrame
from numpy.typing import NDArray

from corridors.errors import DataError

ENDS = ("origin", "destination")
# What summaries add to a table and what is no key of the next one.
_NO_KEYS = (*ENDS, "value", "within", "rank")


def flow_rows(flows: IntoDataFrame) -> tuple[pl.DataFrame, list[str]]:
    """Check a long table of flows and tell its keys.

    Parameters
    ----------
    flows
        Columns ``origin``, ``destination``, ``value`` and keys; pandas or polars.

    Returns
    -------
    DataFrame, list of str
        Keys, origin, destination and value, and the names of the keys.

    Raises
    ------
    DataError
        A column is absent; a cell is missing, a value negative; a corridor stands twice with the same
        keys, so that its sum would count it twice. Names the rows.

    Examples
    --------
    >>> import polars as pl
    >>> from corridors.migration.summaries import flow_rows
    >>> flow_rows(pl.DataFrame({"sex": ["male"], "origin": ["A"], "destination": ["B"], "value": [3]}))[1]
    ['sex']
    """
    table = nw.from_native(flows, eager_only=True).to_polars()
    if absent := [c for c in (*ENDS, "value") if c not in table.columns]:
        raise DataError(
            f"the flows lack column(s) {', '.join(absent)}",
            f"they have {', '.join(table.columns)}",
            "give the columns origin, destination, value",
        )
    no_key = {name for name, kind in table.schema.items() if kind.is_float() or kind == pl.Null}
    keys = [name for name in table.columns if name not in no_key.union(_NO_KEYS)]
    ends, value = pl.col(*ENDS).cast(pl.String), pl.col("value")
    try:
        rows = table.select(*keys, ends, value.cast(pl.Float64))
    except pl.exceptions.PolarsError as error:
        raise DataError("the flows have text in the column value", str(error).split("\n")[0]) from error
    unnamed = pl.any_horizontal(pl.col(*keys, *ENDS).is_null())
    twice = pl.struct(*keys, *ENDS).is_duplicated()
    _refuse(rows, ~value.is_finite() | (value < 0), "have a negative or missing value")
    _refuse(rows, unnamed, "have a missing origin, destination or key")
    _refuse(rows, twice, "stand twice; keep one method and kind, or add them up")
    return rows, keys


def one_table(flows: IntoDataFrame) -> pl.DataFrame:
    """Origin, destination and value of flows of one period, sex, method and kind.

    Raises
    ------
    DataError
        As :func:`flow_rows`, and where a key has more than one value.

    Examples
    --------
    >>> import polars as pl
    >>> from corridors.migration.summaries import one_table
    >>> one_table(pl.DataFrame({"sex": ["male"], "origin": ["A"], "destination": ["B"], "value": [3]})).rows()
    [('A', 'B', 3.0)]
    """
    rows, keys = flow_rows(flows)
    if mixed := [k for k in keys if rows[k].n_unique() > 1]:
        shown = "\n".join(f"{k}: {', '.join(map(str, rows[k].unique().sort().head(5)))}" for k in mixed)
        raise DataError(f"the flows mix values of {', '.join(mixed)}", shown, "choose one value of each")
    return rows.select(*ENDS, "value")


def square_table(rows: pl.DataFrame, places: Sequence[str]) -> NDArray[np.float64]:
    """Flows of :func:`one_table`, origin by destination in the order of the places.

    Examples
    --------
    >>> import polars as pl
    >>> from corridors.migration.summaries.summary_input import square_table
    >>> rows = pl.DataFrame({"origin": ["A"], "destination": ["B"], "value": [3.0]})
    >>> square_table(rows, ["B", "A"]).tolist()
    [[0.0, 0.0], [3.0, 0.0]]
    """
    position = {place: k for k, place in enumerate(places)}
    i, j = ([position[place] for place in rows[end]] for end in ENDS)
    table = np.zeros((len(position), len(position)))
    table[i, j] = rows["value"].to_numpy()
    return table


def summed(rows: pl.DataFrame, keys: Sequence[str]) -> pl.DataFrame:
    """Rows with the same keys, origin and destination as one.

    Examples
    --------
    >>> import polars as pl
    >>> from corridors.migration.summaries.summary_input import summed
    >>> summed(pl.DataFrame({"origin": ["A", "A"], "destination": ["B", "B"], "value": [3.0, 4]}), []).rows()
    [('A', 'B', 7.0)]
    """
    return rows.group_by(*keys, *ENDS).agg(pl.col("value").sum()).sort(*keys, *ENDS)


def or_other(end: str, small: pl.Expr, other: str) -> pl.Expr:
    """Origin or destination, called other where it is small.

    Examples
    --------
    >>> import polars as pl
    >>> from corridors.migration.summaries.summary_input import or_other
    >>> rows = pl.DataFrame({"origin": ["A", "B"], "value": [1.0, 9.0]})
    >>> rows.select(or_other("origin", pl.col("value") < 5, "rest"))["origin"].to_list()
    ['rest', 'B']
    """
    return pl.when(small).then(pl.lit(other)).otherwise(pl.col(end)).alias(end)


def refuse_taken(rows: pl.DataFrame, names: Iterable[str]) -> None:
    """Refuse names of groups that places of the flows have.

    Examples
    --------
    >>> import polars as pl
    >>> from corridors.migration.summaries.summary_input import refuse_taken
    >>> refuse_taken(pl.DataFrame({"origin": ["A"], "destination": ["B"]}), ["A"])
    Traceback (most recent call last):
    corridors.errors.DataError: A can not be the name of a group: a place of the flows is called so
    """
    if taken := sorted({*rows["origin"], *rows["destination"]} & set(names)):
        raise DataError(
            f"{', '.join(taken[:5])} can not be the name of a group: a place of the flows is called so",
            remedy="choose another name",
        )


def _refuse(rows: pl.DataFrame, where: pl.Expr, what: str) -> None:
    bad = rows.filter(where.fill_null(True))
    if bad.height:
        shown = "\n".join(", ".join(f"{k}={v}" for k, v in row.items()) for row in bad.head(5).to_dicts())
        raise DataError(f"{bad.height} row(s) of the flows {what}", shown, "correct or remove these rows")
