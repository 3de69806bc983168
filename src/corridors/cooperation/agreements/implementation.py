"""What was done about an agreement, apart from what it says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from corridors.errors import DataError
from corridors.results import Result

NOT_KNOWN = "not known"


@dataclass(frozen=True, slots=True)
class Implementation(Result, keys=("question",)):
    """Facts of a register on the life of an agreement; all may be absent.

    Attributes
    ----------
    in_force
        Whether it is in force.
    committee_last_met
        Day of the last meeting of the joint committee.
    minutes_public, indicators_public
        Whether minutes and indicators are published.
    last_review, next_review
        Days of the last and the agreed next review.
    as_of
        The day the register speaks of; with it a review that is due is called overdue.
    source
        Where this is from.

    Examples
    --------
    >>> from datetime import date
    >>> from corridors.cooperation.agreements import Implementation
    >>> record = Implementation(next_review=date(2023, 6, 1), as_of=date(2024, 1, 1))
    >>> record.to_polars().filter(question="Next review?")["answer"].item()
    '2023-06-01, overdue'
    """

    in_force: bool | None = None
    committee_last_met: date | None = None
    minutes_public: bool | None = None
    indicators_public: bool | None = None
    last_review: date | None = None
    next_review: date | None = None
    as_of: date | None = None
    source: str | None = None

    def __post_init__(self) -> None:
        for name in ("committee_last_met", "last_review"):
            day = getattr(self, name)
            if day is not None and self.as_of is not None and day > self.as_of:
                raise DataError(
                    f"{name} {day} is after the day of the register, {self.as_of}", remedy="correct either"
                )

    @property
    def overdue(self) -> bool | None:
        """Whether the agreed review has passed without one; None where that is not known."""
        if self.next_review is None or self.as_of is None:
            return None
        held = self.last_review is not None and self.last_review >= self.next_review
        return self.next_review < self.as_of and not held

    def to_polars(self) -> pl.DataFrame:
        """``question`` and ``answer``, "not known" where the register is silent."""
        due = _said(self.next_review) + (", overdue" if self.overdue else "")
        rows = [
            ("In force?", _said(self.in_force)),
            ("Joint committee last met?", _said(self.committee_last_met)),
            ("Minutes published?", _said(self.minutes_public)),
            ("Indicators published?", _said(self.indicators_public)),
            ("Last review?", _said(self.last_review)),
            ("Next review?", due),
            ("Source?", _said(self.source)),
        ]
        return pl.DataFrame(rows, schema=["question", "answer"], orient="row")

    def summary(self) -> str:
        """Question and answer, a line each."""
        return "\n".join(f"{question} {answer}" for question, answer in self.to_polars().iter_rows())


def _said(fact: bool | date | str | None) -> str:
    if fact is None:
        return NOT_KNOWN
    if isinstance(fact, bool):
        return "yes" if fact else "no"
    return str(fact)
