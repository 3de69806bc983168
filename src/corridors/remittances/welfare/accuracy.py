"""How far methods for grouped data are from the microdata of the same survey."""

from __future__ import annotations

import numpy as np

from corridors.errors import DataError
from corridors.remittances.welfare.refusals import Array

_LEVELS = (0.5, 0.8, 0.9)
# Points of 100 people; for each of headcount, gap and severity the quantiles 50, 80 and 90 per cent of the
# absolute error. Measured by bench/welfare.py on the deciles of about 2,200 surveys of the World Bank's
# Poverty and Inequality Platform (September 2022), countries at odd places of the alphabet, lines 2.15, 3.65
# and 6.85.
_ERRORS: dict[tuple[str, str], tuple[tuple[float, float, float], ...]] = {
    ("interpolated", "below"): ((0.173, 0.368, 0.514), (0.082, 0.266, 0.440), (0.078, 0.279, 0.462)),
    ("interpolated", "between"): ((0.069, 0.176, 0.260), (0.003, 0.010, 0.021), (0.014, 0.042, 0.080)),
    ("interpolated", "above"): ((0.226, 0.404, 0.499), (0.055, 0.144, 0.229), (0.019, 0.073, 0.133)),
    ("best", "below"): ((0.357, 0.874, 1.214), (0.215, 0.607, 0.868), (0.147, 0.494, 0.762)),
    ("best", "between"): ((0.386, 0.874, 1.227), (0.076, 0.181, 0.301), (0.071, 0.274, 0.559)),
    ("best", "above"): ((0.275, 0.780, 1.067), (0.100, 0.312, 0.454), (0.030, 0.105, 0.260)),
    ("quadratic", "below"): ((0.547, 1.106, 1.498), (0.326, 0.703, 0.957), (0.210, 0.552, 0.814)),
    ("quadratic", "between"): ((0.452, 1.041, 1.332), (0.087, 0.220, 0.355), (0.143, 0.370, 0.690)),
    ("quadratic", "above"): ((0.269, 0.915, 1.416), (0.138, 0.357, 0.613), (0.038, 0.129, 0.367)),
    ("beta", "below"): ((0.219, 0.520, 0.728), (0.235, 0.623, 0.972), (0.122, 0.286, 0.451)),
    ("beta", "between"): ((0.464, 0.920, 1.252), (0.106, 0.235, 0.323), (0.067, 0.186, 0.329)),
    ("beta", "above"): ((0.499, 0.984, 1.340), (0.201, 0.381, 0.565), (0.049, 0.156, 0.312)),
    ("lognormal", "below"): ((0.692, 1.650, 2.439), (0.293, 0.861, 1.263), (0.185, 0.609, 0.943)),
    ("lognormal", "between"): ((1.637, 3.205, 4.099), (0.957, 1.981, 2.513), (0.865, 1.782, 2.331)),
    ("lognormal", "above"): ((0.401, 0.942, 1.217), (0.879, 1.705, 2.011), (0.581, 0.966, 1.548)),
}


def typical_error(form: str, zone: str, level: float = 0.8) -> Array:
    """Error of headcount, gap and severity that surveys stay within, shape ``(3,)``, fractions.

    Parameters
    ----------
    form
        ``interpolated`` (thresholds and shares), ``best`` (shares only, curve chosen by rule),
        or one curve: ``quadratic``, ``beta``, ``lognormal``.
    zone
        Where the line lies: ``below``, ``between`` or ``above`` the outer decile thresholds.
    level
        Share of surveys: 0.5, 0.8 or 0.9.

    Raises
    ------
    DataError
        For a level that was not measured.

    Examples
    --------
    >>> from corridors.remittances.welfare import typical_error
    >>> typical_error("interpolated", "between").round(5).tolist()
    [0.00176, 0.0001, 0.00042]
    """
    found = _ERRORS.get((form, zone))
    if found is None or level not in _LEVELS:
        raise DataError(
            f"the error of {form!r} {zone} the thresholds was not measured for level {level}",
            remedy=f"ask for a level of {', '.join(map(str, _LEVELS))}",
        )
    return np.array(found)[:, _LEVELS.index(level)] / 100.0
