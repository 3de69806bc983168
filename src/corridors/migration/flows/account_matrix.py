"""The full account of a period as one table: moves, births, deaths and the outside world."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from numpy.typing import ArrayLike

from corridors.errors import DataError
from corridors.migration.flows.accounts import Account
from corridors.numerics.typing import Array
from corridors.results import Result, dataset

if TYPE_CHECKING:
    import xarray as xr


@dataclass(frozen=True, slots=True)
class AccountMatrix(Result, keys=("birthplace", "origin", "destination")):
    """Where the people of the start came to, and where those of the end came from.

    Attributes
    ----------
    table
        Shape ``(n, n + 2, n + 2)``: birthplace; origin, then births, then outside; destination, then
        deaths, then outside. Persons. A row of the first ``n`` origins adds up to the stock at the
        start, a column of the first ``n`` destinations to the stock at the end.
    start, end
        Those stocks by birthplace and residence, shape ``(n, n)``.
    places
        Names of the ``n`` places.
    """

    table: Array
    start: Array
    end: Array
    places: tuple[str, ...]

    @property
    def by_residence(self) -> Array:
        """The account of all birthplaces together, shape ``(n + 2, n + 2)``."""
        return self.table.sum(0)

    def imbalance(self) -> float:
        """Largest error of a stock in the account, as a share of the largest stock."""
        n = self.start.shape[0]
        errors = (
            np.abs(self.table[:, :n, :].sum(2) - self.start).max(initial=0.0),
            np.abs(self.table[:, :, :n].sum(1) - self.end).max(initial=0.0),
        )
        return float(max(errors) / max(self.start.max(initial=0.0), 1e-300))

    def to_polars(self) -> pl.DataFrame:
        """Cells that are not zero: birthplace, origin, destination, value."""
        rows, columns = self._ends()
        k, i, j = np.nonzero(self.table)
        return pl.DataFrame(
            {
                "birthplace": [self.places[x] for x in k.tolist()],
                "origin": [rows[x] for x in i.tolist()],
                "destination": [columns[x] for x in j.tolist()],
                "value": self.table[k, i, j],
            }
        )

    def to_xarray(self) -> xr.Dataset:
        """All cells over birthplace, origin and destination (extra ``xarray``)."""
        origins, destinations = self._ends()
        labels = {"birthplace": self.places, "origin": origins, "destination": destinations}
        return dataset(labels, {"value": self.table}, {"units": "persons"})

    def summary(self) -> str:
        """Who moved, was born, died, came from outside and left, in persons."""
        n, system = len(self.places), self.by_residence
        inside = system[:n, :n]
        figures = {
            "moved": inside.sum() - np.trace(inside),
            "births": system[n, :n].sum(),
            "deaths": system[:n, n].sum(),
            "came from outside": system[n + 1, :n].sum(),
            "left to outside": system[:n, n + 1].sum(),
        }
        lines = [f"account of {n} places, largest error {self.imbalance():.1g} of a stock"]
        return "\n".join([*lines, *(f"  {name:<18}{value:>16,.0f}" for name, value in figures.items())])

    def _ends(self) -> tuple[list[str], list[str]]:
        return [*self.places, "births", "outside"], [*self.places, "deaths", "outside"]


def account_matrix(account: Account, cube: ArrayLike, places: Sequence[str] | None = None) -> AccountMatrix:
    """Put moves, births, deaths and the outside world into one balanced table.

    Parameters
    ----------
    account
        From :func:`demographic_account`.
    cube
        Flows by birthplace, origin and destination, stayers included, shape ``(n, n, n)``, that have
        the margins of the account, for example :func:`minimum_cube`.
    places
        Names of the places; default their positions, from 0.

    Returns
    -------
    AccountMatrix

    Raises
    ------
    DataError
        The cube does not have the account's margins; names the birthplaces by position.

    Notes
    -----
    Rees and Wilson (1977) for the accounts. Arrivals from outside stand in the *row* outside,
    departures in the *column*.

    Examples
    --------
    >>> from corridors.migration import account_matrix, demographic_account, minimum_cube
    >>> stocks = [[95, 10], [5, 90]], [[90, 16], [4, 92]]
    >>> account = demographic_account(*stocks, [4, 6], [5, 5], closure="open-dr")
    >>> matrix = account_matrix(account, minimum_cube(account.start, account.end))
    >>> matrix.imbalance() < 1e-12
    True
    """
    flows = np.asarray(cube, dtype=np.float64)
    n = account.start.shape[0]
    if places is not None and len(places) != n:
        raise DataError(f"{len(places)} names for {n} places", remedy="name each place once")
    if flows.shape != (n, n, n):
        raise DataError(f"the flows have shape {flows.shape}, the account needs {(n, n, n)}")
    for margin, stock, name in ((flows.sum(2), account.start, "start"), (flows.sum(1), account.end, "end")):
        apart = np.abs(margin - stock).max(1) > 1e-6 * np.maximum(stock.sum(1), 1e-300)
        if apart.any():
            raise DataError(
                f"the flows do not have the account's people at the {name}",
                f"birthplaces at positions {np.flatnonzero(apart)[:5].tolist()}",
                "estimate the flows from account.start and account.end",
            )
    table = np.zeros((n, n + 2, n + 2))
    table[:, :n, :n] = flows
    table[:, :n, n], table[:, :n, n + 1] = account.deaths, account.outside_out
    table[:, n, :n], table[:, n + 1, :n] = account.births, account.outside_in
    return AccountMatrix(
        table,
        account.start + account.deaths + account.outside_out,
        account.end + account.births + account.outside_in,
        tuple(map(str, range(n)) if places is None else places),
    )
