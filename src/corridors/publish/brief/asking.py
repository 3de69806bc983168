"""Figures from the atlas, each with its key."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from corridors import places
from corridors.atlas import Atlas
from corridors.figure_age import is_old
from corridors.publish.brief.content import Figure, Table
from corridors.publish.brief.language import Language
from corridors.wording import in_letters

Write = Callable[[float], str]


@dataclass(frozen=True, slots=True)
class Asker:
    """Who is asked about whom, and in which language.

    Attributes
    ----------
    atlas
        An opened atlas.
    place
        Of whom the brief speaks.
    language
        Of the brief.
    tables
        Tables of the atlas.
    day
        The day of the atlas, on which figures have an age.
    """

    atlas: Atlas
    place: places.Place
    language: Language
    tables: frozenset[str]
    day: date

    @property
    def code(self) -> str:
        """Code of the place."""
        return self.place.code

    @property
    def the(self) -> str:
        """The place within a sentence."""
        return self.language.the(self.code)

    def rows(self, query: str) -> list[dict[str, Any]]:
        """Rows of a query; the place is ``$code``."""
        used = {"code": self.code} if "$code" in query else None
        return self.atlas.sql(query, used).to_dicts()

    def figure(
        self,
        name: str,
        table: str,
        key: str,
        column: str,
        write: Write,
        columns: tuple[str, str] | None = None,
    ) -> Figure | None:
        """A figure by its key; None where there is no row or no value."""
        ends = ", ".join(columns) if columns else "NULL, NULL"
        found = self.atlas.sql(f"SELECT {column} AS v, {ends} FROM {table} WHERE {key}").rows()
        if not found or found[0][0] is None:
            return None
        return made(name, table, key, column, found[0], write, columns)

    def aged(self, year: int | None, when: str = "") -> str:
        """A year as the brief writes it, with how long ago it was where that makes a figure old.

        Parameters
        ----------
        year
            The year; blank where None.
        when
            How the time is written, where that is more than the year.
        """
        if year is None:
            return when
        written = when or str(year)
        if not is_old(year, self.day):
            return written
        ago = self.day.year - year
        n = in_letters(ago) if self.language.code == "en" else ago
        return self.language.say("ago", when=written, n=n)

    def say(self, key: str, **filled: object) -> str:
        """A label of the language, filled; ``the`` is known."""
        return self.language.say(key, the=self.the, **filled)


def made(
    name: str,
    table: str,
    key: str,
    column: str,
    cells: tuple[Any, Any, Any],
    write: Write,
    columns: tuple[str, str] | None = None,
) -> Figure:
    """A figure from its cells: value, lower, upper."""
    value, lower, upper = (None if cell is None else float(cell) for cell in cells)
    assert value is not None
    known = lower is not None and upper is not None
    return Figure(
        name=name,
        table=table,
        key=key,
        column=column,
        value=value,
        text=write(value),
        lower=lower if known else None,
        upper=upper if known else None,
        columns=columns or ("lower", "upper"),
        interval=f"{write(lower)} – {write(upper)}" if lower is not None and upper is not None else "",
    )


def place_table(
    ask: Asker, title: str, heads: tuple[str, ...], figures: Mapping[str, Figure], *, intervals: bool
) -> Table:
    """A table of places with their figures, by code.

    Parameters
    ----------
    ask
        Names the places.
    title, heads
        Words above.
    figures
        By code of the place.
    intervals
        Whether there is a column of intervals.
    """
    none = ask.say("no_interval")
    return Table(
        title,
        heads,
        tuple(
            (ask.language.place(code), f.text, *((f.interval or none,) if intervals else ()))
            for code, f in figures.items()
        ),
    )
