"""What it costs to send money home.

Quotes of services come from the workbook of Remittance Prices Worldwide (:func:`read_quotes`), averages of
corridors from the embedded figures (:func:`corridor_prices`); most functions take either.
"""

from corridors.remittances.prices.algebra import cost_pct, margin_pct, saving
from corridors.remittances.prices.averages import Averages, average_cost
from corridors.remittances.prices.change import Change, decompose_change
from corridors.remittances.prices.corridor_costs import remittance_cost
from corridors.remittances.prices.eligible import Eligible, corridor_prices
from corridors.remittances.prices.flags import FLAGS
from corridors.remittances.prices.money_saved import Savings, savings
from corridors.remittances.prices.panel import panel_index
from corridors.remittances.prices.quarters import Quarter, waves
from corridors.remittances.prices.quotes import Quotes, as_quotes, read_quotes
from corridors.remittances.prices.smart import SmartAverages, SmartCriteria, smart_average
from corridors.remittances.prices.synthetic.examples import example_quotes
from corridors.remittances.prices.synthetic.quotes import generated_quotes, write_generated
from corridors.remittances.prices.targets import TargetStatus, five_by_five, sdg_10c
from corridors.remittances.prices.trend import Distances, distance_to_targets
from corridors.remittances.prices.weights import flow_weights

__all__ = [
    "FLAGS",
    "Averages",
    "Change",
    "Distances",
    "Eligible",
    "Quarter",
    "Quotes",
    "Savings",
    "SmartAverages",
    "SmartCriteria",
    "TargetStatus",
    "as_quotes",
    "average_cost",
    "corridor_prices",
    "cost_pct",
    "decompose_change",
    "distance_to_targets",
    "example_quotes",
    "five_by_five",
    "flow_weights",
    "generated_quotes",
    "margin_pct",
    "panel_index",
    "read_quotes",
    "remittance_cost",
    "saving",
    "savings",
    "sdg_10c",
    "smart_average",
    "waves",
    "write_generated",
]
