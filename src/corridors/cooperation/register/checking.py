"""From entries as they stand in files to entries that hold, and every problem on the way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from corridors.cooperation.register.entries import Entry, derived_id
from corridors.cooperation.register.follow_up import transition_faults
from corridors.cooperation.register.problems import Problem, RawEntry, closest
from corridors.cooperation.register.schema import KINDS, Field, fields, fields_of
from corridors.cooperation.register.values import typed
from corridors.errors import DataError

MEASURED = ("commitment", "agreement", "recommendation")


class Checked(NamedTuple):
    """Entries that hold, and problems of those that do not."""

    entries: tuple[Entry, ...]
    problems: tuple[Problem, ...]


def check(raw: Sequence[RawEntry], indicators: Iterable[str] = ()) -> Checked:
    """Check entries one by one and then against each other.

    Parameters
    ----------
    raw
        Entries as they stand in files.
    indicators
        Names of indicators that may be used; without them, any name may.

    Examples
    --------
    >>> from corridors.cooperation.register.problems import RawEntry
    >>> check([RawEntry("a.toml", 1, {"kind": "promise"})]).problems[0].remedy
    'use commitment, agreement, recommendation, practice'
    """
    known = {kind: {field.name: field for field in fields_of(kind, indicators)} for kind in KINDS}
    entries: list[Entry] = []
    problems: list[Problem] = []
    first: dict[str, RawEntry] = {}
    for item in raw:
        entry, found = _check_one(item, known)
        problems += found
        name = entry.id if entry is not None else item.values.get("id")
        if isinstance(name, str) and name:
            if name in first:
                problems.append(_repeated(item, name, first[name]))
                continue
            first[name] = item
        if entry is not None:
            entries.append(entry)
    return Checked(tuple(entries), tuple(sorted(problems)))


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
    for name, field in known.items():
        if name not in raw.values:
            if field.required:
                problems.append(raw.problem(name, "is missing", f"add it: {field.description}"))
            continue
        try:
            content[name] = typed(field, raw.values[name])
        except DataError as error:
            problems.append(raw.problem(name, error.title, error.remedy))
    problems += _check_together(raw, kind, content)
    if problems:
        return None, problems
    name = content.pop("id", None) or derived_id(content["actor"][0], content["title"], content["document"])
    return Entry(id=name, kind=kind, file=raw.file, line=raw.line, **content), []


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
        ("baseline_year", "baseline_value" not in given or "baseline_year" in given,
         "is missing for the baseline", "add the year of the baseline"),
    )  # fmt: skip
    return [raw.problem(field, title, remedy) for field, holds, title, remedy in rules if not holds]
