"""A card for machines: JSON-LD with schema.org and PROV."""

from __future__ import annotations

import json
from typing import Any

from corridors.publish.cards.fact_card import FactCard


def json_ld(card: FactCard) -> str:
    """A card as JSON-LD: a ``Dataset`` with one value, its provenance, and a claim that it reviews.

    Parameters
    ----------
    card
        The card. Values that are not known are left out, not written as zero.

    Returns
    -------
    str
        JSON. ``<`` is written as an escape, so that it can stand in a ``script`` element.

    Notes
    -----
    Vocabulary: schema.org (``Dataset``, ``PropertyValue``, ``ClaimReview``) and W3C PROV-O. The review
    has no rating: a guess is not true or false.

    Examples
    --------
    >>> import json
    >>> from corridors.publish.cards import card_kind, make_card
    >>> card = make_card(card_kind("doctors"), "Malawi", [{"value": 0.5, "date": "2020"}])
    >>> json.loads(json_ld(card))["@graph"][0]["variableMeasured"]["value"]
    0.5
    """
    graph = [_dataset(card)]
    if card.perceived is not None:
        graph.append(_review(card))
    content = {
        "@context": {"@vocab": "https://schema.org/", "prov": "http://www.w3.org/ns/prov#"},
        "@graph": graph,
    }
    return json.dumps(content, ensure_ascii=False, indent=1).replace("<", "\\u003c") + "\n"


def _dataset(card: FactCard) -> dict[str, Any]:
    measured = _filled(
        {
            "@type": "PropertyValue",
            "name": card.definition,
            "value": card.value,
            "minValue": card.lower,
            "maxValue": card.upper,
            "unitText": card.unit,
            "description": f"Out of: {card.denominator}",
            "valueReference": [
                {"@type": "PropertyValue", "name": label, "value": v} for label, v in card.parts
            ],
        }
    )
    return _filled(
        {
            "@type": ["Dataset", "prov:Entity"],
            "@id": f"#{card.name}",
            "name": card.title,
            "description": card.reason or card.definition,
            "disambiguatingDescription": card.does_not_say,
            "temporalCoverage": card.date,
            "spatialCoverage": {"@type": "Place", "name": card.country} if card.country else None,
            "license": card.licence,
            "version": card.revision,
            "citation": card.citation,
            "variableMeasured": measured,
            "measurementTechnique": card.uncertainty,
            "prov:wasDerivedFrom": [
                {"@type": "prov:Entity", "name": source} for source in card.source.split("; ") if source
            ],
            "prov:wasGeneratedBy": {
                "@type": "prov:Activity",
                "prov:wasAssociatedWith": {"@type": "prov:SoftwareAgent", "name": "corridors"},
            },
        }
    )


def _review(card: FactCard) -> dict[str, Any]:
    return _filled(
        {
            "@type": "ClaimReview",
            "claimReviewed": f"{card.title}: the public guesses {card.perceived:g} % on average",
            "itemReviewed": {"@type": "Claim", "about": {"@id": f"#{card.name}"}},
            "reviewBody": card.does_not_say,
            "additionalProperty": [
                _filled({"@type": "PropertyValue", "name": name, "value": value, "unitText": unit})
                for name, value, unit in (
                    ("perceived", card.perceived, "%"),
                    ("expected by rescaling of proportions alone", card.expected_by_rescaling, "%"),
                    ("residual", card.residual, "percentage points"),
                )
            ],
        }
    )


def _filled(row: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in row.items() if value is not None and value not in ("", [])}
