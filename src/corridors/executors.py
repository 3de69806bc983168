"""Mapping a function over keys, here or in several processes, with the same result."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import Protocol, TypeVar

from corridors.errors import DataError

K = TypeVar("K")
V = TypeVar("V")


class Executor(Protocol):
    """Anything that maps a function over keys and yields results in the order of the keys."""

    def map(self, function: Callable[[K], V], keys: Sequence[K]) -> Iterator[V]:
        """Yield ``function(key)`` for each key, in order."""
        ...


class Serial:
    """One after the other, in this process.

    Examples
    --------
    >>> list(Serial().map(abs, [-1, 2]))
    [1, 2]
    """

    def map(self, function: Callable[[K], V], keys: Sequence[K]) -> Iterator[V]:
        """Yield ``function(key)`` for each key, in order."""
        return map(function, keys)


class Processes:
    """In processes of their own (started by spawn), one a core unless told otherwise.

    Parameters
    ----------
    workers
        Number of processes.
    """

    def __init__(self, workers: int | None = None) -> None:
        self.workers = workers or os.cpu_count() or 1

    def map(self, function: Callable[[K], V], keys: Sequence[K]) -> Iterator[V]:
        """Yield ``function(key)`` for each key, in order."""
        context = multiprocessing.get_context("spawn")
        workers = min(self.workers, len(keys) or 1)
        with ProcessPoolExecutor(workers, mp_context=context, initializer=_one_thread) as pool:
            yield from pool.map(function, keys)


def _one_thread() -> None:
    # The processes share the cores already: threads of their libraries would only get in each other's way.
    for library in ("OPENBLAS", "OMP", "MKL"):
        os.environ[f"{library}_NUM_THREADS"] = "1"
    os.environ["POLARS_MAX_THREADS"] = "1"


def executor(name: str) -> Executor:
    """The executor of a name.

    Parameters
    ----------
    name
        ``serial``, ``processes`` or ``processes:N``.

    Raises
    ------
    DataError
        Any other name.

    Examples
    --------
    >>> executor("processes:2").workers
    2
    """
    kind, _, count = name.partition(":")
    if kind == "serial" and not count:
        return Serial()
    if kind == "processes" and (not count or (count.isdecimal() and int(count) > 0)):
        return Processes(int(count) if count else None)
    raise DataError(f"no executor is called {name!r}", remedy="use serial, processes or processes:N")
