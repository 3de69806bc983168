"""Did a place stand in the year of its figure?"""

from __future__ import annotations

import polars as pl

from corridors import places
from corridors.evidence.table_schemas import TableSchema
from corridors.places import Place

_QUARTER = "quarter"


def out_of_years(table: TableSchema, frame: pl.DataFrame) -> pl.DataFrame:
    """Rows of places that maps no longer, or not yet, showed in their year.

    Parameters
    ----------
    table
        Its schema.
    frame
        Typed rows.

    Returns
    -------
    polars.DataFrame
        The rows, with ``_column``, ``_code``, ``_year`` and ``_says``; none where the table has no one year.

    Examples
    --------
    >>> import polars as pl
    >>> from corridors.evidence.table_schemas import table_schema
    >>> rows = pl.DataFrame({"treaty": ["crc"], "country": ["SCG"], "state_party_since": [2012]})
    >>> out_of_years(table_schema("treaty"), rows)["_says"].item()
    'Serbia and Montenegro (SCG) stood from 1992 to 2005; today MNE, SRB, XKX'
    """
    gone = {place.code: place for place in places.every("historical")}
    found = _rows_of(table, frame, gone)
    spans = {code: (place.valid_from or 0, place.valid_to or 9999) for code, place in gone.items()}
    low, high = (pl.col("_code").replace_strict({c: s[n] for c, s in spans.items()}, default=None,
                 return_dtype=pl.Int64) for n in (0, 1))  # fmt: skip
    words = {code: _stood(place) for code, place in gone.items()}
    return found.filter(~pl.col("_year").is_between(low, high)).with_columns(
        _says=pl.col("_code").replace_strict(words, default="", return_dtype=pl.String)
    )


def before_they_stood(table: TableSchema, frame: pl.DataFrame) -> list[str]:
    """Places of today with figures of years in which another place held their ground, a line each.

    Many tables project today's borders on the past, so this is no fault; it must be meant.

    Examples
    --------
    >>> import polars as pl
    >>> from corridors.evidence.table_schemas import table_schema
    >>> rows = pl.DataFrame({"country": ["SSD", "SSD"], "year": [1995, 2015]})
    >>> before_they_stood(table_schema("population"), rows)
    ['column country: SSD in 1995, when its ground was part of Sudan (before 2011) (SUD)']
    """
    told: list[str] = []
    for unit in places.every("historical"):
        inside = {code: unit for code in unit.members if code != unit.code}
        rows = _rows_of(table, frame, inside).filter(
            pl.col("_year").is_between(unit.valid_from or 0, unit.valid_to or 9999)
        )
        for column, code, first, last in (
            rows.group_by("_column", "_code").agg(a=pl.col("_year").min(), b=pl.col("_year").max())
            .sort("_column", "_code").iter_rows()
        ):  # fmt: skip
            if places.find(code, year=last).code != code:
                span = f"{first}" if first == last else f"{first} to {last}"
                of = f"{unit.name} ({unit.code})"
                told.append(f"column {column}: {code} in {span}, when its ground was part of {of}")
    return told


def _rows_of(table: TableSchema, frame: pl.DataFrame, codes: dict[str, Place]) -> pl.DataFrame:
    columns = [column.name for column in table.columns if column.holds_places]
    year = _year(table)
    empty = pl.DataFrame(schema={"_column": pl.String, "_code": pl.String, "_year": pl.Int64})
    if year is None or not columns:
        return empty
    found = [
        frame.filter(pl.col(name).is_in(list(codes))).with_columns(
            _column=pl.lit(name), _code=pl.col(name), _year=year
        )
        for name in columns
    ]
    return pl.concat(found)


def _year(table: TableSchema) -> pl.Expr | None:
    years = [column.name for column in table.columns if column.type == "int" and column.unit == "year"]
    if "year" in years or len(years) == 1:
        return pl.col("year" if "year" in years else years[0])
    if _QUARTER in table.names:
        return pl.col(_QUARTER).str.head(4).cast(pl.Int64, strict=False)
    return None


def _stood(place: Place) -> str:
    span = f"from {place.valid_from} to {place.valid_to}"
    return f"{place.name} ({place.code}) stood {span}; today {', '.join(place.members)}"
