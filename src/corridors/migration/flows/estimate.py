"""Flows of one period by every method, labelled and with intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from corridors.errors import DataError
from corridors.intake import IntoTable, TableSpec, matrix_of, take
from corridors.migration.flows.accounts import Account, demographic_account
from corridors.migration.flows.adjustments import Adjustment, adjustments
from corridors.migration.flows.closed_forms import Flows, blend, independence, minimum
from corridors.migration.flows.period_tables import PeriodTables, Units, period_tables
from corridors.migration.flows.stock_error_interval import stock_error_interval
from corridors.migration.flows.stocks import migration_rate, stock_difference, with_natives
from corridors.numerics.typing import Array
from corridors.parameters import value
from corridors.results import Result, dataset

if TYPE_CHECKING:
    import xarray as xr


METHODS = (
    "stock-difference-drop",
    "stock-difference-reverse",
    "migration-rate",
    "minimum-open",
    "minimum-closed",
    "independence",
    "pseudo-bayes",
)


@dataclass(frozen=True, slots=True)
class FlowEstimate(Result, keys=("origin", "destination", "method", "kind")):
    """Flows of one period and one sex by several methods.

    Attributes
    ----------
    places
        Codes of the ``n`` places.
    period
        First and last year.
    sex
        ``total``, ``female`` or ``male``.
    flows
        By method; each array has shape ``(n, n)``, persons, origin by destination. Methods that
        do not tell outward from return moves have a total only.
    lower, upper
        Interval of the pseudo-Bayes total, shape ``(n, n)``; None without draws.
    account
        The closed demographic account.
    implied_net
        Net migration by the accounting identity before the world was balanced,
        shape ``(n,)``, persons.
    adjustments
        What was changed to make the account close.
    """

    places: tuple[str, ...]
    period: tuple[int, int]
    sex: str
    flows: Mapping[str, Mapping[str, Array]]
    lower: Array | None
    upper: Array | None
    account: Account = field(repr=False)
    implied_net: Array = field(repr=False)
    adjustments: tuple[Adjustment, ...] = ()

    def to_polars(self, least: float = 0.0) -> pl.DataFrame:
        """Positive flows, one row a corridor, method and kind; see ``migrant_flow``.

        Corridors whose total is below ``least`` persons are left out, with all their kinds.
        """
        return pl.concat(
            self._rows(method, kind, least) for method, kinds in self.flows.items() for kind in kinds
        )

    def net(self, method: str = "pseudo-bayes") -> pl.DataFrame:
        """Arrivals, departures and net migration of each place by one method."""
        total = self.flows[method]["total"]
        return pl.DataFrame(
            {
                "country": self.places,
                "arrivals": total.sum(0),
                "departures": total.sum(1),
                "net_migration": total.sum(0) - total.sum(1),
            }
        )

    def summary(self) -> str:
        """A few lines: totals by method and what was adjusted."""
        lines = [f"Flows {self.period[0]}–{self.period[1]}, {self.sex}, {len(self.places)} places"]
        lines += [f"  {m:<26}{k['total'].sum():>16,.0f}" for m, k in self.flows.items()]
        lines += [f"  {a.rule}: {a.message}" for a in self.adjustments]
        return "\n".join(lines)

    def _rows(self, method: str, kind: str, least: float) -> pl.DataFrame:
        table = self.flows[method][kind]
        i, j = np.nonzero(np.where(self.flows[method]["total"] >= least, table, 0.0))
        bounded = method == "pseudo-bayes" and kind == "total"
        codes = pl.Series(self.places, dtype=pl.String)
        return pl.DataFrame(
            {
                "origin": codes.gather(i),
                "destination": codes.gather(j),
                "value": table[i, j],
                "lower": self.lower[i, j] if bounded and self.lower is not None else np.full(i.size, np.nan),
                "upper": self.upper[i, j] if bounded and self.upper is not None else np.full(i.size, np.nan),
            }
        ).select(
            "origin",
            "destination",
            pl.lit(self.period[0], pl.Int32).alias("period_start"),
            pl.lit(self.period[1], pl.Int32).alias("period_end"),
            pl.lit(self.sex).alias("sex"),
            pl.lit(method).alias("method"),
            pl.lit(kind).alias("kind"),
            "value",
            pl.col("lower", "upper").fill_nan(None),
        )

    def to_xarray(self) -> xr.Dataset:
        """Totals over estimator (method), origin, destination, zeros too (extra ``xarray``).

        ``value``, and with draws ``lower`` and ``upper``, which only pseudo-Bayes has.
        """
        methods = list(self.flows)
        figures = {"value": np.stack([self.flows[m]["total"] for m in methods])}
        for name, bound in (("lower", self.lower), ("upper", self.upper)):
            if bound is not None:
                bounded = (np.asarray(methods) == "pseudo-bayes")[:, None, None]
                figures[name] = np.where(bounded, bound, np.nan)
        return dataset(
            {"method": methods, "origin": self.places, "destination": self.places},
            figures,
            {"period": list(self.period), "sex": self.sex, "units": "persons"},
        )


_SEED = TableSpec(
    "seed",
    texts=["origin", "destination"],
    any_places=["origin", "destination"],
    numbers=["value"],
    key=["origin", "destination"],
    at_least={"value": 0},
)


def estimate_flows(
    stock: IntoTable,
    population: IntoTable,
    period: tuple[int, int],
    *,
    sex: str = "total",
    methods: Sequence[str] = METHODS,
    weight: float | None = None,
    units: Units | None = None,
    seed_table: IntoTable | None = None,
    repair: bool = False,
    draws: int = 0,
    seed: int = 0,
) -> FlowEstimate:
    """Estimate bilateral flows of one period from stocks and population.

    Parameters
    ----------
    stock
        Columns ``origin`` (birthplace), ``destination`` (residence), ``year``, ``value``:
        persons of the sex in question, at mid-year.
    population
        Columns ``country``, ``year``, ``population``, ``births``, ``deaths``, of the sex
        in question, every year of the period; see :func:`of_sex`.
    period
        First and last year.
    sex
        Label of the result.
    methods
        Any of ``METHODS``.
    weight
        Weight of minimum migration in the pseudo-Bayes mean; default from the parameter table, where it
        is that of five years: over ``n`` years it is its ``n / 5``-th power, as the share of people who mix
        freely builds up with time.
    units
        Code of the territory each code belongs to in this period.
    seed_table
        Columns ``origin``, ``destination``, ``value``: relative propensities to move (and, where origin
        is destination, to stay) that shape minimum, independence and pseudo-Bayes flows. A pair
        without a row takes the median of the others. See :func:`fit_gravity`.
    repair
        Repair contradictions by the least change and name them, instead of raising.
    draws
        Perturbed stocks behind the interval of the pseudo-Bayes flows; 0 for no interval.
    seed
        Seed of the draws: the same seed gives the same interval everywhere.

    Returns
    -------
    FlowEstimate

    Raises
    ------
    DataError
        Tables that can not be read; names the rows.
    InfeasibleError
        Figures that contradict each other, unless ``repair``.

    Notes
    -----
    Abel and Cohen (2019) for the six methods, Azose and Raftery (2019) for pseudo-Bayes.
    The interval perturbs each stock by a log-normal error that largely persists over the
    period, re-estimates, and recentres the quantiles on the estimate.

    Examples
    --------
    >>> import polars as pl
    >>> from corridors.migration import estimate_flows
    >>> stock = pl.DataFrame({"origin": ["A", "B"] * 2, "destination": ["B", "A"] * 2,
    ...                       "year": [2010, 2010, 2015, 2015], "value": [10.0, 5, 16, 4]})
    >>> years = list(range(2010, 2016))
    >>> people = pl.DataFrame({"country": ["A"] * 6 + ["B"] * 6, "year": years * 2,
    ...                        "population": [100.0] * 12, "births": [1.0] * 12, "deaths": [1.0] * 12})
    >>> flows = estimate_flows(stock, people, (2010, 2015), methods=["minimum-closed"])
    >>> flows.to_polars().filter(pl.col("kind") == "total")["value"].round(2).to_list()
    [1.25, 1.25]
    """
    if unknown := [m for m in methods if m not in METHODS]:
        raise DataError(f"unknown method(s): {', '.join(unknown)}", f"known: {', '.join(METHODS)}")
    tables = period_tables(stock, population, period, units=units)
    share = value("pseudo_bayes_weight") ** ((period[1] - period[0]) / 5) if weight is None else weight
    start, end, scaled = _stocks(tables, repair)
    account = demographic_account(
        start, end, tables.births, tables.deaths, repair=repair, labels=tables.places
    )
    prior = None if seed_table is None else _prior(seed_table, tables.places)
    flows = _by_method(tables, start, end, account, tuple(methods), share, prior)
    lower = upper = None
    if draws > 0 and "pseudo-bayes" in methods:
        estimate = flows["pseudo-bayes"]["total"]
        lower, upper = stock_error_interval(tables, estimate, account, share, prior, draws, seed)
    implied = tables.population_end - tables.population_start - tables.births + tables.deaths
    return FlowEstimate(
        tables.places,
        tables.period,
        sex,
        flows,
        lower,
        upper,
        account,
        implied,
        adjustments(tables, account, scaled, implied),
    )


def _stocks(tables: PeriodTables, repair: bool) -> tuple[Array, Array, tuple[Array, Array]]:
    made = [
        with_natives(foreign, people, least_native=least, repair=repair, labels=tables.places)
        for foreign, people, least in (
            (tables.foreign_start, tables.population_start, tables.least_native_start),
            (tables.foreign_end, tables.population_end, tables.least_native_end),
        )
    ]
    return made[0][0], made[1][0], (made[0][1], made[1][1])


def _by_method(
    tables: PeriodTables,
    start: Array,
    end: Array,
    account: Account,
    methods: tuple[str, ...],
    weight: float,
    prior: Array | None,
) -> dict[str, dict[str, Array]]:
    shaped: dict[str, Any] = {"seed": prior, "labels": tables.places}
    least = minimum(account.start, account.end, **shaped)
    free = independence(account.start, account.end, **shaped)
    made: dict[str, Any] = {
        "stock-difference-drop": lambda: stock_difference(tables.foreign_start, tables.foreign_end),
        "stock-difference-reverse": lambda: stock_difference(
            tables.foreign_start, tables.foreign_end, decrease="reverse"
        ),
        "migration-rate": lambda: migration_rate(start, float(np.abs(account.net).sum())),
        "minimum-open": lambda: _open(tables, start, end, shaped),
        "minimum-closed": lambda: least,
        "independence": lambda: free,
        "pseudo-bayes": lambda: blend(least, free, weight),
    }
    results = {m: made[m]() for m in methods}
    return {m: f.parts() if isinstance(f, Flows) else {"total": f} for m, f in results.items()}


def _open(tables: PeriodTables, start: Array, end: Array, shaped: dict[str, Any]) -> Flows:
    account = demographic_account(
        start, end, tables.births, tables.deaths, closure="open-dr", labels=tables.places
    )
    return minimum(account.start, account.end, **shaped)


def _prior(seed_table: IntoTable, places: Sequence[str]) -> Array:
    """Seed as a matrix; pairs without a row take the median."""
    rows = take(seed_table, _SEED).filter(pl.all_horizontal(pl.col(_SEED.key).is_in(list(places))))
    if rows.is_empty():
        raise DataError("no pair of table 'seed' is among the places", remedy="spell places alike")
    return matrix_of(rows, places, absent=float(np.median(rows["value"])))
