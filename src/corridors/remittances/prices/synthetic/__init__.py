"""Made-up quotes in the layout of the price workbook, for tests and examples."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
