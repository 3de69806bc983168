"""The one door for tables: of any make, checked against what is asked of them, refused in words.

>>> from corridors.intake import TableSpec, take
>>> stock = TableSpec("stock", texts=["origin"], whole=["year"], numbers=["value"], key=["origin", "year"])
>>> take({"origin": ["MEX"], "year": ["2020"], "value": [7]}, stock).row(0)
('MEX', 2020, 7.0)
"""

from corridors.intake.door import IntoTable, as_polars
from corridors.intake.refusals import refuse, refuse_twice
from corridors.intake.specs import TableSpec
from corridors.intake.square import matrix_of
from corridors.intake.taking import take

__all__ = ["IntoTable", "TableSpec", "as_polars", "matrix_of", "refuse", "refuse_twice", "take"]
