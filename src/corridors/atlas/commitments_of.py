"""Which commitments name a country, and which bind every state?"""

from __future__ import annotations

from typing import Any

from corridors import places
from corridors.atlas.largest_corridors import Queried

ALL_STATES = "Member States of the United Nations"
"""How the register writes them among actors."""
_CLOSED = ("lapsed", "superseded", "withdrawn")


def commitments_of(atlas: Queried, country: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Commitments that name a country, and commitments of all member states of the United Nations.

    Parameters
    ----------
    atlas
        An opened atlas.
    country
        Code of the country.

    Returns
    -------
    tuple of list
        Rows of the table ``commitment`` that are not closed, the latest first; of all states only
        commitments, of the country recommendations and agreements too. A country is named as the
        place, or as one of the actors or addressees, by any name or code it goes by.

    Examples
    --------
    >>> import corridors as co
    >>> from corridors.atlas.commitments_of import commitments_of
    >>> own, every = commitments_of(co.open(), "CHE")
    >>> [row["commitment"] for row in own]
    ['gfmd-assessment-2011']
    >>> "sdg-10c-average-cost" in [row["commitment"] for row in every]
    True
    """
    rows = atlas.sql(
        "SELECT * FROM commitment WHERE NOT list_contains($closed, state) "
        "ORDER BY state_since DESC, commitment",
        {"closed": list(_CLOSED)},
    ).to_dicts()
    texts = [country, places.find(country).name, *(n.text for n in places.names() if n.country == country)]
    names = {text.casefold() for text in texts}
    own = [row for row in rows if row["place"] == country or names & set(_named(row))]
    every = [
        row
        for row in rows
        if row["kind"] == "commitment" and ALL_STATES.casefold() in _named(row, "actor") and row not in own
    ]
    return own, every


def _named(row: dict[str, Any], *columns: str) -> list[str]:
    texts = (str(row[name] or "") for name in columns or ("actor", "addressee"))
    return [part.strip().casefold() for text in texts for part in text.split(";")]
