"""An average of the cheapest services that a well-informed sender can use.

The World Bank's smart-remitter target can not be rebuilt exactly from the public workbook, which lacks the
coverage of the sending network and says nothing of who has an account. What is here follows the published
criteria as far as the columns go, every criterion a parameter, and is called compatible, not official.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import polars as pl

from corridors.errors import DataError
from corridors.intake import IntoTable, TableSpec, take
from corridors.parameters import value
from corridors.remittances.prices.eligible import CORRIDOR, Eligible, Prices, sample
from corridors.remittances.prices.quarters import Quarter
from corridors.results import Result

_NEEDED = ("speed_days", "coverage", "paid_out", "sent_through", "sheet")


@dataclass(frozen=True, slots=True)
class SmartCriteria:
    """What makes a service one that a smart remitter may use.

    Attributes
    ----------
    cheapest
        How many of the cheapest qualifying services are averaged.
    least
        Fewest qualifying services that a corridor must have.
    days
        Most days until the money is there.
    coverage
        Reach of the paying network that services paid out in cash must have; None asks for none. Only
        from 2016 Q2; before, ``reach`` is another scale and is not asked for.
    unknown
        Whether services count whose speed or coverage is not recorded.
    penetration
        Least share of adults, in percent, who have what a service needs: ``account`` and ``mobile`` at the
        receiving end, ``internet`` at the sending end. Needs ``access=`` of :func:`smart_average`.
    """

    cheapest: int = int(value("smart_services"))
    least: int = 1
    days: float = value("smart_days")
    coverage: tuple[str, ...] | None = ("high", "medium")
    unknown: bool = False
    penetration: Mapping[str, float] = field(default_factory=dict[str, float])

    def __post_init__(self) -> None:
        if self.cheapest < 1 or self.least < 1:
            raise DataError("at least one service must be averaged")


@dataclass(frozen=True, slots=True)
class SmartAverages(Result, keys=("quarter", "sending", "receiving")):
    """Averages of the cheapest qualifying services.

    Attributes
    ----------
    table
        ``quarter``, ``sending``, ``receiving``, ``smart_pct`` (null where no service qualifies),
        ``used``, ``qualifying`` and ``services``, and ``qualifying_mean_pct``, which is never lower.
    world
        ``quarter``, ``smart_pct`` (mean over corridors), ``corridors``, ``without`` (corridors left out
        because no service qualifies) and ``above_5`` (corridors above five percent).
    criteria
        What was asked for.
    """

    table: pl.DataFrame
    world: pl.DataFrame
    criteria: SmartCriteria

    def without(self) -> pl.DataFrame:
        """Corridors and quarters in which too few services qualify."""
        return self.table.filter(pl.col("smart_pct").is_null()).select("quarter", *CORRIDOR, "services")

    def to_polars(self) -> pl.DataFrame:
        """One row a quarter and corridor."""
        return self.table

    def summary(self) -> str:
        """A line a quarter."""
        lines = [f"mean of the {self.criteria.cheapest} cheapest qualifying services (SmaRT-compatible)"]
        lines += [
            f"  {q}  {smart:.2f} % over {n} corridors; {out} without; {above} above 5 %"
            for q, smart, n, out, above in self.world.iter_rows()
        ]
        return "\n".join(lines)


def smart_average(
    quotes: Prices,
    *,
    criteria: SmartCriteria | None = None,
    access: IntoTable | None = None,
    quarters: Iterable[str | Quarter] | None = None,
    eligible: Eligible | None = None,
) -> SmartAverages:
    """Average cost of the three cheapest qualifying services of each corridor.

    Parameters
    ----------
    quotes
        Quotes; averages of corridors do not say which services are cheapest.
    criteria
        What makes a service qualify.
    access
        Columns ``country`` and any of ``account``, ``mobile``, ``internet``: percent of adults who have
        one, for the least shares of ``criteria.penetration``.
    quarters, eligible
        As in :func:`average_cost`.

    Returns
    -------
    SmartAverages

    Raises
    ------
    DataError
        Averages of corridors instead of quotes; least shares without ``access``.

    Notes
    -----
    World Bank, Getting SmaRT about remittance price monitoring (2016): transparent, at most five
    days, accessible; the three cheapest.

    Examples
    --------
    >>> from corridors.remittances.prices import example_quotes, smart_average
    >>> smart = smart_average(example_quotes(), quarters=["2016Q4"])
    >>> bool((smart.table["smart_pct"] <= smart.table["qualifying_mean_pct"]).all())
    True
    """
    rule = criteria or SmartCriteria()
    found = sample(quotes, eligible or Eligible(), quarters, needs=_NEEDED)
    if not found.services:
        raise DataError(
            "the cheapest services can not be told from averages of corridors", remedy="give quotes"
        )
    marked = found.table.with_columns(fits=_qualifies(rule))
    if rule.penetration:
        marked = _reachable(marked, rule.penetration, access)
    cost = pl.col("cost").filter(pl.col("fits")).sort()
    enough = pl.col("qualifying") >= rule.least
    table = (
        marked.group_by("quarter", *CORRIDOR)
        .agg(
            smart_pct=cost.head(rule.cheapest).mean(),
            used=cost.head(rule.cheapest).len().cast(pl.Int64),
            qualifying=pl.col("fits").sum().cast(pl.Int64),
            services=pl.len().cast(pl.Int64),
            qualifying_mean_pct=cost.mean(),
        )
        .with_columns(pl.when(enough).then("smart_pct").alias("smart_pct"))
        .sort("quarter", *CORRIDOR)
    )
    world = (
        table.group_by("quarter")
        .agg(
            smart_pct=pl.col("smart_pct").mean(),
            corridors=pl.col("smart_pct").count().cast(pl.Int64),
            without=pl.col("smart_pct").null_count().cast(pl.Int64),
            above_5=(pl.col("smart_pct") > 5).sum().cast(pl.Int64),
        )
        .sort("quarter")
    )
    return SmartAverages(table, world, rule)


def _qualifies(rule: SmartCriteria) -> pl.Expr:
    fast = (pl.col("speed_days") <= rule.days).fill_null(rule.unknown)
    if rule.coverage is None:
        return fast
    cash = (pl.col("paid_out") == "cash") & (pl.col("sheet") == "after")
    wide = pl.col("coverage").is_in([name.lower() for name in rule.coverage]).fill_null(rule.unknown)
    return fast & (wide | ~cash.fill_null(False))


def _reachable(table: pl.DataFrame, least: Mapping[str, float], access: IntoTable | None) -> pl.DataFrame:
    if access is None:
        raise DataError("least shares need to know who has access", remedy="give access=")
    needs = {
        "account": ("receiving", pl.col("paid_out") == "account"),
        "mobile": ("receiving", pl.col("paid_out") == "wallet"),
        "internet": ("sending", pl.col("sent_through") == "online"),
    }
    if unknown := [name for name in least if name not in needs]:
        raise DataError(f"there is no access to {unknown[0]!r}", remedy=f"choose among {', '.join(needs)}")
    asked = TableSpec(
        "access",
        texts=["country"],
        any_places=["country"],
        numbers=list(least),
        blank=list(least),
        key=["country"],
        at_least=dict.fromkeys(least, 0),
    )
    have = take(access, asked)
    for name, share in least.items():
        end, needed = needs[name]
        of = {str(c): v is not None and v >= share for c, v in have.select("country", name).iter_rows()}
        there = pl.col(end).replace_strict(of, default=False, return_dtype=pl.Boolean)
        table = table.with_columns(fits=pl.col("fits") & (there | ~needed.fill_null(False)))
    return table
