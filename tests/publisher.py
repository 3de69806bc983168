"""A publisher on loopback, who also plays the faults that real ones have."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Publisher:
    """Files by path, a log of requests, and faults by path.

    A fault is a function of the handler and the number of requests for the path so far that
    answers itself and returns True, or returns False to let the file be sent.
    """

    files: dict[str, bytes] = field(default_factory=dict)
    faults: dict[str, Callable[[Any, int], bool]] = field(default_factory=dict)
    log: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    root: str = ""

    def asked(self, path: str) -> list[dict[str, str]]:
        """Headers of the requests for a path."""
        return [headers for p, headers in self.log if p == path]


def send(handler: Any, status: int, body: bytes = b"", **headers: str) -> bool:
    """Answer in one go."""
    handler.send_response(status)
    for name, value in {"Content_Length": str(len(body)), **headers}.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(body)
    return True


def cut_after(count: int, times: int = 1) -> Callable[[Any, int], bool]:
    """Break off after so many bytes, the first times."""

    def fault(handler: Any, number: int) -> bool:
        if number > times:
            return False
        body = handler.publisher.files[handler.path]
        start = _range_start(handler)
        handler.send_response(206 if start else 200)
        handler.send_header("Content-Length", str(len(body) - start))
        handler.send_header("ETag", '"one"')
        if start:
            handler.send_header("Content-Range", f"bytes {start}-{len(body) - 1}/{len(body)}")
        handler.end_headers()
        handler.wfile.write(body[start : start + count])
        handler.wfile.flush()
        handler.close_connection = True
        handler.connection.shutdown(socket.SHUT_RDWR)
        return True

    return fault


def drip(handler: Any, number: int) -> bool:
    """Send one byte now and then, for ever."""
    handler.send_response(200)
    handler.send_header("Content-Length", "100000")
    handler.send_header("ETag", '"one"')
    handler.end_headers()
    for _ in range(40):
        try:
            handler.wfile.write(b"x")
            handler.wfile.flush()
        except OSError:
            break
        time.sleep(0.05)
    return True


def _range_start(handler: Any) -> int:
    text = handler.headers.get("Range", "")
    fits = handler.headers.get("If-Range", '"one"') == '"one"'
    return int(text.removeprefix("bytes=").split("-")[0]) if text and fits else 0


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    publisher: Publisher

    def log_message(self, format: str, *args: Any) -> None:
        """Keep silent."""

    def do_GET(self) -> None:
        """Play the fault of a path, else send its file or a part of it."""
        self.publisher.log.append((self.path, dict(self.headers)))
        fault = self.publisher.faults.get(self.path)
        if fault is not None and fault(self, len(self.publisher.asked(self.path))):
            return
        if self.path not in self.publisher.files:
            send(self, 404, b"not here")
            return
        body, start = self.publisher.files[self.path], _range_start(self)
        if start >= len(body) > 0:
            send(self, 416, Content_Range=f"bytes */{len(body)}")
        elif start:
            send(self, 206, body[start:], ETag='"one"',
                 Content_Range=f"bytes {start}-{len(body) - 1}/{len(body)}")  # fmt: skip
        else:
            send(self, 200, body, ETag='"one"', Accept_Ranges="bytes")


@contextmanager
def publisher() -> Iterator[Publisher]:
    """A publisher on a free port of loopback."""
    kept = Publisher()
    handler = type("Handler", (_Handler,), {"publisher": kept})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    kept.root = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield kept
    finally:
        server.shutdown()
        server.server_close()
