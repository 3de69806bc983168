"""The full account of a period as one table: moves, births, deaths and the outside world."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray

from corridors.errors import DataError
from corridors.migration.flows.accounts import Account

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class AccountMatrix:
    """Where the people of the start came to, and where those of the end came from.

    Attributes
    ----------
    table
        Shape ``(n, n + 2, n + 2)``: birthplace; origin, then births, then outside; destination, then
        deaths, then outside. Persons. A row of the first ``n`` origins adds up to the stock at the
        start, a column of the first ``n`` destinations to the stock at the end.
    start, end
        Those stocks by birthplace and residence, shape ``(n, n)``.
    """

    table: Array
    start: Array
    end: Array

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

    def to_polars(self, places: Sequence[str]) -> pl.DataFrame:
        """Cells that are not zero: birthplace, origin, destination, value."""
        rows, columns = [*places, "births", "outside"], [*places, "deaths", "outside"]
        k, i, j = np.nonzero(self.table)
        return pl.DataFrame(
            {
                "birthplace": [places[x] for x in k.tolist()],
                "origin": [rows[x] for x in i.tolist()],
                "destination": [columns[x] for x in j.tolist()],
                "value": self.table[k, i, j],
            }
        )


def account_matrix(account: Account, cube: ArrayLike) -> AccountMatrix:
    """Put moves, births, deaths and the outside world into one balanced table.

    Parameters
    ----------
    account
        From :func:`demographic_account`.
    cube
        Flows by birthplace, origin and destination, stayers included, shape ``(n, n, n)``, that have
        the margins of the account, for example :func:`minimum_cube`.

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
    )
