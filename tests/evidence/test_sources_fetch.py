"""Downloads against a publisher on loopback with all the faults that real ones have."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridors.errors import CorridorsError, DataError, NotFound, SourceUnavailable
from corridors.evidence.sources import Client, Fetcher, Locked, Request, SourceCard, Store, read_lock, source
from corridors.evidence.sources.answers import Kind, refuse_wrong_kind
from corridors.evidence.sources.lock import merged, of_source, write_lock
from publisher import Publisher, cut_after, drip, publisher, send

CARD = SourceCard(
    "made-up", "", "", "", "", "", "Revision 1", 30, (), {}, "csv", "un_migrant_stock", pause=0.0
)
ROWS = b"country,year\n" + b"MEX,2020\n" * 20_000


@pytest.fixture
def server() -> Iterator[Publisher]:
    with publisher() as made:
        yield made


@pytest.fixture
def fetcher(tmp_path: Path) -> Iterator[Fetcher]:
    with Client(attempts=3, wait=0.01, timeout=5.0) as client:
        yield Fetcher(client, Store(tmp_path / "cache"))


def request(server: Publisher, path: str = "/x.csv", kind: Kind = "csv") -> Request:
    return Request(path[1:], server.root + path, kind)


def test_a_file_is_fetched_once_named_by_content_and_entered(server: Publisher, fetcher: Fetcher) -> None:
    server.files["/x.csv"] = ROWS
    entry = fetcher.fetch(CARD, request(server))
    assert (entry.sha256, entry.size) == (hashlib.sha256(ROWS).hexdigest(), len(ROWS))
    assert fetcher.store.verified(entry.sha256).read_bytes() == ROWS
    assert entry.etag == '"one"'
    assert datetime.fromisoformat(entry.retrieved).tzinfo is not None
    assert "corridors/" in server.asked("/x.csv")[0]["User-Agent"]


def test_publishers_that_refuse_programs_get_a_browser_like_name(server: Publisher, fetcher: Fetcher) -> None:
    server.files["/x.csv"] = ROWS

    def only_browsers(handler: object, number: int) -> bool:
        agent = handler.headers["User-Agent"]  # type: ignore[attr-defined]
        return not agent.startswith("Mozilla") and send(handler, 403, b"<html>Forbidden")

    server.faults["/x.csv"] = only_browsers
    with pytest.raises(DataError, match="refuses programs"):
        fetcher.fetch(CARD, request(server))
    assert len(server.log) == 1, "a refusal is not tried again"
    assert fetcher.fetch(replace(CARD, browser_agent=True), request(server)).size == len(ROWS)


def test_asked_to_wait_it_waits(server: Publisher, fetcher: Fetcher) -> None:
    server.files["/x.csv"] = ROWS
    server.faults["/x.csv"] = lambda handler, number: number == 1 and send(handler, 429, Retry_After="1")
    began = time.monotonic()
    fetcher.fetch(CARD, request(server))
    assert time.monotonic() - began >= 1.0
    assert len(server.log) == 2


@pytest.mark.parametrize("told", ["seconds", "date"])
def test_asked_to_wait_an_hour_it_says_so(server: Publisher, fetcher: Fetcher, told: str) -> None:
    then = datetime.now(UTC) + timedelta(hours=1)
    after = "3600" if told == "seconds" else format_datetime(then, usegmt=True)
    server.faults["/x.csv"] = lambda handler, number: send(handler, 503, Retry_After=after)
    with pytest.raises(SourceUnavailable, match="asks to wait 3,"):
        fetcher.fetch(CARD, request(server))
    assert len(server.log) == 1


def test_redirects_are_followed_but_not_for_ever(server: Publisher, fetcher: Fetcher) -> None:
    server.files["/x.csv"] = ROWS
    server.faults["/old"] = lambda handler, number: send(handler, 302, Location="/x.csv")
    server.faults["/loop"] = lambda handler, number: send(handler, 301, Location="/loop")
    assert fetcher.fetch(CARD, request(server, "/old")).size == len(ROWS)
    with pytest.raises(DataError, match="redirects for ever"):
        fetcher.fetch(CARD, request(server, "/loop"))


def test_a_broken_answer_is_continued_not_begun_again(server: Publisher, fetcher: Fetcher) -> None:
    server.files["/x.csv"] = ROWS
    server.faults["/x.csv"] = cut_after(50_000)
    entry = fetcher.fetch(CARD, request(server))
    assert fetcher.store.path(entry.sha256).read_bytes() == ROWS
    ranges = [headers.get("Range") for headers in server.asked("/x.csv")]
    assert ranges == [None, "bytes=50000-"]
    assert server.asked("/x.csv")[1]["If-Range"] == '"one"'


def test_what_came_is_kept_for_the_next_run(server: Publisher, fetcher: Fetcher) -> None:
    server.files["/x.csv"] = ROWS
    server.faults["/x.csv"] = cut_after(30_000, times=3)
    with pytest.raises(SourceUnavailable, match=r"\(3 tries\)"):
        fetcher.fetch(CARD, request(server))
    entry = fetcher.fetch(CARD, request(server))
    assert server.asked("/x.csv")[-1]["Range"] == "bytes=90000-"
    assert fetcher.store.verified(entry.sha256).read_bytes() == ROWS


def test_a_file_that_changed_meanwhile_is_begun_again(server: Publisher, fetcher: Fetcher) -> None:
    server.files["/x.csv"] = ROWS
    server.faults["/x.csv"] = cut_after(30_000, times=3)
    with pytest.raises(SourceUnavailable):
        fetcher.fetch(CARD, request(server))
    newer = ROWS.replace(b"2020", b"2024")
    server.files["/x.csv"] = newer
    # The publisher's mark is another now, so the condition of the range does not hold.
    server.faults["/x.csv"] = lambda handler, number: send(handler, 200, newer, ETag='"two"')
    entry = fetcher.fetch(CARD, request(server))
    assert fetcher.store.path(entry.sha256).read_bytes() == newer
    assert entry.etag == '"two"'


def test_an_unfinished_part_longer_than_the_file_is_thrown_away(server: Publisher, fetcher: Fetcher) -> None:
    server.files["/x.csv"] = b"country\nMEX\n"
    part = fetcher.store.partial(server.root + "/x.csv")
    part.write_bytes(ROWS)
    part.with_suffix(".json").write_text(json.dumps({"etag": '"one"'}))
    entry = fetcher.fetch(CARD, request(server))
    assert entry.size == 12


def test_a_connection_that_only_drips_counts_as_dead(server: Publisher, fetcher: Fetcher) -> None:
    server.faults["/x.csv"] = drip
    impatient = replace(fetcher, slow_span=0.3)
    with pytest.raises(SourceUnavailable, match="bytes came in"):
        impatient.fetch(CARD, request(server))
    assert len(server.log) == 3


def test_nobody_there(fetcher: Fetcher) -> None:
    with pytest.raises(SourceUnavailable, match="could not be fetched"):
        fetcher.fetch(CARD, Request("x.csv", "http://127.0.0.1:9/x.csv", "csv"))


def test_moved_and_absurd_addresses(server: Publisher, fetcher: Fetcher) -> None:
    with pytest.raises(DataError, match="no longer there"):
        fetcher.fetch(CARD, request(server, "/gone.csv"))
    with pytest.raises(DataError, match="is no address"):
        fetcher.fetch(CARD, Request("x", "gopher://x", "csv"))


PAGE = b"<!DOCTYPE html><html><title>Just a moment...</title>"


@pytest.mark.parametrize(
    ("kind", "body", "words"),
    [
        ("csv", PAGE, "a web page instead of csv"),
        ("xlsx", PAGE, "a web page instead of xlsx"),
        ("xlsx", b"\xd0\xcf\x11\xe0 old workbook", "did not answer with xlsx"),
        ("json", b'[{"message":[{"id":"120","value":"The indicator was not found"}]}]', "an error message"),
        ("json", b'{"error": {"code": 404}}', "an error message"),
        ("json", b'{"items": [1, 2', "valid JSON"),
        ("csv", b'{"message": "No data"}', "an error message"),
        ("csv", b"a\0b", "did not answer with text"),
        ("gz", b"plain", "did not answer with gz"),
        ("parquet", b"plain", "did not answer with parquet"),
    ],
)
def test_what_is_no_data_is_refused_and_not_kept(
    server: Publisher, fetcher: Fetcher, kind: Kind, body: bytes, words: str
) -> None:
    server.files["/x"] = body
    with pytest.raises(DataError, match=words):
        fetcher.fetch(CARD, request(server, "/x", kind))
    left = [p for p in fetcher.store.folder.rglob("*") if p.is_file() and p.suffix != ".lock"]
    assert left == []


def test_nothing_is_retriable(server: Publisher, fetcher: Fetcher) -> None:
    server.files["/x.csv"] = b""
    with pytest.raises(SourceUnavailable, match="answered with nothing"):
        fetcher.fetch(CARD, request(server))


@given(st.binary(max_size=300), st.sampled_from(["xlsx", "zip", "gz", "parquet", "csv", "json"]))
def test_any_answer_is_accepted_or_refused_in_words(content: bytes, kind: Kind) -> None:
    with tempfile.NamedTemporaryFile() as file, suppress(CorridorsError):
        file.write(content)
        file.flush()
        refuse_wrong_kind(Path(file.name), kind, "http://example.org")
        assert content.strip(), "what passes is not empty"


def test_offline_asks_nobody(server: Publisher, fetcher: Fetcher) -> None:
    server.files["/x.csv"] = ROWS
    with pytest.raises(SourceUnavailable, match="switched off"):
        Fetcher(Client(offline=True), fetcher.store).fetch(CARD, request(server))
    assert server.log == []


def test_it_keeps_a_polite_distance(server: Publisher, fetcher: Fetcher) -> None:
    server.files["/x.csv"] = ROWS
    slow = replace(CARD, pause=0.3)
    began = time.monotonic()
    for _ in range(3):
        fetcher.fetch(slow, request(server))
    assert time.monotonic() - began >= 0.6


def test_a_proxy_of_the_environment_is_used(
    server: Publisher, fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A proxy is asked with the whole address in the request line.
    server.files["http://figures.example/x.csv"] = ROWS
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HTTP_PROXY", server.root)
    monkeypatch.setenv("http_proxy", server.root)
    assert fetcher.fetch(CARD, Request("x.csv", "http://figures.example/x.csv", "csv")).size == len(ROWS)


def test_a_killed_download_leaves_nothing_half_written_and_is_continued(
    server: Publisher, fetcher: Fetcher, tmp_path: Path
) -> None:
    body = b"country,year\n" + os.urandom(150_000).hex().encode()
    server.files["/x.csv"] = body

    def stall(handler: object, number: int) -> bool:
        if number > 1:
            return False
        handler.send_response(200)  # type: ignore[attr-defined]
        handler.send_header("Content-Length", str(len(body)))  # type: ignore[attr-defined]
        handler.send_header("ETag", '"one"')  # type: ignore[attr-defined]
        handler.end_headers()  # type: ignore[attr-defined]
        handler.wfile.write(body[:200_000])  # type: ignore[attr-defined]
        handler.wfile.flush()  # type: ignore[attr-defined]
        time.sleep(30)
        return True

    server.faults["/x.csv"] = stall
    program = (
        "import sys\n"
        "from corridors.evidence.sources import *\n"
        "card = SourceCard('m', '', '', '', '', '', 'R', 1, (), {}, 'csv', 'x', pause=0.0)\n"
        "Fetcher(Client(), Store(sys.argv[1])).fetch(card, Request('x.csv', sys.argv[2], 'csv'))\n"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", program, str(fetcher.store.folder), server.root + "/x.csv"]
    )
    part = fetcher.store.partial(server.root + "/x.csv")
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and not (part.exists() and part.stat().st_size > 60_000):
        time.sleep(0.05)
    child.send_signal(signal.SIGKILL)
    child.wait()
    assert not (fetcher.store.folder / "content").exists()
    entry = fetcher.fetch(CARD, request(server))
    assert fetcher.store.verified(entry.sha256).read_bytes() == body
    assert server.asked("/x.csv")[1]["Range"].startswith("bytes=")


def test_damaged_content_is_noticed(server: Publisher, fetcher: Fetcher) -> None:
    server.files["/x.csv"] = ROWS
    entry = fetcher.fetch(CARD, request(server))
    with fetcher.store.path(entry.sha256).open("r+b") as file:
        file.write(b"C")
    with pytest.raises(DataError, match="changed or damaged"):
        fetcher.store.verified(entry.sha256)
    with pytest.raises(NotFound, match="not in the cache"):
        fetcher.store.verified("0" * 64)


ENTRY = Locked("a", "x.csv", "http://x", "2026-01-02T03:04:05+00:00", "0" * 64, 7, "R1", '"e"')


def test_the_lock_reads_back_what_was_written(tmp_path: Path) -> None:
    path = tmp_path / "data.lock"
    entries = (ENTRY, replace(ENTRY, file='quo"te\n', etag=""), replace(ENTRY, source="b"))
    write_lock(path, entries)
    assert read_lock(path) == tuple(sorted(entries))
    write_lock(path, merged(read_lock(path), [replace(ENTRY, sha256="1" * 64)]))
    assert [(e.source, e.sha256[0]) for e in read_lock(path)] == [("a", "1"), ("b", "0")]
    assert of_source(read_lock(path), "b")[0].file == "x.csv"
    with pytest.raises(NotFound, match="corridors sources fetch c"):
        of_source(read_lock(path), "c")


@pytest.mark.parametrize(
    "content",
    ["[[file]]\nsource = 'a'\n", "file = 3", "[[file]", "[[file]]\nsource='a'\nfile='b'\naddress='c'\n"
     "retrieved='yesterday'\nsha256='" + "0" * 64 + "'\nsize=1\nrevision='r'\n"],
)  # fmt: skip
def test_what_is_no_lock_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "data.lock"
    path.write_text(content)
    with pytest.raises(DataError, match=r"data\.lock"):
        read_lock(path)


def test_a_source_that_nobody_knows() -> None:
    with pytest.raises(NotFound, match="un-migrant-stock"):
        source("un-migrant-stok")
