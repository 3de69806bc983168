"""Which sources are embedded, fetched, stale."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import polars as pl

from corridors import packaged
from corridors.evidence.provenance import parse_cards
from corridors.evidence.sources.lock import Locked
from corridors.evidence.sources.offers import SourceCard, catalogue
from corridors.evidence.sources.store import Store


def status(entries: Iterable[Locked], store: Store, now: datetime) -> pl.DataFrame:
    """One row a source: what is embedded, what was fetched, whether it is stale.

    Parameters
    ----------
    entries
        The lock.
    store
        The cache.
    now
        The present, with its time zone.

    Returns
    -------
    polars.DataFrame
        source, publisher, tables, embedded (revision), fetched (revision), retrieved, files,
        megabytes, state: ``embedded`` (not fetched), ``not fetched``, ``fetched``, ``stale``
        (older than the publisher's cadence) or ``lost`` (no longer in the cache); superseded, by which
        revision.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> from corridors.evidence.sources import Store
    >>> table = status((), Store("nowhere"), datetime(2026, 1, 1, tzinfo=UTC))
    >>> table.filter(source="un-migrant-stock")["state"].item()
    'embedded'
    """
    locked = tuple(entries)
    embedded = parse_cards(packaged.text("evidence/figures/figures.toml"), "figures.toml")
    revisions = {table: fields.get("revision", "") for table, fields in embedded.items()}
    rows = [
        _row(card, [e for e in locked if e.source == card.name], revisions, store, now)
        for card in catalogue().values()
    ]
    return pl.DataFrame(
        rows, schema_overrides={"retrieved": pl.String, "megabytes": pl.Float64, "superseded": pl.String}
    )


def _row(
    card: SourceCard, files: list[Locked], revisions: dict[str, str], store: Store, now: datetime
) -> dict[str, str | int | float | None]:
    known = sorted({revisions[t] for t in card.tables if t in revisions})
    retrieved = min((e.retrieved for e in files), default=None)
    if not files:
        state = "embedded" if known else "not fetched"
    elif any(not store.has(e.sha256) for e in files):
        state = "lost"
    else:
        state = "stale" if max(e.age_days(now) for e in files) > card.cadence_days else "fetched"
    return {
        "source": card.name,
        "publisher": card.publisher,
        "tables": ", ".join(card.tables),
        "embedded": "; ".join(known),
        "fetched": files[0].revision if files else "",
        "retrieved": retrieved,
        "files": len(files),
        "megabytes": round(sum(e.size for e in files) / 1e6, 2),
        "state": state,
        "superseded": card.superseded or None,
    }
