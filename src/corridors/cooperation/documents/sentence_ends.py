"""Sentences of a paragraph, by a splitter that knows the abbreviations of official texts."""

from __future__ import annotations

import re

_ABBREVIATIONS = frozenset(
    [
        "mr",
        "mrs",
        "ms",
        "dr",
        "st",
        "no",
        "nos",
        "art",
        "arts",
        "para",
        "paras",
        "vol",
        "vols",
        "fig",
        "figs",
        "ed",
        "eds",
        "cf",
        "e.g",
        "i.e",
        "etc",
        "p",
        "pp",
        "ch",
        "chap",
        "chs",
        "sect",
        "sects",
        "al",
        "rev",
        "add",
        "corr",
        "jan",
        "feb",
        "mar",
        "apr",
        "jun",
        "jul",
        "aug",
        "sept",
        "sep",
        "oct",
        "nov",
        "dec",
        "prof",
        "gen",
        "col",
        "hon",
        "excl",
        "incl",
        "approx",
        "u.s",
        "u.k",
        "u.n",
        "op",
        "cit",
        "ibid",
        "v",
        "vs",
        "distr",
        "res",
        "doc",
        "docs",
        "ex",
        "h.e",
        "jr",
        "sr",
        "inc",
        "ltd",
        "co",
        "dept",
        "gov",
        "ver",
        "annex",
    ]
)
_END = re.compile(
    r"[.!?…]['\"”’)\]]*(?:\[\d{1,3}\]|[⁰¹²³⁴-⁹]{1,3}|(?<=\.)\d{1,2}(?=\s))?(?=\s+['\"“‘(\[]*[A-ZÀ-Þ0-9А-Я])|[。？！؟]"
)
_LAST = re.compile(r"([\w.]+)\.['\"”’)\]]*$")
_NUMBERED = ("Annex", "Part", "Panel", "Table", "Chapter", "Section", "Phase", "Appendix")
# After these an end is an end, though the abbreviation often closes a sentence.
_MAY_END = frozenset(("etc", "al", "inc", "ltd", "u.s", "u.k", "u.n", "jr", "sr", "cit"))

# Words that say nothing of what a sentence is about.
_STOP_WORDS = (
    "and or of in on at to for by with from as the a an that which who is are was were has have had be per "
    "than between not its their his her it they this these those also into after before other more"
)
STOP_WORDS = frozenset(_STOP_WORDS.split())


def sentences(text: str) -> list[tuple[int, int]]:
    """Where the sentences of a paragraph begin and end.

    Parameters
    ----------
    text
        A paragraph.

    Returns
    -------
    list of (start, end)
        Spans without the white space between them; together they hold every word.

    Examples
    --------
    >>> text = "Mr. Lee cited art. 5 of No. 97. St. Lucia agreed (see para. 3). So did others."
    >>> [text[a:b] for a, b in sentences(text)]
    ['Mr. Lee cited art. 5 of No. 97.', 'St. Lucia agreed (see para. 3).', 'So did others.']
    """
    found: list[tuple[int, int]] = []
    start = _skip(text, 0)
    for match in _END.finditer(text):
        end = match.end()
        if end > start and not _abbreviated(text[start:end], text[end:]):
            found.append((start, end))
            start = _skip(text, end)
    tail = len(text.rstrip())
    if tail > start:
        found.append((start, tail))
    return found


def _skip(text: str, at: int) -> int:
    while at < len(text) and text[at].isspace():
        at += 1
    return at


def _abbreviated(before: str, after: str) -> bool:
    match = _LAST.search(before[-24:])
    if match is None:
        return False
    word = match.group(1).lower()
    following = after.lstrip()[:1]
    if word in ("no", "nos", "p", "pp", "v", "fig", "sect", "art"):
        # "the answer was no. The" ends a sentence; "No. 97" does not.
        return following.isdigit() or (word in ("fig", "sect", "art", "v") and following.islower())
    if word in _MAY_END:
        return False
    if len(word) == 1 and word.isalpha() and match.group(1).isupper():
        # "Ms. A. Okoro", but not "contained in annex I. It".
        earlier = before[: len(before) - len(match.group())].split()
        return not earlier or (earlier[-1][:1].isupper() and earlier[-1] not in _NUMBERED)
    return word in _ABBREVIATIONS
