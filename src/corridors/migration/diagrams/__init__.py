"""Diagrams of flows as plain data, and the chord diagram as a picture.

A diagram is computed here once, so that every front end draws the same: angles of a chord diagram, nodes and
links of a Sankey diagram, lines of a flow map. Each has ``to_dict()``, ready for JSON.
"""

from corridors.migration.diagrams.chord import ChordDiagram, Ribbon, Sector, chord_diagram
from corridors.migration.diagrams.maps import FlowLine, FlowMap, flow_map
from corridors.migration.diagrams.picture import COLOURS, svg_chord, write_svg_chord
from corridors.migration.diagrams.sankey import SankeyDiagram, sankey_diagram

__all__ = [
    "COLOURS",
    "ChordDiagram",
    "FlowLine",
    "FlowMap",
    "Ribbon",
    "SankeyDiagram",
    "Sector",
    "chord_diagram",
    "flow_map",
    "sankey_diagram",
    "svg_chord",
    "write_svg_chord",
]
