"""Publishers' own files: fetched once, verified, read into the tables of the evidence.

>>> from corridors.evidence import sources
>>> sources.catalogue()["un-migrant-stock"].publisher.split(",")[0]
'United Nations'
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
