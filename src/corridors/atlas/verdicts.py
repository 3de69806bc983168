"""What is each verdict on a statement called, and what does it mean to a reader?"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache

from corridors import packaged


@dataclass(frozen=True, slots=True)
class VerdictWords:
    """A verdict for readers.

    Attributes
    ----------
    verdict
        Its key, as in the table ``claim``.
    words
        What it is called.
    meaning
        What it means, in a sentence.
    """

    verdict: str
    words: str
    meaning: str


@cache
def verdicts() -> dict[str, VerdictWords]:
    """All verdicts by key, in the order they are shown in.

    Examples
    --------
    >>> from corridors.atlas.verdicts import verdicts
    >>> verdicts()["half-supported"].words
    'half of it holds'
    """
    rows = csv.DictReader(packaged.text("atlas/verdicts.csv").splitlines())
    return {row["verdict"]: VerdictWords(**row) for row in rows}
