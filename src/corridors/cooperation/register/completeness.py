"""How many entries two registers miss between them: capture and recapture."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass

import polars as pl
from scipy.special import ndtri

from corridors.errors import DataError
from corridors.results import Result


@dataclass(frozen=True, slots=True)
class Completeness(Result):
    """A hint at how complete two registers are together.

    Attributes
    ----------
    first, second, both
        Entries of the first, of the second, and of both registers.
    found
        Entries of either.
    total
        Estimated number of entries there are.
    lower, upper
        Interval of the total.
    level
        Coverage of the interval.
    """

    first: int
    second: int
    both: int
    found: int
    total: float
    lower: float
    upper: float
    level: float

    def summary(self) -> str:
        """In words, with what has to hold.

        Examples
        --------
        >>> print(chapman(10, 15, 5).summary())
        20 entries found in two registers with 5 in common; about 28 exist (95 % interval 22 to 65)
          holds if the registers are independent and all entries are as likely to be registered
        """
        return (
            f"{self.found} entries found in two registers with {self.both} in common; about {self.total:.0f} "
            f"exist ({self.level:.0%} interval {self.lower:.0f} to {self.upper:.0f})\n"
            "  holds if the registers are independent and all entries are as likely to be registered"
        ).replace("95%", "95 %")

    def to_polars(self) -> pl.DataFrame:
        """One row with all counts."""
        return pl.DataFrame([asdict(self)])


def chapman(first: int, second: int, both: int, *, level: float = 0.95) -> Completeness:
    """Estimated number of entries from two registers and what they have in common.

    ``(first + 1) (second + 1) / (both + 1) - 1``, with the transformed logit interval.

    Parameters
    ----------
    first, second
        Entries of each register.
    both
        Entries that both have.
    level
        Coverage of the interval, between 0 and 1.

    Returns
    -------
    Completeness

    Raises
    ------
    DataError
        Nothing is in both registers, or more than one of them holds.

    Notes
    -----
    Chapman (1951); interval of Sadinle (2009), *Transformed logit confidence intervals for small
    populations in single capture-recapture estimation*. Registers that copy from each other make the
    total too small; registers that leave a field to each other make it too large.

    Examples
    --------
    >>> hint = chapman(10, 15, 5)
    >>> round(hint.total, 2), round(hint.lower), round(hint.upper)
    (28.33, 22, 65)
    """
    if not 0 < level < 1:
        raise DataError(f"the level {level} is not between 0 and 1")
    if min(first, second, both) < 0 or both > min(first, second):
        raise DataError(
            f"{both} entries can not be common to registers of {first} and {second}",
            remedy="count the entries again",
        )
    if both == 0:
        raise DataError(
            f"registers of {first} and {second} have none in common: their number can not be told",
            "Without overlap any number is as well supported as any other.",
            "match entries by id or title, add a register on the same subject, or report the two counts",
        )
    total = (first + 1) * (second + 1) / (both + 1) - 1
    lower, upper = _interval(first, second, both, level)
    return Completeness(first, second, both, first + second - both, total, lower, upper, level)


def _interval(first: int, second: int, both: int, level: float) -> tuple[float, float]:
    m, a, b = both + 0.5, first - both + 0.5, second - both + 0.5
    spread = math.sqrt(1 / m + 1 / a + 1 / b + m / (a * b))
    reach = float(ndtri((1 + level) / 2)) * spread
    seen, unseen = first + second - both - 0.5, a * b / m
    return seen + unseen * math.exp(-reach), seen + unseen * math.exp(reach)
