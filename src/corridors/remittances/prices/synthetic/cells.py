"""Generated quotes as the texts of the workbook's cells."""

from __future__ import annotations

import calendar
import zlib
from typing import Any

import numpy as np
import polars as pl

from corridors import places

Choice = tuple[list[str], list[float]]

# Words of the real sheets with shares that are made up.
TYPES: dict[str, Choice] = {
    "instrument": (
        ["Cash", "Bank account transfer", "Debit card", "Credit card", "Mobile money", "Cash,Debit card"],
        [0.38, 0.27, 0.15, 0.08, 0.05, 0.07],
    ),
    "access": (
        ["Agent", "Internet", "Bank branch", "Mobile phone", "Post Office branch", "Call Center"],
        [0.34, 0.38, 0.12, 0.11, 0.03, 0.02],
    ),
    "pickup": (["Cash", "Bank account", "Mobile wallet", "Home delivery"], [0.48, 0.40, 0.10, 0.02]),
    "speed actual": (
        ["Less than one hour", "Same day", "Next day", "2 days", "3-5 days", "6 days or more"],
        [0.52, 0.12, 0.12, 0.08, 0.13, 0.03],
    ),
    "coverage": (["High", "Medium", "Low"], [0.6, 0.25, 0.15]),
}
_OLD_ACCESS = {
    "Agent": "at Branch",
    "Internet": "On-line",
    "Bank branch": "at Branch",
    "Mobile phone": "on mobile phone",
    "Post Office branch": "at Branch",
    "Call Center": "Call Center",
}
_OLD_REACH = {"High": "Nationwide", "Medium": "Major cities", "Low": "Main city"}
_OLD_PICKUP = {"Bank account": "Bank Account", "Mobile wallet": "Mobile", "Home delivery": "Home Delivery"}
_CURRENCY = {"USA": "USD", "GBR": "GBP", "JPN": "JPY", "SAU": "SAR", "ARE": "AED", "AGO": "AOA", "ZAF": "ZAR"}
_G20 = "ARG AUS BRA CAN CHN DEU FRA GBR IDN IND ITA JPN KOR MEX RUS SAU TUR USA ZAF"
_REGIONS = {
    "Southern Asia": "South Asia",
    "Northern Africa": "Middle East & North Africa",
    "Western Asia": "Middle East & North Africa",
    "Central Asia": "Europe & Central Asia",
    "Africa": "Sub-Saharan Africa",
    "Asia": "East Asia & Pacific",
    "Oceania": "East Asia & Pacific",
    "Europe": "Europe & Central Asia",
}
_INCOME = {"L": "Low income", "LM": "Lower middle income", "UM": "Upper middle income", "H": "High income"}
_MONTHS = list(calendar.month_abbr)[1:]


def raw_frame(rng: np.random.Generator, quotes: pl.DataFrame) -> pl.DataFrame:
    """Every column that one of the two sheets has, as text, from drawn quotes."""
    n = quotes.height
    base = quotes.with_columns(
        period=pl.format("{}_{}Q", "year", "part"),
        firm=pl.format("Generated {} {}", "firm_type", "firm_number"),
        location=pl.col("access").replace_strict(_OLD_ACCESS),
        reach=pl.col("coverage").replace_strict(_OLD_REACH),
        pickup=pl.col("pickup"),
        product=pl.format("{} to {}", "instrument", pl.col("pickup").str.to_lowercase()),
        corridor=pl.concat_str(_workbook_code("sending"), _workbook_code("receiving")),
        transparent=pl.when(pl.col("year") >= 2025).then(pl.lit("Yes")).otherwise(pl.lit("yes")),
        note=pl.lit(None, pl.String),
        note2=pl.lit(None, pl.String),
        date=_dates(rng, quotes),
        **{"pick-up": pl.col("pickup").replace(_OLD_PICKUP)},
        **{"pickup place": pl.when(pl.col("pickup") == "Cash").then(pl.lit("Agent"))},
    )
    base = base.with_columns(_country("sending", "source") + _country("receiving", "destination"))
    bank = np.array([_rate(code) for code in quotes["receiving"]]) / np.array(
        [_rate(code) for code in quotes["sending"]]
    )
    columns: dict[str, Any] = {
        "id": np.arange(600_000_000, 600_000_000 + n).astype(str),
        "inter lcu bank fx": _text(bank, 6),
    }
    for block, usd in (("cc1", 200), ("cc2", 500)):
        columns |= _prices(rng, base, block, usd, bank)
    return base.with_columns(pl.Series(name, values) for name, values in columns.items())


def _prices(
    rng: np.random.Generator, base: pl.DataFrame, block: str, usd: int, bank: np.ndarray
) -> dict[str, Any]:
    amount = np.round(usd * np.array([_rate(code) for code in base["sending"]]), 0).clip(min=50)
    # Fees are mostly flat, so that the larger amount costs less.
    share = base["fee"].to_numpy() * (1.0 if usd == 200 else 0.55) / 100
    fee = np.round(share * amount, 2)
    applied = bank * (1 - base["margin"].to_numpy() / 100 * (1.0 if usd == 200 else 0.95))
    margin = np.round(100 * (bank - applied) / bank, 2)
    return {
        f"{block} lcu amount": _text(amount, 2),
        f"{block} denomination amount": [str(usd)] * base.height,
        f"{block} lcu code": base["sending"].replace_strict(_CURRENCY, default="EUR"),
        f"{block} lcu fee": _text(fee, 2),
        f"{block} lcu fx rate": _text(applied, 6),
        f"{block} fx margin": _text(margin, 2),
        f"{block} total cost %": _text(np.round(100 * fee / amount, 2) + margin, 2),
    }


def _text(values: np.ndarray, places_after: int) -> pl.Series:
    return pl.Series(np.round(values, places_after)).cast(pl.String).str.strip_suffix(".0")


def _rate(code: str) -> float:
    """Currency units to the dollar, made up, the same for the same country."""
    return 1.0 if code == "USA" else float(np.exp((zlib.crc32(code.encode()) % 1000) / 200.0))


def _workbook_code(column: str) -> pl.Expr:
    return pl.col(column).replace({"XKX": "KSV"})


def _country(column: str, prefix: str) -> list[pl.Expr]:
    known = {place.code: place for place in (*places.every(), *places.every("historical"))}
    name = {code: place.name for code, place in known.items()}
    income = {code: _INCOME.get(place.income_group or "", "..") for code, place in known.items()}
    code = pl.col(column)
    region = {
        key: ".." if place.income_group in ("H", None) else _region(place) for key, place in known.items()
    }
    group = pl.when(code.is_in(_G20.split(" "))).then(pl.lit("G8/G20")).otherwise(pl.lit(".."))
    return [
        _workbook_code(column).alias(f"{prefix}_code"),
        code.replace_strict(name).alias(f"{prefix}_name"),
        code.replace_strict(region).alias(f"{prefix}_region"),
        code.replace_strict(income).alias(f"{prefix}_income"),
        pl.lit("..").alias(f"{prefix}_lending"),
        group.alias(f"{prefix}_G8G20"),
    ]


def _region(place: places.Place) -> str:
    return _REGIONS.get(place.subregion or "", _REGIONS.get(place.region or "", "Latin America & Caribbean"))


def _dates(rng: np.random.Generator, quotes: pl.DataFrame) -> pl.Series:
    """Days as dd/Mon/YYYY, and from 2025 as Excel serial numbers."""
    month = 3 * (quotes["part"].to_numpy() - 1) + rng.integers(1, 4, quotes.height)
    day = rng.integers(1, 29, quotes.height)
    days = pl.DataFrame({"year": quotes["year"], "month": month, "day": day}).with_columns(
        date=pl.date("year", "month", "day")
    )
    serial = (pl.col("date") - pl.date(1899, 12, 30)).dt.total_days().cast(pl.String)
    shown = pl.format(
        "{}/{}/{}",
        pl.col("day").cast(pl.String).str.zfill(2),
        pl.col("month").replace_strict(dict(enumerate(_MONTHS, 1)), return_dtype=pl.String),
        "year",
    )
    return days.select(pl.when(pl.col("year") >= 2025).then(serial).otherwise(shown)).to_series()
