from .door import IntoTable as IntoTable
from .door import as_polars as as_polars
from .refusals import refuse as refuse
from .refusals import refuse_twice as refuse_twice
from .specs import TableSpec as TableSpec
from .square import matrix_of as matrix_of
from .taking import take as take
