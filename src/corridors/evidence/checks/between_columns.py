"""Rules between the columns of one table, read from ``data/evidence/checks.csv``.

A rule is an SQL condition that is true for an offending row. An ``error``
refuses the table; a ``finding`` is recorded and reported.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import polars as pl

from corridors import packaged
from corridors.errors import DataError
from corridors.evidence.checks.places_in_time import out_of_years
from corridors.evidence.table_schemas import TableSchema
from corridors.wording import counted, rows_in_words

QUOTED_COLUMNS = 10

FINDINGS = pl.Schema(
    {
        "table": pl.String,
        "rule": pl.String,
        "key": pl.String,
        "message": pl.String,
        "value": pl.Float64,
        "limit": pl.Float64,
    }
)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule between the columns of a table.

    Examples
    --------
    >>> rules("proximity")[0].violated_where
    'origin >= destination'
    """

    table: str
    name: str
    violated_where: str
    severity: str
    message: str
    remedy: str

    @property
    def condition(self) -> pl.Expr:
        """The condition as a polars expression."""
        return pl.sql_expr(self.violated_where)


@lru_cache
def rules(table: str) -> tuple[Rule, ...]:
    """Return the rules of one table.

    Examples
    --------
    >>> [rule.severity for rule in rules("migrant_stock")]
    ['error']
    """
    rows = packaged.rows("evidence/checks.csv")
    return tuple(Rule(**row) for row in rows if row["table"] == table)


def refuse_broken(table: TableSchema, frame: pl.DataFrame, label: str) -> None:
    """Raise ``DataError`` for the first ``error`` rule that some row breaks.

    Examples
    --------
    >>> import polars as pl
    >>> from corridors.evidence.table_schemas import table_schema
    >>> pair = pl.DataFrame({"origin": ["FRA"], "destination": ["ESP"]})
    >>> refuse_broken(table_schema("proximity"), pair, "pairs")
    Traceback (most recent call last):
    corridors.errors.DataError: pairs: a pair that is not in alphabetical order of codes (1 row)
      origin=FRA, destination=ESP
      Remedy: give each pair once, with origin before destination
    """
    for rule in rules(table.name):
        bad = frame.filter(rule.condition) if rule.severity == "error" else frame.clear()
        if bad.height:
            present = [key for key in table.keys if key in frame.columns]
            involved = list(dict.fromkeys(rule.condition.meta.root_names()))
            raise DataError(
                f"{label}: {rule.message} ({counted(bad.height, 'row')})",
                rows_in_words(bad, [*present, *involved[:QUOTED_COLUMNS]]),
                rule.remedy,
            )


def recorded(table: TableSchema, frame: pl.DataFrame) -> pl.DataFrame:
    """Return the findings of one table as rows.

    Examples
    --------
    >>> from corridors.evidence import load
    >>> from corridors.evidence.table_schemas import table_schema
    >>> recorded(table_schema("proximity"), load().table("proximity")).height
    0
    """
    found = [
        findings(
            frame.filter(rule.condition),
            table.name,
            rule.name,
            table.keys,
            message=pl.lit(rule.message),
        )
        for rule in rules(table.name)
        if rule.severity == "finding"
    ]
    late = out_of_years(table, frame)
    if late.height:
        year = pl.col("_year").cast(pl.Float64)
        rule, says = "place_out_of_years", pl.col("_says")
        found.append(findings(late, table.name, rule, table.keys, message=says, value=year))
    return pl.concat([FINDINGS.to_frame(), *found])


def findings(
    rows: pl.DataFrame,
    table: str,
    rule: str,
    keys: tuple[str, ...],
    *,
    message: pl.Expr,
    value: pl.Expr | None = None,
    limit: pl.Expr | None = None,
) -> pl.DataFrame:
    """Turn offending rows into findings, one row each.

    Examples
    --------
    >>> import polars as pl
    >>> rows = pl.DataFrame({"country": ["ARE"], "year": [2010]})
    >>> findings(rows, "t", "r", ("country", "year"), message=pl.lit("why"))["key"].item()
    'country=ARE, year=2010'
    """
    nothing = pl.lit(None)
    return rows.select(
        table=pl.lit(table),
        rule=pl.lit(rule),
        key=pl.concat_str([pl.format(f"{key}={{}}", pl.col(key)) for key in keys], separator=", "),
        message=message,
        value=nothing if value is None else value,
        limit=nothing if limit is None else limit,
    ).select(pl.col(name).cast(dtype) for name, dtype in FINDINGS.items())
