"""What can be fetched: what does a publisher offer, where, and which module reads it?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import Any, Protocol, cast

import polars as pl

from corridors import packaged
from corridors.errors import NotFound
from corridors.evidence.sources.answers import Kind
from corridors.wording import similar


@dataclass(frozen=True, slots=True)
class SourceCard:
    """A source that can be fetched.

    Attributes
    ----------
    name
        As the command line knows it, such as ``un-migrant-stock``.
    title, publisher, citation, licence, page
        For the reader; ``page`` is where people find it.
    revision
        Revision of the series, part of its identity.
    cadence_days
        After how many days a copy counts as stale.
    tables
        Tables of the evidence it gives.
    addresses
        Addresses by file name; ``{...}`` is filled in by the reader.
    kind
        What the files are.
    browser_agent
        The publisher refuses programs that say so.
    pause
        Seconds between two requests, for a polite rate.
    module
        Module of the reader.
    note
        What a user should know.
    superseded
        By which revision, where the publisher has a newer one; such a source is fetched by its name only.
    """

    name: str
    title: str
    publisher: str
    citation: str
    licence: str
    page: str
    revision: str
    cadence_days: int
    tables: tuple[str, ...]
    addresses: Mapping[str, str]
    kind: Kind
    module: str
    browser_agent: bool = False
    pause: float = 0.5
    note: str = ""
    superseded: str = ""


@dataclass(frozen=True, slots=True)
class Request:
    """One file to fetch.

    Attributes
    ----------
    file
        Its name in the lock, unique in the source.
    address
        Where it is.
    kind
        What it should be.
    headers
        Headers of the request beside the usual.
    """

    file: str
    address: str
    kind: Kind
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


class Publisher(Protocol):
    """What the module of each publisher offers."""

    def requests(self, card: SourceCard) -> tuple[Request, ...]:
        """Return the files to fetch first."""
        ...

    def more(self, card: SourceCard, request: Request, path: Path) -> tuple[Request, ...]:
        """Return the files that an answer leads to: further pages, addresses that it names."""
        ...

    def read(self, card: SourceCard, files: Mapping[str, Path]) -> Mapping[str, pl.DataFrame]:
        """Return tables by name, in the columns of the schema, from files by name."""
        ...


@cache
def catalogue() -> Mapping[str, SourceCard]:
    """Return all sources that can be fetched, by name.

    Examples
    --------
    >>> from corridors.evidence.sources import catalogue
    >>> catalogue()["un-migrant-stock"].tables
    ('migrant_stock', 'destination_basis')
    """
    rows = packaged.toml("evidence/sources.toml")
    return MappingProxyType({name: _card(name, row) for name, row in rows.items()})


def current() -> list[str]:
    """Names of the sources that no newer revision has superseded.

    Examples
    --------
    >>> from corridors.evidence.sources.offers import current
    >>> "un-migrant-stock" in current(), "un-migrant-stock-2020" in current()
    (True, False)
    """
    return [name for name, card in catalogue().items() if not card.superseded]


def source(name: str) -> SourceCard:
    """Return the card of one source, or say which names come close."""
    if name not in catalogue():
        raise NotFound(
            f"there is no source '{name}'",
            similar(name, catalogue()),
            f"sources: {', '.join(catalogue())}",
        )
    return catalogue()[name]


def reader(card: SourceCard) -> Publisher:
    """Return the reader of a source."""
    return cast(Publisher, import_module(f"corridors.evidence.publishers.{card.module}"))


def _card(name: str, row: dict[str, Any]) -> SourceCard:
    row = row | {"tables": tuple(row["tables"]), "addresses": MappingProxyType(row["addresses"])}
    return SourceCard(name=name, **row)


def no_more(card: SourceCard, request: Request, path: Path) -> tuple[Request, ...]:
    """Answer of readers whose files lead to no others."""
    del card, request, path
    return ()


Progress = Callable[[str, int, int | None], None]
