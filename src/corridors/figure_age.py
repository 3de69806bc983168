"""How old is a figure on a day, in words?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from corridors.parameters import value
from corridors.wording import counted, in_letters

if TYPE_CHECKING:
    import polars as pl


def is_old(year: int, day: date) -> bool:
    """Whether a figure of a year counts as old on a day.

    Parameters
    ----------
    year
        The year the figure is about.
    day
        The day of the build or of judgement.

    Examples
    --------
    >>> from datetime import date
    >>> is_old(2022, date(2026, 1, 1)), is_old(2023, date(2026, 12, 31))
    (True, False)
    """
    return day.year - year > value("figure_age_old_years")


def aged(year: int, day: date) -> str:
    """A year, with the age of its figures where they are old.

    Parameters
    ----------
    year, day
        As for :func:`is_old`.

    Examples
    --------
    >>> from datetime import date
    >>> aged(2020, date(2026, 6, 30)), aged(2024, date(2026, 6, 30))
    ('2020, six years old', '2024')
    """
    return ", ".join(word for word in (str(year), age_words(year, day)) if word)


def age_words(year: int, day: date) -> str:
    """The age of a figure where it is old, else nothing.

    Examples
    --------
    >>> from datetime import date
    >>> age_words(2020, date(2026, 6, 30)), age_words(2024, date(2026, 6, 30))
    ('six years old', '')
    """
    return f"{in_letters(day.year - year)} years old" if is_old(year, day) else ""


def years_before(year: int, day: date) -> str:
    """How many years before a day, in words.

    Examples
    --------
    >>> from datetime import date
    >>> years_before(2020, date(2026, 6, 30)), years_before(2025, date(2026, 6, 30))
    ('six years', 'one year')
    """
    years = day.year - year
    return f"{in_letters(years)} year{'' if years == 1 else 's'}"


def judged_late(year: int, day: date, what: str = "observation", most: float | None = None) -> str | None:
    """What a verdict should say of the age of what it rests on; nothing where that is recent.

    Parameters
    ----------
    year
        Year of the last observation.
    day
        Day of judgement.
    what
        What is of that year.
    most
        Years that are no reason to speak; default the parameter ``judged_observation_years``.

    Examples
    --------
    >>> from datetime import date
    >>> judged_late(2020, date(2026, 6, 30))
    'last observation 2020, six years before this judgement'
    >>> judged_late(2024, date(2026, 6, 30)) is None
    True
    """
    allowed = value("judged_observation_years") if most is None else most
    if day.year - year <= allowed:
        return None
    return f"last {what} {year}, {years_before(year, day)} before this judgement"


def old_sources(cards: Iterable[Mapping[str, Any]], day: date) -> list[str]:
    """Sources whose last year is old, the oldest first, a line each.

    Parameters
    ----------
    cards
        Rows with ``table_name``, ``last_year`` and ``superseded``, as of the table ``source``; one
        without a last year is of no year and has no age.
    day
        The day of the build.

    Examples
    --------
    >>> from datetime import date
    >>> cards = [{"table_name": "treaty", "last_year": 2022, "superseded": "status of 2024"},
    ...          {"table_name": "displacement", "last_year": 2025, "superseded": None},
    ...          {"table_name": "agreement", "last_year": 2020, "superseded": None}]
    >>> for line in old_sources(cards, date(2026, 6, 30)):
    ...     print(line)
    agreement: 2020, six years old
    treaty: 2022, four years old; newer: status of 2024
    """
    old = sorted(
        (int(card["last_year"]), str(card["table_name"]), str(card["superseded"] or ""))
        for card in cards
        if card["last_year"] is not None and is_old(card["last_year"], day)
    )
    return [
        f"{table}: {aged(year, day)}" + (f"; newer: {newer}" if newer else "") for year, table, newer in old
    ]


def old_words(old: int, of: int, day: date) -> str:
    """How many sources are old, as a sentence.

    Examples
    --------
    >>> from datetime import date
    >>> old_words(2, 12, date(2026, 6, 30))
    '2 of 12 sources end more than three years before 2026-06-30'
    """
    years = in_letters(int(value("figure_age_old_years")))
    ends = "ends" if old == 1 else "end"
    return f"{old} of {counted(of, 'source')} {ends} more than {years} years before {day}"


def judged_headline(table: pl.DataFrame, as_of: str, order: Sequence[str] = ()) -> str:
    """How many commitments of each status, and how many verdicts rest on old data.

    Parameters
    ----------
    table
        Judgements, with ``status`` and ``data_note``.
    as_of
        The day of judgement.
    order
        Statuses in the order to say them in; the others follow, the most frequent first.

    Examples
    --------
    >>> import polars as pl
    >>> from corridors.figure_age import judged_headline
    >>> rows = pl.DataFrame({"status": ["overdue", "met"], "data_note": [None, "last observation 2020, …"]})
    >>> judged_headline(rows, "2026-06-30", ["met"])
    '2 commitments as of 2026-06-30: met 1, overdue 1; 1 with a note on the age of its data'
    """
    found = dict(table.group_by("status").len().sort("len", "status", descending=[True, False]).iter_rows())
    counts = ", ".join(f"{name} {found[name]}" for name in dict.fromkeys([*order, *found]) if name in found)
    old = table["data_note"].count()
    of = "its" if old == 1 else "their"
    return f"{table.height} commitments as of {as_of}: {counts}" + (
        f"; {old} with a note on the age of {of} data" if old else ""
    )
