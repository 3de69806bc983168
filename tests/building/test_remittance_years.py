"""Who sends to whom in every year: recorded totals, stocks between their years, and what is carried on."""

from __future__ import annotations

import gzip
import runpy
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import corridors as co
from conftest import FULL_DATA, ROOT
from corridors import evidence, places
from corridors.remittances.matrix import RemittanceMatrix, bilateral_remittances, stock_in

KNOWN = evidence.load()
TOTALS = KNOWN.table("remittances")
STOCK = KNOWN.table("migrant_stock").filter(~pl.col("origin").is_in(places.codes("special")))
REPEATED = ["AFG", "BRB", "CYM", "FSM", "MHL", "NCL", "OMN", "PYF", "YEM"]


def matrix(year: int, reliability: str | None = "low") -> RemittanceMatrix:
    return bilateral_remittances(STOCK, KNOWN.table("economy"), TOTALS, year, reliability=reliability)


# Recorded totals


def test_totals_are_those_of_the_publisher() -> None:
    of = {year: TOTALS.filter(year=year) for year in (2021, 2022, 2023, 2024)}
    assert of[2024].height == 183
    assert of[2024]["received"].sum() == pytest.approx(897_873.9, abs=0.1)
    assert of[2024].filter("carried_forward")["country"].to_list() == REPEATED
    assert of[2024]["paid"].null_count() == 183
    assert of[2022]["paid"].count(), of[2023]["paid"].count() == (174, 153)
    assert (TOTALS["year"].min(), TOTALS["year"].max()) == (1990, 2024)
    value = {(c, y): r for c, y, r in TOTALS.select("country", "year", "received").iter_rows()}
    assert value["CHN", 2022] == pytest.approx(26_094, abs=1)
    assert value["PRT", 2022] == pytest.approx(976, abs=1)
    assert value["IND", 2024] == pytest.approx(137_674.53, abs=0.01)
    # Of the Indicators, not of the list of totals, which has 201.9.
    assert value["MOZ", 2021] == pytest.approx(739.248)


@pytest.mark.skipif(not FULL_DATA.exists(), reason="the publishers' files are not beside the project")
def test_the_script_makes_the_same_bytes_and_names_what_differs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    made = tmp_path / "remittances.csv.gz"
    monkeypatch.setattr("sys.argv", ["remittances.py", str(FULL_DATA), str(made)])
    runpy.run_path(str(ROOT / "scripts" / "remittances.py"), run_name="__main__")
    kept = ROOT / "src/corridors/data/evidence/figures/remittances.csv.gz"
    assert gzip.decompress(made.read_bytes()) == gzip.decompress(kept.read_bytes())
    first, *others = capsys.readouterr().out.splitlines()
    assert first.startswith("167 of 183 agree in 2021")
    assert len(others) == 16
    other = pl.read_csv(FULL_DATA / "wb_remittances_received_2021_2024.csv").filter(year=2021)
    assert other["received_usd_million"].sum() == pytest.approx(739_583.4, abs=0.1)
    note = KNOWN.card(TOTALS["source"][0]).note
    assert all(line.split()[0] in note for line in others)


def test_sums_say_how_many_countries_and_compare_the_same_ones(atlas: co.Atlas) -> None:
    rows = atlas.sql("SELECT * FROM remittance_sum WHERE scope = 'world'").to_dicts()
    of = {(row["way"], row["year"]): row for row in rows}
    assert [of["paid", year]["countries"] for year in (2022, 2023)] == [174, 153]
    assert [of["paid", year]["whole"] for year in (2022, 2023)] == [True, False]
    # The raw sums of paid grew by 4.6 %, those of the same countries by 5.8 %.
    paid = of["paid", 2023]
    assert paid["value_both"] / paid["before_both"] == pytest.approx(1.0581, abs=1e-4)
    received = of["received", 2024]
    assert (received["countries"], received["countries_both"]) == (174, 174)
    assert received["value_both"] / received["before_both"] == pytest.approx(1.0942, abs=1e-4)
    world = atlas.sql("SELECT year FROM indicator WHERE indicator = 'remittances_paid' AND place = 'WLD'")
    assert world["year"].max() == 2022


def test_a_repeated_value_is_marked_and_used_nowhere(atlas: co.Atlas) -> None:
    yemen = atlas.table("remittance_total", where="country = 'YEM' AND year = 2024")
    assert yemen.select("received", "carried_forward").row(0) == (3433.02, True)
    for table in ("remittance_recorded", "country_fact"):
        where = "country = 'YEM' AND year = 2024"
        found = atlas.sql(f"SELECT * FROM {table} WHERE {where}")
        if "measure" in found.columns:
            found = found.filter(measure="remittance_total")
        assert found.drop("country", "year").filter(pl.any_horizontal(pl.all().is_not_null())).is_empty()
    assert atlas.sql("SELECT 1 FROM remittance_flow WHERE receiving = 'YEM' AND year = 2024").is_empty()
    marked = atlas.sql("SELECT key FROM finding WHERE rule = 'carried-forward'")["key"].to_list()
    assert marked == [f"{', '.join(REPEATED)}, 2024"]


# Stocks between their years


corridors = st.dictionaries(
    st.tuples(st.sampled_from("ABC"), st.sampled_from("XYZ"), st.sampled_from([2000, 2005, 2010])),
    st.integers(0, 10_000),
    min_size=1,
)


@given(corridors, st.integers(1995, 2015))
def test_a_stock_between_years_lies_between_them(known: dict[tuple[str, str, int], int], year: int) -> None:
    columns = ["origin", "destination", "year", "value"]
    rows = [(*key, value) for key, value in known.items()]
    frame = pl.DataFrame(rows, schema=columns, orient="row")
    people, notes = stock_in(frame, year)
    there = sorted({y for *_, y in known})
    ends = {max((y for y in there if y <= year), default=there[0]),
            min((y for y in there if y >= year), default=there[-1])}  # fmt: skip
    assert {(o, d) for o, d, _ in people.iter_rows()} == {(o, d) for o, d, y in known if y in ends}
    for origin, destination, value in people.iter_rows():
        held = [known[origin, destination, y] for y in ends if (origin, destination, y) in known]
        assert min(held) - 1e-9 <= value <= max(held) + 1e-9
    single = [
        p for p in {(o, d) for o, d, y in known if y in ends} if sum((*p, y) in known for y in ends) == 1
    ]
    assert {n.rule for n in notes} == ({"stock-year"} if year not in there else set()) | (
        {"stock-one-end"} if single and len(ends) == 2 else set()
    )
    # A corridor with both ends runs straight, so totals do.
    if len(ends) == 2 and not single:
        low, high = sorted(ends)
        totals = [sum(v for (*_, y), v in known.items() if y == end) for end in (low, high)]
        assert people["value"].sum() == pytest.approx(np.interp(year, [low, high], totals))


def test_after_the_last_stock_nothing_is_extrapolated() -> None:
    last = int(str(STOCK["year"].max()))
    later, notes = stock_in(STOCK, last + 3)
    assert later["value"].sum() == stock_in(STOCK, last)[0]["value"].sum()
    assert [(n.rule, n.value) for n in notes] == [("stock-year", float(last))]


# The year without recorded outflows


def test_2024_keeps_the_senders_ratios_of_2023() -> None:
    before, now, free = matrix(2023), matrix(2024), matrix(2024, None)
    assert before.reconciled is not None
    assert now.reconciled is not None
    assert np.isnan(now.outflow).all()
    [note] = [n for n in now.notes if n.rule == "outflow-year"]
    assert note.value == 2023
    assert now.total == pytest.approx(
        897_873.87 - TOTALS.filter("carried_forward")["received"].sum(), abs=0.1
    )
    np.testing.assert_allclose(now.values.sum(1) + now.rest, np.nan_to_num(now.inflow), rtol=1e-9)
    # Corridors of a country move with what it receives: no jump by the method.
    for sender, receiver in (("USA", "MEX"), ("ARE", "IND"), ("SAU", "PAK"), ("RUS", "UZB"), ("USA", "IND")):
        shares = [
            m.values[m.places.index(receiver), m.places.index(sender)] / m.inflow[m.places.index(receiver)]
            for m in (before, now)
        ]
        assert shares[1] == pytest.approx(shares[0], rel=0.05)
    assert abs(now.rest.sum() / now.total - before.rest.sum() / before.total) < 0.003
    assert free.rest.sum() / free.total < 0.02


def test_what_stands_in_2024_for_figures_that_are_missing() -> None:
    notes = {(n.rule, n.place): n.value for n in matrix(2024).notes}
    assert notes["income-year", "WORLD"] == 2023
    assert notes["income-year", "TON"] == 2022
    assert {place for rule, place in notes if rule == "carried-forward"} == set(REPEATED)
    assert ("no-inflow", "YEM") in notes
