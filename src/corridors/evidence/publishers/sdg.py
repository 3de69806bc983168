"""United Nations, Global SDG Indicators Database: series on migration."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from corridors.evidence.sources.codes import by_m49
from corridors.evidence.sources.offers import Request, SourceCard
from corridors.evidence.sources.pages import answers, further_pages
from corridors.evidence.sources.tabular import (
    changed,
    counts,
    numbers,
    records,
    refuse_twice,
    rows_of,
    years,
)
from corridors.wording import counted

__all__ = ["BLANKS", "more", "read", "requests"]

_FIELDS = {
    "series": "series",
    "country": "geoAreaCode",
    "year": "timePeriodStart",
    "value": "value",
    "breakdown": "dimensions.*",
    "unit": "attributes.Units?",
    "nature": "attributes.Nature?",
}
BLANKS = ("N", "NaN")
"""N is not available or not applicable, NaN an empty figure."""

_KEYS = ("series", "country", "year", "breakdown")
# M49 codes of the world, continents, regions and groups of countries, none of them a country's; from 900
# on there are only groups.
_GROUPS = frozenset({
    1, 2, 5, 9, 11, 13, 14, 15, 17, 18, 19, 21, 29, 30, 34, 35, 39, 53, 54, 57, 61, 62, 127, 135, 142, 143,
    145, 150, 151, 154, 155, 199, 202, 223, 224, 401, 406, 419, 420, 432, 485, 513, 514, 515, 518, 543, 722,
    738, 746, 747, 753, 889,
})  # fmt: skip
_FIRST_GROUP = 900


def requests(card: SourceCard) -> tuple[Request, ...]:
    """The first page of each series."""
    return tuple(Request(file, address, card.kind) for file, address in card.addresses.items())


def more(card: SourceCard, request: Request, path: Path) -> tuple[Request, ...]:
    """The pages after the first, as ``totalPages`` tells."""
    return further_pages(card, request, path, "totalPages")


def read(card: SourceCard, files: Mapping[str, Path]) -> dict[str, pl.DataFrame]:
    """Figures of countries; those of regions and groups are left out.

    A series without any figure is left out too, unless all are.

    Returns
    -------
    dict
        ``indicator_series``: series, country, year, breakdown (``name=code; name=code``, as the
        publisher has it), value, qualifier (``<`` or ``>`` where only a bound is published), unit,
        nature (as the publisher codes it).

    Raises
    ------
    DataError
        A page is missing or laid out otherwise; two figures differ for one key.
    """
    pages = [rows_of(page, "data", card) for page in answers(card, files, "totalPages")]
    rows = records([row for page in pages for row in page], _FIELDS, card)
    # Figures are texts: '5.2', '<5', 'N', 'NaN'.
    texts = rows.with_columns(
        pl.col("value").str.replace(r"^[<>]", ""),
        qualifier=pl.col("value").str.extract(r"^([<>])"),
        breakdown=pl.col("breakdown").fill_null("all"),
    )
    coded = years(counts(texts, ["country"], card), "year", card)
    nowhere = coded["country"].null_count()
    if nowhere:
        raise changed(card, f"{counted(nowhere, 'row')} without the code of an area")
    rows = numbers(coded, ["value"], card, blanks=BLANKS)
    group = pl.col("country").is_in(_GROUPS) | (pl.col("country") >= _FIRST_GROUP)
    figures = rows.filter(
        ~group.fill_null(value=False), pl.all_horizontal(pl.col("series", "value").is_not_null())
    )
    if figures.is_empty():
        raise changed(card, f"no figures of countries in {len(pages)} pages")
    known = by_m49(figures, ("country",), card)
    columns = (*_KEYS, "value", "qualifier", "unit", "nature")
    return {"indicator_series": refuse_twice(known.select(columns), _KEYS, card).sort(_KEYS)}
