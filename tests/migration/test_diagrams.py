"""Diagrams as data: angles that add up, links that point somewhere, lines on the globe."""

from __future__ import annotations

import json
from itertools import pairwise
from math import pi
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridors.errors import DataError
from corridors.migration.diagrams import (
    chord_diagram,
    flow_map,
    sankey_diagram,
    svg_chord,
    write_svg_chord,
)

NAMES = [f"P{k}" for k in range(7)]


@st.composite
def flow_tables(draw: st.DrawFn) -> pl.DataFrame:
    n = draw(st.integers(1, 7))
    values = draw(st.lists(st.sampled_from([0.0, 0.4, 7.5, 1e3, 3.3e6]), min_size=n * n, max_size=n * n))
    pairs = [(o, d) for o in NAMES[:n] for d in NAMES[:n]]
    values[0] = values[0] or 1.0
    origins, destinations = zip(*pairs, strict=True)
    return pl.DataFrame({"origin": origins, "destination": destinations, "value": values})


@given(flow_tables(), st.sampled_from([0, 1, 3]))
def test_angles_fill_the_circle_and_labels_add_up(flows: pl.DataFrame, decimals: int) -> None:
    diagram = chord_diagram(flows, unit=1000, decimals=decimals)
    gap = 2 * pi - sum(s.end - s.start for s in diagram.sectors)
    person = (2 * pi - gap) / (2 * flows["value"].sum())
    edges = [angle for s in diagram.sectors for angle in (s.start, s.end)]
    assert edges == sorted(edges)
    assert edges[0] >= 0
    assert edges[-1] <= 2 * pi
    for ribbon in diagram.ribbons:
        for a, b in (ribbon.source, ribbon.target):
            assert b - a == pytest.approx(ribbon.value * person, rel=1e-6, abs=1e-12)
    ends = {s.name: [] for s in diagram.sectors}
    for ribbon in diagram.ribbons:
        ends[ribbon.origin].append(ribbon.source)
        ends[ribbon.destination].append(ribbon.target)
    for s in diagram.sectors:
        inside = sorted(ends[s.name])
        assert inside[0][0] == pytest.approx(s.start, abs=1e-9)
        assert inside[-1][1] == pytest.approx(s.end, abs=1e-9)
        assert all(b[0] == pytest.approx(a[1], abs=1e-9) for a, b in pairwise(inside))
    assert sum(r.label for r in diagram.ribbons) == pytest.approx(diagram.total, abs=1e-9)
    moved = sum(s.departures_label for s in diagram.sectors)
    assert moved == pytest.approx(sum(s.arrivals_label for s in diagram.sectors), abs=1e-9)
    assert json.loads(json.dumps(diagram.to_dict()))["names"] == list(diagram.names)


@given(flow_tables())
def test_pictures_are_well_formed(flows: pl.DataFrame) -> None:
    diagram = chord_diagram(flows)
    root = ElementTree.fromstring(svg_chord(diagram, title="Moves & <stays>"))
    titles = [node.text for node in root.iter("{http://www.w3.org/2000/svg}title")]
    assert titles[0] == "Moves & <stays>"
    assert len(titles) == 1 + len(diagram.ribbons) + len(diagram.sectors)
    assert "nan" not in ElementTree.tostring(root, encoding="unicode")


def test_both_ways_between_two_places_do_not_cross() -> None:
    flows = pl.DataFrame({"origin": ["A", "B"], "destination": ["B", "A"], "value": [3.0, 1.0]})
    there, back = chord_diagram(flows).ribbons
    first = sorted([(there.source, 0), (back.target, 1)])
    second = sorted([(there.target, 0), (back.source, 1)])
    assert [k for _, k in first] == [k for _, k in reversed(second)]


def test_groups_stand_together_with_wider_gaps() -> None:
    names = ["A", "B", "C", "D"]
    flows = pl.DataFrame({"origin": names, "destination": names[::-1], "value": [1.0] * 4})
    diagram = chord_diagram(
        flows, groups={"D": "South", "A": "North", "B": "South", "C": "North"}, gap=1, group_gap=5
    )
    assert diagram.names == ("B", "D", "A", "C")
    gaps = [np.degrees(b.start - a.end) for a, b in pairwise(diagram.sectors)]
    np.testing.assert_allclose(gaps, [1, 5, 1])
    assert chord_diagram(flows, order=["X", "C", "A", "D", "B"]).names == ("C", "A", "D", "B")


def test_a_picture_is_written_whole(tmp_path: Path) -> None:
    flows = pl.DataFrame({"origin": ["A"], "destination": ["B"], "value": [3.0]})
    path = write_svg_chord(chord_diagram(flows), tmp_path / "moves.svg", colours={"A": "#123456"})
    assert "#123456" in path.read_text("utf-8")
    assert [p.name for p in tmp_path.iterdir()] == ["moves.svg"]


@given(flow_tables())
def test_links_keep_the_mass_and_point_from_origins_to_destinations(flows: pl.DataFrame) -> None:
    made = sankey_diagram(flows).to_dict()
    assert sum(link["value"] for link in made["links"]) == pytest.approx(flows["value"].sum())
    for link in made["links"]:
        assert made["nodes"][link["source"]]["side"] == "origin"
        assert made["nodes"][link["target"]]["side"] == "destination"
    assert len({node["id"] for node in made["nodes"]}) == len(made["nodes"])
    assert json.dumps(made)


degrees = st.tuples(st.floats(-90, 90), st.floats(-180, 180))


@given(degrees, degrees, st.sampled_from([0.0, 0.2, -0.5]))
def test_lines_stay_on_the_globe_and_go_the_shorter_way(
    first: tuple[float, float], last: tuple[float, float], bend: float
) -> None:
    flows = pl.DataFrame({"origin": ["A"], "destination": ["B"], "value": [1.0]})
    (line,) = flow_map(flows, {"A": first, "B": last}, bend=bend).lines
    points = np.array([point for part in line.parts for point in part]).reshape(-1, 2)
    assert np.all(np.abs(points[:, 0]) <= 180)
    assert np.all(np.abs(points[:, 1]) <= 90)
    if bend == 0:
        way = sum(np.abs(np.diff(np.array(part)[:, 0])).sum() for part in line.parts)
        assert way <= 180 + 1e-3
    for before, after in pairwise(line.parts):
        assert abs(before[-1][0]) == 180
        assert after[0] == (-before[-1][0], before[-1][1])


def test_a_flow_map_is_geojson_and_leaves_out_moves_within() -> None:
    flows = pl.DataFrame({"origin": ["A", "A"], "destination": ["A", "B"], "value": [3.0, 1.0]})
    points = pl.DataFrame({"place": ["A", "B"], "lat": [0.0, 10.0], "lon": [170.0, -170.0]})
    made = json.loads(json.dumps(flow_map(flows, points).to_dict()))
    (feature,) = made["features"]
    assert made["type"] == "FeatureCollection"
    assert feature["geometry"]["type"] == "MultiLineString"
    assert feature["properties"] == {"origin": "A", "destination": "B", "value": 1.0}
    near = flow_map(flows, {"A": (0, 0), "B": (1, 1)}).to_dict()["features"][0]
    assert near["geometry"]["type"] == "LineString"


def test_bad_questions_are_refused() -> None:
    flows = pl.DataFrame({"origin": ["A"], "destination": ["B"], "value": [1.0]})
    with pytest.raises(DataError, match="B"):
        flow_map(flows, {"A": (0, 0)})
    with pytest.raises(DataError, match="A \\(99, 0\\)"):
        flow_map(flows, {"A": (99, 0), "B": (0, 0)})
    with pytest.raises(DataError, match="table 'points' has no column 'lat', 'lon'"):
        flow_map(flows, pl.DataFrame({"place": ["A"]}))
    with pytest.raises(DataError, match="at least one step"):
        flow_map(flows, {}, steps=0)
    with pytest.raises(DataError, match="no flow"):
        chord_diagram(flows.with_columns(value=0.0))
    with pytest.raises(DataError, match="lacks 1 place"):
        chord_diagram(flows, order=["A"])
    with pytest.raises(DataError, match="twice"):
        chord_diagram(flows, order=["A", "B", "A"])
    with pytest.raises(DataError, match="no group"):
        chord_diagram(flows, groups={"A": "North"})
    with pytest.raises(DataError, match="400 degrees"):
        chord_diagram(flows, gap=200)
