"""Reconcile corridors with what recipients and senders report, without forcing what can not agree.

Recorded inflows of the world exceed recorded outflows by hundreds of billions. Forcing both on a
matrix destroys its best-known corridors. Here each total is held as firmly as it is reliable, and what
no sender accounts for goes to a residual sender.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import ArrayLike

from corridors.errors import DataError
from corridors.numerics.soft_totals import Totals, fit_soft
from corridors.numerics.typing import Array
from corridors.parameters import value
from corridors.remittances.matrix.reported_totals import Stack, raise_infeasible, refuse_stranded
from corridors.results import Result

RELIABILITY = ("exact", "high", "medium", "low", "none")


@dataclass(frozen=True, slots=True)
class Reconciled(Result, keys=("sending",)):
    """Corridors reconciled with reported totals.

    Attributes
    ----------
    table
        Recipient by sender, shape ``(m, n)``, unit of the totals.
    rest
        What no sender accounts for, by recipient, shape ``(m,)``.
    inflow
        Reported inflows, shape ``(m,)``; NaN where not reported.
    outflow
        Reported outflows, shape ``(n,)``; NaN where not reported.
    sender_factor, recipient_factor
        By what the prior was multiplied, shapes ``(n,)`` and ``(m,)``.
    residual
        Largest relative distance of a total from the optimum: of an exact one, from its report.
    steps
        Newton steps.
    senders
        Names of the ``n`` senders, or their positions.
    """

    table: Array
    rest: Array
    inflow: Array
    outflow: Array
    sender_factor: Array = field(repr=False)
    recipient_factor: Array = field(repr=False)
    residual: float
    steps: int
    senders: tuple[str, ...] = field(repr=False)

    @property
    def total(self) -> float:
        """World total, the residual sender included."""
        return float(self.table.sum() + self.rest.sum())

    def to_polars(self) -> pl.DataFrame:
        """Senders: reported and fitted outflow, their difference, and the factor on the prior."""
        fitted = self.table.sum(0)
        return pl.DataFrame(
            {
                "sending": self.senders,
                "reported": self.outflow,
                "fitted": fitted,
                "difference": fitted - self.outflow,
                "factor": self.sender_factor,
            }
        ).with_columns(pl.col("reported", "difference").fill_nan(None))

    def summary(self) -> str:
        """World total, reported outflows, the residual sender, and the largest differences."""
        known = self.outflow > 0
        lines = [
            f"total {self.total:,.0f}, of which residual sender {self.rest.sum():,.0f}",
            f"reporting senders: reported {self.outflow[known].sum():,.0f}, "
            f"fitted {self.table.sum(0)[known].sum():,.0f}",
        ]
        gap = np.where(known, self.table.sum(0) - self.outflow, 0.0)
        order = [j for j in np.argsort(-np.abs(gap))[:5].tolist() if known[j]]
        lines += [f"  {self.senders[j]}: {self.outflow[j]:,.0f} reported, {gap[j]:+,.0f}" for j in order]
        return "\n".join(lines)


def relative_error(reliability: str) -> float:
    """Relative standard error of a total of a reliability class.

    Parameters
    ----------
    reliability
        ``exact`` (0), ``high``, ``medium``, ``low`` (parameters ``remittance_sd_…``) or
        ``none`` (infinite: the total binds nothing).

    Examples
    --------
    >>> from corridors.remittances.matrix import relative_error
    >>> relative_error("exact"), relative_error("none")
    (0.0, inf)
    """
    if reliability not in RELIABILITY:
        raise DataError(f"unknown reliability: {reliability!r}", f"known: {', '.join(RELIABILITY)}")
    if reliability in ("exact", "none"):
        return 0.0 if reliability == "exact" else float("inf")
    return value(f"remittance_sd_{reliability}")


def reconcile(
    prior: ArrayLike,
    inflow: ArrayLike,
    outflow: ArrayLike,
    *,
    outflow_sd: ArrayLike,
    inflow_sd: ArrayLike = 0.0,
    prior_sd: float | None = None,
    rest_share: float | None = None,
    labels: tuple[Sequence[str], Sequence[str]] | None = None,
) -> Reconciled:
    """Matrix nearest to a prior that respects reported totals as far as they are reliable.

    Parameters
    ----------
    prior
        Non-negative, shape ``(m, n)``, recipient by sender: of a rule, a gravity model, or any seed. Each
        row is scaled to its inflow first. A zero cell stays zero.
    inflow, outflow
        Reported totals, shapes ``(m,)`` and ``(n,)``, USD million; NaN where not reported, which frees
        the total. A reported outflow of 0 frees it too, unless exact: softly, zero can not be approached.
    outflow_sd, inflow_sd
        Relative standard errors, one number or one each; 0 is exact, infinite is free; see
        :func:`relative_error`.
    prior_sd
        Relative standard error of the prior's cells (parameter ``remittance_prior_sd``). Only its ratio
        to those of the totals matters.
    rest_share
        Share of each inflow that the prior gives to the residual sender, whose total is free (parameter
        ``remittance_rest_share``); 0 for none.
    labels
        Names of recipients and of senders.

    Returns
    -------
    Reconciled

    Raises
    ------
    DataError
        Values negative, not finite, or of wrong shape.
    InfeasibleError
        Exact totals that contradict each other or the zeros; names them with the least change.

    Notes
    -----
    Least ``KL(T|Q)/prior_sd² + sum KL(total|reported)/sd²``: to second order, least squares of
    relative errors weighted by dollars, and unlike them homogeneous and never negative.

    Examples
    --------
    >>> from corridors.remittances.matrix import reconcile
    >>> fit = reconcile([[0, 80], [20, 0]], [80, 20], [10, 40], outflow_sd=0.5, prior_sd=0.5, rest_share=0.1)
    >>> fit.table.round(1).tolist(), fit.rest.round(1).tolist(), round(fit.total, 9)
    ([[0.0, 67.4], [16.8, 0.0]], [12.6, 3.2], 100.0)
    """
    return reconcile_years(
        [prior],
        [inflow],
        [outflow],
        outflow_sd=outflow_sd,
        inflow_sd=inflow_sd,
        prior_sd=prior_sd,
        rest_share=rest_share,
        labels=labels,
    )[0]


def reconcile_years(
    priors: Sequence[ArrayLike],
    inflows: Sequence[ArrayLike],
    outflows: Sequence[ArrayLike],
    *,
    outflow_sd: ArrayLike,
    inflow_sd: ArrayLike = 0.0,
    prior_sd: float | None = None,
    rest_share: float | None = None,
    labels: tuple[Sequence[str], Sequence[str]] | None = None,
) -> tuple[Reconciled, ...]:
    """Reconcile several years at once, with one factor of each sender for all years.

    A sender that records half of what leaves it does so every year. One factor keeps
    the years comparable: a year without a report takes the mean ratio of report to prior, and a
    jump of one report does not make corridors jump. Exact senders meet the sum of their
    reports, not each; recipients meet each year's inflow.

    Parameters
    ----------
    priors, inflows, outflows
        One of each year, the same places in the same order, as in :func:`reconcile`.
    outflow_sd, inflow_sd, prior_sd, rest_share, labels
        As in :func:`reconcile`.

    Returns
    -------
    tuple of Reconciled
        One of each year.

    Examples
    --------
    >>> from corridors.remittances.matrix import reconcile_years
    >>> one = ([[0, 80], [20, 0]], [80, 20], [10, 40])
    >>> two = ([[0, 90], [25, 0]], [90, 25], [10, float("nan")])
    >>> both = reconcile_years(*zip(one, two), outflow_sd=0.5, prior_sd=0.5, rest_share=0.1)
    >>> bool((both[0].sender_factor == both[1].sender_factor).all())
    True
    """
    stacked = Stack.of(priors, inflows, outflows, outflow_sd, inflow_sd, labels)
    cv = value("remittance_prior_sd") if prior_sd is None else prior_sd
    rest = value("remittance_rest_share") if rest_share is None else rest_share
    if not cv > 0 or not 0 <= rest < 1:
        raise DataError("prior_sd must be positive, and rest_share from 0 to below 1")
    seed = np.column_stack([(1 - rest) * stacked.prior, rest * stacked.mass])
    rows = Totals(np.nan_to_num(stacked.inflow), _weights(stacked.inflow, stacked.inflow_sd, cv))
    columns = Totals(
        np.append(np.nan_to_num(stacked.outflow_sum), 0.0),
        np.append(_weights(stacked.outflow_sum, stacked.outflow_sd, cv), 0.0),
    )
    seed[np.isinf(rows.weight) & (rows.wanted == 0)] = 0.0
    seed[:, np.isinf(columns.weight) & (columns.wanted == 0)] = 0.0
    # A soft report of a sender without any corridor can not be approached: it binds nothing.
    columns.weight[~(seed > 0).any(0) & np.isfinite(columns.weight)] = 0.0
    refuse_stranded(seed, rows, columns, stacked.labels)
    unit = float(seed.sum()) or 1.0
    fit = fit_soft(
        seed / unit, Totals(rows.wanted / unit, rows.weight), Totals(columns.wanted / unit, columns.weight)
    )
    if fit is None:
        raise_infeasible(seed, rows, columns, stacked.labels)
    parts = zip(
        np.split(fit.table * unit, len(priors)),
        np.split(stacked.inflow, len(priors)),
        stacked.outflows,
        np.split(np.exp(fit.rows), len(priors)),
        strict=True,
    )
    factors = np.exp(fit.columns)[:-1]
    return tuple(
        Reconciled(t[:, :-1], t[:, -1], i, o, factors, row, fit.residual, fit.steps, stacked.labels[1])
        for t, i, o, row in parts
    )


def _weights(totals: Array, sd: Array, cv: float) -> Array:
    with np.errstate(divide="ignore"):
        weight = np.where(sd > 0, (cv / sd) ** 2, np.inf)
    return np.where(np.isnan(totals), 0.0, weight)
