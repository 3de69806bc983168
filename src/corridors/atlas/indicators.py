"""Indicators: named series of the atlas, each a definition and a query over its tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

from corridors import packaged
from corridors.figure_kinds import kind_of

_JUDGED = {
    "share": "share",
    "amount": "log",
    "count": "level",
    "running count": "total",
    "difference": "level",
}


@dataclass(frozen=True, slots=True)
class IndicatorDefinition:
    """What an indicator measures, and how.

    Attributes
    ----------
    name, title
        Its identity and what it is called.
    definition, denominator, unit
        What is measured, of what, in which unit. A share runs from 0 to 1.
    kind
        What its values can be, one of :data:`corridors.figure_kinds.KINDS`; where not given, by its unit.
    revision
        Parameters that say how far later revisions may still move it; none where it is a matter of record or
        has an interval.
    better
        ``lower`` or ``higher`` where one is wanted, else blank.
    limits, uncertainty
        What it does not say; what its interval covers or why there is none.
    tables
        Published tables its figures come from.
    parameters
        Parameters it uses.
    inputs
        Figures that explain one row: title, table, columns, condition.
    query
        SQL that gives place, year, value and, where there is an interval, lower and upper; ``cases`` too
        where it is a share of all acts so far.
    judged_as
        How a promise is judged by it (``corridors.cooperation.monitor.measures``); where not given, by its
        kind.
    whole_until
        Last year whose acts are counted completely; None where that is the last of all.
    scope
        Where it has values: ``world``, ``countries`` or both.
    """

    name: str
    title: str
    definition: str
    denominator: str
    unit: str
    kind: str
    revision: tuple[str, ...]
    better: str
    limits: str
    uncertainty: str
    tables: tuple[str, ...]
    parameters: tuple[str, ...]
    inputs: tuple[Mapping[str, str], ...]
    query: str
    judged_as: str
    whole_until: int | None
    scope: str


@cache
def indicators() -> Mapping[str, IndicatorDefinition]:
    """All indicators by name.

    Examples
    --------
    >>> from corridors.atlas.indicators import indicators
    >>> indicators()["state_parties_icrmw"].unit
    'states'
    """
    read = packaged.toml("atlas/indicators.toml")
    made = [_made(entry, read["inputs"]) for raw in read["indicator"] for entry in _entries(raw)]
    return MappingProxyType({indicator.name: indicator for indicator in made})


def _entries(raw: dict[str, Any]) -> list[dict[str, Any]]:
    """One entry, or one for each of its keys."""
    each, differs = raw.get("each"), raw.get("differs", {})
    plain = {name: cell for name, cell in raw.items() if name not in ("each", "differs")}
    if each is None:
        return [plain]
    return [_filled(plain | differs.get(key, {}), key, words) for key, words in each.items()]


def _filled(cell: Any, key: str, words: str) -> Any:
    if isinstance(cell, str):
        return cell.replace("{key}", key).replace("{words}", words)
    if isinstance(cell, dict):
        return {name: _filled(inner, key, words) for name, inner in cell.items()}
    return [_filled(inner, key, words) for inner in cell] if isinstance(cell, list) else cell


def _made(entry: Mapping[str, Any], inputs: Mapping[str, Mapping[str, str]]) -> IndicatorDefinition:
    shown = [{"title": i, "columns": "*", **inputs[i]} if isinstance(i, str) else i for i in entry["inputs"]]
    words = ("name", "title", "definition", "denominator", "unit", "better", "limits", "uncertainty")
    return IndicatorDefinition(
        **{name: entry[name] for name in words},
        kind=entry.get("kind", kind_of(entry["unit"])),
        revision=tuple(entry.get("revision", ())),
        tables=tuple(entry["tables"]),
        parameters=tuple(entry.get("parameters", ())),
        inputs=tuple(shown),
        query=entry["query"].strip(),
        judged_as=entry.get("judged_as", _JUDGED[entry.get("kind", kind_of(entry["unit"]))]),
        whole_until=entry.get("whole_until"),
        scope=entry.get("scope", "world and countries"),
    )
