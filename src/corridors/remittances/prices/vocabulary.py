"""Words of the survey united: spellings, casing, and what they say about a service."""

from __future__ import annotations

import polars as pl

# Changes of name of the same firm, by key; the survey's notes tell of the first.
_FIRMS = {"transferwise": "Wise"}
_FIRM_TYPES = {
    "bank": "Bank",
    "money transfer operator": "Money transfer operator",
    "mto": "Money transfer operator",
    "post office": "Post office",
    "mobile operator": "Mobile operator",
    "non-bank fi": "Non-bank FI",
    "building society": "Building society",
    "building societies": "Building society",
    "credit union": "Credit union",
    "credit unions": "Credit union",
}
_INCOME = {
    "High income: OECD": "High income",
    "High income: nonOECD": "High income",
    "Lower income": "Low income",
}


def firm_type(column: pl.Expr) -> pl.Expr:
    """Kind of firm; combined kinds are Mixed, unknown ones Other."""
    key = column.str.to_lowercase().str.replace_all(r"\s+", " ")
    known = key.replace_strict(_FIRM_TYPES, default="Other", return_dtype=pl.String)
    return pl.when(key.str.contains("/", literal=True)).then(pl.lit("Mixed")).otherwise(known)


def income(column: pl.Expr) -> pl.Expr:
    """Income group in the words of today; Lower income of 2024 is Low income."""
    return column.replace(_INCOME)


def words(column: pl.Expr) -> pl.Expr:
    """A list in lower case, each word once, in alphabetical order."""
    listed = column.str.to_lowercase().str.replace_all(r"\s*,\s*", ",").str.split(",")
    return listed.list.unique().list.sort().list.join(", ")


def firm(table: pl.DataFrame) -> pl.DataFrame:
    """Add ``firm``: the commonest spelling of each name, whatever its case and spaces.

    Examples
    --------
    >>> import polars as pl
    >>> from corridors.remittances.prices.vocabulary import firm
    >>> firm(pl.DataFrame({"firm_raw": ["azimo", "Azimo", "Azimo ", "Transferwise"]}))["firm"].to_list()
    ['Azimo', 'Azimo', 'Azimo', 'Wise']
    """
    clean = pl.col("firm_raw").str.strip_chars().str.replace_all(r"\s+", " ")
    names = table.select("firm_raw").group_by("firm_raw").len().with_columns(clean.alias("firm"))
    names = names.with_columns(key=pl.col("firm").str.to_lowercase())
    usual = (
        names.group_by("key", "firm").agg(pl.col("len").sum())
        .sort(["key", "len", "firm"], descending=[False, True, True])
        .group_by("key", maintain_order=True).agg(pl.col("firm").first())
        .with_columns(pl.col("key").replace_strict(_FIRMS, default=pl.col("firm")).alias("firm"))
    )  # fmt: skip
    known = names.select("firm_raw", "key").drop_nulls().join(usual, on="key").sort("firm_raw")
    united = pl.col("firm_raw").replace_strict(known["firm_raw"], known["firm"], return_dtype=pl.String)
    return table.with_columns(firm=united)


def paid_in() -> pl.Expr:
    """Whether the sender pays in cash, by ``instrument``."""
    cash = pl.col("instrument").str.contains("cash", literal=True)
    other = pl.col("instrument").str.contains("account|card|mobile|cheque|check|wallet|online")
    return (
        pl.when(cash & other).then(pl.lit("either")).when(cash).then(pl.lit("cash"))
        .when(other).then(pl.lit("non-cash"))
    )  # fmt: skip


def sent_through() -> pl.Expr:
    """Whether the sender goes somewhere, by ``access``."""
    online = pl.col("access").str.contains("internet|on-line|online|mobile|app")
    person = pl.col("access").str.contains("agent|branch|post office|kiosk|atm")
    return (
        pl.when(online & person).then(pl.lit("either")).when(online).then(pl.lit("online"))
        .when(person).then(pl.lit("in person"))
    )  # fmt: skip


def paid_out() -> pl.Expr:
    """In what the receiver gets the money, by ``pickup``."""
    text = pl.col("pickup")
    account = text.str.contains("account|acciunt|bank")
    cash, wallet = text.str.contains("cash|atm"), text.str.contains("mobile|wallet")
    several = pl.sum_horizontal(account, cash, wallet) > 1
    return (
        pl.when(text.is_null()).then(None).when(several).then(pl.lit("several"))
        .when(account).then(pl.lit("account")).when(cash).then(pl.lit("cash"))
        .when(wallet).then(pl.lit("wallet")).otherwise(pl.lit("other"))
    )  # fmt: skip


def digital() -> pl.Expr:
    """Paid without cash, sent online, received in an account or wallet."""
    known = pl.col("paid_in").is_not_null() & pl.col("sent_through").is_not_null()
    known &= pl.col("paid_out").is_not_null()
    yes = (pl.col("paid_in") == "non-cash") & (pl.col("sent_through") == "online")
    return pl.when(known).then(yes & pl.col("paid_out").is_in(["account", "wallet"]))


def speed_days() -> pl.Expr:
    """Most days that a transfer takes, by ``speed``."""
    text = pl.col("speed")
    number = text.str.extract(r"(\d+)\s*days?").cast(pl.Float64)
    return (
        pl.when(text.str.contains("hour|same day|minute")).then(0.0)
        .when(text.str.contains("next day")).then(1.0)
        .when(text.str.contains("or more|more than")).then(float("inf"))
        .otherwise(number)
    )  # fmt: skip
