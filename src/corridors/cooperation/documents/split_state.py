"""Where the splitter stands in a document, and how it adds to it."""

from __future__ import annotations

from dataclasses import dataclass, field

from corridors.cooperation.documents.parts import Block, Finding, Paragraph, Section


@dataclass(slots=True)
class SplitState:
    """Where the splitter stands in a document.

    Attributes
    ----------
    sections, paragraphs, findings, preface
        What was found so far.
    path
        Sections that are open, the highest first.
    items
        Marker and paragraph of each level of the list that is open; the first is the paragraph itself.
    used
        How often an id was given.
    annex, annexes
        What ids begin with in the annex that is open, and how many there were.
    last, unnumbered
        The last number of a paragraph, and how many had none.
    mode
        ``head``, ``title`` (of an annex), ``preamble``, ``outcome`` (title of what is adopted),
        ``operative`` or ``body``.
    first
        The number that the text begins with.
    resolution, we
        Whether it is a resolution; whether "We, …" leads to what follows.
    """

    sections: list[Section] = field(default_factory=list)
    paragraphs: list[Paragraph] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    preface: list[str] = field(default_factory=list)
    path: list[Section] = field(default_factory=list)
    items: list[tuple[str, str]] = field(default_factory=list)
    used: dict[str, int] = field(default_factory=dict)
    annex: str = ""
    annexes: int = 0
    last: int = 0
    unnumbered: int = 0
    mode: str = "head"
    first: int = 1
    resolution: bool = False
    we: bool = False

    @property
    def section(self) -> str | None:
        """Id of the section that is open."""
        return self.path[-1].id if self.path else None

    @property
    def eid(self) -> str:
        """What the identifiers of its paragraphs begin with."""
        return self.path[-1].eid + "__" if self.path else ""


def add_paragraph(
    state: SplitState, name: str, number: str | None, block: Block, text: str, kind: str, eid: str,
    parent: str | None = None,
) -> Paragraph:  # fmt: skip
    """Add a paragraph to the document, under an id that no other has.

    Parameters
    ----------
    state
        Where the splitter stands.
    name, number, text, kind, eid, parent
        As in :class:`Paragraph`.
    block
        Where it was found.
    """
    full = state.annex + name
    times = state.used[full] = state.used.get(full, 0) + 1
    suffix = f"-{times}" if times > 1 else ""
    paragraph = Paragraph(full + suffix, number, text, kind, state.section, parent, eid + suffix, block.page)
    state.paragraphs.append(paragraph)
    return paragraph


def add_section(state: SplitState, block: Block, number: str | None, title: str, level: int) -> bool:
    """Open a section; says True, since a heading was found.

    Parameters
    ----------
    state
        Where the splitter stands.
    block
        Of the heading.
    number, title, level
        As printed; 1 for the highest level.
    """
    state.mode, state.items = "body", []
    state.path = [s for s in state.path if s.level < level]
    count = sum(s.kind == "section" and s.id.startswith(f"{state.annex}s") for s in state.sections) + 1
    parent = state.path[-1] if state.path else None
    name = {1: "sec", 2: "subsec"}.get(level, "div")
    label = (number or f"u{count}").replace(" ", "-")
    eid = (parent.eid + "__" if parent else "") + f"{name}_{label}"
    times = state.used[eid] = state.used.get(eid, 0) + 1
    if times > 1:
        eid += f"-{times}"
        state.findings.append(
            Finding("duplicate_section", f"{state.annex}s{count}", f"'{number}' stands twice")
        )
    section = Section(f"{state.annex}s{count}", number, title.strip(), level, "section",
                      parent.id if parent else None, eid, block.page)  # fmt: skip
    state.sections.append(section)
    state.path.append(section)
    return True
