"""Figures beside migration and remittances equal what their publishers printed."""

from __future__ import annotations

import polars as pl
import pytest

from corridors.evidence import Evidence, load


@pytest.fixture(scope="module")
def known() -> Evidence:
    return load()


@pytest.mark.parametrize(("year", "people"), [(2016, 8253), (2023, 8755), (2024, 9191)])
def test_deaths_on_all_routes(known: Evidence, year: int, people: int) -> None:
    deaths = known.table("migrant_death").filter(year=year)
    assert deaths["dead_or_missing"].sum() == people


def test_policies_that_meet_the_indicator(known: Evidence) -> None:
    overall = known.table("migration_policy").filter(domain="all", year=2019)
    met = overall.filter(pl.col("category").is_in(["meets", "fully-meets"])).height
    assert overall.height == 111
    assert 100 * met / overall.height == pytest.approx(54.05, abs=0.005)


def test_classes_of_income_in_2024(known: Evidence) -> None:
    counted = known.table("income_class").filter(year=2024)["income_group"].value_counts()
    assert dict(counted.iter_rows()) == {"H": 87, "UM": 54, "LM": 50, "L": 26}


def test_a_country_is_in_the_class_of_the_year(known: Evidence) -> None:
    classes = known.table("income_class").filter(country="IND")
    found = dict(classes.select("year", "income_group").iter_rows())
    assert (found[2006], found[2007], found[2024]) == ("L", "LM", "LM")


def test_aid_and_investment(known: Evidence) -> None:
    aid = known.table("aid_received").filter(year=2023)
    assert aid["oda_usd_million"].is_not_null().sum() == 136
    assert aid["oda_usd_million"].sum() == pytest.approx(168_479, abs=1)
    assert aid.filter(country="UKR")["oda_usd_million"].item() == pytest.approx(38_935, rel=1e-3)
    invested = known.table("foreign_investment")
    last = invested.drop_nulls("inflow_usd_million")["year"].max()
    assert (last, invested.drop_nulls("inflow_pct_gdp")["year"].max()) == (2023, 2024)
    kenya = invested.filter(country="KEN", year=2022).row(0, named=True)
    gdp = known.table("economy").filter(country="KEN", year=2022)["gdp_usd_million"].item()
    assert kenya["inflow_pct_gdp"] == pytest.approx(100 * kenya["inflow_usd_million"] / gdp, rel=0.02)


def test_inflows_by_category_are_long_and_never_filled(known: Evidence) -> None:
    permanent = known.table("permanent_inflow")
    assert permanent.filter(year=2024)["destination"].n_unique() == 29
    assert permanent.filter(year=2024)["persons"].sum() / 1e6 == pytest.approx(5.49, abs=0.005)
    assert permanent.filter(year=2023)["persons"].sum() / 1e6 == pytest.approx(5.80, abs=0.005)
    whole = known.table("total_inflow")
    assert whole.filter(destination="DEU", year=2022)["persons"].item() == 2_481_019
    assert whole.filter(destination="USA", year=2021)["persons"].item() == 740_002


def test_physicians_to_2023(known: Evidence) -> None:
    density = known.table("physician_density")
    found = {
        (country, year): density.filter(country=country, year=year)["physicians_per_10000"].item()
        for country, year in (("GBR", 2023), ("GHA", 2023), ("PHL", 2021))
    }
    assert found == pytest.approx({("GBR", 2023): 33.01, ("GHA", 2023): 2.66, ("PHL", 2021): 7.92})


@pytest.mark.parametrize("table", ["social_security_agreement", "domestic_workers_convention"])
def test_lists_say_of_which_day_they_are(known: Evidence, table: str) -> None:
    rows = known.table(table)
    assert rows.height == 30
    assert rows["as_of"].n_unique() == 1
    assert (rows["in_force"] <= "2021-10-05").all()
