"""Poverty without remittances, from a published distribution, with home earnings in their place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl

from corridors.errors import DataError
from corridors.numerics.typing import Array
from corridors.parameters import value as parameter
from corridors.remittances.welfare.curve import Distribution
from corridors.remittances.welfare.incidence import losses, measured, remove_from_groups
from corridors.remittances.welfare.refusals import poverty_line
from corridors.results import Result

Kind = Literal["consumption", "income"]
POVERTY = ("headcount", "poverty_gap", "poverty_severity")
_PEOPLE = 2000


@dataclass(frozen=True, slots=True)
class ImputedRemoval(Result, keys=("measure",)):
    """Change of poverty if remittances stopped and migrants earned at home, fractions.

    Attributes
    ----------
    name
        ``headcount``, ``poverty_gap``, ``poverty_severity``.
    change
        Without less with, shape ``(3,)``: part of the remittances would be earned at home.
    lower, upper
        All of them would, or none of them, shape ``(3,)``.
    outer
        The greatest there can be: nothing is earned at home, the survey records every dollar
        it can hold, and whoever receives them makes most of it.
    part
        Part of the remittances that is missed: lower, central, upper.
    amount, line
        Remittances per person that the survey can hold, and the poverty line.
    """

    name: tuple[str, ...]
    change: Array
    lower: Array
    upper: Array
    outer: Array
    part: tuple[float, float, float]
    amount: float
    line: float

    def to_polars(self) -> pl.DataFrame:
        """One row a measure."""
        return pl.DataFrame(
            {"measure": self.name, "change": self.change, "lower": self.lower, "upper": self.upper,
             "outer": self.outer}
        )  # fmt: skip

    def summary(self) -> str:
        """One line a measure."""
        lines = [f"Without {self.amount:.4g} a person, of which {self.part[1]:.1%} is missed"]
        for k, name in enumerate(self.name):
            lines.append(
                f"  {name:<18}{self.change[k]:>+8.4f}  [{self.lower[k]:+.4f}, {self.upper[k]:+.4f}]"
                f"  at most {self.outer[k]:+.4f}"
            )
        return "\n".join(lines)


def part_missed(kind: Kind) -> tuple[float, float, float]:
    """Part of the remittances that would be missed: least, central and most.

    What is not missed would be earned at home (:data:`home_earnings_share`), or was never told to
    the survey: who asks for incomes hears of a quarter of the remittances, who adds up what
    was consumed finds what was bought with them.

    Examples
    --------
    >>> from corridors.remittances.welfare import part_missed
    >>> [round(part, 4) for kind in ("consumption", "income") for part in part_missed(kind)]
    [0.0, 0.45, 1.0, 0.0, 0.1125, 0.5]
    """
    central = parameter("home_earnings_share")
    least, most = parameter("home_earnings_share_low"), parameter("home_earnings_share_high")
    told, told_most = 1.0, 1.0
    if kind == "income":
        told, told_most = parameter("income_survey_recorded"), parameter("income_survey_recorded_high")
    elif kind != "consumption":
        raise DataError(f"a survey is of income or of consumption, not of {kind!r}")
    return (1 - most) * told, (1 - central) * told, (1 - least) * told_most


def impute_from_groups(
    distribution: Distribution, amount: float, line: float, *, kind: Kind = "consumption"
) -> ImputedRemoval:
    """Poverty if remittances stopped and migrants earned at home, from a published distribution.

    Parameters
    ----------
    distribution
        From :func:`fit_grouped`, with remittances in it.
    amount
        Remittances per person that the survey can hold, unit of the distribution.
    line
        Poverty line.
    kind
        ``consumption`` or ``income``: what the survey measures.

    Returns
    -------
    ImputedRemoval

    Raises
    ------
    DataError
        An amount that is negative or above the mean, an unknown kind.

    Notes
    -----
    Received in proportion to income; the range is over what would be earned at home: everything
    or nothing. The share that home earnings would replace comes from published simulations;
    see :func:`published_effects`.

    Examples
    --------
    >>> from corridors.remittances.welfare import Lognormal, impute_from_groups
    >>> print(impute_from_groups(Lognormal.of_gini(5.0, 0.4), 0.5, 2.15).summary())
    Without 0.5 a person, of which 45.0% is missed
      headcount          +0.0190  [+0.0000, +0.0445]  at most +0.0925
      poverty_gap        +0.0073  [+0.0000, +0.0175]  at most +0.2248
      poverty_severity   +0.0037  [+0.0000, +0.0089]  at most +0.2571
    """
    z = poverty_line(line)
    least, central, most = part_missed(kind)
    outer = remove_from_groups(distribution, amount, z)
    people = distribution.people(_PEOPLE)
    now = measured(people, np.zeros_like(people), 1.0, z)

    ways = len(POVERTY)

    def change(part: float) -> Array:
        lost = losses("proportional", people, part * amount)
        return (measured(people, lost, 1.0, z) - now)[:ways]

    return ImputedRemoval(
        POVERTY, change(central), change(least), change(most),
        outer.bounds()[1][:ways] - outer.with_value[:ways], (least, central, most), float(amount), z,
    )  # fmt: skip
