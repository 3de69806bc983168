"""Who moves: flows from stocks, net migration, indices, age schedules, gravity."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
