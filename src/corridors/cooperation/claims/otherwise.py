"""Can a rule come out otherwise, whatever the figures within what they can be at all?"""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from typing import Any

from corridors.cooperation.claims.figures import Answer, ClaimFigure
from corridors.cooperation.claims.rules import RULES
from corridors.figure_kinds import admissible, only_grows

_NEEDED: frozenset[Answer] = frozenset({"supported", "not-supported"})


def answers(rule: str, given: Mapping[str, Any], kind: str, *, about: float = 1.0) -> frozenset[Answer]:
    """Answers that a rule gives over figures of a kind, none at the very edge of what the kind can be.

    Parameters
    ----------
    rule, given
        A rule of :data:`corridors.cooperation.claims.rules.RULES` and what it is given.
    kind
        One of :data:`corridors.figure_kinds.KINDS`.
    about
        Size of the figures where the rule is given no threshold.

    Examples
    --------
    >>> sorted(answers("below", {"threshold": 0.5}, "share"))
    ['not-supported', 'supported']
    >>> sorted(answers("above", {"threshold": 0}, "share")), sorted(answers("rose", {}, "running count"))
    (['supported'], ['supported'])
    """
    values = admissible(kind, float(given.get("threshold", given.get("points", about))))
    wanted = set(inspect.signature(RULES[rule]).parameters) & {"then", "figure", "groups", "pairs"}
    return frozenset(
        RULES[rule](**figures, **given).verdict for figures in _figures(wanted, values, only_grows(kind))
    )


def can_come_out_otherwise(rule: str, given: Mapping[str, Any], kind: str, *, about: float = 1.0) -> bool:
    """Whether figures of a kind can support what a rule asks, and can fail to.

    Parameters
    ----------
    rule, given, kind, about
        As for :func:`answers`.

    Examples
    --------
    >>> can_come_out_otherwise("at_least", {"threshold": 3}, "running count")
    True
    >>> can_come_out_otherwise("below", {"threshold": 1}, "share")
    False
    """
    return answers(rule, given, kind, about=about) >= _NEEDED


def _figures(wanted: set[str], values: tuple[float, ...], grows: bool) -> Iterator[dict[str, Any]]:
    if "figure" in wanted:
        yield from ({"figure": ClaimFigure(1, value)} for value in values)
        return
    if "groups" in wanted:
        for first, second in product(values, repeat=2):
            yield {"groups": {"a": ClaimFigure(1, first), "b": ClaimFigure(1, second)}}
        return
    for pair in _pairs(values, grows):
        yield {"pairs": {"a": pair}} if "pairs" in wanted else {"then": pair[0], "now": pair[1]}


def _pairs(values: Iterable[float], grows: bool) -> Iterator[tuple[ClaimFigure, ClaimFigure]]:
    for then, now in product(values, repeat=2):
        if not grows or now > then:
            yield ClaimFigure(1, then), ClaimFigure(2, now)
