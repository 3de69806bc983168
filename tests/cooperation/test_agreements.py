"""Labour agreements: coverage, provisions, assessment, likeness, checklist."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import pearsonr
from typer.testing import CliRunner

from corridors import packaged
from corridors.building.steps.agreements import (
    agreement_assessment,
    agreement_coverage,
    agreement_provision,
)
from corridors.cooperation.agreements import (
    PROVISIONS,
    Implementation,
    as_agreements,
    as_guidance,
    assess,
    assess_all,
    checklist,
    co_occurrence,
    coverage,
    guidance,
    one_agreement,
    provision_trends,
    provisions,
    read_agreements,
    similar,
    similarity,
    trend_test,
)
from corridors.errors import DataError, NotFound

FIGURES = packaged.path("evidence/figures")


@pytest.fixture(scope="module")
def world() -> pl.DataFrame:
    return read_agreements(str(FIGURES.joinpath("labour_agreement.csv.gz")))


@pytest.fixture(scope="module")
def stock() -> pl.DataFrame:
    return pl.read_csv(FIGURES.joinpath("migrant_stock.csv.gz").read_bytes())


def table(rows: list[tuple[str, str, int]], **columns: list[int | None]) -> dict[str, Any]:
    base = {"agreement": list(range(1, len(rows) + 1))}
    return (
        base | {n: [row[i] for row in rows] for i, n in enumerate(("party_a", "party_b", "year"))} | columns
    )


def people(*rows: tuple[str, str, int, float | None]) -> dict[str, Any]:
    return {n: [r[i] for r in rows] for i, n in enumerate(("origin", "destination", "year", "value"))}


def test_counts_of_the_register(world: pl.DataFrame) -> None:
    assert world.height == 1221
    assert world["coded"].sum() == 570
    assert world.filter(~pl.col("coded")).select(pl.col(PROVISIONS).count()).row(0) == (0,) * 24


# Reading


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"quota": [1, 2]}, ("quota", "row 2: agreement=2, quota=2", "neither 1 nor 0")),
        ({"year": ["2000", "soon"]}, ("year", "row 2: agreement=2, year=soon")),
        ({"year": [2000, 1066]}, ("row 2: agreement=2, year=1066", "1900 to 2100")),
        ({"party_b": ["JOR", "Atlantis"]}, ("party_b", "row 2: agreement=2, party_b=Atlantis")),
        ({"party_b": ["JOR", "PHL"]}, ("row 2", "both parties")),
        ({"agreement": [7, 7]}, ("row 1: agreement=7", "twice")),
        ({"coded": [1, 0]}, ("row 2", "although provisions are filled")),
        ({"agreement": [1, None]}, ("agreement", "row 2: agreement=(blank)")),
    ],
)
def test_bad_rows_are_named(change: dict[str, Any], words: tuple[str, ...]) -> None:
    good = table([("PHL", "JOR", 2000), ("PHL", "SAU", 2010)], quota=[1, 0])
    with pytest.raises(DataError) as caught:
        as_agreements(pl.DataFrame(good | change))
    for word in words:
        assert word in str(caught.value)
    assert "Remedy" in str(caught.value)


def test_own_file_in_csv_pandas_and_without_columns(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text("agreement,party_a,party_b,year,quota,remittances\n1,Philippines,jo,1999,TRUE,\n")
    found = read_agreements(path)
    assert found.select("party_a", "party_b", "coded", "quota", "remittances", "reintegration").row(0) == (
        "PHL", "JOR", True, True, None, None)  # fmt: skip
    assert as_agreements(found.to_pandas()).equals(found)
    with pytest.raises(DataError, match="table 'agreements' has no column 'party_a', 'party_b', 'year'"):
        as_agreements({"agreement": [1]})
    with pytest.raises(NotFound, match="no file"):
        read_agreements(tmp_path / "other.csv")
    with pytest.raises(NotFound, match="nearest numbers: 1"):
        one_agreement(found, 9)


# Coverage


def test_coverage_by_hand() -> None:
    agreements = table([("JOR", "PHL", 1990), ("PHL", "SAU", 2005), ("SAU", "PHL", 2006)])
    stock = people(
        ("PHL", "JOR", 2000, 30.0), ("JOR", "PHL", 2000, 10.0), ("PHL", "SAU", 2000, 60.0),
        ("PHL", "JOR", 2010, 50.0), ("PHL", "SAU", 2010, 100.0), ("PHL", "USA", 2010, 50.0),
        ("PHL", "KOR", 2010, None), ("PHL", "QAT", 2010, 0.0),
    )  # fmt: skip
    found = coverage(agreements, stock, short_lifetime=20).table
    world = found.filter(country="WLD").sort("year")
    assert world["corridors"].to_list() == [3, 3]
    assert world["covered_migrants"].to_list() == [40, 150]
    assert world["migrant_share"].to_list() == pytest.approx([0.4, 0.75])
    # Signed 1990, for 20 years: 1990 to 2009.
    assert world["migrant_share_low"].to_list() == pytest.approx([0.4, 0.5])
    assert world["corridor_share"].to_list() == pytest.approx([2 / 3, 2 / 3])
    jordan = found.filter(country="JOR", year=2000)
    assert jordan.select("side", "covered_migrants").rows() == [("emigrants", 10.0), ("immigrants", 30.0)]
    ten = coverage(agreements, stock, lifetime=10).table.filter(country="WLD").sort("year")
    assert ten["covered_migrants"].to_list() == [0, 100]


def test_states_that_are_gone() -> None:
    agreements = table([("YUG", "DEU", 1968), ("DDR", "VNM", 1980), ("YUG", "SVN", 1970)])
    stock = people(("SRB", "DEU", 2000, 6.0), ("VNM", "DEU", 2000, 4.0), ("HRV", "SVN", 2000, 5.0))
    plain = coverage(agreements, stock)
    assert plain.table.filter(country="WLD")["covered_migrants"].item() == 0
    assert plain.findings.select("agreement", "party").rows() == [(1, "YUG"), (2, "DDR"), (3, "YUG")]
    assert "3 agreements have a party that" in plain.summary()
    heirs = coverage(agreements, stock, historical="successors")
    assert heirs.table.filter(country="WLD")["covered_migrants"].item() == 15
    # A table of those years that has the state itself needs no successors.
    then = people(("YUG", "DEU", 1985, 6.0))
    assert coverage(agreements, then).table.filter(country="WLD")["covered_migrants"].item() == 6


def test_coverage_refuses() -> None:
    one = table([("JOR", "PHL", 1990)])
    row = ("PHL", "JOR", 2000, 1.0)
    with pytest.raises(DataError, match="twice"):
        coverage(one, people(row, row))
    with pytest.raises(DataError, match="'value' is below 0"):
        coverage(one, people(("PHL", "JOR", 2000, -1.0)))
    with pytest.raises(DataError, match="table 'stock' has no column"):
        coverage(one, {"origin": ["PHL"]})
    with pytest.raises(DataError, match="lifetime"):
        coverage(one, people(row), lifetime=0)
    with pytest.raises(DataError, match="historical"):
        coverage(one, people(row), historical="heirs")  # type: ignore[arg-type]


def test_coverage_of_the_world(world: pl.DataFrame, stock: pl.DataFrame) -> None:
    found = coverage(world, stock).table
    total = found.filter(country="WLD").sort("year")
    assert total["year"].to_list() == [*range(1990, 2021, 5), 2024]
    # Agreements that stay can only be joined by others; corridors are nearly the same throughout. The data
    # set of agreements ends in 2020.
    assert total.filter(pl.col("year") <= 2020)["corridor_share"].is_sorted()
    assert total["corridor_share"][-1] == pytest.approx(total["corridor_share"][-2], rel=1e-3)
    assert (found["migrant_share_low"] <= found["migrant_share"] + 1e-12).all()
    for side in ("emigrants", "immigrants"):
        parts = found.filter(side=side).group_by("year").agg(pl.col("covered_migrants").sum()).sort("year")
        np.testing.assert_allclose(parts["covered_migrants"], total["covered_migrants"])
    direct = stock.filter(year=2024).with_columns(v=pl.col("female") + pl.col("male")).to_dicts()
    pairs = {
        frozenset(p) for p in world.filter(pl.col("year") <= 2024).select("party_a", "party_b").iter_rows()
    }
    covered = sum(r["v"] or 0 for r in direct if frozenset((r["origin"], r["destination"])) in pairs)
    assert total["covered_migrants"][-1] == pytest.approx(covered)
    heirs = coverage(world, stock, historical="successors").table
    assert (heirs["covered_migrants"] >= found["covered_migrants"]).all()


# Provisions


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), min_size=2, max_size=6))
def test_trend_is_a_correlation(groups: list[tuple[int, int]]) -> None:
    present = np.array([a for a, _ in groups])
    total = present + np.array([b for _, b in groups])
    scores = np.arange(len(groups))
    y = np.concatenate([np.r_[np.ones(x), np.zeros(n - x)] for x, n in zip(present, total, strict=True)])
    t = np.repeat(scores, total)
    slope, z, p = trend_test(present, total, scores)
    if y.size and np.ptp(y) and np.ptp(t):
        r = pearsonr(t, y).statistic
        assert z**2 == pytest.approx(y.size * r**2, abs=1e-9)
        assert slope == pytest.approx(np.polyfit(t, y, 1)[0], abs=1e-9)
        assert 0 <= p <= 1
    else:
        assert np.isnan(z)


def test_shares_never_take_uncoded_for_absent(world: pl.DataFrame) -> None:
    found = provisions(world)
    contract = found.filter(provision="written_contract").row(0, named=True)
    assert contract["coded"] == 570
    assert contract["present"] == 238
    assert contract["share"] == pytest.approx(238 / 570)
    assert contract["low_bound"] == pytest.approx(238 / 1221)
    assert contract["high_bound"] == pytest.approx((238 + 651) / 1221)
    assert found["provision"].to_list() == list(PROVISIONS)
    for by in ("decade", "region_pair", "income_pair"):
        parts = provisions(world, by=by)
        assert (
            parts.group_by("provision").agg(pl.col("present").sum())["present"].sum()
            == found["present"].sum()
        )
        assert (parts["share"].is_null() == (parts["coded"] == 0)).all()
        inside = parts.drop_nulls("share").select(
            (pl.col("lower") <= pl.col("share")) & (pl.col("share") <= pl.col("upper"))
        )
        assert inside.to_series().all()
        assert (parts["low_bound"] <= parts["high_bound"]).all()
    with pytest.raises(DataError, match="weekday"):
        provisions(world, by="weekday")  # type: ignore[arg-type]


def test_pairs_of_groups_do_not_depend_on_order() -> None:
    rows = table([("PHL", "DEU", 2000), ("DEU", "PHL", 2001), ("YUG", "DEU", 1968)], quota=[1, 0, 1])
    regions = provisions(rows, by="region_pair").filter(provision="quota")
    assert dict(regions.select("group", "agreements").iter_rows()) == {
        "Asia – Europe": 2,
        "Europe – Europe": 1,
    }
    incomes = provisions(rows, by="income_pair").filter(provision="quota")
    assert dict(incomes.select("group", "agreements").iter_rows()) == {"LM – H": 2, "not classified": 1}


def test_a_party_is_in_the_class_of_income_of_the_year_of_signature() -> None:
    rows = table([("CHN", "DEU", year) for year in (1980, 1990, 2000, 2015, 2030)], quota=[1, 0, 1, 0, 1])
    incomes = provisions(rows, by="income_pair").filter(provision="quota")
    assert dict(incomes.select("group", "agreements").iter_rows()) == {
        "not classified": 1, "L – H": 1, "LM – H": 1, "UM – H": 2,
    }  # fmt: skip
    own = {"country": ["CHN", "DEU"], "region": ["Asia", "Europe"], "income_group": ["H", "H"]}
    assert provisions(rows, by="income_pair", places=own)["group"].unique().to_list() == ["H – H"]


def test_trends_and_what_goes_together(world: pl.DataFrame) -> None:
    trends = provision_trends(world)
    assert trends.height == 24
    assert (trends["p_adjusted"] >= trends["p_value"] - 1e-12).all()
    pairs = co_occurrence(world)
    assert pairs.height == 24 * 23 // 2
    top = pairs.row(0, named=True)
    a, b = (world[top[f"provision_{x}"]].drop_nulls().cast(pl.Int8).to_numpy() for x in "ab")
    assert top["phi"] == pytest.approx(pearsonr(a, b).statistic)
    assert top["both"] == (a & b).sum()


# Assessment


def test_guidance_has_ten_blocks_and_a_cross_cutting_one() -> None:
    listed = guidance()
    assert listed["block"].n_unique() == 11
    assert set(listed["column"].drop_nulls()) == set(PROVISIONS)
    assert set(listed["source_status"]) <= {"seen", "unverified"}
    with pytest.raises(DataError, match="row 1: item=a, column=tea"):
        as_guidance({"block": ["x"], "item": ["a"], "question": ["?"], "column": ["tea"]})
    with pytest.raises(DataError, match="twice"):
        as_guidance({"block": ["x"] * 2, "item": ["a"] * 2, "question": ["?"] * 2, "column": [None] * 2})


def test_readings_for_against_disputed() -> None:
    listed = pl.DataFrame({
        "block": ["x"] * 3, "item": ["good", "bad", "odd"], "question": ["?"] * 3,
        "column": ["quota", "recruitment_cost_on_migrant", "remittances"],
        "reading": ["for", "against", "disputed"],
    })  # fmt: skip

    def states(*codes: int | None) -> list[str]:
        columns = ("quota", "recruitment_cost_on_migrant", "remittances")
        row = table([("PHL", "JOR", 2000)], **{c: [v] for c, v in zip(columns, codes, strict=True)})
        return assess(row, guidance=listed).items["state"].to_list()

    assert states(1, 1, 1) == ["present", "absent", "not answerable"]
    assert states(0, 0, 0) == ["absent", "not answerable", "not answerable"]
    assert states(None, None, 1) == ["not coded", "not coded", "not answerable"]


def test_nothing_is_absent_in_an_uncoded_agreement(world: pl.DataFrame) -> None:
    uncoded = world.filter(~pl.col("coded")).head(1)
    found = assess(uncoded)
    assert found.bounds == (0.0, 1.0)
    assert found.gaps.is_empty()
    assert set(found.implementation["answer"]) == {"not known"}
    assert "coverage between 0% and 100%" in found.summary()


@given(st.lists(st.sampled_from([0, 1, None]), min_size=24, max_size=24))
def test_bounds_hold_whatever_is_unknown(codes: list[int | None]) -> None:
    row = table([("PHL", "JOR", 2000)], **dict(zip(PROVISIONS, [[c] for c in codes], strict=True)))
    found = assess(row)
    assert found.present + found.gaps.height + found.unknown == found.items.height == 41
    low, high = found.bounds
    assert 0 <= low <= high <= 1
    for yes in (0, 1):
        filled = {p: [yes if c is None else c] for p, c in zip(PROVISIONS, codes, strict=True)}
        later = assess(table([("PHL", "JOR", 2000)], **filled)).bounds
        assert low <= later[0] <= later[1] <= high


def test_all_at_once_is_one_by_one(world: pl.DataFrame) -> None:
    some = world.head(30)
    together = assess_all(some)
    for number in some["agreement"]:
        single = assess(one_agreement(some, number)).blocks
        assert together.filter(agreement=number).drop("agreement").equals(single)
    with pytest.raises(DataError, match="30 agreements"):
        assess(some)


def test_implementation_is_apart() -> None:
    record = Implementation(minutes_public=False, next_review=date(2023, 6, 1), as_of=date(2024, 1, 1))
    assert record.overdue
    answers = dict(record.to_polars().iter_rows())
    assert answers["Minutes published?"] == "no"
    assert answers["In force?"] == "not known"
    due, later, now = date(2023, 6, 1), date(2023, 7, 1), date(2024, 1, 1)
    held = Implementation(next_review=due, last_review=later, as_of=now)
    assert held.overdue is False
    assert Implementation(next_review=date(2023, 6, 1)).overdue is None
    with pytest.raises(DataError, match="2024-01-01"):
        Implementation(last_review=date(2025, 1, 1), as_of=date(2024, 1, 1))


# Likeness


@pytest.mark.parametrize("measure", ["jaccard", "hamming"])
@pytest.mark.parametrize("weights", ["equal", "inverse-frequency"])
def test_likeness(world: pl.DataFrame, measure: Any, weights: Any) -> None:
    part = world.filter("coded").head(80)
    found = similarity(part, measure=measure, weights=weights)
    np.testing.assert_allclose(found, found.T)
    known = found[~np.isnan(found)]
    assert ((known >= 0) & (known <= 1)).all()
    diagonal = np.diag(found)
    np.testing.assert_allclose(diagonal[~np.isnan(diagonal)], 1.0)
    x = part.select(PROVISIONS).fill_null(False).to_numpy()
    if weights == "equal" and part.select(pl.col(PROVISIONS).null_count().sum()).row(0) == (0,) * 24:
        top = (x[3] & x[7]).sum() / (x[3] | x[7]).sum() if measure == "jaccard" else (x[3] == x[7]).mean()
        assert found[3, 7] == pytest.approx(top)


def test_rare_provisions_weigh_more() -> None:
    rows = table(
        [("PHL", c, 2000) for c in ("JOR", "SAU", "KOR", "QAT", "KWT")],
        quota=[1, 0, 1, 1, 1],
        reintegration=[1, 1, 0, 0, 0],
    )
    found = similar(rows, 1, k=2)
    assert found["agreement"].to_list() == [2, 3]
    # -ln((2 + 1/2) / 6) of -ln((2 + 1/2) / 6) - ln((4 + 1/2) / 6)
    assert found["similarity"][0] == pytest.approx(np.log(2.5 / 6) / (np.log(2.5 / 6) + np.log(4.5 / 6)))
    assert similar(rows, 1, k=2, weights="equal")["similarity"].to_list() == [0.5, 0.5]


def test_neighbours(world: pl.DataFrame) -> None:
    found = similar(world, 751, k=5)
    assert found["similarity"].is_sorted(descending=True)
    row = found.row(0, named=True)
    own, other = (one_agreement(world, n).row(0, named=True) for n in (751, row["agreement"]))
    assert set(row["shared"]) == {p for p in PROVISIONS if own[p] and other[p]}
    assert set(row["only_here"]) == {p for p in PROVISIONS if own[p] and not other[p]}
    assert set(row["only_there"]) == {p for p in PROVISIONS if other[p] and not own[p]}
    whole = similarity(world)
    numbers = world["agreement"].to_list()
    assert row["similarity"] == pytest.approx(whole[numbers.index(751), numbers.index(row["agreement"])])
    party = similar(world, 751, k=50, peers="party")
    assert all({"SAU", "PHL"} & {a, b} for a, b in party.select("party_a", "party_b").iter_rows())
    corridor = similar(world, 751, peers="corridor")
    assert all({a, b} == {"SAU", "PHL"} for a, b in corridor.select("party_a", "party_b").iter_rows())
    assert similar(world, 751, k=3, peers="region").height == 3
    assert similar(world, 751, k=3, peers="income").height == 3


def test_what_can_not_be_compared(world: pl.DataFrame) -> None:
    uncoded = world.filter(~pl.col("coded"))["agreement"][0]
    with pytest.raises(DataError, match="is not coded"):
        similar(world, uncoded)
    with pytest.raises(DataError, match="hamming"):
        similar(world, 1)
    assert similar(world, 1, k=2, measure="hamming").height == 2
    for bad in ({"measure": "cosine"}, {"weights": "heavy"}, {"peers": "friends"}, {"k": 0}):
        with pytest.raises(DataError):
            similar(world, 751, **bad)  # type: ignore[arg-type]


# Checklist


def test_checklist(world: pl.DataFrame) -> None:
    found = checklist(world, "Nepal", "Qatar")
    assert (found.party_a, found.party_b) == ("NPL", "QAT")
    assert found.table.height == 41
    assert set(found.existing["agreement"]) == {771, 976}
    contract = found.table.filter(item="written").row(0, named=True)
    assert contract["lower"] < contract["share"] < contract["upper"]
    assert len(contract["examples"]) == 3
    number = int(contract["examples"][0].split(",")[0].removeprefix("agreement "))
    example = one_agreement(world, number).row(0, named=True)
    assert example["written_contract"]
    assert example["year"] >= 2000
    fees = found.table.filter(item="fees").row(0, named=True)
    assert fees["share"] is None
    text = found.to_markdown()
    assert text.count("- [ ] ") == 41
    assert text.count("\n## ") == 11
    assert "How common is not known" in text
    with pytest.raises(DataError, match="two parties"):
        checklist(world, "NPL", "Nepal")
    with pytest.raises(NotFound):
        checklist(world, "NPL", "Atlantis")
    wide = checklist(world, "Nepal", "Qatar", least=10_000)
    assert wide.comparable == "570 coded agreements, of the world and any year"


# Atlas tables and command line


def test_atlas_tables(world: pl.DataFrame, stock: pl.DataFrame) -> None:
    made = [agreement_coverage(world, stock), agreement_provision(world), agreement_assessment(world)]
    keys = (("year", "place", "side"), ("provision", "decade"), ("agreement", "block"))
    for frame, key in zip(made, keys, strict=True):
        assert not frame.select(key).is_duplicated().any()
        assert frame.select(key).null_count().row(0) == (0,) * len(key)
    assert made[2].height == 1221 * 11
    items = made[2].select(
        pl.col("present") + pl.col("absent") + pl.col("not_coded") + pl.col("not_answerable")
    )
    assert (items.to_series() == made[2]["items"]).all()


def test_commands_on_an_own_file(tmp_path: Path) -> None:
    from corridors.cli.agreements import app

    path = tmp_path / "mine.csv"
    pl.DataFrame(
        table([("PHL", "JOR", 2010), ("PHL", "SAU", 2013)], quota=[1, 1], remittances=[1, 0])
    ).write_csv(path)
    run = CliRunner()

    def ran(*words: str) -> str:
        result = run.invoke(app, [*words, "--file", str(path)], catch_exceptions=False)
        assert result.exit_code == 0
        return result.stdout

    assert "quota" in ran("provisions", "-f", "csv")
    assert ran("provisions", "--trends", "-f", "csv").count("\n") == 25
    assert ran("provisions", "--together", "-f", "csv").startswith("provision_a")
    facts = tmp_path / "facts.toml"
    facts.write_text("minutes_public = true\ncommittee_last_met = 2024-05-01\n")
    text = ran("assess", "1", "--record", str(facts))
    assert "Joint committee last met? 2024-05-01" in text
    assert "transfer" in ran("assess", "2", "-f", "csv")
    assert "quota" in ran("similar", "1", "-f", "csv")
    assert ran("checklist", "Nepal", "Qatar").startswith("# Checklist: Nepal and Qatar")
    facts.write_text("minutes = true\n")
    with pytest.raises(DataError, match="names minutes"):
        run.invoke(app, ["assess", "1", "--file", str(path), "--record", str(facts)], catch_exceptions=False)
