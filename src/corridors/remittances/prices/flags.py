"""Anomalies of quotes, by name."""

from __future__ import annotations

import polars as pl

from corridors.parameters import value as parameter

# Names of flags and what they mean.
FLAGS = {
    "undisclosed_margin": "transparent is no: the exchange margin stored, mostly 0, is not the margin",
    "undisclosed_note": "a note says that the margin of 0 is not the cost, though transparent is yes",
    "negative_margin": "the exchange rate is better than the interbank rate",
    "negative_total": "the transfer costs less than nothing",
    "above_50": "the transfer costs more than half of the amount",
    "identity": "stored total differs from fee plus margin by more than 0.01 points",
    "fee_omitted": "stored total is the margin alone although there is a fee",
    "no_total": "no total cost, and none can be computed",
    "no_amount": "amount missing or zero: the fee has no percentage",
    "denomination": "amount in dollars is not the price point",
    "zero_rate": "an exchange rate of zero",
    "currency_code": "a currency code that is not of ISO 4217",
    "stale_date": "asked before the quarter began",
    "late_date": "asked after the quarter ended",
    "unreadable_date": "a day that can not be read",
    "corridor_code": "the corridor's code is not the two countries' codes",
    "no_transparency": "whether the price is transparent is not recorded",
    "duplicate": "all but the identifier is the same as in an earlier row",
    "duplicate_id": "another row of the quarter has the same identifier",
}

_TOLERANCE = parameter("price_identity_tolerance") + 1e-6
_SAYS_UNDISCLOSED = (
    r"(?i)does not necessarily mean that there is no exchange rate cost"
    r"|not disclosed to the sender|not known by the sender"
)
_SAME_BUT = ("id", "row", "sheet", "price_point")


def flagged(table: pl.DataFrame, *, trust_notes: bool = True) -> pl.DataFrame:
    """Add ``flags``, and take undisclosed margins and their totals out.

    Parameters
    ----------
    table
        One row a price, with ``fee_pct`` and the costs as stored.
    trust_notes
        Whether a margin of 0 of which a note says that it is not the cost counts as undisclosed
        even where ``transparent`` is yes. The World Bank goes by ``transparent`` alone.

    Returns
    -------
    DataFrame
        With ``margin_pct``, ``total_pct``, ``flags`` (names joined by spaces) and two numbers: ``_same``,
        equal for rows that are the same but for the identifier, and ``_key``, equal for rows of a quarter
        with the same identifier.
    """
    hidden = ~pl.col("transparent").fill_null(True)
    said = pl.concat_str("note", "note2", ignore_nulls=True).str.contains(_SAYS_UNDISCLOSED)
    table = table.with_columns(
        _hidden=hidden, _said=(pl.col("margin_reported_pct") == 0) & ~hidden & said & pl.lit(trust_notes)
    )
    computed = pl.col("fee_pct") + pl.col("margin_reported_pct")
    gone = pl.col("_hidden") | pl.col("_said")
    table = table.with_columns(
        margin_pct=pl.when(~gone).then("margin_reported_pct"),
        total_pct=pl.when(~gone).then(pl.coalesce("total_reported_pct", computed)),
    )
    year, part = pl.col("quarter").str.head(4).cast(pl.Int32), pl.col("quarter").str.tail(1).cast(pl.Int32)
    after = pl.date(year + part // 4, part % 4 * 3 + 1, 1)
    same = [name for name in table.columns if name not in _SAME_BUT and not name.startswith("_")]
    table = table.with_columns(
        _start=pl.date(year, part * 3 - 2, 1),
        _end=after - pl.duration(days=1),
        _same=pl.struct(*same, "price_point").hash(),
        _key=pl.when(pl.col("id").is_not_null()).then(pl.struct("quarter", "id", "price_point").hash()),
    )
    marks = [pl.when(mark).then(pl.lit(name)) for name, mark in _marks(computed).items()]
    return table.with_columns(flags=pl.concat_str(marks, separator=" ", ignore_nulls=True))


def repeated(table: pl.DataFrame) -> pl.DataFrame:
    """Flag rows that repeat an earlier one but for the identifier, and identifiers that are repeated."""
    again = ~pl.col("_same").is_first_distinct()
    twice = pl.col("_key").is_not_null() & pl.col("_key").is_duplicated()
    found = pl.concat_str(
        [
            pl.when(pl.col("flags") != "").then("flags"),
            pl.when(again).then(pl.lit("duplicate")),
            pl.when(twice).then(pl.lit("duplicate_id")),
        ],
        separator=" ",
        ignore_nulls=True,
    )
    return table.with_columns(flags=found)


def _marks(computed: pl.Expr) -> dict[str, pl.Expr]:
    total, margin, stored = pl.col("total_pct"), pl.col("margin_pct"), pl.col("total_reported_pct")
    return {
        "undisclosed_margin": pl.col("_hidden"),
        "undisclosed_note": pl.col("_said"),
        "negative_margin": margin < 0,
        "negative_total": total < 0,
        "above_50": total > 50,
        "identity": (stored - computed).abs() > _TOLERANCE,
        "fee_omitted": (stored == pl.col("margin_reported_pct")) & (pl.col("fee_pct") > 0.01),
        "no_total": total.is_null() & ~pl.col("_hidden") & ~pl.col("_said"),
        "no_amount": pl.col("amount_lcu").fill_null(0) <= 0,
        "denomination": pl.col("amount_usd").fill_null(0) != pl.col("price_point"),
        "zero_rate": (pl.col("rate_applied") == 0) | (pl.col("rate_interbank") == 0),
        "currency_code": pl.col("currency").is_in(["CFA", "CLF"]),
        "stale_date": pl.col("date") < pl.col("_start"),
        "late_date": pl.col("date") > pl.col("_end"),
        "unreadable_date": pl.col("has_date") & pl.col("date").is_null(),
        "corridor_code": pl.col("corridor") != pl.concat_str("_sending", "_receiving"),
        "no_transparency": pl.col("transparent").is_null(),
    }
