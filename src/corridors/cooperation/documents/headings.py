"""Which blocks are headings: by number, by label, by their place before a numbered paragraph."""

from __future__ import annotations

import re
from dataclasses import replace

from corridors.cooperation.documents.markers import ITEM, LABELLED, NUMBER, ended
from corridors.cooperation.documents.parts import Block
from corridors.cooperation.documents.split_state import SplitState, add_section

NUMBERED_HEADING = re.compile(
    r"^(?:([IVXL]{1,6})[.．]|([A-Z])[.．]|([一二三四五六七八九十]{1,3})、)\s*(\S.*)$"
)


def heading(state: SplitState, block: Block, following: Block | None) -> bool:
    """Take a block as a heading, if it is one.

    Parameters
    ----------
    state
        Where the splitter stands.
    block, following
        The block, and the one behind it.
    """
    text = block.text.strip()
    if state.mode == "title":
        return _annex_title(state, block)
    if (own := _titled(state, block)) is not None:
        return own
    match = NUMBERED_HEADING.match(text)
    if match and _heading_like(match.group(4), block):
        number = match.group(1) or match.group(2) or match.group(3)
        return add_section(state, block, number, match.group(4), _level(state, number))
    third = NUMBER.match(text)
    if (
        third
        and following is not None
        and number_heading(state, block, int(third.group(1)), text[third.end() :], following)
    ):
        return add_section(state, block, third.group(1), text[third.end() :], 3)
    level = None
    if block.kind == "heading" and state.mode != "head":
        level = 2 if state.path and state.path[0].number else 1
    elif _bare_heading(state, block, following):
        level = 2 if any(s.number and " " not in s.number for s in state.path) else 1
    return level is not None and add_section(state, block, None, text, level)


def _titled(state: SplitState, block: Block) -> bool | None:
    """A heading such as "Objective 5: …", or the title of what a resolution adopts; None for others."""
    text = block.text.strip()
    labelled = LABELLED.match(text)
    if labelled and block.strong and len(text) < 300 and (state.mode != "head" or text[:9] == "Objective"):
        above = [x for x in state.path if x.level == 1 and " " not in (x.number or "")]
        return add_section(state, block, labelled.group(1), labelled.group(2), 2 if above else 1)
    if state.mode == "outcome" and block.strong and not re.search(r"[.;:,]$", text):
        return add_section(state, block, None, text, 1)
    return None


def _heading_like(title: str, block: Block) -> bool:
    return block.kind == "heading" or (
        block.strong and len(title) < 200 and not re.search(r"[.;:,]$", title) and not title[:1].islower()
    )


def _bare_heading(state: SplitState, block: Block, following: Block | None) -> bool:
    """A short line without a number and without an end, right before the paragraph that is due."""
    if following is None or not block.strong or block.kind == "item" or len(block.text) > 120:
        return False
    if re.search(r"[.;:,]$", block.text) or block.text[:1].islower() or ITEM.match(block.text):
        return False
    match = NUMBER.match(following.text)
    due = match is not None and int(match.group(1)) == state.last + 1
    due = due or LABELLED.match(following.text) is not None
    return due and state.mode in ("body", "head") and (state.mode == "body" or len(block.text) < 40)


def _level(state: SplitState, number: str) -> int:
    romans = [s for s in state.path if s.level == 1 and s.number]
    if re.fullmatch(r"[IVXL]+", number):
        # C, D, I, L, V and X are letters too; after B comes C, after H comes I.
        letters = [s for s in state.path if s.level == 2 and s.number]
        if len(number) == 1 and letters and ord(number) == ord(letters[-1].number or "@") + 1:
            return 2
        return 1
    return 2 if romans or not number.isascii() else 1


def _annex_title(state: SplitState, block: Block) -> bool:
    if NUMBERED_HEADING.match(block.text) or NUMBER.match(block.text) or len(block.text) > 250:
        state.mode = "body"
        return heading(state, block, None)
    state.mode = "body"
    old = state.sections[-1]
    new = replace(old, title=block.text)
    state.sections[-1], state.path = new, [new]
    return True


def number_heading(state: SplitState, block: Block, number: int, text: str, following: Block | None) -> bool:
    """Whether '2. Costs' is a heading of the third level: short, unended, and not the number due.

    Parameters
    ----------
    state, block, following
        As in :func:`heading`.
    number, text
        What the block begins with, and the words behind it.
    """
    if len(text) > 90 or ended(text, spaced=True) or number == state.last + 1 or not block.strong:
        return False
    match = NUMBER.match(following.text) if following is not None else None
    return match is not None and int(match.group(1)) == state.last + 1
