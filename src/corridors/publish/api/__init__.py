"""The atlas over HTTP: pages, JSON and CSV of the same resources, for reading only."""

import lazy_loader

from corridors.extras import need

need("web")

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
