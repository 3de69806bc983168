"""Elasticities of remittances as types that can not be confused, and the gain of a cheaper transfer."""

from corridors.remittances.elasticities.base import (
    Elasticity,
    ExchangeRateElasticity,
    FixedFeeElasticity,
    HomeIncomeElasticity,
    HostIncomeElasticity,
)
from corridors.remittances.elasticities.costs import (
    CostElasticity,
    CostResponse,
    GrossCostElasticity,
    PerPointElasticity,
)
from corridors.remittances.elasticities.gains import CostCut, cost_cut, implied_elasticity
from corridors.remittances.elasticities.registry import KnownElasticity, elasticities, elasticity

__all__ = [
    "CostCut",
    "CostElasticity",
    "CostResponse",
    "Elasticity",
    "ExchangeRateElasticity",
    "FixedFeeElasticity",
    "GrossCostElasticity",
    "HomeIncomeElasticity",
    "HostIncomeElasticity",
    "KnownElasticity",
    "PerPointElasticity",
    "cost_cut",
    "elasticities",
    "elasticity",
    "implied_elasticity",
]
