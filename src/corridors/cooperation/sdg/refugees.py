"""SDG 10.7.4: the share of a country's people who became refugees."""

from __future__ import annotations

import polars as pl

from corridors.cooperation.sdg.indicator import Indicator
from corridors.intake import IntoTable, TableSpec, refuse, take

_BOUNDS = ("refugees_lower", "refugees_upper", "population_lower", "population_upper")
_COUNTS = TableSpec(
    "counts",
    texts=["place"],
    any_places=["place"],
    whole=["year"],
    numbers=["refugees", "population", *_BOUNDS],
    added=["refugees", "population"],
    optional=["year", *_BOUNDS],
    key=["place", "year"],
    at_least=dict.fromkeys(("refugees", "population", *_BOUNDS), 0),
)


def refugees_by_origin(counts: IntoTable) -> Indicator:
    """SDG 10.7.4: refugees by origin per 100,000 of its people at home and abroad.

    Parameters
    ----------
    counts
        ``place`` (of origin), ``refugees`` and ``population`` (resident), both at the end of the year;
        optionally ``year`` and bounds ``refugees_lower, refugees_upper, population_lower, population_upper``.

    Returns
    -------
    Indicator
        place, year, refugees, population, value, lower, upper; then a row ``all`` for each year, the mean
        weighted by residents plus refugees, of the places given. No interval without bounds.

    Raises
    ------
    DataError
        Counts are missing or negative, nobody is counted, bounds do not hold their count, or a row stands
        twice.

    Notes
    -----
    ``R / (P + R) * 100,000`` (UN metadata of 10.7.4, February 2021; UNHCR). Palestine refugees under the
    mandate of UNRWA are not counted in the published indicator.

    Examples
    --------
    >>> import polars as pl
    >>> from corridors.cooperation.sdg import refugees_by_origin
    >>> seen = pl.DataFrame({"place": ["X"], "refugees": [250_000], "population": [750_000]})
    >>> refugees_by_origin(seen).table["value"].to_list()
    [25000.0, 25000.0]
    """
    table = take(counts, _COUNTS)
    _check(table)
    rate = _rate(pl.col("refugees"), pl.col("population"))
    refugees = {b: pl.coalesce(f"refugees_{b}", "refugees") for b in ("lower", "upper")}
    people = {b: pl.coalesce(f"population_{b}", "population") for b in ("lower", "upper")}
    bounded = pl.any_horizontal(pl.col(*_BOUNDS).is_not_null())
    found = table.select(
        "place", "year", "refugees", "population",
        value=rate,
        lower=pl.when(bounded).then(_rate(refugees["lower"], people["upper"])),
        upper=pl.when(bounded).then(_rate(refugees["upper"], people["lower"])),
    )  # fmt: skip
    whole = found.group_by("year", maintain_order=True).agg(pl.col("refugees", "population").sum())
    blank = pl.lit(None, pl.Float64)
    whole = whole.select(
        pl.lit("all").alias("place"), "year", "refugees", "population", value=rate, lower=blank, upper=blank
    )
    some = found["lower"].is_not_null().any()
    told = "extremes of the bounds given, not a probability" if some else "none: counts without bounds"
    return Indicator(
        "10.7.4", "Refugees by country of origin", "per 100,000", pl.concat([found, whole]), told,
        ("people recognised as refugees or in a like situation; asylum seekers are not counted",),
        ("place", "year"),
    )  # fmt: skip


def _rate(refugees: pl.Expr, population: pl.Expr) -> pl.Expr:
    return refugees / (population + refugees) * 1e5


def _check(table: pl.DataFrame) -> None:
    refugees, population = pl.col("refugees"), pl.col("population")
    key = ["place", "year", "refugees", "population"]
    refuse(table, refugees + population <= 0, "table 'counts': nobody is counted", "leave out the row", key)
    for name in ("refugees", "population"):
        low, high = pl.col(f"{name}_lower"), pl.col(f"{name}_upper")
        off = (low > pl.col(name)) | (high < pl.col(name))
        refuse(
            table,
            off,
            f"table 'counts': bounds do not hold their {name}",
            "give lower <= count <= upper",
            key,
        )
