"""Entries as tables."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl

from corridors.cooperation.register.checking import MEASURED
from corridors.cooperation.register.entries import Entry
from corridors.un_symbols import address_in

PARTED = "; "
_TEXT, _REAL, _WHOLE, _DAY = pl.String(), pl.Float64(), pl.Int64(), pl.Date()
COMMITMENTS: dict[str, pl.DataType] = {
    **dict.fromkeys(("commitment", "kind", "title", "actor", "addressee", "concern"), _TEXT),
    **dict.fromkeys(("document", "paragraph", "url", "indicator", "place", "direction"), _TEXT),
    "baseline_year": _WHOLE,
    "baseline_value": _REAL,
    "target_value": _REAL,
    "target_date": _DAY,
    "review_due": _DAY,
    "state": _TEXT,
    "state_since": _DAY,
    "last_evidence": _DAY,
    "no_indicator_reason": _TEXT,
    "outcome": _TEXT,
    "outcome_note": _TEXT,
    "last_source": _TEXT,
    "statement_year": _WHOLE,
    "judged_as": _TEXT,
    "indicator_unit": _TEXT,
    "indicator_definition": _TEXT,
}
PRACTICES: dict[str, pl.DataType] = {
    **dict.fromkeys(("practice", "title", "text", "concern", "countries", "actor"), _TEXT),
    "year": _WHOLE,
    **dict.fromkeys(("evidence_grade", "outcome", "document", "paragraph", "url", "state"), _TEXT),
}
TRANSITIONS: dict[str, pl.DataType] = {
    "id": _TEXT,
    "step": _WHOLE,
    "state": _TEXT,
    "date": _DAY,
    "source": _TEXT,
}


def commitment_table(entries: Iterable[Entry], as_of: date | None = None) -> pl.DataFrame:
    """Commitments, agreements and recommendations, a row each.

    Parameters
    ----------
    entries
        Entries of a register.
    as_of
        Day whose follow-up is told; steps and outcomes of later days are left out. Without it, the latest.

    Examples
    --------
    >>> from corridors.cooperation.register import load
    >>> table = commitment_table(load().entries)
    >>> table.filter(commitment="g8-2009-five-by-five")["target_date"].item()
    datetime.date(2014, 12, 31)
    """
    found = [entry if as_of is None else _known_by(entry, as_of) for entry in entries]
    rows = [_values(entry, COMMITMENTS) for entry in found if entry.kind in MEASURED]
    return pl.DataFrame(rows, schema=COMMITMENTS, orient="row")


def practice_table(entries: Iterable[Entry]) -> pl.DataFrame:
    """Practices, a row each.

    Examples
    --------
    >>> from corridors.cooperation.register import load
    >>> practice_table(load().entries).filter(outcome="negative")["countries"].to_list()
    ['LKA']
    """
    rows = [_values(entry, PRACTICES) for entry in entries if entry.kind == "practice"]
    return pl.DataFrame(rows, schema=PRACTICES, orient="row")


def transition_table(entries: Iterable[Entry]) -> pl.DataFrame:
    """Steps of follow-up, a row each.

    Examples
    --------
    >>> from corridors.cooperation.register import load
    >>> transition_table(load().entries).columns
    ['id', 'step', 'state', 'date', 'source']
    """
    rows = [
        (entry.id, number, step.state, step.date, step.source)
        for entry in entries
        for number, step in enumerate(entry.transitions, 1)
    ]
    return pl.DataFrame(rows, schema=TRANSITIONS, orient="row")


def _known_by(entry: Entry, day: date) -> Entry:
    """The entry as it stood on a day; what was stated later has its first step only."""
    steps = tuple(step for step in entry.transitions if step.date <= day)
    if steps == entry.transitions:
        return entry
    return replace(entry, transitions=steps or entry.transitions[:1], outcome=None, outcome_note=None)


def _values(entry: Entry, schema: dict[str, pl.DataType]) -> list[Any]:
    special = {
        "commitment": entry.id,
        "practice": entry.id,
        "actor": PARTED.join(entry.actor),
        "addressee": PARTED.join(entry.addressee) or None,
        "countries": " ".join(entry.countries) or None,
        "state": entry.state,
        "state_since": entry.since,
        "last_evidence": entry.last_evidence,
        "last_source": entry.transitions[-1].source,
        "statement_year": entry.year,
        "url": entry.url or address_in(entry.document),
    }
    return [special[name] if name in special else getattr(entry, name) for name in schema]
