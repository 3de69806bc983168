"""Composite scores, and how firm the ranks made from them are.

A score is a mean of means; a rank is given only together with its audit.

>>> from corridors.cooperation.composite import FACTORS
>>> FACTORS
('weights', 'normalisation', 'aggregation', 'imputation', 'item left out')
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
