"""One entry: what was promised, agreed, recommended or done, and what became of it."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any

from corridors.errors import DataError

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_SLUG_LENGTH = 60
_DIGEST_LENGTH = 8


@dataclass(frozen=True, slots=True)
class Transition:
    """A step of the follow-up.

    Attributes
    ----------
    state
        State reached.
    date
        Day on which it was reached.
    source
        Who says so.
    """

    state: str
    date: date
    source: str


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the register.

    Attributes
    ----------
    id
        Stable identifier, a slug.
    kind
        ``commitment``, ``agreement``, ``recommendation`` or ``practice``.
    title, text
        What it is called and what it says, in the words of the register.
    actor, addressee
        Who promises or does it, and to whom.
    concern
        Concern of the 2011 debate; see :func:`corridors.cooperation.register.concerns`.
    document, paragraph, url, source_status
        Source, and whether it was read (``seen``) or not (``unverified``).
    countries
        ISO alpha-3 codes.
    year
        Year it was made or began.
    indicator, place, direction
        Measure of the atlas that tells whether it was kept, where it is read, and which way it should go.
    baseline_year, baseline_value, target_value, target_date
        From where to where, and until when; in the unit of the indicator.
    no_indicator_reason
        Why no indicator can tell.
    indicator_definition, indicator_unit, judged_as
        What an indicator of the register's own measures, in which unit, and what kind of figure it is.
    review_due
        When it is to be looked at again.
    evidence_grade, outcome, outcome_note
        How strong the evidence is, and what came of it.
    transitions
        Follow-up, oldest first.
    file, line
        Where it was read; not part of what makes two entries equal.

    Examples
    --------
    >>> from corridors.cooperation.register import load
    >>> entry = load()["g8-2009-five-by-five"]
    >>> entry.state, entry.since.year, entry.target_value
    ('lapsed', 2014, 5.0)
    """

    id: str
    kind: str
    title: str
    text: str
    actor: tuple[str, ...]
    concern: str
    document: str
    transitions: tuple[Transition, ...]
    addressee: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    paragraph: str | None = None
    url: str | None = None
    source_status: str | None = None
    year: int | None = None
    indicator: str | None = None
    place: str | None = None
    direction: str | None = None
    baseline_year: int | None = None
    baseline_value: float | None = None
    target_value: float | None = None
    target_date: date | None = None
    no_indicator_reason: str | None = None
    indicator_definition: str | None = None
    indicator_unit: str | None = None
    judged_as: str | None = None
    review_due: date | None = None
    evidence_grade: str | None = None
    outcome: str | None = None
    outcome_note: str | None = None
    file: str = field(default="", compare=False)
    line: int = field(default=0, compare=False)

    @property
    def state(self) -> str:
        """State of the last transition."""
        return self.transitions[-1].state

    @property
    def since(self) -> date:
        """Day on which the present state was first reached."""
        day = self.transitions[-1].date
        for step in reversed(self.transitions):
            if step.state != self.state:
                break
            day = step.date
        return day

    @property
    def last_evidence(self) -> date:
        """Day of the last transition."""
        return self.transitions[-1].date

    @property
    def digest(self) -> str:
        """SHA-256 of the content, hexadecimal: changes whenever any field does."""
        content = json.dumps(self.record(), ensure_ascii=True, sort_keys=True, default=str)
        return hashlib.sha256(content.encode()).hexdigest()

    def record(self) -> dict[str, Any]:
        """Content by field, without what is missing; transitions as lists.

        Examples
        --------
        >>> from corridors.cooperation.register import load
        >>> load()["g8-2009-five-by-five"].record()["target_value"]
        5.0
        """
        values = {f.name: getattr(self, f.name) for f in fields(self) if f.compare}
        values["transitions"] = [[step.state, step.date, step.source] for step in self.transitions]
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in values.items()
            if value not in (None, ())
        }


def derived_id(actor: str, title: str, document: str) -> str:
    """Identifier of an entry that was given none: the same for the same words, wherever it stands.

    Parameters
    ----------
    actor, title, document
        First actor, title and source document.

    Examples
    --------
    >>> derived_id("G8", "Five by five", "L'Aquila 2009")
    'g8-five-by-five-l-aquila-2009-5b4bda90'
    """
    words = "\n".join(" ".join(part.split()).casefold() for part in (actor, title, document))
    flat = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode()
    stem = re.sub(r"[^a-z0-9]+", "-", flat.lower()).strip("-")
    if len(stem) > _SLUG_LENGTH:
        stem = stem[:_SLUG_LENGTH].rpartition("-")[0] or stem[:_SLUG_LENGTH]
    mark = hashlib.sha256(words.encode()).hexdigest()[:_DIGEST_LENGTH]
    return f"{stem}-{mark}" if stem else f"entry-{mark}"


def check_slug(text: str) -> str:
    """The text if it is a slug.

    Raises
    ------
    DataError
        It is not.

    Examples
    --------
    >>> check_slug("sdg-10c")
    'sdg-10c'
    """
    if SLUG.fullmatch(text):
        return text
    raise DataError(f"{text!r} is no identifier", remedy="use lower-case letters, digits and single hyphens")
