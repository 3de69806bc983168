"""A country on two pages: every number a row of the atlas."""

from corridors.publish.brief.compose import brief
from corridors.publish.brief.content import Drawing, Figure, Key, Section, Table
from corridors.publish.brief.country_brief import Brief
from corridors.publish.brief.language import languages

__all__ = ["Brief", "Drawing", "Figure", "Key", "Section", "Table", "brief", "languages"]
