"""Fact cards: one figure with its definition, date, source, and what it does not say."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
