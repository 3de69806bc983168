"""Abel and Cohen: estimates of bilateral flows between stocks, by six methods and sex."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import polars as pl

from corridors.errors import DataError
from corridors.evidence.sources.codes import by_code
from corridors.evidence.sources.offers import Request, SourceCard
from corridors.evidence.sources.tabular import (
    changed,
    collect,
    json_object,
    numbers,
    refuse_twice,
    scan,
    years,
)

__all__ = ["BLANKS", "FILE", "METHODS", "more", "read", "requests"]

FILE = "bilat_mig_sex.csv"
"""The file of the deposit that is read."""

METHODS = ("sd_drop_neg", "sd_rev_neg", "mig_rate", "da_min_open", "da_min_closed", "da_pb_closed")
"""Methods, by their names in the file."""

_KEYS = ("origin", "destination", "period_start", "method", "sex")
_OWN = {"SDN_old": "SUD", "SUD": "SUD"}
BLANKS = ("NA",)
"""The deposit was written by R."""

_SEXES = {"female": "female", "f": "female", "male": "male", "m": "male"}


def requests(card: SourceCard) -> tuple[Request, ...]:
    """The record of the deposit, which names the files of its current version."""
    return tuple(Request(file, address, card.kind) for file, address in card.addresses.items())


def more(card: SourceCard, request: Request, path: Path) -> tuple[Request, ...]:
    """The file with the flows, as the record names its address."""
    if request.file not in card.addresses:
        return ()
    address = _listed(path, card).get("download_url")
    if not isinstance(address, str) or not address.startswith(("http://", "https://")):
        raise changed(card, f"the record gives no address for '{FILE}': {str(address)[:200]}")
    return (Request(FILE, address, "csv"),)


def read(card: SourceCard, files: Mapping[str, Path]) -> dict[str, pl.DataFrame]:
    """Flows of five years, in the methods that the file has.

    Parts by type of move (outward, return, transit), where the file has them, are summed: they are
    disjoint.

    Returns
    -------
    dict
        ``published_flow``: origin, destination, period_start, method, sex (female, male, or ``all`` in
        files without sex), value (persons in five years).

    Raises
    ------
    DataError
        The file is not the one that the record names, a column is missing, or hardly any code is known.
    """
    if FILE not in files:
        raise DataError(f"source '{card.name}' lacks '{FILE}'", remedy="fetch the source again")
    for name in card.addresses:
        if name in files:
            _refuse_other_file(files[FILE], _listed(files[name], card), card)
    lazy = scan(files[FILE], card, ("year0", "orig", "dest"))
    names = lazy.collect_schema().names()
    methods = [name for name in METHODS if name in names]
    if not methods:
        raise changed(card, f"none of the methods {', '.join(METHODS)}; columns: {', '.join(names)[:300]}")
    texts = lazy.filter(pl.col("orig") != pl.col("dest")).select(
        *methods,
        origin="orig",
        destination="dest",
        period_start="year0",
        sex=pl.col("sex") if "sex" in names else pl.lit("all"),
    )
    wide = numbers(years(collect(texts, card), "period_start", card), methods, card, blanks=BLANKS)
    if "type" in names:
        keys = ("origin", "destination", "period_start", "sex")
        # A sum of nothing is missing, not zero.
        part = [pl.when(pl.col(m).is_not_null().any()).then(pl.col(m).sum()).alias(m) for m in methods]
        wide = wide.group_by(keys).agg(part)
    flows = _with_sexes(wide, card)
    if flows.is_empty():
        raise changed(card, "no flow between two countries")
    coded = refuse_twice(by_code(flows, ("origin", "destination"), card, but=_OWN), (*_KEYS[:3], "sex"), card)
    long = coded.unpivot(
        on=methods, index=["origin", "destination", "period_start", "sex"], variable_name="method",
        value_name="value",
    )  # fmt: skip
    return {"published_flow": _checked(long.drop_nulls("value"), card).select(*_KEYS, "value").sort(_KEYS)}


def _with_sexes(flows: pl.DataFrame, card: SourceCard) -> pl.DataFrame:
    known = {**_SEXES, "all": "all"}
    sexes = set(flows["sex"].str.to_lowercase().unique())
    if strange := sorted(map(str, sexes - set(known))):
        raise changed(card, f"sex is {', '.join(strange[:5])} instead of female or male")
    return flows.with_columns(pl.col("sex").str.to_lowercase().replace_strict(known))


def _checked(long: pl.DataFrame, card: SourceCard) -> pl.DataFrame:
    if long.is_empty():
        raise changed(card, "no figures")
    lowest = cast(float, long["value"].min())
    if lowest < 0:
        raise changed(card, f"a flow is negative: {lowest:g}")
    return long


def _listed(path: Path, card: SourceCard) -> dict[str, Any]:
    files = json_object(path, card).get("files")
    if not isinstance(files, list):
        raise changed(card, "the record lists no files")
    known = [cast(dict[str, Any], f) for f in cast(list[Any], files) if isinstance(f, dict)]
    found = [f for f in known if f.get("name") == FILE]
    if len(found) != 1:
        raise changed(
            card, f"the record lists no '{FILE}' but {', '.join(str(f.get('name')) for f in known)[:300]}"
        )
    return found[0]


def _refuse_other_file(path: Path, listed: Mapping[str, Any], card: SourceCard) -> None:
    md5 = listed.get("computed_md5")
    if not isinstance(md5, str) or not md5:
        return
    with path.open("rb") as file:
        found = hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
    if found != md5.lower():
        raise DataError(
            f"source '{card.name}': '{FILE}' is not the file that its record describes",
            f"{found} instead of {md5[:64]}",
            "it changed meanwhile or was cut; fetch the source again",
        )
