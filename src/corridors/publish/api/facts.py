"""Corridors, countries and explanations: what the library says, as JSON and CSV."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from corridors import places
from corridors.atlas import Atlas, Explanation, Facts
from corridors.errors import DataError, NotFound
from corridors.publish.api.row_bytes import csv_rows, json_with, plain_json


def ends(pair: str) -> tuple[str, str]:
    """Codes of both ends of a corridor as it stands in an address.

    Parameters
    ----------
    pair
        Two codes or names with a hyphen between: ``MEX-USA``, ``Guinea-Bissau-Portugal``.

    Raises
    ------
    NotFound
        No hyphen parts it into two places.

    Examples
    --------
    >>> ends("MEX-USA"), ends("guinea-bissau-portugal")
    (('MEX', 'USA'), ('GNB', 'PRT'))
    """
    parts = pair.split("-")
    if len(parts) == 2:
        return places.code(parts[0]), places.code(parts[1])
    for cut in range(1, min(len(parts), 12)):
        try:
            return places.code("-".join(parts[:cut])), places.code("-".join(parts[cut:]))
        except NotFound:
            continue
    raise NotFound(
        f"{pair[:100]!r} is no corridor", remedy="write two countries with a hyphen between, such as MEX-USA"
    )


def corridor_facts(atlas: Atlas, pair: str) -> Facts:
    """Facts of a corridor as it stands in an address."""
    return atlas.corridor(*ends(pair))


def facts_json(facts: Facts) -> bytes:
    """Title, notes and facts as JSON."""
    return json_with({"title": facts.title, "notes": [*facts.counted, *facts.notes]}, "facts", facts.facts)


def facts_csv(facts: Facts) -> bytes:
    """Facts as CSV."""
    return csv_rows(facts.facts)


def explained(atlas: Atlas, table: str, query: list[tuple[str, str]]) -> Explanation:
    """Explanation of one figure, named by the columns of its key."""
    names = [name for name, _ in query]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise DataError(f"a row is named by one value a column; given twice: {', '.join(twice)[:100]}")
    # A key column may itself be called `table`; names that are no identifiers fall to the check of names.
    return atlas.why(table, **{f"{name}"[:60]: value for name, value in query})


def explanation_json(explanation: Explanation) -> bytes:
    """An explanation as JSON; what is not a number is null."""
    return plain_json(_finite(explanation.to_dict()))


def _finite(content: Any) -> Any:
    if isinstance(content, float) and not math.isfinite(content):
        return None
    if isinstance(content, Mapping):
        return {key: _finite(value) for key, value in content.items()}
    if isinstance(content, list | tuple):
        return [_finite(value) for value in content]
    return content
