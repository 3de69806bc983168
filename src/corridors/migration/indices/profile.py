"""Shape of migration by age, from rates and from the parameters of a schedule."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from corridors.errors import DataError
from corridors.migration.age.schedule import AgeSchedule
from corridors.migration.indices.index_inputs import Compat, known_compat, ratio
from corridors.migration.indices.index_values import Indices
from corridors.numerics.typing import Array

_PROFILE = (
    ("gross_migraproduction_rate", "rate", "moves of a person who lives through all ages"),
    ("peak_rate", "rate", "highest rate between the age limits"),
    ("peak_age", "years", "age of the highest rate"),
    ("breadth", "rate", "moves in the ages around the peak"),
    ("breadth_share", "%", "moves in the ages around the peak, share of all"),
    ("max_upward_change", "per year", "steepest rise of the rates as shares of all moves"),
    ("max_downward_change", "per year", "steepest fall of the rates as shares of all moves"),
    ("asymmetry", "ratio", "steepest rise over steepest fall"),
    ("upward_age", "years", "age at the end of the steepest rise"),
    ("downward_age", "years", "age at the end of the steepest fall"),
)


def age_profile_indices(
    rates: ArrayLike,
    ages: ArrayLike,
    *,
    age_min: float = 5.0,
    age_max: float = 65.0,
    breadth: float = 5.0,
    compat: Compat | None = None,
) -> Indices:
    """Level, peak and slopes of migration rates by age.

    Parameters
    ----------
    rates
        Rates or probabilities at each age, shape ``(m,)``, or ``(t, m)`` for a stack.
    ages
        Equally spaced ages in years, shape ``(m,)``, ascending, at least four.
    age_min, age_max
        The peak is looked for from one to the other, the slopes strictly between them.
    breadth
        Years to both sides of the peak, inclusive.
    compat
        ``"migest"``: the window of ``breadth`` is off by one row, because the age of the
        peak is taken for a row number; ``max_upward_change`` and ``max_downward_change``
        are the *ages* of the steepest changes, and ``asymmetry`` is the ratio of these
        ages; groups wider than a year are summed as if they were single years.

    Returns
    -------
    Indices

    Raises
    ------
    DataError
        Rates that are negative or not numbers, ages that are not equally spaced, fewer than
        four ages, or no age between the limits.

    Notes
    -----
    Rogers (1975); Bell and Muhidin (2009); Bernard, Bell and Charles-Edwards (2014).

    Examples
    --------
    >>> import numpy as np
    >>> from corridors.migration.age.schedule import model_schedule
    >>> from corridors.migration.indices import age_profile_indices
    >>> ages = np.arange(0, 91)
    >>> float(age_profile_indices(model_schedule("fundamental").rate(ages), ages)["peak_age"])
    23.0
    """
    off = known_compat(compat)
    table, years = _checked(rates, ages)
    rows = table.reshape(-1, years.size)
    width = 1.0 if off else float(years[1] - years[0])
    within = np.flatnonzero((years >= age_min) & (years <= age_max))
    inside = np.flatnonzero((years > age_min) & (years < age_max))
    inside = inside[inside > 0]
    if not within.size or not inside.size:
        raise DataError(f"no age lies between {age_min} and {age_max}", remedy="widen the age limits")
    gross = rows.sum(1) * width
    peak = within[np.argmax(rows[:, within], axis=1)]
    centre = years[peak][:, None]
    place = np.arange(1, years.size + 1) if off else years
    around = (rows * (np.abs(place - centre) <= breadth)).sum(1) * width
    change = np.diff(ratio(rows, gross[:, None]), axis=1)[:, inside - 1] / width
    up, down = inside[np.argmax(change, axis=1)], inside[np.argmin(change, axis=1)]
    rise, fall = change.max(1), -change.min(1)
    if off:
        rise, fall = years[up], years[down]
    value = np.stack(
        [gross, rows[np.arange(len(rows)), peak], years[peak], around, 100 * ratio(around, gross),
         rise, fall, ratio(rise, fall), years[up], years[down]]
    )  # fmt: skip
    return _indices(_PROFILE, value, table.ndim == 2, compat)


def schedule_indices(schedule: AgeSchedule) -> Indices:
    """Ratios of the parameters of a Rogers–Castro schedule.

    Parameters
    ----------
    schedule
        Any of the four models.

    Returns
    -------
    Indices
        ``peaking`` (mu2), ``child_dependency`` (a1/a2), ``labour_dependency`` (a2/a1),
        ``labour_asymmetry`` (lambda2/alpha2) and ``parental_shift_regularity``
        (alpha1/alpha2); with a retirement peak also ``retirement_dependency`` (a3/a2) and
        ``retirement_asymmetry`` (lambda3/alpha3). NaN where the divisor is zero.

    Notes
    -----
    Rogers and Castro (1981). ``peaking`` is a location parameter; the labour peak itself
    lies ``ln(lambda2/alpha2)/lambda2`` years later.

    Examples
    --------
    >>> from corridors.migration.age.schedule import model_schedule
    >>> from corridors.migration.indices import schedule_indices
    >>> schedule_indices(model_schedule("fundamental")).value.round(3).tolist()
    [20.0, 0.333, 3.0, 4.0, 1.0]
    """
    p = schedule.parameters
    rows = [
        ("peaking", "years", "mu2, location of the labour peak", p["mu2"], 1.0),
        ("child_dependency", "ratio", "children to labour force", p["a1"], p["a2"]),
        ("labour_dependency", "ratio", "labour force to children", p["a2"], p["a1"]),
        ("labour_asymmetry", "ratio", "rise to fall of the labour peak", p["lambda2"], p["alpha2"]),
        ("parental_shift_regularity", "ratio", "fall of children to labour", p["alpha1"], p["alpha2"]),
    ]
    if "a3" in p:
        rows += [
            ("retirement_dependency", "ratio", "retirement to labour force", p["a3"], p["a2"]),
            ("retirement_asymmetry", "ratio", "rise to fall of the retirement peak",
             p["lambda3"], p["alpha3"]),
        ]  # fmt: skip
    value = ratio([row[3] for row in rows], [row[4] for row in rows])
    return _indices(tuple(row[:3] for row in rows), value[:, None], False, None)


def _indices(
    rows: tuple[tuple[str, str, str], ...], value: Array, stacked: bool, compat: str | None
) -> Indices:
    names, units, descriptions = (tuple(row[k] for row in rows) for k in range(3))
    labels = tuple(map(str, range(value.shape[1]))) if stacked else ()
    return Indices(
        names, value if stacked else value[:, 0], None, None, units, descriptions, labels, compat
    )  # fmt: skip


def _checked(rates: ArrayLike, ages: ArrayLike) -> tuple[Array, Array]:
    table, years = np.asarray(rates, dtype=np.float64), np.asarray(ages, dtype=np.float64)
    if years.ndim != 1 or years.size < 4:
        raise DataError(f"ages of shape {years.shape} are no profile", remedy="give at least four ages")
    if table.ndim not in (1, 2) or table.shape[-1] != years.size:
        raise DataError(
            f"rates of shape {table.shape} do not fit {years.size} ages", remedy="give one rate an age"
        )
    steps = np.diff(years)
    if not np.all(np.isfinite(years)) or steps[0] <= 0 or np.any(np.abs(steps - steps[0]) > 1e-9 * steps[0]):
        raise DataError("ages must ascend in equal steps", remedy="interpolate the rates to single years")
    bad = np.argwhere(~np.isfinite(table) | (table < 0))
    if bad.size:
        raise DataError(
            f"{len(bad)} rate(s) are negative or not a number",
            f"at positions {bad[:5].tolist()}",
            "smooth or fill these rates first",
        )
    return table, years
