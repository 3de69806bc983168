"""What all elasticities have in common, and those that are not about cost."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar, Self

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri

from corridors.errors import DataError
from corridors.numerics.typing import Array


@dataclass(frozen=True, slots=True)
class Elasticity:
    """A number that says how remittances respond, with its standard error.

    Attributes
    ----------
    value
        Central value.
    se
        Standard error in the unit of the value; None where the source gives none, and then nothing is
        varied.

    Notes
    -----
    Use one of the kinds. There is no arithmetic and no conversion to a float: take ``value``.
    """

    value: float
    se: float | None = None
    kind: ClassVar[str] = ""

    def __post_init__(self) -> None:
        if not self.kind:
            raise DataError("an elasticity needs a kind", remedy="use GrossCostElasticity, for example")
        if not np.isfinite(self.value) or (self.se is not None and not 0 <= self.se < np.inf):
            raise DataError(f"an elasticity can not be {self.value} with standard error {self.se}")

    def quantile(self, probability: float) -> float:
        """Quantile of the value: normal, unless the kind says otherwise.

        Examples
        --------
        >>> from corridors.remittances.elasticities import ExchangeRateElasticity
        >>> round(ExchangeRateElasticity(0.6, 0.2).quantile(0.9), 3)
        0.856
        """
        return self.value + (self.se or 0.0) * float(ndtri(probability))

    def at(self, probability: float) -> Self:
        """The elasticity of the same kind at a quantile, without standard error."""
        return replace(self, value=self.quantile(probability), se=None)


class FixedFeeElasticity(Elasticity):
    """Response to the fixed part of the fee, d ln R / d ln f; no cost elasticity, converts to none."""

    __slots__ = ()
    kind: ClassVar[str] = "fixed_fee"


class _Power(Elasticity):
    """Constant elasticity to one plus a relative change."""

    __slots__ = ()

    def ratio(self, change: ArrayLike) -> Array:
        """``(1 + change) ** value`` of relative changes above -1."""
        return (1 + np.asarray(change, dtype=np.float64)) ** self.value


class HostIncomeElasticity(_Power):
    """Response to income where migrants live; log-normal, where it has a standard error.

    Examples
    --------
    >>> from corridors.remittances.elasticities import HostIncomeElasticity
    >>> HostIncomeElasticity(1.0).ratio([-0.05, 0.0]).tolist()
    [0.95, 1.0]
    """

    __slots__ = ()
    kind: ClassVar[str] = "host_income"

    def quantile(self, probability: float) -> float:
        """Quantile of the log-normal distribution with this median."""
        if not self.se or self.value <= 0:
            return self.value
        return self.value * float(np.exp(self.se / self.value * ndtri(probability)))


class HomeIncomeElasticity(_Power):
    """Response to income at home; negative where remittances insure the family."""

    __slots__ = ()
    kind: ClassVar[str] = "home_income"


class ExchangeRateElasticity(_Power):
    """Response of remittances *in home currency* to home currency per unit of host currency."""

    __slots__ = ()
    kind: ClassVar[str] = "exchange_rate"
