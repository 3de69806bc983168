"""Do the ages of a place add up to its population?"""

from __future__ import annotations

import polars as pl

from corridors.evidence.checks.between_columns import findings

AGES_RECORDED = (20, 0.001)
"""Persons and share of the population beyond both of which ages that do not add up are recorded.

Shares of age groups are published rounded, and the population is rounded to 10.
"""


def check_ages(ages: pl.DataFrame, population: pl.DataFrame) -> pl.DataFrame:
    """Compare the people of all ages of each place with its population; one finding a place.

    The finding is about the year in which they are furthest apart.

    Examples
    --------
    >>> import polars as pl
    >>> ages = pl.DataFrame({"country": "TKL", "year": 2020, "age": ["0-4", "70+"],
    ...                      "female": [60, 40], "male": [60, 40]})
    >>> people = pl.DataFrame({"country": "TKL", "year": 2020, "population": 250})
    >>> check_ages(ages, people).select("key", "value", "limit").row(0)
    ('country=TKL, year=2020', 200.0, 250.0)
    """
    persons, share = AGES_RECORDED
    gap = (pl.col("aged") - pl.col("population")).abs()
    apart = (
        ages.group_by("country", "year")
        .agg(aged=(pl.col("female") + pl.col("male")).sum())
        .join(population.select("country", "year", "population"), on=["country", "year"])
        .filter(gap > persons, gap > share * pl.col("population"))
        .sort(gap / pl.col("population"), descending=True)
        .unique("country", keep="first", maintain_order=True)
        .sort("country")
    )
    return findings(
        apart,
        "age_structure",
        "ages_add_up",
        ("country", "year"),
        message=pl.lit("the ages do not add up to the population: shares were rounded, or revisions differ"),
        value=pl.col("aged"),
        limit=pl.col("population"),
    )
