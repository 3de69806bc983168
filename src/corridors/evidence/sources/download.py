"""Downloads that can be interrupted: continued where they broke off, kept only when whole."""

from __future__ import annotations

import json
import re
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2

from corridors.errors import DataError
from corridors.evidence.sources.answers import looks_like_page, refuse_wrong_kind
from corridors.evidence.sources.client import Client, Retriable, usual_headers
from corridors.evidence.sources.lock import Locked
from corridors.evidence.sources.offers import Progress, Request, SourceCard
from corridors.evidence.sources.store import Store, alone

# Less than this over the span counts as a dead connection that only drips.
_SLOWEST_BYTES, _SPAN_SECONDS = 1024, 30.0


@dataclass(frozen=True, slots=True)
class Fetcher:
    """Fetches files of sources into a store.

    Attributes
    ----------
    client, store
        How and whereto.
    progress
        Called with the file's name, bytes so far and in all (None: not told).
    """

    client: Client
    store: Store
    progress: Progress | None = None
    slow_span: float = _SPAN_SECONDS

    def fetch(self, card: SourceCard, request: Request) -> Locked:
        """Fetch one file, continuing an unfinished one.

        Raises
        ------
        SourceUnavailable
            The publisher can not be reached or keeps breaking off; what came is kept.
        DataError
            The publisher refuses, or answers with something else.
        """
        part = self.store.partial(request.address)
        with alone(part):
            marks: dict[str, str] = {}
            for attempt in self.client.tries(request.address):
                with attempt:
                    marks = self._receive(card, request, part)
            try:
                refuse_wrong_kind(part, request.kind, request.address)
            except DataError:
                part.unlink(missing_ok=True)
                raise
            finally:
                _marks_path(part).unlink(missing_ok=True)
            size = part.stat().st_size
            sha256 = self.store.keep(part)
        return Locked(
            source=card.name,
            file=request.file,
            address=request.address,
            retrieved=datetime.now(UTC).isoformat(timespec="seconds"),
            sha256=sha256,
            size=size,
            revision=card.revision,
            etag=marks.get("etag", ""),
            modified=marks.get("modified", ""),
        )

    def _receive(self, card: SourceCard, request: Request, part: Path) -> dict[str, str]:
        have, known = _unfinished(part)
        headers = usual_headers(card.browser_agent) | dict(request.headers)
        if have:
            headers |= {"Range": f"bytes={have}-", "If-Range": known.get("etag") or known["modified"]}
        with self.client.stream(request.address, headers, card.pause) as answer:
            if answer.status_code == 416:
                _forget(part)
                raise Retriable("the unfinished part does not fit the file any more", 0.0)
            have, total = _start(answer, have)
            marks = _marks(answer) or (known if answer.status_code == 206 else {})
            _marks_path(part).write_text(json.dumps(marks))
            with part.open("r+b" if have else "wb") as file:
                file.seek(have)
                have = self._copy(answer, file, request.file, have, total)
        if total is not None and have != total:
            raise Retriable(f"the answer broke off after {have:,} of {total:,} bytes")
        return marks

    def _copy(self, answer: httpx2.Response, file: Any, name: str, have: int, total: int | None) -> int:
        watched, since = have, time.monotonic()
        for block in answer.iter_raw():
            file.write(block)
            have += len(block)
            if self.progress is not None:
                self.progress(name, have, total)
            now = time.monotonic()
            if now - since > self.slow_span:
                if have - watched < _SLOWEST_BYTES:
                    file.flush()
                    raise Retriable(f"only {have - watched} bytes came in {now - since:.0f} seconds")
                watched, since = have, now
        return have


def _start(answer: httpx2.Response, have: int) -> tuple[int, int | None]:
    """Where the bytes of an answer begin, and how many there are in all."""
    if answer.status_code == 206:
        found = re.fullmatch(r"bytes (\d+)-(\d+)/(\d+)", answer.headers.get("Content-Range", ""))
        if found is None or int(found[1]) != have:
            raise Retriable("the publisher sent another part than was asked for", 0.0)
        return have, int(found[3])
    length = answer.headers.get("Content-Length", "")
    if answer.headers.get("Content-Encoding", "identity") != "identity":
        raise DataError(
            f"{answer.url} compresses what it was asked to send as it is",
            answer.headers["Content-Encoding"],
            "fetch the file with a browser and use it as an own file",
        )
    return 0, int(length) if length.isdecimal() else None


def _marks(answer: httpx2.Response) -> dict[str, str]:
    """The publisher's marks of a version that allow a download to be continued."""
    etag = answer.headers.get("ETag", "")
    modified = answer.headers.get("Last-Modified", "")
    marks = {"etag": "" if etag.startswith("W/") else etag, "modified": modified}
    return {name: text for name, text in marks.items() if text}


def _unfinished(part: Path) -> tuple[int, dict[str, str]]:
    """How much of a file is here, if it can be continued."""
    try:
        marks = json.loads(_marks_path(part).read_text())
        have = part.stat().st_size
        with part.open("rb") as file:
            page = looks_like_page(file.read(512))
    except (OSError, ValueError):
        marks, have, page = {}, 0, False
    if not have or not marks or page:
        _forget(part)
        return 0, {}
    return have, marks


def _forget(part: Path) -> None:
    part.unlink(missing_ok=True)
    _marks_path(part).unlink(missing_ok=True)


def _marks_path(part: Path) -> Path:
    return part.with_suffix(".json")
