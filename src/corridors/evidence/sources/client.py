"""A polite client: says who it is, waits between requests, tries again only what may get better."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from types import TracebackType
from urllib.parse import urlsplit

import httpx2
import stamina

from corridors.errors import DataError, SourceUnavailable
from corridors.version import __version__

AGENT = f"corridors/{__version__} (open statistics software)"
# Some publishers answer 403 to whatever does not call itself a browser.
BROWSER_AGENT = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
    f"Chrome/140.0 Safari/537.36 {AGENT}"
)
_RETRIABLE = frozenset({408, 425, 429, 500, 502, 503, 504})
_LONGEST_WAIT = 120.0


class Retriable(Exception):
    """An answer that may be better next time; ``wait`` seconds were asked for, if any."""

    def __init__(self, words: str, wait: float | None = None) -> None:
        super().__init__(words)
        self.wait = wait


@dataclass(slots=True)
class Client:
    """Sends requests to publishers.

    Attributes
    ----------
    offline
        Never touch the network.
    attempts
        How often a retriable failure is tried in all.
    wait
        Seconds before the first further try; they double.
    timeout
        Seconds without a byte after which a connection counts as dead.
    """

    offline: bool = False
    attempts: int = 5
    wait: float = 1.0
    timeout: float = 30.0
    _last: dict[str, float] = field(default_factory=dict[str, float])
    _http: httpx2.Client | None = None

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        if self._http is not None:
            self._http.close()
            self._http = None

    @contextmanager
    def stream(self, address: str, headers: Mapping[str, str], pause: float) -> Generator[httpx2.Response]:
        """Open one answer; its status may be that of success, or 416 for a range beyond the end.

        Raises
        ------
        Retriable
            It may be better next time.
        SourceUnavailable
            The network is switched off.
        DataError
            The publisher refuses the request as such.
        """
        if self.offline:
            raise SourceUnavailable(
                f"{address} was not fetched: the network is switched off",
                remedy="leave out --offline, or use what is in the cache",
            )
        self._be_polite(address, pause)
        try:
            with self._connection().stream("GET", address, headers=dict(headers)) as answer:
                _judge(answer, address)
                yield answer
        except httpx2.TooManyRedirects as error:
            raise DataError(f"{address} redirects for ever", str(error)) from error
        except (httpx2.InvalidURL, httpx2.UnsupportedProtocol) as error:
            raise DataError(
                f"{address!r} is no address", str(error), "correct it in the catalogue"
            ) from error
        except httpx2.TransportError as error:
            raise Retriable(f"{type(error).__name__}: {error}") from error

    def tries(self, address: str) -> Iterator[stamina.Attempt]:
        """Attempts with growing pauses; after the last, the failure in words."""
        try:
            yield from stamina.retry_context(
                on=_backoff,
                attempts=self.attempts,
                timeout=None,
                wait_initial=self.wait,
                wait_max=60.0,
                wait_jitter=self.wait / 4,
            )
        except Retriable as error:
            raise SourceUnavailable(
                f"{address} could not be fetched",
                f"{error} ({self.attempts} tries)",
                "try again later; what was fetched so far is kept and will be continued",
            ) from error

    def _connection(self) -> httpx2.Client:
        # Made late: proxies and certificates are read from the environment here.
        if self._http is None:
            self._http = httpx2.Client(timeout=self.timeout, follow_redirects=True, max_redirects=10)
        return self._http

    def _be_polite(self, address: str, pause: float) -> None:
        host = urlsplit(address).netloc
        rest = self._last.get(host, float("-inf")) + pause - time.monotonic()
        if rest > 0:
            time.sleep(rest)
        self._last[host] = time.monotonic()


def usual_headers(browser: bool) -> dict[str, str]:
    """Headers of every request.

    Examples
    --------
    >>> usual_headers(browser=True)["User-Agent"].split("/")[0]
    'Mozilla'
    """
    # Not compressed on the way: ranges and sizes then mean the file's own bytes.
    return {"User-Agent": BROWSER_AGENT if browser else AGENT, "Accept-Encoding": "identity"}


def _backoff(error: Exception) -> bool | float:
    if not isinstance(error, Retriable):
        return False
    return True if error.wait is None else error.wait


def _judge(answer: httpx2.Response, address: str) -> None:
    status = answer.status_code
    if status in (200, 206, 416):
        return
    words = f"status {status} {answer.reason_phrase}".strip()
    if status in _RETRIABLE:
        wait = _asked_wait(answer.headers.get("Retry-After"))
        if wait is not None and wait > _LONGEST_WAIT:
            raise SourceUnavailable(
                f"{address} asks to wait {wait:,.0f} seconds", words, "try again after that time"
            )
        raise Retriable(words, wait)
    if status in (401, 403):
        raise DataError(
            f"{address} refuses programs or needs a key",
            words,
            "fetch it with a browser and use it as an own file",
        )
    if status in (404, 410):
        raise DataError(
            f"{address} is no longer there",
            words,
            "the publisher has moved it; see whether a newer release knows",
        )
    raise DataError(f"{address} refused the request", words, "see the publisher's page")


def _asked_wait(text: str | None) -> float | None:
    """Seconds that ``Retry-After`` asks for: a number or a date."""
    if not text:
        return None
    if text.strip().isdecimal():
        return float(text)
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - time.time())
    except (TypeError, ValueError):
        return None
