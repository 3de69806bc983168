"""What is missing from the figures of a matrix, by place."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Note:
    """A place whose figures are missing or were not used as they are, and what was done.

    Attributes
    ----------
    rule
        ``no-income``, ``no-stock``, ``no-inflow``, ``no-outflow``, ``zero-inflow``, ``zero-outflow``,
        ``carried-forward``, ``income-year``, ``stock-year``, ``stock-one-end``, ``outflow-year``
        or ``closed``.
    place
        Code, two codes for a corridor, or ``WORLD``.
    value
        The figure in question, or None.
    message
        One sentence.
    """

    rule: str
    place: str
    value: float | None
    message: str
