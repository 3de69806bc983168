from . import missing_migrants as missing_migrants
from . import remittance_prices as remittance_prices
from .cells import Rows as Rows
from .cells import read_rows as read_rows
from .workbook import Workbook as Workbook
from .workbook import readable as readable
