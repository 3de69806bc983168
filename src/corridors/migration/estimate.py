"""Flows of one period by every method, labelled and with intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
from narwhals.typing import IntoDataFrame
from numpy.typing import NDArray

from corridors.errors import DataError
from corridors.migration.accounts import Account, demographic_account
from corridors.migration.flows import Flows, blend, independence, minimum
from corridors.migration.stocks import migration_rate, stock_difference, with_natives
from corridors.migration.tables import PeriodTables, Units, period_tables
from corridors.parameters import value

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

Array = NDArray[np.float64]

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
class Adjustment:
    """A figure that had to be changed, or a place left out, and why.

    Attributes
    ----------
    rule
        ``stock-over-population``, ``birthplace-total``, ``borrowed-stock``, ``left-out`` or
        ``world-balance``.
    place
        Code of the place, or ``WORLD``.
    before, after
        The figure before and after, persons; None where nothing is counted.
    message
        One sentence.
    """

    rule: str
    place: str
    before: float | None
    after: float | None
    message: str


@dataclass(frozen=True, slots=True)
class FlowEstimate:
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

    def to_polars(self) -> pl.DataFrame:
        """Positive flows, one row a corridor, method and kind; see ``migrant_flow``."""
        return pl.concat(self._rows(method, kind) for method, kinds in self.flows.items() for kind in kinds)

    def to_pandas(self) -> pd.DataFrame:
        """As :meth:`to_polars`, for pandas (extra ``pandas``)."""
        return self.to_polars().to_pandas()

    def to_xarray(self) -> xr.DataArray:
        """Totals with dimensions method, origin, destination (extra ``xarray``)."""
        import xarray as xr

        methods = list(self.flows)
        return xr.DataArray(
            np.stack([self.flows[m]["total"] for m in methods]),
            dims=("method", "origin", "destination"),
            coords={"method": methods, "origin": list(self.places), "destination": list(self.places)},
            attrs={"period": list(self.period), "sex": self.sex, "units": "persons"},
            name="migrant_flow",
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

    def _rows(self, method: str, kind: str) -> pl.DataFrame:
        table = self.flows[method][kind]
        i, j = np.nonzero(table)
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


def estimate_flows(
    stock: IntoDataFrame,
    population: IntoDataFrame,
    period: tuple[int, int],
    *,
    sex: str = "total",
    methods: Sequence[str] = METHODS,
    weight: float | None = None,
    units: Units | None = None,
    repair: bool = False,
    draws: int = 0,
    seed: int = 0,
) -> FlowEstimate:
    """Estimate bilateral flows of one period from stocks and population.

    Parameters
    ----------
    stock
        Columns ``origin`` (birthplace), ``destination`` (residence), ``year``, ``value``:
        persons of the sex in question, at mid-year. pandas or polars.
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
        Weight of minimum migration in the pseudo-Bayes mean; default from the parameter table.
    units
        Code of the territory each code belongs to in this period.
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
    share = value("pseudo_bayes_weight") if weight is None else weight
    start, end, scaled = _stocks(tables, repair)
    account = demographic_account(
        start, end, tables.births, tables.deaths, repair=repair, labels=tables.places
    )
    flows = _by_method(tables, start, end, account, tuple(methods), share)
    lower = upper = None
    if draws > 0 and "pseudo-bayes" in methods:
        lower, upper = _interval(tables, flows["pseudo-bayes"]["total"], account.repaired, share, draws, seed)
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
        tuple(_adjustments(tables, account, scaled, implied)),
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
    tables: PeriodTables, start: Array, end: Array, account: Account, methods: tuple[str, ...], weight: float
) -> dict[str, dict[str, Array]]:
    least, free = minimum(account.start, account.end), independence(account.start, account.end)
    made: dict[str, Any] = {
        "stock-difference-drop": lambda: stock_difference(tables.foreign_start, tables.foreign_end),
        "stock-difference-reverse": lambda: stock_difference(
            tables.foreign_start, tables.foreign_end, decrease="reverse"
        ),
        "migration-rate": lambda: migration_rate(start, float(np.abs(account.net).sum())),
        "minimum-open": lambda: _open(tables, start, end),
        "minimum-closed": lambda: least,
        "independence": lambda: free,
        "pseudo-bayes": lambda: blend(least, free, weight),
    }
    results = {m: made[m]() for m in methods}
    return {m: f.parts() if isinstance(f, Flows) else {"total": f} for m, f in results.items()}


def _open(tables: PeriodTables, start: Array, end: Array) -> Flows:
    account = demographic_account(
        start, end, tables.births, tables.deaths, closure="open-dr", labels=tables.places
    )
    return minimum(account.start, account.end)


def _interval(
    tables: PeriodTables, estimate: Array, shift: Array, weight: float, draws: int, seed: int
) -> tuple[Array, Array]:
    """Quantiles of re-estimates from perturbed stocks, recentred on the estimate."""
    sd, persistence = value("stock_error_sd"), value("stock_error_persistence")
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
        account = demographic_account(
            start, end, tables.births, tables.deaths, repair=True, shift=1.5 * shift, tolerance=1e-7
        )
        # What one draw had to be repaired by, the next ones are given at once.
        shift = shift + account.repaired
        made[draw] = blend(
            minimum(account.start, account.end), independence(account.start, account.end), weight
        ).total
    tail = (1 - value("interval_level")) / 2
    low, middle, high = np.quantile(made, [tail, 0.5, 1 - tail], axis=0)
    centred = middle > 0
    scale = np.divide(estimate, middle, out=np.ones_like(estimate), where=centred)
    return np.minimum(low * scale, estimate), np.maximum(high * scale, estimate)


def _adjustments(
    tables: PeriodTables, account: Account, scaled: tuple[Array, Array], implied: Array
) -> list[Adjustment]:
    out: list[Adjustment] = []
    ends = zip(tables.period, (tables.foreign_start, tables.foreign_end), scaled, strict=True)
    for year, foreign, factor in ends:
        for j in np.flatnonzero(factor != 1):
            before = float(foreign[:, j].sum())
            out.append(
                Adjustment(
                    "stock-over-population",
                    tables.places[j],
                    before,
                    before * float(factor[j]),
                    f"{tables.places[j]} {year}: the stock of {before:,.0f} foreign-born leaves too little "
                    f"room for natives in the population; scaled by {factor[j]:.3f}",
                )
            )
    middle = (account.start.sum(1) + account.end.sum(1)) / 2
    for k in np.flatnonzero(account.repaired):
        change = float(account.repaired[k])
        out.append(
            Adjustment(
                "birthplace-total",
                tables.places[k],
                float(middle[k]) - change,
                float(middle[k]),
                f"people born in {tables.places[k]}: total changed by {change:+,.0f}, the least change that "
                "lets the account close",
            )
        )
    for place in tables.borrowed:
        message = f"{place}: no stock at an end of the period; birthplace shares of the nearest year stand in"
        out.append(Adjustment("borrowed-stock", place, None, None, message))
    out += [
        Adjustment("left-out", place, None, None, f"{place}: no bilateral stock at all; left out")
        for place in tables.left_out
    ]
    out.append(
        Adjustment(
            "world-balance",
            "WORLD",
            float(implied.sum()),
            float(account.net.sum().round(3)) + 0.0,
            f"net migration of all places adds up to {implied.sum():+,.0f} before the world is balanced",
        )
    )
    return out
