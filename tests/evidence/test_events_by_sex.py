"""Female shares of births and deaths, and of the population: known of the world and of the Gulf."""

from __future__ import annotations

from importlib import resources

import polars as pl
import pytest

from corridors import places
from corridors.evidence import load

FIGURES = resources.files("corridors") / "data" / "evidence" / "figures"
KNOWN = load()
LIVING = (
    KNOWN.table("age_structure")
    .group_by("country", "year")
    .agg(female_pct=100 * pl.col("female").sum() / (pl.col("female") + pl.col("male")).sum())
)


@pytest.fixture(scope="module")
def shares() -> pl.DataFrame:
    return pl.read_csv(FIGURES.joinpath("events_by_sex.csv").read_bytes())


def test_shape(shares: pl.DataFrame) -> None:
    assert shares.columns == ["country", "year", "female_births_pct", "female_deaths_pct"]
    assert shares.null_count().sum_horizontal().item() == 0
    assert shares.select("country", "year").is_unique().all()
    assert set(shares["country"]) <= places.codes("country")
    per_country = shares.group_by("country").agg(pl.col("year").sort())
    assert per_country.height == 187
    assert all(years.to_list() == [1990, 2000, 2010, 2020] for years in per_country["year"])


def test_shares_are_plausible(shares: pl.DataFrame) -> None:
    assert LIVING.filter(pl.col("year") <= 2024)["female_pct"].is_between(22, 57).all()
    assert shares["female_deaths_pct"].is_between(24, 56).all()
    recent = dict(LIVING.filter(year=2020).select("country", "female_pct").iter_rows())
    assert recent["QAT"] == pytest.approx(27.9, abs=0.1)
    assert 31 < recent["ARE"] < 36
    assert recent["RUS"] > 53
    # Sex ratios at birth: about 1.05 in most of the world, far more boys in China after 2000.
    births = dict(shares.filter(year=2020).select("country", "female_births_pct").iter_rows())
    assert births["FRA"] == pytest.approx(48.8, abs=0.2)
    assert shares.filter(country="CHN", year=2010)["female_births_pct"].item() < 46.8


@pytest.mark.parametrize("year", [1990, 2000, 2010, 2020])
def test_world(shares: pl.DataFrame, year: int) -> None:
    people = KNOWN.table("population").filter(year=year)
    dying = shares.join(people, on=["country", "year"])
    assert dying.height == 187
    share = dying.select(pl.col("female_deaths_pct").dot("deaths") / pl.col("deaths").sum()).item()
    assert 45 < share < 47.5
    living = LIVING.join(people, on=["country", "year"])
    assert living.height == 235
    share = living.select(pl.col("female_pct").dot("population") / pl.col("population").sum()).item()
    assert share == pytest.approx(49.73, abs=0.1)


@pytest.mark.parametrize("year", [1990, 2000, 2010, 2020])
def test_girls_among_births_are_near_girls_under_five(shares: pl.DataFrame, year: int) -> None:
    """Boys die a little more often before their fifth birthday, so girls' share rises, but little."""
    young = KNOWN.table("age_structure").filter(age="0-4", year=year)
    both = shares.join(young, on=["country", "year"]).with_columns(
        gap=100 * pl.col("female") / (pl.col("female") + pl.col("male")) - pl.col("female_births_pct")
    )
    assert both.height == 187
    assert both["gap"].is_between(-0.25, 1.2).all()


def test_places_whose_births_and_deaths_are_split_as_the_worlds_are_named() -> None:
    found = KNOWN.findings.filter(rule="sex_not_known")
    assert set(found["key"]) == {"year=2024"}
    assert found.select("table", "value").rows() == [("age_structure", 1.0), ("events_by_sex", 49.0)]
    assert "BES" in found["message"][0]
    assert "SOM" in found["message"][1]
    absent = set(KNOWN.table("population")["country"]) - set(KNOWN.table("events_by_sex")["country"])
    assert len(absent) == 49
    assert all(code in found["message"][1] for code in absent)
