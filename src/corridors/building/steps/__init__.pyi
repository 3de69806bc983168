from . import cooperation as cooperation
from . import derived as derived
from . import money as money
from . import promises as promises
from . import published as published
