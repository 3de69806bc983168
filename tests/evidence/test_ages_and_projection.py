"""Ages and projections: totals are the publisher's, 31 December has become 1 July, bounds are in order."""

from __future__ import annotations

import gzip
import runpy
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import polars as pl
import pytest

from conftest import FULL_DATA, ROOT
from corridors.errors import DataError
from corridors.evidence import load
from corridors.evidence.checks.ages_add_up import AGES_RECORDED
from corridors.numerics.typing import Array

KNOWN = load()
AGES, AHEAD, PEOPLE = (KNOWN.table(n) for n in ("age_structure", "population_projection", "population"))
WIDTH = {"0-4": 5, "5-9": 5, "10-14": 5, "15-19": 5, "20-39": 20, "40-59": 20, "60-64": 5, "65-69": 5}
COLUMNS = ("population", "low", "high", "lower", "upper", "lower95", "upper95")
YEARS_AHEAD = [*range(2025, 2036), *range(2040, 2101, 5)]
# Where the published shares do not add up within the stated tolerance, with the worst year.
NOT_ADDING_UP = {
    "AIA": 2015, "BLM": 1990, "COK": 2000, "CYM": 1990, "FLK": 1990, "GIB": 2005, "MSR": 2005, "PLW": 2015,
    "SHN": 2005, "SMR": 2015, "SPM": 2015, "SXM": 1990, "TUV": 2020, "VGB": 2000, "WLF": 2010,
}  # fmt: skip

script: dict[str, Any] = runpy.run_path(str(ROOT / "scripts" / "ages_and_projection.py"))
mid_year: Callable[..., dict[str, float]] = script["mid_year"]
needs_originals = pytest.mark.skipif(
    not (FULL_DATA / "wpp2024_projection_year_end_2024_2100.csv.gz").is_file(),
    reason="the full files are not beside the checkout",
)


def totals() -> pl.DataFrame:
    return AGES.group_by("country", "year").agg(aged=(pl.col("female") + pl.col("male")).sum())


# Ages


def test_every_place_has_every_age_and_year() -> None:
    assert set(AGES["age"]) == {*WIDTH, "70+"}
    years = {*range(1990, 2101, 5), 2024}
    assert set(AGES["year"]) == years
    assert AGES.height == AGES["country"].n_unique() * len(years) * 9
    # The source of ages lacks the first; those of events and projections lack the second.
    assert set(PEOPLE["country"]) - set(AGES["country"]) == {"BES"}
    assert set(AGES["country"]) - set(PEOPLE["country"]) == {"VAT"}


@pytest.mark.parametrize(
    ("year", "published"),
    # World Population Prospects 2024, thousands; 2024 and 2025 are totals that the publisher prints.
    [(2024, 8_161_972.6), (2025, 8_231_613.1)],
)
def test_world_by_ages_is_the_published_one(year: int, published: float) -> None:
    world = totals().filter(year=year)["aged"].sum() / 1000
    # 31 thousand people of Bonaire, Sint Eustatius and Saba are in no age.
    assert world == pytest.approx(published - 31, abs=10)


def test_ages_add_up_but_for_places_that_are_named() -> None:
    both = totals().join(PEOPLE.drop_nulls("population"), on=["country", "year"])
    assert both["year"].unique().sort().to_list()[:7] == [1990, 1995, 2000, 2005, 2010, 2015, 2020]
    gap = (pl.col("aged") - pl.col("population")).abs()
    large = both.filter(pl.col("population") > 100_000)
    assert large.filter(gap > 0.0005 * pl.col("population")).is_empty()
    assert both.filter(gap > 0.01 * pl.col("population"), gap > 10).is_empty()
    persons, share = AGES_RECORDED
    apart = both.filter(gap > persons, gap > share * pl.col("population"))
    assert set(apart["country"]) == set(NOT_ADDING_UP)
    found = KNOWN.findings.filter(rule="ages_add_up")
    assert found["key"].to_list() == [f"country={c}, year={y}" for c, y in NOT_ADDING_UP.items()]


def test_ages_of_another_revision_are_recorded() -> None:
    double = PEOPLE.drop("source").with_columns(pl.col("population", "births", "deaths", "net_migration") * 2)
    found = load(tables={"population": double}).findings.filter(rule="ages_add_up")
    assert found.height == len({*AGES["country"]} & {*PEOPLE["country"]})


def test_people_grow_old_in_order() -> None:
    """Who is 0-4 in one fifth year is 5-9 in the next: fewer by deaths, more or fewer by migration."""
    wide = AGES.filter(pl.col("year") % 5 == 0, age="0-4").join(
        AGES.filter(age="5-9").with_columns(pl.col("year") - 5), on=["country", "year"], suffix="_later"
    )
    world = wide.group_by("year").agg(pl.col("female", "male", "female_later", "male_later").sum())
    for sex in ("female", "male"):
        kept = (world[f"{sex}_later"] / world[sex]).to_numpy()
        assert np.all((kept > 0.96) & (kept < 1.0))


def test_shares_of_women_and_of_working_ages_are_known_ones() -> None:
    now = AGES.filter(year=2024)
    both = pl.col("female") + pl.col("male")
    women = now.group_by("country").agg(share=100 * pl.col("female").sum() / both.sum())
    share = dict(women.iter_rows())
    assert share["QAT"] == pytest.approx(28.6, abs=1.0)
    assert 33 < share["ARE"] < 37
    assert 53 < share["RUS"] < 54.5
    assert share["IND"] == pytest.approx(48.4, abs=0.2)
    working = pl.col("age").is_in(["20-39", "40-59", "60-64"])
    world = now.select(both.filter(working).sum() / both.sum()).item()
    assert world == pytest.approx(0.575, abs=0.01)
    gulf = now.filter(country="QAT").select(both.filter(working).sum() / both.sum()).item()
    assert gulf > 0.75


# Projections


def test_every_place_has_every_year_ahead() -> None:
    assert set(AHEAD["country"]) == set(PEOPLE["country"])
    years = AHEAD.group_by("country").agg(pl.col("year").sort())["year"].to_list()
    assert all(found == YEARS_AHEAD for found in years)


def test_world_at_mid_year_is_the_published_one() -> None:
    world = dict(AHEAD.group_by("year").agg(pl.col("population").sum() / 1000).iter_rows())
    # 8,231,613 thousand is mid-2025; the year-ends before and after it add up to 8,196,981 and 8,266,245.
    assert world[2025] == pytest.approx(8_231_613.07, abs=1)
    assert world[2025] == pytest.approx((8_196_981 + 8_266_245) / 2, abs=1)
    # Rounded as the publisher quotes them: 9.66 billion in 2050, a peak near 10.29 in 2084, 10.18 in 2100.
    assert world[2050] == pytest.approx(9_664_000, rel=2e-4)
    assert max(world, key=world.__getitem__) == 2085
    assert world[2085] == pytest.approx(10_288_000, rel=2e-4)
    assert world[2100] == pytest.approx(10_180_000, rel=2e-4)


def test_ages_and_projection_agree_in_every_common_year() -> None:
    both = totals().join(AHEAD, on=["country", "year"])
    assert sorted(set(both["year"])) == list(range(2025, 2101, 5))
    gap = (pl.col("aged") - pl.col("population")).abs()
    # 2025, 2030, 2035: two sources of the same figure, one of them in hundreds of persons at year-end.
    early = both.filter(pl.col("year") <= 2035)
    assert early.filter(gap > 120, gap > 2e-5 * pl.col("population")).is_empty()
    # Later the medium variant is the ages' total, but for places whose ages do not add up.
    assert both.filter(~pl.col("country").is_in(list(script["COARSE"])), gap > 120).is_empty()
    assert both.filter(gap > 120, gap > 0.005 * pl.col("population")).is_empty()


def test_bounds_and_variants_are_in_order_in_every_row() -> None:
    order = ("lower95", "lower", "population", "upper", "upper95")
    for low, high in [*pairwise(order), ("low", "population"), ("population", "high")]:
        assert AHEAD.filter(pl.col(low) > pl.col(high)).is_empty(), (low, high)
    assert KNOWN.findings.filter(table="population_projection").is_empty()
    assert AHEAD.filter(pl.col("lower95") < pl.col("upper95")).height == AHEAD.height


def test_bounds_widen_with_time() -> None:
    width = AHEAD.with_columns(w=(pl.col("upper95") - pl.col("lower95")) / pl.col("population"))
    for country in ("IND", "QAT", "NIU"):
        grown = width.filter(country=country)["w"].to_numpy()
        assert np.all(np.diff(grown) > -0.01)


def test_bounds_out_of_order_are_recorded_and_kept() -> None:
    rows = AHEAD.drop("source").filter(country="FRA").with_columns(lower=pl.col("population") + 10)
    known = load(tables={"population_projection": rows})
    assert known.table("population_projection").height == len(YEARS_AHEAD)
    found = known.findings.filter(table="population_projection")
    assert found["rule"].unique().to_list() == ["bounds_order"]
    assert found.height == len(YEARS_AHEAD)


def test_negative_people_are_refused() -> None:
    rows = AHEAD.drop("source").head(1).with_columns(lower95=pl.lit(-10))
    with pytest.raises(DataError, match="lower95"):
        load(tables={"population_projection": rows})


def test_net_migration_assumed_balances_over_the_world() -> None:
    world = AHEAD.group_by("year").agg(pl.col("net_migration").sum())
    # The publisher leaves up to 4,350 people (in 2050) of some 6 million.
    assert world.filter(pl.col("net_migration").abs() > 5_000).is_empty()
    # Of the calendar year, so next to the last published estimates, not doubled or halved by the conversion.
    assert AHEAD.filter(country="USA", year=2030)["net_migration"].item() == pytest.approx(1.2e6, rel=0.2)


# From 31 December to 1 July


def ends(values: dict[int, float]) -> dict[int, dict[str, float]]:
    return {year: dict.fromkeys(COLUMNS, value) for year, value in values.items()}


def test_mid_year_is_the_mean_of_the_year_ends_around_it() -> None:
    got = mid_year(ends({2024: 100.0, 2025: 110.0}), 2025, 999.0)
    assert got == dict.fromkeys(COLUMNS, 105.0)


def test_mid_year_after_a_gap_is_read_on_a_line_that_the_medium_variant_bends() -> None:
    table = ends({2035: 100.0, 2040: 200.0})
    table[2040]["upper"] = 300.0
    straight = mid_year(table, 2040, None)
    assert straight["population"] == pytest.approx(190.0)
    assert straight["upper"] == pytest.approx(280.0)
    bent = mid_year(table, 2040, 209.0)
    assert bent["population"] == pytest.approx(209.0)
    assert bent["upper"] == pytest.approx(280.0 * 209 / 190)


def year_ends() -> pl.DataFrame:
    path = FULL_DATA / "wpp2024_projection_year_end_2024_2100.csv.gz"
    return pl.read_csv(gzip.decompress(path.read_bytes()))


@needs_originals
def test_the_line_and_its_bend_are_right_where_every_year_is_known() -> None:
    """Take away the years between 2025, 2030 and 2035: mid-2030 and mid-2035 must still be found."""
    folder = FULL_DATA
    table = script["read_year_ends"](folder / "wpp2024_projection_year_end_2024_2100.csv.gz")
    errors: list[float] = []
    ratio_errors: list[float] = []
    for years in table.values():
        for year in (2030, 2035):
            known = mid_year(years, year, None)
            gaps = {y: v for y, v in years.items() if y % 5 == 0}
            guess = mid_year(gaps, year, known["population"])
            for name in COLUMNS[1:]:
                if known[name] > 50_000:
                    errors.append(abs(guess[name] / known[name] - 1))
                    by_ratio = years[year][name] * known["population"] / years[year]["population"]
                    ratio_errors.append(abs(by_ratio / known[name] - 1))
    missed: Array = np.array(errors)
    assert missed.size > 2000
    assert np.median(missed) < 0.0004
    assert np.quantile(missed, 0.99) < 0.005
    assert missed.max() < 0.012
    assert np.median(missed) < np.median(ratio_errors) / 3


@needs_originals
def test_embedded_figures_are_those_of_the_script() -> None:
    original = year_ends()
    india = original.filter(country="IND", year=2050)["medium_thousand"].item() * 1000
    mid = AHEAD.filter(country="IND", year=2050)["population"].item()
    # 1 July comes half a year before 31 December, while India still grows by less than 0.3 % a year.
    assert 0 < india - mid < 0.0015 * india
    ages = script["read_ages"](FULL_DATA / "wpp2024_age_sex_mid_year_1950_2100.csv.gz")
    table = script["read_year_ends"](FULL_DATA / "wpp2024_projection_year_end_2024_2100.csv.gz")
    rows = [tuple(row) for row in script["projection_rows"](table, ages)]
    assert rows == AHEAD.drop("source").rows()
    by_age = sorted(tuple(row) for row in script["age_rows"](ages))
    assert by_age == AGES.drop("source").rows()
