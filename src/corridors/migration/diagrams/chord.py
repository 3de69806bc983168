"""Sectors and ribbons of a chord diagram."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from math import pi
from typing import Any

import numpy as np
import polars as pl

from corridors.errors import DataError
from corridors.intake import IntoTable, matrix_of
from corridors.migration.diagrams.order import in_order
from corridors.migration.net.rescale import round_to_sum
from corridors.migration.summaries.summary_input import one_table
from corridors.numerics.typing import Array

Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Sector:
    """A place on the circle.

    Attributes
    ----------
    name, group
        The place and its group (None without groups).
    start, end
        Angles, radians clockwise from the top.
    departures, arrivals, within
        Persons; moves within the place are in neither of the others.
    departures_label, arrivals_label
        Rounded, in the unit of the diagram; each adds up over the sectors.
    """

    name: str
    group: str | None
    start: float
    end: float
    departures: float
    arrivals: float
    within: float
    departures_label: float
    arrivals_label: float


@dataclass(frozen=True, slots=True)
class Ribbon:
    """A flow between two sectors.

    Attributes
    ----------
    origin, destination, value
        The flow, persons.
    label
        Rounded, in the unit of the diagram; the labels add up to the rounded total.
    source, target
        Angles of its two ends, start and end, radians clockwise from the top.
    """

    origin: str
    destination: str
    value: float
    label: float
    source: Span
    target: Span


@dataclass(frozen=True, slots=True)
class ChordDiagram:
    """Sectors and ribbons of a chord diagram.

    Attributes
    ----------
    names
        Places in the order of the circle.
    matrix
        Flows in this order, origin by destination, persons.
    sectors, ribbons
        What to draw; ribbons from large to small.
    unit, unit_name, decimals
        How labels count.
    total
        Rounded total in the unit.
    """

    names: tuple[str, ...]
    matrix: tuple[tuple[float, ...], ...]
    sectors: tuple[Sector, ...]
    ribbons: tuple[Ribbon, ...]
    unit: float
    unit_name: str
    decimals: int
    total: float

    def to_dict(self) -> dict[str, Any]:
        """The diagram as lists, texts and numbers."""
        return asdict(self)


def chord_diagram(
    flows: IntoTable,
    *,
    order: Sequence[str] | None = None,
    groups: Mapping[str, str] | None = None,
    gap: float | None = None,
    group_gap: float | None = None,
    unit: float = 1.0,
    unit_name: str = "persons",
    decimals: int = 0,
) -> ChordDiagram:
    """Lay flows out around a circle.

    Parameters
    ----------
    flows
        Columns ``origin``, ``destination``, ``value`` (persons), one row a corridor; pandas or polars.
    order
        All places in the order of the circle. Where not given, by group, in the order in which groups
        first stand in the mapping, then by name.
    groups
        Group of each place, for wider gaps between groups.
    gap, group_gap
        Degrees between sectors, and between sectors of different groups. Where not given, 2, or a fifth
        of the circle in all; three times as much between groups.
    unit, unit_name, decimals
        How labels count, such as 1e6, ``"million"`` and 1; rounded by largest remainders.

    Returns
    -------
    ChordDiagram
        Each sector is as wide as its departures and arrivals. Its ribbons stand in the order in which they
        cross least: clockwise, those to the nearest place on its other side come first.

    Raises
    ------
    DataError
        As :func:`flow_rows`; an order without some place; gaps that fill the circle; no flow at all.

    Examples
    --------
    >>> import polars as pl
    >>> from corridors.migration.diagrams import chord_diagram
    >>> flows = pl.DataFrame({"origin": ["A", "B"], "destination": ["B", "A"], "value": [3.0, 1.0]})
    >>> [(s.name, round(s.start, 3), round(s.end, 3)) for s in chord_diagram(flows, gap=9).sectors]
    [('A', 0.079, 3.063), ('B', 3.22, 6.205)]
    """
    rows = one_table(flows).filter(pl.col("value") > 0)
    if rows.is_empty():
        raise DataError("there is no flow to draw")
    names = in_order(rows, order, groups)
    of = [groups.get(name) if groups else None for name in names]
    x, wide = matrix_of(rows, names), _gaps(of, gap, group_gap)
    person = (2 * pi - float(wide.sum())) / (2 * float(x.sum()))
    width = (x.sum(0) + x.sum(1)) * person
    start = np.cumsum(width + wide) - width - wide + wide[-1] / 2
    return ChordDiagram(
        tuple(names),
        tuple(tuple(row) for row in x.tolist()),
        _sectors(x, names, of, start, width, unit, decimals),
        _ribbons(x, names, start, person, unit, decimals),
        unit,
        unit_name,
        decimals,
        float(_labels(x.sum(keepdims=True), unit, decimals).sum()),
    )


def _gaps(groups: Sequence[str | None], gap: float | None, group_gap: float | None) -> Array:
    """Radians between each sector and the next."""
    narrow = min(2.0, 72 / len(groups)) if gap is None else gap
    between = 3 * narrow if group_gap is None else group_gap
    following = [*groups[1:], groups[0]]
    wide = [between if a != b else narrow for a, b in zip(groups, following, strict=True)]
    if sum(wide) >= 360 or min(wide) < 0:
        raise DataError(
            f"gaps of {sum(wide):g} degrees leave nothing of the circle", remedy="use smaller ones"
        )
    return np.radians(wide)


def _labels(values: Array, unit: float, decimals: int) -> Array:
    """Values in the unit, rounded so that they add up to their rounded sum."""
    scaled = values * (10.0**decimals / unit)
    return round_to_sum(scaled, float(np.rint(scaled.sum())), scale=False) / 10.0**decimals


def _sectors(
    x: Array,
    names: Sequence[str],
    groups: Sequence[str | None],
    start: Array,
    width: Array,
    unit: float,
    decimals: int,
) -> tuple[Sector, ...]:
    within = x.diagonal()
    sides = x.sum(1) - within, x.sum(0) - within
    columns = [start, start + width, *sides, within, *(_labels(side, unit, decimals) for side in sides)]
    figures = np.stack(columns, axis=1).tolist()
    return tuple(Sector(name, of, *row) for name, of, row in zip(names, groups, figures, strict=True))


def _ribbons(
    x: Array, names: Sequence[str], start: Array, person: float, unit: float, decimals: int
) -> tuple[Ribbon, ...]:
    """Ends of all ribbons, from the angles of the sectors and that of one person."""
    n = len(names)
    source: dict[tuple[int, int], Span] = {}
    target: dict[tuple[int, int], Span] = {}
    for i in range(n):
        at = float(start[i])
        for j in ((i - step) % n for step in range(n)):
            for ends, cell in ((source, (i, j)), (target, (j, i))):
                ends[cell] = at, at + float(x[cell]) * person
                at = ends[cell][1]
    cells = sorted(np.argwhere(x > 0).tolist(), key=lambda cell: -x[cell[0], cell[1]])
    values = np.array([x[i, j] for i, j in cells])
    return tuple(
        Ribbon(names[i], names[j], value, label, source[i, j], target[i, j])
        for (i, j), value, label in zip(
            cells, values.tolist(), _labels(values, unit, decimals).tolist(), strict=True
        )
    )
