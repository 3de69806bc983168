"""What is said of a country's population today and in years to come, on every way out of the atlas."""

from __future__ import annotations

import polars as pl
import pytest

import corridors as co
from corridors.cli.screen import facts_text
from corridors.publish.cards import FactCard, card_kind, cards_of
from corridors.publish.site.pages import profile


def facts(atlas: co.Atlas, country: str, measure: str) -> dict[int, float]:
    rows = atlas.country(country).facts.filter(measure=measure)
    return dict(rows.select("year", "value").iter_rows())


def indicator(atlas: co.Atlas, name: str, place: str) -> dict[int, float]:
    rows = atlas.table("indicator", where=f"indicator = '{name}' AND place = '{place}'")
    return dict(rows.select("year", "value").iter_rows())


def test_population_of_2050_stands_with_its_80_percent_interval(atlas: co.Atlas) -> None:
    row = atlas.country("PHL").facts.filter(measure="population_projected", year=2050).row(0, named=True)
    source = atlas.table("population_projection", where="country = 'PHL' AND year = 2050").row(0, named=True)
    assert row["value"] == source["population"]
    assert (row["lower"], row["upper"]) == (source["lower"], source["upper"])
    assert "1 July" in row["detail"]
    assert 130e6 < row["value"] < 137e6


def test_working_ages_are_those_of_20_to_64_over_all(atlas: co.Atlas) -> None:
    found = facts(atlas, "JPN", "working_age")
    ages = atlas.table("age_structure", where="country = 'JPN'").with_columns(
        n=pl.col("female") + pl.col("male")
    )
    for year in (1990, 2024, 2050):
        now = dict(ages.filter(year=year).select("age", "n").iter_rows())
        share = (now["20-39"] + now["40-59"] + now["60-64"]) / sum(now.values())
        assert found[year] == pytest.approx(100 * share, rel=1e-12)
        assert indicator(atlas, "working_age_share", "JPN")[year] == pytest.approx(share, rel=1e-12)
    assert found[1990] > found[2024] > found[2050]
    # World Population Prospects 2024: 57 to 58 % of the world are 20 to 64.
    assert indicator(atlas, "working_age_share", "WLD")[2024] == pytest.approx(0.575, abs=0.01)


def test_both_projections_of_net_migration_are_shown_and_named(atlas: co.Atlas) -> None:
    ours, theirs = facts(atlas, "DEU", "projection"), facts(atlas, "DEU", "projection_published")
    assert set(range(2025, 2036)) < set(theirs)
    assert ours[2040] != theirs[2040]
    rows = atlas.country("DEU").facts.filter(measure="projection_published")
    assert rows["lower"].null_count() == rows.height  # a scenario: no bounds are published
    assert rows["table_name"].unique().to_list() == ["population_projection"]
    text = facts_text(atlas.country("DEU"))
    assert "by this project's method" in text
    assert "the United Nations assume: a scenario" in text


def test_the_page_of_a_country_shows_today_and_2050(atlas: co.Atlas) -> None:
    sections = {section["measure"]: section for section in profile(atlas, "PHL")["sections"]}
    for measure in (
        "population_projected",
        "working_age",
        "projection",
        "projection_published",
        "migrant_share",
    ):
        assert measure in sections
    [series] = sections["population_projected"]["series"]
    points = {point[0]: point[1:] for point in series["points"]}
    assert sorted(points) == [2030, 2040, 2050, 2060, 2070, 2080, 2090, 2100]
    value, lower, upper = points[2050]
    assert lower < value < upper
    assert {2024, 2050} <= {point[0] for point in sections["working_age"]["series"][0]["points"]}


def test_the_screen_shows_this_year_between_tens_of_years(
    atlas: co.Atlas, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "140")
    text = facts_text(atlas.country("PHL"))
    [head] = [line for line in text.splitlines() if line.split()[:4] == ["2000", "2010", "2020", "2024"]]
    assert head.split() == ["2000", "2010", "2020", "2024", "2030", "2040", "2050", "2060"]


def test_world_of_the_indicator_is_the_sum_without_an_interval(atlas: co.Atlas) -> None:
    world = atlas.table("indicator", where="indicator = 'population_projected' AND place = 'WLD'")
    assert world["lower"].null_count() == world.height
    assert dict(world.select("year", "value").iter_rows())[2025] == pytest.approx(8_231_613_070, rel=1e-7)
    total = atlas.table("population_projection", where="year = 2060")["population"].sum()
    assert dict(world.select("year", "value").iter_rows())[2060] == total


@pytest.mark.parametrize(
    ("table", "key"),
    [("age_structure", ("PHL", "2050", "20-39")), ("population_projection", ("PHL", "2050"))],
)
def test_why_says_what_was_converted(atlas: co.Atlas, table: str, key: tuple[str, ...]) -> None:
    why = atlas.why(table, *key)
    assert {"age_structure": "percent", "population_projection": "31 December"}[table] in why.recipe[
        "formula"
    ]
    assert why.sources[0]["revision"] == "World Population Prospects 2024"


# Migrants in the population: stock and people of one revision


def shares(atlas: co.Atlas) -> pl.DataFrame:
    return atlas.table("indicator", where="indicator = 'migrant_share' AND place <> 'WLD'")


def share_card(atlas: co.Atlas, country: str) -> FactCard:
    [card] = cards_of(atlas, country, [card_kind("migrant_share")])
    return card


def test_no_share_of_migrants_reaches_the_whole_population(atlas: co.Atlas) -> None:
    assert shares(atlas).filter(pl.col("value") >= 0.9).is_empty()
    now = shares(atlas).filter(year=2024).sort("value", descending=True)
    # The Gulf, city states, and small territories whose labour or whose citizens come from elsewhere.
    largest = ["QAT", "ARE", "MCO", "SXM", "LIE", "ABW", "KWT", "FLK", "VIR", "VGB"]
    assert now["place"].head(10).to_list() == largest
    share = dict(now.select("place", "value").iter_rows())
    assert share["QAT"] == pytest.approx(0.767, abs=0.001)
    assert share["ARE"] == pytest.approx(0.740, abs=0.001)
    # 304.0 of 8,162 million people: 3.7 %, as published.
    assert indicator(atlas, "migrant_share", "WLD")[2024] == pytest.approx(
        304_021_813 / 8_161_973_000, rel=1e-5
    )


def test_places_whose_every_resident_counts_as_a_migrant_have_no_share(atlas: co.Atlas) -> None:
    """Bonaire, Sint Eustatius and Saba: the stock is the population, all of unknown origin."""
    stock = atlas.table("migrant_stock", where="destination = 'BES' AND sex = 'total'")
    assert stock["origin"].unique().to_list() == ["OTH"]
    people = atlas.table("population", where="country = 'BES'")
    both = stock.join(people, on="year")
    assert (both["value"] / both["population"]).is_between(0.995, 1.002).all()
    places = set(shares(atlas)["place"])
    assert {"BES", "VAT"}.isdisjoint(places)
    residents = set(atlas.table("population")["country"])
    destinations = set(atlas.table("migrant_stock")["destination"])
    assert (residents & destinations) - places == {"BES"}
    assert atlas.country("BES").facts.filter(measure="migrant_share").is_empty()
    card = share_card(atlas, "BES")
    assert card.value is None
    assert "every resident" in card.reason


def test_screen_card_and_indicator_give_the_same_share(atlas: co.Atlas) -> None:
    for country in ("ARE", "SRB", "CHE"):
        shown = facts(atlas, country, "migrant_share")[2024]
        assert shown == pytest.approx(100 * indicator(atlas, "migrant_share", country)[2024], rel=1e-12)
        assert share_card(atlas, country).value == pytest.approx(shown, rel=1e-12)
