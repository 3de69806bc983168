"""Long tables of flows: what is a key, and rows that are refused."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import polars as pl

from corridors.errors import DataError
from corridors.intake import IntoTable, TableSpec, refuse, refuse_twice, take

ENDS = ("origin", "destination")
# What summaries add to a table and what is no key of the next one.
_NO_KEYS = (*ENDS, "value", "within", "rank")
_FLOWS = TableSpec("flows", texts=ENDS, numbers=["value"], at_least={"value": 0}, others=True, empty=True)


def flow_rows(flows: IntoTable) -> tuple[pl.DataFrame, list[str]]:
    """Check a long table of flows and tell its keys.

    Parameters
    ----------
    flows
        Columns ``origin``, ``destination``, ``value`` and keys.

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
    table = take(flows, _FLOWS)
    no_key = {
        name for name, kind in table.schema.items() if kind.is_float() or kind.is_nested() or kind == pl.Null
    }
    keys = [name for name in table.columns if name not in no_key.union(_NO_KEYS)]
    rows = table.select(*keys, *ENDS, "value")
    for key in keys:
        title = f"table 'flows': column '{key}' is missing"
        refuse(rows, pl.col(key).is_null(), title, "fill it in or leave the rows out", [*ENDS, key])
    refuse_twice(rows, [*keys, *ENDS], "flows", "keep one method and kind, or add them up")
    return rows, keys


def one_table(flows: IntoTable) -> pl.DataFrame:
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
