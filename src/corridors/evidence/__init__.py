"""What is known: figures as validated tables, each row with its source.

>>> from corridors import evidence
>>> sorted(evidence.load().tables)[:3]
['age_structure', 'aid_received', 'destination_basis']
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
