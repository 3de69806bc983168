"""World Bank and KNOMAD: bilateral remittance estimates by the Data360 API."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import polars as pl

from corridors.errors import DataError
from corridors.evidence.sources.codes import by_code
from corridors.evidence.sources.offers import Request, SourceCard
from corridors.evidence.sources.tabular import changed, json_answer, numbers, records, years

__all__ = ["BLANKS", "more", "read", "requests"]

BLANKS = ()
"""JSON has null, and no other sign for no figure."""

_PREFIX = "WB_KNOMAD_"
_INDICATOR = "WB_KNOMAD_BRE"
_WORLD = "WLD"
_FIELDS = {
    "indicator": "INDICATOR",
    "sending": "REF_AREA",
    "receiving": "COMP_BREAKDOWN_1",
    "year": "TIME_PERIOD",
    "value": "OBS_VALUE",
}
_MOST_PAGES = 1000
# A trillion dollars through one corridor: then the values are no longer in millions.
_MOST_VALUE = 1e6


def requests(card: SourceCard) -> tuple[Request, ...]:
    """The first page."""
    return tuple(Request(file, address, card.kind) for file, address in card.addresses.items())


def more(card: SourceCard, request: Request, path: Path) -> tuple[Request, ...]:
    """Further pages, each beginning after as many rows as the first one has."""
    if request.file not in card.addresses:
        return ()
    count, rows = _page(path, card)
    size = len(rows)
    if count > size * _MOST_PAGES:
        raise changed(card, f"the first page has {size:,} of {count:,} rows")
    name, joint = request.file.removesuffix(".json"), "&" if "?" in request.address else "?"
    return tuple(
        Request(f"{name}.skip{skip}.json", f"{request.address}{joint}skip={skip}", request.kind)
        for skip in range(size, count, size or 1)
    )


def read(card: SourceCard, files: Mapping[str, Path]) -> dict[str, pl.DataFrame]:
    """The published matrix of remittances: an estimate by a model, not a measurement.

    Returns
    -------
    dict
        ``published_remittance_flow``: sending, receiving, year, value (USD million). World totals
        and groups are left out; blanks are missing and in no row.

    Raises
    ------
    DataError
        An error message, missing rows, fields that changed, values that can not be USD million.

    Notes
    -----
    Ratha and Shaw (2007), South-South Migration and Remittances, World Bank Working Paper 102, has
    the method. ``REF_AREA`` sends, ``COMP_BREAKDOWN_1`` receives. The field ``UNIT_MULT`` says
    that values are in dollars; they are in millions of them.
    """
    table = records(_records(card, files), _FIELDS, card).filter(indicator=_INDICATOR)
    table = years(table.with_columns(pl.col("receiving").str.strip_prefix(_PREFIX)), "year", card)
    table = numbers(table, ["value"], card, blanks=BLANKS)
    places = pl.col("sending", "receiving")
    pairs = table.filter(
        pl.all_horizontal(places.str.contains(r"^[A-Z]{3}$"), places != _WORLD), pl.col("value").is_not_null()
    )
    if pairs.is_empty():
        raise changed(card, f"no pair of countries of {_INDICATOR} with a value")
    above = pairs.filter(pl.col("value") > _MOST_VALUE)
    if above.height:
        raise changed(
            card, f"the values are no USD million: {above.select('sending', 'receiving', 'value').row(0)}"
        )
    coded = by_code(pairs, ["sending", "receiving"], card)
    return {"published_remittance_flow": coded.select("sending", "receiving", "year", "value")}


def _page(path: Path, card: SourceCard) -> tuple[int, list[Any]]:
    answer = json_answer(path, card)
    fields = cast(dict[str, Any], answer) if isinstance(answer, dict) else {}
    count, rows = fields.get("count"), fields.get("value")
    if not (isinstance(count, int) and isinstance(rows, list)):
        raise changed(card, "the answer has no number 'count' and no list 'value'")
    return count, cast(list[Any], rows)


def _records(card: SourceCard, files: Mapping[str, Path]) -> list[Any]:
    """Rows of all pages; refused when the publisher counts others."""
    found: list[Any] = []
    counts: set[int] = set()
    for path in files.values():
        count, rows = _page(path, card)
        counts.add(count)
        found += rows
    if counts != {len(found)}:
        raise DataError(
            f"source '{card.name}': {len(found):,} rows in {len(files)} pages, "
            f"the publisher counts {', '.join(f'{c:,}' for c in sorted(counts))}",
            remedy="fetch the source again",
        )
    return found
