"""Answers kept to be sent again."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rendered:
    """A complete answer, kept to be sent again.

    Attributes
    ----------
    headers
        Without those of this layer.
    body
        As made, or compressed.
    zipped
        Whether it is compressed.
    etag
        Strong validator.
    """

    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes
    zipped: bool
    etag: str


class Cache:
    """The answers used last, up to a number of bytes; safe between threads.

    Parameters
    ----------
    room
        Bytes of bodies kept.

    Examples
    --------
    >>> cache = Cache(10)
    >>> cache.put("a", Rendered((), b"12345678", False, "x"))
    >>> cache.put("b", Rendered((), b"12345678", False, "x"))
    >>> cache.get("a") is None, cache.get("b") is None
    (True, False)
    """

    def __init__(self, room: int) -> None:
        self._room, self._used = room, 0
        self._kept: OrderedDict[str, Rendered] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: str) -> Rendered | None:
        """The answer of an address, if it is still there."""
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
            return found

    def put(self, key: str, answer: Rendered) -> None:
        """Keep an answer; the longest unused go."""
        with self._lock:
            old = self._kept.pop(key, None)
            self._used += len(answer.body) - (len(old.body) if old else 0)
            self._kept[key] = answer
            while self._used > self._room:
                _, gone = self._kept.popitem(last=False)
                self._used -= len(gone.body)
