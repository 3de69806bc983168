"""Diagrams of flows as plain data, and the chord diagram as a picture.

A diagram is computed here once, so that every front end draws the same: angles of a chord diagram, nodes and
links of a Sankey diagram, lines of a flow map. Each has ``to_dict()``, ready for JSON.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
