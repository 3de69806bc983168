"""A fact card."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import polars as pl

from corridors.results import Result
from corridors.wording import number


@dataclass(frozen=True, slots=True)
class FactCard(Result, keys=("name", "country")):
    """One figure with all a reader needs to use and to doubt it.

    Attributes
    ----------
    name, country
        Kind of card and place, as a reader writes them.
    title
        What it is about, with the place.
    value, unit
        The figure; None where it is not known, which is not zero. A ``status`` is 1 or 0, in words in
        ``detail``.
    lower, upper
        Ends of its interval; None where none is published, see ``uncertainty``.
    definition, denominator
        Who or what is counted, and out of what.
    date
        Year, quarter or month of the figure.
    source, licence, revision
        Publishers and titles, terms, and editions.
    perceived, expected_by_rescaling, residual
        Mean guess of the public, the guess that rescaling of proportions alone predicts, and the rest,
        in points; None where no survey is known.
    does_not_say
        What must not be read into it.
    citation
        A reference ready to copy.
    uncertainty
        What the interval covers, or why there is none.
    parts
        Label and value of the rows of a ranking.
    detail
        A remark on the figure.
    reason
        Why the value is not known.
    age
        How old the figure is, where that is to be said.
    """

    title: str
    value: float | None
    unit: str
    lower: float | None
    upper: float | None
    definition: str
    denominator: str
    date: str | None
    source: str
    licence: str
    revision: str
    perceived: float | None
    expected_by_rescaling: float | None
    residual: float | None
    does_not_say: str
    citation: str
    name: str = ""
    country: str = ""
    uncertainty: str = ""
    parts: tuple[tuple[str, float], ...] = ()
    detail: str = ""
    reason: str = ""
    age: str = ""

    @property
    def when(self) -> str:
        """The date, with the age of a figure that is old."""
        return f"{self.date}, {self.age}" if self.age else str(self.date)

    @property
    def known(self) -> bool:
        """Whether there is a figure."""
        return self.value is not None

    def summary(self) -> str:
        """The card in one line.

        Examples
        --------
        >>> from corridors.publish.cards import card_kind, make_card
        >>> make_card(card_kind("doctors"), "Malawi", []).summary()
        'Doctors: Malawi: not known'
        """
        if self.value is None:
            return f"{self.title}: not known"
        if self.unit == "status":
            return f"{self.title}: {self.detail} ({self.when})"
        return f"{self.title}: {number(self.value)} {self.unit} ({self.when})"

    def to_polars(self) -> pl.DataFrame:
        """One row with everything on the card; parts in words."""
        parts = "; ".join(f"{label}: {number(value)} %" for label, value in self.parts)
        return pl.DataFrame([asdict(self) | {"parts": parts}])
