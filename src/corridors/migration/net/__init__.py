"""Net migration: residuals of censuses and registers, and bilateral tables from net totals."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
