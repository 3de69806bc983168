"""From publishers' codes of places to ours."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from corridors import places
from corridors.errors import DataError
from corridors.evidence.sources.offers import SourceCard

_MOST_UNKNOWN = 0.05


def by_m49(frame: pl.DataFrame, columns: Sequence[str], card: SourceCard) -> pl.DataFrame:
    """Replace numeric United Nations codes by ours; rows of places that the register lacks are left out.

    Raises
    ------
    DataError
        More than one row in twenty is of places unknown: the codes have changed.
    """
    register = places.table().filter(pl.col("m49").is_not_null()).select("m49", code="country")
    return _coded(frame, columns, register.with_columns(pl.col("m49").cast(pl.Int64)), "m49", card)


def by_code(
    frame: pl.DataFrame,
    columns: Sequence[str],
    card: SourceCard,
    *,
    iso2: bool = False,
    but: dict[str, str] | None = None,
) -> pl.DataFrame:
    """Keep rows of places the register knows by ISO code, after replacing codes of the publisher's own.

    Parameters
    ----------
    iso2
        The codes are of two letters.
    but
        The publisher's own codes and ours, such as ``{"EL": "GRC"}``.
    """
    own = but or {}
    table = places.table()
    register = (
        table.filter(pl.col("iso2").is_not_null()).select(key="iso2", code="country")
        if iso2
        else table.select(key="country", code="country")
    )
    extra = pl.DataFrame(
        {"key": list(own), "code": list(own.values())}, schema={"key": pl.String, "code": pl.String}
    )
    register = pl.concat([register.filter(~pl.col("key").is_in(list(own))), extra])
    return _coded(frame, columns, register, "key", card)


def _coded(
    frame: pl.DataFrame, columns: Sequence[str], register: pl.DataFrame, key: str, card: SourceCard
) -> pl.DataFrame:
    coded = frame
    for column in columns:
        coded = (
            coded.join(register.rename({"code": "_code"}), left_on=column, right_on=key, how="left")
            .drop(column)
            .rename({"_code": column})
        )
    known = coded.filter(pl.all_horizontal(pl.col(c).is_not_null() for c in columns))
    if frame.height and frame.height - known.height > _MOST_UNKNOWN * frame.height:
        strange = [
            str(v)
            for c in columns
            for v in frame[c].unique().sort()
            if v is not None and v not in set(register[key])
        ]
        raise DataError(
            f"source '{card.name}': {frame.height - known.height:,} of {frame.height:,} rows "
            "are of places unknown",
            f"codes: {', '.join(strange[:15])}",
            "the publisher's codes have changed; use the release of corridors that knows them",
        )
    return known
