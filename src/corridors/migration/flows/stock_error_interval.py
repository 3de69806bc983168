"""Intervals of flows from the errors of stocks."""

from __future__ import annotations

import numpy as np

from corridors.migration.flows.accounts import Account, demographic_account
from corridors.migration.flows.closed_forms import pseudo_bayes
from corridors.migration.flows.period_tables import PeriodTables
from corridors.migration.flows.stocks import with_natives
from corridors.numerics.typing import Array
from corridors.parameters import value

# Of the change that totals are known to need, each draw is given so many times at once: a draw may need more
# than the one before, and a least repair that falls short costs another linear program. Given as it was, 20
# draws of a period need three or four programs, half as much again one; the bounds differ by less than 1e-6.
_AHEAD = 1.5


def stock_error_interval(
    tables: PeriodTables,
    estimate: Array,
    account: Account,
    weight: float,
    prior: Array | None,
    draws: int,
    seed: int,
) -> tuple[Array, Array]:
    """Interval of pseudo-Bayes flows for errors of the stocks.

    Each stock is multiplied by a log-normal error that largely persists over the period (the parameter is
    of five years; over fewer it persists more), flows
    are estimated again, and the quantiles are recentred on the estimate, because errors
    of either sign add moves.

    Parameters
    ----------
    tables
        The period's figures.
    estimate
        Flows from the unperturbed figures, shape ``(n, n)``, persons.
    account
        The account of the unperturbed figures.
    weight, prior
        Weight of minimum migration and seed of the estimate.
    draws, seed
        Number of perturbed stocks, and the seed of their streams: one stream a draw.

    Returns
    -------
    lower, upper : ndarray
        Shape ``(n, n)``; the estimate lies between them.

    Notes
    -----
    Parameters ``stock_error_sd``, ``stock_error_persistence`` and ``interval_level``.

    Examples
    --------
    >>> from corridors.migration.flows.stock_error_interval import stock_error_interval
    >>> import polars as pl
    >>> from corridors.migration import estimate_flows, period_tables
    >>> stock = pl.DataFrame({"origin": ["A", "B"] * 2, "destination": ["B", "A"] * 2,
    ...                       "year": [2010, 2010, 2015, 2015], "value": [10.0, 5, 16, 4]})
    >>> people = pl.DataFrame({"country": ["A"] * 6 + ["B"] * 6, "year": [*range(2010, 2016)] * 2,
    ...                        "population": [100.0] * 12, "births": [1.0] * 12, "deaths": [1.0] * 12})
    >>> flows = estimate_flows(stock, people, (2010, 2015), methods=["pseudo-bayes"])
    >>> estimate, tables = flows.flows["pseudo-bayes"]["total"], period_tables(stock, people, (2010, 2015))
    >>> lower, upper = stock_error_interval(tables, estimate, flows.account, 0.87, None, draws=20, seed=0)
    >>> bool(lower[0, 1] < estimate[0, 1] < upper[0, 1])
    True
    """
    years = tables.period[1] - tables.period[0]
    sd, persistence = value("stock_error_sd"), value("stock_error_persistence") ** (years / 5)
    shift = account.repaired
    made = np.empty((draws, *estimate.shape))
    for draw in range(draws):
        errors = np.random.default_rng(np.random.SeedSequence([seed, draw])).standard_normal(
            (3, *estimate.shape)
        )
        both, ends = np.sqrt(persistence) * errors[0], np.sqrt(1 - persistence) * errors[1:]
        foreign = [
            table * np.exp(sd * (both + own) - sd**2 / 2)
            for table, own in zip((tables.foreign_start, tables.foreign_end), ends, strict=True)
        ]
        start, _ = with_natives(
            foreign[0], tables.population_start, least_native=tables.least_native_start, repair=True
        )
        # A perturbed stock may leave less room for the newborn than the published one did.
        room = np.maximum(tables.least_native_end, np.minimum(tables.births, tables.population_end))
        end, _ = with_natives(foreign[1], tables.population_end, least_native=room, repair=True)
        drawn = demographic_account(
            start,
            end,
            tables.births,
            tables.deaths,
            repair=True,
            shift=_AHEAD * shift,
            tolerance=1e-7,
            near=account,
        )
        # What one draw had to be repaired by, the next ones are given at once.
        shift = shift + drawn.repaired
        made[draw] = pseudo_bayes(drawn.start, drawn.end, weight=weight, seed=prior).total
    tail = (1 - value("interval_level")) / 2
    low, middle, high = np.quantile(made, [tail, 0.5, 1 - tail], axis=0)
    centred = middle > 0
    scale = np.divide(estimate, middle, out=np.ones_like(estimate), where=centred)
    return np.minimum(low * scale, estimate), np.maximum(high * scale, estimate)
