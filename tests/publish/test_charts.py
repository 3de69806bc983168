"""Figures: what they draw is what the rows say; gaps stay gaps; files are written without a network."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

import corridors as co
from corridors.errors import DataError, NotFound
from corridors.publish.charts import (
    CHARTS,
    Setting,
    chart,
    corridor,
    net_migration,
    price_distribution,
    remittance_price,
    remittances,
    save,
    stock_by_birthplace,
    top_corridors,
    welfare,
)
from corridors.publish.charts.chart_rows import spread, with_gaps
from corridors.publish.charts.saving import svg
from corridors.publish.charts.theme import MONEY, PEOPLE

ARGUMENTS = {"corridor": ("PHL", "USA"), "flow-methods": ("PHL", "USA")}
FLOWS = pl.DataFrame(
    {
        "period_start": [1990, 1995],
        "period_end": [1995, 2000],
        "value": [100.0, 200.0],
        "lower": [90.0, None],
        "upper": [120.0, None],
    }
)


def drawn(made: Any) -> list[dict[str, Any]]:
    """All rows that a figure holds."""
    spec = made.to_dict()
    return [row for rows in spec.get("datasets", {}).values() for row in rows]


@pytest.mark.parametrize("name", CHARTS)
def test_every_figure_is_drawn_with_a_sentence_a_source_and_a_word_on_certainty(
    name: str, atlas: co.Atlas
) -> None:
    made = chart(atlas, name, *ARGUMENTS.get(name, ("PHL",)))
    title = made.to_dict()["title"]
    said = " ".join(title["subtitle"])
    assert " ".join(title["text"]).endswith(".")
    assert "Source: " in said
    assert any(word in said.lower() for word in ("interval", "band", "range"))
    assert svg(made).startswith("<svg")


def test_a_corridor_holds_the_rows_of_the_atlas(atlas: co.Atlas) -> None:
    rows = atlas.table(
        "migrant_flow",
        where="origin = 'MEX' AND destination = 'USA' AND method = 'pseudo-bayes' AND kind = 'total' "
        "AND sex = 'total'",
    ).sort("period_start")
    held = sorted(drawn(corridor(atlas, "Mexico", "USA")), key=lambda row: row["period_start"])
    # People a year: the last period has four.
    years = (rows["period_end"] - rows["period_start"]).to_list()
    assert years == [5] * 6 + [4]
    assert [row["period_start"] for row in held] == rows["period_start"].to_list()
    for name in ("value", "lower", "upper"):
        assert [row[name] * n for row, n in zip(held, years, strict=True)] == pytest.approx(
            rows[name].to_list()
        )


def test_top_corridors_are_the_largest_in_order(atlas: co.Atlas) -> None:
    for direction, own, other in (
        ("departures", "origin", "destination"),
        ("arrivals", "destination", "origin"),
    ):
        held = drawn(top_corridors(atlas, "FRA", direction, top=4))
        best = atlas.sql(
            f"SELECT {other} AS code, value FROM migrant_flow WHERE {own} = 'FRA' "
            "AND method = 'pseudo-bayes' AND kind = 'total' AND sex = 'total' AND period_start = 2020 "
            "ORDER BY value DESC LIMIT 4"
        )
        assert [row["value"] for row in held] == best["value"].to_list()


def test_rows_can_be_given_from_pandas_too() -> None:
    ours = svg(corridor(FLOWS, "MEX", "USA"))
    assert svg(corridor(FLOWS.to_pandas(), "MEX", "USA")) == ours
    assert "rows as given" in ours


def test_a_missing_year_is_a_gap_and_no_zero() -> None:
    rows = pl.DataFrame({"series": ["received"] * 3, "year": [2000, 2001, 2003], "value": [5.0, 6.0, 7.0]})
    held = [row for row in drawn(remittances(rows, "PHL")) if row.get("year") == 2002]
    assert [row["value"] for row in held] == [None]
    # Two pieces of line: the second begins anew.
    assert 'd="M' in svg(remittances(rows, "PHL"))


def test_exact_zeros_of_remittances_are_not_drawn(atlas: co.Atlas) -> None:
    reported = atlas.table("remittance_total", where="country = 'VEN' AND received = 0")
    assert reported.height > 0
    values = [row["value"] for row in drawn(remittances(atlas, "VEN")) if "year" in row]
    assert 0 not in values
    years = [row["year"] for row in drawn(remittances(atlas, "VEN")) if "year" in row]
    assert max(years) < reported["year"].max()


def test_observed_and_projected_meet_with_both_bands(atlas: co.Atlas) -> None:
    held = drawn(net_migration(atlas, "MEX", until=2040))
    future = {row["year"]: row for row in held if row.get("lower95") is not None}
    past = {row["year"] for row in held if row.get("series") == "observed"}
    assert max(future) == 2040
    assert min(future) == max(past) + 1
    assert all(
        r["lower95"] <= r["lower"] <= r["value"] <= r["upper"] <= r["upper95"] for r in future.values()
    )
    scenario = {row["year"]: row["value"] for row in held if row.get("series") == "assumed"}
    published = atlas.table("population_projection", where="country = 'MEX' AND year <= 2040")
    assert scenario == dict(published.select("year", "net_migration").iter_rows())


def test_prices_show_both_targets(atlas: co.Atlas) -> None:
    assert {row["target"] for row in drawn(remittance_price(atlas, "PHL")) if "target" in row} == {5.0, 3.0}


def test_a_country_stands_out_among_prices(atlas: co.Atlas) -> None:
    held = [row for row in drawn(price_distribution(atlas, "PHL")) if "mine" in row]
    mine = atlas.sql(
        "SELECT count(*) AS n FROM remittance_price WHERE 'PHL' IN (sending, receiving) "
        "AND quarter = (SELECT max(quarter) FROM remittance_price)"
    ).item()
    assert sum(row["mine"] for row in held) == mine
    with pytest.raises(NotFound, match="Tuvalu"):
        price_distribution(atlas, "TUV")


def test_people_are_teal_and_money_is_ochre(atlas: co.Atlas) -> None:
    for name in ("corridor", "stock-by-birthplace", "top-corridors"):
        text = svg(chart(atlas, name, *ARGUMENTS.get(name, ("PHL",))))
        assert PEOPLE in text
        assert MONEY not in text
    for name in ("remittances", "remittance-price"):
        assert MONEY in svg(chart(atlas, name, "PHL"))


def test_words_of_the_reader_replace_labels(atlas: co.Atlas) -> None:
    words = {"United States of America": "États-Unis", "with remittances": "avec"}
    setting = Setting(words=words, title=False)
    text = svg(stock_by_birthplace(atlas, "PHL", "emigrants", setting=setting))
    assert "États-Unis" in text
    assert "United States" not in text
    assert "avec" in svg(welfare(atlas, "PHL", setting=setting))


def test_saving_by_name(atlas: co.Atlas, tmp_path: Path) -> None:
    made = remittances(atlas, "PHL")
    picture = save(made, tmp_path / "a.png").read_bytes()
    assert picture.startswith(b"\x89PNG")
    # The width stands in the first chunk of the file.
    assert int.from_bytes(picture[16:20]) > 1000
    assert len(PdfReader(save(made, tmp_path / "a.pdf")).pages) == 1
    assert save(made, tmp_path / "a.svg").read_text("utf-8") == svg(made)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.pdf", "a.png", "a.svg"]
    with pytest.raises(DataError, match=r"figure can not be written as 'a\.gif'"):
        save(made, tmp_path / "a.gif")
    with pytest.raises(DataError, match="can not be written"):
        save(made, tmp_path / "nowhere" / "a.svg")


def test_refusals_name_what_is_there(atlas: co.Atlas) -> None:
    with pytest.raises(NotFound, match="no figure 'corridr'") as caught:
        chart(atlas, "corridr", "MEX", "USA")
    assert "corridor" in caught.value.detail
    with pytest.raises(DataError, match="wants ORIGIN DESTINATION"):
        chart(atlas, "corridor", "MEX")
    with pytest.raises(DataError, match="no column 'lower', 'upper'"):
        corridor(FLOWS.drop("lower", "upper"), "MEX", "USA")
    with pytest.raises(NotFound, match="Kosovo") as caught:
        top_corridors(atlas, "XKX")
    assert "not zero" in caught.value.remedy
    with pytest.raises(DataError, match="not 'sideways'"):
        top_corridors(atlas, "PHL", "sideways")
    with pytest.raises(DataError, match="not of 'tourists'"):
        stock_by_birthplace(atlas, "PHL", "tourists")


@given(
    st.lists(st.floats(0, 1e7), min_size=1, max_size=8),
    st.floats(0.1, 1e6),
)
def test_labels_keep_their_distance_and_order(values: list[float], gap: float) -> None:
    placed = spread(sorted(values, reverse=True), gap)
    apart = [above - below for above, below in pairwise(placed)]
    assert all(distance >= gap * (1 - 1e-6) for distance in apart)
    assert min(placed) >= -1e-6 * max(1.0, *values)


@given(st.sets(st.integers(1990, 2020), min_size=1))
def test_gaps_add_no_value_and_lose_none(years: set[int]) -> None:
    rows = pl.DataFrame({"year": sorted(years), "value": [float(year) for year in sorted(years)]})
    filled = with_gaps(rows, "year", 1)
    assert filled.drop_nulls().equals(rows)
    assert filled["year"].to_list() == list(range(min(years), max(years) + 1))
