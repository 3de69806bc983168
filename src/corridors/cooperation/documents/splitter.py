"""From blocks to sections and numbered paragraphs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from corridors.cooperation.documents.headings import NUMBERED_HEADING, heading, number_heading
from corridors.cooperation.documents.markers import (
    ANNEX,
    CLOSING,
    ITEM,
    NUMBER,
    OPENING,
    VERB_3,
    block_notes,
    depth_of,
    ended,
    missing_before,
    with_notes,
)
from corridors.cooperation.documents.parts import (
    Block,
    Finding,
    Footnote,
    Section,
    Structure,
)
from corridors.cooperation.documents.split_state import SplitState, add_paragraph

_NOISY = re.compile(r"^\s*([lIOS\d]{1,3})\s?[.,]\s+(?=[A-Z])")
_NOISE = str.maketrans("lIOS", "1105")
_CAPTION = re.compile(r"^(?:Table|Tableau|Cuadro|Figure|Figura)\s+\d+(?!\w)(?! (?:shows|gives|below))")
_ADOPTS = re.compile(r"^Adopts the following .{3,300}:$")
_INLINE = re.compile(
    r"^(Preamble|Introduction|Summary|Background|Conclusions?|Recommendations?|Implementation"
    r"|Follow-up and review) (?=(\d{1,3})\. [A-Z])"
)
_ABBREVIATED = re.compile(r"\b(?:paras?|Nos?|arts?|pp?|vol|sect|chap|fig|annex|res)\.$", re.IGNORECASE)


def split(
    blocks: Sequence[Block], footnotes: Sequence[Footnote] = (), findings: Sequence[Finding] = ()
) -> Structure:
    r"""Sections and paragraphs of blocks.

    Parameters
    ----------
    blocks
        In the order of reading.
    footnotes
        Already set apart; those among the blocks are added.
    findings
        Of the steps before.

    Returns
    -------
    Structure
        Every block is in it, once; gaps and repetitions in the numbers are findings.

    Examples
    --------
    >>> from corridors.cooperation.documents.lines import blocks_of
    >>> found = split(blocks_of("I. Aims\n\n1. We met on\n19 May 2011.\n\n3. So be it.").blocks)
    >>> [p.id for p in found.paragraphs], [f.kind for f in found.findings]
    (['p1', 'p3'], ['missing_number'])
    """
    notes = [*footnotes, *block_notes(blocks)]
    body = [block for block in blocks if block.kind != "footnote"]
    state = SplitState(findings=list(findings), first=_first_number(body))
    for i, block in enumerate(body):
        _take(state, block, body[i + 1] if i + 1 < len(body) else None)
    if not state.paragraphs and not state.sections:
        _all_unnumbered(state, body)
    paragraphs = with_notes(state.paragraphs, notes, state.findings)
    return Structure(
        tuple(state.sections), paragraphs, tuple(notes), tuple(state.preface), (), tuple(state.findings)
    )


def _first_number(body: Sequence[Block]) -> int:
    """The number that an extract begins with, where no block begins with 1 and later ones count on."""
    found = [(m, block.text[m.end() :]) for block in body if (m := NUMBER.match(block.text))]
    numbers = [int(match.group(1)) for match, text in found if text[:1].isupper()]
    counts_on = any(b == a + 1 for a, b in pairwise(numbers))
    return numbers[0] if counts_on and 1 not in numbers else 1


def _all_unnumbered(state: SplitState, body: list[Block]) -> None:
    state.preface.clear()
    state.mode = "body"
    for block in body:
        _unnumbered(state, block)


def _take(state: SplitState, block: Block, following: Block | None) -> None:
    inline = _INLINE.match(block.text)
    if inline and int(inline.group(2)) == state.last + 1 and block.kind == "text":
        # A heading and the paragraph below it on one line, as some PDF files have them.
        rest = replace(block, text=block.text[inline.end() :], strong=True)
        _take(state, replace(block, text=inline.group(1), strong=True), rest)
        _take(state, rest, following)
        return
    if block.kind == "table":
        _table(state, block)
    elif not (
        _continues(state, block)
        or _annex(state, block, following)
        or _opening(state, block)
        or _numbered(state, block, following)
        or heading(state, block, following)
        or _item(state, block)
    ):
        _plain(state, block, following)


def _continues(state: SplitState, block: Block) -> bool:
    """A page break inside a paragraph: no end before it, a small letter after it."""
    last = state.paragraphs[-1] if state.paragraphs else None
    if last is None or last.kind in ("table", "opening") or block.kind != "text":
        return False
    text = block.text
    if ended(last.text, spaced=True) or (last.text.endswith(",") and last.kind == "preambular"):
        return False
    if ITEM.match(text) or NUMBER.match(text) or NUMBERED_HEADING.match(text) or ANNEX.match(text):
        return False
    if not text[:1].islower() and not (block.after_page and len(last.text) > 60):
        return False
    if not block.strong:
        whole = f"{last.text} {text}"
    else:
        broken = re.search(r"[a-z]-$", last.text)
        whole = last.text[:-1] + text if broken else f"{last.text} {text}"
        state.findings.append(
            Finding("joined_over_page", last.id, f"continues on page {block.page} with '{text[:40]}'")
        )
    state.paragraphs[-1] = replace(last, text=whole)
    return True


def _annex(state: SplitState, block: Block, following: Block | None) -> bool:
    match = ANNEX.match(block.text)
    if not match or not block.strong or (state.mode == "head" and not state.preface):
        return False
    state.annexes += 1
    state.we = False
    name = f"annex{state.annexes}"
    state.annex, state.last, state.unnumbered, state.mode = f"{name}.", 0, 0, "title"
    section = Section(name, match.group(1), block.text, 0, "annex", None, f"att_{state.annexes}", block.page)
    state.sections.append(section)
    state.path, state.items = [section], []
    return True


def _opening(state: SplitState, block: Block) -> bool:
    if not OPENING.match(block.text) or state.mode not in ("head", "title", "body"):
        return False
    state.mode, state.last, state.items, state.resolution = "preamble", 0, [], True
    add_paragraph(state, "opening", None, block, block.text, "opening", state.eid + "opening")
    return True


def _numbered(state: SplitState, block: Block, following: Block | None) -> bool:
    found = _number(state, block, following)
    if found is None:
        return False
    number, suffix, text = found
    if not text or number_heading(state, block, number, text, following):
        return False
    in_resolution = state.mode in ("preamble", "operative")
    _check(state, number, suffix, in_resolution, block)
    state.mode = "operative" if in_resolution else "body"
    state.last = number
    shown = f"{number} {suffix}" if suffix else str(number)
    kind, prefix = ("operative", "op") if in_resolution else ("numbered", "p")
    kind = "operative" if state.we else kind
    name = f"{prefix}{number}" + (f".{suffix}" if suffix else "")
    label = f"{state.eid}para_{number}{suffix or ''}"
    paragraph = add_paragraph(state, name, shown, block, text, kind, label)
    state.items = [("", paragraph.id)]
    return True


def _number(state: SplitState, block: Block, following: Block | None) -> tuple[int, str | None, str] | None:
    """The paragraph number a block begins with, if it is one."""
    text = block.text
    if block.number is not None and block.number.rstrip(".").isdigit():
        return int(block.number.rstrip(".")), None, text
    match = NUMBER.match(text)
    expected = state.last + 1
    if match:
        number = int(match.group(1))
        # Where a line merely wraps, only the number that is due is believed, or one that begins a sentence
        # behind the end of another.
        due = (
            number == expected
            or (state.last == 0 and number == state.first)
            or (block.strong and not _unfinished(state))
        )
        if match.group(2) or due or _jumps(state, number, text[match.end() :], following):
            return number, match.group(2), text[match.end() :]
        return None
    noisy = _NOISY.match(text)
    if not (noisy and block.strong) or re.match(r"^I\. ", text):
        return None
    if noisy.group(1).translate(_NOISE) != str(expected):
        return None
    words = f"'{noisy.group().strip()}' read as {expected}."
    state.findings.append(Finding("noisy_number", f"page {block.page}", words))
    return expected, None, text[noisy.end() :]


def _jumps(state: SplitState, number: int, text: str, following: Block | None) -> bool:
    """Whether a number out of turn begins a paragraph all the same: after a gap, or as a new count from 1."""
    last = state.paragraphs[-1].text if state.paragraphs else ""
    if not last or not ended(last, spaced=True) or _ABBREVIATED.search(last) or not text[:1].isupper():
        return False
    after = NUMBER.match(following.text) if following is not None else None
    again = number == 1 and after is not None and int(after.group(1)) == 2
    return again or state.last < number <= state.last + 50


def _unfinished(state: SplitState) -> bool:
    last = state.paragraphs[-1].text if state.paragraphs else ""
    return bool(re.search(r"\b(?:the|of|on|in|and|to|para|paragraph|resolution|by)$", last))


def _check(state: SplitState, number: int, suffix: str | None, resolution: bool, block: Block) -> None:
    expected = state.last + 1
    prefix = state.annex + ("op" if resolution else "p")
    if suffix or number == expected:
        return
    if number == state.last or f"{prefix}{number}" in state.used:
        kind, words = "duplicate_number", f"number {number} stands twice"
    elif number > expected:
        gone = f"{expected}" if number == expected + 1 else f"{expected} to {number - 1}"
        kind, words = "missing_number", f"no paragraph {gone} before paragraph {number}"
    else:
        kind, words = "number_out_of_order", f"number {number} comes after {state.last}"
    state.findings.append(Finding(kind, f"{prefix}{number}", words))


def _item(state: SplitState, block: Block) -> bool:
    match = ITEM.match(block.text)
    if state.mode == "head" or not (match or block.kind == "item"):
        return False
    if not state.items:
        _unnumbered(state, block)
        return True
    marker = match.group(1) if match else None
    text = block.text[match.end() :] if match else block.text
    depth, label = depth_of(state.items, marker)
    before = state.items[depth][0] if depth < len(state.items) else None
    gap = missing_before(before if before != "-" else None, marker) if marker else None
    del state.items[depth:]
    parent = state.items[-1][1]
    base = parent.removeprefix(state.annex)
    owner = next(p for p in reversed(state.paragraphs) if p.id == parent)
    if marker is None:
        label = str(1 + sum(p.parent == parent for p in state.paragraphs))
    paragraph = add_paragraph(state, f"{base}.{label}", marker and f"({marker})", block, text, "item",
                     f"{owner.eid}__point_{label}", parent)  # fmt: skip
    state.items.append((marker or "-", paragraph.id))
    if gap and before != "-":
        state.findings.append(Finding("missing_item", paragraph.id, f"no item {gap} before item ({marker})"))
    return True


def _table(state: SplitState, block: Block) -> None:
    if state.mode == "head":
        state.preface.append(block.text)
        return
    count = 1 + sum(p.kind == "table" and p.id.startswith(f"{state.annex}t") for p in state.paragraphs)
    paragraph = add_paragraph(state, f"t{count}", None, block, block.text, "table", f"{state.eid}tbl_{count}")
    rows = block.text.count("\n") + 1
    state.findings.append(Finding("table", paragraph.id, f"a table of {rows} rows, kept as text"))


def _belongs(state: SplitState, block: Block, following: Block | None) -> bool:
    """Whether words without a number go on with the paragraph before: wrapped, or its lead to a list."""
    last = state.paragraphs[-1] if state.paragraphs else None
    if last is None or last.kind == "table" or last.section != state.section:
        return False
    if not block.strong:
        return True
    lead = block.text.rstrip().endswith(":") and following is not None and ITEM.match(following.text)
    return bool(lead) and last.kind in ("numbered", "operative") and state.items == [("", last.id)]


def _leads(block: Block, following: Block) -> bool:
    """Whether words lead to a lettered list, as at the beginning of an extract."""
    return block.text.rstrip().endswith(":") and re.match(r"\((?:a|i|1)\)\s", following.text) is not None


def _plain(state: SplitState, block: Block, following: Block | None) -> None:
    if state.mode == "head" and following is not None and _leads(block, following):
        state.mode = "body"
        _unnumbered(state, block)
    elif state.mode == "head":
        state.preface.append(block.text)
    elif state.mode == "preamble" and not (VERB_3.match(block.text) and not block.text.endswith(",")):
        count = 1 + sum(p.kind == "preambular" and p.id.startswith(state.annex) for p in state.paragraphs)
        add_paragraph(state, f"pp{count}", None, block, block.text, "preambular", f"{state.eid}rec_{count}")
        state.items = [("", state.paragraphs[-1].id)]
    elif state.mode == "preamble" and _ADOPTS.match(block.text):
        state.mode = "outcome"
        add_paragraph(state, "op", None, block, block.text, "operative", f"{state.eid}para_op")
    elif state.mode == "preamble" or (
        state.mode == "operative" and VERB_3.match(block.text) and re.search(r"[;.]$", block.text)
    ):
        state.mode = "operative"
        state.last += 1
        add_paragraph(
            state, f"op{state.last}", None, block, block.text, "operative", f"{state.eid}para_{state.last}"
        )
        state.items = [("", state.paragraphs[-1].id)]
    elif _CAPTION.match(block.text) or (state.resolution and CLOSING.match(block.text)):
        kind = "caption" if _CAPTION.match(block.text) else "closing"
        count = 1 + sum(p.kind == kind for p in state.paragraphs)
        add_paragraph(state, f"{kind}{count}", None, block, block.text, kind, f"{state.eid}{kind}_{count}")
    elif _belongs(state, block, following):
        last = state.paragraphs[-1]
        state.paragraphs[-1] = replace(last, text=f"{last.text} {block.text}")
    else:
        _unnumbered(state, block)


def _unnumbered(state: SplitState, block: Block) -> None:
    state.unnumbered += 1
    state.we = state.we or re.match(r"We,? .*(?:,|:)$", block.text) is not None
    state.mode = "body" if state.mode == "outcome" else state.mode
    name = f"u{state.unnumbered}"
    paragraph = add_paragraph(
        state, name, None, block, block.text, "unnumbered", f"{state.eid}hcontainer_{state.unnumbered}"
    )
    if block.text.rstrip().endswith(":"):
        state.items = [("", paragraph.id)]
