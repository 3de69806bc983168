"""Indicators: each value is what its definition says, recomputed without SQL."""

from __future__ import annotations

from statistics import NormalDist

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import gamma

import corridors as co
from corridors import evidence
from corridors.atlas.indicators import indicators
from corridors.building.steps.indicators import definition_table, indicator_table
from corridors.errors import DataError, NotFound
from corridors.figure_kinds import KINDS
from corridors.parameters import value as parameter

PROVISIONS = ("joint_committee", "credential_recognition", "social_security", "wage_protection")


def series(atlas: co.Atlas, indicator: str, place: str = "WLD") -> dict[int, float]:
    rows = atlas.sql(
        "SELECT year, value FROM indicator WHERE indicator = $i AND place = $p", {"i": indicator, "p": place}
    )
    return dict(rows.iter_rows())


def figures(name: str) -> pl.DataFrame:
    return evidence.load().table(name)


def stocks() -> pl.DataFrame:
    return figures("migrant_stock").with_columns(value=pl.col("female") + pl.col("male"))


def test_every_indicator_has_rows_a_definition_and_known_places(atlas: co.Atlas) -> None:
    rows = atlas.table("indicator")
    assert (
        set(rows["indicator"]) == set(indicators()) == set(atlas.table("indicator_definition")["indicator"])
    )
    assert set(rows["place"]) <= set(atlas.table("place")["country"]) | {"WLD"}
    assert (rows["lower"].is_null() == rows["upper"].is_null()).all()
    assert rows.filter((pl.col("lower") > pl.col("value")) | (pl.col("upper") < pl.col("value"))).is_empty()


def test_indicators_have_values_where_they_say(atlas: co.Atlas) -> None:
    """A register refuses promises to the world by an indicator without a figure of the world."""
    rows = atlas.sql("SELECT DISTINCT indicator, place = 'WLD' FROM indicator").rows()
    for name, definition in indicators().items():
        found = [word for word, world in (("world", True), ("countries", False)) if (name, world) in rows]
        assert definition.scope == " and ".join(found), name


def test_shares_of_all_acts_say_of_how_many_they_are(atlas: co.Atlas) -> None:
    rows = atlas.table("indicator")
    running = [i.name for i in indicators().values() if i.judged_as == "running-share"]
    assert set(rows.filter(pl.col("cases").is_not_null())["indicator"]) == set(running)
    coded = rows.filter(indicator="agreements_with_social_security", year=2011).row(0, named=True)
    assert (round(coded["value"] * coded["cases"]), coded["cases"]) == (149, 446)


def test_figures_are_of_their_kind(atlas: co.Atlas) -> None:
    """Shares within 0 and 1, counts not below 0, and what only grows never less than the year before."""
    rows = atlas.table("indicator").join(atlas.table("indicator_definition"), on="indicator")
    for (kind,), held in rows.group_by("kind"):
        least, most = KINDS[str(kind)]
        beyond = held.filter((pl.col("value") < least) | (pl.col("value") > most))
        assert beyond.is_empty(), beyond.row(0)
    steps = rows.filter(kind="running count").sort("indicator", "place", "year")
    fell = steps.filter(pl.col("value") < pl.col("value").shift(1).over("indicator", "place"))
    assert fell.is_empty()
    assert set(steps["indicator"]) >= {"agreements_signed", "state_parties_icrmw", "states_ratified_c189"}


def test_a_rise_over_a_break_is_none(atlas: co.Atlas) -> None:
    """Venezuelans in need of protection, counted since 2018, are in no comparison of years."""
    counted, alike = series(atlas, "refugees"), series(atlas, "refugees_counted_alike")
    assert counted[2018] - counted[2017] == pytest.approx(3.01e6, rel=0.01)
    assert alike[2018] - alike[2017] == pytest.approx(0.41e6, rel=0.01)
    for name in ("refugees", "refugees_hosted", "refugees_per_100000", "refugee_share_of_migrants"):
        assert "A break" in indicators()[name].limits


def test_the_interval_of_a_count_of_events(atlas: co.Atlas) -> None:
    """Against the exact ends, quantiles of the gamma distribution."""
    for k in (5, 12, 28, 210):
        low, high = atlas.sql("SELECT poisson_lower($k), poisson_upper($k)", {"k": k}).row(0)
        assert low == pytest.approx(gamma.ppf(0.1, k), rel=0.005)
        assert high == pytest.approx(gamma.ppf(0.9, k + 1), rel=0.005)
    assert atlas.sql("SELECT poisson_lower(0)").item() == 0


def test_stored_queries_run_again_on_the_atlas(atlas: co.Atlas) -> None:
    for name in ("agreements_with_joint_committee", "corridors_above_5pct", "migrant_share"):
        again = indicator_table(atlas.sql, {name: indicators()[name]})
        stored = atlas.table("indicator", where=f"indicator = '{name}'")
        assert again.sort("place", "year").equals(stored.sort("place", "year")), name


def test_published_tables_of_definitions_have_cards(atlas: co.Atlas) -> None:
    cards = set(atlas.table("source")["table_name"])
    for indicator in indicators().values():
        assert set(indicator.tables) <= cards, indicator.name


def test_cost_is_the_mean_of_the_quarters(atlas: co.Atlas) -> None:
    quarters = figures("remittance_price").group_by("quarter").agg(pl.col("cost_usd200_pct").mean())
    yearly = quarters.group_by(pl.col("quarter").str.head(4).cast(pl.Int64)).agg(
        pl.col("cost_usd200_pct").mean()
    )
    ours = series(atlas, "remittance_cost")
    assert ours == pytest.approx(dict(yearly.iter_rows()), rel=1e-9)
    assert ours[2014] == pytest.approx(8.013, abs=0.001)
    assert ours[2025] == pytest.approx(7.181, abs=0.001)
    assert series(atlas, "remittance_cost_weighted")[2020] < ours[2020]
    published = series(atlas, "remittance_cost_services")
    assert published[2025] == pytest.approx((6.492 + 6.363) / 2)
    assert set(published) == set(range(2011, 2026))
    assert set(ours) == {*range(2011, 2021), 2025}
    assert series(atlas, "remittance_cost_median_corridor")[2025] == pytest.approx(5.145)
    assert series(atlas, "remittance_cost_median_quote")[2025] == pytest.approx((4.52 + 4.13) / 2)


def test_change_of_cost_is_paired(atlas: co.Atlas) -> None:
    pair = ["sending", "receiving"]
    mean = figures("remittance_price").group_by(
        *pair, pl.col("quarter").str.head(4).cast(pl.Int64).alias("year")
    ).agg(pl.col("cost_usd200_pct").mean().alias("cost"))  # fmt: skip
    both = mean.filter(year=2011).join(mean.filter(year=2020), on=pair)
    change = both["cost_right"] - both["cost"]
    row = atlas.table("indicator", where="indicator = 'remittance_cost_change' AND year = 2020")
    z = NormalDist().inv_cdf((1 + parameter("interval_level")) / 2)
    half = z * float(change.std() or 0) / len(change) ** 0.5
    assert row["value"].item() == pytest.approx(change.mean(), rel=1e-9)
    assert row["upper"].item() - row["value"].item() == pytest.approx(half, rel=1e-9)


def test_change_since_2020_is_over_the_corridors_of_both(atlas: co.Atlas) -> None:
    prices = figures("remittance_price")
    both = prices.filter(quarter="2020Q3").join(prices.filter(quarter="2025Q3"), on=["sending", "receiving"])
    points = both["cost_usd200_pct_right"] - both["cost_usd200_pct"]
    row = atlas.table("indicator", where="indicator = 'remittance_cost_change_2020'").row(0, named=True)
    assert (row["year"], points.len()) == (2025, 347)
    assert row["value"] == pytest.approx(points.mean(), rel=1e-9)
    assert row["lower"] < 0 < row["upper"]
    said = indicators()["remittance_cost_change_2020"].limits
    assert f"{points.median():.2f} points to 2025 Q3" in said


def test_share_of_dear_corridors(atlas: co.Atlas) -> None:
    cost = figures("remittance_price").filter(pl.col("quarter").str.starts_with("2020")).group_by(
        "sending", "receiving"
    ).agg(pl.col("cost_usd200_pct").mean())  # fmt: skip
    for percent in (3, 5):
        share = (cost["cost_usd200_pct"] > percent).mean()
        assert series(atlas, f"corridors_above_{percent}pct")[2020] == pytest.approx(share, rel=1e-12)


def test_parties_to_treaties(atlas: co.Atlas) -> None:
    treaty = figures("treaty")
    for name in treaty["treaty"].unique():
        ours = series(atlas, f"state_parties_{name}")
        assert ours[2022] == treaty.filter(treaty=name).height
        assert list(ours.values()) == sorted(ours.values())
    icrmw = series(atlas, "state_parties_icrmw")
    assert (icrmw[2011], icrmw[2022]) == (45, 57)


def test_migrants_under_the_convention(atlas: co.Atlas) -> None:
    parties = figures("treaty").filter(treaty="icrmw").filter(pl.col("state_party_since") <= 2020)["country"]
    now = stocks().filter(year=2020)
    under = now.filter(pl.col("destination").is_in(parties.to_list()))
    share = under["value"].sum() / now["value"].sum()
    assert series(atlas, "migrants_in_icrmw_states")[2020] == pytest.approx(share, rel=1e-12)
    syria = now.filter(origin="SYR")
    share = under.filter(origin="SYR")["value"].sum() / syria["value"].sum()
    assert series(atlas, "migrants_in_icrmw_states", "SYR")[2020] == pytest.approx(share, rel=1e-12)


@pytest.mark.parametrize("provision", PROVISIONS)
def test_provisions_with_wilson_interval(atlas: co.Atlas, provision: str) -> None:
    coded = (
        figures("labour_agreement").filter(pl.col("coded"), pl.col("year") <= 2011)[provision].drop_nulls()
    )
    k, n = int(coded.sum()), len(coded)
    row = atlas.table("indicator", where=f"indicator = 'agreements_with_{provision}' AND year = 2011")
    assert row["value"].item() == pytest.approx(k / n)
    for end in ("lower", "upper"):
        assert_wilson(row[end].item(), k, n)


def assert_wilson(end: float, k: float, n: float) -> None:
    """An end p of Wilson's interval solves (k/n - p)^2 = z^2 p (1 - p) / n."""
    z = NormalDist().inv_cdf((1 + parameter("interval_level")) / 2)
    assert (k / n - end) ** 2 == pytest.approx(z**2 * end * (1 - end) / n, abs=1e-12)


@given(st.integers(1, 2000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_macro(atlas: co.Atlas, drawn: tuple[int, int]) -> None:
    k, n = drawn
    query = "SELECT wilson_lower($k, $n) AS low, wilson_upper($k, $n) AS high"
    low, high = atlas.sql(query, {"k": k, "n": n}).row(0)
    assert 0 <= low <= k / n <= high <= 1
    for end in (low, high):
        assert_wilson(end, k, n)


def test_wilson_of_a_published_example(atlas: co.Atlas) -> None:
    """Newcombe (1998), Table I: 81 of 263, 95 % interval 0.2553 to 0.3662; here its formula at 80 %."""
    z, k, n = 1.959963984540054, 81, 263
    centre, half = (k + z * z / 2) / (n + z * z), z / (n + z * z) * (k * (n - k) / n + z * z / 4) ** 0.5
    assert (centre - half, centre + half) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    low, high = atlas.sql("SELECT wilson_lower(81, 263), wilson_upper(81, 263)").row(0)
    assert centre - half < low < k / n < high < centre + half


def test_agreements_count_both_parties_once_for_the_world(atlas: co.Atlas) -> None:
    agreements = figures("labour_agreement").filter(pl.col("year") <= 2011)
    assert series(atlas, "agreements_signed")[2011] == agreements.height
    mine = agreements.filter((pl.col("party_a") == "PHL") | (pl.col("party_b") == "PHL"))
    assert series(atlas, "agreements_signed", "PHL")[2011] == mine.height > 0


def test_migrants_in_corridors_with_an_agreement(atlas: co.Atlas) -> None:
    signed = figures("labour_agreement").filter(pl.col("year") <= 2020)
    pairs = {frozenset(pair) for pair in signed.select("party_a", "party_b").iter_rows()}
    now = stocks().filter(pl.col("origin") != "OTH", year=2020).select("origin", "destination", "value")
    covered = sum(v for o, d, v in now.iter_rows() if frozenset((o, d)) in pairs)
    share = covered / now["value"].sum()
    assert series(atlas, "migrants_covered_by_agreements")[2020] == pytest.approx(share, rel=1e-12)


def test_stocks_shares_and_sexes(atlas: co.Atlas) -> None:
    now = stocks().filter(year=2020)
    world = series(atlas, "migrant_stock")
    assert world[2020] == now["value"].sum()
    assert world[2020] == 275_284_032
    assert world[2024] == 304_021_813
    assert series(atlas, "emigrant_stock", "MEX")[2020] == now.filter(origin="MEX")["value"].sum()
    people = figures("population").filter(year=2020)["population"].sum()
    assert series(atlas, "migrant_share")[2020] == pytest.approx(world[2020] / people, rel=1e-12)
    women = now["female"].sum() / now["value"].sum()
    assert series(atlas, "female_migrant_share")[2020] == pytest.approx(women, rel=1e-12)


def test_refugees(atlas: co.Atlas) -> None:
    fled = figures("displacement").filter(year=2020)
    assert series(atlas, "refugees")[2020] == fled["refugees"].sum()
    syria = fled.filter(origin="SYR")["refugees"].sum()
    people = figures("population").filter(country="SYR", year=2020)["population"].item()
    assert series(atlas, "refugees_per_100000", "SYR")[2020] == pytest.approx(1e5 * syria / people, rel=1e-12)
    assert series(atlas, "refugees_hosted", "TUR")[2020] == fled.filter(asylum="TUR")["refugees"].sum()


def test_money(atlas: co.Atlas) -> None:
    totals = figures("remittances").filter(pl.col("received") > 0)
    classes = figures("income_class").filter(pl.col("income_group") != "H")
    poorer = totals.filter(year=2011).join(classes, on=["country", "year"], how="semi")
    received = series(atlas, "remittances_received_low_middle")
    assert received[2011] == pytest.approx(poorer["received"].sum(), rel=1e-9)
    gdp = figures("economy").filter(country="PHL", year=2020)["gdp_usd_million"].item()
    philippines = totals.filter(country="PHL", year=2020)["received"].item()
    assert series(atlas, "remittances_share_gdp", "PHL")[2020] == pytest.approx(philippines / gdp, rel=1e-12)


def test_groups_are_of_the_year(atlas: co.Atlas) -> None:
    """Poland received money in both years, and was of high income in the later one only."""
    poland = dict(figures("income_class").filter(country="POL").select("year", "income_group").iter_rows())
    assert (poland[2006], poland[2011]) == ("UM", "H")
    received = figures("remittances").filter(country="POL")
    assert received.filter(pl.col("year").is_in([2006, 2011]))["received"].min() > 1000
    why = atlas.why("indicator", "remittances_received_low_middle", "WLD", "2011")
    classes = dict(why.inputs["income_class"].select("income_group", "countries").iter_rows())
    assert classes["L"] == 36


def test_beside_remittances(atlas: co.Atlas) -> None:
    gdp = figures("economy").filter(country="NPL", year=2020)["gdp_usd_million"].item()
    aid = figures("aid_received").filter(country="NPL", year=2020)["oda_usd_million"].item()
    assert series(atlas, "aid_share_gdp", "NPL")[2020] == pytest.approx(aid / gdp, rel=1e-12)
    assert series(atlas, "aid_received")[2023] == pytest.approx(168_479, abs=1)
    assert series(atlas, "investment_share_gdp", "PHL")[2024] == pytest.approx(0.02045)


def test_deaths_policies_and_ratifications(atlas: co.Atlas) -> None:
    deaths = series(atlas, "deaths_on_routes")
    assert (deaths[2016], deaths[2023], deaths[2024]) == (8253, 8755, 9191)
    assert max(deaths) == 2024
    assert series(atlas, "migration_policy_met") == {2019: pytest.approx(60 / 111)}
    assert series(atlas, "migration_policy_met_cooperation")[2019] == pytest.approx(88 / 111)
    assert series(atlas, "migration_policy_category", "PHL") == {2019: 3}
    ratified = series(atlas, "states_ratified_c189")
    assert (ratified[2012], ratified[2020]) == (3, 30)
    assert max(ratified) == 2020


def test_health_workers(atlas: co.Atlas) -> None:
    assert series(atlas, "safeguards_list_countries") == {2023: 55}
    health = figures("health_workforce").with_columns(
        density=pl.col("physicians_per_10000") + pl.col("nurses_midwives_per_10000")
    )
    people = figures("population").filter(year=2020)
    short = health.join(people, on="country").filter(pl.col("density") < 49)
    missing = ((49 - short["density"]) * short["population"] / 10_000).sum()
    assert series(atlas, "health_worker_gap")[2020] == pytest.approx(missing, rel=1e-9)


@pytest.mark.parametrize("place", ["WLD", "world", "Mexico"])
def test_why_traces_an_indicator_to_its_cards(atlas: co.Atlas, place: str) -> None:
    why = atlas.why("indicator", "remittance_cost", place, "2015")
    assert "SELECT" in why.recipe["formula"]
    assert [card["table_name"] for card in why.sources] == ["remittance_price"]
    assert sum(frame.height for frame in why.inputs.values()) < 60


def test_every_indicator_explains_one_of_its_rows(atlas: co.Atlas) -> None:
    one = atlas.sql(
        "SELECT indicator, arg_max(place, (place = 'WLD', year)) AS place, "
        "arg_max(year, (place = 'WLD', year)) AS year FROM indicator GROUP BY indicator"
    )
    for indicator, place, year in one.iter_rows():
        why = atlas.why("indicator", indicator, place, str(year))
        assert why.sources, indicator
        assert all(not frame.is_empty() for frame in why.inputs.values()), indicator
        assert max(frame.height for frame in why.inputs.values()) <= 60, indicator
        assert {card["table_name"] for card in why.sources} == set(indicators()[indicator].tables), indicator


def test_definitions_explain_themselves(atlas: co.Atlas) -> None:
    why = atlas.why("indicator_definition", "migrants_in_icrmw_states")
    assert {card["table_name"] for card in why.sources} == {"migrant_stock", "treaty"}


@pytest.mark.parametrize(
    ("key", "words"),
    [
        (("remittance_cots", "WLD", "2015"), "did you mean 'remittance_cost"),
        (("remittance_cost", "WLD", "1999"), "2011, 2012"),
        (("remittance_cost", "Atlantis", "2015"), "no place is called"),
    ],
)
def test_why_says_what_is_wrong(atlas: co.Atlas, key: tuple[str, ...], words: str) -> None:
    with pytest.raises(NotFound, match=words):
        atlas.why("indicator", *key)


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ({"place": ["WLD"], "value": [1.0]}, "columns place, value"),
        ({"place": ["WLD"] * 2, "year": [1, 1], "value": [1.0, 2.0]}, "WLD, 1 twice"),
        ({"place": ["WLD"], "year": [1], "value": [None]}, "WLD, 1 with a blank"),
        (
            {"place": ["WLD"], "year": [1], "value": [1.0], "lower": [2.0], "upper": [3.0]},
            "interval beside its value",
        ),
    ],
)
def test_queries_that_give_something_else_are_refused(rows: dict[str, list[object]], words: str) -> None:
    with pytest.raises(DataError, match=words):
        indicator_table(lambda _: pl.DataFrame(rows), {"gdp": indicators()["gdp"]})


def test_definitions_say_what_they_must() -> None:
    for row in definition_table().to_dicts():
        assert row["limits"].endswith("."), row["indicator"]
        assert row["uncertainty"]
        assert row["better"] in (None, "lower", "higher")
        assert "{" not in row["title"] + row["definition"] + row["query"], row["indicator"]
