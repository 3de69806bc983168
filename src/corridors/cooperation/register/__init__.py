"""Promises and practices as plain files: read, checked, followed up, searched and exchanged."""

from corridors.cooperation.register.completeness import Completeness, chapman
from corridors.cooperation.register.duplicates import overlap, similar_entries
from corridors.cooperation.register.entries import Entry, Transition, derived_id
from corridors.cooperation.register.follow_up import advance, allowed, transition_faults
from corridors.cooperation.register.problems import Problem
from corridors.cooperation.register.register import Register, load, validate
from corridors.cooperation.register.schema import (
    KINDS,
    Concern,
    Field,
    State,
    concerns,
    fields,
    fields_of,
    states,
)
from corridors.cooperation.register.search import SearchIndex
from corridors.cooperation.register.writing import template

__all__ = [
    "KINDS",
    "Completeness",
    "Concern",
    "Entry",
    "Field",
    "Problem",
    "Register",
    "SearchIndex",
    "State",
    "Transition",
    "advance",
    "allowed",
    "chapman",
    "concerns",
    "derived_id",
    "fields",
    "fields_of",
    "load",
    "overlap",
    "similar_entries",
    "states",
    "template",
    "transition_faults",
    "validate",
]
