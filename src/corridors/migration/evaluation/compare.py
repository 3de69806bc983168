"""Estimated flows beside reported ones, method by method."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from corridors.errors import DataError
from corridors.intake import IntoTable, TableSpec, take
from corridors.migration.evaluation.measures import MEASURES, flow_measures
from corridors.results import Result

ALL = "all"
SIZES = ("0", "1-99", "100-999", "1,000-9,999", "10,000 and more")
_PAIR = ("origin", "destination", "period_start", "period_end")
_ESTIMATES = TableSpec(
    "estimated flows",
    texts=["origin", "destination", "method"],
    whole=["period_start", "period_end"],
    numbers=["value", "lower", "upper"],
    any_places=["origin", "destination"],
    optional=["lower", "upper"],
    key=[*_PAIR, "method"],
    at_least={"value": 0},
)
_REPORTED = TableSpec(
    "reported flows",
    texts=["origin", "destination", "reporter", "side"],
    whole=["period_start", "period_end"],
    numbers=["value"],
    any_places=["origin", "destination", "reporter"],
    key=[*_PAIR, "side"],
    at_least={"value": 0},
    others=True,
)
_PEOPLE = TableSpec(
    "population",
    texts=["country"],
    whole=["year"],
    numbers=["population"],
    any_places=["country"],
    blank=["population"],
    key=["country", "year"],
    at_least={"population": 0},
)


@dataclass(frozen=True, slots=True)
class FlowEvaluation(Result, keys=("method", "part")):
    """How near methods come to reported flows.

    Attributes
    ----------
    table
        A row each method and part: ``method``, ``part`` (``all``, or a value of the column that was asked
        for), ``pairs`` (a pair of places in a period, seen from one side), ``reporters``, and the measures.
    pairs
        What was compared: every pair with ``method``, ``value``, ``reported``.
    unplaced
        Reports whose origin or destination no estimate of the period knows: places, periods, persons.
    """

    table: pl.DataFrame
    pairs: pl.DataFrame
    unplaced: pl.DataFrame

    def to_polars(self) -> pl.DataFrame:
        """The table of measures."""
        return self.table

    def summary(self) -> str:
        """How much was compared, what was set aside, and the best method by the log correlation."""
        whole = self.table.filter(part=ALL)
        lines = [
            f"{max(whole['pairs']):,} pairs of places and periods from {max(whole['reporters'])} reporters, "
            "persons in the period"
        ]
        best = whole.drop_nulls("log").sort("log", descending=True)
        if best.height > 1:
            lines += [f"  nearest by logarithms: {best['method'][0]} ({best['log'][0]:.3f})"]
        if self.unplaced.height:
            people = float(self.unplaced["value"].sum())
            lines += [
                f"  set aside: {self.unplaced.height:,} reports, {people:,.0f} people, of places that no "
                "estimate of the period knows"
            ]
        return "\n".join(lines)


def evaluate_flows(
    estimates: IntoTable,
    reported: IntoTable,
    population: IntoTable | None = None,
    *,
    methods: Sequence[str] | None = None,
    by: str | None = None,
) -> FlowEvaluation:
    """Hold estimated flows against reported ones.

    Parameters
    ----------
    estimates
        Columns ``origin``, ``destination``, ``period_start``, ``period_end``, ``method``, ``value``
        (persons in the period), one row a pair, period and method; where there is an interval ``lower`` and
        ``upper``. Pairs of places of the estimate without a row are estimated as nobody.
    reported
        From :func:`reported_flows`, which may have further columns.
    population
        Columns ``country``, ``year``, ``population``, for the rates per people of the origin at the start.
    methods
        Those of interest; default all.
    by
        Tell apart by a column of the reported flows, as ``reporter``, ``side`` or ``period_start``, or by
        ``size`` of the report.

    Returns
    -------
    FlowEvaluation

    Raises
    ------
    DataError
        Tables that can not be read, an unknown method or column, nothing in common.

    Examples
    --------
    >>> import polars as pl
    >>> from corridors.migration.evaluation import evaluate_flows
    >>> period = {"period_start": 2005, "period_end": 2010}
    >>> estimates = pl.DataFrame({"origin": ["DNK", "NOR"], "destination": ["SWE", "SWE"], **period,
    ...                           "method": "minimum", "value": [800.0, 300.0]})
    >>> reported = pl.DataFrame({"origin": ["DNK", "NOR"], "destination": ["SWE", "SWE"], **period,
    ...                          "reporter": "SWE", "side": "immigrants", "value": [1000.0, 200.0]})
    >>> evaluate_flows(estimates, reported).table.select("pairs", "mean_error", "median_error").row(0)
    (2, 150.0, 0.35)
    """
    made, told = take(estimates, _ESTIMATES), take(reported, _REPORTED)
    asked = list(methods or made["method"].unique(maintain_order=True))
    if unknown := sorted(set(asked) - set(made["method"])):
        known = ", ".join(sorted(set(made["method"])))
        raise DataError(f"unknown method(s): {', '.join(unknown)}", f"known: {known}")
    told = told.with_columns(_size(told["value"]))
    if by is not None and by not in told.columns:
        columns = ", ".join(c for c in told.columns if c not in {"value", "years"})
        raise DataError(f"reported flows can not be told apart by {by!r}", f"their columns: {columns}")
    placed, unplaced = _placed(told, made)
    if placed.is_empty():
        spans = sorted(f"{a}–{b}" for a, b in made.select("period_start", "period_end").unique().iter_rows())
        raise DataError(
            "no reported flow lies in a period and between places of the estimate",
            f"periods: {', '.join(spans)}",
            "give reports of these years",
        )
    pairs = pl.concat(_beside(placed, made.filter(method=method), method) for method in asked)
    pairs = pairs if population is None else _with_people(pairs, take(population, _PEOPLE))
    return FlowEvaluation(_measured(pairs, asked, by), pairs, unplaced)


def _size(reported: pl.Series) -> pl.Series:
    step = np.searchsorted([0.5, 99.5, 999.5, 9999.5], reported.to_numpy(), side="right")
    return pl.Series("size", np.asarray(SIZES)[step])


def _placed(told: pl.DataFrame, made: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Reports of periods that were estimated: between places that were, and others."""
    period = ["period_start", "period_end"]
    ends = [made.select(*period, pl.col(name).alias("place")) for name in ("origin", "destination")]
    known = pl.concat(ends).unique()
    told = told.join(known.select(period).unique(), on=period, how="semi")
    inside = told
    for name in ("origin", "destination"):
        inside = inside.join(known, left_on=[*period, name], right_on=[*period, "place"], how="semi")
    return inside, told.join(inside, on=[*_PAIR, "side"], how="anti")


def _beside(placed: pl.DataFrame, made: pl.DataFrame, method: str) -> pl.DataFrame:
    bounds = pl.col("value").is_not_null()
    return (
        placed.rename({"value": "reported"})
        .join(made.drop("method"), on=list(_PAIR), how="left", maintain_order="left")
        .with_columns(
            pl.lit(method).alias("method"),
            pl.col("value").fill_null(0.0),
            pl.when(bounds).then(pl.col("lower")).alias("lower"),
            pl.when(bounds).then(pl.col("upper")).alias("upper"),
        )
    )


def _with_people(pairs: pl.DataFrame, population: pl.DataFrame) -> pl.DataFrame:
    people = population.select(
        pl.col("country").alias("origin"), pl.col("year").alias("period_start"), people="population"
    )
    return pairs.join(people, on=["origin", "period_start"], how="left", maintain_order="left")


def _measured(pairs: pl.DataFrame, methods: Sequence[str], by: str | None) -> pl.DataFrame:
    rows: list[dict[str, object]] = []
    for method in methods:
        mine = pairs.filter(method=method)
        parts = [(ALL, mine)]
        if by is not None:
            # Sizes go by their size, other values by the alphabet or the number.
            order = mine.sort("reported" if by == "size" else by)
            parts += [(str(key[0]), some) for key, some in order.group_by([by], maintain_order=True)]
        for part, some in parts:
            size: dict[str, object] = {"pairs": some.height, "reporters": some["reporter"].n_unique()}
            rows.append({"method": method, "part": part, **size, **flow_measures(some)})
    types = {"method": pl.String, "part": pl.String, "pairs": pl.Int64, "reporters": pl.Int64}
    return pl.DataFrame(rows, schema=types | dict.fromkeys(MEASURES, pl.Float64))
