"""Flows of a period divided into years, under each year's net migration.

Figures of flows between two censuses or stock tables are five-year *transitions*: who lives elsewhere at the
end than at the start. Annual figures are one-year transitions, and theirs add up to more: who leaves and
returns within the period is in two of them and in none of the period's. So there are two questions. With
``total="keep"`` the period's transitions are dated: each is given to one year, and the years add up to the
period exactly. With ``total="free"`` each year is the table nearest to its share of the period with the
year's net migration, and the years may add up to more (or less).

Where some place gains in one year and loses in another more than its transitions of the period allow, as
after sudden refugee movements, the total can not be kept: the error names these places and years. With
``repair=True`` the corridors of these places alone need not add up to the period, those between all others
do, and the result says which places and by how much.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
