"""In which class of income was a country in a year?"""

from __future__ import annotations

import csv
import gzip
import io
from functools import cache
from typing import TYPE_CHECKING

from corridors import packaged

if TYPE_CHECKING:
    import polars as pl


@cache
def _classes() -> dict[tuple[str, int], str]:
    text = gzip.decompress(packaged.content("evidence/figures/income_class.csv.gz")).decode()
    rows = csv.DictReader(io.StringIO(text))
    return {(row["country"], int(row["year"])): row["income_group"] for row in rows}


@cache
def last_classified() -> int:
    """Last year of which classes of income are known.

    Examples
    --------
    >>> from corridors import places
    >>> places.last_classified()
    2024
    """
    return max(year for _, year in _classes())


def income_class(country: str, year: int) -> str | None:
    """Class of income of a country in a year: ``L``, ``LM``, ``UM`` or ``H``.

    Parameters
    ----------
    country
        Its code.
    year
        Calendar year; those after the last known have the class of that one.

    Returns
    -------
    str or None
        None where the World Bank did not classify it: no country before 1987.

    Examples
    --------
    >>> from corridors import places
    >>> [places.income_class("CHN", year) for year in (1980, 1990, 2000, 2015, 2026)]
    [None, 'L', 'LM', 'UM', 'UM']
    """
    return _classes().get((country, min(year, last_classified())))


def income_classes() -> pl.DataFrame:
    """Classes of all countries and years: ``country``, ``year``, ``income_group``.

    Examples
    --------
    >>> from corridors import places
    >>> places.income_classes().filter(country="POL", income_group="H")["year"].min()
    2009
    """
    import polars as pl

    rows = [(country, year, group) for (country, year), group in _classes().items()]
    return pl.DataFrame(rows, schema=["country", "year", "income_group"], orient="row")
