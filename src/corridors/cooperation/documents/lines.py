"""From lines to blocks: page furniture, footnotes, tables and hyphens are dealt with here."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from corridors.cooperation.documents.markers import (
    ANNEX,
    CLOSING,
    LABELLED,
    OPENING,
    VERB_3,
    ended,
    note_number,
    recital,
)
from corridors.cooperation.documents.parts import Block, Finding, Footnote

SYMBOL = r"[A-Z][A-Z0-9]{0,6}(?:/[A-Z0-9][A-Za-z0-9.\-]*)+(?:\(\w+\))?|CHM/CRP\.\d+"
_JOB = r"\d{2}-\d{5}"
_PAGE = r"(?:[Pp]age\s+)?\d{1,4}(?:\s?(?:/|of)\s?\d{1,4})?"
FURNITURE = re.compile(
    rf"^(?:(?:{SYMBOL})|{_JOB}(?:\s*\([A-Z]\))?(?:\s+\d{{6}})?|{_PAGE}\s+{_JOB}|{_JOB}\s+{_PAGE}"
    rf"|(?:{SYMBOL})\s+{_PAGE}|{_PAGE}\s+(?:{SYMBOL})|\*\d{{7,}}\*|/\.\.\.|(?:English )?[Pp]age \d{{1,4}}"
    r"(?:\s?(?:/|of)\s?\d{1,4})?)$"
)
_SURE = re.compile(rf"{_JOB}|\*\d{{7,}}\*|/\.\.\.|[Pp]age")
_BARE_PAGE = re.compile(rf"^{_PAGE}$|^(?:English|French|Spanish|Arabic|Chinese|Russian)$")
_RULE = re.compile(r"^[_—–-]{5,}$")
_NOTE = re.compile(r"^\s{0,8}([⁰¹²³⁴-⁹]{1,3}|\[\d{1,3}\]|\d{1,3}|\*{1,3}|[a-z])(?:/|\s)\s*(?=\S)")
_SUPER_NOTE = re.compile(r"^\s{0,8}([⁰¹²³⁴-⁹]{1,3})\s?(?=\S)")
MARKER = re.compile(
    r"^\s*(?:\d{1,3}(?:\s?bis|\s?ter)?[.．、]\s?(?=\D)|\([a-zA-Z]{1,5}\)\s|\([0-9]{1,2}\)\s|[a-z]\)\s"
    r"|[–—•*▪-]\s+\S|[IVXL]{1,6}\.\s)"
)
_NUMERAL = re.compile(r"[IVXL]{1,6}\.")
_BARE_TITLE = re.compile(r"^[A-Z][^.;:,]{2,70}$")
_OPEN = re.compile(
    r"(?:^|\s)(?:the|a|an|of|on|in|at|to|and|or|by|for|with|from|about|than|only|over|under|per|no|nos|resolution|"
    r"decision|item|article|paragraph|para|section|chapter|table|page|\d+|[A-Za-z]+\.)$",
    re.IGNORECASE,
)
_COUNTED = re.compile(r"^\s*\d{1,3}\.\s+[A-ZÀ-Þ]")
_FIRST = re.compile(r"^\s*1\.\s+[A-ZÀ-Þ]")
_STARTS_ARABIC = re.compile(r"^\s*\d{1,3}\s?[-–]\s")
_TITLE = re.compile(r"^(?:[IVXL]{1,6}|[A-Z])\.\s+[A-ZÀ-Þ].{1,100}[^.;:,]$")
_HYPHENATED = ("well", "non", "self", "co", "ex", "anti", "cross", "multi", "inter", "intra", "pre", "post")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page."""

    text: str
    page: int
    after_page: bool


@dataclass(frozen=True, slots=True)
class Lined:
    """Blocks of a text, and what was set apart from them."""

    blocks: tuple[Block, ...]
    footnotes: tuple[Footnote, ...]
    furniture: tuple[str, ...]
    findings: tuple[Finding, ...]


def clean(text: str) -> str:
    r"""Text with one kind of line end, space and character form, without control characters.

    Parameters
    ----------
    text
        Any text.

    Examples
    --------
    >>> clean("cafe\u0301\r\n\u00adx\u00a0y")
    'café\nx y'
    """
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    # A hyphen that only shows at the end of a line is an ordinary one there.
    text = re.sub(r"[\u00ad\u2010](?=[ \t]*\n)", "-", text)
    # Some PDF files write every hyphen as a soft one; in a job number it is meant.
    text = re.sub(r"(?<=\d)\u00ad(?=\d)", "-", text)
    text = re.sub(r"[\u2028\u2029\x0b\x1c-\x1e\x85]", "\n", text)
    text = re.sub(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]", "", text)
    return re.sub(r"[\x00-\x08\x0e-\x1b\x1f\x7f\ud800-\udfff\ufffe\uffff]", " ", text.replace("\u00a0", " "))


def blocks_of(text: str) -> Lined:
    r"""Blocks of a plain text.

    Parameters
    ----------
    text
        Lines; form feeds between pages where the text has pages.

    Returns
    -------
    Lined
        Every word of the text is in its blocks, footnotes or furniture.

    Examples
    --------
    >>> found = blocks_of("1. Migrants are entre-\npreneurs.\n\n11-49374  3\n\fA/65/944\n2. So be it.")
    >>> [block.text for block in found.blocks], found.furniture
    (['1. Migrants are entrepreneurs.', '2. So be it.'], ('11-49374 3', 'A/65/944'))
    """
    pages = clean(text).split("\f")
    kept, furniture = _without_furniture([page.split("\n") for page in pages])
    body, footnotes = _without_footnotes(kept)
    vocabulary = set(re.findall(r"\w+-\w+", text))
    findings: list[Finding] = []
    blocks: list[Block] = []
    for group in _groups(body):
        blocks += _group_blocks(group, vocabulary, findings)
    rules = [line.text.strip() for line in body if _RULE.match(line.text.strip())]
    if furniture:
        findings.append(
            Finding(
                "furniture", "document", f"{len(furniture)} line(s) of page headers and footers taken out"
            )
        )
    return Lined(tuple(blocks), tuple(footnotes), (*furniture, *rules), tuple(findings))


def _without_furniture(pages: list[list[str]]) -> tuple[list[Line], list[str]]:
    repeated = _repeated(pages)
    kept: list[Line] = []
    gone: list[str] = []
    for number, lines in enumerate(pages, 1):
        full = [i for i, line in enumerate(lines) if line.strip()]
        edge = {*full[:3], *full[-3:]} if len(pages) > 1 else set()
        drop = _furniture_lines(lines, edge, repeated, first=number == 1)
        gone += [" ".join(lines[i].split()) for i in sorted(drop)]
        drop_after = drop if drop and not edge and number == 1 else set[int]()
        fresh = number > 1
        broken = False
        for i, line in enumerate(lines):
            if i in drop:
                broken = broken or i in drop_after
                continue
            if broken and not line.strip():
                continue
            kept.append(Line(line, number, (fresh or broken) and bool(line.strip())))
            fresh, broken = fresh and not line.strip(), broken and not line.strip()
    return kept, gone


def _repeated(pages: list[list[str]]) -> set[str]:
    """Lines that stand at the edge of three pages or more, whatever their digits."""
    if len(pages) < 3:
        return set()
    count: Counter[str] = Counter()
    for lines in pages:
        full = [line.strip() for line in lines if line.strip()]
        count.update({_masked(line) for line in (*full[:2], *full[-2:]) if len(line) < 90})
    # Running prose ends with a stop or begins with a small letter; headers and footers do not.
    often = {line for line, times in count.items() if times >= 3 and times > 0.5 * len(pages)}
    return {line for line in often if not (line[:1].islower() or line.endswith((".", ";", ":", ",")))}


def _masked(line: str) -> str:
    return re.sub(r"\d+", "0", " ".join(line.split()))


def _furniture_lines(lines: list[str], edge: set[int], repeated: set[str], *, first: bool) -> set[int]:
    stripped = [" ".join(line.split()) for line in lines]
    sure = {
        i
        for i, line in enumerate(stripped)
        if line and len(line) < 90 and FURNITURE.match(line)
        and (i in edge or _SURE.search(line)) and not (first and _head(stripped, i))
    }  # fmt: skip
    sure |= {
        i for i in edge if not (first and _head(stripped, i))
        and _masked(stripped[i]) in repeated and not MARKER.match(stripped[i])
    }  # fmt: skip
    if not edge:
        sure |= _with_neighbours(stripped, sure)
    return sure | {i for i in edge if _BARE_PAGE.match(stripped[i])}


def _head(lines: list[str], i: int) -> bool:
    """Whether a line belongs to the masthead, which is kept for its metadata."""
    return sum(bool(line) for line in lines[: i + 1]) <= 3 and not _SURE.search(lines[i])


def _with_neighbours(lines: list[str], sure: set[int]) -> set[int]:
    """Symbols and languages among sure furniture, where the text has no form feeds."""
    more: set[int] = set()
    for i in sorted(sure):
        for step in (-1, 1):
            j = i + step
            while 0 <= j < len(lines) and (
                not lines[j] or j in sure or FURNITURE.match(lines[j]) or _BARE_PAGE.match(lines[j])
            ):
                if lines[j] and not _head(lines, j):
                    more.add(j)
                j += step
    return more


def _without_footnotes(lines: list[Line]) -> tuple[list[Line], list[Footnote]]:
    """Take out footnotes: after a rule until the page ends, or lines that begin with raised digits."""
    body: list[Line] = []
    notes: list[Footnote] = []
    state = ""
    for i, line in enumerate(lines):
        text = line.text.strip()
        if _RULE.match(text) and _NOTE.match(_next_full(lines, i)):
            state = "ruled"
            body.append(line)
            continue
        if state and (line.after_page or (state == "raised" and not text)):
            state = ""
        raised = _SUPER_NOTE.match(line.text)
        if state == "" and raised and _previous_empty(lines, i):
            state = "raised"
        if not state:
            body.append(line)
            continue
        mark = _NOTE.match(line.text) if state == "ruled" else raised
        mark = mark or raised
        if mark and (not notes or _follows(notes[-1].number, mark.group(1)) or raised):
            number = note_number(mark.group(1))
            notes.append(Footnote(number, " ".join(line.text[mark.end() :].split()), line.page))
        elif text and notes:
            notes[-1] = replace(notes[-1], text=f"{notes[-1].text} {' '.join(text.split())}")
        elif text:
            body.append(line)
    return body, notes


def _next_full(lines: list[Line], i: int) -> str:
    return next((line.text for line in lines[i + 1 : i + 4] if line.text.strip()), "")


def _previous_empty(lines: list[Line], i: int) -> bool:
    return i == 0 or not lines[i - 1].text.strip() or lines[i].after_page


def _follows(last: str, mark: str) -> bool:
    mark = note_number(mark)
    return not (last.isdigit() and mark.isdigit()) or 0 < int(mark) - int(last) < 10


def _groups(lines: list[Line]) -> Iterator[list[Line]]:
    """Lines between blank lines and page breaks."""
    group: list[Line] = []
    for line in lines:
        if not line.text.strip() or line.after_page or _RULE.match(line.text.strip()):
            if group:
                yield group
            group = []
        if line.text.strip() and not _RULE.match(line.text.strip()):
            group.append(line)
    if group:
        yield group


def _with_numerals(group: list[Line]) -> list[Line]:
    """Lines of which one that is only "IV." is put before the title below it."""
    whole: list[Line] = []
    for line in group:
        if whole and _NUMERAL.fullmatch(whole[-1].text.strip()) and line.text.strip()[:1].isupper():
            whole[-1] = replace(whole[-1], text=f"{whole[-1].text.strip()} {line.text.strip()}")
        else:
            whole.append(line)
    return whole


def _tabular(group: list[Line]) -> bool:
    cells = [len(re.split(r"\s{2,}|\t|\s\|\s", line.text.strip())) for line in group]
    return len(group) >= 2 and sum(count >= 3 for count in cells) >= max(2, 0.7 * len(group))


def _group_blocks(group: list[Line], known: set[str], findings: list[Finding]) -> Iterator[Block]:
    group = _with_numerals(group)
    first = group[0]
    if _tabular(group):
        rows = (" | ".join(re.split(r"\s{2,}|\t|\s\|\s", line.text.strip())) for line in group)
        yield Block("\n".join(rows), "table", first.page, after_page=first.after_page)
        return
    start = 0
    for i in range(1, len(group) + 1):
        if i == len(group) or _parted(group, i) or _begins(group[i - 1].text, group[i].text):
            text = joined((line.text for line in group[start:i]), known, findings, group[start].page)
            strong = start == 0 or _parted(group, start) or _is_heading(group, start - 1)
            yield Block(text, "text", group[start].page, strong, group[start].after_page)
            start = i


def _parted(group: list[Line], i: int) -> bool:
    """Whether a line of a group surely begins anew: a heading, an annex, the parts of a resolution."""
    before, line = group[i - 1].text.strip(), group[i].text.strip()
    alone = any(ANNEX.match(text) or OPENING.match(text) for text in (before, line))
    clause = recital(line) or VERB_3.match(line) is not None
    clause = clause and (before.endswith(",") or OPENING.match(before) is not None)
    closing = CLOSING.match(line) is not None and ended(before)
    return (
        alone or clause or closing or LABELLED.match(line) is not None or _is_heading(group, i)
        or _is_bare_heading(group, i) or _is_outcome(group, i)
    )  # fmt: skip


def _is_bare_heading(group: list[Line], i: int) -> bool:
    """Whether a line without a number is a heading: behind the end of a paragraph, before a numbered one."""
    if i + 1 >= len(group) or not _BARE_TITLE.match(group[i].text.strip()):
        return False
    return ended(group[i - 1].text.rstrip()) and _COUNTED.match(group[i + 1].text) is not None


def _is_outcome(group: list[Line], i: int) -> bool:
    """Whether a line is the title of what a resolution adopts, or the "We, …" below such a title."""
    before, line = group[i - 1].text.strip(), group[i].text.strip()
    adopts = any(one.text.strip().startswith("Adopts the following") for one in group[max(0, i - 4) : i])
    title = adopts and before.endswith(":") and line[:1].isupper()
    return title or (line.startswith("We, ") and not re.search(r"[.;:,]$", before))


def _begins(before: str, line: str) -> bool:
    """Whether a line inside a group may begin a paragraph; numbers are weighed by the splitter."""
    if not (MARKER.match(line) or _STARTS_ARABIC.match(line)):
        return False
    if _FIRST.match(line) and not _OPEN.search(before.rstrip()):
        return True
    # Wrapped prose may put "19. " or "(a) " at the start of a line; a sentence ended before a true start.
    return ended(before.rstrip()) or before.rstrip().endswith(",") or _short(before)


def _is_heading(group: list[Line], i: int) -> bool:
    """Whether a line of a group is a numbered heading, as in files that keep no blank lines."""
    if not 0 <= i < len(group) - 1 or not _TITLE.match(group[i].text.strip()):
        return False
    closed = i == 0 or ended(group[i - 1].text.rstrip()) or _TITLE.match(group[i - 1].text.strip())
    after = group[i + 1].text.strip()
    return bool(closed or _short(group[i - 1].text)) and bool(MARKER.match(after))


def _short(line: str) -> bool:
    return len(line.strip()) < 60 and not re.search(r"-$|\b(?:the|of|on|and|to|in)$", line.rstrip())


def joined(
    lines: Iterable[str], known: set[str], findings: list[Finding] | None = None, page: int = 1
) -> str:
    """Lines as one, words broken at line ends put together.

    Parameters
    ----------
    lines
        The lines.
    known
        Words with hyphens inside that the document uses elsewhere; these keep theirs.
    findings
        Where to note what was put together.
    page
        Where the lines stand, for findings.

    Examples
    --------
    >>> joined(["the work of entre-", "preneurs and their well-", "being"], set())
    'the work of entrepreneurs and their well-being'
    """
    text = ""
    for line in lines:
        words = " ".join(line.split())
        broken = re.search(r"(\w+)-$", text)
        if not broken or not words[:1].islower():
            text = f"{text} {words}".strip()
            continue
        head, tail = broken.group(1), re.match(r"\w+", words)
        whole = f"{head}-{tail.group() if tail else ''}"
        keep = whole in known or head.lower() in _HYPHENATED
        text = (text if keep else text[:-1]) + words
        if findings is not None and not keep:
            findings.append(Finding("hyphen_joined", f"page {page}", f"'{whole}' read without its hyphen"))
    return text
