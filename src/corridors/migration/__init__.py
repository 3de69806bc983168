"""Who moves: bilateral migration flows from stocks."""

from corridors.migration.accounts import Account, demographic_account
from corridors.migration.estimate import (
    METHODS,
    Adjustment,
    FlowEstimate,
    estimate_flows,
)
from corridors.migration.flows import (
    Flows,
    fitted_cube,
    independence,
    minimum,
    minimum_cube,
    pseudo_bayes,
)
from corridors.migration.sexes import SEXES, of_sex
from corridors.migration.stocks import (
    migration_rate,
    rogers_von_rabenau,
    stock_difference,
    with_natives,
)
from corridors.migration.tables import PeriodTables, period_tables

__all__ = [
    "Account",
    "Adjustment",
    "FlowEstimate",
    "Flows",
    "METHODS",
    "PeriodTables",
    "SEXES",
    "demographic_account",
    "estimate_flows",
    "fitted_cube",
    "independence",
    "migration_rate",
    "minimum",
    "minimum_cube",
    "of_sex",
    "period_tables",
    "pseudo_bayes",
    "rogers_von_rabenau",
    "stock_difference",
    "with_natives",
]
