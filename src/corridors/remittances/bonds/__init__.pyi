from .cash_flows import CashFlows as CashFlows
from .cash_flows import bond_cash_flows as bond_cash_flows
from .cash_flows import bond_duration as bond_duration
from .cash_flows import bond_price as bond_price
from .cash_flows import bond_yield as bond_yield
from .issue import DiasporaBond as DiasporaBond
from .issue import bond_demand as bond_demand
from .issue import diaspora_bond as diaspora_bond
