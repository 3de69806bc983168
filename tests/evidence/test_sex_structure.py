"""The figure of female shares agrees with what is known of the world and of the Gulf."""

from __future__ import annotations

from importlib import resources

import polars as pl
import pytest

from corridors import places

FIGURES = resources.files("corridors") / "data" / "evidence" / "figures"


@pytest.fixture(scope="module")
def shares() -> pl.DataFrame:
    return pl.read_csv(FIGURES.joinpath("sex_structure.csv").read_bytes())


def test_shape(shares: pl.DataFrame) -> None:
    assert shares.columns == [
        "country",
        "year",
        "female_population_pct",
        "female_births_pct",
        "female_deaths_pct",
    ]
    assert shares.null_count().sum_horizontal().item() == 0
    assert shares.select("country", "year").is_unique().all()
    assert set(shares["country"]) <= places.codes("country")
    per_country = shares.group_by("country").agg(pl.col("year").sort())
    assert per_country.height == 187
    assert all(years.to_list() == [1990, 2000, 2010, 2020] for years in per_country["year"])


def test_shares_are_plausible(shares: pl.DataFrame) -> None:
    assert shares["female_population_pct"].is_between(24, 56).all()
    assert shares["female_deaths_pct"].is_between(24, 56).all()
    recent = {row["country"]: row for row in shares.filter(year=2020).iter_rows(named=True)}
    assert recent["QAT"]["female_population_pct"] == pytest.approx(27.9, abs=0.1)
    assert 31 < recent["ARE"]["female_population_pct"] < 36
    # Sex ratios at birth: about 1.05 in most of the world, far more boys in China after 2000.
    assert recent["FRA"]["female_births_pct"] == pytest.approx(48.8, abs=0.2)
    assert shares.filter(country="CHN", year=2010)["female_births_pct"].item() < 46.8
    assert recent["RUS"]["female_population_pct"] > 53


@pytest.mark.parametrize("year", [1990, 2000, 2010, 2020])
def test_world(shares: pl.DataFrame, year: int) -> None:
    people = pl.read_csv(FIGURES.joinpath("population.csv.gz").read_bytes())
    both = shares.filter(year=year).join(people, on=["country", "year"])
    assert both.height == 187
    weighted = both.select(
        living=pl.col("female_population_pct").dot("population") / pl.col("population").sum(),
        dying=pl.col("female_deaths_pct").dot("deaths") / pl.col("deaths").sum(),
    )
    living, dying = weighted.row(0)
    assert living == pytest.approx(49.73, abs=0.1)
    assert 45 < dying < 47.5
