"""What is asked of a table, stated once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class TableSpec:
    """Columns of a table, and what must hold of them.

    Attributes
    ----------
    name
        What the table is called in errors.
    texts, whole, numbers, truths
        Columns of texts, whole numbers, numbers, and yes or no (1 or 0, true or false).
    places
        Of the texts, columns of places in any spelling of the register; they become codes.
    also
        Code of each text in columns of places that is none, such as ``WLD`` for ``World``.
    any_places
        Of the texts, columns of places with names of any kind; totals, told by their name or because they
        are the sum of all others, and words for missing are refused.
    added
        Of the numbers, those of which a place can be the sum of the others: counts, no rates.
    optional
        Of these, columns that may be absent; they are then blank.
    blank
        Of these, columns in which a cell may be blank, besides the optional ones.
    unbounded
        Columns of numbers that may be infinite.
    key
        Columns that together tell a row from all others; none where rows may repeat.
    once
        What to do about rows that stand twice, where it is more than to leave one out.
    at_least, above
        Least value of a column; value a column must exceed.
    others
        Whether columns that are not named here are kept, as they are and at the end.
    empty
        Whether a table in memory may have no rows; a file must have some.

    Examples
    --------
    >>> from corridors.intake import TableSpec
    >>> TableSpec("weights", texts=["country"], numbers=["weight"], at_least={"weight": 0}).columns
    ('country', 'weight')
    """

    name: str = field(kw_only=False)
    texts: Sequence[str] = ()
    whole: Sequence[str] = ()
    numbers: Sequence[str] = ()
    truths: Sequence[str] = ()
    places: Sequence[str] = ()
    also: Mapping[str, str] = field(default_factory=dict[str, str])
    any_places: Sequence[str] = ()
    added: Sequence[str] = ()
    optional: Sequence[str] = ()
    blank: Sequence[str] = ()
    unbounded: Sequence[str] = ()
    key: Sequence[str] = ()
    once: str = ""
    at_least: Mapping[str, float] = field(default_factory=dict)
    above: Mapping[str, float] = field(default_factory=dict)
    others: bool = False
    empty: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """All named columns: texts, whole numbers, numbers, yes or no."""
        return (*self.texts, *self.whole, *self.numbers, *self.truths)

    @property
    def naming(self) -> tuple[str, ...]:
        """Columns by which a refusal names a row: the key or, without one, texts and whole numbers."""
        return tuple(self.key or (*self.texts, *self.whole))

    @property
    def needed(self) -> tuple[str, ...]:
        """Columns that must be there."""
        return tuple(name for name in self.columns if name not in self.optional)

    @property
    def filled(self) -> tuple[str, ...]:
        """Columns in which no cell may be blank."""
        return tuple(name for name in self.needed if name not in self.blank)
