"""The cards of a country, from an atlas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date

import polars as pl

from corridors import places
from corridors.atlas import Atlas
from corridors.publish.cards.catalogue import CardKind
from corridors.publish.cards.compose import make_card
from corridors.publish.cards.fact_card import FactCard

_NUMBERS = ("value", "lower", "upper", "perceived", "expected_by_rescaling", "residual")
_FIRST = ("name", "country", "title", "value", "unit", "date")


def cards_of(atlas: Atlas, country: str, kinds: Sequence[CardKind]) -> list[FactCard]:
    """Cards of a country, from queries of the atlas.

    Parameters
    ----------
    atlas
        An open atlas.
    country
        Code or name.
    kinds
        Which cards.

    Raises
    ------
    NotFound
        There is no such place.

    Examples
    --------
    >>> import corridors as co
    >>> from corridors.publish.cards import card_kind, cards_of
    >>> [card.title for card in cards_of(co.open(), "Malawi", [card_kind("doctors")])]
    ['Doctors: Malawi']
    """
    place = places.find(country)
    code = {"country": place.code}
    guesses = atlas.sql("SELECT * FROM perception WHERE country = $country", code).to_dicts()
    published = {row["table_name"]: row for row in atlas.sql("SELECT * FROM source").to_dicts()}
    day = date.fromisoformat(atlas.table("run")["as_of"].item())
    within = atlas.sql(
        "SELECT unit, reason FROM territory "
        "WHERE member = $country AND unit <> $country AND last_period IS NULL",
        code,
    ).rows()
    return [
        make_card(
            kind,
            place.name,
            atlas.sql(kind.sql, code).to_dicts(),
            sources=[published[table] for table in kind.tables if table in published],
            perception=guesses[0] if guesses else None,
            day=day,
            reason=_reason(within) if "migrant_stock" in kind.tables else "",
        )
        for kind in kinds
    ]


def _reason(within: Sequence[tuple[str, ...]]) -> str:
    return "; ".join(f"counted within {places.find(unit).name}: {reason}" for unit, reason in within)


def card_table(cards: Sequence[FactCard]) -> pl.DataFrame:
    """Cards as a table, one row each; the parts of a ranking stand in one cell.

    Examples
    --------
    >>> from corridors.publish.cards import card_kind, card_table, make_card
    >>> card = make_card(card_kind("doctors"), "Malawi", [{"value": 0.5, "date": "2020"}])
    >>> card_table([card]).row(0)[:4]
    ('doctors', 'Malawi', 'Doctors: Malawi', 0.5)
    """
    rows = [
        asdict(card) | {"parts": "; ".join(f"{label}: {value:.3g}" for label, value in card.parts)}
        for card in cards
    ]
    table = pl.DataFrame(rows, schema_overrides=dict.fromkeys(_NUMBERS, pl.Float64), infer_schema_length=None)
    return table.select(*_FIRST, pl.exclude(_FIRST))
