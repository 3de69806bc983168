"""Countries and areas: one register, found by any name or code they go by.

The register holds the countries and areas of the United Nations' population tables, the units
that older tables know and maps no longer show, the Channel Islands, and the origins without a
territory (unknown, stateless, …). Elsewhere in the package places are ISO 3166-1 alpha-3 codes;
this module is where names turn into codes.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
