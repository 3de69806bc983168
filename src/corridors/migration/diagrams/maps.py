"""Lines of a flow map."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import floor
from typing import Any

import numpy as np
import polars as pl

from corridors.errors import DataError
from corridors.intake import IntoTable, TableSpec, as_polars, take
from corridors.migration.summaries.summary_input import one_table

Point = tuple[float, float]
Points = Mapping[str, Point] | IntoTable


@dataclass(frozen=True, slots=True)
class FlowLine:
    """A curve on the map.

    Attributes
    ----------
    origin, destination, value
        The flow, persons.
    parts
        Points (longitude, latitude), degrees; two parts where the curve crosses the antimeridian.
    """

    origin: str
    destination: str
    value: float
    parts: tuple[tuple[Point, ...], ...]


@dataclass(frozen=True, slots=True)
class FlowMap:
    """Curves of a flow map, from large to small."""

    lines: tuple[FlowLine, ...]

    def to_dict(self) -> dict[str, Any]:
        """A GeoJSON feature collection (RFC 7946)."""
        return {"type": "FeatureCollection", "features": [_feature(line) for line in self.lines]}


def flow_map(flows: IntoTable, points: Points, *, bend: float = 0.2, steps: int = 24) -> FlowMap:
    """Curves from origin to destination on a map in longitude and latitude.

    Parameters
    ----------
    flows
        As in :func:`chord_diagram`; moves within a place have no line.
    points
        Latitude and longitude of a point for each place, degrees: a mapping, or a table whose first
        column is the place, with columns ``lat`` and ``lon``.
    bend
        How far the curve's control point lies to the left of the way, as a share of its length: the two
        directions of a pair bend apart.
    steps
        Pieces of each curve.

    Returns
    -------
    FlowMap
        Quadratic curves that go the shorter way round and are cut at the antimeridian.

    Raises
    ------
    DataError
        As :func:`flow_rows`; places without a point, or one off the globe: names them.

    Examples
    --------
    >>> import polars as pl
    >>> from corridors.migration.diagrams import flow_map
    >>> flows = pl.DataFrame({"origin": ["FJI"], "destination": ["WSM"], "value": [9.0]})
    >>> line = flow_map(flows, {"FJI": (-18.0, 178.0), "WSM": (-14.0, -172.0)}, bend=0, steps=2).lines[0]
    >>> line.parts
    (((178.0, -18.0), (180.0, -17.2)), ((-180.0, -17.2), (-177.0, -16.0), (-172.0, -14.0)))
    """
    if steps < 1 or not np.isfinite(bend):
        raise DataError(f"a curve needs at least one step and a finite bend, not {steps} and {bend}")
    rows = one_table(flows).filter(pl.col("value") > 0, pl.col("origin") != pl.col("destination"))
    at = _points(points)
    named = sorted({*rows["origin"], *rows["destination"]})
    lost = [p for p in named if p not in at or not (abs(at[p][0]) <= 90 and abs(at[p][1]) <= 180)]
    if lost:
        raise DataError(
            f"{len(lost)} place(s) have no point on the globe",
            ", ".join(f"{p} {at[p]}" if p in at else p for p in lost[:10]),
            "give each a latitude (-90 to 90) and a longitude (-180 to 180)",
        )
    by = ["value", "origin", "destination"]
    lines = [
        FlowLine(o, d, value, _cut(_curve(at[o], at[d], bend, steps)))
        for o, d, value in rows.sort(by, descending=[True, False, False]).iter_rows()
    ]
    return FlowMap(tuple(lines))


def _points(points: Points) -> dict[str, Point]:
    if isinstance(points, Mapping) and not {"lat", "lon"} & set(points):
        return dict(points)
    table = as_polars(points, "points")
    place = next((name for name in table.columns if name not in ("lat", "lon")), "place")
    asked = TableSpec("points", texts=[place], numbers=["lat", "lon"], blank=["lat", "lon"], key=[place])
    rows = take(table, asked).drop_nulls()
    return {place: (lat, lon) for place, lat, lon in rows.iter_rows()}


def _curve(origin: Point, destination: Point, bend: float, steps: int) -> list[Point]:
    (lat, lon), (last, far) = origin, destination
    east, north = (far - lon + 180) % 360 - 180, last - lat
    control = lon + east / 2 - bend * north, min(max(lat + north / 2 + bend * east, -89.0), 89.0)
    points: list[Point] = []
    for k in range(steps + 1):
        t = k / steps
        a, b, c = (1 - t) ** 2, 2 * t * (1 - t), t**2
        points.append((a * lon + b * control[0] + c * (lon + east), a * lat + b * control[1] + c * last))
    return points


def _cut(points: Sequence[Point]) -> tuple[tuple[Point, ...], ...]:
    """Parts of a line within 180 degrees west to 180 degrees east."""
    parts: list[list[Point]] = [[]]
    worlds = [floor((x + 180) / 360) for x, _ in points]
    for k, ((x, y), world) in enumerate(zip(points, worlds, strict=True)):
        if k and world != worlds[k - 1]:
            (x0, y0), edge = points[k - 1], 360 * max(world, worlds[k - 1]) - 180
            side, height = (180.0 if x > x0 else -180.0), y0 + (y - y0) * (edge - x0) / (x - x0)
            parts[-1].append((side, height))
            parts.append([(-side, height)])
        parts[-1].append((x - 360 * world, y))
    # A part of one point is only where the line touches the antimeridian.
    rounded = [list(dict.fromkeys((round(x, 5), round(y, 5)) for x, y in part)) for part in parts]
    return tuple(tuple(part) for part in rounded if len(part) > 1)


def _feature(line: FlowLine) -> dict[str, Any]:
    parts = [[list(point) for point in part] for part in line.parts]
    single = len(parts) == 1
    return {
        "type": "Feature",
        "properties": {"origin": line.origin, "destination": line.destination, "value": line.value},
        "geometry": {
            "type": "LineString" if single else "MultiLineString",
            "coordinates": parts[0] if single else parts,
        },
    }
