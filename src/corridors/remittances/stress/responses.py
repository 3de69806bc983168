"""How remittances respond to each kind of shock."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import cast

import numpy as np
from numpy.typing import ArrayLike

from corridors.errors import DataError
from corridors.numerics.typing import Array
from corridors.remittances.elasticities import (
    CostResponse,
    ExchangeRateElasticity,
    HomeIncomeElasticity,
    HostIncomeElasticity,
    elasticity,
)


@dataclass(frozen=True, slots=True, eq=False)
class WorldBankHostIncome:
    """The World Bank's projection: ``R (1 + e_j g_j)``, an elasticity for each host.

    Attributes
    ----------
    value
        Elasticities by host, shape ``(n,)``; see :func:`world_bank_elasticity`.

    Notes
    -----
    Mohapatra and Ratha (2010), box 17.4 in *The Day After Tomorrow*. No error of the elasticities is
    known: intervals then only have those of the other responses and of the corridors.

    Examples
    --------
    >>> from corridors.remittances.stress import WorldBankHostIncome
    >>> WorldBankHostIncome([1.0, 2.0]).ratio([-0.05, -0.05]).tolist()
    [0.95, 0.9]
    """

    value: ArrayLike

    def at(self, probability: float) -> WorldBankHostIncome:
        """Itself: it has no distribution."""
        return self

    def ratio(self, change: ArrayLike) -> Array:
        """``1 + e g``, not below zero."""
        e = np.asarray(self.value, dtype=np.float64)
        if not np.isfinite(e).all():
            raise DataError("elasticities of hosts are missing")
        g = np.asarray(change, dtype=np.float64)
        if e.ndim and g.ndim and e.shape != g.shape:
            raise DataError(f"there are {e.size} elasticities for {g.size} hosts")
        return np.maximum(1 + e * g, 0.0)


@dataclass(frozen=True, slots=True)
class Responses:
    """The elasticities of a projection, each of its own type.

    Attributes
    ----------
    host_income
        To income where the senders live.
    home_income
        To income where the receivers live.
    exchange_rate
        Of home-currency remittances to home currency per unit of host currency.
    cost
        To the cost of sending: any of the three kinds.

    Examples
    --------
    >>> from corridors.remittances.elasticities import HostIncomeElasticity
    >>> from corridors.remittances.stress import default_responses
    >>> default_responses(host_income=HostIncomeElasticity(1.0)).host_income
    HostIncomeElasticity(value=1.0, se=None)
    """

    host_income: HostIncomeElasticity | WorldBankHostIncome
    home_income: HomeIncomeElasticity
    exchange_rate: ExchangeRateElasticity
    cost: CostResponse

    def __post_init__(self) -> None:
        kinds: dict[str, tuple[type, ...]] = {
            "host_income": (HostIncomeElasticity, WorldBankHostIncome),
            "home_income": (HomeIncomeElasticity,),
            "exchange_rate": (ExchangeRateElasticity,),
            "cost": (CostResponse,),
        }
        for field in fields(self):
            given, wanted = getattr(self, field.name), kinds[field.name]
            if not isinstance(given, wanted):
                names = " or ".join(kind.__name__ for kind in wanted)
                raise DataError(
                    f"the response {field.name} is {given!r}, which is of another kind",
                    remedy=f"give {names}",
                )

    def at(self, host: float, home: float, rate: float, cost: float) -> Responses:
        """The responses at quantiles of their distributions."""
        return Responses(
            self.host_income.at(host),
            self.home_income.at(home),
            self.exchange_rate.at(rate),
            self.cost.at(cost),
        )


def default_responses(
    *,
    host_income: HostIncomeElasticity | WorldBankHostIncome | None = None,
    home_income: HomeIncomeElasticity | None = None,
    exchange_rate: ExchangeRateElasticity | None = None,
    cost: CostResponse | None = None,
) -> Responses:
    """The priors of the registry, except those given.

    Examples
    --------
    >>> from corridors.remittances.stress import default_responses
    >>> default_responses().cost
    GrossCostElasticity(value=-1.5, se=0.7)
    """
    return Responses(
        host_income or cast("HostIncomeElasticity", elasticity("prior_host_income")),
        home_income or cast("HomeIncomeElasticity", elasticity("prior_home_income")),
        exchange_rate or cast("ExchangeRateElasticity", elasticity("prior_exchange_rate")),
        cost or cast("CostResponse", elasticity("prior_cost")),
    )


def world_bank_elasticity(pre_crisis: ArrayLike) -> Array:
    """Half the pre-crisis elasticity, not below 1 and not above 3; 1 where there is none (NaN).

    Notes
    -----
    Mohapatra and Ratha (2010), box 17.4.

    Examples
    --------
    >>> from corridors.remittances.stress import world_bank_elasticity
    >>> world_bank_elasticity([0.5, 4.0, 9.0, float("nan")]).tolist()
    [1.0, 2.0, 3.0, 1.0]
    """
    half = np.asarray(pre_crisis, dtype=np.float64) / 2
    return np.clip(np.where(np.isnan(half), 1.0, half), 1.0, 3.0)


def pre_crisis_elasticity(outflow: ArrayLike, income: ArrayLike, *, least_years: int = 5) -> Array:
    """Slope of log outflows on log incomes of each host over the years before.

    Parameters
    ----------
    outflow, income
        By year and host, shape ``(y, n)``, positive where known, NaN or 0 where not.
    least_years
        Hosts with fewer years known get NaN.

    Examples
    --------
    >>> import numpy as np
    >>> from corridors.remittances.stress import pre_crisis_elasticity
    >>> income = np.array([[1.0], [2], [3], [4], [5]])
    >>> pre_crisis_elasticity(7 * income**1.5, income).round(9).tolist()
    [1.5]
    """
    paid, earned = np.asarray(outflow, dtype=np.float64), np.asarray(income, dtype=np.float64)
    if paid.shape != earned.shape or paid.ndim != 2:
        raise DataError(f"outflows of shape {paid.shape} and incomes of shape {earned.shape} do not fit")
    known = (paid > 0) & (earned > 0)
    years = known.sum(0)
    enough = years >= max(least_years, 2)
    log_paid, log_earned = (np.log(x, out=np.zeros_like(x), where=known) for x in (paid, earned))
    count = np.maximum(years, 1)
    dy, dx = (np.where(known, x - x.sum(0) / count, 0.0) for x in (log_paid, log_earned))
    spread = (dx**2).sum(0)
    usable = enough & (spread > 0)
    return np.divide((dx * dy).sum(0), spread, out=np.full(spread.shape, np.nan), where=usable)
