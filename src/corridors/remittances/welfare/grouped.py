"""From published shares, thresholds and mean to poverty: the best form, chosen and stated, with its error."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import ArrayLike

from corridors.errors import DataError
from corridors.numerics.typing import Array
from corridors.remittances.welfare.curve import Distribution
from corridors.remittances.welfare.fitted_curves import Beta, Lognormal, Quadratic
from corridors.remittances.welfare.measured import Measures, coverage
from corridors.remittances.welfare.published import Interpolated, clean_shares, positive_mean
from corridors.remittances.welfare.refusals import poverty_line
from corridors.results import Result

Form = Literal["interpolated", "quadratic", "beta", "lognormal"]
_CURVES: dict[str, type[Quadratic | Beta | Lognormal]] = {
    "quadratic": Quadratic,
    "beta": Beta,
    "lognormal": Lognormal,
}
_BETA_FLAGS, _CLOSER_FLAGS = {13, 9, 7, 5, 4, 1}, {15, 3}


@dataclass(frozen=True, slots=True)
class GroupedFit(Result, keys=("form",)):
    """A distribution fitted to published groups, and why this one.

    Attributes
    ----------
    form
        ``interpolated``, ``quadratic``, ``beta`` or ``lognormal``.
    distribution
        What was chosen.
    reason
        Why.
    misfit
        Sum of squared distances to the published points of the Lorenz curve, by form tried;
        zero for interpolation, which meets them.
    asked
        Whether the form was asked for rather than chosen.
    """

    form: Form
    distribution: Distribution
    reason: str
    misfit: dict[str, float]
    asked: bool = False

    def measures(self, line: float, *, level: float | None = None) -> Measures:
        """Poverty and inequality at a line, with intervals from the error of the method.

        Parameters
        ----------
        line
            Poverty line, unit of the mean.
        level
            0.5, 0.8 or 0.9: for which the error of the method was measured, see
            :func:`typical_error`. Default from the parameter table.

        Notes
        -----
        The interval tells how far the method is from the microdata of the same survey; the
        sampling error of the survey is not published and not in it. Of the Watts index and
        the Gini coefficient no interval is given.
        """
        return grouped_measures(self, line, level=level)

    def summary(self) -> str:
        """Form, reason and misfits."""
        tried = ", ".join(f"{name} {x:.2e}" for name, x in self.misfit.items())
        return f"{self.form}: {self.reason}\n  squared misfit: {tried}"

    def to_polars(self) -> pl.DataFrame:
        """One row a form that was tried, with its misfit and whether it was chosen."""
        tried = self.misfit or {self.form: None}
        table = pl.DataFrame({"form": list(tried), "misfit": list(tried.values())})
        return table.with_columns(chosen=pl.col("form") == self.form)


def fit_grouped(
    shares: ArrayLike,
    mean: float,
    *,
    thresholds: ArrayLike | None = None,
    line: float | None = None,
    form: Form | None = None,
) -> GroupedFit:
    """Fit a distribution to published shares of equal groups.

    Parameters
    ----------
    shares
        Share of income of each group, poorest first, fractions or per cent, shape ``(g,)``.
    mean
        Mean income.
    thresholds
        Incomes between the groups, shape ``(g - 1,)``. With them the distribution is
        interpolated: this is by far the most accurate.
    line
        Poverty line, which the rule of PIP to choose between curves needs; without it the
        curve closest to all points is taken.
    form
        To have this one, rather than the best.

    Returns
    -------
    GroupedFit

    Raises
    ------
    DataError
        Shares that do not sum, thresholds that fall, an unknown form.

    Notes
    -----
    Rule of the World Bank's Poverty and Inequality Platform: valid and normal curves first,
    then the smaller misfit up to the line. The lognormal is used where both fail.

    Examples
    --------
    >>> from corridors.remittances.welfare import fit_grouped
    >>> shares = [3.5, 4.4, 5.4, 6.3, 7.3, 8.5, 9.9, 11.8, 15.0, 27.9]
    >>> fit = fit_grouped(shares, 2.911786, line=1.9)
    >>> fit.form, round(fit.distribution.headcount(1.9), 2)
    ('quadratic', 0.37)
    """
    share, mean = clean_shares(shares), positive_mean(mean)
    if form is not None and form not in ("interpolated", *_CURVES):
        raise DataError(f"unknown form {form!r}", remedy=f"give interpolated, {', '.join(_CURVES)}")
    if form == "interpolated" or (form is None and thresholds is not None):
        if thresholds is None:
            raise DataError("interpolation needs thresholds", remedy="give thresholds=")
        found = Interpolated.of(share, thresholds, mean)
        reason = "thresholds and shares are published: both are met in every group"
        return GroupedFit("interpolated", found, reason, {"interpolated": 0.0})
    p = np.arange(1, share.size + 1) / share.size
    return fit_points(p, np.cumsum(share), mean, line=line, form=form)


def fit_points(
    p: ArrayLike, share: ArrayLike, mean: float, *, line: float | None = None, form: Form | None = None
) -> GroupedFit:
    """Fit Lorenz curves to any points and choose, as :func:`fit_grouped` does for equal groups.

    Parameters
    ----------
    p, share
        Cumulated fractions of people and of income, shape ``(g,)``, the last both one.
    mean, line, form
        As in :func:`fit_grouped`.
    """
    mean = positive_mean(mean)
    people, income = np.asarray(p, dtype=np.float64), np.asarray(share, dtype=np.float64)
    if people.shape != income.shape or people.ndim != 1 or people.size < 4:
        raise DataError("give at least four points of the Lorenz curve")
    rising = (np.diff(people) > 0).all() and (np.diff(income) > 0).all() and people[0] > 0 < income[0]
    if not rising or abs(people[-1] - 1) > 1e-9 or abs(income[-1] - 1) > 1e-9:
        raise DataError("points of a Lorenz curve rise from above zero to (1, 1)")
    if (income[:-1] >= people[:-1]).any():
        raise DataError("a Lorenz curve lies below the line of equality")
    curves = {name: curve.fit(people, income, mean) for name, curve in _CURVES.items()}
    misfit = {name: _misfit(curve, people, income) for name, curve in curves.items()}
    if form is not None:
        return GroupedFit(form, curves[form], "asked for", misfit, asked=True)
    chosen, reason = _choose(curves, misfit, people, income, line)
    return GroupedFit(chosen, curves[chosen], reason, misfit)


def grouped_measures(fit: GroupedFit, line: float, *, level: float | None = None) -> Measures:
    """Poverty and inequality of a fitted distribution; see :meth:`GroupedFit.measures`.

    Examples
    --------
    >>> from corridors.remittances.welfare import fit_grouped
    >>> fit = fit_grouped([8, 13, 17, 23, 39], 5.0, thresholds=[2.6, 3.7, 5.0, 7.3])
    >>> [round(x, 4) for x in fit.measures(3.0).interval("headcount")]
    [0.2471, 0.2506]
    """
    z = poverty_line(line)
    covered = coverage(level)
    found = fit.distribution
    value = np.array([found.fgt(z, 0), found.fgt(z, 1), found.fgt(z, 2), found.watts(z), found.gini()])
    method = fit.form if fit.asked or fit.form == "interpolated" else "best"
    reach = typical_error(method, zone(fit, z), covered)
    wide = np.concatenate([reach, [np.nan, np.nan]])
    name = ("headcount", "poverty_gap", "poverty_severity", "watts", "gini")
    lower, upper = np.maximum(value - wide, 0.0), np.minimum(value + wide, 1.0)
    unknown = np.full(5, np.nan)
    note = found.note if isinstance(found, Interpolated) else ()
    return Measures(name, value, unknown, lower, upper, covered, f"{fit.form}; {fit.reason}", note)


def zone(fit: GroupedFit, line: float) -> str:
    """Where the line lies: ``below``, ``between`` or ``above`` the outer thresholds.

    For curves without thresholds, their own quantiles at the first and last tenth.
    """
    found = fit.distribution
    if isinstance(found, Interpolated):
        first, last = float(found.thresholds[0]), float(found.thresholds[-1])
    else:
        first, last = (float(x) for x in found.quantile([0.1, 0.9]))
    return "below" if line < first else "above" if line > last else "between"


def _misfit(curve: Distribution, p: Array, share: Array) -> float:
    return float(((curve.lorenz(p[:-1]) - share[:-1]) ** 2).sum())


def _choose(
    curves: dict[str, Quadratic | Beta | Lognormal],
    misfit: dict[str, float],
    p: Array,
    share: Array,
    line: float | None,
) -> tuple[Form, str]:
    quadratic, beta = curves["quadratic"], curves["beta"]
    heads = {"quadratic": np.nan, "beta": np.nan}
    if line is not None:
        heads = {name: curves[name].headcount(line) for name in heads}
    normal = {
        "quadratic": quadratic.normal() and (line is None or np.isfinite(heads["quadratic"])),
        "beta": beta.normal() and (line is None or 0 < heads["beta"] < 1),
    }
    if not (normal["quadratic"] or normal["beta"]):
        return "lognormal", "neither the quadratic nor the beta curve is a proper Lorenz curve here"
    if line is None:
        best: Form = "quadratic" if misfit["quadratic"] <= misfit["beta"] else "beta"
        if not normal[best]:
            best = "beta" if best == "quadratic" else "quadratic"
        return best, "closest to the published points among proper Lorenz curves"
    flag = 8 * quadratic.valid() + 4 * beta.valid() + 2 * normal["quadratic"] + normal["beta"]
    if flag in _BETA_FLAGS:
        return "beta", f"rule of PIP, case {flag}"
    if flag in _CLOSER_FLAGS:
        near = {name: _misfit_to(curves[name], p, share, heads[name]) for name in heads}
        best = "quadratic" if near["quadratic"] <= near["beta"] else "beta"
        return best, f"rule of PIP, case {flag}: closer to the points up to the line"
    return "quadratic", f"rule of PIP, case {flag}"


def _misfit_to(curve: Distribution, p: Array, share: Array, poor: float) -> float:
    # Up to the first point beyond the line, as PIP does.
    last = min(int((p < poor).sum()) + 1, p.size - 1)
    return float(((curve.lorenz(p[:last]) - share[:last]) ** 2).sum())


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
