"""One atlas for many threads."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
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
KEPT_ORIGINS = 32


class _Countries:
    """The view of facts about countries, read once: planning it takes longer than reading it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._facts: dict[str, pl.DataFrame] | None = None
        self._none = pl.DataFrame()

    def of(self, atlas: Atlas, units: Sequence[str]) -> pl.DataFrame:
        """Facts of some units, ordered by all columns."""
        with self._lock:
            if self._facts is None:
                every = atlas.sql("SELECT * FROM country_fact ORDER BY ALL")
                parts = every.partition_by("country", as_dict=True)
                self._facts = {str(key[0]): part for key, part in parts.items()}
                self._none = every.clear()
        return pl.concat([self._facts.get(unit, self._none) for unit in sorted(set(units))])


class _Corridors:
    """Facts of the corridors of the origins asked for last, each origin read once."""

    def __init__(self, countries: _Countries) -> None:
        self._lock = threading.Lock()
        self._countries = countries
        self._kept: OrderedDict[str, dict[str, pl.DataFrame]] = OrderedDict()

    def of(self, atlas: Atlas, origins: Sequence[str], destinations: Sequence[str]) -> pl.DataFrame:
        """What the library's question about a corridor gives, in the same order."""
        pairs = [
            self._from(atlas, origin)[destination]
            for origin in dict.fromkeys(origins)
            for destination in dict.fromkeys(destinations)
            if destination in self._from(atlas, origin) and origin != destination
        ]
        money = pl.concat(
            self._countries.of(atlas, [country])
            .filter(measure="remittance_total", detail=detail)
            .select(
                pl.lit(origins[0]).alias("origin"),
                pl.lit(destinations[0]).alias("destination"),
                "measure",
                pl.lit(words).alias("detail"),
                pl.exclude("country", "measure", "detail"),
            )
            for country, detail, words in (
                (origins[0], "received", "received by the origin from everywhere"),
                (destinations[0], "paid", "paid by the destination to everywhere"),
            )
        )
        found = pl.concat([*pairs, money])
        return found.sort(found.columns, nulls_last=True)

    def _from(self, atlas: Atlas, origin: str) -> dict[str, pl.DataFrame]:
        with self._lock:
            if origin in self._kept:
                self._kept.move_to_end(origin)
                return self._kept[origin]
        facts = atlas.sql("SELECT * FROM corridor_fact WHERE origin = $o", {"o": origin})
        parts = {str(k[0]): part for k, part in facts.partition_by("destination", as_dict=True).items()}
        with self._lock:
            self._kept[origin] = parts
            while len(self._kept) > KEPT_ORIGINS:
                self._kept.popitem(last=False)
        return parts


class _Remembering(Atlas):
    """An atlas that reads facts once for all pages that need them."""

    def __init__(self, path: Path, countries: _Countries, corridors: _Corridors) -> None:
        super().__init__(path)
        self._countries, self._corridors = countries, corridors
        # Many requests side by side use the cores better than one query on all of them.
        self._db.execute("SET threads = 1")

    def corridor_facts(self, origins: Sequence[str], destinations: Sequence[str]) -> pl.DataFrame:
        return self._corridors.of(self, origins, destinations)

    def country_facts(self, units: Sequence[str]) -> pl.DataFrame:
        return self._countries.of(self, units)


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
        self._first = Atlas(path)
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

    @cached_property
    def files(self) -> Mapping[str, Maker]:
        """Data files of the site by path."""
        return site_files(self.atlas, api=True)
