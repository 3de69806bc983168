"""Who moves: flows from stocks, net migration, indices, age schedules, gravity."""

from corridors.migration import age, indices, net
from corridors.migration.components import Components, components_by_slice, multiplicative_components
from corridors.migration.flows.account_matrix import AccountMatrix, account_matrix
from corridors.migration.flows.accounts import Account, demographic_account
from corridors.migration.flows.adjustments import Adjustment
from corridors.migration.flows.birthplaces import independence_cube, minimum_cube, pseudo_bayes_cube
from corridors.migration.flows.calibration import Weight, calibrate_weight, weight_for_total
from corridors.migration.flows.closed_forms import Flows, independence, minimum, pseudo_bayes
from corridors.migration.flows.estimate import METHODS, FlowEstimate, estimate_flows
from corridors.migration.flows.known_flows import with_known_flows
from corridors.migration.flows.period_tables import PeriodTables, period_tables
from corridors.migration.flows.sexes import SEXES, of_sex
from corridors.migration.flows.stocks import (
    migration_rate,
    rogers_von_rabenau,
    stock_difference,
    with_natives,
)
from corridors.migration.gravity import GravityFit, fit_gravity, gravity_panel

__all__ = [
    "METHODS",
    "SEXES",
    "Account",
    "AccountMatrix",
    "Adjustment",
    "Components",
    "FlowEstimate",
    "Flows",
    "GravityFit",
    "PeriodTables",
    "Weight",
    "account_matrix",
    "age",
    "calibrate_weight",
    "components_by_slice",
    "demographic_account",
    "estimate_flows",
    "fit_gravity",
    "gravity_panel",
    "independence",
    "independence_cube",
    "indices",
    "migration_rate",
    "minimum",
    "minimum_cube",
    "multiplicative_components",
    "net",
    "of_sex",
    "period_tables",
    "pseudo_bayes",
    "pseudo_bayes_cube",
    "rogers_von_rabenau",
    "stock_difference",
    "weight_for_total",
    "with_known_flows",
    "with_natives",
]
