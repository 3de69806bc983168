from . import agreements as agreements
from . import cooperation as cooperation
from . import flows as flows
from . import money as money
from . import products as products
from . import projection as projection
from . import promises as promises
from . import published as published
