"""From files to text or blocks: plain text, HTML, DOCX, PDF.

A file may come from anywhere, so nothing in it is followed: no entities, no network, and nothing
beyond a size.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from corridors.cooperation.documents.parts import Block
from corridors.cooperation.documents.word import blocks_of_word
from corridors.cooperation.documents.word_numbers import numeral
from corridors.errors import CorridorsError, DataError, NotFound
from corridors.wording import counted

MAXIMUM_BYTES = 50_000_000
MAXIMUM_UNPACKED = 200_000_000
Content = str | tuple[Block, ...]

_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_TEXTS = {"p", "li", "blockquote", "dd", "dt", "pre", "div", "td", "section", "article", "body", "main"}
_SKIPPED = {"script", "style", "head", "nav", "template", "noscript"}


def read_content(path: str | Path) -> Content:
    """Text or blocks of a file.

    Parameters
    ----------
    path
        A ``.txt``, ``.md``, ``.html``, ``.htm``, ``.docx`` or ``.pdf``.

    Returns
    -------
    str or tuple of Block
        Text with form feeds between pages, or blocks where the file marks them.

    Raises
    ------
    NotFound
        There is no such file.
    DataError
        Too large, empty, encrypted, scanned, or not what its name says.

    Examples
    --------
    >>> read_content("nowhere.pdf")
    Traceback (most recent call last):
    corridors.errors.NotFound: there is no file nowhere.pdf
    """
    place = Path(path)
    reader = _READERS.get(place.suffix.lower())
    if not place.is_file():
        raise NotFound(f"there is no file {place}", remedy="give the path of a document, or 2011")
    if reader is None:
        raise DataError(
            f"{place.name} is of a kind that is not read", remedy=f"give one of {', '.join(_READERS)}"
        )
    if place.stat().st_size > MAXIMUM_BYTES:
        raise DataError(
            f"{place.name} is larger than {MAXIMUM_BYTES / 1e6:.0f} MB", remedy="split it, or save its text"
        )
    try:
        content = reader(place.read_bytes(), place.name)
    except CorridorsError:
        raise
    except Exception as error:
        # Libraries that read untrusted files raise whatever they stumble on.
        raise DataError(
            f"{place.name} can not be read as {place.suffix.lstrip('.').upper()}",
            f"{type(error).__name__}: {str(error)[:200]}",
            "open it in its own program and save it again, or save it as plain text",
        ) from error
    if not (content.strip() if isinstance(content, str) else any(b.text.strip() for b in content)):
        raise DataError(f"{place.name} is empty", remedy="give a document with text")
    return content


def decode(data: bytes, name: str = "text") -> str:
    r"""Bytes as text: UTF-8, UTF-16 with a mark, else Windows-1252.

    Parameters
    ----------
    data
        The bytes.
    name
        Of the file, for errors.

    Raises
    ------
    DataError
        The bytes are no text.

    Examples
    --------
    >>> decode("\u00e9lan".encode("cp1252"))
    'élan'
    """
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    if b"\0" in data[:4096]:
        raise DataError(f"{name} is not a text", "it has zero bytes", "give a text, DOCX, HTML or PDF")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def read_html(data: bytes, name: str = "page") -> tuple[Block, ...]:
    """Blocks of an HTML page.

    Parameters
    ----------
    data
        The bytes; neither entities of its own nor links are followed.
    name
        Of the file, for errors.

    Examples
    --------
    >>> [b.kind for b in read_html(b"<h2>I. Start</h2><ol><li>One</li></ol><p>1. The text.</p>")]
    ['heading', 'item', 'text', 'remark']
    """
    from lxml import etree, html  # pyright: ignore[reportAttributeAccessIssue]

    parser = html.HTMLParser(
        encoding=_encoding(data), no_network=True, remove_comments=True, remove_pis=True, huge_tree=False
    )
    try:
        root = html.document_fromstring(data, parser=parser)
    except etree.ParserError as error:
        raise DataError(f"{name} is empty", str(error), "give a page with text") from error
    blocks: list[Block] = []
    numbered = _number_lists(root)
    _walk_html(root, blocks)
    if numbered:
        told = counted(numbered, "number that the page makes", "numbers that the page makes")
        blocks.append(Block(f"{told} worked out from its lists", "remark", number="automatic_numbers"))
    return tuple(blocks)


_FORMS = {"a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}


def _number_lists(root: Any) -> int:
    """Write the numbers of ordered lists, which browsers make, before their items; says how many."""
    typed = any(re.match(r"\s*\d{1,3}\.\s", node.text_content()) for node in root.iter("p"))
    made = 0
    for items in root.iter("ol"):
        form = items.get("type") or "1"
        count = _whole(items.get("start"), 1)
        nested = typed or any(above.tag in ("ol", "ul") for above in items.iterancestors())
        for item in items.iterchildren("li"):
            count = _whole(item.get("value"), count)
            label = numeral(count, _FORMS.get(form, "decimal"))
            count += 1
            first = item if (item.text or "").strip() or not len(item) else item[0]
            if re.match(r"\s*\(?[\w]{1,4}[.)]\s", item.text_content()):
                continue
            plain = f"{label}." if form in ("1", "I", "A") and not nested else f"({label})"
            first.text = f"{plain} {first.text or ''}"
            made += 1
    return made


def _whole(text: str | None, default: int) -> int:
    return int(text) if text is not None and re.fullmatch(r"\d{1,4}", text) else default


def _encoding(data: bytes) -> str | None:
    if b"charset" in data[:2048].lower():
        return None
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return "utf-8"


def _walk_html(root: Any, blocks: list[Block]) -> None:
    # A stack, not recursion: pages nest as deep as they like.
    stack: list[Any] = [root]
    while stack:
        node = stack.pop()
        if isinstance(node, str):
            _add(blocks, node, "text")
            continue
        tag = node.tag if isinstance(node.tag, str) else ""
        if tag in _SKIPPED or not tag:
            continue
        if tag == "table":
            blocks.append(Block(_html_table(node), "table"))
        elif tag in _HEADINGS:
            _add(blocks, node.text_content(), "heading")
        elif tag in _TEXTS and not any(isinstance(c.tag, str) and c.tag in _CONTAINERS for c in node):
            note = "footnote" in (node.get("class") or "") or (node.get("id") or "").startswith("fn")
            _add(blocks, _inline(node), "footnote" if note else "item" if tag == "li" else "text")
        else:
            # Loose words between elements belong to the page too.
            inside = [node.text or "", *(part for child in node for part in (child, child.tail or ""))]
            stack.extend(reversed(inside))


_CONTAINERS = _HEADINGS | _TEXTS | {"table", "ul", "ol", "dl", "tr", "tbody", "header", "footer"}


def _inline(node: Any) -> str:
    for mark in node.iter("sup"):
        mark.text = f"[{mark.text_content().strip('[]')}]"
        del mark[:]
    return node.text_content()


def _html_table(node: Any) -> str:
    rows = (" | ".join(" ".join(c.text_content().split()) for c in row.iter("td", "th"))
            for row in node.iter("tr"))  # fmt: skip
    return "\n".join(rows)


def _add(blocks: list[Block], text: str, kind: str) -> None:
    words = " ".join(text.split())
    if words:
        blocks.append(Block(words, kind))


def read_docx(data: bytes, name: str = "document") -> tuple[Block, ...]:
    """Blocks of a DOCX file; see :func:`corridors.cooperation.documents.word.blocks_of_word`.

    Parameters
    ----------
    data
        The bytes.
    name
        Of the file, for errors.
    """
    if data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise DataError(f"{name} is encrypted or in the old DOC format", remedy="save it as DOCX, open")
    return blocks_of_word(data, MAXIMUM_UNPACKED, name)


def read_pdf(data: bytes, name: str = "document") -> str:
    """Text of a PDF file, a form feed between pages.

    Parameters
    ----------
    data
        The bytes.
    name
        Of the file, for errors.

    Raises
    ------
    DataError
        Encrypted, or without text (a scan).
    """
    import logging

    from pypdf import PdfReader

    logging.getLogger("pypdf").setLevel(logging.ERROR)
    reader = PdfReader(io.BytesIO(data))
    if reader.is_encrypted and not reader.decrypt(""):
        raise DataError(f"{name} is encrypted", remedy="save a copy without a password")
    pages = [page.extract_text() for page in reader.pages]
    if not any(page.strip() for page in pages):
        raise DataError(
            f"{name} has no text: {len(pages)} page(s) of images",
            remedy="recognise its characters first (OCR), or find the born-digital file",
        )
    return "\f".join(pages)


_READERS: dict[str, Callable[[bytes, str], Content]] = {
    ".txt": decode,
    ".md": decode,
    ".html": read_html,
    ".htm": read_html,
    ".xhtml": read_html,
    ".docx": read_docx,
    ".pdf": read_pdf,
}
