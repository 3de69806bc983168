"""Entries as JSON-LD: schema.org for what they say, PROV for where it comes from and what followed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from corridors.cooperation.register.entries import Entry
from corridors.cooperation.register.schema import concerns

NAMESPACE = "urn:corridors:register:"
OWN = (
    "kind",
    "paragraph",
    "source_status",
    "indicator",
    "place",
    "direction",
    "baseline_year",
    "baseline_value",
    "target_value",
    "no_indicator_reason",
    "evidence_grade",
    "outcome",
    "outcome_note",
    "digest",
    "state",
)


def context() -> dict[str, Any]:
    """What the names of the export mean; embedded, so that no reader has to fetch it.

    Examples
    --------
    >>> context()["name"]
    'schema:name'
    """
    day = "http://www.w3.org/2001/XMLSchema#date"
    return {
        "schema": "https://schema.org/",
        "prov": "http://www.w3.org/ns/prov#",
        "register": NAMESPACE,
        "id": "@id",
        "type": "@type",
        "name": "schema:name",
        "text": "schema:text",
        "agent": "schema:agent",
        "audience": "schema:audience",
        "about": "schema:about",
        "label": "schema:name",
        "url": {"@id": "schema:url", "@type": "@id"},
        "country": "schema:spatialCoverage",
        "year": "schema:temporalCoverage",
        "citation": "schema:citation",
        "wasDerivedFrom": "prov:wasDerivedFrom",
        "followUp": {"@id": "register:follow_up", "@container": "@list"},
        "endedAtTime": {"@id": "prov:endedAtTime", "@type": day},
        "used": "prov:used",
        "target_date": {"@id": "register:target_date", "@type": day},
        "review_due": {"@id": "register:review_due", "@type": day},
        **{name: f"register:{name}" for name in OWN},
    }


def to_json_ld(entries: Iterable[Entry]) -> dict[str, Any]:
    """Entries as one JSON-LD document, ready for ``json.dumps``.

    Parameters
    ----------
    entries
        Entries of any kind.

    Notes
    -----
    JSON-LD 1.1 (W3C, 2020); schema.org; PROV-O (W3C, 2013). Nothing is fetched: the context is embedded.

    Examples
    --------
    >>> from corridors.cooperation.register import load
    >>> document = to_json_ld([load()["g8-2009-five-by-five"]])
    >>> document["@graph"][0]["followUp"][-1]["state"]
    'lapsed'
    """
    return {"@context": context(), "@graph": [_node(entry) for entry in entries]}


def _node(entry: Entry) -> dict[str, Any]:
    source = {"type": ["prov:Entity", "schema:CreativeWork"], "name": entry.document, "url": entry.url}
    node: dict[str, Any] = {
        "id": f"{NAMESPACE}{entry.id}",
        "type": ["prov:Entity", "schema:CreativeWork"],
        "name": entry.title,
        "text": entry.text,
        "agent": [{"type": ["schema:Organization", "prov:Agent"], "name": actor} for actor in entry.actor],
        "audience": [{"type": "schema:Audience", "name": name} for name in entry.addressee],
        "about": {"id": f"{NAMESPACE}concern:{entry.concern}", "label": concerns()[entry.concern].label},
        "country": list(entry.countries),
        "year": str(entry.year) if entry.year is not None else None,
        "wasDerivedFrom": _given(source),
        "target_date": entry.target_date.isoformat() if entry.target_date else None,
        "review_due": entry.review_due.isoformat() if entry.review_due else None,
        "followUp": [
            {
                "type": "prov:Activity",
                "state": step.state,
                "endedAtTime": step.date.isoformat(),
                "used": {"type": "prov:Entity", "name": step.source},
            }
            for step in entry.transitions
        ],
        **{name: getattr(entry, name) for name in OWN},
    }
    return _given(node)


def _given(node: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in node.items() if value not in (None, [])}
