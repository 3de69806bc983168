"""Fact cards: one figure with its definition, date, source, and what it does not say."""

from corridors.publish.cards.catalogue import CardKind, card_kind, card_kinds
from corridors.publish.cards.compose import make_card
from corridors.publish.cards.fact_card import FactCard
from corridors.publish.cards.linked import json_ld
from corridors.publish.cards.render import html, markdown, text

__all__ = [
    "CardKind",
    "FactCard",
    "card_kind",
    "card_kinds",
    "html",
    "json_ld",
    "make_card",
    "markdown",
    "text",
]
