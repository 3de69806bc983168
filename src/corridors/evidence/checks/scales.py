"""Is a whole column of another scale than its sister in another table says, as dollars for millions?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import polars as pl

from corridors import packaged
from corridors.errors import DataError
from corridors.wording import rows_in_words

_ENOUGH = 10
_KEY = ["country", "year"]


@dataclass(frozen=True, slots=True)
class Scale:
    """What the ratio of a column to its sister can be, in one row and in the median of all.

    Bounds are wider than any figure of the embedded tables, so only another unit passes them.
    """

    table: str
    column: str
    sister: str
    sister_column: str
    row_least: float
    row_most: float
    median_least: float
    median_most: float
    remedy: str


@cache
def scales() -> tuple[Scale, ...]:
    """All scales, from ``data/evidence/scales.csv``.

    Examples
    --------
    >>> scales()[0].table, scales()[0].row_most
    ('remittances', 4.0)
    """
    rows = packaged.rows("evidence/scales.csv")
    return tuple(
        Scale(
            *(row[name] for name in ("table", "column", "sister", "sister_column")),
            row_least=float(row["row_least"] or "-inf"),
            row_most=float(row["row_most"] or "inf"),
            median_least=float(row["median_least"]),
            median_most=float(row["median_most"]),
            remedy=row["remedy"],
        )
        for row in rows
    )


def check_scales(tables: Mapping[str, pl.DataFrame], only: str | None = None) -> None:
    """Refuse a column that is of another scale than its sister.

    Parameters
    ----------
    tables
        Typed tables by name.
    only
        The table to check; all by default.

    Raises
    ------
    DataError
        A row, or the median of all, is as far off as only another unit can be.

    Examples
    --------
    >>> import polars as pl
    >>> from corridors.evidence.checks.scales import check_scales
    >>> money = pl.DataFrame({"country": ["PHL"], "year": [2022], "received": [38049e6], "paid": [None]})
    >>> size = pl.DataFrame({"country": ["PHL"], "year": [2022], "gdp_usd_million": [404284.0]})
    >>> check_scales({"remittances": money, "economy": size}, only="remittances")
    Traceback (most recent call last):
    corridors.errors.DataError: table 'remittances': column 'received' is of another unit than \
gdp_usd_million of table 'economy'
      country=PHL, year=2022, received=38049000000.0, gdp_usd_million=404284.0
      Remedy: give USD million, not dollars or thousands
    """
    for scale in scales():
        if only in (None, scale.table) and {scale.table, scale.sister} <= set(tables):
            _check(scale, tables[scale.table], tables[scale.sister])


def _check(scale: Scale, table: pl.DataFrame, sister: pl.DataFrame) -> None:
    both = (
        table.select(*_KEY, pl.col(scale.column).cast(pl.Float64))
        .join(sister.select(*_KEY, pl.col(scale.sister_column).cast(pl.Float64)), on=_KEY)
        .filter(pl.col(scale.sister_column) > 0, pl.col(scale.column) != 0)
        .with_columns(ratio=pl.col(scale.column) / pl.col(scale.sister_column))
    )
    off = both.filter(~pl.col("ratio").is_between(scale.row_least, scale.row_most))
    middle = both["ratio"].median()
    if off.is_empty() and both.height >= _ENOUGH and isinstance(middle, float):
        off = both if not scale.median_least <= middle <= scale.median_most else off
    if off.height:
        raise DataError(
            f"table '{scale.table}': column '{scale.column}' is of another unit than "
            f"{scale.sister_column} of table '{scale.sister}'",
            rows_in_words(off, [*_KEY, scale.column, scale.sister_column]),
            scale.remedy,
        )
