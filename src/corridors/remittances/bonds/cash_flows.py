"""Payments of a bond, their price, yield and duration."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import polars as pl
from scipy.optimize import brentq

from corridors.errors import DataError
from corridors.numerics.typing import Array
from corridors.results import Result

Repayment = Literal["bullet", "equal"]


@dataclass(frozen=True, slots=True)
class CashFlows(Result, keys=("time",)):
    """Payments of a bond, one entry a coupon date, shape ``(T,)``.

    Attributes
    ----------
    time
        Years since issue.
    outstanding
        Principal owed during the period that ends then.
    coupon, principal
        Payments on that date.
    frequency
        Coupon dates a year.
    """

    time: Array
    outstanding: Array
    coupon: Array
    principal: Array
    frequency: int

    @property
    def payment(self) -> Array:
        """Coupon and principal."""
        return self.coupon + self.principal

    def to_polars(self) -> pl.DataFrame:
        """One row a date."""
        names = ("time", "outstanding", "coupon", "principal", "payment")
        return pl.DataFrame({name: getattr(self, name) for name in names})

    def summary(self) -> str:
        """Principal, dates and what is paid in all."""
        return (
            f"{self.principal.sum():,.6g} over {self.time[-1]:g} years, {self.frequency} dates a year: "
            f"pays {self.payment.sum():,.6g}, of it coupons {self.coupon.sum():,.6g}"
        )


def bond_cash_flows(
    face: float, coupon: float, years: float, *, frequency: int = 2, repayment: Repayment = "bullet"
) -> CashFlows:
    """Payments of a bond.

    Parameters
    ----------
    face
        Principal, any currency.
    coupon
        Rate a year on what is owed, as a fraction.
    years
        Maturity; a whole number of coupon periods.
    frequency
        Coupon dates a year.
    repayment
        ``"bullet"``: all at maturity; ``"equal"``: the same principal on each date.

    Examples
    --------
    >>> from corridors.remittances.bonds import bond_cash_flows
    >>> bond_cash_flows(100, 0.05, 2, frequency=1).payment.tolist()
    [5.0, 105.0]
    """
    check_rate("coupon", coupon)
    periods = round(years * frequency)
    if frequency < 1 or periods < 1 or abs(periods - years * frequency) > 1e-9:
        raise DataError(f"{years:g} years are no whole number of periods at {frequency} coupons a year")
    if not 0 < face < np.inf:
        raise DataError(f"the principal can not be {face}")
    if repayment not in get_args(Repayment):
        raise DataError(f"repayment can not be {repayment!r}", remedy="choose 'bullet' or 'equal'")
    principal = np.full(periods, face / periods)
    if repayment == "bullet":
        principal = np.r_[np.zeros(periods - 1), face]
    outstanding = face - np.r_[0.0, np.cumsum(principal)[:-1]]
    time = np.arange(1, periods + 1) / frequency
    return CashFlows(time, outstanding, outstanding * coupon / frequency, principal, frequency)


def bond_price(flows: CashFlows, rate: float) -> float:
    """Value of the payments at a yield a year, compounded at the coupon dates.

    Examples
    --------
    >>> from corridors.remittances.bonds import bond_cash_flows, bond_price
    >>> round(bond_price(bond_cash_flows(100, 0.05, 10), 0.05), 9)
    100.0
    """
    return float((flows.payment * discount_factors(flows, rate)).sum())


def bond_yield(flows: CashFlows, price: float) -> float:
    """Yield a year at which the payments are worth a price.

    Raises
    ------
    DataError
        No yield between -99 % and 1,000 % a period gives the price.

    Examples
    --------
    >>> from corridors.remittances.bonds import bond_cash_flows, bond_price, bond_yield
    >>> flows = bond_cash_flows(100, 0.05, 10)
    >>> round(bond_yield(flows, bond_price(flows, 0.07)), 9)
    0.07
    """
    ends = -0.99 * flows.frequency, 10.0 * flows.frequency
    if not bond_price(flows, ends[1]) < price < bond_price(flows, ends[0]):
        raise DataError(f"no yield makes these payments worth {price:g}")

    def excess(rate: float) -> float:
        return bond_price(flows, rate) - price

    root = brentq(excess, *ends, xtol=1e-14)
    return float(np.asarray(root))


def bond_duration(flows: CashFlows, rate: float) -> tuple[float, float]:
    """Macaulay duration in years, and modified duration ``-d ln P / d y``.

    Notes
    -----
    Modified is Macaulay over ``1 + y / frequency`` (Macaulay 1938).

    Examples
    --------
    >>> from corridors.remittances.bonds import bond_cash_flows, bond_duration
    >>> [round(d, 4) for d in bond_duration(bond_cash_flows(100, 0.05, 10), 0.05)]
    [7.9894, 7.7946]
    """
    worth = flows.payment * discount_factors(flows, rate)
    macaulay = float((flows.time * worth).sum() / worth.sum())
    return macaulay, macaulay / (1 + rate / flows.frequency)


def discount_factors(flows: CashFlows, rate: float) -> Array:
    """Worth today of a unit paid on each date, shape ``(T,)``, at a yield a year."""
    if not rate > -flows.frequency:
        raise DataError(f"a yield can not be {rate}")
    return (1 + rate / flows.frequency) ** -(flows.time * flows.frequency)


def check_rate(name: str, rate: float) -> None:
    """Refuse rates that are no fractions."""
    if not -1 < rate < 1:
        raise DataError(f"the {name} can not be {rate}", remedy="give a fraction: 5 % is 0.05")
