"""Blocks of a DOCX file: what a reader sees once all tracked changes are accepted."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from corridors.cooperation.documents.parts import Block
from corridors.cooperation.documents.word_numbers import Label, Numbers, W, numbers_of
from corridors.errors import DataError
from corridors.wording import counted

_COMPATIBLE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_MATHS = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_PARTS = ("document", "numbering", "styles", "footnotes", "endnotes")
_CHANGED = {f"{W}del", f"{W}moveFrom"}
_GONE = _CHANGED | {f"{W}{n}" for n in ("pPr", "rPr", "instrText", "delText")} | {f"{_COMPATIBLE}Fallback"}
_SPACES = {f"{W}tab", f"{W}br", f"{W}cr", f"{W}ptab"}
_INSIDE = {f"{W}{n}" for n in ("sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag", "body")}


@dataclass(slots=True)
class _Word:
    """A file while it is read."""

    numbers: Numbers
    styles: dict[str, tuple[str, bool]]
    notes: dict[str, str]
    marks: dict[str, str] = field(default_factory=dict)
    blocks: list[Block] = field(default_factory=list)
    numbered: int = 0
    inserted: int = 0
    deleted: int = 0
    boxes: int = 0
    hidden: int = 0


def blocks_of_word(data: bytes, maximum: int, name: str = "document") -> tuple[Block, ...]:
    """Blocks of a DOCX file: numbers that Word makes, headings, items, tables, footnotes.

    Parameters
    ----------
    data
        The bytes.
    maximum
        Most bytes that the file may unpack to.
    name
        Of the file, for errors.

    Returns
    -------
    tuple of Block
        Tracked insertions are read, deletions are not; blocks of kind ``remark`` say what was done.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if sum(item.file_size for item in archive.infolist()) > maximum:
            raise DataError(f"{name} unpacks to more than {maximum / 1e6:.0f} MB")
        parts = {part: _root(archive, part) for part in _PARTS}
    if parts["document"] is None:
        raise DataError(f"{name} is no DOCX file", "it has no word/document.xml", "save it as DOCX")
    notes = _notes(parts["footnotes"], parts["endnotes"])
    word = _Word(numbers_of(parts["numbering"], parts["styles"]), _styles(parts["styles"]), notes)
    for element in _pieces(parts["document"].find(f"{W}body")):
        if element.tag == f"{W}tbl":
            word.blocks.append(Block(_table(word, element), "table"))
        else:
            _paragraph(word, element)
    return (*(b for b in word.blocks if b.text.strip()), *_footnotes(word), *_remarks(word))


def _root(archive: zipfile.ZipFile, part: str) -> Any | None:
    from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]

    if f"word/{part}.xml" not in archive.namelist():
        return None
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    return etree.fromstring(archive.read(f"word/{part}.xml"), parser)


def _pieces(element: Any) -> Iterator[Any]:
    """Paragraphs and tables in their order, also those within controls and insertions."""
    for child in element:
        if child.tag in (f"{W}p", f"{W}tbl"):
            yield child
        elif child.tag in _INSIDE:
            yield from _pieces(child)


def _paragraph(word: _Word, element: Any) -> None:
    text = _text(word, element)
    gone = element.find(f"{W}pPr/{W}rPr/{W}del") is not None
    if gone and not text:
        return
    label = word.numbers.label(element)
    style, heading = word.styles.get(_style(element), ("", False))
    kind = "heading" if heading else "item" if "list" in style.lower() else "text"
    if text:
        word.blocks.append(_block(word, text, kind, label))
    for box in element.iter(f"{W}txbxContent"):
        if not any(above.tag == f"{_COMPATIBLE}Fallback" for above in box.iterancestors()):
            word.boxes += 1
            word.blocks += [Block(words) for p in box.findall(f"{W}p") if (words := _text(word, p))]


def _block(word: _Word, text: str, kind: str, label: Label | None) -> Block:
    if label is None:
        return Block(text, kind)
    if not label.text:
        return Block(text, "heading" if kind == "heading" else "item")
    word.numbered += 1
    shown = label.text
    if (
        label.form.startswith("decimal")
        and label.depth
        and kind != "heading"
        and "." not in shown.rstrip(".")
    ):
        # A second level of plain numbers is a list below a paragraph, and no new paragraph.
        shown = f"({shown.strip('().')})"
    return Block(f"{shown} {text}", "heading" if kind == "heading" else "text")


def _text(word: _Word, element: Any) -> str:
    return " ".join("".join(_words(word, element)).split())


def _words(word: _Word, element: Any) -> Iterator[str]:
    for child in element:
        tag = child.tag
        if tag in _GONE:
            word.deleted += tag in _CHANGED
            continue
        if tag == f"{W}r" and _hidden(child):
            word.hidden += 1
            continue
        word.inserted += tag in (f"{W}ins", f"{W}moveTo")
        if tag in (f"{W}t", _MATHS):
            yield child.text or ""
        elif tag in _SPACES:
            yield " "
        elif tag == f"{W}noBreakHyphen":
            yield "-"
        elif tag in (f"{W}footnoteReference", f"{W}endnoteReference"):
            key = f"{tag.removeprefix(W)[:4]}{child.get(W + 'id')}"
            if key in word.notes:
                yield f"[{word.marks.setdefault(key, str(len(word.marks) + 1))}]"
        elif tag not in (f"{W}txbxContent", f"{W}p"):
            yield from _words(word, child)


def _hidden(run: Any) -> bool:
    mark = run.find(f"{W}rPr/{W}vanish")
    return mark is not None and mark.get(f"{W}val") not in ("0", "false")


def _table(word: _Word, table: Any) -> str:
    rows: list[str] = []
    for row in table.iter(f"{W}tr"):
        if row.find(f"{W}trPr/{W}del") is not None or next(row.iterancestors(f"{W}tbl")) is not table:
            continue
        cells = [cell for cell in row.iter(f"{W}tc") if next(cell.iterancestors(f"{W}tr")) is row]
        rows.append(" | ".join(_cell(word, cell) for cell in cells))
    return "\n".join(rows)


def _cell(word: _Word, cell: Any) -> str:
    told: list[str] = []
    for p in cell.iter(f"{W}p"):
        label, text = word.numbers.label(p), _text(word, p)
        told.append(f"{label.text} {text}".strip() if label is not None else text)
    return " ".join(filter(None, told))


def _style(paragraph: Any) -> str:
    style = paragraph.find(f"{W}pPr/{W}pStyle")
    return "" if style is None else style.get(f"{W}val")


def _styles(root: Any | None) -> dict[str, tuple[str, bool]]:
    """Name of each style, and whether it is one of headings."""
    found: dict[str, tuple[str, bool]] = {}
    for style in () if root is None else root.findall(f"{W}style"):
        mark = style.find(f"{W}name")
        name = "" if mark is None else mark.get(f"{W}val")
        outline = style.find(f"{W}pPr/{W}outlineLvl")
        heading = name.lower().startswith(("heading", "title")) or (
            outline is not None and int(outline.get(f"{W}val")) < 9
        )
        found[style.get(f"{W}styleId")] = (name, heading)
    return found


def _notes(*roots: Any | None) -> dict[str, str]:
    """Words of footnotes and endnotes by kind and id."""
    found: dict[str, str] = {}
    for root, kind in zip(roots, ("foot", "endn"), strict=True):
        for note in () if root is None else root:
            words = " ".join("".join(t.text or "" for t in note.iter(f"{W}t")).split())
            if words and note.get(f"{W}type") is None:
                found[f"{kind}{note.get(W + 'id')}"] = words
    return found


def _footnotes(word: _Word) -> Iterator[Block]:
    """Footnotes in the order in which the text refers to them, then those it does not refer to."""
    for key in word.notes:
        word.marks.setdefault(key, str(len(word.marks) + 1))
    for key, number in word.marks.items():
        yield Block(word.notes[key], "footnote", number=number)


def _remarks(word: _Word) -> Iterator[Block]:
    told = (
        ("automatic_numbers", word.numbered, "worked out from the lists of the file",
         "number that Word makes", "numbers that Word makes"),
        ("tracked_insertions", word.inserted, "read as accepted", "tracked insertion", ""),
        ("tracked_deletions", word.deleted, "left out as accepted", "tracked deletion", ""),
        ("text_boxes", word.boxes, "read behind the paragraph that holds it", "text box", "text boxes"),
        ("hidden_text", word.hidden, "left out", "stretch of hidden text", "stretches of hidden text"),
    )  # fmt: skip
    for kind, count, words, one, many in told:
        if count:
            yield Block(f"{counted(count, one, many)} {words}", "remark", number=kind)
