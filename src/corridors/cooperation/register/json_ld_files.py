"""Entries of JSON-LD files as this register writes them."""

from __future__ import annotations

import json
from typing import Any, cast

from corridors.cooperation.register.json_ld import NAMESPACE, OWN
from corridors.cooperation.register.problems import Problem, RawEntry, Unreadable

# Derived from the follow-up and the content; not read back.
_DERIVED = ("digest", "state")


def read_json_ld(text: str, file: str) -> list[RawEntry]:
    """Entries of a JSON-LD document in the form that `to_json_ld` gives.

    Parameters
    ----------
    text
        Content of the file.
    file
        Its name, for problems.

    Raises
    ------
    Unreadable
        The file is not JSON, or not a register in this form.

    Examples
    --------
    >>> from corridors.cooperation.register import load
    >>> entry = load()["who-code-2010-reporting"]
    >>> from corridors.cooperation.register.json_ld import to_json_ld
    >>> read_json_ld(json.dumps(to_json_ld([entry])), "x.jsonld")[0].values["title"] == entry.title
    True
    """
    try:
        document = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        line = error.lineno if isinstance(error, json.JSONDecodeError) else 1
        raise Unreadable(
            Problem(file, line, "", "is not JSON", "correct the line, or export again")
        ) from None
    graph = document.get("@graph") if isinstance(document, dict) else None
    if not isinstance(graph, list) or not all(isinstance(node, dict) for node in graph):
        problem = Problem(file, 1, "@graph", "is no list of entries", "export the register again")
        raise Unreadable(problem)
    return [_entry(node, text, file) for node in cast(list[dict[str, Any]], graph)]


def _entry(node: dict[str, Any], text: str, file: str) -> RawEntry:
    name = str(node.get("id", ""))
    at = text.find(json.dumps(name)) if name else -1
    line = text.count("\n", 0, at) + 1 if at >= 0 else 1
    source, about = _mapping(node.get("wasDerivedFrom")), _mapping(node.get("about"))
    year = node.get("year")
    values: dict[str, object] = {
        "id": name.removeprefix(NAMESPACE),
        "title": node.get("name"),
        "text": node.get("text"),
        "actor": _names(node.get("agent")),
        "addressee": _names(node.get("audience")),
        "concern": str(about.get("id", "")).removeprefix(f"{NAMESPACE}concern:"),
        "countries": node.get("country"),
        "year": int(year) if isinstance(year, str) and year.isdecimal() else year,
        "document": source.get("name"),
        "url": source.get("url"),
        "target_date": node.get("target_date"),
        "review_due": node.get("review_due"),
        "transitions": [_step(step) for step in _list(node.get("followUp"))],
        **{own: node.get(own) for own in OWN if own not in _DERIVED},
    }
    return RawEntry(file, line, {k: v for k, v in values.items() if v not in (None, [], "")})


def _step(step: object) -> list[object]:
    found = _mapping(step)
    return [found.get("state"), found.get("endedAtTime"), _mapping(found.get("used")).get("name")]


def _names(agents: object) -> list[object]:
    return [_mapping(agent).get("name") for agent in _list(agents)]


def _list(value: object) -> list[object]:
    return cast(list[object], value) if isinstance(value, list) else []


def _mapping(value: object) -> dict[str, Any]:
    return cast(dict[str, Any], value) if isinstance(value, dict) else {}
