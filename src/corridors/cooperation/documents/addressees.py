"""Who is called upon: states, organs, offices, groups of people; never a clause or a thing."""

from __future__ import annotations

import re

from corridors import places
from corridors.errors import CorridorsError

_BEFORE = (
    r"(?:(?:all|both|the|its|their|our|other|relevant|competent|interested|concerned|donor|bilateral|host|"
    r"national|local|regional|international|developing|developed|several|some|many|most|each|every|any|"
    r"as well as|also|on|upon|to|United Nations|non-governmental|intergovernmental|humanitarian|private|"
    r"civil|academic|financial|religious|partner|member|transit|receiving|sending|neighbouring) )*"
)
_HEADS = (
    r"Member States|States(?: (?:[Pp]arties|Members)(?: to the \w+)?)?|Governments?|countries|"
    r"authorities|parliaments?|ministr(?:y|ies)|ministers?|cities|municipalities|mayors|"
    r"organi[sz]ations?|agenc(?:y|ies)|bodies|entit(?:y|ies)|institutions?|funds and programmes|"
    r"Secretary-General|Executive (?:Secretary|Director)|Director-General|High Commissioner|"
    r"Special (?:Rapporteur|Representative|Envoy)|President|Secretariat|secretariat|Assembly|Council|"
    r"Committee|Commission|Conference|Forum|Group|Board|Network|Fund|Bank|Organization|Union|"
    r"donors?|delegations?|members|participants|parties|partners|stakeholders|employers?|recruiters|"
    r"private sector|civil society|trade unions?|workers|companies|banks|providers|academia|media|"
    r"international community|United Nations system|system"
)
_OF = (
    r"(?: (?:of|for|to|on|in|within) (?:(?:the|its|their|all|this) )?"
    r"(?:(?:[A-Z][\w-]*|countries(?= of)|of(?= (?:origin|destination|transit))|origin|destination|transit|"
    r"host|system|civil|society)(?:,? (?:and|of|for|the|on)(?= [A-Z]))? ?)+)*"
)
_ACTOR = re.compile(rf"{_BEFORE}(?:{_HEADS})(?![\w-]){_OF}", re.UNICODE)
_NAME = re.compile(r"(?:the )?[A-Z][\w'’-]*(?: (?:(?:of|and|the) )*[A-Z][\w'’-]*){0,4}")
_AND = re.compile(r"^(?:,? and |, )")


def named_behind(text: str) -> str | None:
    """The actors right behind a verb such as "urges"; None where something else stands there.

    Parameters
    ----------
    text
        What follows the verb.

    Examples
    --------
    >>> named_behind(" the relevant organizations of the United Nations system, within their mandates")
    'the relevant organizations of the United Nations system'
    >>> named_behind(" Germany and the Philippines to share") , named_behind(" the use of open data")
    ('Germany and the Philippines', None)
    """
    rest = re.sub(r"^\W{0,2}(?:(?:also|once again|again) )?(?:(?:to|on|upon|that) )?", "", text)
    at = 0
    while (end := _actor(rest[at:])) is not None:
        at += end
        more = _AND.match(rest[at:])
        if more is None or _actor(rest[at + more.end() :]) is None:
            break
        at += more.end()
    return rest[:at].strip() or None


def subject_named(text: str) -> str | None:
    """The actor that a clause consists of, as the subject of "should" or "are urged"; else None.

    Parameters
    ----------
    text
        The words before the verb, from the beginning of their clause.

    Examples
    --------
    >>> subject_named("countries of destination"), subject_named("they return to their countries of origin")
    ('countries of destination', None)
    """
    words = re.sub(r"^(?:[Ii]t is recommended that|[Tt]herefore|[Aa]lso) ", "", text.strip())
    small = words[:1].lower() + words[1:]
    return words if words and words in (named_behind(words), _first_as(words, named_behind(small))) else None


def _first_as(words: str, found: str | None) -> str | None:
    return None if found is None else words[:1] + found[1:]


def _actor(text: str) -> int | None:
    found = _ACTOR.match(text)
    if found is not None:
        return len(text[: found.end()].rstrip())
    name = _NAME.match(text)
    words = name.group() if name else ""
    while words:
        if not re.search(r" (?:and|of|the)$", words) and _is_place(words.removeprefix("the ")):
            return len(words)
        words = words.rpartition(" ")[0]
    return None


def _is_place(name: str) -> bool:
    try:
        return len(name) > 3 and bool(places.find(name))
    except CorridorsError:
        return False
