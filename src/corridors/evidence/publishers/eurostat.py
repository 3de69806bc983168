"""Eurostat: immigration by previous and emigration by next usual residence, the two mirrors."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from corridors.evidence.publishers.observed import observed_flow
from corridors.evidence.sources.codes import by_code
from corridors.evidence.sources.offers import Request, SourceCard
from corridors.evidence.sources.offers import no_more as more
from corridors.evidence.sources.tabular import changed, collect, numbers, scan, years

__all__ = ["BLANKS", "DATASETS", "OWN_CODES", "more", "read", "requests"]

DATASETS: Mapping[str, tuple[str, str]] = {
    "migr_imm5prv": ("inflow", "destination"),
    "migr_emi3nxt": ("outflow", "origin"),
}
"""Datasets: our measure, and which end reports."""

OWN_CODES: Mapping[str, str] = {"EL": "GRC", "UK": "GBR"}
"""Codes of countries that are not those of ISO 3166."""

_COLUMNS = (
    "DATAFLOW",
    "freq",
    "partner",
    "age",
    "unit",
    "sex",
    "geo",
    "TIME_PERIOD",
    "OBS_VALUE",
    "OBS_FLAG",
)
BLANKS = (":",)
"""Not available: SDMX-CSV leaves the cell empty, the other formats have a colon."""

# Countries have two letters; EU27_2020, TOTAL, UNK, DE_TOT and the like are sums or nobody's.
_COUNTRY = r"^[A-Z]{2}$"


def requests(card: SourceCard) -> tuple[Request, ...]:
    """One file a dataset."""
    return tuple(Request(file, address, card.kind) for file, address in card.addresses.items())


def read(card: SourceCard, files: Mapping[str, Path]) -> dict[str, pl.DataFrame]:
    """Moves of a year between two countries, each as one of them counts it.

    Files are read in a stream, so that whole tables (10 million rows by age and sex) do as well as
    the part for all ages and both sexes.

    Returns
    -------
    dict
        ``observed_flow``; see `corridors.evidence.publishers.observed.observed_flow`. ``partner`` is the
        previous residence of an inflow and the next one of an outflow. ``flag`` is Eurostat's:
        p provisional, e estimated, b break in the series, c confidential.

    Raises
    ------
    DataError
        A column is missing, the dataset is another, or hardly any code is known.
    """
    pairs = pl.concat([_figures(path, card) for path in files.values()])
    if pairs.is_empty():
        raise changed(card, "no yearly numbers of persons of all ages and both sexes between countries")
    coded = by_code(pairs, ("reporter", "partner"), card, iso2=True, but=dict(OWN_CODES))
    return {"observed_flow": observed_flow(coded, card)}


def _figures(path: Path, card: SourceCard) -> pl.DataFrame:
    dataset = pl.col("DATAFLOW").str.extract(r"^ESTAT:(\w+)", 1).str.to_lowercase()
    lazy = scan(path, card, _COLUMNS)
    total = {"freq": "A", "age": "TOTAL", "unit": "NR", "sex": "T"}
    # Age in completed years and age reached count the same people; only one of both is taken.
    if "agedef" in lazy.collect_schema().names():
        total |= {"agedef": "COMPLET"}
    query = lazy.filter(
        *(pl.col(name) == code for name, code in total.items()),
        pl.col("geo").str.contains(_COUNTRY),
        pl.col("partner").str.contains(_COUNTRY),
        pl.col("OBS_VALUE").is_not_null(),
    ).select(
        reporter="geo",
        partner="partner",
        year="TIME_PERIOD",
        value="OBS_VALUE",
        dataset=dataset,
        concept=pl.lit("residence"),
        flag="OBS_FLAG",
    )
    frame = numbers(years(collect(query, card), "year", card), ["value"], card, blanks=BLANKS)
    others = frame.filter(~pl.col("dataset").is_in(list(DATASETS)).fill_null(value=False))
    if others.height:
        raise changed(card, f"figures of dataset {others['dataset'][0]} instead of {' or '.join(DATASETS)}")
    return frame.with_columns(
        measure=pl.col("dataset").replace_strict({d: m for d, (m, _) in DATASETS.items()}, default=None),
        reported_by=pl.col("dataset").replace_strict({d: e for d, (_, e) in DATASETS.items()}, default=None),
    )
