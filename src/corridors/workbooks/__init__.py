"""Excel workbooks of any size, read a piece at a time in little memory.

>>> from corridors.workbooks import Workbook
>>> Workbook("nowhere.xlsx")
Traceback (most recent call last):
corridors.errors.NotFound: there is no file nowhere.xlsx
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
