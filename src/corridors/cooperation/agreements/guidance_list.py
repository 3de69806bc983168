"""The list agreements are assessed against."""

from __future__ import annotations

from functools import cache

import polars as pl

from corridors import packaged
from corridors.cooperation.agreements.coded_agreements import PROVISIONS
from corridors.intake import IntoTable, TableSpec, refuse, take

COLUMNS = ("block", "block_title", "item", "question", "column", "reading", "hint", "source", "source_status")
READINGS = ("for", "against", "disputed")
_GUIDANCE = TableSpec(
    "guidance",
    texts=COLUMNS,
    optional=["block_title", "reading", "hint", "source", "source_status"],
    blank=["column"],
    key=["item"],
)


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


def as_guidance(table: IntoTable) -> pl.DataFrame:
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
    has = pl.col("column").is_not_null()
    frame = take(table, _GUIDANCE).with_columns(
        pl.col("block_title").fill_null(pl.col("block")),
        reading=pl.when(has).then(pl.col("reading").fill_null("for")),
    )
    for column, known in (("column", PROVISIONS), ("reading", READINGS)):
        title = f"table 'guidance': column '{column}' is not known"
        remedy = f"choose among {', '.join(known)}"
        refuse(frame, has & ~pl.col(column).is_in(known), title, remedy, ["item", column])
    return frame
