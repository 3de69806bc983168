"""Quarters of the price survey, and the ones in which there was none."""

from __future__ import annotations

from dataclasses import dataclass

from corridors.errors import DataError
from corridors.workbooks.remittance_prices import QUARTER, quarter_column

__all__ = ["Quarter", "quarter_column", "waves"]

# Waves that Remittance Prices Worldwide did not have: half-yearly until 2012, none in 2025 Q2.
_NO_WAVE = frozenset({(2011, 2), (2011, 4), (2012, 2), (2012, 4), (2025, 2)})
_FIRST = (2011, 1)


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """A quarter of a year.

    Attributes
    ----------
    year, quarter
        Calendar year, and 1 to 4.

    Examples
    --------
    >>> from corridors.remittances.prices import Quarter
    >>> Quarter.parse("2020_3Q") == Quarter.parse("YR2020Q3") == Quarter(2020, 3)
    True
    """

    year: int
    quarter: int

    def __post_init__(self) -> None:
        if not 1 <= self.quarter <= 4:
            raise DataError(f"a year has quarters 1 to 4, not {self.quarter}")

    def __str__(self) -> str:
        return f"{self.year}Q{self.quarter}"

    @classmethod
    def parse(cls, text: str | Quarter) -> Quarter:
        """Read ``2020_3Q``, ``2020Q3`` or ``YR2020Q3``.

        Raises
        ------
        DataError
            The text is not a quarter.

        Examples
        --------
        >>> from corridors.remittances.prices import Quarter
        >>> str(Quarter.parse("2011_1Q"))
        '2011Q1'
        """
        if isinstance(text, Quarter):
            return text
        found = QUARTER.fullmatch(text.strip())
        if found is None:
            raise DataError(f"{text!r} is not a quarter", remedy="write 2020Q3, 2020_3Q or YR2020Q3")
        return cls(int(found["year"]), int(found["a"] or found["b"]))

    @property
    def index(self) -> int:
        """Quarters since the year 0, so that differences count quarters."""
        return 4 * self.year + self.quarter - 1

    @property
    def years(self) -> float:
        """Middle of the quarter as a decimal year.

        Examples
        --------
        >>> from corridors.remittances.prices import Quarter
        >>> Quarter(2020, 1).years
        2020.125
        """
        return self.year + (self.quarter - 0.5) / 4

    @property
    def has_wave(self) -> bool:
        """Whether the survey had a wave; quarters after the last one known count as having one.

        Examples
        --------
        >>> from corridors.remittances.prices import Quarter
        >>> Quarter(2011, 2).has_wave, Quarter(2013, 2).has_wave
        (False, True)
        """
        key = (self.year, self.quarter)
        return key >= _FIRST and key not in _NO_WAVE

    def plus(self, quarters: int) -> Quarter:
        """The quarter some quarters later (or earlier, if negative)."""
        year, quarter = divmod(self.index + quarters, 4)
        return Quarter(year, quarter + 1)


def waves(first: str | Quarter, last: str | Quarter) -> tuple[Quarter, ...]:
    """Quarters from first to last, both included, in which prices were surveyed.

    Examples
    --------
    >>> from corridors.remittances.prices import waves
    >>> [str(quarter) for quarter in waves("2012Q3", "2013Q2")]
    ['2012Q3', '2013Q1', '2013Q2']
    """
    start, end = Quarter.parse(first), Quarter.parse(last)
    every = (start.plus(step) for step in range(end.index - start.index + 1))
    return tuple(quarter for quarter in every if quarter.has_wave)
