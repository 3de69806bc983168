"""What a shock abroad does to the money that comes in: projections, each beside its own back-test."""

from corridors.remittances.stress.history import embedded_back_tests, inflow_history
from corridors.remittances.stress.labelled import stress_corridors
from corridors.remittances.stress.project import stress_test
from corridors.remittances.stress.projected_inflows import StressTest, StressTotal
from corridors.remittances.stress.responses import (
    Responses,
    WorldBankHostIncome,
    default_responses,
    pre_crisis_elasticity,
    world_bank_elasticity,
)
from corridors.remittances.stress.shock import Shock
from corridors.remittances.stress.track_record import BackTest, back_test

__all__ = [
    "BackTest",
    "Responses",
    "Shock",
    "StressTest",
    "StressTotal",
    "WorldBankHostIncome",
    "back_test",
    "default_responses",
    "embedded_back_tests",
    "inflow_history",
    "pre_crisis_elasticity",
    "stress_corridors",
    "stress_test",
    "world_bank_elasticity",
]
