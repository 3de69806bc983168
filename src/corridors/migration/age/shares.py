"""Shares of sexes and ages in the moves of each place."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike

from corridors.errors import DataError
from corridors.migration.age.schedule import AgeSchedule
from corridors.numerics.typing import Array

Schedule = AgeSchedule | ArrayLike


def shares_by_age(
    schedule: Schedule | Mapping[str, Schedule],
    ages: Array,
    width: float,
    exposure: ArrayLike | Mapping[str, ArrayLike] | None,
    sex_shares: Mapping[str, ArrayLike] | None,
    amount: Array,
) -> tuple[Array, tuple[str, ...]]:
    """Share of each sex and age in the moves of each place.

    Parameters
    ----------
    schedule, ages, width, exposure, sex_shares
        As in :func:`corridors.migration.age.split.split_by_age`.
    amount
        Moves, shape ``(n,)`` or ``(n, n)``; places without any may lack people.

    Returns
    -------
    share, sexes
        Shape ``(n, s * m)``, ages within sexes, rows adding up to one; names of the sexes.

    Raises
    ------
    DataError
        Shapes that do not fit, figures that are negative or not numbers, places with moves
        but nobody to move.

    Examples
    --------
    >>> import numpy as np
    >>> from corridors.migration.age.shares import shares_by_age
    >>> shares_by_age([1.0, 3.0], np.array([0.0, 5.0]), 5, None, None, np.array([10.0]))[0].tolist()
    [[0.25, 0.75]]
    """
    n = len(amount)
    schedules = schedule if isinstance(schedule, Mapping) else {"total": schedule}
    sexes = tuple(schedules)
    for name, by_sex in (("exposure", exposure), ("sex_shares", sex_shares)):
        if isinstance(by_sex, Mapping) and set(by_sex) != set(sexes):
            raise DataError(f"{name} is given for {', '.join(by_sex)}, schedules for {', '.join(sexes)}")
    weights: list[Array] = []
    for sex in sexes:
        given = schedules[sex]
        rates = given.rate(ages, width=width) if isinstance(given, AgeSchedule) else given
        weight = _by_place(rates, n, ages.size, "schedule")
        people = exposure[sex] if isinstance(exposure, Mapping) else exposure
        if people is not None:
            weight = weight * _by_place(people, n, ages.size, "exposure")
        if sex_shares is not None:
            weight = _normalised(weight, amount) * _sex_share(sex_shares, sex, n)[:, None]
        weights.append(weight)
    return _normalised(np.concatenate(weights, axis=1), amount), sexes


def _sex_share(sex_shares: Mapping[str, ArrayLike], sex: str, places: int) -> Array:
    shares = {k: np.asarray(v, dtype=np.float64) for k, v in sex_shares.items()}
    for k, v in shares.items():
        if v.shape not in ((), (places,)) or not np.all((v >= 0) & (v <= 1)):
            raise DataError(f"the share of {k} must be one number from 0 to 1, or one a place")
    if np.any(np.abs(sum(shares.values(), np.zeros(places)) - 1) > 1e-9):
        raise DataError("the shares of the sexes do not add up to 1", remedy="divide them by their sum")
    return np.broadcast_to(shares[sex], (places,))


def _normalised(weight: Array, amount: Array) -> Array:
    total = weight.sum(1)
    moving = np.abs(amount).reshape(len(amount), -1).sum(1) > 0
    if np.any(moving & (total <= 0)):
        bad = np.flatnonzero(moving & (total <= 0))[:5].tolist()
        raise DataError("places with moves have nobody to move at any age", f"at positions {bad}",
                        "correct the schedule or the exposure of these places")  # fmt: skip
    return np.divide(weight, total[:, None], out=np.zeros_like(weight), where=total[:, None] > 0)


def _by_place(values: ArrayLike, places: int, ages: int, name: str) -> Array:
    array = np.asarray(values, dtype=np.float64)
    if array.shape not in ((ages,), (places, ages)):
        raise DataError(
            f"{name} of shape {array.shape} does not fit {places} places and {ages} ages",
            remedy="give one figure an age, or one a place and age",
        )
    if not np.all(np.isfinite(array)) or np.any(array < 0):
        bad = np.argwhere(~np.isfinite(array) | (array < 0))[:5].tolist()
        raise DataError(f"{name} must be finite and not negative", f"at positions {bad}")
    return np.broadcast_to(array, (places, ages))
