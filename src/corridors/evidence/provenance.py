"""Where do the rows of a table come from: who published them, in which revision, under which terms?"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import cast

from corridors.errors import DataError
from corridors.wording import similar

FIELDS = ("title", "publisher", "revision", "licence", "unit", "years", "note", "accessed", "superseded")
_DAY = re.compile(r"[12]\d{3}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")


@dataclass(frozen=True, slots=True)
class Card:
    """The source of a table, or of some of its rows.

    The revision is part of the identity: ``id`` is ``table@revision``.

    Attributes
    ----------
    id, table, revision
        Its identity and the parts of it.
    title, publisher, licence, unit, years, note
        What the publisher, or who compiled it, says.
    file, sha256, rows
        What was read.
    accessed
        Day (or month, or year) on which the figures were taken from the publisher, as 2025-01-27; blank
        where not known.
    superseded
        By what, where the publisher has a newer revision or round; blank where none is known of.
    last_year
        The last year the rows are about; None where they are of no year.

    Examples
    --------
    >>> from corridors.evidence import load
    >>> load().card("proximity@2011").publisher
    'CEPII GeoDist'
    """

    id: str
    table: str
    title: str
    publisher: str
    revision: str
    licence: str
    unit: str
    years: str
    note: str
    file: str
    sha256: str
    rows: int
    accessed: str = ""
    superseded: str = ""
    last_year: int | None = None

    def joined(self, other: Card) -> Card:
        """Return this card with the file of ``other``, a part of the same revision."""
        return replace(
            self,
            file=f"{self.file} + {other.file}",
            sha256=f"{self.sha256} + {other.sha256}",
        )


def parse_cards(text: str, where: str) -> dict[str, dict[str, str]]:
    r"""Read the fields of cards from TOML, by table name.

    Examples
    --------
    >>> parse_cards('[treaty]\npublisher = "UN"', "figures.toml")
    {'treaty': {'publisher': 'UN'}}
    """
    return {
        table: card_fields(fields, f"[{table}] in {where}")
        for table, fields in parse_toml(text, where).items()
    }


def parse_toml(text: str, where: str) -> dict[str, object]:
    """Parse TOML, refusing a broken file in words."""
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise DataError(f"file {where} is not valid TOML", str(error), "correct the file") from None


def card_fields(value: object, where: str) -> dict[str, str]:
    """Check that ``value`` maps known card fields to texts."""
    fields = checked_options(value, FIELDS, where)
    for name, text in fields.items():
        if not isinstance(text, str) or not text.strip():
            raise DataError(
                f"{where}: '{name}' is not a text",
                f"value: {text!r}",
                f'write {name} = "..."',
            )
    day = cast(str, fields.get("accessed", "2000"))
    if not _DAY.fullmatch(day):
        raise DataError(
            f"{where}: 'accessed' is no day", f"value: {day!r}", 'write accessed = "2025-01-27", or "2025-01"'
        )
    return cast(dict[str, str], fields)


def checked_options(value: object, known: tuple[str, ...], where: str) -> dict[str, object]:
    """Check that ``value`` is a TOML table with known options only."""
    if not isinstance(value, dict):
        raise DataError(f"{where} is not a table of options", remedy=f"options: {', '.join(known)}")
    options = cast(dict[str, object], value)
    for name in options:
        if name not in known:
            raise DataError(
                f"{where}: unknown option '{name}'",
                similar(name, known),
                f"options: {', '.join(known)}",
            )
    return options


def make_card(table: str, file: str, content: bytes, fields: Mapping[str, str] | None = None) -> Card:
    """Make the card of one file, with honest words for what its owner did not state.

    Examples
    --------
    >>> make_card("treaty", "treaty.csv", b"").licence
    'not stated'
    """
    sha256 = hashlib.sha256(content).hexdigest()
    stated = dict(fields or {})
    revision = stated.get("revision", f"own file {file} (sha256 {sha256[:12]})")
    return Card(
        id=f"{table}@{revision}",
        table=table,
        title=stated.get("title", table.replace("_", " ").capitalize()),
        publisher=stated.get("publisher", "own file"),
        revision=revision,
        licence=stated.get("licence", "not stated"),
        unit=stated.get("unit", ""),
        years=stated.get("years", ""),
        note=stated.get("note", ""),
        file=file,
        sha256=sha256,
        rows=0,
        accessed=stated.get("accessed", ""),
        superseded=stated.get("superseded", ""),
    )
