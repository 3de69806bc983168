"""Age schedules of migration: evaluate, fit, split flows by age."""

from corridors.migration.age.fit import fit_age_counts, fit_age_schedule
from corridors.migration.age.schedule import AgeSchedule, model_schedule, model_schedules
from corridors.migration.age.schedule_fit import AgeScheduleFit
from corridors.migration.age.split import AgeSplit, split_by_age

__all__ = [
    "AgeSchedule",
    "AgeScheduleFit",
    "AgeSplit",
    "fit_age_counts",
    "fit_age_schedule",
    "model_schedule",
    "model_schedules",
    "split_by_age",
]
