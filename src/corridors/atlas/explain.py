"""Where a figure comes from: the reading of a recipe for one key."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Protocol

import polars as pl

from corridors import places
from corridors.atlas.answers import Explanation
from corridors.atlas.schema import atlas_schema
from corridors.errors import DataError, NotFound
from corridors.wording import similar


class Asked(Protocol):
    """What can be asked about its tables, such as an atlas."""

    def sql(self, query: str, parameters: Mapping[str, Any] | None = None) -> pl.DataFrame:
        """Rows of a query."""
        ...

    def table(self, name: str) -> pl.DataFrame:
        """One table; refused in words where there is none."""
        ...


# Which key column tells the period whose territories name the places of a table.
_PERIOD = {"migrant_flow": "period_start", "net_migration": "period_start", "annual_flow": "year"}
_USUAL = {"sex": "total", "method": "pseudo-bayes", "kind": "total", "rule": "reconciled"}
# Tables in which every series or statement has a recipe of its own: the key column that names it.
_OWN_RECIPE = {"indicator": "indicator", "claim": "claim", "price_index": "weighting"}
WORLD = "WLD"
_PLACE_COLUMNS = frozenset(
    {
        "origin",
        "destination",
        "country",
        "sending",
        "receiving",
        "asylum",
        "party_a",
        "party_b",
        "reporter",
        "partner",
    }
)


def explain(atlas: Asked, table: str, key: tuple[str, ...], named: Mapping[str, str]) -> Explanation:
    """Read the recipe of a figure for its key; see :meth:`corridors.atlas.Atlas.why`."""
    row_key = _row_key(atlas, table, key, named)
    condition = " AND ".join(f"{k} = ${k}" for k in row_key)
    rows = atlas.sql(f"SELECT * FROM {table} WHERE {condition}", row_key)
    if rows.is_empty():
        raise _no_row(atlas, table, row_key)
    recipe = atlas.sql(
        "SELECT * FROM lineage WHERE table_name = $t AND method IN ($m, '*', 'published')",
        {"t": table, "m": row_key.get(_OWN_RECIPE.get(table, "method"), "published")},
    )
    if recipe.is_empty():
        raise NotFound(f"table {table!r} has no lineage", remedy="it describes the atlas itself")
    words, figure = recipe.row(0, named=True), rows.row(0, named=True)
    asked = [i for i in json.loads(words.pop("inputs")) if _applies(i, figure)]
    inputs = {i["title"]: _input(atlas, i, figure) for i in asked}
    names = json.loads(words.pop("parameters"))
    used = atlas.sql("SELECT * FROM parameter WHERE list_contains($names, name)", {"names": names})
    ids = sorted({s for frame in inputs.values() if "source" in frame.columns for s in frame["source"]})
    cards = atlas.sql("SELECT * FROM source WHERE list_contains($ids, source)", {"ids": ids})
    return Explanation(table, row_key, figure, words, tuple(used.to_dicts()), inputs, tuple(cards.to_dicts()))


def _row_key(atlas: Asked, table: str, key: tuple[str, ...], named: Mapping[str, str]) -> dict[str, Any]:
    """Values of all key columns, read from words."""
    if table not in atlas_schema():
        atlas.table(table)
        raise NotFound(f"{table!r} is a view: ask about the table its figures stand in (table_name)")
    schema = atlas_schema()[table]
    if not schema.keys:
        raise NotFound(f"rows of table {table!r} have no key", remedy=f"see 'corridors table {table}'")
    must, may = ([k for k in schema.keys if (k in _USUAL) is usual] for usual in (False, True))
    order = must + may
    given = dict(zip(order, key, strict=False)) | dict(named)
    if any(k not in given for k in must) or len(key) > len(order) or set(named) - set(order):
        raise DataError(
            f"a row of {table!r} is named by {', '.join(order)}",
            f"given: {', '.join(f'{k}={v}' for k, v in given.items()) or 'nothing'}",
            f"for example: corridors why {table} {' '.join(map(str.upper, must))}",
        )
    whole = {c.name for c in schema.columns if c.type == "int"}
    values = {k: _read(k, given.get(k, _USUAL.get(k, "")), k in whole) for k in order}
    if table == "indicator":
        values["place"] = _world_or_place(str(values["place"]))
    return _in_units(atlas, values, _PERIOD.get(table))


def _world_or_place(value: str) -> str:
    return WORLD if value.upper() in (WORLD, "WORLD") else places.find(value).code


def _read(name: str, value: str, whole: bool) -> str | int:
    if name in _PLACE_COLUMNS:
        return places.find(value).code
    if not whole:
        return value
    if not str(value).lstrip("-").isdecimal():
        raise DataError(f"{name} must be a whole number, not {value!r}")
    return int(value)


def _in_units(atlas: Asked, key: dict[str, Any], period: str | None) -> dict[str, Any]:
    """Name places by the territory that flows of the period are estimated for."""
    if period is None:
        return key
    rows = atlas.sql(
        "SELECT member, unit FROM territory WHERE $p >= first_period AND $p <= coalesce(last_period, 9999)",
        {"p": key[period]},
    )
    units = dict(rows.iter_rows())
    return {k: units.get(v, v) if k in _PLACE_COLUMNS else v for k, v in key.items()}


def _no_row(atlas: Asked, table: str, key: dict[str, Any]) -> NotFound:
    """What there is instead, for the same places."""
    named = _OWN_RECIPE.get(table)
    if named is not None:
        names = atlas.sql(f"SELECT DISTINCT {named} FROM {table} ORDER BY 1")[named].to_list()
        if key[named] not in names:
            near = similar(str(key[named]), names)
            return NotFound(
                f"there is no {named} {key[named]!r}", near, f"'corridors table {table}' lists them"
            )
    kept = {
        k: v for k, v in key.items() if k in _PLACE_COLUMNS or (named is not None and k in (named, "place"))
    }
    others = [k for k in key if k not in kept]
    lists = ", ".join(f"list(DISTINCT {k} ORDER BY {k}) AS {k}" for k in others) or "1"
    condition = " AND ".join(f"{k} = ${k}" for k in kept) or "true"
    found = atlas.sql(f"SELECT {lists} FROM {table} WHERE {condition}", kept).row(0, named=True)
    have = "; ".join(f"{k}: {', '.join(map(str, v))}" for k, v in found.items() if isinstance(v, list) and v)
    return NotFound(
        f"table {table!r} has no row with {', '.join(f'{k}={v}' for k, v in key.items())}",
        f"there are rows with {have}" if have else "nothing is known for these places",
        "a corridor without a row is not known to be zero" if named is None else "",
    )


def _applies(source: Mapping[str, Any], figure: Mapping[str, Any]) -> bool:
    """Whether an input goes into this figure: some only into those of one sex."""
    return all(figure.get(column) in values for column, values in source.get("only", {}).items())


def _input(atlas: Asked, source: Mapping[str, str], figure: Mapping[str, Any]) -> pl.DataFrame:
    query = f"SELECT {source['columns']} FROM {source['table']} WHERE {source['where']}"
    used = {k: v for k, v in figure.items() if re.search(rf"\${k}\b", query)}
    return atlas.sql(f"{query} ORDER BY ALL", used)
