from . import columns as columns
from . import consistency as consistency
from . import own_figures as own_figures
from . import rules as rules
from . import validation as validation
