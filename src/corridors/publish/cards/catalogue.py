"""Kinds of cards, as data."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from corridors import packaged
from corridors.errors import NotFound
from corridors.wording import similar


@dataclass(frozen=True, slots=True)
class CardKind:
    """A kind of card.

    Attributes
    ----------
    name, title, unit, definition, denominator, uncertainty, does_not_say
        As on the card.
    sql
        Query with ``$country`` over tables of the atlas. It gives ``value``, ``date`` and optionally
        ``lower``, ``upper``, ``detail``, ``reason``; where ``parts`` is true several rows with ``label``.
    tables
        Tables the figure rests on, for its sources.
    parts
        Whether it is a ranking.
    perceived
        Whether guesses of the public are about this figure.
    """

    name: str
    title: str
    unit: str
    definition: str
    denominator: str
    uncertainty: str
    does_not_say: str
    sql: str
    tables: tuple[str, ...]
    parts: bool = False
    perceived: bool = False


@cache
def card_kinds() -> dict[str, CardKind]:
    """All kinds of cards by name.

    Examples
    --------
    >>> list(card_kinds())[:3]
    ['migrant_share', 'emigrants', 'women_among_migrants']
    """
    read: dict[str, dict[str, Any]] = packaged.toml("publish/fact_cards.toml")
    return {name: _kind(name, row) for name, row in read.items()}


def _kind(name: str, row: dict[str, Any]) -> CardKind:
    fields: dict[str, Any] = {**row, "name": name, "tables": tuple(row["tables"])}
    return CardKind(**fields)


def card_kind(name: str) -> CardKind:
    """One kind of card.

    Raises
    ------
    NotFound
        No such kind; names close ones.

    Examples
    --------
    >>> card_kind("doctors").unit
    'per 10,000 people'
    """
    kinds = card_kinds()
    if name in kinds:
        return kinds[name]
    raise NotFound(
        f"there is no fact card {name!r}",
        similar(name, kinds),
        f"cards are {', '.join(kinds)}",
    )
