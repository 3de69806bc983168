"""Amounts and dates in running text: value, unit, period, qualifier."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from corridors.cooperation.documents.bounds import BEFORE, bound_after, bound_of, ends
from corridors.cooperation.documents.metadata import DATE, MONTHS
from corridors.cooperation.documents.number_words import (
    CURRENCY,
    MONEY_NUMBER,
    NUMBER,
    OUT_OF,
    PART,
    SCALE,
    SCALES,
    SHARE,
    WORD,
    money,
    out_of,
    part_of,
    scale_at_end,
    value_of,
)
from corridors.cooperation.documents.parts import NOT_PROSE, Paragraph, Quantity, Statement
from corridors.cooperation.documents.sentence_ends import STOP_WORDS

_PERIOD = (
    r"(?:over|within|in|during|for|per|every) (?:the (?:past|next|last|following) )?"
    r"(?:(?:\d+|" + WORD + r") )?(?:years?|months?|weeks?|days?|decades?"
    r"|annum|quarter)\b"
    r"|since (?:\w+ )?\d{4}|by (?:the end of )?\d{4}|between \d{4} and \d{4}"
    r"|from \d{4} to \d{4}|(?:in|of|during) \d{4}|a year|annually|each year"
)  # fmt: skip
_NOT_BEFORE = re.compile(
    r"(?:resolutions?|decisions?|articles?|art\.|paragraphs?|paras?\.|Nos?\.|items?|Panel|Goals?|Targets?|targets?|tables?|Tables?|annex|Annex|"
    r"sections?|chapters?|figures?|Group of|[Pp]ages?|p\.|vol\."
    r"|\bper|phase|Part|part|series|version|INF\.|Add\.|Rev\.|Corr\.)\s*$"
)
_STOP = STOP_WORDS.union(["since", "under", "over", "within", "while", "where", "when", "but", "during"])
_MINUS = r"(?:(?P<minus>minus |negative |[−-])(?=\d|" + WORD + r"))?"
_AMOUNT = re.compile(
    rf"(?<![\w/.,\-–−$])(?:(?P<q>{BEFORE}) )?(?P<range>(?:between|from) )?"
    rf"(?:(?P<cur>{CURRENCY})\s?(?P<m>{MONEY_NUMBER})"
    rf"(?:\s?(?P<mdash>–|-|to|(?(range)and|to))\s?(?:(?:{CURRENCY})\s?)?(?P<m2>{MONEY_NUMBER}))?"
    rf"|(?P<outof>{OUT_OF})"
    rf"|(?P<part>{PART}) of (?P<whole>a (?:{SCALE}))|(?P<half>half) (?P<halved>a (?:{SCALE}))"
    rf"|(?P<share>{SHARE})(?![\w-])"
    rf"|{_MINUS}(?P<n>{NUMBER})"
    rf"(?:(?: per cent| percent|%)?\s?(?P<dash>–|-|to|(?(range)and|to))\s?(?P<n2>{NUMBER}))?)"
    rf"(?![\w/]|[.,]\d)",
    re.IGNORECASE,
)
_CHANGE = re.compile(
    r"\b(?:r[io]se|risen|grew|grown|grow|fell|fall(?:en|s)?|dropp?(?:ed|s)?|declin\w+|decreas\w+|"
    r"increas\w+|reduc\w+|went|gone|pass(?:ed)?|mov(?:ed|ing)|chang\w+|lower\w*|cut|doubl\w+|tripl\w+|"
    r"shr[aiu]nk) (?:\w+ ){0,3}$",
    re.IGNORECASE,
)
_BARE = re.compile(rf"(?:{SCALE}|bn|mn|tn)$|\d[, \u202f]\d{{3}}$", re.IGNORECASE)
_FROM = re.compile(r"(?:up|down) from$|(?:compared (?:with|to)|as against|against|from)$", re.IGNORECASE)
_NUMBER_OF = re.compile(
    r"\b(?:number|total|stock|population) of (?:[\w-]+ ){0,2}?(?P<what>[a-z-]+s|people)\b"
)
_YEAR = re.compile(
    r"(?<![\w/.,$\-])(?:(?:by|since|in|of|until|before|after) (?:the end of )?)?"
    r"((?:19|20)\d{2})(?![\w/]|[.,]\d|-\d)"
)
_RANGE_DATE = re.compile(
    rf"(?<!\d)(\d{{1,2}})(?: to |–|-| and )(\d{{1,2}}) ({'|'.join(MONTHS)}) (\d{{4}})\b", re.IGNORECASE
)
_UNIT = re.compile(
    r"\s?(?P<pct>percentage points?|per cent|percent|%)|\s(?P<words>[A-Za-z][\w-]*(?: [A-Za-z][\w-]*){0,3})"
)
_AFTER = re.compile(rf"^[^.;\d]{{0,25}}?\b(?P<p>{_PERIOD})")
_BY = re.compile(r"^[^.;:]{0,200}?\b(?P<p>by (?:the end of )?(?:19|20)\d{2})(?!\d)")
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
    if not re.search(
        rf"\d|\b(?:{WORD}|half|quarters?|thirds?|fifths?|tenths?|dozen|{SCALE})\b", text, re.IGNORECASE
    ):
        return []
    place = (paragraph, statement.id, statement.start)
    taken: list[tuple[int, int]] = []
    periods: list[tuple[int, int]] = []
    found: list[Quantity] = []
    for quantity, *span in chain(_dates(text, place), _amounts(text, place), _years(text, place)):
        start, end = span
        # Two amounts may share the end of a period; what is within one is no quantity of its own.
        inside = [(a, b) for a, b in periods if quantity.kind != "amount" or (a <= start and end <= b)]
        others = taken + inside
        if all(end <= a or start >= b for a, b in others):
            taken.append((start, end))
            found.append(quantity)
            if quantity.kind == "amount" and quantity.period:
                periods += _period_spans(text, start, end, quantity.period)
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
    last: str | None = None
    for match in _AMOUNT.finditer(text):
        for found in _read(text, match, last):
            last = found.unit if found.unit != "share" else last
            yield _quantity(
                place, text, found.start, found.end, "amount", found.value, found.low, found.high,
                found.unit, period=found.period, qualifier=found.qualifier, bound=found.bound,
            )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Amount:
    """An amount as it stands in a sentence."""

    start: int
    end: int
    first: float
    last: float
    unit: str
    period: str | None
    qualifier: str | None
    bound: str | None

    @property
    def value(self) -> float:
        return (self.first + self.last) / 2

    @property
    def low(self) -> float | None:
        return ends(self.first, self.last, self.bound)[0]

    @property
    def high(self) -> float | None:
        return ends(self.first, self.last, self.bound)[1]


def _read(text: str, match: re.Match[str], last: str | None) -> Iterator[_Amount]:
    """The amounts of one match: one, or two where "from 9 to 6 per cent" tells a change."""
    values = _values(match)
    if values is None or _NOT_BEFORE.search(text[: match.start()].rstrip()[-20:]):
        return
    first, second = values
    start, end, qualifier = match.start(), match.end(), (match["q"] or "").lower() or None
    bound = bound_of(qualifier)
    if behind := bound_after(text[end:]):
        qualifier, bound, end = behind[0], behind[1], end + 1 + len(behind[0])
    unit, end = _unit(text, match, end, last)
    if unit is None:
        return
    if behind := bound_after(text[end:]):
        qualifier, bound, end = behind[0], behind[1], end + 1 + len(behind[0])
    span = _SPAN.match(text[end:])
    if span:
        end += span.end()
    period = span["p"] if span else None if unit == "years" else _period(text, match.start(), end)
    if second is not None and _two(text, match, first, second):
        between = len(text[: match.start("dash")].rstrip())
        yield _Amount(start, between, first, first, unit, None, qualifier, bound)
        yield _Amount(match.start("n2"), end, second, second, unit, period, None, None)
    elif second is None or first <= second:
        high = first if second is None else second
        yield _Amount(start, end, first, high, unit, period, qualifier, bound)


def _two(text: str, match: re.Match[str], first: float, second: float) -> bool:
    """Whether two numbers are the ends of a change and not of a range."""
    if match["dash"] != "to":
        return False
    told = (match["range"] or "").strip().lower() == "from"
    return told and (first > second or _CHANGE.search(text[: match.start()]) is not None)


def _values(match: re.Match[str]) -> tuple[float, float | None] | None:
    if match["outof"]:
        share = out_of(match["outof"])
        return (share, None) if 0 < share < 1 else None
    if match["part"]:
        return part_of(match["part"]) * SCALES[match["whole"].split()[1].lower()], None
    if match["half"]:
        return 0.5 * SCALES[match["halved"].split()[1].lower()], None
    if match["share"]:
        return part_of(match["share"]), None
    words, more = (match["m"], match["m2"]) if match["cur"] else (match["n"], match["n2"])
    sign = -1.0 if match["minus"] else 1.0
    first = sign * value_of(words)
    if more is None:
        return first, None
    scale = scale_at_end(more)
    if scale and scale_at_end(words) is None:
        first *= scale
    return first, value_of(more)


def _unit(text: str, match: re.Match[str], end: int, last: str | None) -> tuple[str | None, int]:
    """The unit of a number, and where it ends; None where the number counts nothing."""
    if match["outof"] or match["share"]:
        return _share_of(text, match)
    if match["cur"]:
        return money(match["cur"]), end
    if rate := _RATE.match(text[end:]):
        return f"per {rate['base'].replace(',', '')} {rate['who']}", end + rate.end()
    found = _UNIT.match(text, end)
    if found is not None and found["pct"]:
        return ("percentage points" if "point" in found["pct"] else "per cent"), found.end()
    unit, counted = (None, end) if found is None else _counted(text, end, found, match)
    if unit is None and _may_be_bare(text, match, last):
        told = _NUMBER_OF.search(text[: match.start()])
        return last or (told["what"] if told else "number"), end
    return unit, counted


def _share_of(text: str, match: re.Match[str]) -> tuple[str | None, int]:
    end = match.end()
    of = re.match(r" of (?:all |the |its |their )*[\w-]+", text[end:])
    if match["outof"]:
        counted = of or re.match(r" (?!(?:and|or|to|per|in|of)\b)[a-z][\w-]*", text[end:])
        return "share", end + (counted.end() if counted else 0)
    if re.match(r" of (?:19|20)\d{2}", text[end:]):
        return None, end
    before = text[: match.start("share")]
    words = match["share"].lower()
    if words in ("half", "one half", "a half"):
        whole = of or re.match(r" (?:the|its|their|all|every)\b", text[end:])
        counts = whole is not None or re.search(r"\bby (?:\w+ )?$", before) is not None
    elif words.startswith("a ") or re.search(r"\bthe $", before):
        # "a third attempt" and "the one third party" are no shares.
        counts = of is not None or re.match(
            r"$|[.,;:)]| (?:more|less|fewer|lower|higher|as|in|by)\b", text[end:]
        )
    else:
        counts = True
    return ("share" if counts else None), end + (of.end() if of else 0)


def _may_be_bare(text: str, match: re.Match[str], last: str | None) -> bool:
    """Whether a number without a noun counts: a large one, or one that is compared with what was counted."""
    words = match["n2"] or match["n"]
    if words is None or re.match(r"-\w|\s*°", text[match.end() :]):
        return False
    before = text[: match.start()].rstrip()
    told = (match["range"] or "").strip().lower() == "from" or _FROM.search(before) is not None
    compared = last is not None and told
    return _BARE.search(words) is not None or (compared and not re.fullmatch(r"(?:19|20)\d{2}", words))


def _counted(text: str, end: int, found: re.Match[str], match: re.Match[str]) -> tuple[str | None, int]:
    at = found.start("words")
    number = (match["n"] or match["whole"] or match["halved"] or "").lower()
    words = found["words"].split()
    if re.fullmatch(r"(?:19|20)\d{2}|one", number) and not _known_unit(words[0]):
        return None, end
    if capitals := re.match(
        r"(?:Member|Contracting) States|(?:Heads|States) (?:of \w+|[Pp]arties)", found["words"]
    ):
        return capitals.group(), at + capitals.end()
    if "United States dollar" in found["words"]:
        return "USD", at + found["words"].index("dollar") + len("dollars")
    for word in words:
        if word.lower() in _STOP or word.lower() in MONTHS:
            break
        at += len(word)
        if _known_unit(word) or (word.endswith("s") and not word.endswith(("ss", "ous", "us"))):
            unit = money(word) or word
            rate = _RATE.match(text[at:])
            per = f" per {rate['base'].replace(',', '')} {rate['who']}" if rate else ""
            return unit + per, at + (rate.end() if rate else 0)
        at += 1
    return None, end


def _known_unit(word: str) -> bool:
    return word.lower() in (
        "people", "persons", "women", "men", "children", "staff", "dollars", "euros", "year", "day",
        "month", "person",
        "country", "physician", "nurse", "workers", "migrants", "doctor", "week",
    )  # fmt: skip


def _period(text: str, start: int, end: int) -> str | None:
    after = _AFTER.match(text[end:]) or _BY.match(text[end:])
    if after:
        return after["p"]
    if leading := re.match(r"(by (?:the end of )?(?:19|20)\d{2}), ", text, re.IGNORECASE):
        return leading[1].lower() if start >= leading.end() else None
    before = re.search(
        rf"(?:^(?P<p>{_PERIOD}),? [^.;\d]{{0,160}}|, (?P<p2>{_PERIOD}), [^.;,\d]{{0,60}})$",
        text[:start],
        re.IGNORECASE,
    )
    return (before["p"] or before["p2"]).lower() if before else None
