"""International migration and development: public figures turned into evidence.

Rooms, and what they hold, are imported when first used: ``import corridors`` stays quick. What is to be
had stands in the stub beside this file, and so for every room.

>>> import corridors as co
>>> co.places.find("Ivory Coast").code
'CIV'
>>> co.migration.projection.__name__
'corridors.migration.projection'
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
