"""A register: entries of files, checked, found, counted and written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corridors import packaged
from corridors.cooperation.register import entry_tables, json_ld, writing
from corridors.cooperation.register.checking import Checked, Indicators, check
from corridors.cooperation.register.completeness import Completeness, chapman
from corridors.cooperation.register.duplicates import THRESHOLD, overlap, similar_entries
from corridors.cooperation.register.entries import Entry
from corridors.cooperation.register.problems import Problem, refusal
from corridors.cooperation.register.reading import read
from corridors.cooperation.register.search import FACETS, SearchIndex
from corridors.errors import NotFound
from corridors.wording import similar

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class Register:
    """Commitments, agreements, recommendations and practices with their follow-up.

    Attributes
    ----------
    entries
        In the order of the files.

    Examples
    --------
    >>> from corridors.cooperation.register import load
    >>> register = load()
    >>> register.search("five by five remittances", kind="commitment")["id"][0]
    'g8-2009-five-by-five'
    """

    entries: tuple[Entry, ...]

    def __len__(self) -> int:
        return len(self.entries)

    def __getitem__(self, name: str) -> Entry:
        if name not in self._by_id:
            raise NotFound(f"no entry has the id {name!r}", remedy=_suggestion(name, self._by_id))
        return self._by_id[name]

    @cached_property
    def _by_id(self) -> dict[str, Entry]:
        return {entry.id: entry for entry in self.entries}

    @cached_property
    def _index(self) -> SearchIndex:
        return SearchIndex(self.entries)

    def commitments(self, as_of: date | None = None) -> pl.DataFrame:
        """Commitments, agreements and recommendations, a row each, with their follow-up up to a day."""
        return entry_tables.commitment_table(self.entries, as_of)

    def practices(self) -> pl.DataFrame:
        """Practices, a row each."""
        return entry_tables.practice_table(self.entries)

    def transitions(self) -> pl.DataFrame:
        """Steps of follow-up, a row each: ``id, step, state, date, source``."""
        return entry_tables.transition_table(self.entries)

    def search(self, text: str = "", *, limit: int | None = None, **facets: str) -> pl.DataFrame:
        """Entries by words and facets; see :meth:`SearchIndex.search`."""
        return self._index.search(text, limit=limit, **facets)

    def facets(self) -> pl.DataFrame:
        """How many entries every value of every facet has: ``facet, value, entries``."""
        import polars as pl

        counts = Counter(pair for entry in self.entries for pair in _facets(entry))
        rows = [(facet, value, n) for (facet, value), n in counts.items()]
        schema = {"facet": pl.Enum(FACETS), "value": pl.String, "entries": pl.Int64}
        frame = pl.DataFrame(rows, schema=schema, orient="row")
        return frame.sort("facet", "entries", "value", descending=[False, True, False])

    def similar(self, *, threshold: float = THRESHOLD) -> pl.DataFrame:
        """Pairs of entries that may be the same; see :func:`similar_entries`."""
        return similar_entries(self.entries, threshold=threshold)

    def completeness(self, other: Register, *, threshold: float = THRESHOLD) -> Completeness:
        """How many entries there may be, from what this and another register have in common.

        Parameters
        ----------
        other
            A register on the same subject, filled independently.
        threshold
            From which similarity on two entries are taken for the same.

        Raises
        ------
        DataError
            They have nothing in common.
        """
        both = overlap(self.entries, other.entries, threshold=threshold)
        return chapman(len(self), len(other), both)

    def to_toml(self) -> str:
        """All entries as TOML."""
        return writing.to_toml(self.entries)

    def to_csv(self, folder: str | Path) -> tuple[Path, Path]:
        """Write ``entries.csv`` and ``transitions.csv``; they read back to the same register."""
        return writing.to_csv(self.entries, folder)

    def to_json_ld(self) -> dict[str, Any]:
        """All entries as a JSON-LD document."""
        return json_ld.to_json_ld(self.entries)


def load(path: str | Path | None = None, *, indicators: Indicators = ()) -> Register:
    """Read a register and refuse it where anything is wrong.

    Parameters
    ----------
    path
        A file or folder of TOML, YAML, CSV or XLSX files; without it, the register of the package.
    indicators
        Names of indicators that may be used beside those the register defines, such as those of the atlas
        (:func:`corridors.atlas.indicators.indicators`), or a mapping from their names to where they have
        values; without them, any name may, and a commitment whose indicator nobody observed is judged to
        have no data.

    Returns
    -------
    Register

    Raises
    ------
    DataError
        With all problems, the first 20 in full.
    NotFound
        There is no such file or folder.

    Examples
    --------
    >>> load()["sdg-10c-average-cost"].target_value
    3.0
    """
    checked = _checked(path, indicators)
    if checked.problems:
        raise refusal(str(path) if path is not None else "of the package", checked.problems)
    return Register(checked.entries)


def validate(path: str | Path, *, indicators: Indicators = ()) -> tuple[Problem, ...]:
    r"""All problems of a register, in order of file and line; none means that it holds.

    Parameters
    ----------
    path
        A file or folder.
    indicators
        As in :func:`load`.

    Raises
    ------
    NotFound
        There is no such file or folder.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> file = Path(tempfile.mkdtemp()) / "mine.toml"
    >>> _ = file.write_text('[[practice]]\ntitel = "Orientation"\n')
    >>> problems = validate(file)
    >>> problems[1].line, problems[1].field, problems[1].remedy
    (1, 'concern', 'add it: Concern of the 2011 debate it belongs to: an id of concerns.csv')
    >>> problems[-1].line, problems[-1].field, problems[-1].remedy
    (2, 'titel', "did you mean 'title'?")
    """
    return _checked(path, indicators).problems


def _checked(path: str | Path | None, indicators: Indicators) -> Checked:
    if path is not None:
        found = read(Path(path))
    else:
        with packaged.folder("cooperation/register/entries") as folder:
            found = read(folder)
    checked = check(found.entries, indicators)
    return Checked(checked.entries, tuple(sorted((*found.problems, *checked.problems))))


def _facets(entry: Entry) -> Sequence[tuple[str, str]]:
    return [
        ("kind", entry.kind),
        ("concern", entry.concern),
        ("state", entry.state),
        *(("country", code) for code in entry.countries),
        *(("actor", actor) for actor in entry.actor),
    ]


def _suggestion(name: str, known: dict[str, Entry]) -> str:
    return similar(name, known) or "search for it; 'corridors register search' lists ids"
