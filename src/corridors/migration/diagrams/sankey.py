"""Nodes and links of a Sankey diagram."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from corridors.intake import IntoTable
from corridors.migration.diagrams.order import in_order
from corridors.migration.summaries.summary_input import one_table


@dataclass(frozen=True, slots=True)
class SankeyDiagram:
    """Nodes and links in the shape that d3-sankey reads.

    Attributes
    ----------
    nodes
        Side (``"origin"`` or ``"destination"``) and name; a place that both sends and receives has two.
    links
        Positions of two nodes, and persons.
    """

    nodes: tuple[tuple[str, str], ...]
    links: tuple[tuple[int, int, float], ...]

    def to_dict(self) -> dict[str, Any]:
        """``nodes`` with id, name and side; ``links`` with source, target and value."""
        return {
            "nodes": [{"id": f"{side}:{name}", "name": name, "side": side} for side, name in self.nodes],
            "links": [{"source": i, "target": j, "value": value} for i, j, value in self.links],
        }


def sankey_diagram(flows: IntoTable, *, order: Sequence[str] | None = None) -> SankeyDiagram:
    """Origins on one side, destinations on the other.

    Parameters
    ----------
    flows, order
        As in :func:`chord_diagram`.

    Examples
    --------
    >>> import polars as pl
    >>> from corridors.migration.diagrams import sankey_diagram
    >>> flows = pl.DataFrame({"origin": ["A", "B"], "destination": ["B", "A"], "value": [3.0, 1.0]})
    >>> sankey_diagram(flows).to_dict()["links"]
    [{'source': 0, 'target': 3, 'value': 3.0}, {'source': 1, 'target': 2, 'value': 1.0}]
    """
    rows = one_table(flows).filter(pl.col("value") > 0)
    names = in_order(rows, order)
    nodes = [(side, name) for side in ("origin", "destination") for name in names if name in set(rows[side])]
    position = {node: k for k, node in enumerate(nodes)}
    links = [(position["origin", o], position["destination", d], value) for o, d, value in rows.iter_rows()]
    return SankeyDiagram(tuple(nodes), tuple(sorted(links)))
