"""Migration indicators of the Sustainable Development Goals, by their official formulas, from your tables.

>>> from corridors.cooperation.indicators import INDICATORS
>>> list(INDICATORS)
['10.7.1', '10.7.2', '10.7.3', '10.7.4', '10.c.1']
"""

from corridors.cooperation.indicators.deaths import deaths_in_migration
from corridors.cooperation.indicators.policies import (
    policy_categories,
    policy_category,
    policy_index,
    policy_questions,
    policy_shares,
)
from corridors.cooperation.indicators.recruitment import months_of_earnings, recruitment_cost
from corridors.cooperation.indicators.refugees import refugees_by_origin
from corridors.cooperation.indicators.remittance_cost import remittance_cost
from corridors.cooperation.indicators.result import Indicator

INDICATORS = {
    "10.7.1": recruitment_cost,
    "10.7.2": policy_index,
    "10.7.3": deaths_in_migration,
    "10.7.4": refugees_by_origin,
    "10.c.1": remittance_cost,
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
    "remittance_cost",
]
