"""The one door for tables: of any make, checked against what is asked of them, refused in words.

>>> from corridors.intake import TableSpec, take
>>> stock = TableSpec("stock", texts=["origin"], whole=["year"], numbers=["value"], key=["origin", "year"])
>>> take({"origin": ["MEX"], "year": ["2020"], "value": [7]}, stock).row(0)
('MEX', 2020, 7.0)
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
