"""Akoma Ntoso 3.0 (OASIS), by the conventions of the United Nations (AKN4UN)."""

from __future__ import annotations

import gzip
import re
from collections.abc import Sequence
from functools import cache
from typing import Any, Protocol

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]

from corridors import packaged
from corridors.cooperation.documents.markers import MARK, note_number
from corridors.cooperation.documents.parts import Footnote, Metadata, Paragraph, Section
from corridors.errors import DataError

NAMESPACE = "http://docs.oasis-open.org/legaldocml/ns/akn/3.0"
_NS = f"{{{NAMESPACE}}}"
_XML = "http://www.w3.org/XML/1998/namespace"
# The schema imports these four attributes; the W3C's file is not needed for them.
_XML_ATTRIBUTES = f"""<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="{_XML}">
<xs:attribute name="lang" type="xs:language"/><xs:attribute name="base" type="xs:anyURI"/>
<xs:attribute name="id" type="xs:ID"/><xs:attribute name="space"><xs:simpleType>
<xs:restriction base="xs:NCName"><xs:enumeration value="default"/>
<xs:enumeration value="preserve"/></xs:restriction>
</xs:simpleType></xs:attribute></xs:schema>"""
_LANGUAGES = {"en": "eng", "fr": "fra", "es": "spa", "ru": "rus", "ar": "ara", "zh": "zho", None: "und"}
_KINDS = {
    "resolution": ("statement", "deliberation", "resolution"),
    "debate": ("debateReport", "report", "debateSummary"),
    "report": ("doc", "report", "report"),
}


class Readable(Protocol):
    """What is written of a document; each part as in ``Document``."""

    @property
    def name(self) -> str:
        """Of the file, or as given."""
        ...

    @property
    def metadata(self) -> Metadata:
        """What the masthead says."""
        ...

    @property
    def preface(self) -> tuple[str, ...]:
        """Blocks before the body."""
        ...

    @property
    def sections(self) -> tuple[Section, ...]:
        """In order of reading."""
        ...

    @property
    def paragraphs(self) -> tuple[Paragraph, ...]:
        """In order of reading."""
        ...

    @property
    def footnotes(self) -> tuple[Footnote, ...]:
        """In order of reading."""
        ...


def akoma_ntoso(document: Readable) -> str:
    r"""A document in Akoma Ntoso, valid against the schema.

    Parameters
    ----------
    document
        As read. Resolutions become ``statement``, summaries of debates ``debateReport``, everything
        else ``doc``; annexes become attachments. A date that is not known is given as 0001-01-01,
        because the schema demands one.

    Returns
    -------
    str
        XML with an identification on the levels of FRBR, preface, preamble and main body.

    Notes
    -----
    OASIS, *Akoma Ntoso Version 1.0 Part 2: Specifications* (2018); United Nations System, *AKN4UN
    Guidelines*. Names of documents follow the pattern ``/akn/un/{type}/{subtype}/{body}/{date}/{symbol}``.

    Examples
    --------
    >>> from corridors.cooperation.documents import parse
    >>> 'eId="sec_I__para_1"' in akoma_ntoso(parse("I. Aims\n\n1. Peace."))
    True
    """
    element, subtype, name = _KINDS[document.metadata.kind]
    root = etree.Element(f"{_NS}akomaNtoso", nsmap={None: NAMESPACE})
    body = _add(root, element, name=name)
    _meta(body, document, _work(document, element, subtype), document.footnotes)
    _preface(body, document)
    main = [p for p in document.paragraphs if not p.id.startswith("annex")]
    _preamble(body, main)
    _main(body, [s for s in document.sections if not s.id.startswith("annex")], main, document.footnotes)
    closing = [p for p in main if p.kind == "closing"]
    if closing:
        end = _add(body, "conclusions")
        for p in closing:
            _add(end, "p", p.text)
    _attachments(body, document, element, subtype)
    etree.indent(root, " ")
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8").decode("utf-8")


def validate_akoma_ntoso(xml: str | bytes) -> tuple[str, ...]:
    """What the OASIS schema has against a text in Akoma Ntoso; empty where it is valid.

    Parameters
    ----------
    xml
        The text; entities are not expanded.

    Raises
    ------
    DataError
        It is no XML.

    Examples
    --------
    >>> from corridors.cooperation.documents import read_document
    >>> validate_akoma_ntoso(read_document("2011").to_akoma_ntoso())
    ()
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        tree = etree.fromstring(xml.encode() if isinstance(xml, str) else xml, parser)
    except etree.XMLSyntaxError as error:
        raise DataError("this is no XML", str(error)[:200], "give a text in Akoma Ntoso") from error
    schema = _schema()
    schema.validate(tree)
    problems = [f"line {entry.line}: {entry.message}" for entry in schema.error_log]
    eids = [e.get("eId") for e in tree.iter() if e.get("eId")]
    problems += [f"eId {eid} stands twice" for eid in sorted({e for e in eids if eids.count(e) > 1})]
    return tuple(problems)


class _Local(etree.Resolver):  # pyright: ignore[reportUntypedBaseClass]
    def resolve(self, system_url: str, public_id: str, context: Any) -> Any:
        return self.resolve_string(_XML_ATTRIBUTES, context)


@cache
def _schema() -> Any:
    packed = packaged.content("cooperation/documents/akomantoso30.xsd.gz")
    parser = etree.XMLParser(no_network=True, resolve_entities=False)
    parser.resolvers.add(_Local())
    return etree.XMLSchema(etree.fromstring(gzip.decompress(packed), parser))


def _add(parent: Any, tag: str, text: str | None = None, **attributes: str) -> Any:
    element = etree.SubElement(parent, f"{_NS}{tag}", attributes)
    if text is not None:
        element.text = text
    return element


def _slug(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "-", text).strip("-").lower() or "unknown"


def _work(document: Readable, element: str, subtype: str) -> str:
    meta = document.metadata
    date = meta.date or "0001-01-01"
    return (
        f"/akn/un/{element}/{subtype}/{_slug(meta.body or 'un')}/{date}/{_slug(meta.symbol or document.name)}"
    )


def _meta(parent: Any, document: Readable, work: str, notes: Sequence[Footnote], part: str = "!main") -> None:
    meta = document.metadata
    language = _LANGUAGES.get(meta.language, "und")
    date = meta.date or "0001-01-01"
    known = _add(parent, "meta")
    identification = _add(known, "identification", source="#corridors")
    author = "#author"
    for level, uri in (
        ("FRBRWork", work),
        ("FRBRExpression", f"{work}/{language}@{date}"),
        ("FRBRManifestation", f"{work}/{language}@{date}.xml"),
    ):
        frbr = _add(identification, level)
        this = f"{uri}/{part}" if not uri.endswith(".xml") else f"{uri.removesuffix('.xml')}/{part}.xml"
        _add(frbr, "FRBRthis", value=this)
        _add(frbr, "FRBRuri", value=uri)
        _add(frbr, "FRBRdate", date=date, name="issued" if meta.date else "unknown")
        _add(frbr, "FRBRauthor", href=author)
        if level == "FRBRWork":
            _add(frbr, "FRBRcountry", value="un")
            if meta.symbol:
                _add(frbr, "FRBRnumber", value=meta.symbol)
        elif level == "FRBRExpression":
            _add(frbr, "FRBRlanguage", language=language)
        else:
            _add(frbr, "FRBRformat", value="application/akn+xml")
    if part != "!main":
        return
    references = _add(known, "references", source="#corridors")
    body = meta.body or "United Nations"
    _add(
        references,
        "TLCOrganization",
        eId="author",
        href=f"/akn/ontology/organization/un/{_slug(body)}",
        showAs=body,
    )
    _add(
        references,
        "TLCOrganization",
        eId="corridors",
        href="/akn/ontology/organization/corridors",
        showAs="corridors",
    )
    if notes:
        held = _add(known, "notes", source="#author")
        for i, note in enumerate(notes, 1):
            _add(_add(held, "note", eId=f"fn_{i}", marker=note.number or "*"), "p", note.text)


def _preface(parent: Any, document: Readable) -> None:
    if not document.preface:
        return
    meta = document.metadata
    preface = _add(parent, "preface")
    for block in document.preface:
        line = _add(preface, "p")
        marked = [(meta.title, "docTitle"), (meta.symbol, "docNumber")]
        tag = next((tag for value, tag in marked if value and value == block), None)
        if tag:
            _add(line, tag, block)
        elif meta.date and re.fullmatch(r"\d{1,2}\S* (?:de )?\w+ (?:de )?\d{4}", block):
            _add(line, "docDate", block, date=meta.date)
        else:
            line.text = block


def _preamble(parent: Any, paragraphs: Sequence[Paragraph]) -> None:
    opening = next((p for p in paragraphs if p.kind == "opening"), None)
    recitals = [p for p in paragraphs if p.kind == "preambular"]
    if opening is None and not recitals:
        return
    preamble = _add(parent, "preamble")
    if opening is not None:
        _add(_add(preamble, "formula", name="openingFormula"), "p", opening.text)
    if recitals:
        group = _add(preamble, "recitals", eId="recs")
        for p in recitals:
            _add(_add(group, "recital", eId=f"recs__{p.eid.rpartition('__')[2]}"), "p", p.text)


def _main(
    parent: Any, sections: Sequence[Section], paragraphs: Sequence[Paragraph], notes: Sequence[Footnote]
) -> None:
    main = _add(parent, "mainBody")
    places: dict[str | None, Any] = {None: main}
    ids = {note.number: f"fn_{i}" for i, note in enumerate(notes, 1)}
    body = [p for p in paragraphs if p.kind not in ("opening", "preambular", "closing")]
    for p in (p for p in body if p.section is None or p.section not in {s.id for s in sections}):
        _paragraph(places, main, p, paragraphs, ids)
    for section in sections:
        under = places.get(section.parent, main)
        tag = "section" if section.eid.rpartition("__")[2].startswith("sec") else "subsection"
        node = places[section.id] = _add(under, tag, eId=section.eid)
        if section.number:
            _add(node, "num", f"{section.number}.")
        _add(node, "heading", section.title)
        for p in (p for p in body if p.section == section.id):
            _paragraph(places, node, p, paragraphs, ids)
    _fill(main)


def _paragraph(
    places: dict[str | None, Any], under: Any, p: Paragraph, every: Sequence[Paragraph], notes: dict[str, str]
) -> None:
    parent = places.get(p.parent, under) if p.parent else under
    if p.kind == "table":
        holder = _add(parent, "hcontainer", name="table", eId=p.eid)
        _table(_add(holder, "content"), p)
        return
    tag = {"item": "point"}.get(p.kind, "paragraph")
    node = places[p.id] = _add(parent, tag, eId=p.eid)
    if p.number:
        _add(node, "num", p.number if p.kind == "item" else f"{p.number}.")
    kids = any(other.parent == p.id for other in every)
    line = _add(_add(node, "intro" if kids else "content"), "p")
    _with_notes(line, p, notes)


def _with_notes(line: Any, p: Paragraph, notes: dict[str, str]) -> None:
    at, last = 0, None
    for match in MARK.finditer(p.text):
        number = note_number(match.group())
        if number not in p.notes:
            continue
        last = _tail(line, last, p.text[at : match.start()])
        last = _add(line, "noteRef", href=f"#{notes[number]}", marker=number)
        at = match.end()
    _tail(line, last, p.text[at:])


def _tail(line: Any, last: Any, text: str) -> Any:
    if last is None:
        line.text = (line.text or "") + text
    else:
        last.tail = (last.tail or "") + text
    return last


def _table(content: Any, p: Paragraph) -> None:
    table = _add(content, "table")
    for row in p.text.split("\n"):
        cells = _add(table, "tr")
        for cell in row.split(" | "):
            _add(_add(cells, "td"), "p", cell)


def _fill(main: Any) -> None:
    if len(main) == 0:
        _add(main, "p", "")


def _attachments(parent: Any, document: Readable, element: str, subtype: str) -> None:
    annexes = [s for s in document.sections if s.kind == "annex"]
    if not annexes:
        return
    attachments = _add(parent, "attachments")
    for i, annex in enumerate(annexes, 1):
        prefix = f"{annex.id}."
        attachment = _add(attachments, "attachment", eId=annex.eid)
        _add(attachment, "heading", annex.title)
        doc = _add(attachment, element, name="annex")
        _meta(doc, document, _work(document, element, subtype), (), f"!annex_{i}")
        paragraphs = [p for p in document.paragraphs if p.id.startswith(prefix)]
        _preamble(doc, paragraphs)
        sections = [s for s in document.sections if s.id.startswith(prefix)]
        _main(doc, sections, paragraphs, document.footnotes)
