"""Figures of the main measures: rows of the atlas drawn, and nothing computed."""

import lazy_loader

from corridors.extras import need

need("brief")

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
