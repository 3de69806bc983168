"""Drafts of register entries from the statements of a document: who, what, until when, by which measure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any, TypeAlias

from corridors import places
from corridors.cooperation.documents.document import Document
from corridors.cooperation.documents.draft_targets import DraftTarget, ended_above, target_of
from corridors.cooperation.documents.metadata import DATE, MONTHS
from corridors.cooperation.documents.parts import Link, Statement
from corridors.cooperation.register import Entry, Transition, concerns, load
from corridors.cooperation.register.values import WORLD
from corridors.errors import CorridorsError, DataError
from corridors.wording import counted

KINDS: Mapping[str, str] = {
    "commitment": "commitment", "action": "commitment", "call": "recommendation",
    "recommendation": "recommendation",
}  # fmt: skip
_TITLE = 96
_WE = re.compile(
    r"\bWe,? (?:the )?(.{4,120}?),? (?:gathered|meeting|having|assembled|have|commit|recogni[sz]e)\b"
)
_ADOPTED = re.compile(rf"\b(?:adopted|done|held|made)\b.{{0,80}}? on (?P<day>{DATE.pattern})", re.IGNORECASE)
_THRESHOLD = re.compile(r"_above_(\d+)pct$")
_STOP = frozenset(
    ["the", "and", "who", "that", "them", "people", "migrant", "migr", "their", "from", "nation", "national",
     "international", "develop", "development", "country"]
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class DraftMeasure:
    """What a draft needs to know of an indicator: title, unit, which way is better, where it has values."""

    title: str
    unit: str
    better: str = ""
    scope: str = "world and countries"


Measures: TypeAlias = Mapping[str, DraftMeasure]


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft of an entry.

    Attributes
    ----------
    entry
        As the register takes it.
    statement
        Id of the statement.
    links
        Of the statement, best first; the first is the indicator of the entry where it has one.
    """

    entry: Entry
    statement: str
    links: tuple[Link, ...]


def draft_entries(document: Document, measures: Measures, *, stated: date | None = None) -> tuple[Draft, ...]:
    r"""One draft for each commitment, action, call and recommendation of a document.

    Parameters
    ----------
    document
        As read.
    measures
        Indicators that a draft may name.
    stated
        Day of the statements, where the masthead has no date.

    Returns
    -------
    tuple of Draft
        Leads of lists are left out, since their items have their force.

    Raises
    ------
    DataError
        No statement of the document has a type, or none commits or calls upon anybody.

    Examples
    --------
    >>> from corridors.cooperation.documents import parse
    >>> text = "I. Aims\n\n1. Member States were urged to cut the cost of remittances to 3 per cent by 2030."
    >>> cost = {"remittance_cost": DraftMeasure("Cost of remittances", "% of the amount sent", "lower")}
    >>> (one,) = draft_entries(parse(text), cost, stated=date(2025, 1, 1))
    >>> one.entry.kind, one.entry.addressee, one.entry.target_value, one.entry.target_date.year
    ('recommendation', ('Member States',), 3.0, 2030)
    """
    if all(s.type == "untyped" for s in document.statements):
        raise DataError(
            f"{document.name} has no statement whose force is known",
            "; ".join(f.message for f in document.findings if f.kind == "untyped"),
            "give the English version",
        )
    day = day_of(document) or stated
    if day is None:
        raise DataError(f"{document.name} has no date", remedy="say when it was made")
    made = [
        draft
        for s in document.statements
        if s.type in KINDS and not s.text.rstrip().endswith(":")
        for draft in (_draft(document, s, measures, day), *_thresholds(document, s, measures, day))
    ]
    if not made:
        raise DataError(f"{document.name} has no statement that commits or calls upon anybody")
    return tuple(made)


def drafts_as_toml(
    document: Document,
    drafts: Sequence[Draft],
    measures: Measures,
    figures: Mapping[str, str],
) -> str:
    """Drafts as a file of the register, with what a reader should check above each.

    Parameters
    ----------
    document, drafts, measures
        As in :func:`draft_entries`.
    figures
        Today's figure of indicators, in words.
    """
    from corridors.cooperation.register.writing import to_toml

    head = [
        f"# {counted(len(drafts), 'draft')} from {document.name}, made by rules. Check of each the words,",
        "# who and to whom, concern, indicator, target; drop what is none; then 'corridors register check'.",
    ]
    parts = ["\n".join(head) + "\n"]
    for one in drafts:
        notes = [f"# {one.statement}"]
        notes += [
            f"# {link.indicator} ({measures[link.indicator].title}), by '{'; '.join(link.rationale)}', "
            f"probability {link.probability:g}: {figures.get(link.indicator, 'no figure')}"
            for link in one.links
        ]
        parts.append("\n".join(notes) + "\n" + to_toml([one.entry]))
    return "\n".join(parts)


def _draft(document: Document, statement: Statement, measures: Measures, day: date) -> Draft:
    links = tuple(k for k in document.links if k.statement == statement.id and k.indicator in measures)
    quantities = [q for q in document.quantities if q.statement == statement.id]
    best: tuple[Link | None, DraftTarget] = (None, DraftTarget(None, None, None))
    for link in links:
        measure = measures[link.indicator]
        # A number in the name of a measure is its threshold, and no value of it to be reached.
        some = [] if "_above_" in link.indicator else quantities
        target = target_of(statement.text, some, measure.unit, measure.better, day, statement.start)
        if target.direction and (best[0] is None or (best[1].value is None and target.value is not None)):
            best = (link, target)
    links = tuple(sorted(links, key=lambda link: link is not best[0]))
    entry = Entry(
        id=_slug(document, statement),
        kind=KINDS[statement.type],
        title=_shortened(statement.text),
        text=statement.text,
        actor=(_actor(document, statement),),
        addressee=() if statement.addressee is None else (statement.addressee,),
        concern=_concern(statement.text, best[0]),
        document=_source(document, day),
        paragraph=printed_number(document, statement.paragraph),
        source_status="unverified",
        year=day.year,
        transitions=(Transition("stated", day, _source(document, day)),),
        **_measured(best[0], best[1], links, measures, statement, day),
    )
    return Draft(entry, statement.id, links)


def _thresholds(document: Document, statement: Statement, measures: Measures, day: date) -> list[Draft]:
    """A draft of its own for "eliminate corridors with costs higher than 5 per cent": none are left."""
    found: list[Draft] = []
    for link in document.links:
        threshold = _THRESHOLD.search(link.indicator)
        if link.statement != statement.id or threshold is None or link.indicator not in measures:
            continue
        until = ended_above(statement.text, float(threshold[1]))
        if until is None:
            continue
        plain = _draft(document, statement, {}, day).entry
        entry = replace(
            plain, id=f"{plain.id[:50]}-above-{threshold[1]}",
            title=f"None above {threshold[1]} per cent by {until.year}: {measures[link.indicator].title}",
            indicator=link.indicator, place=WORLD,
            direction="at-most", target_value=0.0, target_date=until, no_indicator_reason=None,
            concern=_concern(statement.text, link),
        )  # fmt: skip
        found.append(Draft(entry, statement.id, (link,)))
    return found


def _measured(
    link: Link | None, target: DraftTarget, links: Sequence[Link], measures: Measures,
    statement: Statement, day: date,
) -> dict[str, Any]:  # fmt: skip
    if link is None:
        near = f"; {links[0].indicator} speaks of it, but not of which way it should go" if links else ""
        return {"no_indicator_reason": f"draft: no indicator of the atlas tells whether it was kept{near}"}
    place = _place(statement)
    scope = measures[link.indicator].scope
    if place is None and "world" not in scope:
        return {"no_indicator_reason": f"draft: {link.indicator} has no figure of the world, name a country"}
    found: dict[str, Any] = {
        "indicator": link.indicator,
        "place": place if place is not None and "countries" in scope else WORLD,
        "direction": target.direction,
    }
    if target.value is None:
        return found | {"baseline_year": day.year}
    return found | {"target_value": target.value, "target_date": target.day}


def printed_number(document: Document, name: str) -> str:
    r"""The number of a paragraph as the document prints it, such as ``36 (a) (ii)``.

    Examples
    --------
    >>> from corridors.cooperation.documents import parse
    >>> printed_number(parse("1. We call for:\n\n(a) Peace;\n\n(b) Bread."), "p1.b")
    '1 (b)'
    """
    parts: list[str] = []
    at: str | None = name
    while at is not None:
        paragraph = document.paragraph(at)
        parts.append(paragraph.number or paragraph.id.rpartition(".")[2])
        at = paragraph.parent
    annex = re.match(r"annex(\d+)\.", name)
    return (f"annex {annex[1]}, " if annex else "") + " ".join(reversed(parts))


def _actor(document: Document, statement: Statement) -> str:
    if statement.actor == "I" and any("Secretary-General" in block for block in document.preface):
        return "Secretary-General"
    if statement.actor and statement.actor.lower() not in ("i", "we", "he", "she", "they", "it"):
        return statement.actor[:1].upper() + statement.actor[1:]
    for paragraph in document.paragraphs:
        opener = _WE.search(paragraph.text)
        if opener and statement.type in ("commitment", "action"):
            return opener[1].strip()
    if document.metadata.kind == "debate":
        return f"Participants: {document.metadata.title}"
    return document.metadata.body or document.metadata.title or document.name


def _place(statement: Statement) -> str | None:
    for who in (statement.addressee, statement.actor):
        try:
            return places.code(who) if who else None
        except CorridorsError:
            continue
    return None


def _source(document: Document, day: date) -> str:
    meta = document.metadata
    return f"{meta.symbol or meta.title or document.name}, {day.year}"


def _slug(document: Document, statement: Statement) -> str:
    name = document.metadata.symbol or document.metadata.title or document.name
    words = re.sub(r"[^a-z0-9]+", "-", f"{name} {statement.id}".lower()).strip("-")
    if len(words) <= 60:
        return words
    tail = re.sub(r"[^a-z0-9]+", "-", statement.id.lower())
    return f"{words[: 58 - len(tail)].strip('-')}-{tail}"


def _shortened(text: str) -> str:
    if len(text) <= _TITLE:
        return text.rstrip(".;,")
    return f"{text[:_TITLE].rpartition(' ')[0].rstrip(',;:')} …"


def day_of(document: Document) -> date | None:
    """The day on which a document was adopted, else that of its masthead; None where neither stands there.

    Examples
    --------
    >>> from corridors.cooperation.documents import read_document
    >>> day_of(read_document("2011"))
    datetime.date(2011, 9, 12)
    """
    adopted = _ADOPTED.search(" ".join(document.preface))
    found = DATE.search(adopted["day"]) if adopted else None
    try:
        if found is not None:
            return date(int(found[3]), MONTHS[found[2].lower()], int(found[1]))
        return date.fromisoformat(document.metadata.date) if document.metadata.date else None
    except ValueError:
        return None


def _concern(text: str, link: Link | None) -> str:
    """That of the register's entries with the same indicator, else the one whose words stand in the text."""
    if link is not None and (named := _concerns_of_indicators().get(link.indicator)):
        return named
    words = _roots(text)
    best, most = "global-governance", 1
    for name, concern in concerns().items():
        named, told = _roots(name) - _STOP, _roots(concern.label) - _STOP
        score = 2 * len(named & words) + len((told - named) & words)
        # One word of a description may stand anywhere.
        if score > most:
            best, most = name, score
    return best


@cache
def _concerns_of_indicators() -> Mapping[str, str]:
    found: dict[str, Counter[str]] = {}
    for entry in load().entries:
        if entry.indicator:
            found.setdefault(entry.indicator, Counter())[entry.concern] += 1
    return {name: count.most_common(1)[0][0] for name, count in found.items()}


def _roots(text: str) -> set[str]:
    words = re.findall(r"[a-z]{4,}", text.lower())
    return {re.sub(r"(?:ies|es|s|ing|ed|ment|ation|ition)$", "", word) for word in words}
