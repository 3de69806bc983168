"""Commitments judged by the path they require against the path observed.

>>> from corridors.cooperation.monitor import status_rules
>>> status_rules()["status"].n_unique()
11
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
