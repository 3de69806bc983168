"""Poverty from cross-country elasticities: an alternative to simulation, never on top of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NoReturn

import numpy as np
import polars as pl

from corridors.errors import DataError, NotFound
from corridors.numerics.intervals import z_of_level
from corridors.parameters import parameters
from corridors.remittances.welfare.counterfactual import Comparison
from corridors.remittances.welfare.incidence import GroupedRemoval
from corridors.remittances.welfare.measured import coverage
from corridors.results import Result


@dataclass(frozen=True, slots=True)
class PovertyElasticity:
    """Per cent change of the poor for one per cent more of something, across countries.

    Attributes
    ----------
    estimate
        The elasticity.
    standard_error
        None where it was not published in a text that was checked.
    with_respect_to
        ``remittances`` per head or ``migrants`` in the population.
    quantity, sample, source, status
        What was measured, on whom, by whom, and how far that was checked.
    """

    estimate: float
    standard_error: float | None
    with_respect_to: str
    quantity: str
    sample: str
    source: str
    status: str


@dataclass(frozen=True, slots=True)
class MacroEffect(Result, keys=("measure",)):
    """Headcount after a change, by a cross-country elasticity.

    It can not be added to a simulation on households: the elasticity already contains what
    households do, and more; both together would count remittances twice.

    Attributes
    ----------
    headcount
        Before the change, fraction.
    after
        After it.
    lower, upper
        Interval of ``after``; NaN where no standard error was published.
    change
        Relative change of what the elasticity refers to.
    elasticity
        Which.
    form
        ``linear`` or ``constant``.
    """

    headcount: float
    after: float
    lower: float
    upper: float
    change: float
    elasticity: PovertyElasticity
    form: str

    def __add__(self, other: object) -> NoReturn:
        """Refused: effects of different methods are alternatives."""
        combine(self, other)
        raise AssertionError

    __radd__ = __add__

    def to_polars(self) -> pl.DataFrame:
        """One row."""
        frame = pl.DataFrame(
            {"measure": ["headcount"], "before": [self.headcount], "after": [self.after],
             "lower": [self.lower], "upper": [self.upper], "elasticity": [self.elasticity.estimate],
             "with_respect_to": [self.elasticity.with_respect_to], "source": [self.elasticity.source]}
        )  # fmt: skip
        return frame.with_columns(pl.col("lower", "upper").fill_nan(None))

    def summary(self) -> str:
        """One line, and what is missing."""
        first = (
            f"headcount {self.headcount:.4f} -> {self.after:.4f} for {self.change:+.0%} "
            f"{self.elasticity.with_respect_to} (elasticity {self.elasticity.estimate:g})"
        )
        if self.elasticity.standard_error is None:
            return first + "\n  no interval: its standard error is not in the text that was checked"
        return first + f"\n  interval {self.lower:.4f} to {self.upper:.4f}"


def combine(*effects: object) -> NoReturn:
    """Always refused, with the reason.

    Examples
    --------
    >>> from corridors.remittances.welfare import macro_effect
    >>> once = macro_effect(0.2, 0.1)
    >>> once + once
    Traceback (most recent call last):
    corridors.errors.DataError: two estimates of the same effect can not be added
    """
    micro = any(isinstance(effect, (Comparison, GroupedRemoval)) for effect in effects)
    if micro:
        raise DataError(
            "a cross-country elasticity can not be stacked on a simulation of households",
            "both measure the same remittances: together they would be counted twice",
            "show them side by side",
        )
    raise DataError(
        "two estimates of the same effect can not be added",
        remedy="apply the elasticity once, to the whole change",
    )


def poverty_elasticity(
    with_respect_to: Literal["remittances", "migrants"] = "remittances",
) -> PovertyElasticity:
    """Elasticity of the share of poor people by Adams and Page (2005).

    Parameters
    ----------
    with_respect_to
        Official remittances per head, or international migrants in the population.

    Examples
    --------
    >>> from corridors.remittances.welfare import poverty_elasticity
    >>> poverty_elasticity().estimate, poverty_elasticity("migrants").estimate
    (-0.35, -0.21)
    """
    row = parameters().get(f"poverty_elasticity_{with_respect_to}")
    if row is None:
        raise NotFound(f"no elasticity with respect to {with_respect_to!r}", "known: remittances, migrants")
    return PovertyElasticity(
        row.value, None, with_respect_to, "share of people below USD 1 a day",
        "71 developing countries, instrumented", row.source, row.source_status,
    )  # fmt: skip


def macro_effect(
    headcount: float,
    change: float,
    *,
    elasticity: PovertyElasticity | None = None,
    form: Literal["linear", "constant"] = "linear",
    level: float | None = None,
) -> MacroEffect:
    """Headcount after a change of remittances, by a cross-country elasticity.

    Parameters
    ----------
    headcount
        Share of poor people now, fraction.
    change
        Relative change of remittances: 0.1 for ten per cent more, not below -1.
    elasticity
        Default that of :func:`poverty_elasticity`.
    form
        ``linear``: ``1 + e * change``, as the authors put it; ``constant``:
        ``(1 + change) ** e``, which also holds for large changes.
    level
        Coverage of the interval, where there is a standard error.

    Returns
    -------
    MacroEffect

    Notes
    -----
    Elasticities across countries of a dollar-a-day line, not the effect in any one country.

    Examples
    --------
    >>> from corridors.remittances.welfare import macro_effect
    >>> round(macro_effect(0.2, 0.1).after, 4)
    0.193
    >>> round(macro_effect(1.0, 0.1, form="constant").after, 3)
    0.967
    """
    used = poverty_elasticity() if elasticity is None else elasticity
    if not 0 <= headcount <= 1:
        raise DataError(f"the headcount is a fraction, not {headcount}")
    if not change >= -1 or (form == "constant" and change == -1):
        raise DataError(f"a change of {change} leaves nothing to apply an elasticity to")
    if form not in ("linear", "constant"):
        raise DataError(f"unknown form {form!r}", remedy="give linear or constant")

    def after(slope: float) -> float:
        factor = 1 + slope * change if form == "linear" else (1 + change) ** slope
        return float(np.clip(headcount * factor, 0.0, 1.0))

    ends = (float("nan"), float("nan"))
    if used.standard_error is not None:
        reach = z_of_level(coverage(level)) * used.standard_error
        low, high = sorted((after(used.estimate - reach), after(used.estimate + reach)))
        ends = (low, high)
    return MacroEffect(headcount, after(used.estimate), *ends, change, used, form)
