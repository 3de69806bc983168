"""Markers of list items and of footnotes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from corridors.cooperation.documents.parts import Block, Finding, Footnote, Paragraph

_ROMAN = re.compile(r"^[ivxl]+$")
# A mark of a footnote; one without brackets that is not raised (the group) may as well be a number.
MARK = re.compile(r"[⁰¹²³⁴-⁹]+|\[\d{1,3}\]|(?<=[a-z.,;)”\"])(?P<bare>\d{1,2})(?=[\s,;]|$)")
_STOP = r"[.;:!?。؛؟…]['\"”’)\]]*"
_NOTE = r"(?:\[?[⁰¹²³⁴-⁹\d]{1,3}\]?)?$"
_ENDED = {False: re.compile(_STOP + _NOTE), True: re.compile(_STOP + r"\s?" + _NOTE)}
_SUPER = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")


def ended(text: str, *, spaced: bool = False) -> bool:
    """Whether a text ends as a sentence or a clause does, with or without the mark of a footnote.

    Parameters
    ----------
    text
        A line or a paragraph, without blanks at its end.
    spaced
        Whether the mark may stand apart, as in a paragraph put together from lines. At the end of a
        line a number that stands apart belongs to what follows ("art. 3").

    Examples
    --------
    >>> ended("was adopted.²"), ended("under art. 3"), ended("was adopted. 2", spaced=True)
    (True, False, True)
    """
    return _ENDED[spaced].search(text) is not None


def note_number(mark: str) -> str:
    """The number of a footnote as plain digits, from its mark in a text.

    Examples
    --------
    >>> note_number("¹²"), note_number("[3]")
    ('12', '3')
    """
    return mark.strip("[]").translate(_SUPER)


def depth_of(items: Sequence[tuple[str, str]], marker: str | None) -> tuple[int, str]:
    """How deep a list item is, and its label, from the markers of the items open before it.

    Parameters
    ----------
    items
        Marker and paragraph of each level that is open; the first is the paragraph itself.
    marker
        Of the new item, or None for a bullet.

    Examples
    --------
    >>> depth_of([("", "p1"), ("a", "p1.a")], "i"), depth_of([("", "p1"), ("h", "p1.h")], "i")
    ((2, 'i'), (1, 'i'))
    """
    style = _style(marker)
    for depth in range(len(items) - 1, 0, -1):
        before = items[depth][0]
        if marker is None and before == "-":
            return depth, ""
        if marker and before != "-" and _next_marker(before, marker):
            return depth, marker
    if marker and style == "roman" and len(marker) == 1 and len(items) == 1 and marker != "i":
        style = "letter"
    same = [d for d in range(1, len(items)) if _style(items[d][0]) == style]
    return (same[-1] if same else len(items)), marker or ""


def _style(marker: str | None) -> str:
    if marker is None or marker == "-":
        return "bullet"
    return "digit" if marker.isdigit() else "roman" if _ROMAN.match(marker) else "letter"


def _roman(text: str) -> int:
    values = [{"i": 1, "v": 5, "x": 10, "l": 50}[c] for c in text]
    return sum(-v if v < max(values[i:], default=v) else v for i, v in enumerate(values))


def _next_marker(before: str, marker: str) -> bool:
    if before.isdigit() and marker.isdigit():
        return int(marker) == int(before) + 1
    if len(before) == len(marker) == 1 and ord(marker) == ord(before) + 1:
        return True
    return bool(_ROMAN.match(before) and _ROMAN.match(marker) and _roman(marker) == _roman(before) + 1)


def block_notes(blocks: Sequence[Block]) -> list[Footnote]:
    """Footnotes among blocks, by their own numbers or in order.

    Parameters
    ----------
    blocks
        Of a reader.

    Examples
    --------
    >>> block_notes([Block("3 See above.", "footnote")])
    [Footnote(number='3', text='See above.', page=1)]
    """
    notes: list[Footnote] = []
    for block in blocks:
        if block.kind == "footnote":
            mark = re.match(r"\[?(\d{1,3}|\*+)[\].]?\s+", block.text)
            number = block.number or (mark.group(1) if mark else str(len(notes) + 1))
            notes.append(Footnote(number, block.text[mark.end() :] if mark else block.text, block.page))
    return notes


def with_notes(
    paragraphs: Sequence[Paragraph], notes: Sequence[Footnote], findings: list[Finding]
) -> tuple[Paragraph, ...]:
    """Paragraphs with the numbers of the footnotes they refer to; what does not match is found.

    Parameters
    ----------
    paragraphs, notes
        As split.
    findings
        Where to add markers without a footnote and footnotes without a marker.
    """
    known = {note.number for note in notes}
    seen: set[str] = set()
    done: list[Paragraph] = []
    for paragraph in paragraphs:
        marks: list[str] = []
        for match in MARK.finditer(paragraph.text):
            number = note_number(match.group())
            if number in known:
                marks.append(number)
            elif not match["bare"]:
                findings.append(Finding("note_missing", paragraph.id, f"marker {number} has no footnote"))
        seen.update(marks)
        done.append(replace(paragraph, notes=tuple(marks)) if marks else paragraph)
    findings += [
        Finding("note_without_marker", f"page {n.page}", f"no paragraph refers to footnote {n.number}")
        for n in notes if n.number not in seen
    ]  # fmt: skip
    return tuple(done)
