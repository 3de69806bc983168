"""A country on two pages: every number a row of the atlas."""

import lazy_loader

from corridors.extras import need

need("brief")

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
