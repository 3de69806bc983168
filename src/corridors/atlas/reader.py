"""Asking a built atlas."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Any
from weakref import WeakValueDictionary

import duckdb
import polars as pl
import polars.selectors as cs

from corridors import places
from corridors.atlas.answers import Explanation, Facts
from corridors.atlas.explain import explain
from corridors.atlas.price_notes import price_notes
from corridors.atlas.recorded_notes import recorded_notes
from corridors.errors import DataError, NotFound
from corridors.frames import frame_of
from corridors.wording import similar

ENVIRONMENT = "CORRIDORS_ATLAS"


class _Sealed:
    """A database instance that can read one atlas and nothing else of this machine.

    Its settings are locked, so it is apart from what else this process opens.
    """

    def __init__(self, path: Path, threads: int | None) -> None:
        self._db = duckdb.connect()
        file = str(path).replace("'", "''")
        self._db.execute(f"ATTACH '{file}' AS atlas (READ_ONLY)")
        if threads is not None:
            self._db.execute(f"SET threads = {threads:d}")
        self._db.execute("SET enable_external_access = false")
        self._db.execute("SET enable_progress_bar = false")
        self._db.execute("SET GLOBAL lock_configuration = true")

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """Another connection to the same instance."""
        cursor = self._db.cursor()
        cursor.execute("USE atlas")
        return cursor


_INSTANCES: WeakValueDictionary[tuple[str, int, int | None], _Sealed] = WeakValueDictionary()
_OPENING = Lock()


def _sealed(path: Path, threads: int | None) -> _Sealed:
    """The instance of a file as it is now, shared by all who read it with as many threads."""
    key = (str(path.resolve()), path.stat().st_mtime_ns, threads)
    with _OPENING:
        found = _INSTANCES.get(key)
        if found is None:
            found = _INSTANCES[key] = _Sealed(path, threads)
        return found


class Atlas:
    """A built atlas, opened for reading.

    Parameters
    ----------
    path
        The file, or the folder that holds ``atlas.duckdb``; default the environment
        variable ``CORRIDORS_ATLAS``, else ``atlas``.
    threads
        Cores that one query may use; default all.

    Raises
    ------
    NotFound
        There is no atlas there.
    """

    def __init__(self, path: str | Path | None = None, *, threads: int | None = None) -> None:
        place = Path(path if path is not None else os.environ.get(ENVIRONMENT, "atlas"))
        self.path = place / "atlas.duckdb" if place.is_dir() or place.suffix != ".duckdb" else place
        if not self.path.is_file():
            raise NotFound(
                f"there is no atlas at {self.path}",
                remedy=f"build one with 'corridors build', or set {ENVIRONMENT} to where it is",
            )
        try:
            self._instance: _Sealed | None = _sealed(self.path, threads)
            self._db = self._instance.cursor()
        except duckdb.Error as error:
            raise DataError(
                f"{self.path} can not be read as an atlas",
                str(error).split("\n")[0],
                "build it again with 'corridors build'",
            ) from error

    def __enter__(self) -> Atlas:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._db.close()
        self._instance = None

    def sql(self, query: str, parameters: Mapping[str, Any] | None = None) -> pl.DataFrame:
        """Run a DuckDB query.

        Parameters
        ----------
        query
            SQL; values go in as ``$name``.
        parameters
            Values by name.

        Raises
        ------
        DataError
            The query is wrong; the message is DuckDB's.
        """
        try:
            found = self._db.sql(query, params=dict(parameters) if parameters else None)
            return self._frame(found)
        except (duckdb.Error, pl.exceptions.ComputeError) as error:
            raise DataError(
                "the query can not be answered",
                str(error).removeprefix("got external error: ").split("\n\n")[0],
                "'corridors table dictionary' lists tables and columns",
            ) from error

    @staticmethod
    def _frame(found: duckdb.DuckDBPyRelation) -> pl.DataFrame:
        # DuckDB adds up integers to a type that polars knows only as a decimal.
        return frame_of(found).with_columns(cs.decimal().cast(pl.Int64))

    def tables(self) -> list[str]:
        """Names of the tables and views."""
        found = self.sql("SELECT table_name FROM information_schema.tables ORDER BY table_name")
        return found["table_name"].to_list()

    def table(self, name: str, *, where: str | None = None) -> pl.DataFrame:
        """One table.

        Parameters
        ----------
        name
            Its name.
        where
            An SQL condition, such as ``origin = 'MEX' AND year = 2020``: one expression.

        Raises
        ------
        NotFound
            No such table; names close ones.
        DataError
            The condition is none, or more than one.
        """
        if name not in self.tables():
            raise NotFound(
                f"the atlas has no table {name!r}",
                similar(name, self.tables()),
                f"tables: {', '.join(self.tables())}",
            )
        if not where:
            return self.sql(f"SELECT * FROM {name}")
        try:
            # DuckDB's own parser takes one expression here, and nothing that follows it.
            chosen = self._db.sql(f"SELECT * FROM {name}").filter(duckdb.SQLExpression(where))
            return self._frame(chosen)
        except duckdb.Error as error:
            raise DataError(
                f"the condition {where!r} can not be used",
                str(error).split("\n\n")[0],
                "give one expression over the table's columns; 'corridors table dictionary' lists them",
            ) from error

    def corridor(self, origin: str, destination: str) -> Facts:
        """Everything about one corridor.

        Parameters
        ----------
        origin, destination
            Codes or names of countries.

        Raises
        ------
        NotFound
            No such place, or no figure about this corridor.

        Examples
        --------
        >>> import corridors as co
        >>> facts = co.open().corridor("Mexico", "USA").facts
        >>> stock = facts.filter(measure="migrant_stock", sex="total")
        >>> stock.select("year", "value").tail(2).rows()
        [(2020, 11177052.0), (2024, 11279561.0)]
        """
        a, b = places.find(origin), places.find(destination)
        if a.code == b.code:
            raise DataError("a corridor joins two different places", f"both are {a.name}")
        facts = self.corridor_facts(a.code, b.code)
        first = (*self.counted(a.code), *self.counted(b.code), *_of_the_pair(facts))
        prices = self.sql(
            "SELECT quarter, quotes FROM remittance_price WHERE receiving = $a AND sending = $b",
            {"a": a.code, "b": b.code},
        )
        return self._facts(
            f"{a.name} ({a.code}) → {b.name} ({b.code})",
            facts,
            first,
            (
                *self._remittance_notes(a.code, b.code),
                *recorded_notes(facts, b.name),
                *price_notes(prices),
            ),
        )

    def _remittance_notes(self, receiving: str, sending: str) -> tuple[str, ...]:
        """Why no remittances are modelled in a corridor, where there are none."""
        flows = "EXISTS (FROM remittance_flow WHERE receiving = $a"
        found = self.sql(
            f"SELECT {flows} AND sending = $b) AS modelled, {flows}) AS recorded, "
            "EXISTS (FROM migrant_stock WHERE origin = $a AND destination = $b) AS stock, "
            "(SELECT min(message) FROM finding WHERE rule = 'closed' AND contains(key, $pair)) AS closed",
            {"a": receiving, "b": sending, "pair": "–".join(sorted((receiving, sending)))},
        ).row(0, named=True)
        if found["modelled"] or not found["recorded"]:
            return ()
        if found["closed"]:
            return (str(found["closed"]),)
        if found["stock"]:
            return ()
        return (
            "remittances in this corridor are not modelled: no migrant stock is published, which is not zero",
        )

    def country(self, country: str) -> Facts:
        """Everything about one country.

        Parameters
        ----------
        country
            Code or name.

        Examples
        --------
        >>> import corridors as co
        >>> print(co.open().country("PHL").summary().splitlines()[0])
        Philippines (PHL)
        """
        place = places.find(country)
        facts = self.country_facts(place.code)
        found = self.sql("SELECT DISTINCT message FROM finding WHERE regexp_matches(key, $code) ORDER BY 1",
                         {"code": rf"\b{place.code}\b"})  # fmt: skip
        notes = tuple(found["message"].to_list())
        return self._facts(f"{place.name} ({place.code})", facts, self.counted(place.code), notes)

    def why(self, table: str, *key: str, **named: str) -> Explanation:
        """Where a figure comes from: formula, parameters, input figures, source cards.

        Parameters
        ----------
        table
            Table of the figure.
        *key
            Values of its key columns, in order; sex, method and kind may be left out
            (total, pseudo-bayes, total).
        **named
            The same by name.

        Raises
        ------
        NotFound
            No such table, or no row with this key; says which keys there are.

        Examples
        --------
        >>> import corridors as co
        >>> why = co.open().why("migrant_flow", "MEX", "USA", "2010")
        >>> why.recipe["formula"][:64]
        'A weighted mean: weight x minimum-closed + (1 - weight) x indepe'
        >>> [card["revision"] for card in why.sources]
        ['International Migrant Stock 2024', 'World Population Prospects 2024']
        """
        return explain(self, table, key, named)

    def corridor_facts(self, origin: str, destination: str) -> pl.DataFrame:
        """Rows of the view ``corridor_fact`` between two places, and what both receive and pay in all.

        Parameters
        ----------
        origin, destination
            Codes.
        """
        return self.sql(_CORRIDOR, {"a": origin, "b": destination})

    def country_facts(self, country: str) -> pl.DataFrame:
        """Rows of the view ``country_fact`` of a place.

        Parameters
        ----------
        country
            Code.
        """
        return self.sql(
            "SELECT * FROM country_fact WHERE country = $country ORDER BY ALL", {"country": country}
        )

    def counted(self, code: str) -> tuple[str, ...]:
        """Within whom the stock tables count a place, and whom they count within it.

        What stands under another place is never shown as a place's own, so a reader has to know.

        Parameters
        ----------
        code
            Code of the place.

        Examples
        --------
        >>> import corridors as co
        >>> co.open().counted("XKX")[0][:59]
        'The migrant-stock tables count Kosovo (under UNSC res. 1244'
        >>> co.open().counted("SRB")
        ('The stock of Serbia includes Kosovo.',)
        """
        notes: dict[str, None] = {}
        for unit, member, reason, first, last in self._territories.iter_rows():
            if unit == member or code not in (unit, member):
                continue
            name, whole = places.find(member).name, places.find(unit).name
            if code == unit:
                note = f"{reason}."
            elif last is None:
                note = (
                    f"The migrant-stock tables count {name} under {whole} ({unit}): {reason}. Stocks, flows "
                    f"and remittances that rest on them stand under {unit}; none is shown as its own."
                )
            else:
                note = f"Flows of the periods from {first} to {last} stand under {whole} ({unit}): {reason}."
            notes[note] = None
        return tuple(notes)

    @cached_property
    def _territories(self) -> pl.DataFrame:
        return self.sql(
            "SELECT unit, member, reason, min(first_period) AS first, "
            "if(bool_or(last_period IS NULL), NULL, max(last_period)) AS last "
            "FROM territory GROUP BY unit, member, reason ORDER BY ALL"
        )

    @staticmethod
    def _facts(title: str, facts: pl.DataFrame, first: tuple[str, ...], notes: tuple[str, ...] = ()) -> Facts:
        if facts.is_empty():
            raise NotFound(
                f"nothing is known about {title}",
                "\n".join(first),
                "a pair without a row is not estimated; it is not known to be zero",
            )
        return Facts(title, facts, notes, first)


def _of_the_pair(facts: pl.DataFrame) -> tuple[str, ...]:
    """That nothing is known of a pair but what each of its ends has with everyone."""
    if facts.is_empty() or not facts.filter(pl.col("measure") != "remittance_total").is_empty():
        return ()
    return ("Of this corridor itself nothing is known here, which is not zero; what follows is of its ends.",)


_CORRIDOR = """
    FROM corridor_fact
    WHERE origin = $a AND destination = $b
    UNION ALL
    SELECT $a, $b, measure,
        if(detail = 'received', 'received by the origin from everywhere',
           'paid by the destination to everywhere'),
        sex, year, period, value, lower, upper, unit, table_name
    FROM country_fact
    WHERE measure = 'remittance_total' AND ((country = $a AND detail = 'received')
        OR (country = $b AND detail = 'paid'))
    ORDER BY ALL
"""


def open_atlas(path: str | Path | None = None) -> Atlas:
    """Open a built atlas for reading.

    Parameters
    ----------
    path
        See :class:`Atlas`.

    Examples
    --------
    >>> import corridors as co
    >>> co.open("nowhere")
    Traceback (most recent call last):
    corridors.errors.NotFound: there is no atlas at nowhere/atlas.duckdb
      Remedy: build one with 'corridors build', or set CORRIDORS_ATLAS to where it is
    """
    return Atlas(path)


# The name of the library's own front door: ``corridors.open``.
open = open_atlas
