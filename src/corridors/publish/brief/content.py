"""What a brief holds: figures with their rows in the atlas, tables, sections."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of the brief and the row of the atlas it stands in.

    Attributes
    ----------
    name
        What it is, as ``emigrants`` or ``departures USA``.
    table, key, column
        ``SELECT column FROM table WHERE key`` gives the value. A count has the column ``count(*)``.
    value
        As in the atlas, not rounded.
    text
        As in the brief: rounded, in its language.
    lower, upper
        Ends of its interval; None where none is made.
    columns
        Columns of the two ends.
    interval
        The interval as in the brief; blank where none is made.
    """

    name: str
    table: str
    key: str
    column: str
    value: float
    text: str
    lower: float | None = None
    upper: float | None = None
    columns: tuple[str, str] = ("lower", "upper")
    interval: str = ""

    @property
    def sql(self) -> str:
        """The query that gives the value.

        Examples
        --------
        >>> Figure("parties", "treaty", "country = 'MEX'", "count(*)", 10, "10").sql
        "SELECT count(*) FROM treaty WHERE country = 'MEX'"
        """
        return f"SELECT {self.column} FROM {self.table} WHERE {self.key}"


@dataclass(frozen=True, slots=True)
class Key:
    """A large number under the headline.

    Attributes
    ----------
    text, label, note
        The number, what it is, and its date with words about its interval.
    kind
        ``people`` or ``money``: its colour.
    known
        Whether there is a number.
    """

    text: str
    label: str
    note: str
    kind: str
    known: bool


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the brief.

    Attributes
    ----------
    title
        Above it.
    head
        Names of the columns.
    rows
        Cells as they are printed; the first column is of words, the others of numbers.
    """

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart of the brief.

    Attributes
    ----------
    caption
        What it shows; also read out in its place.
    svg
        The chart.
    """

    caption: str
    svg: str


@dataclass(frozen=True, slots=True)
class BriefSection:
    """A part of the brief.

    Attributes
    ----------
    id, title, kind
        Key, heading, and what sort of figures it has with their date.
    sentences
        Text, a paragraph each.
    tables, drawings
        What stands beside the text.
    notes
        What a reader must not overlook, small.
    figures
        All its numbers.
    """

    id: str
    title: str
    kind: str = ""
    sentences: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    drawings: tuple[Drawing, ...] = ()
    notes: tuple[str, ...] = ()
    figures: tuple[Figure, ...] = ()
