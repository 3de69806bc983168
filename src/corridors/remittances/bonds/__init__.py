"""Bonds sold to a diaspora: their cash flows, what they save the issuer, and who might buy."""

from corridors.remittances.bonds.cash_flows import (
    CashFlows,
    bond_cash_flows,
    bond_duration,
    bond_price,
    bond_yield,
)
from corridors.remittances.bonds.issue import DiasporaBond, bond_demand, diaspora_bond

__all__ = [
    "CashFlows",
    "DiasporaBond",
    "bond_cash_flows",
    "bond_demand",
    "bond_duration",
    "bond_price",
    "bond_yield",
    "diaspora_bond",
]
