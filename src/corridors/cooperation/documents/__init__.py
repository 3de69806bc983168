"""Documents of the United Nations as structure: sections, paragraphs, statements, quantities, links."""

from __future__ import annotations

from corridors.cooperation.documents.akn import akoma_ntoso, validate_akoma_ntoso
from corridors.cooperation.documents.document import Document, parse, read_document
from corridors.cooperation.documents.evaluation import Agreement, agreement, window_diff
from corridors.cooperation.documents.links import links_of, vocabulary_of
from corridors.cooperation.documents.official_verbs import SpeechAct, speech_acts
from corridors.cooperation.documents.parts import (
    Block,
    Finding,
    Footnote,
    Link,
    Metadata,
    Paragraph,
    Quantity,
    Section,
    Statement,
)
from corridors.cooperation.documents.sentence_ends import sentences

__all__ = [
    "Agreement",
    "Block",
    "Document",
    "Finding",
    "Footnote",
    "Link",
    "Metadata",
    "Paragraph",
    "Quantity",
    "Section",
    "SpeechAct",
    "Statement",
    "agreement",
    "akoma_ntoso",
    "links_of",
    "parse",
    "read_document",
    "sentences",
    "speech_acts",
    "validate_akoma_ntoso",
    "vocabulary_of",
    "window_diff",
]
