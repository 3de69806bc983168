from .fit import fit_age_counts as fit_age_counts
from .fit import fit_age_schedule as fit_age_schedule
from .schedule import AgeSchedule as AgeSchedule
from .schedule import model_schedule as model_schedule
from .schedule import model_schedules as model_schedules
from .schedule_fit import AgeScheduleFit as AgeScheduleFit
from .split import AgeSplit as AgeSplit
from .split import split_by_age as split_by_age
