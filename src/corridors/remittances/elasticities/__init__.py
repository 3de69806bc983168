"""Elasticities of remittances as types that can not be confused, and the gain of a cheaper transfer."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
