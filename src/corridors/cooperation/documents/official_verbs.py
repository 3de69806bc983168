"""What sentences do: speech acts by a lexicon of official verbs, with actor and addressee."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from corridors import packaged
from corridors.cooperation.documents.addressees import named_behind, subject_named
from corridors.cooperation.documents.metadata import language_of
from corridors.cooperation.documents.parts import NOT_PROSE, Paragraph, Statement
from corridors.cooperation.documents.sentence_ends import sentences

_SPEAKERS = re.compile(
    r"\b(?i:(?:(?:several|some|many|most|other|all|a number of|one|two|three|both|the|a few|numerous) )?"
    r"(?:other )?(?-i:[A-Z][a-z]+ )?"
    r"(?:participants?|speakers?|delegations?|delegates?|representatives?|panellists?|experts?|discussants?|debate|meeting|"
    r"members?|(?-i:Member States|States)|governments?|committee|commission|council|(?:General )"
    r"?Assembly|conference|forum|board|"
    r"Working Group|Secretary-General|Executive Secretary|secretariat|president|chair|minister(?: of "
    r"\w+)?|observers?(?: of \w+)?|"
    r"rapporteur|countries(?: of (?:origin|destination))?|dialogue|group|others|parties|"
    r"he|she|they|it|we|(?-i:I)))\b"
)
_AGENTS = re.compile(
    r"\b(?i:(?:several|some|many|most|other|all|bilateral|donor|a number of|an increasing number of|"
    r"neighbouring) )*"
    r"(?:countries(?: of (?:origin|destination))?|Governments?|States|donors|organizations|"
    r"ministr(?:y|ies)|agenc(?:y|ies)|"
    r"programmes?|initiatives|strategies|policies|cities|municipalities|banks|(?-i:[A-Z][a-z]+land))\b",
    re.IGNORECASE,
)
_PASSIVE = re.compile(
    r"\b(?:is|are|was|were|been|being|be)\s+(?:\w+ly |also |further |not )?$", re.IGNORECASE
)
_BLOCKED = re.compile(
    r"\b(?:can|could|may|might|would|to|not|cannot|never)(?: be| been| also)?\s+$", re.IGNORECASE
)
_ADOPTABLE = re.compile(
    r"\b(?:it|resolutions?|decisions?|reports?|drafts?|agendas?|programmes?|plans?|compacts?|declarations?|"
    r"conventions?|codes?|texts?|recommendations?|strateg\w+|bod(?:y|ies)|committees?|budgets?|initiatives?|"
    r"amendments?|proposals?|outcomes?|dates?|days?|years?|decades?|members?|chairs?|bureau)\b",
    re.IGNORECASE,
)
_NOUN = re.compile(
    r"\b(?:the|a|an|this|its|their|of|such|any|in|at|for|with|by|no|one)\s+(?:\w+ )?$", re.IGNORECASE
)
_CLAUSE = re.compile(
    r"[,;:—–]\s|\b(?:that|which|who|whom|whose|while|whereas|because|as|where|although|underscoring)\s"
)
_COMPLEMENT = re.compile(r"\b(?:which|who|whose|whom|how|whether)\b[^,;]*$")
_BY = re.compile(r" by ((?:the |several |some |many )?\w+(?: (?:speakers|participants|delegations|States))?)")
LEXICON = ("en", None)
_LEAST_WORDS = 12
_BARE = re.compile(r"^\W*(?:[Tt]o )?(?:[A-Z]?[a-z]+(?:ly)? )?[A-Z]?[a-z]+(?<!s)(?<!ed)(?<!ing)$")
_GERUND = re.compile(r"^\W*[A-Z]?[a-z]+ing$")


@dataclass(frozen=True, slots=True)
class SpeechAct:
    """An entry of the lexicon: verb, pattern, type, strength, voice it is good for, note."""

    verb: str
    pattern: str
    type: str
    strength: int
    voice: str
    note: str


@dataclass(frozen=True, slots=True)
class _Match:
    act: SpeechAct
    start: int
    end: int
    passive: bool
    main: bool
    actor: str | None


@cache
def speech_acts() -> tuple[SpeechAct, ...]:
    """The lexicon of official verbs.

    Examples
    --------
    >>> next(act.type for act in speech_acts() if act.verb == "urge")
    'call'
    """
    with packaged.path("cooperation/documents/speech_acts.csv").open(encoding="utf-8") as file:
        return tuple(
            SpeechAct(r["verb"], r["pattern"], r["type"], int(r["strength"]), r["voice"], r["note"])
            for r in csv.DictReader(file)
        )


@cache
def _compiled() -> tuple[re.Pattern[str], tuple[SpeechAct, ...]]:
    acts = sorted(speech_acts(), key=lambda act: -len(act.pattern))
    body = "|".join(f"(?P<a{i}>{act.pattern})" for i, act in enumerate(acts))
    return re.compile(rf"\b(?:{body})(?=\W|$)", re.IGNORECASE), tuple(acts)


def statements_of(paragraphs: Sequence[Paragraph], language: str | None = "en") -> tuple[Statement, ...]:
    """Sentences of paragraphs, typed.

    Parameters
    ----------
    paragraphs
        As split; tables are passed over.
    language
        Two-letter code; the lexicon is English, elsewhere every type is ``untyped``, and so it is for a
        paragraph in another language than the rest.

    Examples
    --------
    >>> from corridors.cooperation.documents import parse
    >>> found = parse("1. Member States were urged to ratify it.").statements
    >>> [(s.type, s.actor, s.addressee) for s in found]
    [('call', None, 'Member States')]
    """
    found: list[Statement] = []
    types: dict[str, Statement] = {}
    for paragraph in paragraphs:
        if paragraph.kind in NOT_PROSE:
            continue
        inherited = types.get(paragraph.parent or "")
        typed = language in LEXICON and not other_language(paragraph.text)
        for i, (start, end) in enumerate(sentences(paragraph.text), 1):
            name = f"{paragraph.id}.s{i}"
            statement = Statement(name, paragraph.id, paragraph.text[start:end], start, end, "untyped")
            if typed:
                statement = _typed(statement, paragraph.kind, inherited)
            found.append(statement)
            types[paragraph.id] = statement
    return tuple(found)


def other_language(text: str) -> str | None:
    """The language of a paragraph that is surely not English; None for English and for few words.

    Examples
    --------
    >>> other_language("Les États Membres sont invités à réduire le coût des envois de fonds d'ici à 2030.")
    'fr'
    >>> other_language("States are invited to cut the cost of remittances.") is None
    True
    """
    if len(text.split()) < _LEAST_WORDS:
        return None
    found = language_of(text)
    return found if found not in LEXICON else None


def _typed(blank: Statement, kind: str, inherited: Statement | None) -> Statement:
    matches = _matches(blank.text, kind)
    main = next((m for m in matches if m.main), None)
    leads = inherited is not None and inherited.text.rstrip().endswith((":", "that"))
    if inherited is not None and leads and _takes_force(blank.text, main, inherited):
        return replace(_remade(blank, inherited), also=() if main is None else (main.act.type,))
    if main is None:
        return _made(blank, None, tuple(dict.fromkeys(m.act.type for m in matches)), None, None)
    also = tuple(dict.fromkeys(m.act.type for m in matches if m.act.type != main.act.type))
    return _made(blank, main, also, *_people(blank.text, main, kind))


def _takes_force(text: str, main: _Match | None, lead: Statement) -> bool:
    """Whether an item has the force of its lead: it has none of its own, or only tells what is to be done.

    Under "Governments are encouraged to:" an item "Invite cities" is encouraged, and no invitation.
    """
    if main is None:
        return True
    if lead.type in ("fact", "reference") or main.act.voice in ("modal", "agent", "we") or main.passive:
        return False
    begins = text[: main.end].rstrip()
    return _BARE.match(begins) is not None or _GERUND.match(begins) is not None


def _remade(blank: Statement, parent: Statement) -> Statement:
    """An item has the force of the words that lead to its list."""
    return Statement(
        blank.id, blank.paragraph, blank.text, blank.start, blank.end, parent.type, parent.strength,
        parent.verb, parent.rationale, None, None, parent.actor, parent.addressee,
    )  # fmt: skip


def _made(
    blank: Statement, match: _Match | None, also: tuple[str, ...], actor: str | None, addressee: str | None
) -> Statement:
    if match is None:
        return replace(blank, type="fact", also=also)
    return Statement(
        blank.id, blank.paragraph, blank.text, blank.start, blank.end, match.act.type, match.act.strength,
        match.act.verb, blank.text[match.start : match.end], blank.start + match.start,
        blank.start + match.end, actor, addressee, also,
    )  # fmt: skip


def _matches(text: str, kind: str) -> list[_Match]:
    pattern, acts = _compiled()
    found: list[_Match] = []
    for match in pattern.finditer(text):
        act = acts[int((match.lastgroup or "a0")[1:])]
        judged = _judge(text, match.start(), match.end(), act, kind)
        if judged is not None:
            found.append(judged)
    # What is said outranks what merely is needed or done, unless it is a later aside.
    return sorted(found, key=lambda m: (not m.main, m.act.voice == "agent", m.start))


def _judge(text: str, start: int, end: int, act: SpeechAct, kind: str) -> _Match | None:
    before = text[:start]
    direct = _COMPLEMENT.search(before) is None
    if act.voice in ("modal", "we", "agent"):
        return _said(_Match(act, start, end, False, direct, None), before)
    passive = _PASSIVE.search(before) is not None
    leads = kind in ("operative", "preambular", "item") and not re.search(r"\w{4,} \w+ ", before)
    speaker = _speaker(before)
    noun = _NOUN.search(before) is not None and not (speaker and before.rstrip().endswith(speaker))
    if _BLOCKED.search(before) or (noun and not passive and not leads):
        return None
    if leads:
        return _Match(act, start, end, False, True, None)
    if passive:
        # "Applications were decided" is no decision of a body; "it was decided" is.
        taken = act.type != "decision" or _ADOPTABLE.search(_clause(before)) is not None
        ok = taken and act.voice == "both" and text[start:end].lower().split()[0].endswith(("ed", "en", "wn"))
        return _Match(act, start, end, True, direct, None) if ok else None
    return _active(_Match(act, start, end, False, True, speaker), text)


def _said(match: _Match, before: str) -> _Match | None:
    """A turn that needs no verb of speech: a duty, a promise of "we", a measure with one who takes it."""
    if match.act.voice == "modal":
        return match
    if match.act.voice == "we":
        first = re.search(r"(?:^|\W)[Ww]e (?:\w+ly |also |further |therefore )*$", before)
        return replace(match, actor="we") if first else None
    agent = _agent(before)
    return replace(match, actor=agent) if agent else None


def _active(match: _Match, text: str) -> _Match | None:
    """A verb with a subject: one who speaks, or after "as" the one who is named behind it."""
    by = _BY.match(text[match.end :])
    if by and text[: match.start].endswith("as "):
        return replace(match, passive=True, actor=by.group(1))
    if match.actor is None:
        return None
    gerund = re.search(r"ing\b", text[match.start : match.end]) is not None
    return replace(match, main=not gerund, actor=None if gerund else match.actor)


def _clause(before: str) -> str:
    ends = [m.end() for m in _CLAUSE.finditer(before)]
    return before[ends[-1] :] if ends else before


def _speaker(before: str) -> str | None:
    """The speaker that is the subject right before a verb: the first of the clause, few words away."""
    for part in (_clause(before), before):
        found = list(_SPEAKERS.finditer(part))
        if found and len(part[: found[0].start()].split()) <= 3 and len(part[found[-1].end() :].split()) <= 6:
            return found[0].group().strip()
        if found and part is before and not re.search(r"\bthat\b", before[found[-1].end() :]):
            near = before[found[-1].end() :]
            if len(near.split()) <= 2:
                return found[-1].group().strip()
    return None


def _agent(before: str) -> str | None:
    part = _clause(before)
    found = _AGENTS.search(part)
    if found and len(part[: found.start()].split()) <= 4 and len(part[found.end() :].split()) <= 7:
        return found.group().strip()
    return None


def _people(text: str, match: _Match, kind: str) -> tuple[str | None, str | None]:
    actor = match.actor
    if match.passive:
        by = re.match(
            r".{0,80}?\bby ((?:the |several |some |many )?[\w-]+(?: [A-Z]\w+| speakers| participants)*)",
            text[match.end :],
        )
        actor = actor or (by.group(1) if by and _SPEAKERS.search(by.group(1)) else None)
    if match.act.type not in ("call", "request", "recommendation"):
        return actor, None
    if match.passive or match.act.voice == "modal":
        subject = re.sub(
            r"\s*\b(?:is|are|was|were|be|been|being)\s*(?:also |strongly |therefore )?$",
            "",
            _clause(text[: match.start]),
        )
        behind = re.match(r" that ", text[match.end :]) and re.search(r"\b[Ii]t$", subject.strip())
        return actor, named_behind(text[match.end :]) if behind else subject_named(subject)
    return actor, named_behind(text[match.end :])
