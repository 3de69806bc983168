"""Which corridors of a country are the largest?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import polars as pl

MOST = 5

# Origins not told and senders that no country records are no corridors; they count for the shares.
_LARGEST = """
WITH side AS (
    SELECT 'migrant_stock' AS measure, 'emigrants' AS side, destination AS other, year::VARCHAR AS period,
           value, NULL::DOUBLE AS lower, NULL::DOUBLE AS upper, 'persons' AS unit
    FROM migrant_stock WHERE origin = $country AND sex = $sex AND year = (SELECT max(year) FROM migrant_stock)
    UNION ALL
    SELECT 'migrant_stock', 'immigrants', origin, year::VARCHAR, value, NULL, NULL, 'persons'
    FROM migrant_stock
    WHERE destination = $country AND sex = $sex AND year = (SELECT max(year) FROM migrant_stock)
    UNION ALL
    SELECT 'migrant_flow', 'departures', destination, period_start || '–' || period_end,
           value, lower, upper, 'persons in the period'
    FROM migrant_flow
    WHERE origin = $country AND sex = $sex AND method = 'pseudo-bayes' AND kind = 'total'
      AND period_start = (SELECT max(period_start) FROM migrant_flow)
    UNION ALL
    SELECT 'migrant_flow', 'arrivals', origin, period_start || '–' || period_end,
           value, lower, upper, 'persons in the period'
    FROM migrant_flow
    WHERE destination = $country AND sex = $sex AND method = 'pseudo-bayes' AND kind = 'total'
      AND period_start = (SELECT max(period_start) FROM migrant_flow)
    UNION ALL
    SELECT 'remittance_flow', 'received', sending, year::VARCHAR, value, lower, upper, 'USD million'
    FROM remittance_flow
    WHERE receiving = $country AND rule = 'reconciled' AND year = (SELECT max(year) FROM remittance_flow)
    UNION ALL
    SELECT 'remittance_flow', 'paid', receiving, year::VARCHAR, value, lower, upper, 'USD million'
    FROM remittance_flow
    WHERE sending = $country AND rule = 'reconciled' AND year = (SELECT max(year) FROM remittance_flow)
)
SELECT measure, side, other, period, value, lower, upper,
       value / sum(value) OVER (PARTITION BY measure, side) AS share, unit
FROM side
QUALIFY other NOT IN ('OTH', 'UNK') AND other <> $country AND value > 0 AND $most >= row_number() OVER (
    PARTITION BY measure, side ORDER BY other IN ('OTH', 'UNK'), value DESC, other
)
ORDER BY measure, side, value DESC, other
"""


class Queried(Protocol):
    """What can be asked by a query, such as an atlas."""

    def sql(self, query: str, parameters: Mapping[str, Any] | None = None) -> pl.DataFrame:
        """Rows of a query."""
        ...


def largest_corridors(atlas: Queried, country: str, sex: str = "total", most: int = MOST) -> pl.DataFrame:
    """The largest corridors of a country: people, moves and money, of the latest year or period of each.

    Parameters
    ----------
    atlas
        An opened atlas.
    country
        Code of the country.
    sex
        ``total``, ``female`` or ``male``; money is not by sex.
    most
        How many corridors a side has at most.

    Returns
    -------
    polars.DataFrame
        ``measure``, ``side`` (emigrants, immigrants, departures, arrivals, received, paid), ``other``
        (code of the other end), ``period``, ``value``, ``lower``, ``upper``, ``share`` of all of the side,
        others and unknown ones included, ``unit``. Moves and money are the recommended estimates.

    Examples
    --------
    >>> import corridors as co
    >>> from corridors.atlas.largest_corridors import largest_corridors
    >>> found = largest_corridors(co.open(), "MEX", most=1)
    >>> found["side"].to_list(), set(found["other"])
    (['arrivals', 'departures', 'emigrants', 'immigrants', 'paid', 'received'], {'USA'})
    """
    return atlas.sql(_LARGEST, {"country": country, "sex": sex, "most": most})
