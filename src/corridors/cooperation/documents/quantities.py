"""Amounts and dates in running text: value, unit, period, qualifier."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain

from corridors.cooperation.documents.metadata import DATE, MONTHS
from corridors.cooperation.documents.parts import NOT_PROSE, Paragraph, Quantity, Statement
from corridors.cooperation.documents.sentence_ends import STOP_WORDS

_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_WORDS = {word: float(i) for i, word in enumerate(_ONES.split())} | {
    word: 10.0 * i for i, word in enumerate(_TENS.split(), 2)
}
_SCALES = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12, "dozen": 12.0}
_PARTS = {"half": 0.5, "third": 1 / 3, "quarter": 0.25, "fifth": 0.2, "tenth": 0.1}
_WORD = (
    rf"(?:(?:{'|'.join(_TENS.split())})(?:[- ](?:{'|'.join(_ONES.split()[1:10])}))?|"
    rf"{'|'.join(sorted(_ONES.split(), key=len, reverse=True))})"
)
_DIGITS = r"\d{1,3}(?:[, \u202f]\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_SCALE = r"hundred|thousand|million|billion|trillion"
_NUMBER = rf"(?:{_DIGITS}|{_WORD})(?:[ -](?:{_SCALE}))*|(?:a|an) (?:{_SCALE}|dozen)"
_PART = r"(?:(?:a|one|two|three|four) )?(?:half|third|quarter|fifth|tenth)s?"
_CURRENCY = r"USD|US\$|\$|EUR|€|GBP|£|CHF"
_MONEY = {
    "US$": "USD",
    "$": "USD",
    "€": "EUR",
    "£": "GBP",
    "dollars": "USD",
    "dollar": "USD",
    "euros": "EUR",
    "euro": "EUR",
}
_QUALIFIER = {
    "at least": "low", "no fewer than": "low", "not less than": "low", "more than": "low", "over": "low",
    "above": "low",
    "at most": "high", "no more than": "high", "not more than": "high", "up to": "high", "less than": "high",
    "fewer than": "high", "under": "high", "below": "high", "within": "high", "nearly": "", "almost": "",
    "about": "",
    "around": "", "approximately": "", "some": "", "roughly": "", "an estimated": "",
    "an average of": "", "only": "",
    "close to": "",
}  # fmt: skip
_PERIOD = (
    r"(?:over|within|in|during|for|per|every) (?:the (?:past|next|last|following) )?"
    r"(?:(?:\d+|" + _WORD + r") )?(?:years?|months?|weeks?|days?|decades?"
    r"|annum|quarter)\b"
    r"|since (?:\w+ )?\d{4}|by (?:the end of )?\d{4}|between \d{4} and \d{4}"
    r"|from \d{4} to \d{4}|(?:in|of|during) \d{4}|a year|annually|each year"
)  # fmt: skip
_NOT_BEFORE = re.compile(
    r"(?:resolutions?|decisions?|articles?|art\.|paragraphs?|paras?\.|Nos?\.|items?|Panel|Goals?|Targets?|targets?|tables?|Tables?|annex|Annex|"
    r"sections?|chapters?|figures?|Group of|[Pp]ages?|p\.|vol\."
    r"|phase|Part|part|series|version|INF\.|Add\.|Rev\.|Corr\.)\s*$"
)
_STOP = STOP_WORDS.union(["since", "under", "over", "within", "while", "where", "when", "but", "during"])
_AMOUNT = re.compile(
    rf"(?<![\w/.,\-–$])(?:(?P<q>{'|'.join(sorted(_QUALIFIER, key=len, reverse=True))}) )?(?P<range>between )?"
    rf"(?P<cur>{_CURRENCY})?\s?(?:(?P<part>{_PART}) of (?P<whole>a (?:million|billion|trillion))"
    r"|(?P<half>half) (?P<halved>a (?:million|billion|trillion))"
    r"|(?P<share>(?:one|two|three|four)[ -](?:half|third|quarter|fifth|tenth)s?|half"
    r"|(?:a|one) (?:third|quarter|fifth))(?= of)"
    rf"|(?P<n>{_NUMBER})(?:\s?(?P<dash>–|-|to|and)\s?(?P<n2>{_NUMBER}))?)"
    rf"(?![\w/]|[.,]\d)",
    re.IGNORECASE,
)
_YEAR = re.compile(
    r"(?<![\w/.,$\-])(?:(?:by|since|in|of|until|before|after) (?:the end of )?)?"
    r"((?:19|20)\d{2})(?![\w/]|[.,]\d|-\d)"
)
_RANGE_DATE = re.compile(
    rf"(?<!\d)(\d{{1,2}})(?: to |–|-| and )(\d{{1,2}}) ({'|'.join(MONTHS)}) (\d{{4}})\b", re.IGNORECASE
)
_UNIT = re.compile(
    r"\s?(?P<pct>percentage points?|per cent|percent|%)|\s(?P<words>[A-Za-z][\w-]*(?: [a-z][\w-]*){0,3})"
)
_AFTER = re.compile(rf"^[^.;\d]{{0,25}}?\b(?P<p>{_PERIOD})")
_SPAN = re.compile(rf"^ (?P<p>{_PERIOD})")
_RATE = re.compile(r"^ per (?P<base>[\d,]+) (?P<who>[a-z]+)")


def quantities_of(paragraphs: Sequence[Paragraph], statements: Sequence[Statement]) -> tuple[Quantity, ...]:
    """Amounts and dates of paragraphs; tables are left alone.

    Parameters
    ----------
    paragraphs, statements
        As split and typed.

    Examples
    --------
    >>> from corridors.cooperation.documents import parse
    >>> text = "1. Since 2006, donors gave nearly a quarter of a billion dollars. 15 organizations met."
    >>> [(q.value, q.unit, q.period, q.qualifier) for q in parse(text).quantities]
    [(250000000.0, 'USD', 'since 2006', 'nearly'), (15.0, 'organizations', None, None)]
    """
    spans: dict[str, list[Statement]] = {}
    for statement in statements:
        spans.setdefault(statement.paragraph, []).append(statement)
    found: list[Quantity] = []
    for paragraph in paragraphs:
        if paragraph.kind in NOT_PROSE:
            continue
        for statement in spans.get(paragraph.id, []):
            found += _in_sentence(paragraph.id, statement)
    return tuple(found)


def _in_sentence(paragraph: str, statement: Statement) -> list[Quantity]:
    text = statement.text
    if not re.search(rf"\d|\b(?:{_WORD}|half|quarter|third|dozen|{_SCALE})\b", text, re.IGNORECASE):
        return []
    place = (paragraph, statement.id, statement.start)
    taken: list[tuple[int, int]] = []
    found: list[Quantity] = []
    for quantity, *span in chain(_dates(text, place), _amounts(text, place), _years(text, place)):
        start, end = span
        if all(end <= a or start >= b for a, b in taken):
            taken.append((start, end))
            found.append(quantity)
            if quantity.kind == "amount" and quantity.period:
                taken += _period_spans(text, start, end, quantity.period)
    return sorted(found, key=lambda q: q.start)


def _period_spans(text: str, start: int, end: int, period: str) -> list[tuple[int, int]]:
    at = text.find(period, end)
    at = at if at >= 0 else text.lower().find(period.lower(), 0, start)
    return [(at, at + len(period))] if at >= 0 else []


Place = tuple[str, str, int]


def _quantity(place: Place, text: str, start: int, end: int, kind: str, value: float, low: float | None,
              high: float | None, unit: str, **rest: str | None) -> tuple[Quantity, int, int]:  # fmt: skip
    paragraph, statement, offset = place
    words = text[start:end]
    quantity = Quantity(
        paragraph, statement, words, offset + start, offset + end, kind, value, low, high, unit, **rest
    )
    return quantity, start, end


def _dates(text: str, place: Place) -> Iterator[tuple[Quantity, int, int]]:
    for match in _RANGE_DATE.finditer(text):
        month, year = MONTHS[match.group(3).lower()], int(match.group(4))
        both = "/".join(f"{year}-{month:02d}-{int(match.group(i)):02d}" for i in (1, 2))
        yield _quantity(place, text, *match.span(), "date", year, year, year, "date", normalised=both)
    for match in DATE.finditer(text):
        month, year = MONTHS[match.group(2).lower()], int(match.group(3))
        iso = f"{year}-{month:02d}-{int(match.group(1)):02d}"
        yield _quantity(place, text, *match.span(), "date", year, year, year, "date", normalised=iso)


def _years(text: str, place: Place) -> Iterator[tuple[Quantity, int, int]]:
    for match in _YEAR.finditer(text):
        if _NOT_BEFORE.search(text[: match.start(1)]):
            continue
        year = float(match.group(1))
        words = match.group()
        start = match.start() if words.lower().startswith("by the end") else match.start(1)
        yield _quantity(
            place, text, start, match.end(), "year", year, year, year, "year", normalised=match.group(1)
        )


def _amounts(text: str, place: Place) -> Iterator[tuple[Quantity, int, int]]:
    for match in _AMOUNT.finditer(text):
        found = _amount(text, match)
        if found is not None:
            start, end, value, low, high, unit, period, qualifier = found
            yield _quantity(
                place, text, start, end, "amount", value, low, high, unit, period=period, qualifier=qualifier
            )


def _amount(
    text: str, match: re.Match[str]
) -> tuple[int, int, float, float | None, float | None, str, str | None, str | None] | None:
    values = _values(match)
    if values is None or _NOT_BEFORE.search(text[: match.start()].rstrip()[-20:]):
        return None
    first, last = values
    end = match.end()
    unit, end = _unit(text, end, match)
    if unit is None:
        return None
    qualifier = (match.group("q") or "").lower() or None
    value = (first + last) / 2
    bound = _QUALIFIER.get(qualifier or "", "")
    low = None if bound == "high" else first
    high = None if bound == "low" else last
    span = _SPAN.match(text[end:])
    if span:
        end += span.end()
    period = span.group("p") if span else _period(text, match.start(), end)
    return match.start(), end, value, low, high, unit, period, qualifier


def _values(match: re.Match[str]) -> tuple[float, float] | None:
    if match.group("part"):
        value = _part(match.group("part")) * _SCALES[match.group("whole").split()[1].lower()]
        return value, value
    if match.group("half"):
        value = 0.5 * _SCALES[match.group("halved").split()[1].lower()]
        return value, value
    if match.group("share"):
        value = _part(match.group("share"))
        return value, value
    first = _value(match.group("n"))
    if match.group("n2") is None:
        return first, first
    last = _value(match.group("n2"))
    scale = re.search(rf"({_SCALE})$", match.group("n2"), re.IGNORECASE)
    if scale and not re.search(_SCALE, match.group("n"), re.IGNORECASE):
        first *= _SCALES[scale.group(1).lower()]
    return (first, last) if first <= last else None


def _value(words: str) -> float:
    value = 0.0
    for word in re.split(r"[\s\u202f-]+", words.lower().replace(",", "")):
        if word in _SCALES:
            value = (value or 1.0) * _SCALES[word]
        elif word in _WORDS:
            value += _WORDS[word]
        elif word not in ("a", "an") and word:
            # "1 250" is one number with a space inside.
            value = value * 1000 + float(word) if value and float(word) < 1000 else float(word)
    return value


def _part(words: str) -> float:
    *count, part = re.split(r"[ -]", words.lower())
    number = _WORDS.get(count[0], 1.0) if count else 1.0
    return number * _PARTS[part.rstrip("s") if part != "halves" else "half"]


def _unit(text: str, end: int, match: re.Match[str]) -> tuple[str | None, int]:
    """The unit after a number, and where it ends; None where the number counts nothing."""
    if match.group("share"):
        whole = re.match(r" of (?:all |the )?[\w-]+", text[end:])
        return "share", end + (whole.end() if whole else 0)
    currency = match.group("cur")
    if currency:
        return _MONEY.get(currency.upper(), currency.upper()), end
    found = _UNIT.match(text, end)
    if found is None:
        return None, end
    if found.group("pct"):
        unit = found.group("pct")
        return ("percentage points" if "point" in unit else "per cent"), found.end()
    return _counted(text, end, found, match)


def _counted(text: str, end: int, found: re.Match[str], match: re.Match[str]) -> tuple[str | None, int]:
    at = found.start("words")
    number = (match.group("n") or match.group("whole") or match.group("halved") or "").lower()
    if re.fullmatch(r"(?:19|20)\d{2}|one", number) and not _known_unit(found.group("words").split()[0]):
        return None, end
    for word in found.group("words").split():
        if word.lower() in _STOP or word.lower() in MONTHS:
            return None, end
        at += len(word)
        if _known_unit(word) or (word.endswith("s") and not word.endswith(("ss", "ous", "us"))):
            unit = _MONEY.get(word.lower(), word)
            rate = _RATE.match(text[at:])
            if rate:
                base = rate.group("base").replace(",", "")
                return f"{unit} per {base} {rate.group('who')}", at + rate.end()
            return unit, at
        at += 1
    return None, end


def _known_unit(word: str) -> bool:
    return word.lower() in (
        "people", "persons", "women", "men", "children", "staff", "dollars", "euros", "year", "day",
        "month", "person",
        "country", "physician", "nurse", "workers", "migrants", "doctor", "week",
    )  # fmt: skip


def _period(text: str, start: int, end: int) -> str | None:
    after = _AFTER.match(text[end:])
    if after:
        return after.group("p")
    before = re.search(rf"(?:^|, )(?P<p>{_PERIOD}), [^.;]{{0,60}}$", text[:start], re.IGNORECASE)
    return before.group("p").lower() if before else None
