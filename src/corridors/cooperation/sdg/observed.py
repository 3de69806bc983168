"""Indicators worked out from own files, as observations that promises are judged by."""

from __future__ import annotations

from functools import cache

import polars as pl

from corridors import packaged, places
from corridors.cooperation.sdg.indicator import Indicator
from corridors.errors import DataError


@cache
def observed_indicators() -> pl.DataFrame:
    """Names under which figures of these indicators are promised and followed.

    Returns
    -------
    DataFrame
        name, number of the indicator, title, unit, judged_as, and rows: which of its rows the figure is.

    Examples
    --------
    >>> from corridors.cooperation.sdg import observed_indicators
    >>> observed_indicators()["name"].to_list()
    ['sdg_10_7_1', 'sdg_10_7_1_median', 'sdg_10_7_2']
    """
    return pl.read_csv(
        packaged.content("cooperation/sdg/observed.csv"), schema_overrides={"number": pl.String}
    )


def as_observations(found: Indicator, *, place: str | None = None, year: int | None = None) -> pl.DataFrame:
    """Figures of an indicator as observations: indicator, place, year, value, lower, upper.

    Parameters
    ----------
    found
        Indicator 10.7.1 or 10.7.2.
    place, year
        Where and when, where the figures themselves do not say it.

    Raises
    ------
    DataError
        The indicator has no name to be followed by, it is not said where or when, or no figure has a value.

    Examples
    --------
    >>> import polars as pl
    >>> from corridors.cooperation.sdg import as_observations, recruitment_cost
    >>> paid = recruitment_cost(pl.DataFrame({"cost": [4000.0, 1000, 0], "earnings": [500.0, 400, 300]}))
    >>> as_observations(paid, place="Nepal", year=2024).select("indicator", "place", "year").rows()
    [('sdg_10_7_1', 'NPL', 2024), ('sdg_10_7_1_median', 'NPL', 2024)]
    """
    named = observed_indicators().filter(number=found.name)
    if named.is_empty():
        known = ", ".join(observed_indicators()["number"].unique(maintain_order=True))
        raise DataError(
            f"{found.name} is not among the indicators that are followed", remedy=f"these are: {known}"
        )
    parts = [
        found.table.sql(f"SELECT * FROM self WHERE {rows}").with_columns(indicator=pl.lit(name))
        for name, rows in named.select("name", "rows").iter_rows()
    ]
    table = pl.concat(parts).drop_nulls("value")
    if table.is_empty():
        raise DataError(f"no figure of {found.name} has a value", remedy="its notes say why")
    for name, given in (("place", None if place is None else places.code(place)), ("year", year)):
        own = pl.col(name) if name in table.columns else pl.lit(None)
        table = table.with_columns(pl.coalesce(own, pl.lit(given)).alias(name))
        if table[name].null_count():
            raise DataError(f"the figures do not say of which {name} they are", remedy=f"give {name}")
    return table.select("indicator", "place", "year", "value", "lower", "upper")
