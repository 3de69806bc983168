"""One atlas for many threads."""

from __future__ import annotations

import threading
from collections import Counter, OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import polars as pl

from corridors.atlas import Atlas, Facts
from corridors.publish.api.facts import corridor_facts
from corridors.publish.api.search import search
from corridors.publish.site import Maker, site_files
from corridors.publish.site.about import atlas_id

ABOUT = "data/atlas.json"


KEPT_CORRIDORS = 256
# Some 3 MB each.
KEPT_ORIGINS = 48
SELDOM = 2
_LARGEST = """
    SELECT origin FROM migrant_stock WHERE sex = 'total' AND origin <> 'OTH'
    GROUP BY origin ORDER BY sum(value) DESC, origin LIMIT $n
"""
# Many requests side by side use the cores better than one query on all of them.
_CORES_A_QUERY = 1


class _Countries:
    """The view of facts about countries, read once: planning it takes longer than reading it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._facts: dict[str, pl.DataFrame] | None = None
        self._none = pl.DataFrame()

    def of(self, atlas: Atlas, country: str) -> pl.DataFrame:
        """Facts of a place, ordered by all columns."""
        with self._lock:
            if self._facts is None:
                every = atlas.sql("SELECT * FROM country_fact ORDER BY ALL")
                parts = every.partition_by("country", as_dict=True)
                self._facts = {str(key[0]): part for key, part in parts.items()}
                self._none = every.clear()
        return self._facts.get(country, self._none)


class _Corridors:
    """Facts of corridors; of an origin that is asked for often, all of them are read at once."""

    def __init__(self, countries: _Countries) -> None:
        self._lock = threading.Lock()
        self._countries = countries
        self._asked: Counter[str] = Counter()
        self._kept: OrderedDict[str, _Origin] = OrderedDict()

    def of(self, atlas: Atlas, origin: str, destination: str) -> pl.DataFrame:
        """What the library's question about a corridor gives, in the same order."""
        money = pl.concat(
            self._countries.of(atlas, country)
            .filter(measure="remittance_total", detail=detail)
            .select(
                pl.lit(origin).alias("origin"),
                pl.lit(destination).alias("destination"),
                "measure",
                pl.lit(words).alias("detail"),
                pl.exclude("country", "measure", "detail"),
            )
            for country, detail, words in (
                (origin, "received", "received by the origin from everywhere"),
                (destination, "paid", "paid by the destination to everywhere"),
            )
        )
        found = pl.concat([self._pair(atlas, origin, destination), money])
        return found.sort(found.columns, nulls_last=True)

    def prepare(self, atlas: Atlas) -> None:
        """Read the origins with most migrants, which readers ask for most."""
        for (origin,) in atlas.sql(_LARGEST, {"n": KEPT_ORIGINS}).iter_rows():
            if origin not in self._kept:
                self._read(atlas, origin)

    def _pair(self, atlas: Atlas, origin: str, destination: str) -> pl.DataFrame:
        with self._lock:
            self._asked[origin] += 1
            often = self._asked[origin] > SELDOM
            kept = self._kept.get(origin)
            if kept is not None:
                self._kept.move_to_end(origin)
        if kept is None and not often:
            # Equality lets the file be searched by its order; a list of codes does not.
            query = "SELECT * FROM corridor_fact WHERE origin = $o AND destination = $d"
            return atlas.sql(query, {"o": origin, "d": destination})
        return (kept or self._read(atlas, origin)).to(destination)

    def _read(self, atlas: Atlas, origin: str) -> _Origin:
        query = "SELECT * FROM corridor_fact WHERE origin = $o ORDER BY destination"
        found = _Origin.of(atlas.sql(query, {"o": origin}))
        with self._lock:
            self._kept[origin] = found
            while len(self._kept) > KEPT_ORIGINS:
                self._kept.popitem(last=False)
        return found


@dataclass(frozen=True, slots=True)
class _Origin:
    """All facts of the corridors from one origin, by destination."""

    facts: pl.DataFrame
    spans: Mapping[str, tuple[int, int]]

    @classmethod
    def of(cls, facts: pl.DataFrame) -> _Origin:
        runs = facts["destination"].rle().struct.unnest()
        starts = runs["len"].cum_sum() - runs["len"]
        spans = zip(runs["value"], zip(starts, runs["len"], strict=True), strict=True)
        return cls(facts, dict(spans))

    def to(self, destination: str) -> pl.DataFrame:
        return self.facts.slice(*self.spans.get(destination, (0, 0)))


class _Remembering(Atlas):
    """An atlas that reads facts once for all pages that need them."""

    def __init__(self, path: Path, countries: _Countries, corridors: _Corridors) -> None:
        super().__init__(path, threads=_CORES_A_QUERY)
        self._countries, self._corridors = countries, corridors

    def corridor_facts(self, origin: str, destination: str) -> pl.DataFrame:
        return self._corridors.of(self, origin, destination)

    def country_facts(self, country: str) -> pl.DataFrame:
        return self._countries.of(self, country)


class Reader:
    """An atlas opened once in each thread that asks for it.

    Parameters
    ----------
    path
        See :class:`corridors.atlas.Atlas`.

    Attributes
    ----------
    id
        Digest of the build.

    Raises
    ------
    NotFound
        There is no atlas there.
    """

    def __init__(self, path: str | Path | None) -> None:
        # Kept open, so that the connections of the threads share one instance of the file.
        self._first = Atlas(path, threads=_CORES_A_QUERY)
        self._local = threading.local()
        self._countries = _Countries()
        self._corridors = _Corridors(self._countries)
        # The forms of one corridor are often asked for one after another.
        self.corridor = lru_cache(KEPT_CORRIDORS)(self._corridor)
        self._lock = threading.Lock()
        self._about: bytes | None = None
        self.path = self._first.path
        self.id = atlas_id(self._first)
        self.tables = self._first.tables()

    @property
    def atlas(self) -> Atlas:
        """The atlas of this thread."""
        found: Atlas | None = getattr(self._local, "atlas", None)
        if found is None:
            found = self._local.atlas = _Remembering(self.path, self._countries, self._corridors)
        return found

    def data(self, path: str) -> bytes | None:
        """Bytes of a data file of the site; None if it has no such file.

        Parameters
        ----------
        path
            Below the site's root, such as ``data/atlas.json``.
        """
        if path == ABOUT:
            # Every first view needs it and it takes long: made once, and nobody makes it twice at a time.
            with self._lock:
                self._about = self._about or self.files[ABOUT](self.atlas)
                return self._about
        made = self.files.get(path)
        return made(self.atlas) if made is not None else None

    def _corridor(self, pair: str) -> Facts:
        return corridor_facts(self.atlas, pair)

    def country(self, country: str) -> Facts:
        """Facts of a country."""
        return self.atlas.country(country)

    def warm(self) -> None:
        """Prepare what first requests would wait for."""
        search("a")
        self.country("MEX")
        self.data(ABOUT)

    def prepare(self) -> None:
        """Read the corridors that readers ask for most."""
        self._corridors.prepare(self.atlas)

    @cached_property
    def files(self) -> Mapping[str, Maker]:
        """Data files of the site by path."""
        return site_files(self.atlas, api=True)
