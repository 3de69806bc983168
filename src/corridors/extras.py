"""Libraries that only some installations have, and the words for one that is missing."""

from __future__ import annotations

from importlib.util import find_spec
from types import MappingProxyType

from corridors.errors import NotInstalled

EXTRAS = MappingProxyType(
    {
        "web": ("fastapi", "uvicorn", "jinja2", "pyarrow"),
        "brief": ("altair", "vl_convert", "typst", "jinja2"),
        "documents": ("lxml", "pypdf", "docx"),
        "survey": ("pyarrow",),
        "pandas": ("pandas", "pyarrow"),
        "xarray": ("xarray",),
    }
)
_WHAT = {
    "web": "the web site and its API",
    "brief": "briefs and charts",
    "documents": "documents as structure",
    "survey": "survey files of households",
    "pandas": "tables of pandas",
    "xarray": "arrays of xarray",
}


def missing(extra: str) -> tuple[str, ...]:
    """Libraries of an extra that are not installed.

    Parameters
    ----------
    extra
        Name of the extra in ``pyproject.toml``.

    Examples
    --------
    >>> from corridors.extras import missing
    >>> missing("web")
    ()
    """
    return tuple(library for library in EXTRAS[extra] if find_spec(library) is None)


def need(extra: str) -> None:
    """Refuse to go on where a library of an extra is not installed.

    A room that can do nothing without its libraries asks when it is opened, a function before it
    imports them.

    Parameters
    ----------
    extra
        Name of the extra in ``pyproject.toml``.

    Raises
    ------
    NotInstalled
        A library is missing; the remedy is the line that installs it.

    Examples
    --------
    >>> from corridors.extras import need
    >>> need("brief") is None
    True
    """
    if absent := missing(extra):
        raise NotInstalled(
            f"{absent[0]} is not installed; {_WHAT[extra]} can not do without it",
            remedy=f"pip install 'corridors[{extra}]'",
        )
