"""Net migration: residuals of censuses and registers, and bilateral tables from net totals."""

from corridors.migration.net.nearest_prior import NetMatrix, net_matrix
from corridors.migration.net.rescale import rescale_net, round_to_sum
from corridors.migration.net.residuals import (
    SurvivalNet,
    census_survival,
    net_children,
    net_survival,
    net_vital,
)

__all__ = [
    "NetMatrix",
    "SurvivalNet",
    "census_survival",
    "net_children",
    "net_matrix",
    "net_survival",
    "net_vital",
    "rescale_net",
    "round_to_sum",
]
