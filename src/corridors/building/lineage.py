"""How figures are made: the recipes that the atlas stores in its table ``lineage``."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl

from corridors import packaged
from corridors.atlas.schema import PUBLISHED, atlas_schema
from corridors.building.steps.cooperation import claim_recipes
from corridors.building.steps.indicators import indicator_recipes


def lineage_table(beside: Iterable[str] = ()) -> pl.DataFrame:
    """The recipes of all figures as the table ``lineage``.

    Parameters
    ----------
    beside
        Tables of fetched sources in the atlas.

    Examples
    --------
    >>> from corridors.building.lineage import lineage_table
    >>> recipe = lineage_table().filter(table_name="migrant_flow", method="pseudo-bayes")
    >>> recipe["function"].item()
    'corridors.migration.pseudo_bayes'
    """
    text = packaged.text("atlas/lineage.toml")
    recipes = tomllib.loads(text)
    rows = [_published(name, recipes["figure"]) for name in ("migrant_stock", *PUBLISHED.values(), *beside)]
    rows += [_estimated(recipe, recipes["inputs"]) for recipe in recipes["estimate"]]
    rows += indicator_recipes()
    rows += claim_recipes()
    return pl.DataFrame(rows)


def published_input(table: str) -> list[dict[str, str]]:
    """The row itself, as the only input of a published figure.

    Examples
    --------
    >>> from corridors.building.lineage import published_input
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


def _estimated(recipe: Mapping[str, Any], inputs: Mapping[str, Mapping[str, Any]]) -> dict[str, str | None]:
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
