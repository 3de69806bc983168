"""The atlas as files for the web: selected, rounded, and nothing computed."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
