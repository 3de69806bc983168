"""Pairs of places between which no money is sent."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import permutations

import numpy as np
from numpy.typing import NDArray

from corridors import packaged
from corridors.errors import DataError


@dataclass(frozen=True, slots=True)
class ClosedCorridor:
    """Two places between which nothing is taken to flow, both ways.

    Attributes
    ----------
    pair
        Codes.
    first_year, last_year
        From when and until when; None for as far as figures go.
    stated_for
        The year for which the source states it.
    source, source_status
        Who says so, and how far that was checked.
    note
        What else is known.
    """

    pair: tuple[str, str]
    first_year: int | None
    last_year: int | None
    stated_for: int
    source: str
    source_status: str
    note: str

    def holds_in(self, year: int) -> bool:
        """Whether the corridor is closed in a year."""
        return (self.first_year or year) <= year <= (self.last_year or year)


@cache
def closed_corridors() -> tuple[ClosedCorridor, ...]:
    """The corridors that the makers of the published matrices set to zero.

    Examples
    --------
    >>> from corridors.remittances.matrix import closed_corridors
    >>> [corridor.pair for corridor in closed_corridors() if corridor.holds_in(2020)]
    [('ARM', 'AZE'), ('IND', 'PAK'), ('ISR', 'LBN')]
    """
    rows = csv.DictReader(packaged.text("remittances/closed_corridors.csv").splitlines())
    return tuple(
        ClosedCorridor(
            (row["a"], row["b"]),
            int(row["first_year"]) if row["first_year"] else None,
            int(row["last_year"]) if row["last_year"] else None,
            int(row["stated_for"]),
            row["source"],
            row["source_status"],
            row["note"],
        )
        for row in rows
    )


def closed_cells(
    pairs: Sequence[tuple[str, str]] | None, places: Sequence[str], year: int
) -> NDArray[np.bool_]:
    """Which cells of a matrix are empty because nothing flows.

    Parameters
    ----------
    pairs
        Unordered pairs of places; None for :func:`closed_corridors` of the year between these places.
    places
        Codes of the ``n`` places.
    year
        The year.

    Returns
    -------
    ndarray
        Shape ``(n, n)``.

    Examples
    --------
    >>> from corridors.remittances.matrix.closed import closed_cells
    >>> closed_cells([("A", "B")], "ABC", 2020).astype(int).tolist()
    [[0, 1, 0], [1, 0, 0], [0, 0, 0]]
    """
    index = {code: i for i, code in enumerate(places)}
    shut = np.zeros((len(places), len(places)), dtype=np.bool_)
    if pairs is None:
        listed = (c.pair for c in closed_corridors() if c.holds_in(year))
        pairs = [pair for pair in listed if set(pair) <= set(index)]
    for pair in pairs:
        if len(pair) != 2 or not set(pair) <= set(index):
            raise DataError(f"a closed corridor is not a pair of places in the tables: {pair}")
        for a, b in permutations(pair):
            shut[index[a], index[b]] = True
    return shut
