"""What a bond sold to a diaspora saves the issuer, and who might buy it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import ArrayLike

from corridors.errors import DataError
from corridors.numerics.typing import Array
from corridors.remittances.bonds.cash_flows import (
    CashFlows,
    Repayment,
    bond_cash_flows,
    bond_yield,
    check_rate,
    discount_factors,
)
from corridors.results import Result


@dataclass(frozen=True, slots=True)
class DiasporaBond(Result, keys=("time",)):
    """A bond issued at par below the market yield.

    Attributes
    ----------
    flows
        Payments at the diaspora's yield.
    benchmark, discount
        Market yield, and how much less the diaspora accepts.
    cost
        Costs of issuance, paid at the start.
    interest_saved
        By date, ``B_t (y_market - y_diaspora) / frequency``, shape ``(T,)``.
    present_value
        Interest saved, discounted at the benchmark, less costs.
    all_in
        Yield that the issuer pays, costs of issuance included.
    break_even
        Discount at which the savings pay for the costs, not discounted.
    """

    flows: CashFlows
    benchmark: float
    discount: float
    cost: float
    interest_saved: Array
    present_value: float
    all_in: float
    break_even: float

    @property
    def diaspora_yield(self) -> float:
        """Benchmark less patriotic discount."""
        return self.benchmark - self.discount

    @property
    def saving(self) -> float:
        """``sum_t B_t (y_market - y_diaspora)`` less costs, not discounted."""
        return float(self.interest_saved.sum()) - self.cost

    def to_polars(self) -> pl.DataFrame:
        """One row a date, with the interest saved."""
        return self.flows.to_polars().with_columns(interest_saved=self.interest_saved)

    def summary(self) -> str:
        """The verdict in words."""
        return "\n".join(
            [
                f"diaspora bond of {self.flows.principal.sum():,.6g}, {self.flows.time[-1]:g} years",
                f"  yield          {self.diaspora_yield:.3%}  (market {self.benchmark:.3%})",
                f"  with its costs {self.all_in:.3%}",
                f"  saving         {self.saving:,.6g}  (present value {self.present_value:,.6g})",
                f"  breaks even at a discount of {self.break_even:.3%}",
            ]
        )


def diaspora_bond(
    face: float,
    benchmark: float,
    discount: float,
    years: float,
    *,
    frequency: int = 2,
    repayment: Repayment = "bullet",
    fixed_cost: float = 0.0,
    cost_rate: float = 0.0,
) -> DiasporaBond:
    """What a bond at ``benchmark - discount`` saves against borrowing in the market.

    Parameters
    ----------
    face, years, frequency, repayment
        As in :func:`bond_cash_flows`.
    benchmark
        Yield that the market asks of the issuer, as a fraction.
    discount
        Patriotic discount: how much less the diaspora accepts, as a fraction. There is no default; a
        negative one is a premium.
    fixed_cost, cost_rate
        Cost of issuance (registration, marketing): an amount, and a share of the principal.

    Notes
    -----
    Ketkar and Ratha (2010). The interest saved, discounted at the benchmark, is exactly the principal
    less the market price of the same payments.

    Examples
    --------
    >>> from corridors.remittances.bonds import diaspora_bond
    >>> bond = diaspora_bond(300, 0.08, 0.02, 5, fixed_cost=4)
    >>> round(bond.saving, 6), round(bond.break_even, 6), round(bond.all_in, 5)
    (26.0, 0.002667, 0.06315)
    """
    for name, rate in (("benchmark", benchmark), ("discount", discount), ("cost_rate", cost_rate)):
        check_rate(name, rate)
    if benchmark < discount:
        raise DataError(f"a discount of {discount:.2%} makes a yield of {benchmark:.2%} negative")
    if not (fixed_cost >= 0 and cost_rate >= 0 and fixed_cost + cost_rate * face < face):
        raise DataError("costs of issuance are negative or eat up the principal")
    flows = bond_cash_flows(face, benchmark - discount, years, frequency=frequency, repayment=repayment)
    cost = fixed_cost + cost_rate * face
    saved = flows.outstanding * discount / frequency
    return DiasporaBond(
        flows,
        benchmark,
        discount,
        cost,
        saved,
        float((saved * discount_factors(flows, benchmark)).sum()) - cost,
        bond_yield(flows, face - cost),
        cost * frequency / float(flows.outstanding.sum()),
    )


def bond_demand(
    savings: ArrayLike,
    *,
    participation: float,
    portfolio_share: float,
    default_aversion: float = 0.0,
) -> Array:
    """What a diaspora might buy in a year: savings x participation x portfolio share x (1 - aversion).

    Parameters
    ----------
    savings
        Yearly savings of the diaspora, any shape; see :func:`diaspora_savings`.
    participation
        Share of savers who would buy at all.
    portfolio_share
        Share of their savings that they would put in it.
    default_aversion
        Share of these who stay away for fear of default.

    Notes
    -----
    Ketkar and Ratha (2010). No survey gives the shares for all countries: they have no defaults.

    Examples
    --------
    >>> from corridors.remittances.bonds import bond_demand
    >>> float(bond_demand(5_000, participation=0.1, portfolio_share=0.2, default_aversion=0.5).round(6))
    50.0
    """
    amounts = np.asarray(savings, dtype=np.float64)
    shares = {
        "participation": participation,
        "portfolio_share": portfolio_share,
        "default_aversion": default_aversion,
    }
    for name, share in shares.items():
        if not 0 <= share <= 1:
            raise DataError(f"{name} can not be {share}", remedy="give a share from 0 to 1")
    if (amounts < 0).any():
        raise DataError("savings are negative")
    return amounts * (participation * portfolio_share * (1 - default_aversion))
