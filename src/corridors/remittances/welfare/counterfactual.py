"""With and without remittances, from the incomes of households."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import ArrayLike
from scipy.stats import t as student

from corridors.errors import DataError, NotFound
from corridors.numerics.typing import Array
from corridors.parameters import value as parameter
from corridors.remittances.welfare.households import Wanted, estimates
from corridors.remittances.welfare.imputation import Residuals, home_earnings
from corridors.remittances.welfare.measured import coverage
from corridors.remittances.welfare.refusals import incomes, same_length
from corridors.remittances.welfare.survey import Design, linearised_variance, survey_design
from corridors.results import Result

Method = Literal["naive", "imputed"]


@dataclass(frozen=True, slots=True)
class Comparison(Result, keys=("measure",)):
    """Measures with and without remittances.

    Attributes
    ----------
    name
        Names of the ``k`` measures.
    with_value
        As things are, shape ``(k,)``.
    without_value
        In the counterfactual.
    effect
        With less without: what remittances and migration do.
    error, lower, upper
        Of the effect: standard error and interval, of sampling and imputation together.
    bounds
        Effect in the two extremes, shape ``(k, 2)``: migrants would earn nothing at home;
        their households would reach the mean of households without remittances.
    level
        Coverage of the interval.
    method
        ``naive`` or ``imputed``, and how.
    draws
        Number of imputations; 1 for naive removal.
    note
        What a reader must know.
    """

    name: tuple[str, ...]
    with_value: Array
    without_value: Array
    effect: Array
    error: Array
    lower: Array
    upper: Array
    bounds: Array
    level: float
    method: str
    draws: int
    note: tuple[str, ...] = ()

    def __getitem__(self, name: str) -> float:
        """Effect on one measure."""
        if name not in self.name:
            raise NotFound(f"there is no measure {name!r}", f"known: {', '.join(self.name)}")
        return float(self.effect[self.name.index(name)])

    def to_polars(self) -> pl.DataFrame:
        """One row a measure, what is not defined null."""
        frame = pl.DataFrame(
            {
                "measure": self.name,
                "with_remittances": self.with_value,
                "without_remittances": self.without_value,
                "effect": self.effect,
                "error": self.error,
                "lower": self.lower,
                "upper": self.upper,
                "bound_low": self.bounds.min(axis=1),
                "bound_high": self.bounds.max(axis=1),
            }
        )
        return frame.with_columns(pl.col(pl.Float64).fill_nan(None), method=pl.lit(self.method))

    def summary(self) -> str:
        """One line a measure."""
        lines = [f"Effect of remittances, {self.level:.0%} intervals ({self.method})"]
        for k, name in enumerate(self.name):
            lines.append(
                f"  {name:<18}{self.without_value[k]:>10.4f} -> {self.with_value[k]:.4f}"
                f"{self.effect[k]:>+10.4f}  [{self.lower[k]:+.4f}, {self.upper[k]:+.4f}]"
            )
        return "\n".join([*lines, *(f"  Note: {text}" for text in self.note)])


def without_remittances(
    income: ArrayLike,
    remittances: ArrayLike,
    line: float,
    *,
    method: Method,
    covariates: ArrayLike | None = None,
    selection: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    strata: ArrayLike | None = None,
    cluster: ArrayLike | None = None,
    residuals: Residuals = "normal",
    draws: int | None = None,
    floor: float | None = None,
    level: float | None = None,
    seed: int = 0,
) -> Comparison:
    """Poverty and inequality as they are and as they would be without remittances.

    Parameters
    ----------
    income
        Income per person with remittances, shape ``(n,)``.
    remittances
        Their part of it, shape ``(n,)``, not negative; above zero for receiving households.
    line
        Poverty line.
    method
        ``naive`` takes remittances away and puts nothing in their place: migrants would earn
        nothing at home. ``imputed`` gives receiving households the income that households
        like them have without migrants, with its variance.
    covariates
        What income is predicted from, shape ``(n, p)``, as it would be with the migrants at
        home; needed for ``imputed``. A constant is added.
    selection
        What receiving is predicted from, shape ``(n, q)``: corrects for migrants who differ in
        what is not observed (Heckman's two steps). Without it they differ only in covariates.
    weights, strata, cluster
        Of the sample; see :func:`survey_measures`.
    residuals
        ``normal`` or ``empirical`` draws of what the prediction leaves out. ``none`` is known
        to understate poverty and is there to be compared.
    draws
        Imputations; default from the parameter table, at least 20.
    floor, level
        As in :func:`survey_measures`.
    seed
        Same seed, same answer.

    Returns
    -------
    Comparison

    Raises
    ------
    DataError
        Bad incomes, remittances that are negative or above income, no receiving household,
        missing covariates, too few draws.

    Notes
    -----
    Barham and Boucher (1998); Acosta, Calderón, Fajnzylber and López (2008). Each imputation
    refits the model on weights drawn anew (Bayesian bootstrap of clusters); they are combined
    by Rubin's rules. In a simulation with known truth, removal and prediction without
    residuals are both wrong by more than half of the effect, in opposite directions.

    Examples
    --------
    >>> from corridors.remittances.welfare import without_remittances
    >>> found = without_remittances([1, 2, 3, 4], [0, 0, 1, 0], 2.2, method="naive")
    >>> found["headcount"], found.bounds[0].tolist()
    (-0.25, [-0.25, 0.0])
    """
    values, sent = incomes(income), incomes(remittances, "remittances")
    _check_remittances(values, sent)
    wanted = Wanted(line, floor=floor)
    design = survey_design(values.size, weights=weights, strata=strata, cluster=cluster)
    if method == "naive":
        made, how = [values - sent], "naive removal: nothing earned at home"
    elif method == "imputed":
        if covariates is None:
            raise DataError("imputation needs covariates", remedy="give covariates= or method='naive'")
        count = int(parameter("imputation_draws")) if draws is None else draws
        made = home_earnings(
            values, sent > 0, covariates, design, selection=selection,
            residuals=residuals, draws=count, seed=seed,
        )  # fmt: skip
        how = f"imputed home earnings, {residuals} residuals, {count} draws"
    else:
        raise DataError(f"unknown method {method!r}", remedy="give naive or imputed")
    return _compare(values, made, _extremes(values, sent, design), design, wanted, how, level)


def _check_remittances(income: Array, sent: Array) -> None:
    same_length(sent, income.size, "remittances")
    if (sent < 0).any() or (sent > income * (1 + 1e-9)).any():
        bad = int(((sent < 0) | (sent > income * (1 + 1e-9))).sum())
        raise DataError(
            f"remittances must lie between zero and income: {bad} rows do not",
            remedy="income includes remittances; both are per person",
        )
    if not (sent > 0).any() or (sent > 0).all():
        raise DataError("some households must receive remittances and some must not")


def _extremes(income: Array, sent: Array, design: Design) -> list[Array]:
    receives = sent > 0
    others = design.weight[~receives]
    mean = float(others @ income[~receives] / others.sum())
    left = income - sent
    return [left, np.where(receives, np.maximum(left, mean), income)]


def _compare(
    income: Array,
    made: list[Array],
    extremes: list[Array],
    design: Design,
    wanted: Wanted,
    how: str,
    level: float | None,
) -> Comparison:
    value, influence = estimates(income, design.weight, wanted)
    found = [estimates(other, design.weight, wanted) for other in made]
    without = np.array([v for v, _ in found])
    within = np.mean([np.diag(linearised_variance(design, influence - i)) for _, i in found], axis=0)
    m = len(made)
    between = without.var(axis=0, ddof=1) if m > 1 else np.zeros_like(value)
    total = within + (1 + 1 / m) * between
    extra = (1 + 1 / m) * between
    with np.errstate(divide="ignore", invalid="ignore"):
        freedom = np.where(extra > 0, (m - 1) * (total / extra) ** 2, np.inf)
    freedom = np.minimum(np.nan_to_num(freedom, nan=1.0), design.freedom)
    covered = coverage(level)
    effect, error = value - without.mean(0), np.sqrt(total)
    reach = student.ppf(0.5 + covered / 2, np.maximum(freedom, 1)) * error
    bounds = np.stack([value - estimates(x, design.weight, wanted)[0] for x in extremes], axis=1)
    note = ()
    if np.isnan(effect[wanted.names().index("watts")]):
        note = ("watts is not defined where incomes are zero or negative; give floor=",)
    return Comparison(
        wanted.names(), value, without.mean(0), effect, error,
        effect - reach, effect + reach, bounds, covered, how, m, note,
    )  # fmt: skip
