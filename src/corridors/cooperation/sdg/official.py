"""The indicators of the goals that speak of migration, by their official number."""

from corridors.cooperation.sdg.deaths import deaths_in_migration
from corridors.cooperation.sdg.policies import policy_index
from corridors.cooperation.sdg.recruitment import recruitment_cost
from corridors.cooperation.sdg.refugees import refugees_by_origin

INDICATORS = {
    "10.7.1": recruitment_cost,
    "10.7.2": policy_index,
    "10.7.3": deaths_in_migration,
    "10.7.4": refugees_by_origin,
}
