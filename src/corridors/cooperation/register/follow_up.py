"""Follow-up: which state may come after which, and when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from corridors.cooperation.register.entries import Entry, Transition
from corridors.cooperation.register.schema import states
from corridors.errors import DataError


def allowed(state: str | None) -> tuple[str, ...]:
    """States that may follow a state, or begin a follow-up where there is none yet.

    Parameters
    ----------
    state
        Name of a state, or None.

    Raises
    ------
    DataError
        There is no such state.

    Examples
    --------
    >>> allowed(None), allowed("completed")
    (('stated',), ())
    """
    if state is None:
        return tuple(name for name, found in states().items() if found.first)
    if state not in states():
        raise DataError(f"no state is called {state!r}", remedy=f"use {', '.join(states())}")
    return states()[state].next


def advance(entry: Entry, state: str, date: date, source: str) -> Entry:
    """The entry with one more step of follow-up; the entry itself stays as it is.

    Parameters
    ----------
    entry
        An entry.
    state
        State it has reached.
    date
        Day on which it did; not before the last step.
    source
        Who says so.

    Returns
    -------
    Entry

    Raises
    ------
    DataError
        The step is not allowed, is dated before the last one, or has no source.

    Examples
    --------
    >>> from datetime import date
    >>> from corridors.cooperation.register import advance, load
    >>> entry = load()["sdg-10c-average-cost"]
    >>> advance(entry, "lapsed", date(2031, 1, 1), "review of 2031").state, entry.state
    ('lapsed', 'under-way')
    """
    steps = (*entry.transitions, Transition(state, date, " ".join(source.split())))
    faults = transition_faults(steps)
    if faults:
        title, remedy = faults[-1]
        raise DataError(f"entry {entry.id}: {title}", remedy=remedy)
    return replace(entry, transitions=steps)


def transition_faults(steps: Sequence[Transition]) -> list[tuple[str, str]]:
    """What is wrong with a follow-up: words and remedy of every fault.

    Parameters
    ----------
    steps
        Transitions, oldest first.

    Examples
    --------
    >>> from datetime import date
    >>> steps = [Transition("stated", date(2011, 5, 19), "A"), Transition("completed", date(2011, 5, 1), "B")]
    >>> for title, remedy in transition_faults(steps):
    ...     print(title)
    'completed' can not follow 'stated'
    step 2 (completed, 2011-05-01) is dated before step 1 (2011-05-19)
    """
    if not steps:
        return [("has no transition", f"begin with {allowed(None)[0]}, its date and its source")]
    faults: list[tuple[str, str]] = []
    previous: Transition | None = None
    for number, step in enumerate(steps, 1):
        faults += _state_faults(step.state, previous.state if previous else None)
        if not step.source.strip():
            faults.append((f"step {number} ({step.state}) has no source", "name the document that shows it"))
        if previous is not None and step.date < previous.date:
            faults.append(
                (
                    f"step {number} ({step.state}, {step.date}) is dated before step {number - 1} "
                    f"({previous.date})",
                    "give the steps oldest first, or correct a date",
                )
            )
        previous = step
    return faults


def _state_faults(state: str, previous: str | None) -> list[tuple[str, str]]:
    if state not in states():
        return [(f"no state is called {state!r}", f"use {', '.join(states())}")]
    if previous is not None and previous not in states():
        return []
    following = allowed(previous)
    if state in following:
        return []
    if previous is None:
        return [(f"a follow-up can not begin with {state!r}", f"begin with {' or '.join(following)}")]
    if not following:
        return [(f"nothing can follow {previous!r}", "open a new entry for a new promise")]
    return [(f"{state!r} can not follow {previous!r}", f"after {previous} use {', '.join(following)}")]
