"""Where a figure comes from: recipes stored in the atlas, and their reading."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

import polars as pl

from corridors.atlas.schema import PUBLISHED, atlas_schema


@dataclass(frozen=True, slots=True)
class Explanation:
    """One figure and everything it was made of.

    Attributes
    ----------
    table, key
        Which figure was asked for.
    figure
        Its row.
    recipe
        Formula in words, function, uncertainty, caveat.
    parameters
        Parameters used, with source and status.
    inputs
        Input figures by title.
    sources
        Cards of the sources of these figures.
    """

    table: str
    key: Mapping[str, Any]
    figure: Mapping[str, Any]
    recipe: Mapping[str, str]
    parameters: tuple[Mapping[str, Any], ...]
    inputs: Mapping[str, pl.DataFrame]
    sources: tuple[Mapping[str, Any], ...]

    def to_dict(self) -> dict[str, Any]:
        """The explanation as plain data, for JSON."""
        return {
            "table": self.table,
            "key": dict(self.key),
            "figure": dict(self.figure),
            "recipe": dict(self.recipe),
            "parameters": [dict(p) for p in self.parameters],
            "inputs": {title: rows.to_dicts() for title, rows in self.inputs.items()},
            "sources": [dict(s) for s in self.sources],
        }

    def to_polars(self) -> pl.DataFrame:
        """The input figures, one row each: input, column, value."""
        rows = [
            (title, number, name, None if value is None else str(value))
            for title, frame in self.inputs.items()
            for number, row in enumerate(frame.to_dicts(), 1)
            for name, value in row.items()
        ]
        return pl.DataFrame(rows, schema=["input", "row", "column", "value"], orient="row")


def lineage_table() -> pl.DataFrame:
    """The recipes of all figures as the table ``lineage``.

    Examples
    --------
    >>> from corridors.atlas.lineage import lineage_table
    >>> recipe = lineage_table().filter(table_name="migrant_flow", method="pseudo-bayes")
    >>> recipe["function"].item()
    'corridors.migration.pseudo_bayes'
    """
    text = resources.files("corridors").joinpath("data", "lineage.toml").read_text("utf-8")
    recipes = tomllib.loads(text)
    rows = [_published(name, recipes["figure"]) for name in ("migrant_stock", *PUBLISHED.values())]
    rows += [_estimated(recipe, recipes["inputs"]) for recipe in recipes["estimate"]]
    return pl.DataFrame(rows)


def published_input(table: str) -> list[dict[str, str]]:
    """The row itself, as the only input of a published figure.

    Examples
    --------
    >>> from corridors.atlas.lineage import published_input
    >>> published_input("treaty")[0]["where"]
    'treaty = $treaty AND country = $country'
    """
    keys = atlas_schema()[table].keys
    return [
        {"title": table, "table": table, "columns": "*", "where": " AND ".join(f"{k} = ${k}" for k in keys)}
    ]


def _published(name: str, figures: Mapping[str, Mapping[str, str]]) -> dict[str, str | None]:
    words = figures.get(name, figures["*"])
    return {
        "table_name": name,
        "method": "published",
        "formula": words["formula"],
        "function": "corridors.evidence.load",
        "parameters": "[]",
        "inputs": json.dumps(published_input(name)),
        "uncertainty": words["uncertainty"],
        "caveat": words.get("caveat"),
    }


def _estimated(recipe: Mapping[str, Any], inputs: Mapping[str, Mapping[str, str]]) -> dict[str, str | None]:
    used = [{"title": name.replace("-", " "), "columns": "*", **inputs[name]} for name in recipe["inputs"]]
    return {
        "table_name": recipe["table"],
        "method": recipe["method"],
        "formula": recipe["formula"],
        "function": recipe["function"],
        "parameters": json.dumps(recipe.get("parameters", [])),
        "inputs": json.dumps(used),
        "uncertainty": recipe["uncertainty"],
        "caveat": recipe.get("caveat"),
    }
