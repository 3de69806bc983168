"""Aid coded to migration: project files of the OECD's Creditor Reporting System, read and classified."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
