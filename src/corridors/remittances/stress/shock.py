"""What happens: changes of income, currencies, stocks, corridors, costs and taxes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from corridors.errors import DataError
from corridors.numerics.typing import Array
from corridors.remittances.stress.responses import Responses

Index = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Shock:
    """Changes that come together; what is not given does not change.

    One number holds for all. By place, shape ``(n,)``; by corridor, one number, shape ``(n,)`` by sending
    country, or ``(n, n)``, sending by receiving.

    Attributes
    ----------
    host_income, home_income
        Relative change of income in sending and receiving countries, in their own currency: -0.05 is
        5 % less. Income in dollars already holds the exchange rate: do not give both.
    host_currency, home_currency
        Relative change of the value of their currency in dollars.
    stock
        Relative change of the number of migrants, by corridor; -1 expels all.
    closure
        Share of a corridor that closes, 0 to 1, by corridor (banks leaving, sanctions).
    recapture
        Share of what was sent through closed corridors that finds another way, 0 to 1.
    cost_before, cost_after
        Total cost as a fraction of the amount, by corridor.
    tax
        Tax as a fraction of the amount, by corridor, on top of the cost.
    taxed_share
        Share of the amounts that it falls on, by corridor: a tax on cash spares the rest.

    Notes
    -----
    Amounts are in dollars. In home currency they move by the exchange-rate elasticity *e* of
    ``x = (1 + host) / (1 + home)``, so in dollars by ``x**e (1 + home)`` (Yang 2008).
    """

    host_income: ArrayLike = 0.0
    home_income: ArrayLike = 0.0
    host_currency: ArrayLike = 0.0
    home_currency: ArrayLike = 0.0
    stock: ArrayLike = 0.0
    closure: ArrayLike = 0.0
    recapture: ArrayLike = 0.0
    cost_before: ArrayLike | None = None
    cost_after: ArrayLike | None = None
    tax: ArrayLike = 0.0
    taxed_share: ArrayLike = 1.0

    def factors(self, responses: Responses, n: int, sending: Index, receiving: Index) -> Array:
        """Amounts after as a multiple of those before, for some corridors.

        Parameters
        ----------
        responses
            Elasticities.
        n
            Number of places.
        sending, receiving
            Positions of the corridors, shape ``(k,)``.

        Returns
        -------
        ndarray
            Shape ``(k,)``; exactly 1 where nothing changes.

        Raises
        ------
        DataError
            Changes that can not be, shapes that do not fit, a tax without the cost it comes on top of.

        Examples
        --------
        >>> import numpy as np
        >>> from corridors.remittances.stress import Shock, default_responses
        >>> Shock(stock=-0.25).factors(default_responses(), 2, np.array([0]), np.array([1])).tolist()
        [0.75]
        """
        host, host_money = (self._places(name, n) for name in ("host_income", "host_currency"))
        home, home_money = (self._places(name, n) for name in ("home_income", "home_currency"))
        factor = responses.host_income.ratio(host)[sending] * responses.home_income.ratio(home)[receiving]
        home_value = 1 + home_money[receiving]
        rate = (1 + host_money[sending]) / home_value
        factor *= responses.exchange_rate.ratio(rate - 1) * home_value

        def pairs(name: str, low: float, high: float) -> Array:
            return self._pairs(name, n, low, high)[sending, receiving]

        factor *= 1 + pairs("stock", -1, np.inf)
        factor *= 1 - pairs("closure", 0, 1) * (1 - pairs("recapture", 0, 1))
        tax = pairs("tax", -1, 1)
        if self.cost_before is None and self.cost_after is None and not tax.any():
            return factor
        if self.cost_before is None:
            raise DataError("a tax or new cost needs the cost before it", remedy="give cost_before")
        before = pairs("cost_before", -1, 1)
        after = before if self.cost_after is None else pairs("cost_after", -1, 1)
        share = pairs("taxed_share", 0, 1)
        respond = responses.cost.ratio
        return factor * ((1 - share) * respond(before, after) + share * respond(before, after + tax))

    def _places(self, name: str, n: int) -> Array:
        x = np.asarray(getattr(self, name), dtype=np.float64)
        if x.shape not in {(), (n,)}:
            raise DataError(f"{name} has shape {x.shape}", remedy=f"give one number, or shape ({n},)")
        # Only income where migrants live can vanish: other responses would be without limit.
        low = -1.0 if name == "host_income" else np.nextafter(-1.0, 0.0)
        return np.broadcast_to(_within(name, x, low, np.inf), (n,))

    def _pairs(self, name: str, n: int, low: float, high: float) -> Array:
        x = _within(name, np.asarray(getattr(self, name), dtype=np.float64), low, high)
        if x.shape not in {(), (n,), (n, n)}:
            raise DataError(
                f"{name} has shape {x.shape}", remedy=f"give one number, shape ({n},) or ({n}, {n})"
            )
        return np.broadcast_to(x[:, None] if x.ndim == 1 else x, (n, n))


def _within(name: str, x: Array, low: float, high: float) -> Array:
    bad = ~(np.isfinite(x) & (x >= low) & (x <= high))
    if bad.any():
        span = f"from {low:g} to {high:g}" if np.isfinite(high) else f"above {low:g}"
        raise DataError(
            f"{name} can not be {float(x[bad].flat[0]):g}", remedy=f"give fractions {span}: 5 % is 0.05"
        )
    return x
