"""What a shock abroad does to the money that comes in: projections, each beside its own back-test."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
