"""Which column is meant, whatever capitals, blanks and marks its name is written with?"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Collection, Iterable
from typing import TypeAlias

import polars as pl

Wanted: TypeAlias = Collection[str] | Callable[[list[str]], bool]
"""Columns that must be there, or what tells a row of names from others."""


def folded(name: str) -> str:
    """What is left of a column's name when capitals, blanks and marks are gone.

    Examples
    --------
    >>> folded("Asylum seekers"), folded("asylum_seekers"), folded("USD_Commitment")
    ('asylumseekers', 'asylumseekers', 'usdcommitment')
    """
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", name).casefold()))


def has_names(cells: Iterable[str], wanted: Wanted) -> bool:
    """Whether a row of cells has all names of columns that are wanted.

    Examples
    --------
    >>> has_names(["Origin", "YEAR", ""], ["origin", "year"]), has_names(["MEX", "2020"], ["origin", "year"])
    (True, False)
    """
    if callable(wanted):
        return wanted(list(cells))
    return {folded(name) for name in wanted} <= {folded(cell) for cell in cells}


def named_like(table: pl.DataFrame, wanted: Iterable[str]) -> pl.DataFrame:
    """The table, with columns under the names that are wanted where only one can be meant.

    Parameters
    ----------
    table
        Columns of any names; one of exactly the name wanted goes before all others.
    wanted
        Names as they are asked for.

    Examples
    --------
    >>> import polars as pl
    >>> named_like(pl.DataFrame({"Origin": ["MEX"], "Value": [3], "VALUE": [4]}), ["origin", "value"]).columns
    ['origin', 'Value', 'VALUE']
    """
    meant: dict[str, str] = {}
    names = list(wanted)
    spare = [column for column in table.columns if column not in names]
    for name in names:
        alike = [column for column in spare if folded(column) == folded(name)]
        if name not in table.columns and len(alike) == 1:
            meant[alike[0]] = name
    return table.rename(meant) if meant else table
