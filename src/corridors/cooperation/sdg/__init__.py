"""Migration indicators of the Sustainable Development Goals, by their official formulas, from your tables.

The cost of remittances, 10.c.1, is a matter of prices: :func:`corridors.remittances.prices.sdg_10c`.

>>> from corridors.cooperation.sdg import INDICATORS
>>> list(INDICATORS)
['10.7.1', '10.7.2', '10.7.3', '10.7.4']
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
