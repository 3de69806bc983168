"""Parameters of methods, each with its source and how far the source was checked."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache

from corridors import packaged
from corridors.errors import NotFound


@dataclass(frozen=True, slots=True)
class Parameter:
    """One row of ``parameters.csv``.

    Attributes
    ----------
    name, value, unit
        What it is called, its number and the number's unit.
    distribution
        Family of its uncertainty where it has one.
    bounds
        Least and greatest sensible value.
    source
        Who says so.
    source_status
        ``measured``, ``reproduced``, ``seen``, ``convention`` or ``unverified``.
    description
        What it does, in a sentence.
    """

    name: str
    value: float
    unit: str
    distribution: str
    bounds: tuple[float, float]
    source: str
    source_status: str
    description: str


@cache
def parameters() -> dict[str, Parameter]:
    """All parameters by name.

    Examples
    --------
    >>> from corridors.parameters import parameters
    >>> parameters()["pseudo_bayes_weight"].value
    0.87
    """
    text = packaged.text("ground/parameters.csv")
    return {
        row["name"]: Parameter(
            row["name"],
            float(row["value"]),
            row["unit"],
            row["distribution"],
            (float(row["min"]), float(row["max"])),
            row["source"],
            row["source_status"],
            row["description"],
        )
        for row in csv.DictReader(text.splitlines())
    }


def value(name: str) -> float:
    """The number of one parameter.

    Examples
    --------
    >>> from corridors.parameters import value
    >>> value("interval_level")
    0.8
    """
    try:
        return parameters()[name].value
    except KeyError:
        known = ", ".join(parameters())
        raise NotFound(f"no parameter is called {name!r}", f"known: {known}") from None
