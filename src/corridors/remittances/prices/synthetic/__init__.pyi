from . import cells as cells
from . import examples as examples
from . import faults as faults
from . import quotes as quotes
from . import workbook as workbook
