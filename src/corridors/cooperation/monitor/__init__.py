"""Commitments judged by the path they require against the path observed.

>>> from corridors.cooperation.monitor import status_rules
>>> status_rules()["status"].unique(maintain_order=True).drop_nulls().to_list()
['no-data', 'regressing', 'on-course', 'off-course', 'met', 'overdue']
"""

from corridors.cooperation.monitor.judgements import Judgements
from corridors.cooperation.monitor.judging import judge
from corridors.cooperation.monitor.series import Projection, project
from corridors.cooperation.monitor.thresholds import Thresholds
from corridors.cooperation.monitor.verdicts import STATUSES, status_rules
from corridors.cooperation.monitor.words import likelihood

__all__ = [
    "STATUSES",
    "Judgements",
    "Projection",
    "Thresholds",
    "judge",
    "likelihood",
    "project",
    "status_rules",
]
