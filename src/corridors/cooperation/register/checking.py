"""From entries as they stand in files to entries that hold, and every problem on the way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple, TypeAlias

from corridors.cooperation.register.entries import Entry, derived_id
from corridors.cooperation.register.follow_up import transition_faults
from corridors.cooperation.register.problems import Problem, RawEntry, closest
from corridors.cooperation.register.schema import KINDS, Field, fields, fields_of
from corridors.cooperation.register.values import WORLD, typed
from corridors.errors import DataError

MEASURED = ("commitment", "agreement", "recommendation")
WORLD_AND_COUNTRIES = "world and countries"
Indicators: TypeAlias = Iterable[str] | Mapping[str, object]


class Checked(NamedTuple):
    """Entries that hold, and problems of those that do not."""

    entries: tuple[Entry, ...]
    problems: tuple[Problem, ...]


def check(raw: Sequence[RawEntry], indicators: Indicators = ()) -> Checked:
    """Check entries one by one and then against each other.

    Parameters
    ----------
    raw
        Entries as they stand in files.
    indicators
        Names of indicators that may be used beside those an entry defines, or a mapping from their names to
        where they have values (``world``, ``countries`` or both) or to their definitions; without them, any
        name may.

    Examples
    --------
    >>> from corridors.cooperation.register.problems import RawEntry
    >>> check([RawEntry("a.toml", 1, {"kind": "promise"})]).problems[0].remedy
    'use commitment, agreement, recommendation, practice'
    """
    known = {kind: {field.name: field for field in fields_of(kind, indicators)} for kind in KINDS}
    given = indicators.items() if isinstance(indicators, Mapping) else ()
    # Definitions of indicators say it in their attribute.
    scopes = {name: str(getattr(where, "scope", where)) for name, where in given}
    entries: list[Entry] = []
    problems: list[Problem] = []
    first: dict[str, RawEntry] = {}
    for item in raw:
        entry, found = _check_one(item, known)
        problems += found
        if entry is not None and (words := _out_of_scope(entry, scopes)):
            problems.append(item.problem("place", *words))
            entry = None
        name = entry.id if entry is not None else item.values.get("id")
        if isinstance(name, str) and name:
            if name in first:
                problems.append(_repeated(item, name, first[name]))
                continue
            first[name] = item
        if entry is not None:
            entries.append(entry)
    problems += _differing_definitions(raw, entries)
    return Checked(tuple(entries), tuple(sorted(problems)))


def _out_of_scope(entry: Entry, scopes: Mapping[str, str]) -> tuple[str, str] | None:
    """What is wrong with the place of an indicator that has no value there."""
    scope = scopes.get(entry.indicator or "", WORLD_AND_COUNTRIES)
    if entry.place == WORLD and "world" not in scope:
        remedy = "name a country, or say in no_indicator_reason why there is no figure of the world"
        return f"is the world, of which {entry.indicator!r} has no value", remedy
    if entry.place not in (None, WORLD) and "countries" not in scope:
        return (
            f"is a country, of which {entry.indicator!r} has no value",
            f"use {WORLD}, or another indicator",
        )
    return None


def _differing_definitions(raw: Sequence[RawEntry], entries: Sequence[Entry]) -> list[Problem]:
    """Indicators of a register's own that two entries define differently."""
    places = {(item.file, item.line): item for item in raw}
    first: dict[str, Entry] = {}
    found: list[Problem] = []
    for entry in entries:
        if entry.indicator_definition is None or entry.indicator is None:
            continue
        other = first.setdefault(entry.indicator, entry)
        if _defined(other) != _defined(entry):
            title = f"is another than that of {entry.indicator!r} in {other.file}:{other.line}"
            remedy = "define an indicator once, or give the other one another name"
            item = places[entry.file, entry.line]
            found.append(item.problem("indicator_definition", title, remedy))
    return found


def _defined(entry: Entry) -> tuple[str | None, ...]:
    return entry.indicator_definition, entry.indicator_unit, entry.judged_as


def _repeated(item: RawEntry, name: str, earlier: RawEntry) -> Problem:
    line = earlier.lines.get("id", earlier.line)
    return item.problem("id", f"{name!r} is already the id of an entry in {earlier.file}:{line}",
                        "choose another id, or merge the two")  # fmt: skip


def _check_one(
    raw: RawEntry, fields_by_kind: Mapping[str, dict[str, Field]]
) -> tuple[Entry | None, list[Problem]]:
    kind = raw.values.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        title = "is missing" if kind is None else f"no kind of entry is called {kind!r}"
        return None, [raw.problem("kind", title, closest(str(kind), KINDS))]
    known = fields_by_kind[kind]
    problems = [
        _unknown(raw, name, kind, known) for name in raw.values if name not in known and name != "kind"
    ]
    content: dict[str, Any] = {}
    for name, named in known.items():
        field = replace(named, allowed=()) if _own(named, raw) else named
        if name not in raw.values:
            if field.required:
                problems.append(raw.problem(name, "is missing", f"add it: {field.description}"))
            continue
        try:
            content[name] = typed(field, raw.values[name])
        except DataError as error:
            problems.append(raw.problem(name, error.title, error.remedy))
    problems += _check_together(raw, kind, content)
    problems += _check_definition(raw, known)
    if problems:
        return None, problems
    name = content.pop("id", None) or derived_id(content["actor"][0], content["title"], content["document"])
    return Entry(id=name, kind=kind, file=raw.file, line=raw.line, **content), []


def _check_definition(raw: RawEntry, known: Mapping[str, Field]) -> list[Problem]:
    name = raw.values.get("indicator")
    allowed = known["indicator"].allowed if "indicator" in known else ()
    if "indicator_definition" not in raw.values or name not in allowed:
        return []
    title = f"stands beside {name!r}, which is defined already"
    return [
        raw.problem("indicator_definition", title, "drop it, or give an indicator of your own its own name")
    ]


def _own(field: Field, raw: RawEntry) -> bool:
    """Whether the field names an indicator that the entry itself defines."""
    return field.type == "indicator" and "indicator_definition" in raw.values and bool(field.allowed)


def _unknown(raw: RawEntry, name: str, kind: str, known: dict[str, Field]) -> Problem:
    if name in fields():
        title = f"is not a field of a {kind}"
        return raw.problem(name, title, f"it belongs to: {', '.join(fields()[name].kinds)}")
    return raw.problem(name, "is not a field of the register", closest(name, known))


def _check_together(raw: RawEntry, kind: str, content: dict[str, Any]) -> list[Problem]:
    """Rules that speak of more than one field; a field with a problem of its own counts as given."""
    given = set(raw.values)
    problems = [
        raw.problem("transitions", title, remedy)
        for title, remedy in (transition_faults(content["transitions"]) if "transitions" in content else [])
    ]
    if kind in MEASURED:
        problems += _check_measure(raw, given)
    if kind == "practice" and "outcome" not in given:
        problems.append(raw.problem("outcome", "is missing", "say what came of it, also where nothing did"))
    return problems


def _check_measure(raw: RawEntry, given: set[str]) -> list[Problem]:
    rules = (
        ("indicator", {"indicator", "no_indicator_reason"} & given, "is missing",
         "name an indicator, or say why there is none in no_indicator_reason"),
        ("no_indicator_reason", not {"indicator", "no_indicator_reason"} <= given,
         "stands beside an indicator", "keep one of the two"),
        ("place", "indicator" not in given or "place" in given, "is missing",
         "say where the indicator is read: a country, or WLD for the world"),
        ("direction", "indicator" not in given or "direction" in given, "is missing",
         "say increase, decrease, at-least or at-most"),
        ("target_date", "target_value" not in given or "target_date" in given, "is missing for the target",
         "add the day by which the target is to be reached"),
        ("target_value", "target_date" not in given or "target_value" in given, "is missing for the date",
         "add the value to be reached, or drop target_date"),
        ("indicator", "target_value" not in given or "indicator" in given, "is missing for the target",
         "name the indicator the target speaks of"),
        ("indicator_unit", "indicator_definition" not in given or "indicator_unit" in given,
         "is missing for the definition", "say in which unit the indicator is; share for values from 0 to 1"),
        ("indicator_definition", not {"indicator_unit", "judged_as"} & given
         or "indicator_definition" in given, "is missing",
         "define the indicator, or drop indicator_unit and judged_as: those of the atlas have theirs"),
        ("indicator", "indicator_definition" not in given or "indicator" in given,
         "is missing for the definition", "give the indicator a name"),
        ("baseline_year", "baseline_value" not in given or "baseline_year" in given,
         "is missing for the baseline", "add the year of the baseline"),
    )  # fmt: skip
    return [raw.problem(field, title, remedy) for field, holds, title, remedy in rules if not holds]
