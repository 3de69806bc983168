"""Statements of a document and how each is checked, read from ``data/cooperation/claims/claims.toml``."""

from __future__ import annotations

import inspect
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from corridors import packaged
from corridors.cooperation.claims.figures import Answer, ClaimFigure, Verdict
from corridors.cooperation.claims.otherwise import can_come_out_otherwise
from corridors.cooperation.claims.rules import RULES
from corridors.errors import DataError
from corridors.figure_age import judged_late
from corridors.figure_kinds import KINDS as VALUES
from corridors.figure_kinds import kind_of

KINDS = ("quantity", "trend", "existence", "share", "documentary", "cause", "norm")
STRENGTHS = ("direct", "implied", "weak")
_MADE_IN = 2011
_ON_PROXY: Mapping[Answer, Answer] = {
    "supported": "supported-on-proxy",
    "not-supported": "not-supported-on-proxy",
}


@dataclass(frozen=True, slots=True)
class Claim:
    """A statement of a document, and how figures check it.

    Attributes
    ----------
    id, paragraph
        Its identity and the numbered paragraph it stands in.
    statement
        What it says, in other words.
    kind
        One of :data:`KINDS`.
    measure
        What is measured; blank where it can not be checked.
    proxy, proxy_reason
        Blank where the statement itself is measured. Else how strongly what is measured stands for it, and
        why: ``direct`` (a piece of what is said), ``implied`` (would follow if it were true) or ``weak``
        (moves for other reasons, too).
    indicator, place
        Indicator that checks it; beside one that can not be checked, the nearest there is.
    figures
        Instead of an indicator: ``series`` (figures by year), ``groups`` (figures by label) or ``pairs``
        (figures then and now by label), which whoever judges the statement brings along.
    unit
        Unit of these figures; that of an indicator stands in its definition.
    values
        What these figures can be, one of :data:`corridors.figure_kinds.KINDS`, where the unit does not say.
    revision
        Parameters for how far later revisions may still move these figures.
    then, now
        Years of the two figures: the last figure up to the year, else the first there is. ``now`` is None for
        the latest.
    at
        Which of the two a rule about one figure looks at.
    rule, given
        Rule of :data:`corridors.cooperation.claims.rules.RULES` and what it is given; blank where it
        can not be checked.
    limits
        What the figures do not say about the statement.
    reason, needs
        Why it can not be checked, and what would be needed.
    """

    id: str
    paragraph: int
    statement: str
    kind: str
    measure: str = ""
    proxy: str = ""
    proxy_reason: str = ""
    indicator: str = ""
    place: str = "WLD"
    figures: str = ""
    unit: str = ""
    values: str = ""
    revision: Sequence[str] = ()
    then: int = _MADE_IN
    now: int | None = None
    at: str = "now"
    rule: str = ""
    given: Mapping[str, Any] = field(default_factory=dict)
    limits: str = ""
    reason: str = ""
    needs: str = ""

    @property
    def checkable(self) -> bool:
        """Whether figures can check it or a part of it."""
        return bool(self.rule)

    @property
    def rule_in_words(self) -> str:
        """The rule with what it is given, as in ``fell_by(points=5, years=5)``."""
        return f"{self.rule}({', '.join(f'{k}={v!r}' for k, v in self.given.items())})" if self.rule else ""


@cache
def claims() -> tuple[Claim, ...]:
    """All statements of the source document, in its order.

    Examples
    --------
    >>> from corridors.cooperation.claims.statements import claims
    >>> sorted({claim.paragraph for claim in claims()}) == list(range(1, 19))
    True
    """
    return tuple(read_claims(packaged.text("cooperation/claims/claims.toml")))


def document() -> str:
    """Title of the document whose statements are checked.

    Examples
    --------
    >>> from corridors.cooperation.claims.statements import document
    >>> document().split(",")[0]
    'United Nations General Assembly'
    """
    text = packaged.text("cooperation/claims/claims.toml")
    return str(tomllib.loads(text)["document"])


def read_claims(text: str) -> list[Claim]:
    """Statements from TOML, one ``[[claim]]`` each.

    Parameters
    ----------
    text
        TOML.

    Raises
    ------
    DataError
        A statement without its fields, with a rule that does not exist, with both a rule and a reason why
        there is none, or twice.

    Examples
    --------
    >>> text = '''[[claim]]
    ... id = "p01-held"
    ... paragraph = 1
    ... kind = "documentary"
    ... statement = "A debate was held."
    ... reason = "A matter of record."
    ... needs = "The record."
    ... '''
    >>> read_claims(text)[0].checkable
    False
    """
    try:
        raw = tomllib.loads(text).get("claim", [])
        found = [Claim(**entry) for entry in raw]
    except (tomllib.TOMLDecodeError, TypeError) as error:
        raise DataError("the statements can not be read", str(error), "see docs/how-to/claims.md") from error
    seen: set[str] = set()
    for claim in found:
        _check(claim, seen)
        seen.add(claim.id)
    return found


def _check(claim: Claim, seen: set[str]) -> None:
    wrong = {
        "it stands there twice": claim.id in seen,
        f"its kind is not one of {', '.join(KINDS)}": claim.kind not in KINDS,
        f"its rule is not one of {', '.join(RULES)}": claim.checkable and claim.rule not in RULES,
        "it needs a rule with a measure, or a reason and needs": claim.checkable is bool(claim.reason)
        or not (claim.measure if claim.checkable else claim.needs),
        "figures is series, groups or pairs": claim.figures not in ("", "series", "groups", "pairs"),
        "it is checked by an indicator or by other figures": claim.checkable
        and bool(claim.indicator) is bool(claim.figures),
        "other figures need a unit": bool(claim.figures) and not claim.unit,
        f"proxy is one of {', '.join(STRENGTHS)}": claim.proxy not in ("", *STRENGTHS),
        "a proxy needs a reason": bool(claim.proxy) is not bool(claim.proxy_reason),
        f"values is one of {', '.join(VALUES)}": claim.values not in ("", *VALUES),
        "at is then or now": claim.at not in ("then", "now"),
    }
    for words, holds in wrong.items():
        if holds:
            raise DataError(f"statement '{claim.id}' can not be accepted", words, "see docs/how-to/claims.md")


def at_year(series: Sequence[ClaimFigure], year: int | None) -> ClaimFigure | None:
    """The last figure up to a year, else the first; the last of all where no year is given.

    Examples
    --------
    >>> from corridors.cooperation.claims.figures import ClaimFigure
    >>> at_year([ClaimFigure(2010, 1.0), ClaimFigure(2015, 2.0)], 2011).year
    2010
    """
    ordered = sorted(series, key=lambda figure: figure.year)
    if not ordered:
        return None
    before = [figure for figure in ordered if year is None or figure.year <= year]
    return before[-1] if before else ordered[0]


@dataclass(frozen=True, slots=True)
class ClaimFigures:
    """The figures that a statement is judged by; only those its rule asks for are needed.

    Attributes
    ----------
    then, now
        Its two figures, where it is checked by an indicator or a series.
    groups
        Its figures by label.
    pairs
        Its figures then and now by label.
    unit, kind
        Their unit, and what they can be; the kind of the unit where none is given.
    """

    then: ClaimFigure | None = None
    now: ClaimFigure | None = None
    groups: Mapping[str, ClaimFigure] = field(default_factory=dict)
    pairs: Mapping[str, tuple[ClaimFigure, ClaimFigure]] = field(default_factory=dict)
    unit: str = ""
    kind: str = ""

    @property
    def last_year(self) -> int | None:
        """The last year that any of them is of."""
        held = [*self.groups.values(), *(now for _, now in self.pairs.values())]
        years = [figure.year for figure in held or [self.now] if figure is not None]
        return max(years, default=None)


def judge(claim: Claim, figures: ClaimFigures) -> Verdict:
    """Apply the rule of a statement to its figures.

    Parameters
    ----------
    claim
        A statement.
    figures
        Its figures.

    Returns
    -------
    Verdict
        ``not-checkable`` where the statement has no rule, where no figure could make the rule give another
        answer, or where the figures that it needs are not there. On a proxy it is never more than that.

    Examples
    --------
    >>> from corridors.cooperation.claims.figures import ClaimFigure
    >>> from corridors.cooperation.claims.statements import ClaimFigures, claims, judge
    >>> five = next(claim for claim in claims() if claim.id == "p03-five-by-five")
    >>> judge(five, ClaimFigures(ClaimFigure(2011, 9.2), ClaimFigure(2014, 8.0), unit="%")).verdict
    'not-supported'
    """
    if not claim.checkable:
        return Verdict("not-checkable", "", claim.reason)
    rule = RULES[claim.rule]
    had: dict[str, Any] = {
        "then": figures.then,
        "now": figures.now,
        "figure": figures.then if claim.at == "then" else figures.now,
        "groups": figures.groups or None,
        "pairs": figures.pairs or None,
        "unit": figures.unit,
    }
    wanted = {name: had[name] for name in inspect.signature(rule).parameters if name in had}
    if any(part is None for part in wanted.values()):
        return Verdict("not-checkable", "", "the atlas holds no figures for it")
    kind = figures.kind or claim.values or kind_of(figures.unit)
    about = figures.then.value if figures.then else 1.0
    if not can_come_out_otherwise(claim.rule, claim.given, kind, about=about):
        return Verdict(
            "not-checkable", "", f"whatever the figures, {claim.rule_in_words} says the same of a {kind}"
        )
    try:
        found = rule(**wanted, **claim.given)
    except DataError as lacking:
        return Verdict("not-checkable", "", lacking.title)
    if not claim.proxy:
        return found
    return Verdict(_ON_PROXY.get(found.verdict, found.verdict), found.certainty, found.explanation)


def data_note(claim: Claim, figures: ClaimFigures, as_of: date) -> str | None:
    """How old the figure behind a verdict was, where the statement is about the present.

    A statement about a past time (its figure is that of the debate, or its end is given) is not
    the worse for it.

    Parameters
    ----------
    claim
        A statement.
    figures
        Its figures.
    as_of
        The day of judgement.

    Examples
    --------
    >>> from datetime import date
    >>> from corridors.cooperation.claims.figures import ClaimFigure
    >>> from corridors.cooperation.claims.statements import ClaimFigures, claims, data_note
    >>> stated, of_2020 = {claim.id: claim for claim in claims()}, ClaimFigures(now=ClaimFigure(2020, 7.0))
    >>> data_note(stated["p03-five-percent-now"], of_2020, date(2026, 6, 30))
    'last figure 2020, six years before this judgement'
    >>> data_note(stated["p03-five-by-five"], of_2020, date(2026, 6, 30)) is None
    True
    """
    if not claim.checkable or claim.now is not None or claim.at == "then":
        return None
    last = figures.last_year
    if last is None or last <= claim.then:
        return None
    return judged_late(last, as_of, "figure")
