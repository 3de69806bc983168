"""The end of a brief: what is uncertain, sources, the run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from corridors.atlas import Atlas
from corridors.publish.brief.asking import Asker
from corridors.publish.brief.content import BriefSection
from corridors.publish.site.about import atlas_id
from corridors.publish.site.documents import citation
from corridors.version import __version__

# Tables whose words on uncertainty say more than that there is no interval, with the recipe.
_RECIPES = (
    ("migrant_stock", "published"),
    ("migrant_flow", "pseudo-bayes"),
    ("net_migration", "*"),
    ("net_migration_projection", "*"),
    ("population_projection", "published"),
    ("remittance_total", "published"),
    ("remittance_flow", "*"),
    ("price_index", "mean over corridors"),
    ("welfare", "*"),
    ("health_workforce", "published"),
    ("displacement", "published"),
)
_RESTS_ON = {
    "country_fact": ("migrant_stock", "displacement"),
    "migrant_flow": ("migrant_stock", "population"),
    "net_migration": ("population",),
    "net_migration_projection": ("population",),
    "indicator": ("remittance_total", "aid_received", "foreign_investment", "economy"),
    "remittance_total": ("remittances", "remittance_total"),
    "remittance_flow": ("migrant_stock", "economy", "remittances", "remittance_total"),
    "price_index": ("remittance_price",),
    "welfare": ("income_distribution", "remittances", "remittance_total"),
}


def tables_of(sections: Iterable[BriefSection]) -> tuple[str, ...]:
    """Tables that the figures of the sections stand in, each once."""
    used: dict[str, None] = {}
    for section in sections:
        for figure in section.figures:
            if figure.table == "country_fact":
                used["displacement" if "displaced" in figure.key else "migrant_stock"] = None
            else:
                used[figure.table] = None
    return tuple(used)


def uncertain_section(ask: Asker, tables: Iterable[str]) -> BriefSection:
    """What the intervals cover, and why there are none, in the words of the lineage."""
    used = set(tables)
    rows = ask.rows("SELECT table_name, method, uncertainty, caveat FROM lineage")
    words = {(row["table_name"], row["method"]): row for row in rows}
    grouped: dict[str, list[str]] = {}
    for recipe in _RECIPES:
        row = words.get(recipe)
        if row is None or (recipe[0] not in used and recipe[0] != "net_migration_projection"):
            continue
        # Of a caveat the first sentence; the rest explains how to read the lineage.
        caveat = f" {row['caveat'].split('. ')[0].rstrip('.')}." if row["caveat"] else ""
        grouped.setdefault(f"{row['uncertainty']}{caveat}", []).append(ask.say(f"table_{recipe[0]}"))
    said = tuple(f"{', '.join(names)}: {text}" for text, names in grouped.items())
    return BriefSection(
        "uncertain", ask.say("uncertain"), ask.say("uncertain_note"), said, notes=(ask.say("rounding"),)
    )


def source_section(ask: Asker, tables: Iterable[str]) -> BriefSection:
    """Publisher, title, revision and licence of each source used."""
    used = {name for table in tables for name in (table, *_RESTS_ON.get(table, ()))} | {"population", "place"}
    cards = ask.rows("SELECT * FROM source ORDER BY source")
    said = tuple(_cited(ask, card) for card in cards if card["table_name"] in used)
    return BriefSection("sources", ask.say("sources"), "", said, notes=(ask.say("borders"),))


def _cited(ask: Asker, card: Mapping[str, Any]) -> str:
    """A source, and what is newer where its publisher has that."""
    newer = card["superseded"]
    return f"{citation(card)} {ask.say('newer', what=str(newer).rstrip('.'))}" if newer else citation(card)


def made_with(ask: Asker) -> str:
    """The software and the atlas: version, digest, date, seed, draws."""
    run = run_of(ask.atlas)
    return ask.say(
        "made",
        version=__version__,
        atlas=atlas_id(ask.atlas),
        date=str(run["built_at"])[:10],
        seed=run["seed"],
        draws=run["draws"],
    )


def run_of(atlas: Atlas) -> dict[str, object]:
    """The row of the atlas' run."""
    return atlas.table("run").to_dicts()[0]
