"""Net migration as what births, deaths and survival do not explain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from corridors.errors import DataError
from corridors.numerics.typing import Array


@dataclass(frozen=True, slots=True)
class SurvivalNet:
    """Net migration of cohorts between two censuses by the survival-ratio method.

    All arrays have one value per cohort, persons; NaN for children born in the period
    where nothing says how many of them moved.

    Attributes
    ----------
    forward
        Net migrants alive at the end: all are taken to move at the end.
    reverse
        Net migrants at the start: all are taken to move at the start.
    average
        Mean of both.
    expected_end
        Who would be there at the end without migration.
    expected_start
        Who would have been there at the start to leave those of the end.
    """

    forward: Array
    reverse: Array
    average: Array
    expected_end: Array
    expected_start: Array


def net_vital(start: ArrayLike, end: ArrayLike, births: ArrayLike, deaths: ArrayLike) -> Array:
    """Net migration by the vital statistics method: growth less natural increase.

    Parameters
    ----------
    start, end
        Population at the start and at the end, any one shape, persons.
    births, deaths
        Events of the period, the same shape, persons.

    Raises
    ------
    DataError
        Shapes differ, or a value is negative or not a number.

    Notes
    -----
    United Nations (1970), Manual VI.

    Examples
    --------
    >>> from corridors.migration.net.residuals import net_vital
    >>> net_vital([1000.0], [1100.0], [150.0], [80.0]).tolist()
    [30.0]
    """
    names = ("start", "end", "births", "deaths")
    values = [_counts(x, name) for x, name in zip((start, end, births, deaths), names, strict=True)]
    if len({x.shape for x in values}) > 1:
        raise DataError(f"population, births and deaths must be alike, not {[x.shape for x in values]}")
    first, last, born, died = values
    return (last - first) - (born - died)


def census_survival(start: ArrayLike, end: ArrayLike) -> Array:
    """Survival ratios of cohorts of a closed population, end over start.

    Parameters
    ----------
    start, end
        Persons of the same cohorts in two censuses, any one shape; a country as a whole, or
        all natives of a region wherever they live.

    Raises
    ------
    DataError
        Shapes differ, a value is negative, or a cohort is empty at the start.

    Examples
    --------
    >>> from corridors.migration.net.residuals import census_survival
    >>> census_survival([200.0, 100.0], [190.0, 80.0]).tolist()
    [0.95, 0.8]
    """
    first, last = _counts(start, "start"), _counts(end, "end")
    if first.shape != last.shape:
        raise DataError(f"the two censuses must be alike, not {first.shape} and {last.shape}")
    if np.any(first == 0):
        empty = np.argwhere(first == 0)[:5].tolist()
        raise DataError("a cohort that is empty at the start has no survival ratio", f"positions {empty}")
    return last / first


def net_survival(
    start: ArrayLike,
    end: ArrayLike,
    survival: ArrayLike,
    *,
    children: bool = False,
    labels: Sequence[str] | None = None,
) -> SurvivalNet:
    """Net migration of cohorts by the survival-ratio method.

    Parameters
    ----------
    start, end
        Persons of the same cohorts at the start and at the end, shape ``(ages,)``, youngest
        first. Children born in the period have NaN at the start.
    survival
        Share of each cohort that survives, shape ``(ages,)``; a census survival ratio may
        exceed one. NaN for children born in the period.
    children
        Whether to fill in two groups of children by :func:`net_children`; the persons are
        then women, five-year groups, censuses ten years apart.
    labels
        Names of the ages for error messages.

    Returns
    -------
    SurvivalNet

    Raises
    ------
    DataError
        Shapes differ, values negative, or a survival ratio that is missing or not positive.

    Notes
    -----
    Siegel and Hamilton (1952): forward ``P1 - s * P0``, reverse ``P1 / s - P0``.

    Examples
    --------
    >>> from corridors.migration.net.residuals import net_survival
    >>> net = net_survival([1000.0], [990.0], [0.9])
    >>> net.forward.tolist(), net.reverse.round(6).tolist()
    ([90.0], [100.0])
    """
    first, last, ratio = (np.asarray(x, dtype=np.float64) for x in (start, end, survival))
    if last.ndim != 1 or first.shape != last.shape or ratio.shape != last.shape:
        shapes = f"{first.shape}, {last.shape} and {ratio.shape}"
        raise DataError(f"start, end and survival need one value for each age, not shapes {shapes}")
    born = np.isnan(first) & np.isnan(ratio)
    names = labels or [f"position {i}" for i in range(last.size)]
    bad = ~(np.isfinite(last) & (last >= 0)) | (~born & ~(np.isfinite(first) & (first >= 0)))
    bad |= ~born & ~(np.isfinite(ratio) & (ratio > 0))
    if np.any(bad):
        rows = [f"{names[i]}: start {first[i]:g}, end {last[i]:g}, survival {ratio[i]:g}"
                for i in np.flatnonzero(bad)[:5].tolist()]  # fmt: skip
        raise DataError(
            f"{int(bad.sum())} age(s) have a count or a survival ratio that can not be",
            "\n".join(rows),
            "give NaN for both start and survival of children born in the period, else positive ratios",
        )
    expected_end, expected_start = first * ratio, last / ratio
    forward, reverse = last - expected_end, expected_start - first
    if children:
        for net in (forward, reverse):
            net[:2] = net_children(last, net)
    return SurvivalNet(forward, reverse, (forward + reverse) / 2, expected_end, expected_start)


def net_children(
    end: ArrayLike,
    net_women: ArrayLike,
    *,
    women: ArrayLike | None = None,
    weights: Sequence[float] = (0.25, 0.75),
    first_mother: int = 3,
    mothers: int = 6,
) -> Array:
    """Net migration of children born in the period, from that of their mothers.

    Parameters
    ----------
    end
        Persons at the end by age, shape ``(ages,)``, youngest first; the first groups are
        the children.
    net_women
        Net migration of women by age, shape ``(ages,)``.
    women
        Women at the end by age, shape ``(ages,)``; ``end`` where not given.
    weights
        Share of the period that each group of children lived on average with moving
        mothers, youngest first.
    first_mother, mothers
        Position of the youngest mothers of the youngest children (3: ages 15 to 19) and
        number of age groups of mothers; older children have mothers one group older.

    Returns
    -------
    ndarray
        Shape ``(len(weights),)``: weight times child-woman ratio times net migration of
        the mothers.

    Raises
    ------
    DataError
        Shapes differ, ages are too few, or there are no women of the age.

    Notes
    -----
    United Nations (1970), Manual VI; Shryock and Siegel (1976).

    Examples
    --------
    >>> from corridors.migration.net.residuals import net_children
    >>> net_children([80, 90, 90, 100], [0, 0, 0, 40], weights=[0.25], mothers=1).tolist()
    [8.0]
    """
    persons, moved = np.asarray(end, dtype=np.float64), np.asarray(net_women, dtype=np.float64)
    present = persons if women is None else np.asarray(women, dtype=np.float64)
    if persons.ndim != 1 or moved.shape != persons.shape or present.shape != persons.shape:
        raise DataError(f"counts and net migration must be alike, not {persons.shape} and {moved.shape}")
    if persons.size < first_mother + len(weights) - 1 + mothers:
        raise DataError(
            f"{persons.size} age groups do not reach the mothers of {len(weights)} groups of children"
        )
    children = np.zeros(len(weights))
    for i, weight in enumerate(weights):
        age = slice(first_mother + i, first_mother + i + mothers)
        mother_count = present[age].sum()
        if not mother_count > 0:
            raise DataError(f"there are no women in age groups {age.start} to {age.stop - 1}")
        children[i] = weight * persons[i] / mother_count * moved[age].sum()
    return children


def _counts(values: ArrayLike, name: str) -> Array:
    x = np.asarray(values, dtype=np.float64)
    bad = np.argwhere(~np.isfinite(x) | (x < 0))
    if bad.size:
        raise DataError(f"{name} must be finite and not negative", f"at positions {bad[:5].tolist()}")
    return x
