"""The atlas as files for other programs: Parquet with a data package, SDMX-CSV."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
