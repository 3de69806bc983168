"""Excel workbooks of any size, read a piece at a time in little memory.

>>> from corridors.workbooks import Workbook
>>> Workbook("nowhere.xlsx")
Traceback (most recent call last):
corridors.errors.NotFound: there is no file nowhere.xlsx
"""

from corridors.workbooks.cells import Rows, read_rows
from corridors.workbooks.workbook import Workbook, readable

__all__ = ["Rows", "Workbook", "read_rows", "readable"]
