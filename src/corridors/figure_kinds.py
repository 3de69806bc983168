"""Which values can a figure have at all?"""

from __future__ import annotations

from collections.abc import Mapping
from math import inf
from types import MappingProxyType

from corridors.errors import DataError

# Least and most of each kind. A running count holds what was ever added to it.
KINDS: Mapping[str, tuple[float, float]] = MappingProxyType(
    {
        "share": (0.0, 1.0),
        "amount": (0.0, inf),
        "count": (0.0, inf),
        "running count": (0.0, inf),
        "difference": (-inf, inf),
    }
)

_STEPS = (0.002, 0.02, 0.2, 0.5, 0.8, 0.98, 0.998)
_FACTORS = (0.001, 0.01, 0.1, 0.5, 0.9, 1.1, 2.0, 10.0, 100.0, 1000.0)


def kind_of(unit: str) -> str:
    """The kind of figure that a unit says, where nothing else is known of it.

    Parameters
    ----------
    unit
        Unit of the figure; a share runs from 0 to 1.

    Examples
    --------
    >>> [kind_of(unit) for unit in ("share", "percentage points", "states", "USD million")]
    ['share', 'difference', 'count', 'amount']
    """
    if unit == "share":
        return "share"
    if unit.startswith("percentage points"):
        return "difference"
    return "amount" if unit.startswith(("%", "USD", "persons", "per ")) else "count"


def only_grows(kind: str) -> bool:
    """Whether a figure of a kind can not fall: what was signed or joined stays counted.

    Examples
    --------
    >>> only_grows("running count"), only_grows("count")
    (True, False)
    """
    return kind == "running count"


def admissible(kind: str, about: float) -> tuple[float, ...]:
    """Values that a figure of a kind can have, from small to large, none at the very edge of the kind.

    Parameters
    ----------
    kind
        One of :data:`KINDS`.
    about
        A value to look around: a threshold, or the figure itself.

    Raises
    ------
    DataError
        The kind is not one of :data:`KINDS`.

    Examples
    --------
    >>> admissible("share", 0.5)[0], admissible("share", 0.5)[-1]
    (0.002, 0.998)
    >>> admissible("count", 3)
    (1.0, 2.0, 3.0, 4.0, 6.0, 30.0, 300.0, 3000.0)
    """
    if kind not in KINDS:
        raise DataError(f"a figure can not be a {kind!r}", remedy=f"kinds: {', '.join(KINDS)}")
    if kind == "share":
        beside = {abs(about) * 0.5, abs(about) * 0.99, abs(about) * 1.01, (1 + abs(about)) / 2}
        return tuple(sorted({*_STEPS, *(x for x in beside if 0 < x < 1)}))
    size = abs(about) or 1.0
    if kind in ("count", "running count"):
        near = {1.0, about - 1, about, about + 1, *(round(size * factor) for factor in _FACTORS)}
        return tuple(sorted({float(x) for x in near if x >= 1}))
    above = {size * factor for factor in _FACTORS}
    return tuple(sorted(above | {-x for x in above} | {about} if kind == "difference" else above))
