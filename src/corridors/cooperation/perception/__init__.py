"""What people guess the share of migrants to be, and how much of the gap any share would show."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
