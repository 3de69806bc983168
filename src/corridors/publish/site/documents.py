"""Tables of words: names, claims, commitments, sources, recipes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from corridors import places
from corridors.atlas import Atlas
from corridors.publish.site.encode import compact_json, parquet

# Table of the atlas -> file of the site; the file is absent where the atlas lacks the table.
JSON_TABLES: Mapping[str, str] = {
    "claim": "data/claims.json",
    "commitment": "data/commitments.json",
    "practice": "data/practices.json",
    "indicator_definition": "data/indicator_definitions.json",
    "perception": "data/perception.json",
}


@dataclass(frozen=True, slots=True)
class Extract:
    """Rows of a table that have a file of their own.

    Attributes
    ----------
    path
        Of the file.
    where
        Which rows; all if None.
    columns
        Which columns; all if empty.
    """

    path: str
    where: str | None = None
    columns: tuple[str, ...] = ()


PARQUET_TABLES: Mapping[str, Extract] = {
    "labour_agreement": Extract("data/agreements.parquet"),
    # Countries' indicators have files of their own; this one has the world and its regions.
    "indicator": Extract(
        "data/indicators.parquet",
        "place NOT IN (SELECT country FROM place WHERE kind = 'country')",
    ),
    "agreement_provision": Extract("data/agreement_provisions.parquet"),
    # Of a country the share covered is an indicator.
    "agreement_coverage": Extract("data/agreement_coverage.parquet", "place = 'WLD'"),
    # What is not coded has nothing to assess; shares follow from the items.
    "agreement_assessment": Extract(
        "data/agreement_assessment.parquet",
        "agreement IN (SELECT agreement FROM labour_agreement WHERE coded)",
        ("agreement", "block", "items", "present", "absent"),
    ),
}


def table_json(atlas: Atlas, table: str) -> bytes:
    """All rows of a table, in the order of the atlas."""
    return compact_json(atlas.table(table).to_dicts())


def table_parquet(atlas: Atlas, table: str, extract: Extract) -> bytes:
    """Rows of a table, in the order of the atlas."""
    rows = atlas.table(table, where=extract.where)
    return parquet(rows.select(extract.columns) if extract.columns else rows)


@cache
def names() -> Mapping[str, list[str]]:
    """Other names of each place, in local and other languages.

    Examples
    --------
    >>> "Emirates" in names()["ARE"]
    True
    """
    found: dict[str, list[str]] = {}
    for name in places.names():
        found.setdefault(name.country, []).append(name.text)
    return {code: list(dict.fromkeys(known)) for code, known in sorted(found.items())}


def names_file(_: Atlas) -> bytes:
    """The file of :func:`names`."""
    return compact_json(dict(names()))


def sources_file(atlas: Atlas) -> bytes:
    """Cards of the sources by id, each with a citation to copy."""
    cards = atlas.sql("SELECT * FROM source ORDER BY source").to_dicts()
    return compact_json({card.pop("source"): {**card, "citation": citation(card)} for card in cards})


def citation(card: Mapping[str, Any]) -> str:
    """Publisher, title, revision and licence in one line.

    Examples
    --------
    >>> citation({"publisher": "UNHCR", "title": "Refugees", "revision": "2025", "licence": "CC BY 4.0"})
    'UNHCR: Refugees. 2025. CC BY 4.0.'
    """
    return f"{card['publisher']}: {card['title']}. {card['revision']}. {card['licence']}."


def lineage_file(atlas: Atlas) -> bytes:
    """How each figure is made, a recipe a table and method."""
    rows = atlas.sql(
        'SELECT table_name AS "table", method, formula, function, uncertainty, caveat, parameters '
        "FROM lineage ORDER BY ALL"
    )
    return compact_json([{**row, "parameters": json.loads(row["parameters"])} for row in rows.to_dicts()])
