"""Which prices count, from quotes or from averages of corridors."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import polars as pl

from corridors import places
from corridors.errors import DataError, NotFound
from corridors.intake import IntoTable, TableSpec, as_polars, refuse, refuse_twice, take
from corridors.remittances.prices.layout import schema
from corridors.remittances.prices.quarters import Quarter, quarter_column
from corridors.remittances.prices.quotes import Quotes

Prices = Quotes | IntoTable
Negatives = Literal["keep", "floor0", "drop"]
CORRIDOR = ("sending", "receiving")
_AVERAGES = ("cost_usd200_pct", "cost_pct")
_ATTRIBUTES = ("region", "subregion", "income")
_QUOTE = ("quarter", *CORRIDOR, "price_point", "firm", "total_pct", "transparent")


@dataclass(frozen=True, slots=True)
class Eligible:
    """Which quotes count.

    Attributes
    ----------
    amount
        Price point in USD, 200 or 500.
    transparent
        Whether only transparent services count, as in the published averages. Undisclosed margins have
        no total and never count, whatever this says.
    negatives
        Costs below zero: ``"keep"`` them, set them to zero (``"floor0"``) or ``"drop"`` them.
    exclude
        Names of flags that keep a quote out; see ``FLAGS``.
    """

    amount: int = 200
    transparent: bool = True
    negatives: Negatives = "keep"
    exclude: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sample:
    """Prices that count.

    Attributes
    ----------
    table
        Columns ``quarter``, ``sending``, ``receiving``, ``cost`` (percent) and, of quotes, ``firm`` and
        what else was asked for.
    services
        Whether a row is a service (else the average of a corridor).
    """

    table: pl.DataFrame
    services: bool


def sample(
    prices: Prices,
    eligible: Eligible,
    quarters: Iterable[str | Quarter] | None = None,
    keep: Sequence[str] = (),
    needs: Sequence[str] = (),
) -> Sample:
    """Prices that count, of quotes or of averages of corridors.

    Parameters
    ----------
    prices, eligible, quarters
        As in :func:`average_cost`.
    keep
        Columns of quotes to keep besides quarter, places, firm and cost.
    needs
        Columns that quotes must have besides, also kept.

    Raises
    ------
    DataError
        Columns missing, nothing left, an unknown flag or way to treat negative costs, two averages of
        one corridor in one quarter.
    """
    table = prices.table if isinstance(prices, Quotes) else as_polars(prices, "prices")
    if eligible.negatives not in get_args(Negatives):
        raise DataError(
            f"negative costs can not be treated by {eligible.negatives!r}",
            remedy=f"choose one of {', '.join(get_args(Negatives))}",
        )
    if "price_point" not in table.columns:
        made = _averages(table, eligible)
    else:
        quotes = table if isinstance(prices, Quotes) else take(table, _quotes(table, keep, needs))
        made = _services(quotes, eligible, (*keep, *needs))
    kept = made.table.filter(pl.col("cost").is_not_null())
    if eligible.negatives == "drop":
        kept = kept.filter(pl.col("cost") >= 0)
    elif eligible.negatives == "floor0":
        kept = kept.with_columns(pl.col("cost").clip(lower_bound=0.0))
    if quarters is not None:
        wanted = [str(Quarter.parse(q)) for q in quarters]
        lost = sorted(set(wanted) - set(kept["quarter"].unique()))
        if lost:
            raise DataError(f"there are no prices in {', '.join(lost)}", _span(kept))
        kept = kept.filter(pl.col("quarter").is_in(wanted))
    if not kept.height:
        raise DataError("no price is left to average", "all are missing or excluded", "exclude less")
    return Sample(kept, made.services)


def corridor_means(found: Sample, by: Sequence[str] = ()) -> pl.DataFrame:
    """Mean cost of each corridor and quarter (and of each of further groups), with its services.

    Sorted by quarter, further groups, sending, receiving.
    """
    keys = ["quarter", *[name for name in by if name not in CORRIDOR], *CORRIDOR]
    if found.services:
        count = pl.len()
    else:
        count = (
            pl.col("quotes").first() if "quotes" in found.table.columns else pl.lit(None, pl.UInt32).first()
        )
    return (
        found.table.sort(*keys, "cost").group_by(keys)
        .agg(pl.col("cost").mean(), count.cast(pl.Int64).alias("services")).sort(keys)
    )  # fmt: skip


def with_groups(table: pl.DataFrame, by: Sequence[str], year: int | None = None) -> pl.DataFrame:
    """Add groups of places that the table lacks: the United Nations' regions, and classes of income.

    The class of income is that of ``year``, or of the year of each quarter where that is None.

    Raises
    ------
    NotFound
        A group that is neither a column nor can be told from the places.
    """
    for name in by:
        end, _, attribute = name.partition("_")
        if name in table.columns:
            continue
        if end not in CORRIDOR or attribute not in _ATTRIBUTES:
            known = ", ".join(f"{e}_{a}" for e in CORRIDOR for a in _ATTRIBUTES)
            raise NotFound(
                f"prices can not be grouped by {name!r}",
                f"columns: {', '.join(table.columns)}",
                f"or use {known}",
            )
        when = pl.lit(year) if year is not None else pl.col("quarter").str.head(4).cast(pl.Int64)
        table = table.with_columns(_year=when)
        pairs = table.select(end, "_year").unique()
        found = [_attribute(code, of, attribute) for code, of in pairs.iter_rows()]
        group = pairs.with_columns(pl.Series(name, found, dtype=pl.String))
        table = table.join(group, on=[end, "_year"], how="left", maintain_order="left").drop("_year")
    return table


def _attribute(code: str, year: int, attribute: str) -> str | None:
    place = places.find(code)
    if attribute == "income":
        return places.income_class(place.code, year)
    return {"region": place.region, "subregion": place.subregion}[attribute]


def _quotes(table: pl.DataFrame, keep: Sequence[str], needs: Sequence[str]) -> TableSpec:
    """What is asked of a table of quotes: columns of the kinds that the published ones are of."""
    kinds = {row["column"]: row["type"] for row in schema()}
    asked = dict.fromkeys([*_QUOTE, *(name for name in keep if name in table.columns), *needs])

    def of(kind: str) -> list[str]:
        return [name for name in asked if kinds.get(name) == kind]

    return TableSpec(
        "quotes",
        texts=of("str"),
        whole=of("int"),
        numbers=of("float"),
        truths=of("bool"),
        blank=[name for name in asked if name not in _QUOTE[:4]],
        unbounded=["speed_days"],
        others=True,
    )


def _services(table: pl.DataFrame, eligible: Eligible, keep: Sequence[str]) -> Sample:
    from corridors.remittances.prices.flags import FLAGS

    if unknown := [name for name in eligible.exclude if name not in FLAGS]:
        raise DataError(f"no flag is called {', '.join(unknown)}", remedy=f"flags: {', '.join(FLAGS)}")
    if eligible.amount not in (200, 500):
        raise DataError(f"prices are of USD 200 and 500, not {eligible.amount}")
    chosen = pl.col("price_point") == eligible.amount
    if eligible.transparent:
        chosen &= pl.col("transparent")
    if eligible.exclude:
        if not isinstance(table.schema.get("flags"), pl.List):
            raise DataError("table 'quotes' has no column 'flags' of lists", remedy="give exclude=()")
        chosen &= ~pl.col("flags").list.eval(pl.element().is_in(list(eligible.exclude))).list.any()
    kept = dict.fromkeys(["quarter", *CORRIDOR, "firm", *(name for name in keep if name in table.columns)])
    found = table.lazy().filter(chosen).select(*kept, cost=pl.col("total_pct")).collect()
    return Sample(found, services=True)


def _averages(table: pl.DataFrame, eligible: Eligible) -> Sample:
    column = next((name for name in _AVERAGES if name in table.columns), None)
    if column is None:
        raise DataError(
            "table 'prices' is neither one of quotes nor of averages of corridors",
            f"columns found: {', '.join(table.columns)}",
            "give quotes (they have price_point), or columns sending, receiving, quarter and cost_usd200_pct",
        )
    if eligible.amount != 200 or eligible.exclude:
        raise DataError("averages of corridors are of USD 200 and have no flags", remedy="give quotes")
    key = [*CORRIDOR, "quarter"]
    asked = TableSpec("prices", texts=key, numbers=[column], blank=[column], others=True)
    given = take(table, asked)
    made = given.with_columns(quarter_column(pl.col("quarter")), cost=pl.col(column))
    unread = given.with_columns(made["quarter"].is_null().alias("unread"))
    refuse(unread, pl.col("unread"), "table 'prices': a quarter can not be read", "write it as 2020Q4", key)
    refuse_twice(made, key, "prices", "keep one average for each corridor and quarter")
    return Sample(made, services=False)


def _span(table: pl.DataFrame) -> str:
    return f"prices are from {table['quarter'].min()} to {table['quarter'].max()}"
