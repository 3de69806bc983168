"""Commitments judged by the path they require against the path observed.

>>> from corridors.cooperation.monitor import status_rules
>>> status_rules()["status"].unique(maintain_order=True).drop_nulls().to_list()
['no-data', 'regressing', 'on-course', 'off-course', 'met', 'overdue']
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
