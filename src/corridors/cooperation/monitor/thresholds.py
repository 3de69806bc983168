"""What counts as on course, late for review or old."""

from __future__ import annotations

from dataclasses import dataclass, field

from corridors.errors import DataError
from corridors.parameters import value


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Numbers that verdicts and alerts turn on; all of them are choices.

    Attributes
    ----------
    on_course
        Least probability of reaching the target by its date. At 0.5 the verdict asks whether the projected
        value reaches the target.
    change
        Probability that the interval of a change is meant to cover. A change is called one, and an indicator
        regressing, only if that interval excludes none.
    interval
        Probability that the intervals of observations and projections are meant to cover.
    review_days
        Days before a review from which on it is announced.
    evidence_days
        Days after which the last evidence is old.
    observation_years
        Years between the last observation and the judgement above which the verdict says so.

    Raises
    ------
    DataError
        A probability is not within 0 and 1, or days or years are negative.

    Examples
    --------
    >>> from corridors.cooperation.monitor import Thresholds
    >>> Thresholds(on_course=66)
    Traceback (most recent call last):
    corridors.errors.DataError: on_course can not be 66
      Remedy: give a probability between 0 and 1
    """

    on_course: float = field(default_factory=lambda: value("monitor_on_course"))
    change: float = field(default_factory=lambda: value("monitor_change"))
    interval: float = field(default_factory=lambda: value("monitor_interval"))
    review_days: int = field(default_factory=lambda: int(value("monitor_review_days")))
    evidence_days: int = field(default_factory=lambda: int(value("monitor_evidence_days")))
    observation_years: float = field(default_factory=lambda: value("judged_observation_years"))

    def __post_init__(self) -> None:
        for name in ("on_course", "change", "interval"):
            if not 0 < (found := getattr(self, name)) < 1:
                raise DataError(f"{name} can not be {found}", remedy="give a probability between 0 and 1")
        for name in ("review_days", "evidence_days"):
            if (found := getattr(self, name)) < 0:
                raise DataError(f"{name} can not be {found}", remedy="give days, 0 or more")
        if not self.observation_years >= 0:
            raise DataError(f"observation_years can not be {self.observation_years}", remedy="0 or more")
