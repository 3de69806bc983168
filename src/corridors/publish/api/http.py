"""Between the network and the application: limits, cache, ETag, gzip and security headers."""

from __future__ import annotations

import gzip
import hashlib
import logging
from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from corridors.publish.api.cache import Cache, Rendered
from corridors.publish.api.errors import error_body, failure

LONGEST_ADDRESS = 2_000
MOST_PARAMETERS = 40
LARGEST_CACHED = 4_000_000
COMPRESSED = ("text/", "application/json", "application/javascript", "image/svg+xml")

_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "connect-src 'self'; font-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; "
    "frame-ancestors {frames}"
)
_ALWAYS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=(), payment=(), usb=()"),
    (b"cross-origin-opener-policy", b"same-origin"),
)


class Front:
    """ASGI layer around the application.

    Parameters
    ----------
    app
        The application; its answers depend on the address alone.
    identity
        Of the atlas and the software: part of every ETag.
    hosts
        Names under which it may be asked; all if None.
    room
        Bytes of answers kept.
    """

    def __init__(
        self, app: ASGIApp, *, identity: str, hosts: Sequence[str] | None = None, room: int = 64_000_000
    ) -> None:
        self._app, self._identity, self._cache = app, identity, Cache(room)
        self._hosts = frozenset(hosts) if hosts is not None else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request; see the ASGI standard."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        query: bytes = scope.get("query_string", b"")
        headers = Headers(scope=scope)
        refused = self._refusal(scope, query, headers)
        if refused is not None:
            await self._send_plain(send, scope, query, *refused)
            return
        if scope["method"] not in ("GET", "HEAD"):
            await self._app(scope, receive, _decorated(send, query))
            return
        key = f"{scope['path']}?{query.decode('latin-1')}"
        found = self._cache.get(key) or await self._made(scope, receive, send, key, query)
        if found is not None:
            await _send_rendered(send, scope["method"], query, headers, found)

    def _refusal(self, scope: Scope, query: bytes, headers: Headers) -> tuple[int, str, str, str] | None:
        if len(scope["path"]) + len(query) > LONGEST_ADDRESS:
            return (
                414,
                "the address is too long",
                f"at most {LONGEST_ADDRESS} characters",
                "ask for less at once",
            )
        if query.count(b"&") >= MOST_PARAMETERS:
            return 422, "too many parameters", f"at most {MOST_PARAMETERS}", "ask for less at once"
        if self._hosts is not None and _host(headers) not in self._hosts:
            remedy = "ask for 127.0.0.1, or serve with --allow-host"
            return 400, "this server does not answer to that name", _host(headers)[:100], remedy
        return None

    async def _made(
        self, scope: Scope, receive: Receive, send: Send, key: str, query: bytes
    ) -> Rendered | None:
        """The application's answer, kept if it is a success; others are sent as they are."""
        start, parts = await _collected(self._app, {**scope, "method": "GET"}, receive)
        body = b"".join(parts)
        if start["status"] != 200:
            await _decorated(send, query)({**start, "headers": _with_length(start["headers"], body)})
            await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})
            return None
        kind = Headers(raw=start["headers"]).get("content-type", "")
        zipped = len(body) > 500 and kind.startswith(COMPRESSED)
        kept = tuple((k, v) for k, v in start["headers"] if k != b"content-length")
        mark = hashlib.sha256(f"{self._identity} {key}".encode()).hexdigest()[:24]
        packed = await run_in_threadpool(gzip.compress, body, 3, mtime=0) if zipped else body
        answer = Rendered(kept, packed, zipped, mark)
        if len(packed) <= LARGEST_CACHED:
            self._cache.put(key, answer)
        return answer

    async def _send_plain(
        self, send: Send, scope: Scope, query: bytes, status: int, title: str, detail: str, remedy: str
    ) -> None:
        body = error_body(title, detail, remedy, status)
        headers = [(b"content-type", b"application/json")]
        await _decorated(send, query)(
            {"type": "http.response.start", "status": status, "headers": _with_length(headers, body)}
        )
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})


async def _collected(app: ASGIApp, scope: Scope, receive: Receive) -> tuple[Message, list[bytes]]:
    start: Message = {"type": "http.response.start", "status": 500, "headers": []}
    parts: list[bytes] = []

    async def collect(message: Message) -> None:
        if message["type"] == "http.response.start":
            start.update(message)
        elif message["type"] == "http.response.body":
            parts.append(message.get("body", b""))

    try:
        await app(scope, receive, collect)
    except Exception as error:
        logging.getLogger("corridors").exception("a request failed")
        start.update(status=500, headers=[(b"content-type", b"application/json")])
        parts = [failure(error)]
    return start, parts


async def _send_rendered(send: Send, method: str, query: bytes, headers: Headers, answer: Rendered) -> None:
    wants_gzip = answer.zipped and _accepts_gzip(headers)
    # The same resource in two encodings is two representations: a strong validator tells them apart.
    etag = f'"{answer.etag}-gz"' if wants_gzip else f'"{answer.etag}"'
    extra = [(b"etag", etag.encode())]
    if answer.zipped:
        extra.append((b"vary", b"Accept-Encoding"))
    if not any(name == b"cache-control" for name, _ in answer.headers):
        extra.append((b"cache-control", b"no-cache"))
    out = _decorated(send, query)
    if _matches(headers.get("if-none-match"), answer.etag):
        await out({"type": "http.response.start", "status": 304, "headers": [*answer.headers, *extra]})
        await send({"type": "http.response.body", "body": b""})
        return
    body = answer.body
    if wants_gzip:
        extra.append((b"content-encoding", b"gzip"))
    elif answer.zipped:
        body = gzip.decompress(body)
    sent = _with_length([*answer.headers, *extra], body)
    await out({"type": "http.response.start", "status": 200, "headers": sent})
    await send({"type": "http.response.body", "body": b"" if method == "HEAD" else body})


def _decorated(send: Send, query: bytes) -> Send:
    embedded = (b"embed", b"1") in [(k.encode(), v.encode()) for k, v in _pairs(query)]
    policy = _POLICY.format(frames="*" if embedded else "'self'").encode()

    async def decorated(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = [*message["headers"], (b"content-security-policy", policy), *_ALWAYS]
            message = {**message, "headers": headers}
        await send(message)

    return decorated


def _pairs(query: bytes) -> list[tuple[str, str]]:
    return parse_qsl(query.decode("latin-1")) if b"embed" in query else []


def _matches(given: str | None, mark: str) -> bool:
    """Whether a header If-None-Match names the representation, weakly, in any encoding."""
    if given is None:
        return False
    marks = [part.strip().removeprefix("W/").strip('"') for part in given.split(",")]
    return "*" in marks or mark in marks or f"{mark}-gz" in marks


def _accepts_gzip(headers: Headers) -> bool:
    for part in headers.get("accept-encoding", "").split(","):
        name, _, quality = part.strip().partition(";")
        if name.strip().lower() in ("gzip", "*"):
            return quality.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False


def _host(headers: Headers) -> str:
    host = headers.get("host", "")
    return host.split("]")[0] + "]" if host.startswith("[") else host.split(":")[0]


def _with_length(headers: Any, body: bytes) -> list[tuple[bytes, bytes]]:
    kept = [(k, v) for k, v in headers if k != b"content-length"]
    return [*kept, (b"content-length", str(len(body)).encode())]
