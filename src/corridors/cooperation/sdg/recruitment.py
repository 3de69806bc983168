"""SDG 10.7.1: what a job abroad costs the worker, in months of what it pays."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import polars as pl
from numpy.typing import NDArray

from corridors.cooperation.sdg.indicator import Indicator
from corridors.cooperation.sdg.survey import SampledUnits, SurveyEstimate, design_of, quantile, ratio
from corridors.errors import DataError
from corridors.intake import IntoTable, TableSpec, refuse, take
from corridors.parameters import value
from corridors.parameters import value as parameter

ALL = "all"
_WORKERS = TableSpec(
    "workers",
    texts=["stratum", "psu", "group"],
    numbers=["cost", "earnings", "weight"],
    optional=["stratum", "psu", "group", "weight"],
    blank=["cost", "earnings"],
    at_least={"cost": 0},
    above={"earnings": 0, "weight": 0},
)


def months_of_earnings(cost: float, earnings: float) -> float:
    """Recruitment cost in months of earnings.

    Parameters
    ----------
    cost, earnings
        In one currency; earnings of a month.

    Raises
    ------
    DataError
        The cost is negative or the earnings are not positive.

    Notes
    -----
    UN metadata of 10.7.1 (18 May 2022).

    Examples
    --------
    >>> from corridors.cooperation.sdg import months_of_earnings
    >>> round(months_of_earnings(416_789, 23_693), 1)  # Bangladesh, Cost of Migration Survey 2020
    17.6
    """
    if not (cost >= 0 and earnings > 0 and np.isfinite(cost) and np.isfinite(earnings)):
        raise DataError(
            f"a cost of {cost} and earnings of {earnings} have no ratio",
            remedy="give a cost of 0 or more and earnings above 0",
        )
    return cost / earnings


def recruitment_cost(workers: IntoTable, *, level: float | None = None) -> Indicator:
    """SDG 10.7.1 from a table of workers: ratio of means, mean of ratios, median, upper quintile.

    Parameters
    ----------
    workers
        One row a worker who recently moved for a wage job: ``cost`` (all that worker and family paid to get
        it) and ``earnings`` (of the first month, deductions added back), both in one currency and of prices
        of one date; optionally ``weight``, ``stratum``, ``psu`` and ``group``.
    level
        Probability of the intervals; the parameter ``interval_level`` where not given.

    Returns
    -------
    Indicator
        By ``group`` (all workers first) and ``aggregate``: value in months, se, lower, upper, workers,
        mean_cost, mean_earnings.

    Raises
    ------
    DataError
        Costs are negative, earnings or weights not positive, or no worker has both cost and earnings.

    Notes
    -----
    The metadata (18 May 2022) give the individual ratio and leave its summary open to "mean, median and 4th
    quintile"; the fourth quintile is read here as the 80th percentile. Published headlines such as the 17.6
    months of Bangladesh (2020) are ratios of means. Workers who miss cost or earnings are left out: both
    must be of the same worker. Standard errors: Taylor linearisation, for quantiles Woodruff (1952).

    Examples
    --------
    >>> import polars as pl
    >>> from corridors.cooperation.sdg import recruitment_cost
    >>> paid = pl.DataFrame({"cost": [4000.0, 1000, 0], "earnings": [500.0, 400, 300]})
    >>> recruitment_cost(paid).table["value"].round(2).to_list()
    [4.17, 3.5, 2.5, 8.0]
    """
    asked = parameter("interval_level") if level is None else level
    table, lost = _workers(workers)
    design = design_of(table["weight"].to_numpy(), table["stratum"].to_numpy(), table["psu"].to_numpy())
    groups = table["group"].drop_nulls().unique(maintain_order=True).to_list()
    inside = {ALL: np.ones(table.height, dtype=np.bool_)}
    inside |= {g: (table["group"] == g).fill_null(value=False).to_numpy() for g in groups}
    rows = [row for name, mask in inside.items() for row in _rows(name, mask, table, design, asked)]
    notes = (f"{lost} workers without cost or earnings are left out",) if lost else ()
    told = f"{asked:.0%} from the survey's design: {len(design.stratum)} sampling units, {_strata(design)}"
    if design.degrees < 1:
        told = "none: no stratum has two sampling units"
    elif (np.bincount(design.stratum) == 1).any():
        notes += ("strata with one sampling unit are centred at the mean of all",)
    made = pl.DataFrame(rows).with_columns(pl.col("se", "lower", "upper").fill_nan(None))
    title, unit, keys = "Recruitment cost borne by employees", "months of earnings", ("group", "aggregate")
    return Indicator("10.7.1", title, unit, made, told, notes, keys)


def _strata(design: SampledUnits) -> str:
    found = len(np.unique(design.stratum))
    return f"{found} strat{'um' if found == 1 else 'a'}"


def _workers(workers: IntoTable) -> tuple[pl.DataFrame, int]:
    table = take(workers, _WORKERS)
    weighted = table["weight"].is_not_null().any()
    wrong = pl.col("weight").is_null() & weighted
    refuse(
        table,
        wrong,
        "table 'workers': a weight is missing",
        "give every worker a weight",
        ["cost", "earnings", "weight"],
    )
    if ALL in table["group"]:
        raise DataError(f"a group is called {ALL!r}", remedy="call it otherwise; all workers have that name")
    for name in ("stratum", "psu"):
        some = table[name].is_not_null().any()
        refuse(
            table,
            pl.col(name).is_null() & some,
            f"table 'workers': a {name} is missing",
            f"give every worker a {name}",
            [name],
        )
    table = table.with_row_index("_row").with_columns(
        pl.col("weight").fill_null(1.0),
        pl.col("stratum").fill_null("-"),
        # Without sampling units every worker is one.
        pl.coalesce("psu", pl.col("_row").cast(pl.String)).alias("psu"),
    )
    known = table.drop_nulls(["cost", "earnings"])
    if not known.height:
        raise DataError("no worker has both cost and earnings", remedy="both must be of the same worker")
    return known, table.height - known.height


def _rows(
    name: str, inside: NDArray[np.bool_], table: pl.DataFrame, design: SampledUnits, level: float
) -> list[dict[str, object]]:
    cost, earnings = table["cost"].to_numpy(), table["earnings"].to_numpy()
    months, one = cost / earnings, np.ones(table.height)
    upper = value("recruitment_upper_quantile")
    aggregates: dict[str, Callable[[], SurveyEstimate]] = {
        "ratio of means": lambda: ratio(cost, earnings, design, inside, level),
        "mean of ratios": lambda: ratio(months, one, design, inside, level),
        "median": lambda: quantile(months, 0.5, design, inside, level),
        "upper quintile": lambda: quantile(months, upper, design, inside, level),
    }
    weight = design.weight[inside]
    told = {
        "workers": int(inside.sum()),
        "mean_cost": float(np.average(cost[inside], weights=weight)),
        "mean_earnings": float(np.average(earnings[inside], weights=weight)),
    }
    rows: list[dict[str, object]] = []
    for aggregate, estimate in aggregates.items():
        found = estimate()
        rows.append(
            {
                "group": name,
                "aggregate": aggregate,
                "value": found.value,
                "se": found.se,
                "lower": max(found.lower, 0.0) if found.lower == found.lower else found.lower,
                "upper": found.upper,
                **told,
            }
        )
    return rows
