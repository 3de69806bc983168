"""Fact cards: one figure with its definition, date, source, and what it does not say."""

from corridors.cooperation.facts.card import FactCard
from corridors.cooperation.facts.kinds import CardKind, card_kind, card_kinds
from corridors.cooperation.facts.linked import json_ld
from corridors.cooperation.facts.make import make_card
from corridors.cooperation.facts.render import html, markdown, text

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
