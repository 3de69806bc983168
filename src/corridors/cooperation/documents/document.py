"""A document with its structure: the way in and the ways out."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from corridors import packaged
from corridors.cooperation.documents.lines import blocks_of, clean
from corridors.cooperation.documents.links import THRESHOLD, Vocabulary, links_of, vocabulary_of
from corridors.cooperation.documents.metadata import language_of, metadata_of
from corridors.cooperation.documents.official_verbs import other_language, statements_of
from corridors.cooperation.documents.parts import (
    NOT_PROSE,
    Block,
    Finding,
    Footnote,
    Link,
    Metadata,
    Paragraph,
    Quantity,
    Section,
    Statement,
    Structure,
)
from corridors.cooperation.documents.quantities import quantities_of
from corridors.cooperation.documents.readers import Content, read_content
from corridors.cooperation.documents.splitter import split
from corridors.errors import DataError, NotFound
from corridors.results import Result

if TYPE_CHECKING:
    from corridors.intake import IntoTable

EMBEDDED: Mapping[str, str] = {"2011": "2011_debate.txt"}
MAXIMUM_CHARACTERS = 20_000_000
_TELLING = 15
_LANGUAGES = {
    "fr": "French", "es": "Spanish", "ru": "Russian", "zh": "Chinese", "ar": "Arabic", "pt": "Portuguese",
    "it": "Italian", "de": "German",
}  # fmt: skip
PARTS: Mapping[str, type] = {
    "sections": Section, "paragraphs": Paragraph, "statements": Statement, "quantities": Quantity,
    "links": Link, "findings": Finding, "footnotes": Footnote,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Document(Result):
    """A document as structure.

    Attributes
    ----------
    name
        Of the file, or as given.
    metadata
        What the masthead says.
    sections, paragraphs, footnotes
        In order of reading.
    statements, quantities, links
        What the paragraphs say.
    findings
        What to know about how it was read.
    preface
        Blocks before the body.
    furniture
        Page headers and footers that were taken out.
    """

    name: str
    metadata: Metadata
    sections: tuple[Section, ...]
    paragraphs: tuple[Paragraph, ...]
    footnotes: tuple[Footnote, ...]
    statements: tuple[Statement, ...]
    quantities: tuple[Quantity, ...]
    links: tuple[Link, ...]
    findings: tuple[Finding, ...]
    preface: tuple[str, ...]
    furniture: tuple[str, ...]

    def paragraph(self, name: str) -> Paragraph:
        """One paragraph by its id.

        Raises
        ------
        NotFound
            No such id.

        Examples
        --------
        >>> read_document("2011").paragraph("p12").section
        's4'
        """
        for paragraph in self.paragraphs:
            if paragraph.id == name:
                return paragraph
        raise NotFound(
            f"{self.name} has no paragraph {name!r}",
            f"it has {', '.join(p.id for p in self.paragraphs[:12])}, …",
        )

    def to_polars(self, what: str = "paragraphs") -> pl.DataFrame:
        """One part as a table.

        Parameters
        ----------
        what
            ``sections``, ``paragraphs``, ``statements``, ``quantities``, ``links``, ``findings`` or
            ``footnotes``; lists become text with ``; `` between.

        Raises
        ------
        NotFound
            No such part.

        Examples
        --------
        >>> read_document("2011").to_polars("sections")["number"].to_list()
        ['I', 'II', 'III', 'IV', 'V']
        """
        if what not in PARTS:
            raise NotFound(f"a document has no part {what!r}", remedy=f"choose one of {', '.join(PARTS)}")
        rows = [
            {k: "; ".join(v) if isinstance(v, tuple) else v for k, v in asdict(item).items()}
            for item in getattr(self, what)
        ]
        return pl.DataFrame(rows, schema=_schema(PARTS[what]))

    def to_json(self) -> str:
        """Everything as JSON.

        Examples
        --------
        >>> import json
        >>> len(json.loads(read_document("2011").to_json())["paragraphs"])
        18
        """
        return json.dumps(asdict(self), ensure_ascii=False, indent=1) + "\n"

    def to_akoma_ntoso(self) -> str:
        """The document in Akoma Ntoso 3.0; see :func:`akoma_ntoso`.

        Examples
        --------
        >>> read_document("2011").to_akoma_ntoso()[:38]
        "<?xml version='1.0' encoding='UTF-8'?>"
        """
        from corridors.cooperation.documents.akn import akoma_ntoso

        return akoma_ntoso(self)

    def summary(self) -> str:
        """Title, what the masthead says, counts, sections, findings.

        Examples
        --------
        >>> print(read_document("2011").summary().splitlines()[1])
        General Assembly, 2011-09-12, Sixty-fifth session, agenda item 22 (c), en
        """
        meta = self.metadata
        head = [meta.body, meta.symbol, meta.date, meta.session]
        head += [f"agenda item {meta.agenda_item}" if meta.agenda_item else None, meta.language]
        numbered = sum(p.kind in ("numbered", "operative") for p in self.paragraphs)
        types: dict[str, int] = {}
        for statement in self.statements:
            types[statement.type] = types.get(statement.type, 0) + 1
        kinds = ", ".join(f"{n} {kind}" for kind, n in sorted(types.items(), key=lambda x: -x[1]))
        lines = [
            meta.title or self.name,
            ", ".join(part for part in head if part),
            f"{len(self.sections)} sections, {len(self.paragraphs)} paragraphs and items "
            f"({numbered} numbered), {len(self.footnotes)} footnotes",
            f"{len(self.statements)} statements: {kinds}",
            f"{len(self.quantities)} quantities, {len(self.links)} links to indicators",
            *(f"{'  ' * s.level}{s.number + '. ' if s.number else ''}{s.title}" for s in self.sections),
            *(f"finding: {f.where}: {f.message}" for f in self.findings),
        ]
        return "\n".join(lines)


def _schema(kind: type) -> dict[str, Any]:
    types = {"str": pl.String, "int": pl.Int64, "float": pl.Float64}
    return {f.name: types.get(str(f.type).split(" |")[0], pl.String) for f in fields(kind)}


def read_document(
    path: str | Path, *, indicators: IntoTable | None = None, threshold: float = THRESHOLD
) -> Document:
    """Read a document from a file.

    Parameters
    ----------
    path
        Text, HTML, DOCX or PDF; ``2011`` is the embedded summary of the debate of 2011.
    indicators
        Table of name, title, definition, terms; that of the package where not given.
    threshold
        Least probability of a link, 0 to 1.

    Raises
    ------
    NotFound, DataError
        There is no such file, or it can not be read; says why.

    Examples
    --------
    >>> found = read_document("2011")
    >>> len(found.sections), len(found.paragraphs)
    (5, 18)
    """
    if str(path) in EMBEDDED:
        place = packaged.path(f"cooperation/documents/{EMBEDDED[str(path)]}")
        content: Content = place.read_text("utf-8")
    else:
        content = read_content(path)
    return parse(content, name=Path(path).name, indicators=indicators, threshold=threshold)


def parse(
    content: str | Sequence[Block],
    *,
    name: str = "document",
    indicators: IntoTable | None = None,
    threshold: float = THRESHOLD,
) -> Document:
    """Structure of a text, or of blocks that a reader found.

    Parameters
    ----------
    content
        Text with line ends, and form feeds between pages; or blocks.
    name
        What to call it.
    indicators, threshold
        As in :func:`read_document`.

    Raises
    ------
    DataError
        Empty, too long, or a threshold outside 0 to 1.

    Examples
    --------
    >>> [s.type for s in parse("1. Participants stressed it. 2 of them left.").statements]
    ['emphasis', 'fact']
    """
    if not 0 <= threshold <= 1:
        raise DataError(f"a threshold of {threshold} is no probability", remedy="give one from 0 to 1")
    vocabulary: Vocabulary | None = None if indicators is None else vocabulary_of(indicators)
    if isinstance(content, str):
        if not content.strip() or len(content) > MAXIMUM_CHARACTERS:
            raise DataError(
                f"{name} is {'empty' if not content.strip() else 'too long'}",
                remedy=f"give a text of 1 to {MAXIMUM_CHARACTERS:,} characters",
            )
        lined = blocks_of(content)
        found = replace(split(lined.blocks, lined.footnotes, lined.findings), furniture=lined.furniture)
    else:
        remarks = [Finding(b.number or "reader", "document", b.text) for b in content if b.kind == "remark"]
        found = split([block for block in content if block.kind != "remark"], (), remarks)
    head = _head_lines(content, found) if isinstance(content, str) else found.preface
    body = " ".join(p.text for p in found.paragraphs[:20])
    language = language_of(body or " ".join(found.preface))
    # So many words without one that tells their language are in none of those that are known.
    known = language == "en" or (language is None and len(body.split()) < _TELLING)
    statements = statements_of(found.paragraphs, language if known else language or "unknown")
    findings = (*found.findings, *_in_other_languages(found.paragraphs, language, known=known))
    return Document(
        name,
        metadata_of(head, body, found.preface),
        found.sections,
        found.paragraphs,
        found.footnotes,
        statements,
        quantities_of(found.paragraphs, statements) if known else (),
        links_of(statements, vocabulary, threshold=threshold) if known else (),
        findings,
        head,
        found.furniture,
    )


def _in_other_languages(
    paragraphs: Sequence[Paragraph], language: str | None, *, known: bool
) -> tuple[Finding, ...]:
    """Say where the lexicon does not reach: the whole text, or some of its paragraphs."""
    if not known:
        said = f"the text is in {_LANGUAGES.get(language or '', language or 'a language that is not known')}"
        return (
            Finding(
                "untyped",
                "document",
                f"{said}; the lexicon is English: statements have no type, quantities and links are not read",
            ),
        )
    return tuple(
        Finding("untyped", p.id, f"in {_LANGUAGES[other]}: its statements have no type")
        for p in paragraphs
        if p.kind not in NOT_PROSE and (other := other_language(p.text)) is not None
    )


def _head_lines(text: str, found: Structure) -> tuple[str, ...]:
    """The lines of the preface as they were, since a masthead has a meaning a line."""
    due = [word for block in found.preface for word in block.split()]
    at = 0
    lines: list[str] = []
    for line in clean(text).replace("\f", "\n").split("\n"):
        words = line.split()
        if words and at < len(due) and due[at : at + len(words)] == words:
            lines.append(" ".join(words))
            at += len(words)
    return tuple(lines) if at == len(due) else found.preface
