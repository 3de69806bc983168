"""Average cost by quarter and group, with what the mean is over always stated."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import polars as pl

from corridors.errors import DataError
from corridors.intake import IntoTable
from corridors.remittances.prices.eligible import (
    CORRIDOR,
    Eligible,
    Prices,
    Sample,
    corridor_means,
    sample,
    with_groups,
)
from corridors.remittances.prices.quarters import Quarter
from corridors.remittances.prices.resample import (
    LEAST_DRAWS,
    covered,
    generator,
    nested_interval,
    ratio_interval,
)
from corridors.remittances.prices.weightings import WEIGHTINGS
from corridors.remittances.prices.weights import flow_weights, nearest_years
from corridors.results import Result
from corridors.wording import counted

Over = Literal["services", "corridors"]
Unit = Literal["firm", "corridor"]


@dataclass(frozen=True, slots=True)
class Averages(Result):
    """Average costs, a row a quarter and group.

    Attributes
    ----------
    table
        ``quarter``, the groups, ``mean_pct`` (percent of the amount sent), ``lower``, ``upper`` (null without
        draws or with a single unit), ``services`` (null where not known), ``corridors`` and, of a
        weighted mean, ``weight`` and ``weight_share``: what the corridors weigh, and that over all flows;
        of flows by year also ``flow_year``.
    weighting
        What the mean is over: one of the words of ``remittances/weightings.csv``.
    level
        Coverage of the interval; None without.
    note
        Of a weighted mean: how many flows there are, and which quarters have weights of another year.
    """

    table: pl.DataFrame
    weighting: str
    level: float | None
    note: str = ""

    def to_polars(self) -> pl.DataFrame:
        """The averages, with the weighting in a column."""
        return self.table.with_columns(weighting=pl.lit(self.weighting))

    def summary(self) -> str:
        """What the mean is over, then a line for each of the last quarter's groups."""
        last = self.table["quarter"].max()
        lines = [f"{self.weighting}{self.note and f' ({self.note})'}; {last}:"]
        groups = self.table.columns[1 : self.table.columns.index("mean_pct")]
        for row in self.table.filter(quarter=last).iter_rows(named=True):
            name = " ".join(str(row[group]) for group in groups) or "all"
            span = "" if row["lower"] is None else f"  [{row['lower']:.2f}, {row['upper']:.2f}]"
            lines.append(f"  {name:<32}{row['mean_pct']:8.2f} %{span}  {row['corridors']} corridors")
        return "\n".join(lines)

    def key_columns(self) -> tuple[str, ...]:
        """Columns that name a row."""
        return tuple(self.table.columns[: self.table.columns.index("mean_pct")])


def average_cost(
    prices: Prices,
    *,
    by: str | Sequence[str] = (),
    over: Over | None = None,
    weights: IntoTable | None = None,
    quarters: Iterable[str | Quarter] | None = None,
    eligible: Eligible | None = None,
    draws: int = 0,
    resample: Unit | None = None,
    level: float | None = None,
    seed: int = 0,
) -> Averages:
    """Average total cost by quarter and group.

    Parameters
    ----------
    prices
        Quotes, or averages of corridors (the figure ``remittance_price``).
    by
        Groups: ``"corridor"``, ``"sending"``, ``"receiving"``, or any column of the quotes, such as
        ``"firm_type"``, ``"paid_in"``, ``"digital"`` or ``"receiving_region"``. Of averages of corridors
        the regions are the United Nations', of quotes the World Bank's.
    over
        ``"services"``: every quote counts once, as in the published averages; ``"corridors"``: every
        corridor counts once, as the mean of its quotes. Services if there are any and no weights. Of
        averages of corridors the mean over services can be told where they have their number, ``quotes``.
    weights
        Flows ``sending``, ``receiving``, ``value``: corridors count by them. With a column ``year``, each
        quarter has the flows of its year, or where there are none those of the nearest, as ``note`` says.
    quarters
        Which; all if not given.
    eligible
        Which quotes count; transparent ones at USD 200 if not given.
    draws
        Number of draws for an interval; 0 for none.
    resample
        What is drawn: ``"firm"`` (with averages over corridors: within each corridor) or ``"corridor"``.
        Firms where services are known.
    level, seed
        Coverage (default from the parameter table) and seed.

    Returns
    -------
    Averages

    Raises
    ------
    DataError
        Weights with an average over services, averages of corridors without services where these are
        asked for, or weights that are negative, zero altogether or of no priced corridor.

    Notes
    -----
    World Bank, Remittance Prices Worldwide: the Global Average is the mean over services; UN metadata of
    indicator 10.c.1 says the same.

    Examples
    --------
    >>> from corridors import evidence
    >>> from corridors.remittances.prices import average_cost
    >>> prices = evidence.load().table("remittance_price")
    >>> world = average_cost(prices, quarters=["2011Q1", "2020Q3"])
    >>> world.table["mean_pct"].round(3).to_list(), world.weighting
    ([9.051, 7.001], 'mean over corridors')
    >>> now = average_cost(prices, quarters=["2025Q3"], over="services")
    >>> now.table["mean_pct"].round(2).item(), now.weighting
    (6.36, 'mean over services')
    """
    groups = _groups(by)
    found = sample(prices, eligible or Eligible(), quarters, groups)
    mean_over = over or ("services" if found.services and weights is None else "corridors")
    _refuse(found, mean_over, weights is not None, draws, resample)
    found = Sample(with_groups(found.table, groups), found.services)
    rows, flows = _rows(found, mean_over, groups, weights)
    keys = ["quarter", *groups]
    table = _means(rows, keys, flows)
    unit = resample or ("firm" if found.services else "corridor")
    if draws:
        table = table.join(
            _intervals(rows, found, keys, mean_over, unit, draws, covered(level), seed), on=keys, how="left",
            nulls_equal=True,
        )  # fmt: skip
    else:
        table = table.with_columns(lower=pl.lit(None, pl.Float64), upper=pl.lit(None, pl.Float64))
    order = [*keys, "mean_pct", "lower", "upper", "services", "corridors"]
    if flows is not None:
        order += ["weight", "weight_share", *(["flow_year"] if "flow_year" in table.columns else [])]
    table = table.select(order).sort(keys)
    kind = mean_over if flows is None else "money"
    return Averages(table, WEIGHTINGS[kind], covered(level) if draws else None, _note(table, flows))


def _groups(by: str | Sequence[str]) -> list[str]:
    names = [by] if isinstance(by, str) else list(by)
    return [part for name in names for part in (CORRIDOR if name == "corridor" else (name,))]


def _refuse(found: Sample, over: Over, weighted: bool, draws: int, unit: Unit | None) -> None:
    if over not in get_args(Over):
        raise DataError(f"no mean is over {over!r}", remedy=f"choose one of {', '.join(get_args(Over))}")
    if over == "services" and not found.services and not _counted(found):
        raise DataError(
            "averages of corridors do not say how many services they have",
            remedy="give quotes, or quarters whose averages have the column quotes",
        )
    if over == "services" and weighted:
        raise DataError("flows weigh corridors, not services", remedy="leave out over='services'")
    if unit == "firm" and not found.services:
        raise DataError("averages of corridors do not say which firms they have", remedy="draw corridors")
    if draws and draws < LEAST_DRAWS:
        raise DataError(f"{draws} draws are too few for an interval", remedy=f"ask for {LEAST_DRAWS} or more")


def _counted(found: Sample) -> bool:
    """Whether all averages of corridors say over how many services they are."""
    return "quotes" in found.table.columns and not found.table["quotes"].null_count()


def _rows(
    found: Sample, over: Over, groups: Sequence[str], weights: IntoTable | None
) -> tuple[pl.DataFrame, pl.DataFrame | None]:
    """What is averaged, each row with its weight."""
    if over == "services" and found.services:
        return found.table.sort("quarter", *CORRIDOR, "firm", "cost").with_columns(value=pl.lit(1.0)), None
    table = corridor_means(found, groups)
    if over == "services":
        return table.with_columns(value=pl.col("services").cast(pl.Float64)), None
    if weights is None:
        return table.with_columns(value=pl.lit(1.0)), None
    flows = flow_weights(weights, by_year=True).rename({"year": "flow_year"}, strict=False)
    on = [name for name in (*CORRIDOR, "flow_year") if name in flows.columns]
    if "flow_year" in on:
        table = table.join(
            nearest_years(table["quarter"], flows["flow_year"]), on="quarter", maintain_order="left"
        )
    table = table.join(flows.select(*on, "value"), on=on, how="inner", maintain_order="left")
    if not table.height:
        raise DataError("no corridor with a price has a flow", remedy="check the codes of the places")
    return table, flows


def _means(rows: pl.DataFrame, keys: Sequence[str], flows: pl.DataFrame | None) -> pl.DataFrame:
    services = pl.col("services").sum() if "services" in rows.columns else pl.len()
    known = pl.col("services").count() > 0 if "services" in rows.columns else pl.lit(True)
    table = rows.group_by(keys).agg(
        mean_pct=(pl.col("cost") * pl.col("value")).sum() / pl.col("value").sum(),
        services=pl.when(known).then(services.cast(pl.Int64)),
        corridors=pl.struct(CORRIDOR).n_unique().cast(pl.Int64),
        weight=pl.col("value").sum(),
        **({"flow_year": pl.col("flow_year").first()} if "flow_year" in rows.columns else {}),
    )
    if flows is not None and "flow_year" in flows.columns:
        totals = flows.group_by("flow_year").agg(total=pl.col("value").sum())
        table = table.join(totals, on="flow_year")
    else:
        table = table.with_columns(total=pl.lit(1.0 if flows is None else float(flows["value"].sum())))
    return table.with_columns(weight_share=pl.col("weight") / pl.col("total"))


def _intervals(
    rows: pl.DataFrame,
    found: Sample,
    keys: Sequence[str],
    over: Over,
    unit: Unit,
    draws: int,
    level: float,
    seed: int,
) -> pl.DataFrame:
    nested = over == "corridors" and unit == "firm"
    table = found.table if nested else rows
    if nested:
        weight = rows.select(*keys, *(c for c in CORRIDOR if c not in keys), "value")
        on = [name for name in dict.fromkeys([*keys, *CORRIDOR]) if name in weight.columns]
        table = table.drop("value", strict=False).join(weight, on=on, how="inner", nulls_equal=True)
    out: list[tuple[object, ...]] = []
    for key, part in table.sort(*CORRIDOR, "cost").group_by(keys, maintain_order=True):
        rng = generator(seed, key)
        corridor = _codes(part.select(pl.concat_str(CORRIDOR)).to_series())
        cost, value = part["cost"].to_numpy(), part["value"].to_numpy()
        if nested:
            first = np.unique(corridor, return_index=True)[1]
            span = nested_interval(cost, corridor, _codes(part["firm"]), value[first], draws, level, rng)
        else:
            codes = corridor if unit == "corridor" else _codes(part["firm"])
            span = ratio_interval(value * cost, value, codes, draws, level, rng)
        out.append((*key, *span))
    types = {name: table.schema[name] for name in keys} | {"lower": pl.Float64(), "upper": pl.Float64()}
    return pl.DataFrame(out, schema=types, orient="row").with_columns(pl.col("lower", "upper").fill_nan(None))


def _codes(names: pl.Series) -> np.ndarray:
    return names.fill_null("").rank("dense").to_numpy().astype(np.int64) - 1


def _note(table: pl.DataFrame, flows: pl.DataFrame | None) -> str:
    """How many flows weigh, and quarters that are weighed by flows of another year."""
    if flows is None:
        return ""
    if "flow_year" not in flows.columns:
        return counted(flows.height, "flow")
    said = f"flows of {counted(flows['flow_year'].n_unique(), 'year')}, each quarter by those of its own"
    apart = table.filter(pl.col("quarter").str.head(4).cast(pl.Int64) != pl.col("flow_year"))
    pairs = apart.select("quarter", "flow_year").unique().sort("quarter").iter_rows()
    others = ", ".join(f"{quarter} by those of {year}" for quarter, year in pairs)
    return said + (f", but {others}" if others else "")
