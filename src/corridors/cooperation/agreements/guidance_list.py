"""The list agreements are assessed against."""

from __future__ import annotations

from functools import cache

import narwhals as nw
import polars as pl
from narwhals.typing import IntoDataFrame

from corridors import packaged
from corridors.cooperation.agreements.coded_agreements import PROVISIONS
from corridors.errors import DataError

COLUMNS = ("block", "block_title", "item", "question", "column", "reading", "hint", "source", "source_status")
READINGS = ("for", "against", "disputed")


@cache
def guidance() -> pl.DataFrame:
    """The ten blocks of the United Nations' guidance, and a cross-cutting one.

    Returns
    -------
    polars.DataFrame
        ``block``, ``block_title``, ``item``, ``question``, ``column`` (the provision that answers it,
        null where none does), ``reading``, ``hint`` for drafting, ``source``, ``source_status``.

    Notes
    -----
    Blocks are those of UN Network on Migration, ILO and IOM (2022), Guidance on bilateral labour
    migration agreements. Questions and hints are this project's words. Reading: ``for``, the coded
    provision meets the item; ``against``, it contradicts it; ``disputed``, sources differ on what the
    code says, so it answers nothing: 1 on recruitment costs is "the migrant bears them" in the
    dictionary here and "migrant should not pay" in Adhikari and others (2024).

    Examples
    --------
    >>> from corridors.cooperation.agreements import guidance
    >>> guidance().height, guidance()["block"].n_unique(), guidance()["column"].drop_nulls().len()
    (41, 11, 24)
    """
    text = packaged.content("cooperation/agreements/guidance.csv")
    return as_guidance(pl.read_csv(text, infer_schema=False))


def as_guidance(table: IntoDataFrame) -> pl.DataFrame:
    """Check a list of your own.

    Parameters
    ----------
    table
        ``block``, ``item``, ``question``, ``column`` (a provision or blank), and any of the other
        columns of :func:`guidance`; ``reading`` is ``for`` where it is not given.

    Raises
    ------
    DataError
        A column lacks, an item stands twice, a provision or reading is not known; names the items.

    Examples
    --------
    >>> from corridors.cooperation.agreements import as_guidance
    >>> as_guidance({"block": ["pay"], "item": ["bank"], "question": ["Paid by bank?"],
    ...              "column": ["wage_protection"]})["reading"].item()
    'for'
    """
    raw = (
        pl.DataFrame(table) if isinstance(table, dict) else nw.from_native(table, eager_only=True).to_polars()
    )
    if lost := [name for name in ("block", "item", "question", "column") if name not in raw.columns]:
        raise DataError(
            f"the guidance lacks column(s) {', '.join(lost)}", f"columns: {', '.join(raw.columns)}"
        )
    extra = [pl.lit(None, pl.String).alias(name) for name in COLUMNS if name not in raw.columns]
    frame = raw.with_columns(extra).select(pl.col(COLUMNS).cast(pl.String).replace("", None))
    has = pl.col("column").is_not_null()
    frame = frame.with_columns(
        pl.col("block_title").fill_null(pl.col("block")),
        reading=pl.when(has).then(pl.col("reading").fill_null("for")),
    )
    _refuse(frame, pl.any_horizontal(pl.col("block", "item", "question").is_null()), "has blanks")
    _refuse(frame, pl.col("item").is_duplicated(), "names an item twice")
    _refuse(frame, has & ~pl.col("column").is_in(PROVISIONS), "names a provision that is not coded")
    _refuse(frame, has & ~pl.col("reading").is_in(READINGS), "has a reading that is not known")
    return frame


def _refuse(frame: pl.DataFrame, bad: pl.Expr, what: str) -> None:
    rows = frame.with_row_index("row", 1).filter(bad.fill_null(False))
    if rows.height:
        lines = [f"row {row}: {item}" for row, item in rows.select("row", "item").head(5).iter_rows()]
        raise DataError(
            f"the guidance {what}",
            "\n".join(lines),
            f"items once each; columns of the table of agreements; reading {', '.join(READINGS)}",
        )
