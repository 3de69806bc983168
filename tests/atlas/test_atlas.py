"""The built atlas holds what its schema says, explains itself, and survives failed builds."""

from __future__ import annotations

import hashlib
import importlib
import json
import re
from importlib import resources
from pathlib import Path

import duckdb
import polars as pl
import pytest

import corridors as co
from conftest import few_remittances
from corridors import evidence
from corridors.atlas.schema import always_there, atlas_schema
from corridors.building.writer import AtlasWriter, dictionary
from corridors.errors import DataError, NotFound
from corridors.remittances.prices import WEIGHTINGS


def test_every_table_has_the_columns_comments_and_rows_of_its_schema(atlas: co.Atlas) -> None:
    comments = atlas.sql("SELECT table_name, column_name, comment FROM duckdb_columns() WHERE NOT internal")
    described = {(t, c): text for t, c, text in comments.iter_rows()}
    for name, schema in atlas_schema().items():
        if name not in always_there():
            continue
        frame = atlas.table(name)
        assert tuple(frame.columns) == schema.names
        assert not frame.is_empty(), name
        for column in schema.columns:
            assert described[name, column.name].startswith(column.description), (name, column.name)
            assert column.nullable or frame[column.name].null_count() == 0
        if schema.keys:
            assert frame.select(schema.keys).is_unique().all(), name


def test_published_figures_are_taken_over_unchanged(atlas: co.Atlas) -> None:
    known = evidence.load()
    for figure, name in (("population", "population"), ("remittances", "remittance_total")):
        theirs = known.table(figure)
        assert atlas.table(name).sort(theirs.columns[:2]).equals(theirs.sort(theirs.columns[:2]))
    stock = atlas.table("migrant_stock", where="year = 2020 AND sex = 'total'")
    embedded = known.table("migrant_stock").filter(year=2020)
    assert stock["value"].sum() == embedded["female"].sum() + embedded["male"].sum()


def test_total_stock_is_the_sum_of_the_sexes(atlas: co.Atlas) -> None:
    apart = atlas.sql(
        "SELECT count(*) AS n FROM (SELECT sum(value) FILTER (sex = 'total') AS t, "
        "sum(value) FILTER (sex <> 'total') AS s FROM migrant_stock GROUP BY origin, destination, year) "
        "WHERE t <> s"
    )
    assert apart.item() == 0


def test_net_flows_are_the_accounting_identity(atlas: co.Atlas) -> None:
    """For every place, period and sex, to one in a million of the flows through the place."""
    wrong = atlas.sql(
        "SELECT * FROM net_migration WHERE method IN ('minimum-closed', 'independence', 'pseudo-bayes') "
        "AND abs(value - identity - world_balance) > 1e-6 * greatest(abs(value), 1)"
    )
    assert wrong.is_empty(), wrong
    rows = atlas.sql("SELECT count(DISTINCT country) AS n FROM net_migration WHERE method = 'pseudo-bayes'")
    assert rows.item() > 228


def test_stored_flows_add_up_to_stored_arrivals_and_departures(atlas: co.Atlas) -> None:
    """But for the pairs of less than half a person, which are no rows."""
    wrong = atlas.sql(
        """
        WITH gone AS (SELECT origin AS country, period_start, sex, method, sum(value) AS total,
                             count(*) AS pairs, min(value) AS least
                      FROM migrant_flow WHERE kind = 'total' GROUP BY ALL),
             places AS (SELECT period_start, count(DISTINCT country) AS n FROM net_migration GROUP BY ALL)
        SELECT * FROM gone JOIN net_migration USING (country, period_start, sex, method)
        JOIN places USING (period_start)
        WHERE least < 0.5 OR total > departures * (1 + 1e-9)
            OR departures - total > 0.5 * (n - 1 - pairs) + 1e-9 * departures
        """
    )
    assert wrong.is_empty()


def test_three_parts_make_the_total(atlas: co.Atlas) -> None:
    wrong = atlas.sql(
        """
        SELECT origin, destination, sum(value) FILTER (kind = 'total') AS whole,
               sum(value) FILTER (kind <> 'total') AS parts
        FROM migrant_flow WHERE method = 'pseudo-bayes' AND period_start = 2010
        GROUP BY origin, destination, sex HAVING abs(whole - parts) > 1e-9 * whole
        """
    )
    assert wrong.is_empty()


def test_intervals_hold_the_estimate(atlas: co.Atlas) -> None:
    flows = atlas.table("migrant_flow", where="method = 'pseudo-bayes' AND kind = 'total'")
    assert flows.filter(pl.col("lower") > pl.col("value")).is_empty()
    assert flows.filter(pl.col("upper") < pl.col("value")).is_empty()
    assert flows["lower"].null_count() == 0
    without = atlas.table("migrant_flow", where="method <> 'pseudo-bayes'")
    assert without["lower"].null_count() == without.height


def test_repairs_are_named(atlas: co.Atlas) -> None:
    """With stock and population of one revision no account needs repair; what is left has a name."""
    found = atlas.table("finding")
    repairs = ["birthplace-total", "stock-over-population", "borrowed-stock"]
    assert found.filter(pl.col("rule").is_in(repairs)).is_empty()
    assert set(found.filter(rule="left-out")["key"].str.head(3)) == {"BLM", "MAF"}
    repeated = found.filter(rule="repeated-stock")["key"].to_list()
    assert {"MNE, 2000–2005", "SSD, 2000–2005", "CUW, 2000–2005", "PHL, 2020–2024"} <= set(repeated)
    outside = found.filter(rule="no-population")
    assert outside["key"].item() == "OTH, VAT, 2024"
    assert outside.select("value", "reference").row(0) == (22_065_614 + 496 - 183 + 313 - 313, 304_021_813)
    assert found.filter(rule="events-carried-forward")["key"].to_list() == ["births, 2024", "deaths, 2024"]


def test_kosovo_shows_its_own_figures_and_never_serbias(atlas: co.Atlas) -> None:
    kosovo = atlas.corridor("XKX", "DEU")
    assert set(kosovo.facts["origin"]) == {"XKX"}
    assert set(kosovo.facts["measure"]) == {"remittance_price", "remittance_total", "remittance_observed"}
    assert kosovo.counted[0].startswith(
        "The migrant-stock tables count Kosovo (under UNSC res. 1244) under Serbia (SRB)"
    )
    assert kosovo.summary().splitlines()[1].strip() == kosovo.counted[0]
    country = atlas.country("XKX")
    assert set(country.facts["country"]) == {"XKX"}
    assert not {"migrant_stock", "migrant_flow"} & set(country.facts["measure"])
    assert atlas.country("Serbia").counted == ("The stock of Serbia includes Kosovo.",)


@pytest.mark.parametrize("member", ["Guernsey", "Jersey"])
def test_members_of_a_unit_show_their_own_figures(atlas: co.Atlas, member: str) -> None:
    facts = atlas.country(member)
    assert facts.facts["country"].n_unique() == 1
    assert "migrant_stock" not in set(facts.facts["measure"])
    assert "under Channel Islands (CHI)" in facts.counted[0]
    corridor = atlas.corridor(member, "FRA")
    assert set(corridor.facts["measure"]) == {"remittance_total"}
    *under, nothing = corridor.counted
    assert tuple(under) == facts.counted
    assert nothing.startswith("Of this corridor itself nothing is known here, which is not zero")


def test_unknown_origins_are_in_totals_and_no_country(atlas: co.Atlas) -> None:
    living = atlas.country("USA").facts.filter(detail="immigrants living here", sex="total", year=2024)
    assert living["value"].item() == 52_375_047
    with pytest.raises(NotFound, match="Other and unknown origins"):
        atlas.country("OTH")
    assert atlas.sql("SELECT count(*) FROM migrant_flow WHERE 'OTH' IN (origin, destination)").item() == 0
    assert atlas.sql("SELECT count(*) FROM indicator WHERE place = 'OTH'").item() == 0


def test_every_source_of_a_row_has_a_card(atlas: co.Atlas) -> None:
    cards = set(atlas.table("source")["source"])
    for name in always_there() - {"source", "parameter"}:
        if "source" in atlas_schema()[name].names:
            assert set(atlas.table(name)["source"]) <= cards
    for row in atlas.table("source").to_dicts():
        file = resources.files("corridors").joinpath("data", "evidence", "figures", row["file"])
        assert hashlib.sha256(file.read_bytes()).hexdigest() == row["sha256"]
        assert row["publisher"]
        assert row["licence"]


@pytest.mark.parametrize(
    ("table", "key"),
    [
        ("migrant_flow", ("MEX", "USA", "2010")),
        ("migrant_flow", ("MEX", "USA", "1990", "female", "stock-difference-reverse")),
        ("migrant_flow", ("POL", "DEU", "2005", "total", "migration-rate")),
        ("net_migration", ("PHL", "2015")),
        ("migrant_stock", ("IND", "ARE", "2020")),
        ("remittance_price", ("USA", "MEX", "2020Q3")),
        ("remittance_total", ("Philippines", "2020")),
        ("treaty", ("icrmw", "MEX")),
        ("health_workforce", ("GHA",)),
        ("labour_agreement", ("334",)),
        ("annual_flow", ("SYR", "TUR", "2013")),
        ("annual_flow", ("Serbia", "DEU", "1999")),
        ("net_migration_projection", ("PHL", "2050")),
        ("migration_index", ("2010", "effectiveness")),
        ("remittance_flow", ("ARE", "PHL", "2020")),
        ("remittance_flow", ("USA", "MEX", "2022", "migrants")),
        ("price_index", ("world", "World", "2020Q3", "mean over corridors")),
        ("price_index", ("world", "World", "2025Q3", "mean over services")),
        ("price_index", ("world", "World", "2025Q3", "weighted by money")),
        ("price_saving", ("5", "world", "World", "2025Q3", "2024")),
        ("price_target", ("world", "World", "2025Q3")),
        ("welfare", ("SLV", "headcount", "2.15")),
    ],
)
def test_why_traces_a_figure_to_its_sources(atlas: co.Atlas, table: str, key: tuple[str, ...]) -> None:
    why = atlas.why(table, *key)
    assert why.recipe["formula"]
    assert why.recipe["uncertainty"]
    assert why.inputs
    assert all(not frame.is_empty() for frame in why.inputs.values()), why.inputs
    assert all(card["publisher"] and card["revision"] and card["licence"] for card in why.sources)
    assert why.sources
    assert json.dumps(why.to_dict(), default=str)
    assert not why.to_polars().is_empty()


def test_every_row_of_every_figure_table_has_a_recipe(atlas: co.Atlas) -> None:
    methods = atlas.sql("SELECT DISTINCT method FROM migrant_flow")["method"]
    recipes = atlas.table("lineage", where="table_name = 'migrant_flow'")
    assert set(methods) == set(recipes["method"])
    told = set(atlas.table("lineage")["table_name"])
    about = {"place", "territory", "source", "finding", "parameter", "lineage", "dictionary", "run"}
    assert always_there() - about == told


PLACES = re.compile("origin|destination|country|place|ending|receiving|asylum|party|unit|member|sex|kind")


def test_no_key_has_a_count_that_changes_with_the_figures(atlas: co.Atlas) -> None:
    """A row is found again in the next build by its key."""
    keys = {
        (table, column.name)
        for table, schema in atlas_schema().items()
        if table in atlas.tables()
        for column in schema.columns
        if column.name in schema.keys and column.type == "str" and not PLACES.search(column.name)
    } | {("finding", "key"), ("country_fact", "detail"), ("corridor_fact", "detail")}
    assert ("price_index", "weighting") in keys
    counts = r"\d,\d{3}|\b(of|n|places)=\d|\b\d+ (of|flows|corridors|quotes|countries)\b|\(list of"
    for table, column in sorted(keys):
        found = atlas.sql(
            f"SELECT DISTINCT {column} FROM {table} WHERE regexp_matches({column}, $counts)",
            {"counts": counts},
        )
        assert found.is_empty(), (table, column, found)


def test_functions_named_in_the_lineage_exist(atlas: co.Atlas) -> None:
    import corridors.evidence
    import corridors.migration  # noqa: F401

    for cell in atlas.table("lineage")["function"].unique():
        for name in cell.replace(" (open-dr)", "").split(", "):
            thing = co
            for part in name.split(".")[1:]:
                thing = getattr(thing, part)


def test_pseudo_bayes_is_the_weighted_mean_that_why_says(atlas: co.Atlas) -> None:
    why = atlas.why("migrant_flow", "TUR", "DEU", "1995")
    weight = next(p["value"] for p in why.parameters if p["name"] == "pseudo_bayes_weight")
    part = dict(why.inputs["parts"].select("method", "value").iter_rows())
    mean = weight * part["minimum-closed"] + (1 - weight) * part["independence"]
    assert why.figure["value"] == pytest.approx(mean, rel=1e-12)


def test_flows_of_one_sex_rest_on_ages_and_events_by_sex(atlas: co.Atlas) -> None:
    women = atlas.why("migrant_flow", "MEX", "USA", "2020", "female")
    assert {"age_structure", "events_by_sex"} <= {card["table_name"] for card in women.sources}
    shares = women.inputs["share of women, by which residents are split"]
    assert set(shares.select("country", "year").iter_rows()) == {
        (country, year) for country in ("MEX", "USA") for year in (2020, 2024)
    }
    assert shares["female_pct"].is_between(49, 52).all()
    both = atlas.why("migrant_flow", "MEX", "USA", "2020")
    assert set(women.inputs) - set(both.inputs) == {
        "share of women, by which residents are split",
        "share of girls and women, by which births and deaths are split",
    }
    net = atlas.why("net_migration", "FRA", "2015", sex="male")
    assert net.inputs["share of girls and women, by which births and deaths are split"]["year"].to_list() == [
        2010,
        2020,
    ]


def test_why_finds_the_territory_of_the_period(atlas: co.Atlas) -> None:
    why = atlas.why("migrant_flow", "South Sudan", "EGY", "2000")
    assert why.key["origin"] == "SUD"
    assert set(why.inputs["population"]["country"]) == {"EGY", "SDN", "SSD"}
    why = atlas.why("migrant_flow", "Kosovo", "CHE", "2000")
    assert why.key["origin"] == "SRB"
    assert set(why.inputs["population"]["country"]) == {"CHE", "SRB", "XKX"}


def test_events_of_the_last_period_are_those_that_the_flows_used(atlas: co.Atlas) -> None:
    events = atlas.why("migrant_flow", "POL", "DEU", "2020").inputs
    [title] = [name for name in events if name.startswith("population (events")]
    births = dict(events[title].select("country", "births").iter_rows())["POL"]
    years = atlas.table("population", where="country = 'POL' AND year >= 2020").sort("year")
    known = years["births"].to_list()[:4]
    rate = known[3] / years["population"][3]
    assert births == pytest.approx(
        known[0] / 2 + sum(known[1:]) + rate * years["population"][4] / 2, rel=1e-12
    )


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("migrant_flow", "MEX", "USA", "2011"), "period_start: 1990, 1995"),
        (("migrant_flow", "MEX", "USA"), "ORIGIN DESTINATION PERIOD_START"),
        (("migrant_flow", "MEX", "USA", "MMX"), "period_start must be a whole number"),
        (("migrant_flow", "Mexiko City", "USA", "2010"), "no place is called"),
        (("migrant_flows", "MEX", "USA", "2010"), "did you mean 'migrant_flow'"),
        (("corridor_fact", "MEX", "USA"), "is a view"),
        (("migrant_flow", "MAF", "USA", "2010"), "not known to be zero"),
        (("finding", "x"), "have no key"),
        (("place", "MEX"), "has no lineage"),
    ],
)
def test_why_says_what_is_wrong(atlas: co.Atlas, arguments: tuple[str, ...], words: str) -> None:
    with pytest.raises((DataError, NotFound)) as caught:
        atlas.why(*arguments)
    assert words in str(caught.value)


def test_corridor_has_stock_flows_prices_and_totals(atlas: co.Atlas) -> None:
    facts = atlas.corridor("Mexico", "United States").facts
    measures = {"migrant_stock", "migrant_flow", "remittance_price", "remittance_total", "displaced"}
    assert measures <= set(facts["measure"])
    stock = facts.filter(measure="migrant_stock", sex="total", period="2020")
    assert stock["value"].item() == 11_177_052
    price = facts.filter(measure="remittance_price", period="2020Q3")
    assert price["value"].item() == pytest.approx(4.18, abs=0.005)
    received = facts.filter(detail="received by the origin from everywhere", period="2022")
    assert received["value"].item() == pytest.approx(61_457.7, abs=0.1)


def test_corridor_before_and_after_a_state_divided(atlas: co.Atlas) -> None:
    facts = atlas.corridor("SDN", "EGY")
    flows = facts.facts.filter(measure="migrant_flow", detail="pseudo-bayes", sex="total")
    assert flows["period"].to_list() == ["2010–2015", "2015–2020", "2020–2024"]
    assert any("(SUD)" in note for note in facts.counted)
    before = atlas.corridor("SUD", "EGY").facts.filter(
        measure="migrant_flow", detail="pseudo-bayes", sex="total"
    )
    assert before["period"].to_list() == ["1990–1995", "1995–2000", "2000–2005", "2005–2010"]
    assert "SUD" in facts.summary()
    assert facts.to_pandas().shape[0] == facts.facts.height


def test_country_and_bad_corridors(atlas: co.Atlas) -> None:
    assert {"population", "migrant_stock", "treaty"} <= set(atlas.country("PHL").facts["measure"])
    assert any("one figure stands for both" in note for note in atlas.country("PHL").notes)
    with pytest.raises(DataError, match="two different places"):
        atlas.corridor("MEX", "Mexico")
    with pytest.raises(NotFound, match="nothing is known"):
        atlas.country("SUN")


def test_what_stands_beside_migration_is_among_the_facts(atlas: co.Atlas) -> None:
    facts = atlas.country("DEU").facts
    shown = {"beside_remittances", "foreign_investment", "permanent_inflow", "temporary_inflow",
             "total_inflow", "labour_participation", "physician_density", "income_class",
             "domestic_workers_convention", "social_security_agreement"}  # fmt: skip
    assert shown <= set(facts["measure"])
    inflow = facts.filter(measure="total_inflow", year=2022)["value"].item()
    assert inflow == 2_481_019
    ratified = facts.filter(measure="domestic_workers_convention").row(0, named=True)
    assert (ratified["value"], ratified["detail"]) == (2013, "ratified")
    assert ratified["unit"] == "year, by the list of 2020-10-05"
    nepal = atlas.country("NPL").facts.filter(measure="beside_remittances", year=2019)
    assert set(nepal["detail"]) == {
        "remittances", "official development assistance", "foreign direct investment, net"
    }  # fmt: skip
    assert (
        nepal.filter(detail="remittances")["value"].item()
        > nepal.filter(detail="official development assistance")["value"].item()
    )
    agreed = [
        atlas.corridor(*ends).facts.filter(measure="social_security_agreement").row(0, named=True)
        for ends in (("DEU", "USA"), ("USA", "DEU"))
    ]
    assert {row["value"] for row in agreed} == {1979}
    assert {row["detail"] for row in agreed} == {"in force since"}
    assert atlas.corridor("MEX", "USA").facts.filter(measure="social_security_agreement").is_empty()


def test_deaths_on_the_way_are_by_route_and_the_unfinished_year_says_so(atlas: co.Atlas) -> None:
    libya = atlas.country("LBY").facts.filter(measure="migrant_death")
    assert "Central Mediterranean Route" in set(libya["detail"])
    assert libya.filter(year=2025)["period"].unique().to_list() == ["2025 (to April)"]


def test_wrong_sql_is_a_data_error(atlas: co.Atlas) -> None:
    with pytest.raises(DataError, match="can not be used"):
        atlas.table("migrant_flow", where="nonsense = 1")


def test_same_seed_same_figures_on_another_executor(tmp_path: Path, atlas: co.Atlas) -> None:
    co.build(tmp_path, draws=2, executor="processes:2")
    with co.open(tmp_path) as other:
        for name in ("migrant_flow", "net_migration", "finding", "indicator", "claim", "commitment"):
            assert other.table(name).equals(atlas.table(name)), name


def test_interrupted_build_leaves_the_old_atlas_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = tmp_path / "atlas.duckdb"
    old.write_bytes(b"the old atlas")

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(importlib.import_module("corridors.building.steps.flows"), "net_table", interrupted)
    with pytest.raises(KeyboardInterrupt):
        co.build(tmp_path, draws=0)
    assert old.read_bytes() == b"the old atlas"
    assert [p.name for p in tmp_path.iterdir()] == ["atlas.duckdb"]


def test_writer_refuses_other_columns(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="state_party_since"), AtlasWriter(tmp_path / "a.duckdb") as atlas:
        atlas.write("treaty", pl.DataFrame({"treaty": ["cat"], "country": ["ALB"], "source": ["x"]}))
    assert list(tmp_path.iterdir()) == []


def test_open_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="corridors build"):
        co.open(tmp_path)
    broken = tmp_path / "atlas.duckdb"
    broken.write_bytes(b"no database at all" * 1000)
    with pytest.raises(DataError, match="can not be read as an atlas"):
        co.open(tmp_path)


def test_years_have_the_net_migration_of_their_calendar_years(atlas: co.Atlas) -> None:
    """Half of each of two calendar years, after closing the world, for all but rounding of small moves."""
    apart = atlas.sql(
        """
        WITH net AS (
            SELECT place, year, sum(value) AS value FROM (
                SELECT destination AS place, year, value FROM annual_flow
                UNION ALL SELECT origin, year, -value FROM annual_flow) GROUP BY ALL),
        published AS (
            SELECT country AS place, year,
                   (net_migration + lead(net_migration) OVER country_years) / 2 AS value
            FROM population WINDOW country_years AS (PARTITION BY country ORDER BY year))
        SELECT place, year, net.value AS ours, published.value AS theirs, population
        FROM net JOIN published USING (place, year)
        JOIN population ON population.country = place AND population.year = net.year
        WHERE population > 1e6 AND place NOT IN (SELECT unit FROM territory)
            AND place NOT IN (SELECT member FROM territory)
        """
    )
    assert apart.height > 34 * 130
    off = (apart["ours"] - apart["theirs"]).abs() / apart["population"]
    assert off.filter(apart["year"] < 2020).max() < 1e-4
    # Events of 2024 are carried forward, so closing the world changes more.
    assert off.max() < 2.5e-4
    correlation = apart.select(pl.corr("ours", "theirs")).item()
    assert correlation > 0.9999


def test_years_add_up_to_the_period_but_for_released_places(atlas: co.Atlas) -> None:
    released = atlas.table("finding", where="rule = 'years-exceed-period'")
    assert 6 <= released.height <= 60
    sums = atlas.sql(
        """
        WITH years AS (SELECT origin, destination, least(year - year % 5, 2020) AS period_start,
                       sum(value) AS years FROM annual_flow GROUP BY ALL)
        SELECT f.origin, f.destination, f.period_start, period_end, value, years
        FROM migrant_flow f JOIN years USING (origin, destination, period_start)
        WHERE method = 'pseudo-bayes' AND kind = 'total' AND sex = 'total' AND value > 1000
        """
    )
    named = {tuple(key.split(", ")) for key in released["key"]}
    free = [
        (o, f"{start}–{end}") in named or (d, f"{start}–{end}") in named
        for o, d, start, end in sums.select("origin", "destination", "period_start", "period_end").iter_rows()
    ]
    kept = sums.filter(~pl.Series(free))
    assert ((kept["years"] - kept["value"]).abs() <= 2.5).all()


def test_projection_balances_and_widens(atlas: co.Atlas) -> None:
    projected = atlas.table("net_migration_projection")
    assert projected["year"].min() == 2024
    assert projected["year"].max() == 2100
    for low, high in (("lower95", "lower"), ("lower", "value"), ("value", "upper"), ("upper", "upper95")):
        assert (projected[low] <= projected[high]).all()
    width = (
        projected.with_columns(width=pl.col("upper") - pl.col("lower"))
        .group_by("year")
        .agg(pl.col("width").sum())
    )
    assert width.filter(year=2060)["width"].item() > 1.3 * width.filter(year=2024)["width"].item()


def test_indices_tell_the_methods_apart(atlas: co.Atlas) -> None:
    found = atlas.table("migration_index", where="name = 'crude_migration_probability' AND sex = 'total'")
    value = dict(found.select(pl.concat_str("method", "period_start"), "value").iter_rows())
    assert value["pseudo-bayes2015"] == pytest.approx(100 * 109.17 / 7_400, rel=0.1)
    assert all(value[f"pseudo-bayes{y}"] > value[f"minimum-closed{y}"] for y in range(1990, 2020, 5))


def test_remittances_add_up_to_what_was_received(atlas: co.Atlas) -> None:
    """By every rule, and to one in a million: nothing is made or lost, the residual sender included."""
    apart = atlas.sql(
        """
        SELECT rule, receiving, f.year, sum(value) AS total, any_value(received) AS received
        FROM remittance_flow f LEFT JOIN remittance_recorded t ON t.country = receiving AND t.year = f.year
        GROUP BY ALL HAVING received IS NULL OR abs(total - received) > 1e-6 * received
        """
    )
    assert apart.is_empty()
    rules = atlas.sql("SELECT rule, list(DISTINCT year ORDER BY year) FROM remittance_flow GROUP BY rule")
    years = list(range(2000, 2025))
    assert dict(rules.iter_rows()) == dict.fromkeys(("migrants", "income", "income-gap", "reconciled"), years)
    left_out = atlas.sql(
        "SELECT country, year FROM remittance_recorded AS t WHERE received IS NOT NULL AND year >= 2000 AND "
        "NOT EXISTS (FROM remittance_flow AS f WHERE f.receiving = t.country AND f.year = t.year)"
    )
    assert left_out.is_empty()
    outside = atlas.sql("SELECT * FROM remittance_flow WHERE NOT (lower <= value AND value <= upper)")
    assert outside.is_empty()
    ranges = "count(DISTINCT (lower, upper))"
    several = f"SELECT 1 FROM remittance_flow GROUP BY sending, receiving, year HAVING {ranges} > 1"
    assert atlas.sql(several).is_empty()
    closed = "sending || receiving IN ('INDPAK', 'PAKIND', 'ISRLBN', 'LBNISR', 'ARMAZE', 'AZEARM')"
    assert atlas.table("remittance_flow", where=closed).is_empty()


def test_prices_are_the_documented_corridor_means(atlas: co.Atlas) -> None:
    world = atlas.table("price_index", where="scope = 'world' AND weighting = 'mean over corridors'")
    value = dict(world.select("quarter", "value").iter_rows())
    assert value["2011Q1"] == pytest.approx(9.051, abs=0.001)
    assert value["2020Q3"] == pytest.approx(7.001, abs=0.001)
    assert "2023Q1" not in value
    saved = atlas.table("price_saving", where="scope = 'world'").sort("target_pct")
    three, five = saved["saved"]
    assert three > five > 0
    [(quarter, year)] = saved.select("price_quarter", "flow_year").unique().rows()
    last = atlas.sql("SELECT max(quarter) AS q FROM remittance_price")["q"].item()
    flows = atlas.sql("SELECT max(year) AS y FROM remittance_flow")["y"].item()
    far = atlas.sql("SELECT value FROM parameter WHERE name = 'price_flow_years'")["value"].item()
    if int(last[:4]) - flows <= far:
        assert (quarter, year) == (last, flows)
    assert abs(int(quarter[:4]) - year) <= far
    assert saved["priced_share"].n_unique() == 1
    assert 0.4 < saved["priced_share"][0] < 0.8
    assert (saved["lower"] < saved["saved"]).all()
    regions = atlas.table("price_saving", where="scope = 'receiving_region' AND target_pct = 5")
    assert regions["saved"].sum() == pytest.approx(five, rel=1e-9)


def test_each_average_says_which_it_is(atlas: co.Atlas) -> None:
    now = atlas.table("price_index", where="scope = 'world' AND quarter = '2025Q3'")
    value = dict(now.select("weighting", "value").iter_rows())
    assert value["mean over services"] == pytest.approx(6.36, abs=0.005)
    assert value["mean over corridors"] == pytest.approx(7.18, abs=0.005)
    assert value["median of corridors"] == pytest.approx(5.145, abs=1e-9)
    assert value["median quote"] == pytest.approx(4.13, abs=1e-9)
    words = atlas_schema()["price_index"].column("weighting").allowed.split("|")
    assert words == list(WEIGHTINGS.values())
    used = atlas.sql("SELECT DISTINCT scope, weighting FROM price_index")
    assert set(used["weighting"]) == set(words)
    assert set(used.filter(used["scope"] != "world")["weighting"]) == {"mean over corridors"}
    assert now.filter(weighting="mean over services")["quotes"].item() == 6_469


def test_welfare_agrees_with_the_published_headcounts(atlas: co.Atlas) -> None:
    both = atlas.sql(
        """
        SELECT w.country, with_remittances AS ours, headcount_ratio_365 AS published
        FROM welfare w JOIN income_distribution i USING (country)
        WHERE measure = 'headcount' AND line = 3.65 AND with_remittances IS NOT NULL
        """
    )
    assert both.height == 167
    assert (both["ours"] == both["published"]).all()
    worse = atlas.sql(
        "SELECT count(*) AS n FROM welfare WHERE measure = 'headcount' "
        "AND without_remittances < with_remittances - 1e-9"
    )
    assert worse.item() == 0


def test_own_figures_make_their_way_into_the_atlas(tmp_path: Path) -> None:
    """A ministry that knows its own diaspora better replaces that figure and is named as its source."""
    known = evidence.load()
    wide = known.table("migrant_stock").drop("source").filter(pl.col("year").is_in([2015, 2020]))
    own = wide.with_columns(
        female=pl.when(origin="PHL", destination="ITA", year=2020).then(200_000).otherwise("female")
    )
    co.build(tmp_path, tables={"migrant_stock": own, "remittances": few_remittances()}, draws=0)
    with co.open(tmp_path) as atlas:
        why = atlas.why("migrant_flow", "PHL", "ITA", "2015")
        assert any("own" in card["revision"] for card in why.sources)
        stock = atlas.table("migrant_stock", where="origin = 'PHL' AND destination = 'ITA' AND year = 2020")
        assert 200_000 in stock["value"].to_list()


def test_the_file_is_plain_duckdb(atlas_folder: Path, atlas: co.Atlas) -> None:
    with duckdb.connect(str(atlas_folder / "atlas.duckdb"), read_only=True) as other:
        [row] = other.execute("SELECT count(*) FROM corridor_fact WHERE origin = 'TON'").fetchall()
    assert row[0] > 10
    assert dictionary().height == atlas.table("dictionary").height


@pytest.mark.parametrize(
    "where",
    [
        "1=1; copy (select 42 as a) to 'FILE'",
        "1=1; select content from read_text('FILE')",
        "country IN (SELECT content FROM read_text('FILE'))",
        "1=1) UNION SELECT * FROM treaty WHERE (1=1",
        "1=1, 2=2",
    ],
)
def test_a_condition_is_one_expression_that_reads_the_atlas_only(
    atlas: co.Atlas, tmp_path: Path, where: str
) -> None:
    file = tmp_path / "secret.txt"
    file.write_text("KEN")
    with pytest.raises(DataError, match="can not be used"):
        atlas.table("treaty", where=where.replace("FILE", str(file)))
    assert file.read_text() == "KEN"


def test_two_readers_of_one_atlas(atlas_folder: Path, atlas: co.Atlas) -> None:
    with co.open(atlas_folder) as other:
        assert other.table("run").equals(atlas.table("run"))
