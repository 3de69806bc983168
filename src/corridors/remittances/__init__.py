"""Remittances: what it costs, who sends to whom, and whom it lifts."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
