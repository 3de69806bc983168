"""Official formulas of the Sustainable Development Goals, from tables of a user."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from conftest import FULL_DATA
from corridors.cooperation.sdg import (
    INDICATORS,
    deaths_in_migration,
    months_of_earnings,
    policy_category,
    policy_index,
    policy_questions,
    policy_shares,
    recruitment_cost,
    refugees_by_origin,
)
from corridors.cooperation.sdg.survey import design_of, quantile, ratio
from corridors.errors import DataError

INCIDENTS = FULL_DATA / "iom_missing_migrants_subset_2014_2026.csv.gz"


# 10.7.1


@pytest.mark.parametrize(
    ("cost", "earnings", "months"),
    [(416_789, 23_693, 17.6), (471_668, 24_220, 19.5), (100_102, 17_845, 5.6)],
)
def test_bangladesh_2020(cost: float, earnings: float, months: float) -> None:
    assert months_of_earnings(cost, earnings) == pytest.approx(months, abs=0.05)


def survey(seed: int, n: int = 240) -> pl.DataFrame:
    rng = np.random.default_rng([seed, 2])
    psu = np.arange(n) // 8
    shared = rng.normal(0, 0.4, psu.max() + 1)[psu]
    return pl.DataFrame(
        {
            "cost": np.exp(12 + shared + rng.normal(0, 0.7, n)),
            "earnings": np.exp(10 + rng.normal(0, 0.3, n)),
            "weight": rng.uniform(50, 150, n),
            "stratum": (psu // 6).astype(str),
            "psu": psu.astype(str),
            "group": np.where(rng.random(n) < 0.3, "women", "men"),
        }
    )


def jackknife(table: pl.DataFrame, estimate: Any) -> float:
    """Stratified delete-one-unit jackknife (JKn)."""
    whole, total = estimate(table), 0.0
    for (stratum,), part in table.group_by("stratum"):
        units = part["psu"].unique().to_list()
        k = len(units)
        for unit in units:
            more = (
                pl.when(pl.col("stratum") == stratum).then(pl.col("weight") * k / (k - 1)).otherwise("weight")
            )
            total += (
                (k - 1)
                / k
                * (estimate(table.filter(pl.col("psu") != unit).with_columns(weight=more)) - whole) ** 2
            )
    return float(np.sqrt(total))


def test_errors_agree_with_the_jackknife() -> None:
    table = survey(1)
    found = recruitment_cost(table, level=0.95).table

    def means(t: pl.DataFrame) -> float:
        return float((t["weight"] * t["cost"]).sum() / (t["weight"] * t["earnings"]).sum())

    def ratios(t: pl.DataFrame) -> float:
        return float((t["weight"] * t["cost"] / t["earnings"]).sum() / t["weight"].sum())

    for group in ("all", "women"):
        part = table if group == "all" else table.with_columns(
            weight=pl.when(pl.col("group") == group).then("weight").otherwise(0.0)
        )  # fmt: skip
        for name, estimate in (("ratio of means", means), ("mean of ratios", ratios)):
            row = found.filter(group=group, aggregate=name).row(0, named=True)
            assert row["value"] == pytest.approx(estimate(part))
            assert row["se"] == pytest.approx(jackknife(part, estimate), rel=0.05)
            # 30 sampling units in 5 strata.
            width = stats.t.ppf(0.975, 25) * row["se"]
            assert row["upper"] - row["value"] == pytest.approx(width)


def test_aggregates_are_named_and_ordered() -> None:
    found = recruitment_cost(survey(2))
    table = found.table
    assert table["group"].unique(maintain_order=True).to_list()[0] == "all"
    values = dict(table.filter(group="all").select("aggregate", "value").iter_rows())
    assert list(values) == ["ratio of means", "mean of ratios", "median", "upper quintile"]
    assert values["median"] < values["upper quintile"]
    assert (table["lower"] <= table["value"]).all()
    assert (table["value"] <= table["upper"]).all()
    assert "30 sampling units, 5 strata" in found.interval
    parts = table.filter(pl.col("group") != "all", aggregate="median")["workers"].sum()
    assert parts == table["workers"][0] == 240


def test_weights_are_people() -> None:
    few = pl.DataFrame({"cost": [100.0, 50, 10], "earnings": [10.0, 10, 10], "weight": [1.0, 2, 3]})
    many = pl.DataFrame({"cost": [100.0, 50, 50, 10, 10, 10], "earnings": [10.0] * 6})
    one, other = (recruitment_cost(t).table["value"].to_list() for t in (few, many))
    assert one == pytest.approx(other)
    assert one == pytest.approx([230 / 60, 230 / 60, 1.0, 5.0])


def test_simple_sample_matches_the_textbook() -> None:
    x = np.random.default_rng(5).exponential(3, 50)
    simple = design_of(np.ones(50), np.zeros(50), np.arange(50))
    every = np.ones(50, dtype=bool)
    found = ratio(x, np.ones(50), simple, every, 0.9)
    assert found.se == pytest.approx(x.std(ddof=1) / np.sqrt(50))
    np.testing.assert_allclose((found.lower, found.upper), stats.t(49, x.mean(), found.se).interval(0.9))
    assert quantile(x, 0.5, simple, every, 0.9).value == np.sort(x)[24]


def test_quantile_intervals_cover() -> None:
    rng, held = np.random.default_rng(9), 0
    simple = design_of(np.ones(60), np.zeros(60), np.arange(60))
    for _ in range(600):
        found = quantile(rng.exponential(1, 60), 0.5, simple, np.ones(60, dtype=bool), 0.8)
        held += found.lower <= np.log(2) <= found.upper
    assert held / 600 == pytest.approx(0.8, abs=0.08)


def test_workers_without_a_figure_and_lone_units() -> None:
    table = pl.DataFrame({"cost": [10.0, None, 30], "earnings": [5.0, 5, None], "psu": ["a", "b", "c"]})
    found = recruitment_cost(table)
    assert found.table["value"][0] == 2
    assert found.table["se"].null_count() == found.table["lower"].null_count() == 4
    assert found.interval.startswith("none")
    assert "2 workers" in found.summary()
    lone = survey(3).with_columns(
        stratum=pl.when(pl.col("psu") == "0").then(pl.lit("x")).otherwise("stratum")
    )
    assert "strata with one sampling unit" in " ".join(recruitment_cost(lone).notes)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 99), st.floats(0.01, 1000), st.floats(0.01, 100))
def test_currency_and_scale_of_weights_do_not_matter(seed: int, rate: float, factor: float) -> None:
    table = survey(seed, 40)
    other = table.with_columns(pl.col("cost", "earnings") * rate, pl.col("weight") * factor)
    same = ("value", "se", "lower", "upper")
    one, more = (recruitment_cost(t).table.select(same).to_numpy() for t in (table, other))
    np.testing.assert_allclose(one, more, rtol=1e-9)


# 10.7.2


def answers(score: float | None = 1.0, place: str = "KEN") -> pl.DataFrame:
    return policy_questions().select(
        "domain", "subcategory", place=pl.lit(place), score=pl.lit(score, pl.Float64)
    )


@pytest.mark.parametrize(
    ("value", "category"),
    [
        (0, "Requires further progress"), (39.9, "Requires further progress"), (40, "Partially meets"),
        (79.9, "Partially meets"), (80, "Meets"), (99.9, "Meets"), (100, "Fully meets"),
    ],
)  # fmt: skip
def test_categories_at_their_bounds(value: float, category: str) -> None:
    assert policy_category(value) == category


def test_index_by_hand() -> None:
    half = answers().with_columns(
        score=pl.when(pl.col("domain") == "1").then(0.5)
        .when((pl.col("domain") == "2") & (pl.col("subcategory") == "a")).then(0.0).otherwise(1.0)
    )  # fmt: skip
    table = policy_index(half).table
    assert table["domain"].to_list() == ["1", "2", "3", "4", "5", "6", "overall"]
    assert table["value"].to_list() == pytest.approx([50, 80, 100, 100, 100, 100, 100 * 26.5 / 30])
    assert table["category"].to_list()[:3] == ["Partially meets", "Meets", "Fully meets"]


def test_missing_answers_are_bounds() -> None:
    one = answers().with_columns(
        score=pl.when((pl.col("domain") == "3") & pl.col("subcategory").is_in(["a"]))
        .then(None)
        .otherwise(1.0)
    )
    row = policy_index(one).table.filter(domain="3").row(0, named=True)
    assert (row["value"], row["lower"], row["upper"], row["missing"]) == (80, 80, 100, 1)
    assert (row["category"], row["category_upper"]) == ("Meets", "Fully meets")
    # An absent row is a missing answer; two of five are too many.
    absent = answers().filter((pl.col("domain") != "3") | (pl.col("subcategory") > "b"))
    found = policy_index(absent)
    row = found.table.filter(domain="3").row(0, named=True)
    assert (row["value"], row["category"], row["lower"], row["upper"]) == (None, None, 60, 100)
    assert found.table.filter(domain="overall")["value"].item() == pytest.approx(100 * 28 / 30)
    assert "1 values are withheld" in found.summary()
    assert policy_index(absent, most_missing=0.4).table.filter(domain="3")["value"].item() == 60


def test_shares_of_places() -> None:
    every = pl.concat([answers(1.0, "A"), answers(0.0, "B"), answers(1.0, "C")])
    found = policy_shares(policy_index(every)).filter(domain="overall")
    assert dict(found.select("category", "share").iter_rows()) == pytest.approx(
        {"Fully meets": 2 / 3, "Requires further progress": 1 / 3}
    )


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from([0.0, 1.0, None]), min_size=30, max_size=30))
def test_index_stays_in_its_bounds(scores: list[float | None]) -> None:
    table = policy_index(
        answers().with_columns(score=pl.Series(scores, dtype=pl.Float64)), most_missing=1
    ).table
    assert (table["lower"] == table["value"]).all()
    assert (table["value"] <= table["upper"]).all()
    np.testing.assert_allclose(table["value"][:6].mean(), table["value"][6])
    width = (table["upper"] - table["lower"]).to_numpy()
    np.testing.assert_allclose(width, 100 * table["missing"].to_numpy() / ([5] * 6 + [30]), atol=1e-9)


# 10.7.3

TODAY = pl.DataFrame(
    {"Incident ID": ["a", "b", "c"], "Incident Year": [2020, 2020, 2021], "Number of Dead": [3, None, 2],
     "Minimum Estimated Number of Missing": [None, 7, None], "Migration Route": ["X", "X", None]}
)  # fmt: skip
BEFORE = pl.DataFrame(
    {"Web ID": [1, 2, 3], "Reported Year": [2020, 2020, 2021], "Number Dead": [3, 0, 2],
     "Total Dead and Missing": [3, 7, 2], "Migration Route": ["X", "X", "Y"]}
)  # fmt: skip


def test_layouts_agree() -> None:
    plain = pl.DataFrame({"year": [2020, 2021], "deaths": [10, 2]})
    for table in (TODAY, BEFORE, plain):
        found = deaths_in_migration(table).table
        assert found.select("year", "value").rows() == [(2020, 10.0), (2021, 2.0)]
    by = deaths_in_migration(TODAY, by=["route", "year"]).table
    assert by.select("route", "year", "value").rows() == [("X", 2020, 10.0), ("unknown", 2021, 2.0)]


def test_poisson_interval_is_garwood() -> None:
    found = deaths_in_migration(pl.DataFrame({"year": [1, 2], "deaths": [10, 0]}), level=0.95).table
    # Published exact limits of 10 and 0 events.
    assert found["lower"].to_list() == pytest.approx([4.7954, 0], abs=1e-4)
    assert found["upper"].to_list() == pytest.approx([18.3904, 3.6889], abs=1e-4)
    # One shipwreck of ten says less of the next year than ten deaths apart.
    apart = deaths_in_migration(pl.DataFrame({"year": [1] * 10, "deaths": [1] * 10}), level=0.95).table
    assert found["clustered_upper"][0] > apart["clustered_upper"][0] >= apart["upper"][0]
    assert (found["clustered_lower"] <= found["lower"]).all()


def test_rates() -> None:
    movers = pl.DataFrame({"year": [2020], "movers": [5000]})
    found = deaths_in_migration(TODAY, movers=movers).table
    assert found["rate"].to_list() == [200.0, None]
    assert found["rate_lower"][0] < 200 < found["rate_upper"][0]
    assert "minimum" in deaths_in_migration(TODAY).summary()


@pytest.mark.skipif(not INCIDENTS.exists(), reason="the table of incidents is not in ../shared/data")
def test_missing_migrants_subset() -> None:
    table = pl.read_csv(INCIDENTS, infer_schema_length=None)
    found = deaths_in_migration(table).table
    assert dict(found.select("year", "value").iter_rows())[2016] == 6603
    assert found["value"].sum() == table["No. dead/missing"].sum()
    assert (found["clustered_upper"] - found["clustered_lower"] > found["upper"] - found["lower"]).all()
    routes = deaths_in_migration(table, by=["route"]).table.sort("value")
    assert routes["route"][-1] == "Central Mediterranean"
    # Dead and missing alone give the same where both or either are filled.
    parts = deaths_in_migration(table.drop("No. dead/missing").filter(pl.col("No. dead").is_not_null()))
    assert parts.table["value"].sum() <= found["value"].sum()


# 10.7.4


def test_refugees_by_hand() -> None:
    table = pl.DataFrame(
        {"place": ["A", "B"], "year": [2020, 2020], "refugees": [20.0, 0], "population": [80.0, 900],
         "population_lower": [60.0, None]}
    )  # fmt: skip
    found = refugees_by_origin(table)
    assert found.table["value"].to_list() == pytest.approx([20_000, 0, 2_000])
    assert found.table["upper"].to_list() == [25_000, None, None]
    assert "extremes" in found.interval
    assert refugees_by_origin(table.drop("population_lower")).interval.startswith("none")


@given(st.floats(0, 1e7), st.floats(1, 1e9))
def test_refugee_share_is_a_share(refugees: float, population: float) -> None:
    row = pl.DataFrame({"place": ["A"], "refugees": [refugees], "population": [population]})
    value = refugees_by_origin(row).table["value"][0]
    assert 0 <= value < 100_000
    more = refugees_by_origin(row.with_columns(pl.col("refugees") + 1)).table["value"][0]
    assert more > value


WORKER = pl.DataFrame({"cost": [1.0], "earnings": [1.0]})
UNITS = pl.Series(["a", None])
NO_MOVERS = pl.DataFrame({"year": [1], "movers": [0]})
BLANK = pl.lit(None, pl.Float64)
COUNT = pl.DataFrame({"place": ["A"], "refugees": [1.0], "population": [1.0]})


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: months_of_earnings(1, 0), "have no ratio"),
        (lambda: recruitment_cost(WORKER.with_columns(cost=-1.0)), "row 1: cost=-1.0"),
        (lambda: recruitment_cost(WORKER.with_columns(earnings=0.0)), "column 'earnings' is not above 0"),
        (lambda: recruitment_cost(WORKER.with_columns(earnings=BLANK)), "no worker has both"),
        (lambda: recruitment_cost(WORKER.with_columns(weight=0.0)), "column 'weight' is not above 0"),
        (lambda: recruitment_cost(WORKER.with_columns(group=pl.lit("all"))), "a group is called 'all'"),
        (lambda: recruitment_cost(pl.concat([WORKER] * 2).with_columns(psu=UNITS)), "row 2: psu=(blank)"),
        (lambda: recruitment_cost(WORKER.drop("cost")), "table 'workers' has no column 'cost'"),
        (lambda: policy_index(answers(0.5)), "0.5 in domain 1 only"),
        (lambda: policy_index(answers(2.0)), "an answer is not possible in 30 rows"),
        (lambda: policy_index(answers().with_columns(domain=pl.lit("7"))), "no such sub-category"),
        (lambda: policy_index(pl.concat([answers()] * 2)), "subcategory stand twice in 60 rows"),
        (lambda: policy_index(answers(), most_missing=2), "most_missing"),
        (lambda: policy_category(101), "101 is no value"),
        (lambda: deaths_in_migration(TODAY.select("Incident ID")), "no column of deaths"),
        (lambda: deaths_in_migration(pl.concat([TODAY] * 2)), "table 'incidents': incident stands twice"),
        (lambda: deaths_in_migration(TODAY, by=["sea"]), "grouped by sea"),
        (lambda: deaths_in_migration(TODAY, by=[]), "nothing to group by"),
        (lambda: deaths_in_migration(pl.DataFrame({"year": [1], "deaths": [-1]})), "negative"),
        (lambda: deaths_in_migration(pl.DataFrame({"year": [1], "dead": [None]})), "has no number"),
        (lambda: deaths_in_migration(pl.DataFrame({"year": [None], "dead": [1]})), "'year' is missing"),
        (lambda: deaths_in_migration(TODAY, movers=NO_MOVERS), "column 'movers' is not above 0"),
        (lambda: refugees_by_origin(COUNT.with_columns(refugees=-1.0)), "column 'refugees' is below 0"),
        (lambda: refugees_by_origin(COUNT.with_columns(refugees=BLANK)), "missing is not zero"),
        (lambda: refugees_by_origin(COUNT.with_columns(refugees=0.0, population=0.0)), "nobody"),
        (lambda: refugees_by_origin(COUNT.with_columns(population_lower=2.0)), "bounds do not hold"),
        (lambda: refugees_by_origin(pl.concat([COUNT] * 2)), "stands twice"),
    ],
)  # fmt: skip
def test_refusals(call: Any, words: str) -> None:
    with pytest.raises(DataError) as caught:
        call()
    assert words in str(caught.value)


def test_all_are_listed() -> None:
    for name, function in INDICATORS.items():
        table = {"10.7.1": WORKER, "10.7.2": answers(), "10.7.3": TODAY, "10.7.4": COUNT}[name]
        found = function(table.to_pandas())
        assert found.name == name
        assert {"value", "lower", "upper"} <= set(found.to_polars().columns)
