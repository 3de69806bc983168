"""Migration indicators of the Sustainable Development Goals, by their official formulas, from your tables.

The cost of remittances, 10.c.1, is a matter of prices: :func:`corridors.remittances.prices.sdg_10c`.

>>> from corridors.cooperation.sdg import INDICATORS
>>> list(INDICATORS)
['10.7.1', '10.7.2', '10.7.3', '10.7.4']
"""

from corridors.cooperation.sdg.deaths import deaths_in_migration
from corridors.cooperation.sdg.indicator import Indicator
from corridors.cooperation.sdg.policies import (
    policy_categories,
    policy_category,
    policy_index,
    policy_questions,
    policy_shares,
)
from corridors.cooperation.sdg.recruitment import months_of_earnings, recruitment_cost
from corridors.cooperation.sdg.refugees import refugees_by_origin

INDICATORS = {
    "10.7.1": recruitment_cost,
    "10.7.2": policy_index,
    "10.7.3": deaths_in_migration,
    "10.7.4": refugees_by_origin,
}

__all__ = [
    "INDICATORS",
    "Indicator",
    "deaths_in_migration",
    "months_of_earnings",
    "policy_categories",
    "policy_category",
    "policy_index",
    "policy_questions",
    "policy_shares",
    "recruitment_cost",
    "refugees_by_origin",
]
