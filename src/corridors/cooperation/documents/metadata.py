"""What the masthead of a document says."""

from __future__ import annotations

import re
from collections import Counter
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
    r"^(?:Agenda items?|Items?|Points?|Temas?|Provisional agenda items?) "
    r"(\d+(?: ?\([a-z]\))?(?:(?:, | and | et | y )\d+(?: ?\([a-z]\))?)*)"
    r"(?: de l['’]ordre du jour| del programa)?(?!\w)",
    re.I,
)
_LANGUAGE = re.compile(
    r"(?:Original|Lengua|Langue)\s?:\s*(\w+)|^(English|French|Français|Spanish|Español)(?: only)?$", re.I
)
# Small words that tell a language from its neighbours; Portuguese, Italian and German, so that they are not
# taken for another.
_WORDS = {
    "en": "the of and to in for with that by is are was were on as from which their has have be at this",
    "fr": "le la les des et du pour dans aux au une sur est sont par qui ont été avec en de ces leur d l",
    "es": "el los las y para en que una del por con es son al como sus más este de la se su lo",
    "pt": "o os as e para em que uma do da dos das por com não ao sua mais de pelo pela são",
    "it": "il gli e di che una del della dei delle con sono è al nel nella più le la i si",
    "de": "der die das und den von zu mit für auf ist sind im des ein eine dem nicht werden wird zur",
}  # fmt: skip
_SMALL = {code: frozenset(words.split()) for code, words in _WORDS.items()}
_BODIES = re.compile(
    r"^(?:General Assembly|Security Council|Economic and Social Council|Human Rights Council"
    r"|Assemblée générale"
    r"|Asamblea General|(?:[A-Z][\w-]+ )?(?:Conference|Committee|Commission|Conférence|Conferencia|Forum"
    r"|Working Group"
    r"|Council)\b[^.]{0,80})$"
)
_USUAL = re.compile(
    rf"^(?:Distr|Original|Agenda|Items? |Points? |Temas? |\[|\*|United Nations\b|Nations Unies"
    rf"|Naciones Unidas|General$|(?:Note|Report|Letter) (?:by|of|from) (?:the|a) (?!.* on )"
    rf"|(?:Rapport|Note) du (?!.* sur )|(?:Informe|Nota) del (?!.* sobre )"
    rf"|Resolution adopted|Résolution adoptée|Resolución aprobada|Summary$|Résumé$|Resumen$"
    rf"|\d{{2}}-\d{{5}}|(?:{SYMBOL})(?:\s|$))"
)
_RESOLUTION_TITLE = re.compile(r"^(?:[A-Z]+(?:/[A-Z0-9.]+)*/)?\d{1,4}/(?:\d{1,4})\.\s+(.+)$")


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
    lines = [" ".join(part.split()) for block in preface for part in re.split(r"\n|\s{3,}| \| ", block)]
    whole = "\n".join(lines)
    symbol = re.search(rf"(?:^|\s)({SYMBOL})(?=\s|$)", whole)
    date = next((iso for line in lines if (iso := _date(re.sub(r"^.*Distr\.?:? \w+\s*", "", line)))), None)
    agenda = next((m for line in lines if (m := _AGENDA.match(line))), None)
    language = language_of(body or whole)
    bodies = [re.sub(r"^United Nations |\s+Distr\b.*$", "", line) for line in lines]
    first = next((line for line in bodies if _BODIES.match(line) and not _SESSION.match(line)), None)
    opening = re.search(r"^(?:The|La|L['’])\s?([A-Z][\w ]+?)[,]\s", body)
    title = _title(lines, blocks, first)
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


def _title(lines: Sequence[str], blocks: Sequence[str], body: str | None) -> str | None:
    """Behind the number of a resolution, else the last lines that are none of the usual ones.

    A line goes on with the one before where that is long, or where it begins with a small letter; blocks
    tell where lines surely end.
    """
    whole = [" ".join(block.split()) for block in blocks]
    runs: list[str] = []
    numbered = fresh = False
    for line in lines:
        if not line:
            fresh = True
            continue
        number = _RESOLUTION_TITLE.match(line)
        usual = number is None and _usual(line, body)
        goes_on = bool(runs) and not fresh and not number and (len(runs[-1]) >= 45 or line[:1].islower())
        goes_on = goes_on and not any(block.startswith(line) for block in whole)
        if usual or (numbered and not goes_on):
            fresh = True
            continue
        words = number.group(1) if number else line
        numbered = numbered or number is not None
        runs = [*runs[:-1], f"{runs[-1]} {words}"] if goes_on else [words] if number else [*runs, words]
        fresh = False
    titles = [run for run in runs if not re.search(r"[,;:]$|\w{3}\.$", run)]
    return titles[-1] if titles else None


def _usual(line: str, body: str | None) -> bool:
    """Whether a line of a masthead is one that all have."""
    return bool(
        line == body or _USUAL.match(line) or _date(line) or _SESSION.match(line)
        or _LANGUAGE.search(line) or _BODIES.match(line)
    )  # fmt: skip


def _kind(head: str, title: str) -> str:
    if re.search(r"/RES/|^Resolution adopted", head, re.M):
        return "resolution"
    return "debate" if re.search(r"\bdebate\b|\bdialogue\b|Chair's summary", title) else "report"


def language_of(text: str) -> str | None:
    """Two-letter code of the language of a text, from its script and its small words.

    Parameters
    ----------
    text
        A paragraph or a page; the first 4,000 characters are looked at.

    Returns
    -------
    str or None
        One of the six languages of the United Nations, or ``pt``, ``it`` or ``de``; None where too little
        tells.

    Examples
    --------
    >>> language_of("Le coût des envois de fonds et la part des pays dans le total")
    'fr'
    >>> language_of("Les dépenses de santé de la Bolivie et de la Colombie, de 1999 à 2010")
    'fr'
    """
    sample = text[:4000]
    for code, script in (("ru", r"[а-яА-Я]"), ("zh", r"[\u4e00-\u9fff]"), ("ar", r"[\u0600-\u06ff]")):
        if len(re.findall(script, sample)) > 0.2 * max(1, len(re.findall(r"\w", sample))):
            return code
    words = Counter(re.findall(r"[a-zà-ÿœ]+", sample.lower()))
    scores = {code: sum(words[w] for w in common) for code, common in _SMALL.items()}
    best, second = sorted(scores, key=lambda code: -scores[code])[:2]
    # One small word among many may stand in any language.
    least = max(1 if best == "en" else 2, 0.1 * words.total())
    told = scores[best] > scores[second] and scores[best] >= least
    return best if told else None
