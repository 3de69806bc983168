"""For whom is it known how many are women: which places are split as the world is?"""

from __future__ import annotations

import polars as pl

from corridors.evidence.checks.between_columns import findings

SPLIT = {"age_structure": "residents", "events_by_sex": "births and deaths"}
"""Tables that split figures by sex, and which figures."""


def check_sex_known(table: str, shares: pl.DataFrame, population: pl.DataFrame) -> pl.DataFrame:
    """Name the places of the population that a table of ``SPLIT`` does not have; one finding or none.

    Examples
    --------
    >>> import polars as pl
    >>> people = pl.DataFrame({"country": ["FRA", "BES"], "year": 2020, "population": [65, 1]})
    >>> found = check_sex_known("age_structure", people.head(1), people)
    >>> found["message"].item()
    "BES: residents are split by sex as the world's are, on average; 1.5 % of the people of 2020"
    """
    last = pl.col("year") == pl.col("year").max()
    people = population.drop_nulls("population").filter(last)
    absent = people.join(shares, on="country", how="anti").sort("country")
    part = float(absent["population"].sum()) / max(float(people["population"].sum()), 1.0)
    return findings(
        absent.select(places=pl.len(), codes=pl.col("country").str.join(", "), year=pl.col("year").first())
        .filter(pl.col("places") > 0)
        .with_columns(of=pl.lit(people.height)),
        table,
        "sex_not_known",
        ("year",),
        message=pl.format(
            "{}: {} are split by sex as the world's are, on average; {} % of the people of {}",
            "codes",
            pl.lit(SPLIT[table]),
            pl.lit(f"{100 * part:.1f}"),
            "year",
        ),
        value=pl.col("places"),
        limit=pl.col("of"),
    )
