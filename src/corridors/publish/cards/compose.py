"""From rows to a card."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from datetime import date as Day
from typing import Any

from corridors.errors import DataError
from corridors.figure_age import age_words
from corridors.publish.cards.catalogue import CardKind
from corridors.publish.cards.fact_card import FactCard

Rows = Sequence[Mapping[str, Any]]
_RESCALING = (
    "The gap between guess and figure is no measure of prejudice: people pull every proportion towards the "
    "middle (Landy, Guay and Marghetis 2018; Guay and others 2025). Others read it differently: guesses of "
    "respondents who do not round come close to the truth (Acta Sociologica 2025, "
    "doi 10.1177/00016993241311523). The survey is of another year and definition than the figure."
)


def make_card(
    kind: CardKind,
    country: str,
    rows: Rows,
    *,
    sources: Rows = (),
    perception: Mapping[str, Any] | None = None,
    reason: str = "",
    day: Day | None = None,
) -> FactCard:
    """Make a card from the rows its query gave.

    Parameters
    ----------
    kind
        The kind.
    country
        Name of the place.
    rows
        Result of ``kind.sql``: ``value``, ``date``, optionally ``lower``, ``upper``, ``detail`` and
        ``reason`` (why the value is missing); several rows with ``label`` for a ranking. No rows, or a
        missing value, make a card that says so.
    sources
        Rows of the atlas table ``source`` for ``kind.tables``: publisher, title, revision, licence.
    perception
        Row of the atlas table ``perception`` of the place; used where the
        kind is about what people guess.
    reason
        Why there may be no figure, such as that the place is counted within another.
    day
        The day of the atlas, on which the age of an old figure is told; None for no word on it.

    Returns
    -------
    FactCard

    Raises
    ------
    DataError
        Rows without value, several rows where one is due; values that are no numbers.

    Examples
    --------
    >>> from corridors.publish.cards import card_kind
    >>> card = make_card(card_kind("doctors"), "Malawi", [{"value": 0.5, "date": "2020"}])
    >>> card.summary()
    'Doctors: Malawi: 0.5 per 10,000 people (2020)'
    """
    _check(kind, rows)
    known = [row for row in rows if row["value"] is not None and math.isfinite(row["value"])]
    first: Mapping[str, Any] = known[0] if known else {}
    parts = tuple((str(row["label"]), float(row["value"])) for row in known) if kind.parts else ()
    value = sum(v for _, v in parts) if parts else first.get("value")
    guess = perception if perception is not None and kind.perceived else {}
    date = first.get("date")
    title = f"{kind.title}: {country}"
    source, licence, revision = (_joined(sources, what) for what in ("publisher", "licence", "revision"))
    return FactCard(
        title=title,
        value=None if value is None else float(value),
        unit=kind.unit,
        lower=first.get("lower"),
        upper=first.get("upper"),
        definition=kind.definition,
        denominator=kind.denominator,
        date=None if date is None else str(date),
        source=source,
        licence=licence,
        revision=revision,
        perceived=guess.get("perceived"),
        expected_by_rescaling=guess.get("expected_by_rescaling"),
        residual=guess.get("residual"),
        does_not_say=f"{kind.does_not_say} {_RESCALING}" if guess else kind.does_not_say,
        citation=_citation(title, date, sources, guess),
        name=kind.name,
        country=country,
        uncertainty=kind.uncertainty,
        parts=parts,
        detail=str(first.get("detail") or ""),
        reason="" if known else _why_not(rows, reason),
        age="" if day is None or date is None or not known else _age(str(date), day),
    )


def _age(date: str, day: Day) -> str:
    year = re.search(r"\b[12]\d{3}", date)
    return age_words(int(year[0]), day) if year else ""


def _why_not(rows: Rows, reason: str) -> str:
    said = str(rows[0].get("reason") or "") if rows else ""
    return reason or said or "the source has no figure for this place; that is not zero"


def _check(kind: CardKind, rows: Rows) -> None:
    needed = ("value", "label") if kind.parts else ("value",)
    for number, row in enumerate(rows, 1):
        if missing := [name for name in needed if name not in row]:
            raise DataError(
                f"row {number} of card {kind.name} lacks {', '.join(missing)}",
                f"it has {', '.join(row)}",
                "let the query give these columns",
            )
        if row["value"] is not None and not isinstance(row["value"], int | float):
            raise DataError(
                f"row {number} of card {kind.name} has the value {row['value']!r}",
                remedy="let the query give a number",
            )
    if len(rows) > 1 and not kind.parts:
        raise DataError(
            f"card {kind.name} was given {len(rows)} rows", remedy="let the query give one, with LIMIT 1"
        )


def _joined(sources: Rows, what: str) -> str:
    if what == "publisher":
        found = [f"{row['publisher']}: {row['title']}" for row in sources]
    else:
        found = [str(row[what]) for row in sources]
    return "; ".join(dict.fromkeys(found))


def _citation(title: str, date: object, sources: Rows, guess: Mapping[str, Any]) -> str:
    works = [f"{row['publisher']}, {row['title']}, {row['revision']}, {row['licence']}" for row in sources]
    if guess.get("source"):
        works.append(f"guesses: {guess['source']}")
    return f"{title}{f', {date}' if date else ''}. From: {'; '.join(works) or 'source not stated'}."
