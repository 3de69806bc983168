"""What a cheaper transfer saves, and what it adds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import polars as pl
from numpy.typing import ArrayLike

from corridors.errors import DataError
from corridors.numerics.typing import Array
from corridors.parameters import value
from corridors.remittances.elasticities.costs import CostResponse, costs
from corridors.results import Result
from corridors.wording import counted

Kind = TypeVar("Kind", bound=CostResponse)


@dataclass(frozen=True, slots=True)
class CostCut(Result, keys=("label",)):
    """Gain of a change of cost, for each flow; a dearer transfer gains less than nothing.

    Attributes
    ----------
    label
        Names of the flows; numbers where none were given.
    sent, before, after
        Amount (USD million, or your unit), and costs as fractions.
    static
        Fees saved on the amount sent so far: ``sent (before - after)``; linear in the cut.
    behavioural
        Remittances added because they are cheaper, at the central elasticity.
    lower, upper
        Interval of ``behavioural`` from the standard error; equal to it where there is none.
    receivers
        What reaches receivers; NaN where the incidence was not given.
    elasticity, level
        What was assumed, and the probability of the interval.
    """

    label: tuple[str, ...]
    sent: Array
    before: Array
    after: Array
    static: Array
    behavioural: Array
    lower: Array
    upper: Array
    receivers: Array
    elasticity: CostResponse
    level: float

    def to_polars(self) -> pl.DataFrame:
        """One row a flow; ``receivers`` null where the incidence was not given."""
        names = ("sent", "before", "after", "static", "behavioural", "lower", "upper", "receivers")
        columns = {name: getattr(self, name) for name in names}
        return pl.DataFrame({"label": self.label, **columns}).with_columns(pl.col("receivers").fill_nan(None))

    def summary(self) -> str:
        """Totals in words."""
        e, n = self.elasticity, len(self.label)
        error = "" if e.se is None else f" (standard error {e.se:g})"
        lines = [
            f"{counted(n, 'flow')}, {self.sent.sum():,.6g} sent",
            f"  fees saved on it           {self.static.sum():,.6g}",
            f"  remittances added          {self.behavioural.sum():,.6g}"
            + (f"  [{self.lower.sum():,.6g}, {self.upper.sum():,.6g}]" if e.se else "  (no standard error)"),
            f"  elasticity                 {e.value:g}{error}, {type(e).__name__}",
        ]
        if np.isfinite(self.receivers).all():
            lines.append(f"  reaches receivers          {self.receivers.sum():,.6g}")
        return "\n".join(lines)


def cost_cut(
    sent: ArrayLike,
    before: ArrayLike,
    after: ArrayLike,
    elasticity: CostResponse,
    *,
    receiver_share: float | None = None,
    diversion: float = 0.0,
    labels: Sequence[str] | None = None,
    level: float | None = None,
) -> CostCut:
    """Static and behavioural gain of a change of the cost of sending.

    Parameters
    ----------
    sent
        Amounts sent a year, shape ``(k,)`` or one number, any currency.
    before, after
        Total cost as a fraction of the amount, shapes as ``sent``.
    elasticity
        A typed :class:`CostResponse`; a bare number is refused.
    receiver_share
        Share of the fees saved that is passed on to receivers, 0 to 1. There is no default.
    diversion
        Share of the added remittances that only left informal channels, 0 to 1.
    labels
        Names of the flows.
    level
        Probability of the interval; parameter ``interval_level`` where not given.

    Returns
    -------
    CostCut

    Raises
    ------
    DataError
        Costs that are no fractions, negative amounts, an untyped elasticity.

    Notes
    -----
    ``sent * (before - after)`` and ``sent * (ratio - 1)``; World Bank (2010) for the first, Kpodar and
    Imam (2024) for the second. The elasticity moves all flows of an interval together, so the bounds of
    a sum are the sums of the bounds.

    Examples
    --------
    The five-by-five objective on the 317 billion of 2009, then Kpodar and Imam's cut to 3 %:

    >>> from corridors.remittances.elasticities import cost_cut, elasticity
    >>> eta = elasticity("kpodar_imam_2024_gross")
    >>> float(cost_cut(317, 0.10, 0.05, eta).static[0].round(2))
    15.85
    >>> float(cost_cut(560, 0.065, 0.03, eta).behavioural[0].round(1))
    30.8
    """
    _check_response(elasticity)
    arrays = np.broadcast_arrays(np.atleast_1d(np.asarray(sent, np.float64)), costs(before), costs(after))
    amount, c0, c1 = (np.array(x, dtype=np.float64).ravel() for x in arrays)
    if not (np.isfinite(amount) & (amount >= 0)).all():
        raise DataError("amounts sent are negative or missing")
    for name, share in (("receiver_share", receiver_share), ("diversion", diversion)):
        if share is not None and not 0 <= share <= 1:
            raise DataError(f"{name} can not be {share}", remedy="give a share from 0 to 1")
    label = tuple(map(str, range(amount.size) if labels is None else labels))
    if len(label) != amount.size:
        raise DataError(f"{len(label)} labels were given for {amount.size} flow(s)")
    probability = value("interval_level") if level is None else level
    tail = (1 - probability) / 2
    made = [
        amount * (e.ratio(c0, c1) - 1) for e in (elasticity, elasticity.at(tail), elasticity.at(1 - tail))
    ]
    static = amount * (c0 - c1)
    reaches = np.full_like(static, np.nan)
    if receiver_share is not None:
        reaches = static * receiver_share + made[0] * (1 - diversion)
    low, high = np.min(made, axis=0), np.max(made, axis=0)
    return CostCut(label, amount, c0, c1, static, made[0], low, high, reaches, elasticity, probability)


def implied_elasticity(kind: type[Kind], sent: float, added: float, before: float, after: float) -> Kind:
    """The elasticity that a published gain implies.

    Parameters
    ----------
    kind
        Which of the three.
    sent, added
        Amount sent before, and what the change of cost added to it, same unit.
    before, after
        Costs as fractions.

    Raises
    ------
    DataError
        Costs do not differ, or the gain has the wrong sign for a fall or rise.

    Examples
    --------
    >>> from corridors.remittances.elasticities import CostElasticity, GrossCostElasticity
    >>> from corridors.remittances.elasticities import implied_elasticity
    >>> round(implied_elasticity(GrossCostElasticity, 560, 32, 0.065, 0.03).value, 2)
    -1.66
    >>> round(implied_elasticity(CostElasticity, 560, 32, 0.065, 0.03).value, 3)
    -0.072
    """
    _check_response(kind(0.0))
    if sent <= 0 or added <= -sent or float(before) == float(after):
        raise DataError(
            f"no elasticity follows from {added:g} added to {sent:g} at costs {before:g} and {after:g}",
            remedy="give a positive amount and two costs that differ",
        )
    # Every kind's response is the exponential of its value times a span of the cost.
    span = float(np.log(kind(-1.0).ratio(before, after)))
    return kind(-float(np.log1p(added / sent)) / span)


def _check_response(elasticity: object) -> None:
    if not isinstance(elasticity, CostResponse):
        raise DataError(
            f"the response to cost is {elasticity!r}, and its kind is not said",
            "with respect to c, to 1 + c and per percentage point differ by a factor of about twenty",
            "use CostElasticity, GrossCostElasticity or PerPointElasticity",
        )
