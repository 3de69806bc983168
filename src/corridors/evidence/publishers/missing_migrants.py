"""IOM, Missing Migrants Project: incidents in which people died or disappeared on the way."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from corridors.evidence.sources.offers import Request, SourceCard
from corridors.evidence.sources.offers import no_more as more
from corridors.evidence.sources.tabular import changed, collect, counts, numbers, scan
from corridors.workbooks import missing_migrants

__all__ = ["BLANKS", "more", "read", "requests"]

COLUMNS = ("incident", "date", "year", "region", "route", "country", "cause", "dead", "missing", "total",
           "survivors", "latitude", "longitude")  # fmt: skip
BLANKS = ()
"""What is not known is left empty."""

# Numbers of a thousand and more are written '1,022'.
_THOUSANDS = ","
_COUNTS = ("year", "dead", "missing", "total", "survivors")
_DEGREES = ("latitude", "longitude")
_DATES = ("%Y-%m-%d", "%B %d, %Y", "%b %d, %Y", "%d %B %Y")
_SLASHED = r"^\s*(\d{1,2})/(\d{1,2})/\d{4}\s*$"
_PAIR = r"^\s*\(?(-?\d+(?:\.\d+)?)\s*,\s*(-?\d+(?:\.\d+)?)\)?\s*$"
_POINT = r"(?i)^\s*POINT\s*\(\s*(-?\d+(?:\.\d+)?)\s+(-?\d+(?:\.\d+)?)\s*\)\s*$"
_MOST_WITHOUT_NUMBER = 0.05


def requests(card: SourceCard) -> tuple[Request, ...]:
    """The one file of all incidents."""
    return tuple(Request(file, address, card.kind) for file, address in card.addresses.items())


def read(card: SourceCard, files: Mapping[str, Path]) -> dict[str, pl.DataFrame]:
    """Incidents, in any layout that the project has published.

    Returns
    -------
    dict
        ``route_death``: incident, date (ISO; missing where only the month is known, or where no date of
        the file tells whether day or month comes first), year, region,
        route, country, cause, dead, missing, total (persons), survivors, latitude, longitude. A
        negative number of missing corrects an earlier one. Numbers are those that were reported:
        a minimum.

    Raises
    ------
    DataError
        There is no column of incidents, years or deaths; one incident in twenty has no number.
    """
    path = next(iter(files.values()))
    texts = collect(_renamed(scan(path, card), card), card)
    people = [name for name in _COUNTS if name in texts.columns]
    degrees = [name for name in _DEGREES if name in texts.columns]
    rows = counts(texts, people, card, blanks=BLANKS, thousands=_THOUSANDS)
    rows = numbers(rows, degrees, card, blanks=BLANKS)
    rows = rows.select(_columns(rows.columns, _dates(texts)))
    rows = rows.filter(pl.any_horizontal(pl.col("incident", "year", "total").is_not_null()))
    usable = rows.filter(pl.all_horizontal(pl.col("incident", "year").is_not_null()) & (pl.col("total") >= 0))
    if rows.is_empty() or rows.height - usable.height > _MOST_WITHOUT_NUMBER * rows.height:
        raise changed(
            card, f"{rows.height - usable.height:,} of {rows.height:,} incidents have no year or number"
        )
    return {"route_death": _named_once(usable.unique(maintain_order=True)).select(COLUMNS)}


def _renamed(lazy: pl.LazyFrame, card: SourceCard) -> pl.LazyFrame:
    names = lazy.collect_schema().names()
    chosen = missing_migrants.columns(names)
    found = set(chosen.values())
    lacking = [w for w in ("year", "route", "region") if w not in found]
    if not found & {"incident", "main"}:
        lacking.append("incident")
    if not found & {"dead", "missing", "total"}:
        lacking.append("number of dead")
    if lacking:
        raise changed(card, f"no column of {', '.join(lacking)}; columns: {', '.join(names)[:500]}")
    return lazy.select(pl.col(name).alias(column) for name, column in chosen.items())


def _columns(names: list[str], dates: tuple[str, ...]) -> list[pl.Expr]:
    def text(name: str) -> pl.Expr:
        return pl.col(name).str.strip_chars() if name in names else pl.lit(None, pl.String)

    def count(name: str) -> pl.Expr:
        return pl.col(name) if name in names else pl.lit(None, pl.Int64)

    some = [count(name) for name in ("dead", "missing")]
    parts = pl.when(pl.any_horizontal(n.is_not_null() for n in some)).then(pl.sum_horizontal(some))
    return [
        pl.coalesce(text("incident"), text("main")).alias("incident"),
        _date(text("date"), count("year"), dates).alias("date"),
        *(count(name).alias(name) for name in ("year", "dead", "missing", "survivors")),
        pl.coalesce(count("total"), parts).alias("total"),
        *(text(name).alias(name) for name in ("region", "route", "country", "cause")),
        *_places(names),
    ]


def _dates(texts: pl.DataFrame) -> tuple[str, ...]:
    """Forms of dates; whether day or month comes first is told by the column as a whole, or not at all."""
    if "date" not in texts.columns:
        return _DATES
    first, second = (texts["date"].str.extract(_SLASHED, group).cast(pl.Int64) for group in (1, 2))
    day_first, month_first = (bool((part > 12).any()) for part in (first, second))
    slashed = {(True, False): ("%d/%m/%Y",), (False, True): ("%m/%d/%Y",)}
    return (*_DATES, *slashed.get((day_first, month_first), ()))


def _date(text: pl.Expr, year: pl.Expr, forms: tuple[str, ...]) -> pl.Expr:
    """The day, where it is written out and in the year that the row tells."""
    day = pl.coalesce(*(text.str.to_date(form, strict=False) for form in forms))
    return pl.when(day.dt.year() == year).then(day.dt.to_string("%Y-%m-%d"))


def _places(names: list[str]) -> list[pl.Expr]:
    if set(_DEGREES) <= set(names):
        both = [pl.col(name) for name in _DEGREES]
    elif "coordinates" in names:
        # 'latitude, longitude', or in some editions a point of geometry the other way round.
        spot = pl.col("coordinates")
        both = [
            pl.coalesce(spot.str.extract(_PAIR, 1 + at), spot.str.extract(_POINT, 2 - at)).cast(
                pl.Float64, strict=False
            )
            for at in (0, 1)
        ]
    else:
        both = [pl.lit(None, pl.Float64)] * 2
    return [
        pl.when(degrees.is_between(-most, most)).then(degrees).alias(name)
        for name, degrees, most in zip(_DEGREES, both, (90, 180), strict=True)
    ]


def _named_once(rows: pl.DataFrame) -> pl.DataFrame:
    """Tell apart incidents that share a number: the second becomes ``…/2``."""
    turn = pl.int_range(pl.len()).over("incident") + 1
    return rows.with_columns(
        incident=pl.when(turn == 1).then("incident").otherwise(pl.format("{}/{}", "incident", turn))
    )
