"""The look of all figures: two hues, quiet lines, a sentence above."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import altair as alt

# Teal and ochre stay apart for every common kind of colour blindness, and in grey.
PEOPLE = "#1f4e5f"
MONEY = "#b5651d"
INK = "#1d1d1b"
QUIET = "#6f6b64"
GRID = "#e5e1d8"
PAPER = "#fbf9f4"
# The last of each list comes with the renderer, so that a machine without fonts draws the same words.
SERIF = "Libertinus Serif, Georgia, Liberation Serif, Liberation Sans"
SANS = "Liberation Sans"


@dataclass(frozen=True, slots=True)
class Setting:
    """How a figure is set.

    Attributes
    ----------
    width, height
        Of the drawing, in pixels, without titles and axes.
    title
        Whether the sentence, the interval words and the sources stand above.
    paper
        Whether the background is that of paper; else it is transparent.
    credit
        The line of sources; None for the cards in the atlas.
    words
        Other words for the labels of series and the names of places.
    """

    width: int = 560
    height: int = 300
    title: bool = True
    paper: bool = False
    credit: str | None = None
    words: Mapping[str, str] = field(default_factory=dict[str, str])

    def word(self, label: str) -> str:
        """The label in the reader's words.

        Examples
        --------
        >>> Setting(words={"received": "reçus"}).word("received")
        'reçus'
        """
        return self.words.get(label, label)


DEFAULT = Setting()
_MAGNITUDE = "datum.value == 0 ? '0' : format(datum.value, '~s')"


def numbers(**more: Any) -> alt.Axis:
    """An axis of counts: 0, 200k, 1.5M.

    Parameters
    ----------
    **more
        Other properties of the axis.

    Examples
    --------
    >>> numbers(grid=False).to_dict()["grid"]
    False
    """
    return alt.Axis(title=None, labelExpr=_MAGNITUDE, **more)


def config(paper: bool = False) -> dict[str, Any]:
    """The theme as a configuration of Vega-Lite.

    Parameters
    ----------
    paper
        Whether the background is that of paper.

    Examples
    --------
    >>> config()["title"]["anchor"]
    'start'
    """
    words = {"labelFont": SANS, "titleFont": SANS, "labelColor": QUIET, "titleColor": QUIET}
    return {
        "background": PAPER if paper else "transparent",
        "font": SANS,
        "padding": 8,
        "view": {"stroke": None},
        "axis": {
            **words,
            "labelFontSize": 11,
            "titleFontSize": 11,
            "titleFontWeight": "normal",
            "domain": False,
            "ticks": False,
            "gridColor": GRID,
            "labelPadding": 6,
        },
        "axisX": {"grid": False, "domain": True, "domainColor": QUIET, "ticks": True, "tickColor": QUIET},
        "axisY": {"tickCount": 5},
        "legend": {**words, "labelFontSize": 11, "titleFontSize": 11, "orient": "top", "offset": 4},
        "line": {"strokeWidth": 2, "strokeCap": "round"},
        "rule": {"strokeWidth": 1.2},
        "text": {"font": SANS, "fontSize": 11, "color": INK},
        "title": {
            "anchor": "start",
            "frame": "group",
            "font": SERIF,
            "fontSize": 17,
            "fontWeight": "normal",
            "color": INK,
            "offset": 14,
            "subtitleFont": SANS,
            "subtitleFontSize": 11,
            "subtitleColor": QUIET,
            "subtitlePadding": 6,
            "subtitleLineHeight": 15,
        },
    }


def framed(
    layers: Sequence[alt.Chart], setting: Setting, *, title: str, subtitle: str, credit: str
) -> alt.LayerChart:
    """Put a drawing into the house's frame.

    Parameters
    ----------
    layers
        The drawing, the lowest layer first.
    setting
        Size, background, whether there is a title.
    title
        A sentence.
    subtitle
        Unit, and what intervals cover or why there are none.
    credit
        Publishers and revisions.

    Returns
    -------
    altair.LayerChart
        With size, configuration and, where asked for, the words above.
    """
    sized = alt.LayerChart(layer=list(layers)).properties(width=setting.width, height=setting.height)
    if setting.title:
        letters = int(setting.width / 5.4)
        source = f"Source: {setting.credit if setting.credit is not None else credit}"
        sized = sized.properties(
            title=alt.TitleParams(
                text=textwrap.wrap(title, max(20, setting.width // 8)),
                subtitle=[*textwrap.wrap(subtitle, letters), *textwrap.wrap(source, letters)],
            )
        )
    return sized.configure(**config(setting.paper))
