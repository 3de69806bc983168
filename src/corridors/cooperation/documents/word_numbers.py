"""The numbers that Word makes by itself: worked out from the lists and styles of a DOCX file."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DEPTH = 12
_ROMAN = (
    (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_BULLETS = ("bullet", "none")


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list: form of the number, its pattern, where it starts."""

    form: str
    pattern: str
    start: int


@dataclass(frozen=True, slots=True)
class Label:
    """The number of one paragraph as Word prints it, the form of it, and how deep it is, from 0."""

    text: str
    form: str
    depth: int


@dataclass(slots=True)
class Numbers:
    """Counts the paragraphs of a file in their order.

    Attributes
    ----------
    levels
        By list (abstract) and depth.
    lists
        Abstract list of each list, and where a list starts anew.
    styles
        List and depth of each style, as far as it says.
    """

    levels: dict[str, dict[int, Level]]
    lists: dict[str, tuple[str, dict[int, int]]]
    styles: dict[str, tuple[str | None, int | None]]
    _counts: dict[str, dict[int, int]] = field(default_factory=dict)
    _begun: set[str] = field(default_factory=set)

    def label(self, paragraph: Any) -> Label | None:
        """Count a paragraph, and say its number; None where it has none.

        Parameters
        ----------
        paragraph
            Its element.
        """
        number, depth = self._list_of(paragraph)
        if number is None or number == "0" or number not in self.lists:
            return None
        abstract, starts = self.lists[number]
        levels = self.levels.get(abstract, {})
        level = levels.get(depth)
        if level is None:
            return None
        counts = self._counts.setdefault(abstract, {})
        if number not in self._begun:
            self._begun.add(number)
            for at, start in starts.items():
                counts[at] = start - 1
        counts[depth] = counts.get(depth, level.start - 1) + 1
        for deeper in [at for at in counts if at > depth]:
            del counts[deeper]
        if level.form in _BULLETS:
            return Label("", level.form, depth)
        shown = re.sub(r"%(\d)", lambda m: self._shown(levels, counts, int(m[1]) - 1), level.pattern)
        return Label(shown.strip(), level.form, depth)

    def _shown(self, levels: dict[int, Level], counts: dict[int, int], depth: int) -> str:
        level = levels.get(depth)
        if level is None:
            return ""
        return numeral(counts.setdefault(depth, level.start), level.form)

    def _list_of(self, paragraph: Any) -> tuple[str | None, int]:
        own = _number_of(paragraph.find(f"{W}pPr"))
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        told = self.styles.get(style.get(f"{W}val") if style is not None else "", (None, None))
        number = own[0] if own[0] is not None else told[0]
        depth = own[1] if own[1] is not None else told[1]
        return number, depth or 0


def numeral(number: int, form: str) -> str:
    """A number in a form of Word's: ``decimal``, ``lowerLetter``, ``upperRoman``, ….

    Examples
    --------
    >>> numeral(4, "lowerRoman"), numeral(28, "lowerLetter"), numeral(7, "decimalZero")
    ('iv', 'bb', '07')
    """
    if form in ("lowerLetter", "upperLetter"):
        text = chr(97 + (number - 1) % 26) * (1 + (number - 1) // 26)
    elif form in ("lowerRoman", "upperRoman"):
        text, rest = "", number
        for value, sign in _ROMAN:
            text, rest = text + sign * (rest // value), rest % value
    else:
        text = f"{number:02d}" if form == "decimalZero" else str(number)
    return text.upper() if form.startswith("upper") else text


def numbers_of(numbering: Any | None, styles: Any | None) -> Numbers:
    """The counter of a file.

    Parameters
    ----------
    numbering, styles
        Roots of ``numbering.xml`` and ``styles.xml``, or None where the file has none.
    """
    levels: dict[str, dict[int, Level]] = {}
    lists: dict[str, tuple[str, dict[int, int]]] = {}
    for abstract in _all(numbering, "abstractNum"):
        name = abstract.get(f"{W}abstractNumId")
        levels[name] = {int(e.get(f"{W}ilvl")): _level(e) for e in abstract.findall(f"{W}lvl")}
    for one in _all(numbering, "num"):
        name, abstract = one.get(f"{W}numId"), _value(one, "abstractNumId") or ""
        starts: dict[int, int] = {}
        for over in one.findall(f"{W}lvlOverride"):
            depth = int(over.get(f"{W}ilvl"))
            if (start := _value(over, "startOverride")) is not None:
                starts[depth] = int(start)
            if (other := over.find(f"{W}lvl")) is not None:
                # Another form of one level makes a list of its own, which counts by itself.
                own = f"{abstract}/{name}"
                levels[own] = {**levels.get(abstract, {}), depth: _level(other)}
                abstract = own
        lists[name] = (abstract, starts)
    found = {s.get(f"{W}styleId"): s for s in _all(styles, "style")}
    return Numbers(levels, lists, {name: _style_list(found, name) for name in found})


def _style_list(styles: dict[str, Any], name: str) -> tuple[str | None, int | None]:
    """List and depth of a style, its own or those of the style that it is based on."""
    number, depth = None, None
    at: str | None = name
    for _ in range(_DEPTH):
        style = styles.get(at or "")
        if style is None:
            break
        own = _number_of(style.find(f"{W}pPr"))
        number = own[0] if number is None else number
        depth = own[1] if depth is None else depth
        at = _value(style, "basedOn")
    return number, depth


def _number_of(properties: Any | None) -> tuple[str | None, int | None]:
    of = properties.find(f"{W}numPr") if properties is not None else None
    if of is None:
        return None, None
    depth = _value(of, "ilvl")
    return _value(of, "numId"), int(depth) if depth is not None else None


def _level(element: Any) -> Level:
    form = _value(element, "numFmt") or "decimal"
    return Level(form, _value(element, "lvlText") or "", int(_value(element, "start") or "1"))


def _value(element: Any, name: str) -> str | None:
    child = element.find(f"{W}{name}")
    return None if child is None else child.get(f"{W}val")


def _all(root: Any | None, name: str) -> list[Any]:
    return [] if root is None else root.findall(f"{W}{name}")
