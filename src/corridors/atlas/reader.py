"""Asking a built atlas."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

import duckdb
import polars as pl
import polars.selectors as cs

from corridors import places
from corridors.atlas.lineage import Explanation
from corridors.atlas.schema import atlas_schema
from corridors.errors import DataError, NotFound

if TYPE_CHECKING:
    import pandas as pd

ENVIRONMENT = "CORRIDORS_ATLAS"
_USUAL = {"sex": "total", "method": "pseudo-bayes", "kind": "total"}


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything the atlas knows about a corridor or a country.

    Attributes
    ----------
    title
        Of whom it speaks.
    facts
        One row a figure: measure, detail, year, period, value, lower, upper, unit,
        table_name; for a corridor also origin and destination.
    notes
        What a reader should know: territories, findings.
    """

    title: str
    facts: pl.DataFrame
    notes: tuple[str, ...] = ()

    def to_polars(self) -> pl.DataFrame:
        """The facts as a polars table."""
        return self.facts

    def to_pandas(self) -> pd.DataFrame:
        """The facts as a pandas table (extra ``pandas``)."""
        return self.facts.to_pandas()

    def summary(self) -> str:
        """Title, number of figures by measure, notes."""
        counts = self.facts.group_by("measure", maintain_order=True).len()
        lines = [self.title, *(f"  {name}: {n} figures" for name, n in counts.iter_rows())]
        return "\n".join([*lines, *(f"  note: {note}" for note in self.notes)])


class Atlas:
    """A built atlas, opened for reading.

    Parameters
    ----------
    path
        The file, or the folder that holds ``atlas.duckdb``; default the environment
        variable ``CORRIDORS_ATLAS``, else ``atlas``.

    Raises
    ------
    NotFound
        There is no atlas there.
    """

    def __init__(self, path: str | Path | None = None) -> None:
        place = Path(path if path is not None else os.environ.get(ENVIRONMENT, "atlas"))
        self.path = place / "atlas.duckdb" if place.is_dir() or place.suffix != ".duckdb" else place
        if not self.path.is_file():
            raise NotFound(
                f"there is no atlas at {self.path}",
                remedy=f"build one with 'corridors build', or set {ENVIRONMENT} to where it is",
            )
        try:
            self._db = duckdb.connect(str(self.path), read_only=True)
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
            frame = self._db.sql(query, params=dict(parameters) if parameters else None).pl()
        except duckdb.Error as error:
            raise DataError(
                "the query can not be answered",
                str(error).split("\n\n")[0],
                "'corridors table dictionary' lists tables and columns",
            ) from error
        # DuckDB adds up integers to a type that polars knows only as a decimal.
        return frame.with_columns(cs.decimal().cast(pl.Int64))

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
            An SQL condition, such as ``origin = 'MEX' AND year = 2020``.

        Raises
        ------
        NotFound
            No such table; names close ones.
        """
        if name not in self.tables():
            near = get_close_matches(name, self.tables(), 3)
            raise NotFound(
                f"the atlas has no table {name!r}",
                f"did you mean {', '.join(near)}?" if near else "",
                f"tables: {', '.join(self.tables())}",
            )
        return self.sql(f"SELECT * FROM {name}" + (f" WHERE {where}" if where else ""))

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
        >>> co.open().corridor("Mexico", "USA").facts  # doctest: +SKIP
        """
        a, b = places.find(origin), places.find(destination)
        if a.code == b.code:
            raise DataError("a corridor joins two different places", f"both are {a.name}")
        units_a, units_b = self._units(a.code), self._units(b.code)
        facts = self.sql(
            "SELECT * FROM corridor_fact WHERE list_contains($a, origin) AND list_contains($b, destination) "
            "AND origin <> destination ORDER BY ALL",
            {"a": units_a, "b": units_b},
        )
        notes = self._territory_notes(facts, {a.code, b.code}, ("origin", "destination"))
        return self._facts(f"{a.name} ({a.code}) → {b.name} ({b.code})", facts, notes)

    def country(self, country: str) -> Facts:
        """Everything about one country.

        Parameters
        ----------
        country
            Code or name.

        Examples
        --------
        >>> import corridors as co
        >>> co.open().country("PHL").summary()  # doctest: +SKIP
        """
        place = places.find(country)
        units = self._units(place.code)
        facts = self.sql(
            "SELECT * FROM country_fact WHERE list_contains($units, country) ORDER BY ALL", {"units": units}
        )
        notes = self._territory_notes(facts, {place.code}, ("country",))
        found = self.sql("SELECT DISTINCT message FROM finding WHERE regexp_matches(key, $code) ORDER BY 1",
                         {"code": rf"\b{place.code}\b"})  # fmt: skip
        return self._facts(f"{place.name} ({place.code})", facts, (*notes, *found["message"].to_list()))

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
        >>> why = co.open().why("migrant_flow", "MEX", "USA", "2010")  # doctest: +SKIP
        """
        row_key = self._key(table, key, named)
        condition = " AND ".join(f"{k} = ${k}" for k in row_key)
        rows = self.sql(f"SELECT * FROM {table} WHERE {condition}", row_key)
        if rows.is_empty():
            self._raise_no_row(table, row_key)
        recipe = self.sql(
            "SELECT * FROM lineage WHERE table_name = $t AND method IN ($m, '*', 'published')",
            {"t": table, "m": row_key.get("method", "published")},
        )
        if recipe.is_empty():
            raise NotFound(f"table {table!r} has no lineage", remedy="it describes the atlas itself")
        words = recipe.row(0, named=True)
        figure = rows.row(0, named=True)
        inputs = {i["title"]: self._input(i, figure) for i in json.loads(words.pop("inputs"))}
        names = json.loads(words.pop("parameters"))
        used = self.sql("SELECT * FROM parameter WHERE list_contains($names, name)", {"names": names})
        ids = sorted({s for frame in inputs.values() if "source" in frame.columns for s in frame["source"]})
        cards = self.sql("SELECT * FROM source WHERE list_contains($ids, source)", {"ids": ids})
        return Explanation(
            table,
            row_key,
            figure,
            words,
            tuple(used.to_dicts()),
            inputs,
            tuple(cards.to_dicts()),
        )

    def _key(self, table: str, key: tuple[str, ...], named: dict[str, str]) -> dict[str, Any]:
        if table not in atlas_schema() or table not in self.tables():
            self.table(table)
            raise NotFound(f"{table!r} is a view: ask about the table its figures stand in (table_name)")
        schema = atlas_schema()[table]
        if not schema.keys:
            raise NotFound(f"rows of table {table!r} have no key", remedy=f"see 'corridors table {table}'")
        order = [k for k in schema.keys if k not in _USUAL] + [k for k in schema.keys if k in _USUAL]
        given = dict(zip(order, key, strict=False)) | named
        absent = [k for k in order if k not in given and k not in _USUAL]
        if absent or len(key) > len(order) or set(named) - set(order):
            raise DataError(
                f"a row of {table!r} is named by {', '.join(order)}",
                f"given: {', '.join(f'{k}={v}' for k, v in given.items()) or 'nothing'}",
                f"for example: corridors why {table} {' '.join(k.upper() for k in order if k not in _USUAL)}",
            )
        out: dict[str, Any] = {}
        for name in order:
            value = given.get(name, _USUAL.get(name, ""))
            column = schema.column(name)
            if name in _PLACE_COLUMNS:
                out[name] = places.find(value).code
            elif column.type == "int":
                if not str(value).lstrip("-").isdecimal():
                    raise DataError(f"{name} must be a whole number, not {value!r}")
                out[name] = int(value)
            else:
                out[name] = value
        return self._in_units(table, out)

    def _in_units(self, table: str, key: dict[str, Any]) -> dict[str, Any]:
        """Name places by the territory that flows of the period are estimated for."""
        if "period_start" not in key:
            return key
        rows = self.sql(
            "SELECT member, unit FROM territory WHERE $p BETWEEN first_period AND coalesce(last_period, 9999)",
            {"p": key["period_start"]},
        )
        units = dict(rows.iter_rows())
        return {k: units.get(v, v) if k in _PLACE_COLUMNS else v for k, v in key.items()}

    def _raise_no_row(self, table: str, key: dict[str, Any]) -> None:
        kept = {k: v for k, v in key.items() if k in _PLACE_COLUMNS}
        others = [k for k in key if k not in kept]
        found = self.sql(
            f"SELECT {', '.join(f'list(DISTINCT {k} ORDER BY {k}) AS {k}' for k in others) or '1'} FROM {table} "
            f"WHERE {' AND '.join(f'{k} = ${k}' for k in kept) or 'true'}",
            kept,
        ).row(0, named=True)  # fmt: skip
        have = "; ".join(
            f"{k}: {', '.join(map(str, v))}" for k, v in found.items() if isinstance(v, list) and v
        )
        raise NotFound(
            f"table {table!r} has no row with {', '.join(f'{k}={v}' for k, v in key.items())}",
            f"there are rows with {have}" if have else "nothing is known for these places",
            "a corridor without a row is not known to be zero",
        )

    def _input(self, source: Mapping[str, str], figure: Mapping[str, Any]) -> pl.DataFrame:
        query = f"SELECT {source['columns']} FROM {source['table']} WHERE {source['where']}"
        used = {k: v for k, v in figure.items() if re.search(rf"\${k}\b", query)}
        return self.sql(f"{query} ORDER BY ALL", used)

    def _units(self, code: str) -> list[str]:
        rows = self.sql("SELECT DISTINCT unit FROM territory WHERE member = $c", {"c": code})
        return [code, *rows["unit"].to_list()]

    def _territory_notes(
        self, facts: pl.DataFrame, asked: set[str], columns: tuple[str, ...]
    ) -> tuple[str, ...]:
        present = {code for column in columns for code in facts[column]} - asked
        rows = self.sql("SELECT DISTINCT unit, reason FROM territory ORDER BY ALL")
        return tuple(
            f"{places.find(unit).name} ({unit}): {reason}"
            for unit, reason in rows.iter_rows()
            if unit in present
        )

    @staticmethod
    def _facts(title: str, facts: pl.DataFrame, notes: tuple[str, ...]) -> Facts:
        if facts.is_empty():
            raise NotFound(
                f"nothing is known about {title}",
                remedy="a corridor below the publisher's threshold has no row; it is not known to be zero",
            )
        return Facts(title, facts, notes)


_PLACE_COLUMNS = frozenset(
    {"origin", "destination", "country", "sending", "receiving", "asylum", "party_a", "party_b"}
)


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
