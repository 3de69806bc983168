"""What is odd about prices, in words: dear corridors, few quotes, a changed panel, flows of another time."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import polars as pl

from corridors.building.steps.published import Finding
from corridors.numerics.intervals import z_of_level
from corridors.parameters import value
from corridors.wording import counted

_CORRIDOR = ["sending", "receiving"]
_COST = pl.col("cost_usd200_pct")
_YEAR = pl.col("quarter").str.head(4).cast(pl.Int64)


def found_in(prices: pl.DataFrame) -> list[Finding]:
    """What is odd in the last quarter of averages by corridor.

    Examples
    --------
    >>> from corridors import evidence
    >>> from corridors.building.steps.price_findings import found_in
    >>> [finding[1] for finding in found_in(evidence.load().table("remittance_price"))]
    ['extreme-price', 'few-quotes', 'changed-panel']
    """
    quarters = prices["quarter"].unique().sort(descending=True).to_list()
    now, before = (prices.filter(quarter=q) for q in (quarters[0], quarters[min(1, len(quarters) - 1)]))
    return [*_dear(now), *_few(now), *_changed(before, now)]


def _dear(now: pl.DataFrame) -> list[Finding]:
    """Corridors so dear that they pull up a mean over corridors."""
    limit = value("price_extreme")
    dear = now.filter(limit < _COST).sort(_COST, descending=True)
    if dear.is_empty():
        return []
    mean, rest = (_mean(rows) for rows in (now, now.filter(limit >= _COST)))
    names = ", ".join(
        f"{row['sending']}-{row['receiving']} {row['cost_usd200_pct']:g} %"
        + (f" ({counted(row['quotes'], 'quote')})" if row["quotes"] is not None else "")
        for row in dear.iter_rows(named=True)
    )
    words = (
        f"{counted(dear.height, 'corridor')} above {limit:g} %: {names}. They are shown and averaged as they "
        f"are: the mean over corridors is {mean:.2f} %, without them {rest:.2f} %; the median of corridors, "
        f"which they hardly move, is {_median(now):.2f} %"
    )
    return [("price_index", "extreme-price", str(now["quarter"][0]), words, mean, rest)]


def _few(now: pl.DataFrame) -> list[Finding]:
    """Corridors whose average rests on hardly any quotes."""
    limit = int(value("price_few_quotes"))
    few = now.filter(pl.col("quotes") <= limit).sort(_CORRIDOR)
    if few.is_empty():
        return []
    pairs = few.select(*_CORRIDOR, "quotes").iter_rows()
    names = ", ".join(f"{sending}-{receiving} {n}" for sending, receiving, n in pairs)
    words = (
        f"{counted(few.height, 'corridor')} with an average of {limit} quotes or fewer, which a single price "
        f"can turn: {names}"
    )
    return [("remittance_price", "few-quotes", str(now["quarter"][0]), words, few.height, None)]


def _changed(before: pl.DataFrame, now: pl.DataFrame) -> list[Finding]:
    """Corridors that came and went, and how prices of those that stayed changed."""
    gone, new = before.join(now, on=_CORRIDOR, how="anti"), now.join(before, on=_CORRIDOR, how="anti")
    stayed = now.join(before, on=_CORRIDOR, suffix="_before")
    if stayed.height < 2 or not gone.height + new.height:
        return []
    points = stayed.select(d=_COST - pl.col("cost_usd200_pct_before"))["d"]
    mean, error = float(points.mean()), float(points.std()) / stayed.height**0.5  # type: ignore[arg-type]
    half = z_of_level(value("interval_level")) * error
    then, last = str(before["quarter"][0]), str(now["quarter"][0])
    words = (
        f"from {then} to {last} {counted(gone.height, 'corridor')} left the survey{_most(gone)} and "
        f"{new.height} came: compare the {stayed.height} surveyed both times, whose cost changed by "
        f"{mean:+.2f} points on average ({mean - half:+.2f} to {mean + half:+.2f}), by "
        f"{points.median():+.2f} in the median corridor"
    )
    key = f"{then} to {last}"
    return [("remittance_price", "changed-panel", key, words, float(gone.height), float(new.height))]


def _most(gone: pl.DataFrame) -> str:
    """The sender that most of those gone were of, if most were of one."""
    if gone.is_empty():
        return ""
    sender, count = gone.group_by("sending").len().sort("len", "sending", descending=[True, False]).row(0)
    return f" ({count} of them from {sender})" if 2 * count > gone.height else ""


def _mean(rows: pl.DataFrame) -> float:
    return rows.select(_COST.mean()).item()


def _median(rows: pl.DataFrame) -> Decimal:
    """Median of costs with two decimals, which has three where it lies between two of them: half goes up."""
    return Decimal(str(rows["cost_usd200_pct"].median())).quantize(Decimal("0.01"), ROUND_HALF_UP)


def without_flows(quarters: int, apart: int) -> Finding:
    """Quarters of prices that have no flows of about their time."""
    words = (
        f"{counted(quarters, 'quarter')} of prices without remittances of at most {apart} years before or "
        "after: no average weighted by money is made of them"
    )
    return ("price_index", "prices-without-flows", "WORLD", words, quarters, None)


def no_saving(prices: pl.DataFrame, flows: pl.DataFrame, apart: int) -> Finding:
    """No price has a flow of about its time."""
    priced, sent = (
        ", ".join(map(str, years.unique().sort())) or "no year"
        for years in (prices.select(_YEAR).to_series(), flows["year"])
    )
    words = (
        f"no corridor has a price and a flow of at most {apart} years before or after, so nothing is said of "
        "savings, nor of the average cost by money sent: "
        f"prices are of {priced}, reconciled remittances of {sent}"
    )
    return ("price_saving", "price-saving-not-possible", "WORLD", words, None, None)


def older_saving(last: str, quarter: str, year: int, newest: int, apart: int) -> Finding:
    """The last prices have no flows of about their time, earlier ones do."""
    words = (
        f"the last prices are of {last} and the last remittances of {newest}, more than {apart} years apart: "
        f"savings are of the prices of {quarter} and the remittances of {year}"
    )
    return ("price_saving", "price-saving-not-of-today", "WORLD", words, newest, int(last[:4]))
