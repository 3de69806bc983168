"""Reported flows are brought to the periods of an estimate, and estimates held against them."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from corridors.errors import DataError
from corridors.migration.evaluation import MEASURES, evaluate_flows, flow_measures, reported_flows

PERIOD = {"period_start": 2005, "period_end": 2010}


def yearly(**columns: object) -> pl.DataFrame:
    base: dict[str, object] = {"origin": "DNK", "destination": "SWE", "year": list(range(2005, 2010))}
    return pl.DataFrame(base | {"value": [10.0, 20, 30, 40, 50]} | columns)


def test_all_years_of_a_period_are_added_up() -> None:
    whole = reported_flows(yearly(), [(2000, 2005), (2005, 2010)])
    assert whole.rows() == [("DNK", "SWE", "SWE", "immigrants", 2005, 2010, 5, 150.0)]


def test_a_year_that_lacks_is_made_up_for_and_two_are_too_many() -> None:
    four = yearly().filter(pl.col("year") != 2009)
    assert reported_flows(four, [(2005, 2010)])["value"].to_list() == [125.0]
    assert reported_flows(four, [(2005, 2010)], least_years=5).is_empty()
    assert reported_flows(four.filter(pl.col("year") != 2008), [(2005, 2010)]).is_empty()


def test_a_blank_is_not_reported_rather_than_zero() -> None:
    assert reported_flows(yearly(value=[10.0, 20, 30, 40, None]), [(2005, 2010)])["value"].to_list() == [
        125.0
    ]


def test_a_period_of_four_years_takes_four() -> None:
    years = yearly(year=[2020, 2021, 2022, 2023, 2024])
    assert reported_flows(years, [(2020, 2024)])["value"].to_list() == [100.0]


def test_both_sides_of_a_pair_are_reports_of_their_own() -> None:
    both = pl.concat([yearly(type="Immigrants"), yearly(type="Emigrants")])
    found = reported_flows(both, [(2005, 2010)])
    assert found.select("reporter", "side").rows() == [("SWE", "immigrants"), ("DNK", "emigrants")]


def test_one_criterion_is_kept() -> None:
    rows = pl.concat([yearly(criterion="Residence"), yearly(criterion="Citizenship", value=1.0)])
    assert reported_flows(rows, [(2005, 2010)])["value"].to_list() == [150.0]
    assert reported_flows(rows, [(2005, 2010)], criterion="citizenship")["value"].to_list() == [5.0]


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"criterion": "ancestry"}, "unknown criterion in 5 rows"),
        ({"type": "Movers"}, "unknown side in 5 rows"),
        ({"type": "Immigrants", "reporter": "DNK"}, "the reporter of immigrants is not their destination"),
        ({"year": 2005}, "origin, destination, side, year stand twice in 5 rows"),
        ({"value": -1.0}, "value"),
        ({"destination": "Atlantis"}, "Atlantis"),
    ],
)
def test_what_can_not_be_a_report_is_refused_by_row(columns: dict[str, object], words: str) -> None:
    with pytest.raises(DataError, match=words) as refused:
        reported_flows(yearly(**columns), [(2005, 2010)])
    assert "row" in str(refused.value)


def random_pairs(n: int = 60) -> tuple[pl.DataFrame, pl.DataFrame]:
    rng = np.random.default_rng(7)
    places = [f"{a}{b}" for a in "ABCDEFGH" for b in "XY"]
    pairs = [(a, b) for a in places for b in places if a != b][:n]
    value = np.round(10 ** rng.uniform(0, 5, n))
    estimates = pl.DataFrame(pairs, schema=["origin", "destination"], orient="row").with_columns(
        value=pl.Series(value * np.exp(rng.normal(0, 0.3, n))),
        method=pl.lit("m"),
        **{k: pl.lit(v) for k, v in PERIOD.items()},
    )
    reported = pl.DataFrame(pairs, schema=["origin", "destination"], orient="row").with_columns(
        pl.col("origin").alias("reporter"),
        value=pl.Series(value),
        side=pl.lit("emigrants"),
        **{k: pl.lit(v) for k, v in PERIOD.items()},
    )
    return estimates, reported


def test_measures_are_those_of_the_arrays() -> None:
    estimates, reported = random_pairs()
    row = evaluate_flows(estimates, reported).table.row(0, named=True)
    x, y = estimates["value"].to_numpy(), reported["value"].to_numpy()
    assert row["count"] == pytest.approx(np.corrcoef(x, y)[0, 1])
    assert row["log"] == pytest.approx(np.corrcoef(np.log1p(x), np.log1p(y))[0, 1])
    assert row["mean_error"] == pytest.approx(np.abs(x - y).mean())
    assert row["median_error"] == pytest.approx(np.median(np.abs(x / y - 1)[y >= 100]))
    assert row["rate"] is None
    assert row["net"] is None
    assert (row["pairs"], row["reporters"]) == (60, reported["origin"].n_unique())


def test_the_report_itself_is_perfect_and_the_unit_does_not_matter() -> None:
    estimates, reported = random_pairs()
    people = pl.DataFrame({"country": sorted(set(reported["origin"])), "year": 2005}).with_columns(
        population=pl.int_range(pl.len()) * 1e5 + 1e6
    )
    same = estimates.with_columns(reported["value"])
    perfect = evaluate_flows(same, reported, people).table.row(0, named=True)
    assert [perfect[m] for m in ("count", "log", "proportion", "rate", "emigration")] == pytest.approx(
        [1.0] * 5
    )
    assert (perfect["mean_error"], perfect["median_error"], perfect["bias"]) == (0, 0, 0)
    half = evaluate_flows(same.with_columns(pl.col("value") / 2), reported, people).table.row(0, named=True)
    assert [half[m] for m in ("count", "proportion", "rate")] == pytest.approx([1.0] * 3)
    assert half["bias"] == pytest.approx(-0.5)


def test_coverage_is_the_share_of_reports_between_the_bounds() -> None:
    estimates, reported = random_pairs()
    bounds = estimates.with_columns(lower=reported["value"] - 1, upper=reported["value"] + 1)
    bounds = bounds.with_columns(
        pl.when(pl.int_range(pl.len()) < 15).then(pl.col("upper") + 9e9).alias("lower")
    )
    bounds = bounds.with_columns(pl.coalesce("lower", reported["value"] - 1))
    assert evaluate_flows(bounds, reported).table["coverage"].item() == pytest.approx(0.75)


def test_no_row_is_nobody_where_places_are_known_and_set_aside_where_they_are_not() -> None:
    estimates, reported = random_pairs()
    fewer = evaluate_flows(estimates.tail(-1), reported)
    assert fewer.pairs.filter(pl.col("value") == 0).height == 1
    strange = reported.with_columns(
        destination=pl.when(pl.int_range(pl.len()) == 3).then(pl.lit("ZZ")).otherwise("destination")
    )
    apart = evaluate_flows(estimates, strange)
    assert apart.unplaced.height == 1
    assert apart.table["pairs"].item() == 59
    assert "set aside: 1 reports" in apart.summary()


def test_parts_and_methods_are_told_apart() -> None:
    estimates, reported = random_pairs()
    two = pl.concat([estimates, estimates.with_columns(method=pl.lit("n"), value=pl.col("value") * 3)])
    found = evaluate_flows(two, reported, by="size").table
    assert found["method"].unique().sort().to_list() == ["m", "n"]
    of_m = found.filter(pl.col("part") != "all", method="m")
    assert of_m["pairs"].sum() == 60
    assert set(found.columns) == {"method", "part", "pairs", "reporters", *MEASURES}
    with pytest.raises(DataError, match="unknown method"):
        evaluate_flows(two, reported, methods=["o"])
    with pytest.raises(DataError, match="can not be told apart by 'colour'"):
        evaluate_flows(two, reported, by="colour")
    with pytest.raises(DataError, match="no reported flow lies in a period"):
        evaluate_flows(two, reported.with_columns(period_start=pl.lit(1800)))


def test_too_little_gives_no_number() -> None:
    nobody = random_pairs()[0].head(0).select("origin", "value")
    empty = nobody.with_columns(
        reporter=pl.lit(""), side=pl.lit(""), period_start=pl.lit(0), reported="value"
    )
    assert set(flow_measures(empty).values()) == {None}
