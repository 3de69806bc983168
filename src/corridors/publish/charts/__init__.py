"""Figures of the main measures: rows of the atlas drawn, and nothing computed."""

from corridors.publish.charts.catalogue import CHARTS, chart
from corridors.publish.charts.flows import corridor, flow_methods, top_corridors
from corridors.publish.charts.money import price_distribution, remittance_price, remittances
from corridors.publish.charts.people import net_migration, stock_by_birthplace
from corridors.publish.charts.poverty import welfare
from corridors.publish.charts.saving import save
from corridors.publish.charts.theme import MONEY, PEOPLE, Setting

__all__ = [
    "CHARTS",
    "MONEY",
    "PEOPLE",
    "Setting",
    "chart",
    "corridor",
    "flow_methods",
    "net_migration",
    "price_distribution",
    "remittance_price",
    "remittances",
    "save",
    "stock_by_birthplace",
    "top_corridors",
    "welfare",
]
