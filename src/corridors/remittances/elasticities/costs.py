"""Elasticities with respect to cost, each kind a type of its own.

Papers report the response of remittances to their cost in three ways that differ by a factor of about
twenty: with respect to the cost *c* as a share of the amount, with respect to *1 + c*, and per percentage
point. Here each is a type; a number alone is refused, and one turns into another only where the cost at
which it does so is said.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, TypeVar

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr, ndtri

from corridors.errors import DataError
from corridors.numerics.typing import Array
from corridors.remittances.elasticities.base import Elasticity

Kind = TypeVar("Kind", bound="CostResponse")


@dataclass(frozen=True, slots=True)
class CostResponse(Elasticity):
    """Response to the total cost of sending; see the three kinds.

    The value is negative or zero; its distribution is normal, cut off at zero.
    """

    def __post_init__(self) -> None:
        super(CostResponse, self).__post_init__()
        if self.value > 0:
            raise DataError(
                f"a cost elasticity can not be {self.value}: dearer transfers do not raise remittances",
                remedy="papers often print the absolute value: put the minus sign back",
            )

    def quantile(self, probability: float) -> float:
        """Quantile of the normal distribution cut off at zero."""
        if not self.se:
            return self.value
        below_zero = float(ndtr(-self.value / self.se))
        return min(self.value + self.se * float(ndtri(probability * below_zero)), 0.0)

    def per_gross(self, cost: float) -> float:
        """What one unit of this kind is in units of :class:`GrossCostElasticity`, at a cost."""
        raise NotImplementedError

    def ratio(self, before: ArrayLike, after: ArrayLike) -> Array:
        """Remittances at the cost after, as a multiple of those at the cost before."""
        raise NotImplementedError

    def to(self, kind: type[Kind], *, at: float) -> Kind:
        """The same response as another kind, exact at one cost and first-order elsewhere.

        Parameters
        ----------
        kind
            The type wanted.
        at
            Cost at which the two have the same slope, as a fraction: 0.065 for 6.5 %.

        Examples
        --------
        >>> from corridors.remittances.elasticities import CostElasticity, GrossCostElasticity
        >>> from corridors.remittances.elasticities import PerPointElasticity
        >>> gross = GrossCostElasticity(-1.6)
        >>> round(gross.to(CostElasticity, at=0.065).value, 4)
        -0.0977
        >>> round(gross.to(PerPointElasticity, at=0.065).value, 4)
        -0.015
        """
        _check_kind(kind, f"{type(self).__name__} can not become")
        cost = float(costs(at, positive=True)[()])
        factor = self.per_gross(cost) / kind(0.0).per_gross(cost)
        return kind(self.value * factor, None if self.se is None else self.se * factor)


class CostElasticity(CostResponse):
    """Per cent more remittances for each per cent of the cost itself: d ln R / d ln c.

    Examples
    --------
    >>> from corridors.remittances.elasticities import CostElasticity
    >>> float(CostElasticity(-0.07).ratio(0.065, 0.03).round(4))
    1.0556
    """

    __slots__ = ()
    kind: ClassVar[str] = "cost"

    def per_gross(self, cost: float) -> float:
        """``(1 + c) / c``."""
        return (1 + cost) / cost

    def ratio(self, before: ArrayLike, after: ArrayLike) -> Array:
        """``(c1 / c0) ** value``; costs are positive fractions."""
        return (costs(after, positive=True) / costs(before, positive=True)) ** self.value


class GrossCostElasticity(CostResponse):
    """Per cent more remittances for each per cent of what one dollar received costs: d ln R / d ln(1 + c).

    A sender with a fixed budget, fee included, has -1.

    Examples
    --------
    >>> from corridors.remittances.elasticities import GrossCostElasticity
    >>> float(GrossCostElasticity(-1.6).ratio(0.065, 0.03).round(4))
    1.0549
    """

    __slots__ = ()
    kind: ClassVar[str] = "one_plus_cost"

    def per_gross(self, cost: float) -> float:
        """One."""
        return 1.0

    def ratio(self, before: ArrayLike, after: ArrayLike) -> Array:
        """``((1 + c1) / (1 + c0)) ** value``."""
        return ((1 + costs(after)) / (1 + costs(before))) ** self.value


class PerPointElasticity(CostResponse):
    """Relative change of remittances for each percentage point of cost: d ln R / d(100 c).

    Minus 1.5 % a point is -0.015.

    Examples
    --------
    >>> from corridors.remittances.elasticities import PerPointElasticity
    >>> float(PerPointElasticity(-0.0155).ratio(0.065, 0.03).round(4))
    1.0557
    """

    __slots__ = ()
    kind: ClassVar[str] = "per_point"

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.value < -1:
            raise DataError(
                f"a response of {self.value} a percentage point would be {self.value:.0%}",
                remedy="give a fraction: -1.5 % a point is -0.015; or use GrossCostElasticity",
            )

    def per_gross(self, cost: float) -> float:
        """``100 (1 + c)``."""
        return 100 * (1 + cost)

    def ratio(self, before: ArrayLike, after: ArrayLike) -> Array:
        """``exp(100 value (c1 - c0))``."""
        return np.exp(100 * self.value * (costs(after) - costs(before)))


def _check_kind(kind: object, what: str) -> None:
    if not (isinstance(kind, type) and issubclass(kind, CostResponse) and kind.kind):
        raise DataError(
            f"{what} {getattr(kind, '__name__', kind)}",
            remedy="CostElasticity, GrossCostElasticity and PerPointElasticity convert to one another",
        )


def costs(cost: ArrayLike, *, positive: bool = False) -> Array:
    """Check costs given as fractions of the amount.

    Examples
    --------
    >>> from corridors.remittances.elasticities.costs import costs
    >>> costs(6.5)
    Traceback (most recent call last):
    corridors.errors.DataError: a cost can not be 6.5 as a fraction of the amount
      Remedy: 6.5 % is 0.065
    """
    c = np.asarray(cost, dtype=np.float64)
    bad = ~(np.isfinite(c) & (c > -1) & (c <= 1))
    if bad.any():
        first = float(c[bad].flat[0])
        hint = f"{first:g} % is {first / 100:g}" if 1 < first < 100 else "give fractions: 6.5 % is 0.065"
        raise DataError(f"a cost can not be {first:g} as a fraction of the amount", remedy=hint)
    if positive and (c <= 0).any():
        raise DataError(
            f"an elasticity to the cost itself has no meaning at a cost of {float(c[c <= 0].flat[0]):g}",
            remedy="use GrossCostElasticity, which has one at zero and below",
        )
    return c
