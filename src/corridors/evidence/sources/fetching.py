"""Fetch whole sources, file by file, and take up what an interrupted run has left."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from corridors.errors import DataError
from corridors.evidence.sources.download import Fetcher
from corridors.evidence.sources.lock import Locked, merged, read_lock, write_lock
from corridors.evidence.sources.offers import SourceCard, reader, source

_JOURNAL_HOURS = 24
_MOST_FILES = 20_000


def fetch(names: Iterable[str], fetcher: Fetcher, lock: Path) -> tuple[Locked, ...]:
    """Fetch sources and enter them into the lock, each when it is complete.

    Parameters
    ----------
    names
        Names of sources.
    fetcher
        How and whereto.
    lock
        The lock file; what it says of other sources stays.

    Returns
    -------
    tuple of Locked
        The files of the fetched sources.

    Raises
    ------
    NotFound, SourceUnavailable, DataError
        No such source; not reachable; not what it should be. Sources that were complete
        before stay in the lock.
    """
    cards = [source(name) for name in names]
    done: list[Locked] = []
    for card in cards:
        files = fetch_source(card, fetcher)
        write_lock(lock, merged(read_lock(lock), files))
        done += files
    return tuple(done)


def fetch_source(card: SourceCard, fetcher: Fetcher) -> tuple[Locked, ...]:
    """Fetch all files of one source, following pages and addresses that answers name."""
    module = reader(card)
    journal = fetcher.store.folder / "unfinished" / f"{card.name}.journal"
    recent = _journal(journal, fetcher)
    waiting = list(module.requests(card))
    files: dict[str, Locked] = {}
    while waiting:
        request = waiting.pop(0)
        if request.file in files:
            raise DataError(
                f"source '{card.name}' leads to '{request.file}' twice",
                request.address,
                "see the publisher's page",
            )
        if len(files) >= _MOST_FILES:
            raise DataError(f"source '{card.name}' leads to more than {_MOST_FILES:,} files")
        entry = recent.get(request.address) or fetcher.fetch(card, request)
        files[request.file] = entry
        _note(journal, entry)
        waiting += module.more(card, request, fetcher.store.path(entry.sha256))
    journal.unlink(missing_ok=True)
    return tuple(sorted(files.values()))


def _journal(path: Path, fetcher: Fetcher) -> dict[str, Locked]:
    """Files that a run of the last day fetched before it was interrupted."""
    if not path.exists():
        return {}
    found: dict[str, Locked] = {}
    for line in path.read_text("utf-8").splitlines():
        try:
            entry = Locked(**json.loads(line))
        except (ValueError, TypeError):
            continue  # the line that was being written when the run was killed
        if entry.age_days(datetime.now(UTC)) * 24 < _JOURNAL_HOURS and fetcher.store.has(entry.sha256):
            found[entry.address] = entry
    return found


def _note(path: Path, entry: Locked) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(asdict(entry)) + "\n")
