from .judgements import Judgements as Judgements
from .judging import judge as judge
from .series import Projection as Projection
from .series import project as project
from .thresholds import Thresholds as Thresholds
from .verdicts import STATUSES as STATUSES
from .verdicts import status_rules as status_rules
from .words import likelihood as likelihood
