"""Commitments and their verdicts as a note: in Markdown, or as a document for a word processor."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

import polars as pl

from corridors.atlas.indicators import indicators
from corridors.extras import need
from corridors.figure_age import judged_headline
from corridors.un_symbols import parted
from corridors.wording import counted, in_markdown, sentence

if TYPE_CHECKING:
    from docx.text.paragraph import Paragraph

TITLE = "Commitments on migration: what was promised, and what came of it"
_MARKS = {"title": "# ", "section": "## ", "entry": "### ", "text": "", "point": "- "}
_STYLES = {
    "title": "Title",
    "section": "Heading 1",
    "entry": "Heading 2",
    "text": "Normal",
    "point": "List Bullet",
}


class NoteWords(NamedTuple):
    """Words, and where they lead to."""

    words: str
    address: str | None = None


class NoteLine(NamedTuple):
    """A heading, paragraph or point; ``kind`` is a key of the marks and styles."""

    kind: str
    pieces: tuple[NoteWords, ...]


def note_of(rows: pl.DataFrame, as_of: str, statuses: Mapping[str, str]) -> list[NoteLine]:
    """A note on commitments, those of a status together.

    Parameters
    ----------
    rows
        Judgements, as of the table ``commitment``.
    as_of
        The day of judgement.
    statuses
        Statuses in the order they are shown, with what they mean.

    Examples
    --------
    >>> import polars as pl
    >>> from corridors.publish.verdict_note import as_markdown, note_of
    >>> rows = pl.DataFrame({"commitment": ["a"], "title": ["Hold a debate"], "status": ["met (documented)"],
    ...     "document": ["A/RES/63/225, 2008"], "explanation": ["By the record: held."], "data_note": [None]})
    >>> note = note_of(rows, "2026-06-30", {"met (documented)": "It was carried out; by the record"})
    >>> print(as_markdown(note).split("###")[1].split("##")[0].strip())
    Hold a debate
    <BLANKLINE>
    By the record: held.
    <BLANKLINE>
    - Source: [A/RES/63/225](https://undocs.org/A/RES/63/225), 2008
    - Entry: a
    """
    blocks = [_block("title", TITLE), _block("text", f"{judged_headline(rows, as_of, [*statuses])}.")]
    for status in statuses:
        own = rows.filter(pl.col("status") == status)
        if own.is_empty():
            continue
        blocks.append(
            _block("section", f"{status[:1].upper()}{status[1:]}: {counted(own.height, 'commitment')}")
        )
        blocks.append(_block("text", sentence(statuses[status])))
        for row in own.to_dicts():
            blocks += _entry(row)
    return blocks


def as_markdown(note: Iterable[NoteLine]) -> str:
    """A note in Markdown, symbols of the United Nations as links.

    Examples
    --------
    >>> print(as_markdown([NoteLine("point", (NoteWords("see "), NoteWords("A/65/944", "https://undocs.org/A/65/944")))]))
    - see [A/65/944](https://undocs.org/A/65/944)
    <BLANKLINE>
    """
    lines: list[str] = []
    last = "point"
    for block in note:
        if lines and not (block.kind == last == "point"):
            lines.append("")
        last = block.kind
        lines.append(_MARKS[block.kind] + "".join(_in_markdown(piece) for piece in block.pieces))
    return "\n".join(lines) + "\n"


def as_docx(note: Iterable[NoteLine], as_of: str) -> bytes:
    """A note as a document for a word processor (Office Open XML), symbols as links.

    Parameters
    ----------
    note
        The note.
    as_of
        The day of judgement, which the document is dated by.

    Raises
    ------
    NotInstalled
        The extra ``documents`` is not there.
    """
    need("documents")
    from datetime import datetime

    from docx import Document

    document = Document()
    day = datetime.combine(date.fromisoformat(as_of), datetime.min.time())
    properties = document.core_properties
    properties.title, properties.author, properties.created, properties.modified = TITLE, "", day, day
    for block in note:
        paragraph = document.add_paragraph(style=_STYLES[block.kind])
        for piece in block.pieces:
            _add_run(paragraph, piece)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _entry(row: dict[str, Any]) -> list[NoteLine]:
    who = " → ".join(row[name] for name in ("actor", "addressee") if row.get(name))
    definition = indicators().get(row.get("indicator") or "")
    points = [
        (("Who", who)),
        ("Measured", f"{definition.title} ({definition.name})" if definition else ""),
        ("What it does not say", definition.limits if definition else ""),
        ("Age", sentence(row["data_note"]) if row.get("data_note") else ""),
        ("Alert", sentence(row["alert"]) if row.get("alert") else ""),
    ]
    return [
        _block("entry", row["title"]),
        _block("text", row["explanation"]),
        *([_source(row)] if row.get("document") else []),
        *(_block("point", f"{name}: {words}") for name, words in points if words),
        _block("point", f"Entry: {row['commitment']}"),
    ]


def _source(row: dict[str, Any]) -> NoteLine:
    """The document, led to by its symbol, or by its address where it has none."""
    words = row["document"] + (f", paragraph {row['paragraph']}" if row.get("paragraph") else "")
    pieces = _linked(words)
    if row.get("url") and not any(piece.address for piece in pieces):
        pieces = (NoteWords(words, row["url"]),)
    return NoteLine("point", (NoteWords("Source: "), *pieces))


def _block(kind: str, words: str) -> NoteLine:
    return NoteLine(kind, _linked(words))


def _linked(words: str) -> tuple[NoteWords, ...]:
    return tuple(NoteWords(part, address) for part, address in parted(words))


def _in_markdown(piece: NoteWords) -> str:
    # Escaping joins words; blanks at the ends part this piece from its neighbours.
    inner = in_markdown(piece.words)
    if piece.address:
        return f"[{inner}]({piece.address})"
    front = " " if piece.words[:1] == " " else ""
    back = " " if piece.words[-1:] == " " and inner else ""
    return front + inner + back


def _add_run(paragraph: Paragraph, piece: NoteWords) -> None:
    if piece.address is None:
        paragraph.add_run(piece.words)
        return
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    link = OxmlElement("w:hyperlink")
    link.set(
        qn("r:id"), paragraph.part.relate_to(piece.address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    )
    run = paragraph.add_run(piece.words)
    run.font.underline = True
    link.append(run._r)  # pyright: ignore[reportPrivateUsage]
    paragraph._p.append(link)  # pyright: ignore[reportPrivateUsage]
