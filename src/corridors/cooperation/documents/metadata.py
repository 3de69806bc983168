"""What the masthead of a document says."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corridors.cooperation.documents.lines import SYMBOL
from corridors.cooperation.documents.parts import Metadata

_MONTHS = {
    "en": "january february march april may june july august september october november december",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
}
MONTHS = {name: i for names in _MONTHS.values() for i, name in enumerate(names.split(), 1)}
DATE = re.compile(rf"\b(\d{{1,2}})(?:er)?(?: de)? ({'|'.join(MONTHS)})(?: de)?,? (\d{{4}})\b", re.IGNORECASE)
_SESSION = re.compile(r"^(?:[\w-]+ ){1,4}session$|^\w+ période? de sesiones$|^\w+ período de sesiones$", re.I)
_AGENDA = re.compile(
    r"^(?:Agenda item|Item|Point|Tema|Provisional agenda item)s? (\d+(?: ?\([a-z]\))?)(?: de "
    r"l['’]ordre du jour| del programa)?(?!\w)",
    re.I,
)
_LANGUAGE = re.compile(
    r"(?:Original|Lengua|Langue)\s?:\s*(\w+)|^(English|French|Français|Spanish|Español)(?: only)?$", re.I
)
_WORDS = {
    "en": "the of and to in for with that", "fr": "le la les des et du pour dans",
    "es": "el los las de y para en que",
}  # fmt: skip
_BODIES = re.compile(
    r"^(?:General Assembly|Security Council|Economic and Social Council|Human Rights Council"
    r"|Assemblée générale"
    r"|Asamblea General|(?:[A-Z][\w-]+ )?(?:Conference|Committee|Commission|Conférence|Conferencia|Forum"
    r"|Working Group"
    r"|Council)\b[^.]{0,80})$"
)
_LEAST = ("Distr", "Original", "Agenda", "Item ", "Point ", "Tema ", "[")


def metadata_of(preface: Sequence[str], body: str, blocks: Sequence[str] = ()) -> Metadata:
    """Symbol, date, session, agenda item, title, language and body where the masthead has them.

    Parameters
    ----------
    preface
        Lines before the body.
    body
        Beginning of the text, to tell its language.

    blocks
        The same as blocks, where a title of several lines is whole.

    Examples
    --------
    >>> head = ["General Assembly", "12 September 2011", "Agenda item 22 (c)", "On migration"]
    >>> found = metadata_of(head, "")
    >>> found.date, found.agenda_item, found.title
    ('2011-09-12', '22 (c)', 'On migration')
    """
    lines = [" ".join(part.split()) for block in preface for part in re.split(r"\n|\s{3,}", block)]
    whole = "\n".join(lines)
    symbol = re.search(rf"(?:^|\s)({SYMBOL})(?=\s|$)", whole)
    date = next((iso for line in lines if (iso := _date(line))), None)
    agenda = next((m for line in lines if (m := _AGENDA.match(line))), None)
    language = language_of(body or whole)
    first = next((line for line in lines if _BODIES.match(line) and not _SESSION.match(line)), None)
    opening = re.search(r"^(?:The|La|L['’])\s?([A-Z][\w ]+?)[,]\s", body)
    title = _title([*(blocks or lines)], first)
    return Metadata(
        symbol.group(1) if symbol else None,
        date,
        next((line for line in lines if _SESSION.match(line)), None),
        agenda.group(1) if agenda else None,
        title,
        language,
        first or (opening.group(1) if opening else None),
        next((d.group(1) for line in lines if (d := re.match(r"Distr\s?\.?\s?:?\s*(\w+)", line))), None),
        _kind(whole, title or ""),
    )


def _date(line: str) -> str | None:
    match = DATE.fullmatch(line) or DATE.fullmatch(line.rstrip("."))
    if match is None:
        return None
    day, month, year = int(match.group(1)), MONTHS[match.group(2).lower()], int(match.group(3))
    return f"{year:04d}-{month:02d}-{day:02d}" if 1 <= day <= 31 else None


def _title(lines: Sequence[str], body: str | None) -> str | None:
    """The last line that is none of the usual ones, and no note on who wrote."""
    rest = [
        line for line in lines
        if line and line != body and not line.startswith(_LEAST) and not _date(line)
        and not re.match(rf"(?:{SYMBOL})\s", line)
        and not _SESSION.match(line) and not _LANGUAGE.search(line) and not re.fullmatch(SYMBOL, line)
        and not re.match(r"^(?:Note|Report) by |^Resolution adopted|^\d{2}-\d{5}", line)
    ]  # fmt: skip
    return rest[-1] if rest else None


def _kind(head: str, title: str) -> str:
    if re.search(r"/RES/|^Resolution adopted", head, re.M):
        return "resolution"
    return "debate" if re.search(r"\bdebate\b|\bdialogue\b|Chair's summary", title) else "report"


def language_of(text: str) -> str | None:
    """Two-letter code of one of the six languages of the United Nations, from script and small words.

    Parameters
    ----------
    text
        A page or so.

    Examples
    --------
    >>> language_of("Le coût des envois de fonds et la part des pays dans le total")
    'fr'
    """
    sample = text[:4000]
    for code, script in (("ru", r"[а-яА-Я]"), ("zh", r"[\u4e00-\u9fff]"), ("ar", r"[\u0600-\u06ff]")):
        if len(re.findall(script, sample)) > 0.2 * max(1, len(re.findall(r"\w", sample))):
            return code
    words = re.findall(r"[a-zà-ÿ]+", sample.lower())
    scores = {code: sum(words.count(w) for w in common.split()) for code, common in _WORDS.items()}
    best = max(scores, key=lambda code: scores[code])
    return best if scores[best] else None
