"""Full-text search over entries, with the index that SQLite brings."""

from __future__ import annotations

import re
import sqlite3
import threading
import weakref
from collections.abc import Callable, Sequence

import polars as pl

from corridors import places
from corridors.cooperation.register.entries import Entry
from corridors.cooperation.register.problems import closest
from corridors.cooperation.register.schema import KINDS, concerns, states
from corridors.errors import DataError, NotFound

FACETS = ("kind", "concern", "country", "state", "actor")
FOUND: dict[str, pl.DataType] = {
    **dict.fromkeys(("id", "kind", "title", "concern", "countries", "state"), pl.String()),
    "score": pl.Float64(),
    "snippet": pl.String(),
}
_WEIGHTS = (8.0, 2.0, 4.0, 4.0, 4.0, 1.0)  # title, text, actor, concern, countries, rest
_WORD = re.compile(r"[^\W_]+")
_SHORT = 3
_WORDS_AT_MOST = 64


class SearchIndex:
    """An index in memory; accents and case do not matter, the last letters of a word may be missing.

    Parameters
    ----------
    entries
        Entries to be found.

    Examples
    --------
    >>> from corridors.cooperation.register import load
    >>> SearchIndex(load().entries).search("pre departure orientation")["id"][0]
    'philippines-pre-departure-orientation'
    """

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._entries = tuple(entries)
        self._lock = threading.Lock()
        self._base = sqlite3.connect(":memory:", check_same_thread=False)
        weakref.finalize(self, self._base.close)
        self._base.execute(
            "CREATE VIRTUAL TABLE entry USING fts5(title, text, actor, concern, countries, rest, "
            "tokenize = 'unicode61 remove_diacritics 2', prefix = '3')"
        )
        self._base.executemany(
            "INSERT INTO entry (rowid, title, text, actor, concern, countries, rest) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            [(row, *_columns(entry)) for row, entry in enumerate(self._entries)],
        )

    def search(self, text: str = "", *, limit: int | None = None, **facets: str) -> pl.DataFrame:
        """Entries that have all words, or where there is none, those that have any.

        Parameters
        ----------
        text
            Words; signs between them do not matter. Without words, all entries that the facets leave.
        limit
            At most so many entries.
        **facets
            ``kind``, ``concern``, ``country`` (code or name), ``state``, ``actor`` (part of the name).

        Returns
        -------
        polars.DataFrame
            ``id, kind, title, concern, countries, state, score, snippet``, best first. The score is BM25
            with its sign turned, so that higher is better; missing where there were no words.

        Raises
        ------
        DataError
            A facet or its value is not known.
        NotFound
            No place is called as the country asked for.
        """
        kept = {row for row, entry in enumerate(self._entries) if _fits(entry, _checked(facets))}
        hits = self._hits(text, kept)
        rows = [
            (entry.id, entry.kind, entry.title, entry.concern, " ".join(entry.countries), entry.state, *told)
            for entry, told in ((self._entries[row], told) for row, told in hits[:limit])
        ]
        return pl.DataFrame(rows, schema=FOUND, orient="row")

    def _hits(self, text: str, kept: set[int]) -> list[tuple[int, tuple[float | None, str]]]:
        words = _WORD.findall(text)[:_WORDS_AT_MOST]
        if not words:
            if text.strip():
                return []
            return [(row, (None, self._entries[row].text)) for row in sorted(kept)]
        # Quoted, a word can not be read as an operator, whatever a user types.
        terms = [f'"{word}"*' if len(word) >= _SHORT else f'"{word}"' for word in words]
        for joint in (" AND ", " OR "):
            found = [hit for hit in self._match(joint.join(terms)) if hit[0] in kept]
            if found:
                return [(row, (-score, snippet)) for row, score, snippet in found]
        return []

    def _match(self, query: str) -> list[tuple[int, float, str]]:
        weights = ", ".join(map(str, _WEIGHTS))
        with self._lock:
            return self._base.execute(
                f"SELECT rowid, bm25(entry, {weights}) AS score, snippet(entry, 1, '[', ']', '…', 16) "
                "FROM entry WHERE entry MATCH ? ORDER BY score, rowid",
                (query,),
            ).fetchall()


def _columns(entry: Entry) -> tuple[str, ...]:
    concern = concerns()[entry.concern]
    named = [f"{code} {places.find(code).name}" for code in entry.countries]
    rest = (entry.id, entry.kind, entry.document, entry.indicator, entry.outcome, entry.outcome_note)
    return (
        entry.title,
        entry.text,
        " ".join((*entry.actor, *entry.addressee)),
        f"{concern.name} {concern.label}",
        " ".join(named),
        " ".join(part for part in rest if part),
    )


def _checked(facets: dict[str, str]) -> dict[str, str]:
    known = {"kind": KINDS, "concern": tuple(concerns()), "state": tuple(states())}
    for name, value in facets.items():
        if name not in FACETS:
            raise DataError(f"entries have no facet {name!r}", remedy=closest(name, FACETS))
        if name in known and value not in known[name]:
            raise NotFound(f"no {name} is called {value!r}", remedy=closest(value, known[name]))
    if "country" in facets:
        return {**facets, "country": places.code(facets["country"])}
    return facets


def _fits(entry: Entry, facets: dict[str, str]) -> bool:
    tests: dict[str, Callable[[str], bool]] = {
        "kind": lambda value: entry.kind == value,
        "concern": lambda value: entry.concern == value,
        "state": lambda value: entry.state == value,
        "country": lambda value: value in entry.countries,
        "actor": lambda value: any(value.casefold() in actor.casefold() for actor in entry.actor),
    }
    return all(tests[name](value) for name, value in facets.items())
