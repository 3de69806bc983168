"""Net migration of every country projected with its uncertainty.

The hierarchical autoregressive model of net-migration rates of Azose and Raftery (2015): fit it,
see whether its chains converged, forecast from it, and score it on years that are known.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
