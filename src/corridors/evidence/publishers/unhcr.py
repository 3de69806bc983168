"""UNHCR, Refugee Data Finder: refugees and asylum-seekers by origin, asylum and year."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl

from corridors.evidence.sources.codes import by_code
from corridors.evidence.sources.offers import Request, SourceCard
from corridors.evidence.sources.pages import answers, further_pages
from corridors.evidence.sources.tabular import changed, counts, records, refuse_twice, rows_of, years

__all__ = ["BLANKS", "last_year_end", "more", "read", "requests"]

_PEOPLE = ("refugees", "oip", "asylum_seekers")
_FIELDS = {"origin": "coo_iso", "asylum": "coa_iso", "year": "year", **{name: name for name in _PEOPLE}}
BLANKS = ("-",)
"""A category that there was not in that year."""

_KEYS = ("origin", "asylum", "year")
# Figures of a year's end come out in June of the next; until then the year holds those of its middle.
_MONTH_OF_PUBLICATION = 7


def last_year_end(today: date) -> int:
    """The last year whose figures are those of its end.

    Examples
    --------
    >>> last_year_end(date(2026, 3, 1)), last_year_end(date(2026, 7, 1))
    (2024, 2025)
    """
    return today.year - (1 if today.month >= _MONTH_OF_PUBLICATION else 2)


def requests(card: SourceCard) -> tuple[Request, ...]:
    """The first page of all pairs of all years."""
    year = last_year_end(datetime.now(UTC).date())
    return tuple(
        Request(file, address.replace("{last_year}", str(year)), card.kind)
        for file, address in card.addresses.items()
    )


def more(card: SourceCard, request: Request, path: Path) -> tuple[Request, ...]:
    """The pages after the first, as ``maxPages`` tells."""
    return further_pages(card, request, path, "maxPages")


def read(card: SourceCard, files: Mapping[str, Path]) -> dict[str, pl.DataFrame]:
    """Refugees and asylum-seekers at the end of each year.

    Pairs are joined on the ISO codes: the fields ``coo`` and ``coa`` carry codes of UNHCR's own,
    in which ARE is Egypt. Refugees are those of the field ``refugees`` and other people in need of
    international protection (``oip``). A pair without any of them, one within a country, and one
    where either figure is not published are left out.

    Returns
    -------
    dict
        ``displacement``: origin, asylum, year, refugees, asylum_seekers (persons).

    Raises
    ------
    DataError
        A page is missing or laid out otherwise; the answer is one sum instead of pairs.
    """
    items = [item for page in answers(card, files, "maxPages") for item in rows_of(page, "items", card)]
    pages = records(items, _FIELDS, card)
    if pages.is_empty():
        raise changed(card, "no rows of figures in 'items'")
    if pages.filter((pl.col("origin") == "-") & (pl.col("asylum") == "-")).height == pages.height:
        raise changed(card, "one sum instead of pairs: the answer disregards coo_all and coa_all")
    people = counts(years(pages, "year", card), _PEOPLE, card, blanks=BLANKS)
    ours = people.with_columns(pl.col("origin").replace("UKN", "UNK"))
    coded = by_code(ours, ("origin", "asylum"), card)
    # Others in need of protection are a category since 2018: before, a dash and not a number.
    known = coded.filter(pl.all_horizontal(pl.col("refugees", "asylum_seekers").is_not_null())).with_columns(
        refugees=pl.sum_horizontal("refugees", "oip")
    )
    pairs = known.filter(
        (pl.col("origin") != pl.col("asylum")) & (pl.col("refugees") + pl.col("asylum_seekers") > 0)
    )
    if pairs.is_empty():
        raise changed(card, "no pair of countries with refugees or asylum-seekers")
    return {"displacement": refuse_twice(pairs.select(*_KEYS, "refugees", "asylum_seekers"), _KEYS, card)}
