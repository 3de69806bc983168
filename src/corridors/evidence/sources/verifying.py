"""Are fetched files still whole, readable and like what they were?"""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from corridors.errors import CorridorsError, DataError
from corridors.evidence.checks.whole_table import conform
from corridors.evidence.loading import load
from corridors.evidence.sources.comparing import Revisions, compare, drift
from corridors.evidence.sources.lock import Locked
from corridors.evidence.sources.offers import source
from corridors.evidence.sources.reading import Fetched, read_source
from corridors.evidence.sources.store import Store
from corridors.evidence.table_schemas import schema, table_schema
from corridors.intake.frames import texts

_COLUMNS = ("source", "severity", "check", "what", "before", "after")


def verify(entries: Iterable[Locked], store: Store) -> pl.DataFrame:
    """Check every fetched source: content, layout, values, and drift against the embedded figures.

    Returns
    -------
    polars.DataFrame
        source, severity (``ok``, ``drift``, ``error``), check, what, before, after.

    Examples
    --------
    >>> from corridors.evidence.sources import Store
    >>> verify((), Store("nowhere")).height
    0
    """
    locked = tuple(entries)
    rows: list[tuple[str, ...]] = []
    for name in sorted({entry.source for entry in locked}):
        rows += _verified(name, locked, store)
    return pl.DataFrame(rows, schema=dict.fromkeys(_COLUMNS, pl.String), orient="row")


def _verified(name: str, locked: tuple[Locked, ...], store: Store) -> list[tuple[str, ...]]:
    try:
        tables = read_source(name, locked, store)
        rows: list[tuple[str, ...]] = []
        for table, piece in tables.items():
            checked = validated(piece)
            rows.append((name, "ok", "valid", f"{checked.height:,} rows of {table}", "", ""))
            if table in schema():
                known = load().table(table).drop("source")
                rows += [(name, "drift", *signs) for signs in drift(table, known, checked).iter_rows()]
    except CorridorsError as error:
        words = " ".join(part for part in (error.title, error.detail.replace("\n", "; ")) if part)
        return [(name, "error", type(error).__name__, words, "", "")]
    return rows


def validated(piece: Fetched) -> pl.DataFrame:
    """Type and check the table of a fetched source against its schema."""
    layer = "figure" if piece.table in schema() else "fetched"
    return conform(table_schema(piece.table, layer), texts(piece.frame), piece.card.file)


def revisions(
    name: str, entries: Iterable[Locked], store: Store, before: Iterable[Locked] | None = None
) -> list[Revisions]:
    """Lay the tables of a fetched source beside an earlier lock's, or beside the embedded ones.

    Raises
    ------
    DataError
        No table of the source is embedded and no earlier lock was given, or both are the same.
    """
    now = {table: _sourced(piece) for table, piece in read_source(name, entries, store).items()}
    if before is not None:
        then = {table: _sourced(piece) for table, piece in read_source(name, before, store).items()}
    else:
        then = {table: load().table(table) for table in now if table in schema()}
    if not then:
        raise DataError(
            f"nothing of source '{name}' is embedded", f"tables: {', '.join(source(name).tables)}",
            "give an earlier lock file with --before",
        )  # fmt: skip
    return [compare(table, then[table], now[table]) for table in now if table in then]


def _sourced(piece: Fetched) -> pl.DataFrame:
    return validated(piece).with_columns(source=pl.lit(piece.card.id))
