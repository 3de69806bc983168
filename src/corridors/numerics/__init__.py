"""Numerical ground floor: fitting tables to margins and to net totals."""

from corridors.numerics.contingency import fit_three_way, fit_two_way
from corridors.numerics.margins import Fit, fit_margins, sinkhorn
from corridors.numerics.partitions import Partition, group_sums, margin
from corridors.numerics.proportional import PartitionFit, fit_partitions
from corridors.numerics.regions import block_ids, stripe_ids, two_way_factors
from corridors.numerics.repair import Repair, least_row_repair

__all__ = [
    "Fit",
    "Partition",
    "PartitionFit",
    "Repair",
    "block_ids",
    "fit_margins",
    "fit_partitions",
    "fit_three_way",
    "fit_two_way",
    "group_sums",
    "least_row_repair",
    "margin",
    "sinkhorn",
    "stripe_ids",
    "two_way_factors",
]
