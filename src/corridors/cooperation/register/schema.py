"""What an entry may hold: fields, states and concerns, each a table of the package."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache

from corridors import packaged
from corridors.errors import NotFound

KINDS = ("commitment", "agreement", "recommendation", "practice")
LISTS = frozenset({"texts", "places"})
EVERY_KIND = "all"


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the register.

    Attributes
    ----------
    name
        What it is called in files.
    kinds
        Kinds of entry that may have it.
    type
        ``slug``, ``text``, ``texts``, ``url``, ``choice``, ``indicator``, ``concern``, ``place``, ``places``,
        ``number``, ``year``, ``date`` or ``transitions``.
    required
        Whether every entry of these kinds must have it.
    allowed
        Values of a ``choice``; of an ``indicator`` where the indicators are known.
    unit
        Unit of its value, where it has one.
    description
        What belongs there.
    """

    name: str
    kinds: tuple[str, ...]
    type: str
    required: bool
    allowed: tuple[str, ...]
    unit: str
    description: str


@dataclass(frozen=True, slots=True)
class State:
    """A state of follow-up.

    Attributes
    ----------
    name
        What it is called.
    next
        States that may follow; none after an end.
    first
        Whether a follow-up may begin with it.
    description
        When an entry is in it.
    """

    name: str
    next: tuple[str, ...]
    first: bool
    description: str


@dataclass(frozen=True, slots=True)
class Concern:
    """A concern of the 2011 debate (A/65/944).

    Attributes
    ----------
    name
        Identifier.
    label
        In words.
    paragraphs
        Numbered paragraphs of A/65/944 that speak of it.
    gcm_objective
        Objective of the Global Compact for Migration (A/RES/73/195) with the same subject, or None.
    """

    name: str
    label: str
    paragraphs: tuple[int, ...]
    gcm_objective: int | None


def _rows(name: str) -> list[dict[str, str]]:
    return packaged.rows(f"cooperation/register/{name}")


@cache
def fields() -> dict[str, Field]:
    """All fields by name, in the order files are written in.

    Examples
    --------
    >>> fields()["target_value"].type, fields()["evidence_grade"].kinds
    ('number', ('practice',))
    """
    return {
        row["field"]: Field(
            row["field"],
            KINDS if row["kind"] == EVERY_KIND else tuple(row["kind"].split()),
            row["type"],
            row["required"] == "1",
            tuple(row["allowed"].split("|")) if row["allowed"] else (),
            row["unit"],
            row["description"],
        )
        for row in _rows("fields.csv")
    }


def fields_of(kind: str, indicators: Iterable[str] = ()) -> tuple[Field, ...]:
    """Fields that an entry of a kind may have.

    Parameters
    ----------
    kind
        ``commitment``, ``agreement``, ``recommendation`` or ``practice``.
    indicators
        Names of indicators that may be used; without them, any name may.

    Raises
    ------
    NotFound
        There is no such kind.

    Examples
    --------
    >>> [field.name for field in fields_of("practice") if field.required]
    ['title', 'text', 'actor', 'concern', 'document', 'evidence_grade', 'transitions']
    """
    if kind not in KINDS:
        raise NotFound(f"no kind of entry is called {kind!r}", remedy=f"use {', '.join(KINDS)}")
    known = tuple(indicators)
    return tuple(
        replace(field, allowed=known) if field.type == "indicator" else field
        for field in fields().values()
        if kind in field.kinds
    )


@cache
def states() -> dict[str, State]:
    """States of follow-up by name.

    Examples
    --------
    >>> states()["under-way"].next
    ('under-way', 'completed', 'lapsed', 'superseded')
    """
    return {
        row["state"]: State(row["state"], tuple(row["next"].split()), row["first"] == "1", row["description"])
        for row in _rows("states.csv")
    }


@cache
def concerns() -> dict[str, Concern]:
    """Concerns by identifier.

    Examples
    --------
    >>> concerns()["remittances"].paragraphs, concerns()["remittances"].gcm_objective
    ((3,), 20)
    """
    return {
        row["concern"]: Concern(
            row["concern"],
            row["label"],
            tuple(int(number) for number in row["paragraphs"].split()),
            int(row["gcm_objective"]) if row["gcm_objective"] else None,
        )
        for row in _rows("concerns.csv")
    }
