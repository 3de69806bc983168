"""From fetched files to tables, each with the card of its revision."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace

import polars as pl

from corridors.errors import DataError, NotFound
from corridors.evidence.provenance import Card, make_card
from corridors.evidence.sources.lock import Locked, of_source
from corridors.evidence.sources.offers import SourceCard, catalogue, reader, source
from corridors.evidence.sources.store import Store
from corridors.evidence.table_schemas import schema


@dataclass(frozen=True, slots=True)
class Fetched:
    """One table of one fetched source, in columns of the schema, not yet validated.

    Attributes
    ----------
    table
        Its name.
    frame
        Its rows.
    card
        Publisher, revision, hash.
    """

    table: str
    frame: pl.DataFrame
    card: Card


def read_source(name: str, entries: Iterable[Locked], store: Store) -> dict[str, Fetched]:
    """Read all tables of one fetched source.

    Parameters
    ----------
    name
        Name of the source.
    entries
        The lock.
    store
        Where the files are.

    Raises
    ------
    NotFound
        It was not fetched, or its files are gone.
    DataError
        A file was damaged, or is not laid out as it used to be.
    """
    card, files = source(name), of_source(entries, name)
    paths = {entry.file: store.verified(entry.sha256) for entry in files}
    tables = reader(card).read(card, paths)
    missing = sorted(set(card.tables) - set(tables))
    if missing:
        raise DataError(
            f"source '{name}' gave no table {', '.join(missing)}", remedy="the publisher changed the layout"
        )
    return {table: Fetched(table, frame, _card(card, table, files)) for table, frame in tables.items()}


def fetched(entries: Iterable[Locked], store: Store) -> dict[str, tuple[Fetched, ...]]:
    """Read all tables that fetched sources give.

    Of several sources of one figure table the last named in the catalogue counts; tables that
    stand beside the figures (layer ``fetched``) are put together.

    Parameters
    ----------
    entries
        The lock.
    store
        Where the files are.

    Returns
    -------
    dict
        Pieces by table: one for a figure table, one a source for another.
    """
    locked = tuple(entries)
    found: dict[str, tuple[Fetched, ...]] = {}
    for name in _in_order({entry.source for entry in locked}):
        for table, piece in read_source(name, locked, store).items():
            found[table] = (piece,) if table in schema() else (*found.get(table, ()), piece)
    return found


def _in_order(names: set[str]) -> list[str]:
    unknown = sorted(names - set(catalogue()))
    if unknown:
        raise NotFound(
            f"the lock names a source '{unknown[0]}' that is not in the catalogue",
            remedy="remove its entries, or use the release that fetched it",
        )
    return [name for name in catalogue() if name in names]


def _card(card: SourceCard, table: str, files: tuple[Locked, ...]) -> Card:
    first, fetched_on = files[0], max(entry.retrieved for entry in files)[:10]
    made = make_card(
        table,
        first.file if len(files) == 1 else f"{len(files)} files of {card.name}",
        b"",
        {
            "title": card.title,
            "publisher": card.publisher,
            # A series that its publisher revises without a name is named by the day.
            "revision": card.revision.replace("as fetched", f"as fetched {fetched_on}"),
            "licence": card.licence,
            "accessed": fetched_on,
            "note": f"fetched {fetched_on} from {first.address}. {card.note}".strip(),
        },
    )
    # Of several files: the hash of their hashes, in the order of their names.
    together = hashlib.sha256("".join(entry.sha256 for entry in files).encode()).hexdigest()
    made = replace(made, superseded=card.superseded)
    return replace(made, sha256=first.sha256 if len(files) == 1 else together)
