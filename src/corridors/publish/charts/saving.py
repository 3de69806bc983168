"""Figures as files, without a browser and without a network."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import altair as alt
import vl_convert

from corridors.errors import DataError

if TYPE_CHECKING:
    from vl_convert import FormatLocale


def svg(chart: alt.TopLevelMixin, *, locale: FormatLocale | None = None) -> str:
    """A figure as the text of an SVG.

    Parameters
    ----------
    chart
        The figure.
    locale
        How numbers are written, as ``fr-FR``; default as in English.

    Examples
    --------
    >>> import altair as alt, polars as pl
    >>> svg(alt.Chart(pl.DataFrame({"x": [1]})).mark_point().encode(x="x"))[:4]
    '<svg'
    """
    return vl_convert.vegalite_to_svg(_spec(chart), allowed_base_urls=[], format_locale=locale)


def png(chart: alt.TopLevelMixin, *, scale: float = 2) -> bytes:
    """A figure as the bytes of a PNG, ``scale`` dots a pixel."""
    return vl_convert.vegalite_to_png(_spec(chart), scale=scale, allowed_base_urls=[])


def pdf(chart: alt.TopLevelMixin) -> bytes:
    """A figure as the bytes of a PDF."""
    return vl_convert.vegalite_to_pdf(_spec(chart), allowed_base_urls=[])


_FORMATS: dict[str, Callable[[alt.TopLevelMixin], bytes]] = {
    ".svg": lambda chart: svg(chart).encode(),
    ".png": png,
    ".pdf": pdf,
}


def save(chart: alt.TopLevelMixin, path: str | Path) -> Path:
    """Write a figure to a file: PNG, SVG or PDF, by the end of its name.

    Parameters
    ----------
    chart
        The figure.
    path
        Where; written beside, then renamed.

    Returns
    -------
    pathlib.Path
        The file.

    Raises
    ------
    DataError
        The name ends otherwise, or the file can not be written.

    Examples
    --------
    >>> import altair as alt
    >>> save(alt.Chart().mark_point(), "figure.gif")
    Traceback (most recent call last):
    corridors.errors.DataError: a figure can not be written as 'figure.gif'
    """
    path = Path(path)
    made = content(chart, path)
    beside = path.with_name(f".{path.name}.part")
    try:
        beside.write_bytes(made)
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise DataError(f"{path} can not be written", str(error), "choose another place") from error
    return path


def content(chart: alt.TopLevelMixin, path: Path) -> bytes:
    """The bytes of a figure in the format of a file's name."""
    made = _FORMATS.get(path.suffix.lower())
    if made is None:
        raise DataError(
            f"a figure can not be written as {path.name!r}",
            remedy=f"let the name end in {', '.join(_FORMATS)}",
        )
    return made(chart)


def _spec(chart: alt.TopLevelMixin) -> dict[str, Any]:
    return chart.to_dict()
