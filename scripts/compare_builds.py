"""Compare two atlas files, table by table, to the bit.

python scripts/compare_builds.py OLD NEW [--allow NAME ...]

Every difference has a name: ``table`` (in one file only), ``table.column``, ``table.only-old`` and
``table.only-new`` (rows by their key), ``view.name``, ``macro.name``. Ends with status 1 where one
is not allowed. The time of the build, run.built_at, is not compared; NaN equals NaN, and -0.0 is not 0.0.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from itertools import takewhile
from pathlib import Path

import duckdb

from corridors.atlas.schema import atlas_schema

IGNORED = "run.built_at"
SHOWN = 3


@dataclass(frozen=True)
class Difference:
    """What differs: its name, and how much in words."""

    name: str
    told: str
    rows: tuple[str, ...] = ()


class Pair:
    """Two atlas files side by side."""

    def __init__(self, old: Path, new: Path) -> None:
        self.db = duckdb.connect(":memory:")
        for name, file in (("old", old), ("new", new)):
            if not file.is_file():
                raise SystemExit(f"there is no file {file}")
            self.db.execute(f"ATTACH '{str(file).replace(chr(39), chr(39) * 2)}' AS {name} (READ_ONLY)")

    def differences(self) -> Iterator[Difference]:
        """All of them, by table."""
        old, new = self.tables("old"), self.tables("new")
        for table in sorted(old | new):
            if table in old and table in new:
                yield from self.table(table)
            else:
                yield Difference(table, f"only in the {'old' if table in old else 'new'} file")
        yield from self.definitions("view", "view_name", "sql", "duckdb_views()")
        macro = "parameters::VARCHAR || macro_definition"
        yield from self.definitions("macro", "function_name", macro, "duckdb_functions()")

    def tables(self, side: str) -> set[str]:
        """Names of the tables of a file."""
        query = f"SELECT table_name FROM duckdb_tables() WHERE database_name = '{side}'"
        return {name for (name,) in self.db.execute(query).fetchall()}

    def columns(self, side: str, table: str) -> dict[str, str]:
        """Columns of a table and their types."""
        query = (
            "SELECT column_name, data_type FROM duckdb_columns() WHERE database_name = ? AND table_name = ?"
        )
        return dict(self.db.execute(query, [side, table]).fetchall())

    def definitions(self, kind: str, name: str, text: str, source: str) -> Iterator[Difference]:
        """Views or macros that are written otherwise."""
        old, new = (
            dict(
                self.db.execute(
                    f"SELECT {name}, {text} FROM {source} WHERE database_name = '{side}' AND NOT internal"
                ).fetchall()
            )
            for side in ("old", "new")
        )
        for one in sorted(old.keys() | new.keys()):
            if old.get(one) != new.get(one):
                yield Difference(f"{kind}.{one}", "is defined otherwise")

    def table(self, table: str) -> Iterator[Difference]:
        """Differences of one table that both files have."""
        old, new = self.columns("old", table), self.columns("new", table)
        for column in sorted(old.keys() ^ new.keys()):
            yield Difference(f"{table}.{column}", f"only in the {'old' if column in old else 'new'} file")
        both = [c for c in new if c in old and f"{table}.{c}" != IGNORED]
        for column in both:
            if old[column] != new[column]:
                yield Difference(f"{table}.{column}", f"was {old[column]}, is {new[column]}")
        schema = atlas_schema().get(table)
        keys = [c for c in (schema.keys if schema else ()) if c in both]
        if not keys or not all(self.unique(side, table, keys) for side in ("old", "new")):
            keys = both
        yield from self.rows(table, keys)
        if rest := {c: new[c] for c in both if c not in keys}:
            yield from self.values(table, keys, rest)

    def unique(self, side: str, table: str, keys: Sequence[str]) -> bool:
        """Whether the keys tell the rows apart."""
        query = f"SELECT 1 FROM {side}.{table} GROUP BY {', '.join(keys)} HAVING count(*) > 1 LIMIT 1"
        return self.db.execute(query).fetchone() is None

    def rows(self, table: str, keys: Sequence[str]) -> Iterator[Difference]:
        """Rows, by these columns, that one file has and the other has not."""
        listed = ", ".join(keys)
        for one, other in (("old", "new"), ("new", "old")):
            query = f"SELECT {listed} FROM {one}.{table} EXCEPT ALL SELECT {listed} FROM {other}.{table}"
            found = self.db.execute(f"SELECT count(*) FROM ({query})").fetchone()
            if found and found[0]:
                first = self.db.execute(f"{query} ORDER BY ALL LIMIT {SHOWN}").fetchall()
                rows = tuple(_short(", ".join(map(str, row))) for row in first)
                yield Difference(f"{table}.only-{one}", f"{found[0]:,} rows", rows)

    def values(self, table: str, keys: Sequence[str], columns: Mapping[str, str]) -> Iterator[Difference]:
        """Cells of columns that differ in rows of the same key."""
        same = " AND ".join(f"o.{key} IS NOT DISTINCT FROM n.{key}" for key in keys)
        source = f"old.{table} AS o JOIN new.{table} AS n ON {same}"
        asked = ", ".join(
            f"count(*) FILTER ({_differ(c, kind)}), {_apart(c, kind)}" for c, kind in columns.items()
        )
        counted = self.db.execute(f"SELECT {asked} FROM {source}").fetchone() or ()
        listed = ", ".join(f"o.{key}" for key in keys)
        for (column, kind), cells, most in zip(columns.items(), counted[::2], counted[1::2], strict=True):
            if not cells:
                continue
            first = self.db.execute(
                f"SELECT o.{column}, n.{column}, {listed} FROM {source} WHERE {_differ(column, kind)} "
                f"ORDER BY {listed} LIMIT {SHOWN}"
            ).fetchall()
            rows = (
                f"{', '.join(map(str, key))}: {_from_where_they_part(str(was), str(now))}"
                for was, now, *key in first
            )
            far = "" if most is None else f", at most {most:.3g} of the figure"
            yield Difference(f"{table}.{column}", f"{cells:,} cells{far}", tuple(rows))


def _differ(column: str, kind: str) -> str:
    differ = f"o.{column} IS DISTINCT FROM n.{column}"
    sign = f"(o.{column} = 0 AND signbit(o.{column}) <> signbit(n.{column}))"
    return f"({differ} OR {sign})" if kind == "DOUBLE" else differ


def _apart(column: str, kind: str) -> str:
    if kind not in ("DOUBLE", "BIGINT"):
        return "NULL"
    old, new = f"o.{column}", f"n.{column}"
    return f"max(abs({old} - {new}) / greatest(abs({old}), abs({new}))) FILTER ({old} <> {new})"


def _from_where_they_part(was: str, now: str) -> str:
    shared = takewhile(lambda pair: pair[0] == pair[1], zip(was, now, strict=False))
    start = max(0, sum(1 for _ in shared) - 20)
    return " -> ".join(("…" if start else "") + _short(text[start:]) for text in (was, now))


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 100 else f"{line[:99]}…"


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the differences; 1 where one is not allowed."""
    parser = argparse.ArgumentParser(description="Compare two atlas files to the bit.")
    parser.add_argument("old", type=Path)
    parser.add_argument("new", type=Path)
    parser.add_argument(
        "--allow", nargs="+", default=[], metavar="NAME", help="such as lineage.function, claim.*"
    )
    asked = parser.parse_args(arguments)
    refused = 0
    for found in Pair(asked.old, asked.new).differences():
        allowed = any(fnmatchcase(found.name, pattern) for pattern in asked.allow)
        refused += not allowed
        print(f"{'allowed ' if allowed else ''}{found.name}: {found.told}")
        for row in found.rows:
            print(f"    {row}")
    print(f"{refused} difference(s) that are not allowed" if refused else "the same, but for what is allowed")
    return int(refused > 0)


if __name__ == "__main__":
    raise SystemExit(main())
