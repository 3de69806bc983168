"""Indices of internal and international migration, one number a table."""

from corridors.migration.indices.catalogue import migration_indices
from corridors.migration.indices.distance import distance_decay, mean_distance, median_distance
from corridors.migration.indices.gini import gini_standardised, gini_total, mean_weighted_gini
from corridors.migration.indices.index_values import Indices
from corridors.migration.indices.inequality import (
    aggregated_cv,
    coefficient_of_variation,
    connectivity,
    inequality_equal,
    inequality_similarity,
)
from corridors.migration.indices.intensity import (
    aggregate_net_migration_rate,
    courgeau_k,
    crude_migration_probability,
    migration_effectiveness,
    preference,
    velocity,
)
from corridors.migration.indices.profile import age_profile_indices, schedule_indices

__all__ = [
    "Indices",
    "age_profile_indices",
    "aggregate_net_migration_rate",
    "aggregated_cv",
    "coefficient_of_variation",
    "connectivity",
    "courgeau_k",
    "crude_migration_probability",
    "distance_decay",
    "gini_standardised",
    "gini_total",
    "inequality_equal",
    "inequality_similarity",
    "mean_distance",
    "mean_weighted_gini",
    "median_distance",
    "migration_effectiveness",
    "migration_indices",
    "preference",
    "schedule_indices",
    "velocity",
]
