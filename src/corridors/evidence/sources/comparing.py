"""What changed between two revisions: rows side by side, never subtracted."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from corridors.errors import DataError
from corridors.evidence.table_schemas import table_schema
from corridors.results import Result


@dataclass(frozen=True, slots=True)
class Revisions(Result):
    """Two revisions of one table beside each other.

    Attributes
    ----------
    table
        Its name.
    before, after
        Ids of their cards.
    rows
        Key columns, ``column``, ``figure_before``, ``figure_after``, ``change`` (``revised``,
        ``new``, ``gone``). Figures of two revisions are not subtracted: their difference is
        that of methods and sources, not of people or money.
    same
        Figures that stand in both, unchanged.
    """

    table: str
    before: str
    after: str
    rows: pl.DataFrame
    same: int

    def to_polars(self) -> pl.DataFrame:
        """The rows that are not the same in both."""
        return self.rows

    def summary(self) -> str:
        """How many figures are the same, revised, new and gone."""
        counts = dict(self.rows["change"].value_counts().iter_rows())
        parts = [f"{counts.get(name, 0):,} {name}" for name in ("revised", "new", "gone")]
        title = f"{self.table}: {self.before} → {self.after}"
        return f"{title}\n  {self.same:,} figures the same, {', '.join(parts)}"

    def key_columns(self) -> tuple[str, ...]:
        """Columns that name a row."""
        return tuple(self.rows.columns[: self.rows.columns.index("figure_before")])


def compare(table: str, before: pl.DataFrame, after: pl.DataFrame) -> Revisions:
    """Lay two revisions of a table beside each other.

    Parameters
    ----------
    table
        Name of a figure table.
    before, after
        Validated tables with their ``source`` column, as `corridors.evidence.load` gives.

    Raises
    ------
    DataError
        Both are of the same source: there is nothing to compare.

    Examples
    --------
    >>> import polars as pl
    >>> row = {"treaty": "crc", "country": "KEN", "state_party_since": 1990, "source": "treaty@1"}
    >>> later = row | {"state_party_since": 1991, "source": "treaty@2"}
    >>> compare("treaty", pl.DataFrame([row]), pl.DataFrame([later])).rows.row(0)
    ('crc', 'KEN', 'state_party_since', '1990', '1991', 'revised')
    """
    schema = table_schema(table)
    ids = [" + ".join(sorted(frame["source"].unique())) for frame in (before, after)]
    if ids[0] == ids[1]:
        raise DataError(f"both tables '{table}' are of {ids[0]}", remedy="give two revisions")
    long = [
        _long(frame, schema.keys, [n for n in schema.names if n not in schema.keys])
        for frame in (before, after)
    ]
    keys = [*schema.keys, "column"]
    both = long[0].join(long[1], on=keys, how="full", coalesce=True, suffix="_after", nulls_equal=True)
    rows = (
        both.rename({"figure": "figure_before"})
        .with_columns(
            change=pl.when(pl.col("figure_before").is_null())
            .then(pl.lit("new"))
            .when(pl.col("figure_after").is_null())
            .then(pl.lit("gone"))
            .when(pl.col("figure_before") != pl.col("figure_after"))
            .then(pl.lit("revised"))
        )
        .sort(keys)
    )
    differing = rows.filter(pl.col("change").is_not_null())
    return Revisions(table, ids[0], ids[1], differing, rows.height - differing.height)


def drift(table: str, known: pl.DataFrame, fetched: pl.DataFrame, limit: float = 0.05) -> pl.DataFrame:
    """Signs that a publisher changed more than the figures: places and world totals that moved.

    Parameters
    ----------
    table
        Name of a figure table.
    known
        The embedded (or earlier) table.
    fetched
        The new one.
    limit
        Relative change of a yearly total from which it is worth a look.

    Returns
    -------
    polars.DataFrame
        check, what, before, after: one row a sign; empty where all is as usual.

    Examples
    --------
    >>> import polars as pl
    >>> old = pl.DataFrame({"treaty": ["crc"], "country": ["KEN"], "state_party_since": [1990]})
    >>> drift("treaty", old, old).height
    0
    """
    schema = table_schema(table)
    places = [c.name for c in schema.columns if c.key and c.holds_places]
    signs: list[tuple[str, str, str, str]] = []
    for column in places:
        was, now = set(known[column].unique()), set(fetched[column].unique())
        signs += [("place no longer there", f"{column} {code}", code, "") for code in sorted(was - now)]
        signs += [("new place", f"{column} {code}", "", code) for code in sorted(now - was)]
    if "year" in schema.keys:
        for column in (
            c for c in schema.columns if not c.key and c.unit.startswith(("persons", "USD million"))
        ):
            signs += _moved_totals(known, fetched, column.name, limit)
    return pl.DataFrame(signs, schema=["check", "what", "before", "after"], orient="row")


def _moved_totals(
    known: pl.DataFrame, fetched: pl.DataFrame, column: str, limit: float
) -> list[tuple[str, str, str, str]]:
    totals = [
        f.group_by("year").agg(pl.col(column).cast(pl.Float64).sum().alias("total")) for f in (known, fetched)
    ]
    both = totals[0].join(totals[1], on="year", suffix="_now").sort("year")
    moved = both.filter((pl.col("total_now") - pl.col("total")).abs() > limit * pl.col("total").abs())
    return [
        ("world total moved", f"{column} {year}", f"{was:,.0f}", f"{now:,.0f}")
        for year, was, now in moved.iter_rows()
    ]


def _long(frame: pl.DataFrame, keys: tuple[str, ...], figures: list[str]) -> pl.DataFrame:
    texts = frame.select(*keys, *(pl.col(name).cast(pl.String) for name in figures))
    return texts.unpivot(
        on=figures, index=list(keys), variable_name="column", value_name="figure"
    ).drop_nulls("figure")
