"""How well a splitting agrees with marks made by hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

from corridors.errors import DataError


@dataclass(frozen=True, slots=True)
class Agreement:
    """Hits, misses and false alarms.

    Attributes
    ----------
    hits, found, marked
        Counts: in both, found by the program, marked by hand.
    """

    hits: int
    found: int
    marked: int

    @property
    def precision(self) -> float:
        """Share of what was found that is marked; 1 where nothing was found."""
        return self.hits / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """Share of what is marked that was found; 1 where nothing is marked."""
        return self.hits / self.marked if self.marked else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0

    def __add__(self, other: Agreement) -> Agreement:
        return Agreement(self.hits + other.hits, self.found + other.found, self.marked + other.marked)


def agreement(found: Iterable[Hashable], marked: Iterable[Hashable]) -> Agreement:
    """Agreement of two collections, counted with repetitions.

    Parameters
    ----------
    found, marked
        Of the program, and by hand.

    Examples
    --------
    >>> round(agreement(["p1", "p2", "p3"], ["p1", "p3"]).precision, 3)
    0.667
    """
    a, b = Counter(found), Counter(marked)
    return Agreement((a & b).total(), a.total(), b.total())


def window_diff(found: Sequence[bool], marked: Sequence[bool], width: int | None = None) -> float:
    """Share of windows in which the number of boundaries differs; 0 is best.

    Parameters
    ----------
    found, marked
        Whether a boundary stands before each unit (word or line), equal lengths.
    width
        Of the window; half the mean length of a marked segment where not given.

    Raises
    ------
    DataError
        The lengths differ.

    Notes
    -----
    Pevzner and Hearst (2002).

    Examples
    --------
    >>> window_diff([True, False, False, True], [True, False, True, False], width=2)
    0.5
    """
    if len(found) != len(marked):
        raise DataError(f"{len(found)} units found but {len(marked)} marked", remedy="give equal lengths")
    n = len(marked)
    k = width or max(2, round(n / max(1, sum(marked)) / 2))
    if n <= k:
        return float(sum(found) != sum(marked))
    off = sum(sum(found[i + 1 : i + k + 1]) != sum(marked[i + 1 : i + k + 1]) for i in range(n - k))
    return off / (n - k)
