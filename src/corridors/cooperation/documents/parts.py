"""What a document consists of, as values that do not change."""

from __future__ import annotations

from dataclasses import dataclass, field

NOT_PROSE = ("table", "caption", "opening", "closing")


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of text as a reader found it, before it is understood.

    Attributes
    ----------
    text
        Its words, on one line; rows of a table on lines of their own.
    kind
        ``text``, ``heading``, ``item``, ``table``, ``footnote``, or ``remark``: no words of the document, but
        what its reader should know, with the kind of the finding in ``number``.
    page
        Page, from 1.
    strong
        Whether the block surely begins here (a blank line, an element of the file), not only
        because of what it looks like.
    after_page
        Whether a page break comes right before it.
    number
        The number or marker that the file itself keeps apart from the text.
    """

    text: str
    kind: str = "text"
    page: int = 1
    strong: bool = True
    after_page: bool = False
    number: str | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what it governs.

    Attributes
    ----------
    id
        ``s1``, ``s2``, … in order; in annexes ``annex1``, ``annex1.s1``, ….
    number
        As printed (``III``, ``A``), or None.
    title
        Its words.
    level
        1 for the highest.
    kind
        ``section`` or ``annex``.
    parent
        Section above, or None.
    eid
        Identifier in Akoma Ntoso, such as ``sec_III``.
    page
        Where it begins.
    """

    id: str
    number: str | None
    title: str
    level: int
    kind: str
    parent: str | None
    eid: str
    page: int


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph, a list item or a table.

    Attributes
    ----------
    id
        ``p12``, ``p12.a``, ``pp3`` (preambular), ``op4`` (operative), ``u2`` (without a number),
        ``t1`` (table); in annexes with ``annex1.`` before it. A number used again gets ``-2``.
    number
        As printed, or None.
    text
        Its words without the number.
    kind
        ``numbered``, ``item``, ``preambular``, ``operative``, ``unnumbered``, ``table``, ``caption``,
        ``opening`` (of a resolution: "The General Assembly,") or ``closing`` (its meeting and date).
    section
        Id of its section, or None.
    parent
        Id of the paragraph that an item belongs to.
    eid
        Identifier in Akoma Ntoso, such as ``sec_III__para_12``.
    page
        Where it begins.
    notes
        Numbers of the footnotes it refers to.
    """

    id: str
    number: str | None
    text: str
    kind: str
    section: str | None
    parent: str | None
    eid: str
    page: int
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Footnote:
    """A footnote: number, words, page."""

    number: str
    text: str
    page: int


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a reader should know about how the text was read.

    Attributes
    ----------
    kind
        Such as ``missing_number`` or ``joined_over_page``.
    where
        Id of a paragraph or section, or a page.
    message
        A sentence.
    """

    kind: str
    where: str
    message: str


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the head of the document says about it; None where it does not say.

    Attributes
    ----------
    symbol, date, session, agenda_item, title, language, body, distribution
        As printed, but the date as ``2011-09-12`` and the language as a two-letter code.
    kind
        ``resolution``, ``debate`` or ``report``.
    """

    symbol: str | None = None
    date: str | None = None
    session: str | None = None
    agenda_item: str | None = None
    title: str | None = None
    language: str | None = None
    body: str | None = None
    distribution: str | None = None
    kind: str = "report"


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence and what it does.

    Attributes
    ----------
    id
        Of the paragraph, and the sentence in it: ``p12.s2``.
    paragraph
        Id of the paragraph.
    text
        The sentence.
    start, end
        Where it stands in the text of the paragraph.
    type
        ``fact``, ``commitment``, ``call``, ``recommendation``, ``practice``, ``concern``,
        ``acknowledgement``, ``emphasis``, ``reference``, ``request``, ``decision``, or ``untyped``
        where the language has no lexicon.
    strength
        1 (weak) to 5 (binding), or None for a fact.
    verb
        Entry of the lexicon, or None.
    rationale
        The words that decided, and where they stand in the text of the paragraph.
    actor, addressee
        Who does it and towards whom, where the sentence says so.
    also
        Types of further acts in the sentence.
    """

    id: str
    paragraph: str
    text: str
    start: int
    end: int
    type: str
    strength: int | None = None
    verb: str | None = None
    rationale: str | None = None
    rationale_start: int | None = None
    rationale_end: int | None = None
    actor: str | None = None
    addressee: str | None = None
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Quantity:
    """An amount or a date, with what it counts.

    Attributes
    ----------
    paragraph, statement
        Where it stands; the statement is None in tables.
    text, start, end
        Its words, and where they stand in the text of the paragraph.
    kind
        ``amount``, ``date`` or ``year``.
    value, low, high
        Normalised: persons, dollars, percent; of a range the middle and both ends; of a date the
        year. An open end is None.
    unit
        ``per cent``, ``USD``, ``organizations``, ``share`` (from 0 to 1), ``number`` (of what is not
        said beside it), ``date``, ….
    period
        ``over five years``, ``since 2006``, as printed.
    qualifier
        ``nearly``, ``at least``, ….
    bound
        What it says of the value: ``<``, ``<=``, ``>``, ``>=`` or ``~`` (about).
    normalised
        A date as ``2011-05-19``; of a period both ends, with a slash between.
    """

    paragraph: str
    statement: str | None
    text: str
    start: int
    end: int
    kind: str
    value: float
    low: float | None
    high: float | None
    unit: str
    period: str | None = None
    qualifier: str | None = None
    bound: str | None = None
    normalised: str | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """A sentence and an indicator that speaks of the same thing.

    Attributes
    ----------
    paragraph, statement
        Where.
    indicator
        Its name in the vocabulary.
    rank
        1 for the best of the statement.
    score
        Without a unit; comparable within one vocabulary.
    probability
        That a reader would link the two, from the hand-marked texts; a rough figure.
    rationale
        The words they share.
    """

    paragraph: str
    statement: str
    indicator: str
    rank: int
    score: float
    probability: float
    rationale: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Structure:
    """What splitting gives: sections, paragraphs and all that is neither.

    Attributes
    ----------
    preface
        Blocks before the body.
    furniture
        Page headers, page footers and rules that were taken out.
    """

    sections: tuple[Section, ...]
    paragraphs: tuple[Paragraph, ...]
    footnotes: tuple[Footnote, ...]
    preface: tuple[str, ...]
    furniture: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = field(default=())
