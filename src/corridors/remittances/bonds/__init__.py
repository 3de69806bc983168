"""Bonds sold to a diaspora: their cash flows, what they save the issuer, and who might buy."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
