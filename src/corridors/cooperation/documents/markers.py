"""Markers of list items and of footnotes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from corridors.cooperation.documents.parts import Block, Finding, Footnote, Paragraph

_ROMAN = re.compile(r"^[ivxl]+$")
NUMBER = re.compile(r"^\s*(\d{1,3})\s?(bis|ter)?\s?(?:[.．、](?!\d)|\)(?=\s)|\s[-–](?=\s))\s*")
ITEM = re.compile(r"^\s*\(?([a-z]{1,5}|[A-Z]|\d{1,2})\)\s+|^\s*([–—•*▪-])\s+")
ANNEX = re.compile(
    r"^(?:Annex|Appendix|Annexe|Anexo|Apéndice|Enclosure|Приложение|附件|المرفق)\s*([IVXL]{1,5}|\d{1,2}|[A-Z])?[.:]?$"
)
OPENING = re.compile(
    r"^(?:The (?:[A-Z][\w'’-]*(?: (?:and|of|on|the|for|in))* ?){1,12}|L['’]Assemblée générale|La "
    r"Asamblea General"
    r"|Le Conseil [\w ,'’-]{3,60}|El Consejo [\w ,'’-]{3,60}|Генеральная Ассамблея|大会|إن الجمعية "
    r"العامة)\s?[,،，]$"
    r"|^The (?:General Assembly|(?:[A-Z][\w-]+ ){1,3}(?:Council|Conference|Committee|Commission|Board))$"
)
CLOSING = re.compile(
    r"^\d+\w* (?:\(\w+\) )?(?:plenary )?(?:meeting|séance|sesión)\b|^\d{1,2} \w+ \d{4}$|^\[Adopted "
)
LABELLED = re.compile(
    r"^((?:Objective|Action area|Action track|Cluster|Pillar|Theme|Chapter|Part|Priority|Principle) "
    r"(?:\d{1,2}|[IVX]{1,5}))\s?[:.–—-]\s*(\S.*)$"
)
VERB_3 = re.compile(r"^(?:Also |Further |Strongly |Solemnly )?[A-Z][a-z]+(?:s|es)\b")
_RECITAL = re.compile(
    r"^(?:(?:Deeply|Gravely|Also|Further|Fully|Recalling|Noting) )*"
    r"(?:[A-Z]?[a-z]+(?:ing|ed)|Mindful|Aware|Conscious|Cognizant|Having)\b"
)
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


def recital(line: str) -> bool:
    """Whether a line begins as the preambular paragraphs of resolutions do.

    Examples
    --------
    >>> recital("Deeply concerned about the cost"), recital("Migrants and their families")
    (True, False)
    """
    return _RECITAL.match(line.strip()) is not None


def missing_before(before: str | None, marker: str) -> str | None:
    """Markers that a list passes over before one, in words; None where nothing is missing or all is unclear.

    Parameters
    ----------
    before
        The marker before it at the same depth; None for the first.
    marker
        The marker.

    Examples
    --------
    >>> missing_before("a", "c"), missing_before("b", "c"), missing_before("i", "iv")
    ('(b)', None, '(ii) to (iii)')
    """
    style = _counted_as(before, marker)
    if style is None:
        return None
    last = _place(before, style) if before is not None else 0
    gone = [_marker(number, style) for number in range(last + 1, _place(marker, style))]
    if not gone or len(gone) > 20:
        return None
    return f"({gone[0]})" if len(gone) == 1 else f"({gone[0]}) to ({gone[-1]})"


def _counted_as(before: str | None, marker: str) -> str | None:
    both = [text.lower() for text in (before, marker) if text is not None]
    if all(text.isdigit() for text in both):
        return "digit"
    if all(_ROMAN.match(text) for text in both) and (before is not None or len(marker) > 1 or marker == "i"):
        return "roman"
    return "letter" if all(len(text) == 1 and text.isalpha() for text in both) else None


def _place(marker: str, style: str) -> int:
    if style == "digit":
        return int(marker)
    return _roman(marker.lower()) if style == "roman" else ord(marker.lower()) - 96


def _marker(number: int, style: str) -> str:
    if style == "letter":
        return chr(96 + number)
    tens, ones = divmod(number, 10)
    units = ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")
    return str(number) if style == "digit" else "x" * tens + units[ones]


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
    if marker and style == "roman" and len(marker) == 1 and marker != "i":
        # V, X and L count on from a Roman number not far below, or are letters.
        romans = [_roman(before) for before, _ in items[1:] if _style(before) == "roman"]
        near = romans and 0 < _roman(marker) - romans[-1] <= 5
        style = style if near else "letter"
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
