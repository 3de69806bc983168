"""OECD, International Migration Database: flows, stocks and naturalisations by citizenship."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from corridors.evidence.publishers.observed import observed_flow
from corridors.evidence.sources.codes import by_code
from corridors.evidence.sources.offers import Request, SourceCard
from corridors.evidence.sources.offers import no_more as more
from corridors.evidence.sources.tabular import changed, collect, numbers, scan, years

__all__ = ["BLANKS", "MEASURES", "more", "read", "requests"]

MEASURES: Mapping[str, tuple[str, str]] = {
    "B11": ("inflow", "destination"),
    "B12": ("outflow", "origin"),
    "B13": ("asylum_inflow", "destination"),
    "B15": ("stock", "destination"),
    "B16": ("acquisition", "destination"),
}
"""Codes of the codelist CL_MEASURE_MIG: our measure, and which end reports."""

BLANKS = ("..", "NaN")
"""Two dots are missing or not available; NaN is the missing value of SDMX."""

_ACCEPT = {"Accept": "application/vnd.sdmx.data+csv; version=1.0.0"}
_COLUMNS = ("REF_AREA", "CITIZENSHIP", "FREQ", "MEASURE", "SEX", "TIME_PERIOD", "OBS_VALUE", "OBS_STATUS")
# States that are no more have codes of the OECD's own; sums of countries are no pair.
_OWN = {"XKV": "XKX", "ANT_F": "ANT", "CSK_F": "CSK", "SCG_F": "SCG", "SUN_F": "SUN", "YUG_F": "YUG",
        "STLS": "XXA"}  # fmt: skip
_SUM = r"^(W|W_.*|_.*|EEA|EFTA|OECD.*|EU\d*.*|[A-Z]\d+.*)$"


def requests(card: SourceCard) -> tuple[Request, ...]:
    """One file a measure: the server is slow with large answers."""
    return tuple(Request(file, address, card.kind, _ACCEPT) for file, address in card.addresses.items())


def read(card: SourceCard, files: Mapping[str, Path]) -> dict[str, pl.DataFrame]:
    """Yearly figures that member countries report of foreigners by citizenship.

    Returns
    -------
    dict
        ``observed_flow``; see `corridors.evidence.publishers.observed.observed_flow`. ``partner`` is a
        citizenship (of B16 the former one), not the country people came from or went to. National
        definitions differ.

    Raises
    ------
    DataError
        A column is missing, figures are not in persons, or hardly any code is known.
    """
    found = pl.concat([_figures(path, card) for path in files.values()])
    if found.is_empty():
        raise changed(card, f"no yearly figures of {', '.join(MEASURES)} for both sexes")
    pairs = by_code(
        found.filter(~pl.col("partner").str.contains(_SUM)), ("reporter", "partner"), card, but=_OWN
    )
    return {"observed_flow": observed_flow(pairs, card)}


def _figures(path: Path, card: SourceCard) -> pl.DataFrame:
    lazy = scan(path, card, _COLUMNS)
    names = lazy.collect_schema().names()
    query = lazy.filter(
        (pl.col("FREQ") == "A") & (pl.col("SEX") == "_T") & pl.col("MEASURE").is_in(list(MEASURES))
    )
    for column in ("BIRTH_PLACE", "EDUCATION_LEV"):
        if column in names:
            query = query.filter(pl.col(column) == "_Z")
    units = {name: pl.col(name) for name in ("UNIT_MEASURE", "UNIT_MULT") if name in names}
    frame = collect(
        query.select(
            reporter="REF_AREA",
            partner="CITIZENSHIP",
            year="TIME_PERIOD",
            value="OBS_VALUE",
            measure=pl.col("MEASURE").replace_strict({c: m for c, (m, _) in MEASURES.items()}),
            reported_by=pl.col("MEASURE").replace_strict({c: e for c, (_, e) in MEASURES.items()}),
            concept=pl.lit("citizenship"),
            dataset=pl.lit("DF_MIG"),
            flag="OBS_STATUS",
            **units,
        ),
        card,
    )  # fmt: skip
    for name, usual in (("UNIT_MEASURE", "PS"), ("UNIT_MULT", "0")):
        strange = frame.filter(pl.col(name) != usual) if name in units else frame.clear()
        if strange.height:
            raise changed(card, f"{name} is {strange[name][0]} instead of {usual}")
    return numbers(years(frame.drop(units), "year", card), ["value"], card, blanks=BLANKS)
