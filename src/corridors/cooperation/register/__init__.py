"""Promises and practices as plain files: read, checked, followed up, searched and exchanged."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
