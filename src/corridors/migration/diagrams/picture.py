"""The chord diagram as a picture."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import cos, hypot, pi, sin
from pathlib import Path
from xml.sax.saxutils import escape

import numpy as np

from corridors.migration.diagrams.chord import ChordDiagram, Ribbon, Sector

# Told apart by readers of all kinds of colour vision (Okabe and Ito 2008, yellow darkened).
COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#B3A100", "#6B6B6B")


def svg_chord(
    diagram: ChordDiagram, *, title: str = "", size: int = 900, colours: Mapping[str, str] | None = None
) -> str:
    """Draw a chord diagram as SVG.

    Parameters
    ----------
    diagram
        From :func:`chord_diagram`.
    title
        Headline; also read out by screen readers.
    size
        Width, pixels; more where labels need it.
    colours
        Colour of each sector; from ``COLOURS`` where not given.

    Returns
    -------
    str
        A ribbon has the colour of its origin, begins at its ring and ends in an arrow short of the
        destination's. Where labels have no room, those of the smallest sectors are left out.

    Examples
    --------
    >>> import polars as pl
    >>> from corridors.migration.diagrams import chord_diagram, svg_chord
    >>> flows = pl.DataFrame({"origin": ["A", "B"], "destination": ["B", "A"], "value": [3.0, 1.0]})
    >>> svg_chord(chord_diagram(flows))[:4]
    '<svg'
    """
    paint = {name: COLOURS[k % len(COLOURS)] for k, name in enumerate(diagram.names)} | dict(colours or {})
    radius = size * 0.30
    labels, reach = _labels(diagram, radius + 18, size * 0.37)
    half, top, tall = max(size / 2, reach), -size * 0.45, size * 0.9
    note = (
        f"Total {_number(diagram.total, diagram)} {diagram.unit_name}. A ribbon has the colour of its origin "
        "and points at its destination."
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{-half:.0f} {top:.0f} {2 * half:.0f} {tall:.0f}" '
        f'width="{2 * half:.0f}" height="{tall:.0f}" role="img" '
        'font-family="system-ui, DejaVu Sans, Arial, sans-serif" fill="#222">'
        f"<title>{escape(title or 'Chord diagram of flows')}</title><desc>{escape(note)}</desc>"
        f'<rect x="{-half:.0f}" y="{top:.0f}" width="100%" height="100%" fill="#fff"/>'
        f'<text y="{-size * 0.41:.0f}" font-size="20" font-weight="600" '
        f'text-anchor="middle">{escape(title)}</text>'
        f'<text y="{size * 0.44:.0f}" font-size="12" fill="#555" text-anchor="middle">{escape(note)}</text>'
        + "\n".join([*_shapes(diagram, radius, paint), *labels])
        + "</svg>\n"
    )


def write_svg_chord(
    diagram: ChordDiagram,
    path: str | Path,
    *,
    title: str = "",
    size: int = 900,
    colours: Mapping[str, str] | None = None,
) -> Path:
    """Write the picture of :func:`svg_chord` to a file, whole or not at all."""
    target = Path(path)
    beside = target.with_name(f".{target.name}.part")
    beside.write_text(svg_chord(diagram, title=title, size=size, colours=colours), encoding="utf-8")
    return beside.replace(target)


def _shapes(diagram: ChordDiagram, radius: float, paint: Mapping[str, str]) -> Iterator[str]:
    """Ribbons and the ring, each with its figures as a title."""
    for ribbon in diagram.ribbons:
        text = f"{ribbon.origin} → {ribbon.destination}: {_number(ribbon.label, diagram)} {diagram.unit_name}"
        # A rim around a thin ribbon would hide what lies below and nothing else.
        rim = ' stroke="#fff" stroke-width="0.6"' if radius * np.ptp(ribbon.source) > 3 else ""
        yield (
            f'<path d="{_ribbon_path(ribbon, radius)}" fill="{escape(paint[ribbon.origin])}" '
            f'fill-opacity="0.72"{rim}><title>{escape(text)}</title></path>'
        )
    for sector in diagram.sectors:
        text = f"{sector.name}: {_in_words(sector, diagram)} {diagram.unit_name}"
        yield (
            f'<path d="{_ring_path(sector, radius + 4, radius + 18)}" fill="{escape(paint[sector.name])}">'
            f"<title>{escape(text)}</title></path>"
        )


def _at(angle: float, radius: float) -> str:
    return f"{radius * sin(angle):.2f} {-radius * cos(angle):.2f}"


def _arc(end: float, radius: float, span: float, clockwise: int = 1) -> str:
    return f"A{radius:.2f} {radius:.2f} 0 {int(span > pi)} {clockwise} {_at(end, radius)}"


def _ribbon_path(ribbon: Ribbon, radius: float) -> str:
    (a, b), (c, d) = ribbon.source, ribbon.target
    neck = radius - min(14.0, 4 + radius * (d - c) / 2)
    return (
        f"M{_at(a, radius)}{_arc(b, radius, b - a)}{_over(b, c, radius)}{_at(c, neck)}"
        f"L{_at((c + d) / 2, radius - 1)}L{_at(d, neck)}{_over(d, a, radius)}{_at(a, radius)}Z"
    )


def _over(start: float, end: float, radius: float) -> str:
    """Way across: through the middle, or near the rim between neighbours."""
    turn = (end - start + pi) % (2 * pi) - pi
    return "Q" + _at(start + turn / 2, radius * max(0.0, 0.85 * (1 - abs(turn) / 1.8))) + " "


def _ring_path(sector: Sector, inner: float, outer: float) -> str:
    a, b = sector.start, sector.end
    return f"M{_at(a, outer)}{_arc(b, outer, b - a)}L{_at(b, inner)}{_arc(a, inner, b - a, 0)}Z"


def _number(value: float, diagram: ChordDiagram) -> str:
    return f"{value:,.{diagram.decimals}f}"


def _in_words(sector: Sector, diagram: ChordDiagram) -> str:
    text = f"out {_number(sector.departures_label, diagram)} · in {_number(sector.arrivals_label, diagram)}"
    if sector.within:
        text += f" · within {_number(sector.within / diagram.unit, diagram)}"
    return text


def _labels(diagram: ChordDiagram, rim: float, height: float) -> tuple[list[str], float]:
    """Names and figures beside the circle, none over another, and how far they reach sideways."""
    line, shapes, reach = 34.0, list[str](), 0.0
    for side in (1, -1):
        here = [s for s in diagram.sectors if (sin((s.start + s.end) / 2) >= 0) == (side == 1)]
        here = sorted(here, key=lambda s: s.start - s.end)[: int(2 * height // line)]
        here.sort(key=lambda s: -cos((s.start + s.end) / 2))
        heights = _spread([-cos((s.start + s.end) / 2) * (rim + 14) for s in here], line, height)
        for s, y in zip(here, heights, strict=True):
            angle, figures = (s.start + s.end) / 2, _in_words(s, diagram)
            # The label keeps clear of the circle at whatever height it has come to stand.
            clear = max((rim + 16) ** 2 - y * y, 0.0) ** 0.5
            x = side * max(clear, abs(sin(angle)) * (rim + 16), 14.0)
            reach = max(reach, abs(x) + 12 + max(9.5 * len(s.name), 7 * len(figures)))
            if hypot(sin(angle) * rim - x, -cos(angle) * rim - y) > 30:
                lead = f"M{_at(angle, rim + 2)}L{x - side * 4:.2f} {y:.2f}"
                shapes.append(f'<path d="{lead}" fill="none" stroke="#888" stroke-width="0.8"/>')
            shapes.append(
                f'<text x="{x:.2f}" y="{y - 1:.2f}" font-size="14" font-weight="600" '
                f'text-anchor="{"start" if side == 1 else "end"}">{escape(s.name)}'
                f'<tspan x="{x:.2f}" dy="15" font-size="11.5" font-weight="400" fill="#555">'
                f"{figures}</tspan></text>"
            )
    return shapes, reach


def _spread(wanted: Sequence[float], line: float, reach: float) -> list[float]:
    """Heights in the same order, at least one line apart and within reach."""
    heights = list(wanted)
    for k in range(1, len(heights)):
        heights[k] = max(heights[k], heights[k - 1] + line)
    limit = reach
    for k in reversed(range(len(heights))):
        heights[k] = min(heights[k], limit)
        limit = heights[k] - line
    return heights
