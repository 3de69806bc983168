"""What it costs to send money home.

Quotes of services come from the workbook of Remittance Prices Worldwide (:func:`read_quotes`), averages of
corridors are the figure ``remittance_price`` of :mod:`corridors.evidence`; most functions take either.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
