"""What central banks count beside what is modelled, and why some corridors have no model."""

from __future__ import annotations

import polars as pl
import pytest

import corridors as co


def observed(atlas: co.Atlas, sending: str, receiving: str, year: int) -> dict[str, object]:
    where = f"sending = '{sending}' AND receiving = '{receiving}' AND year = {year}"
    return atlas.table("remittance_check", where=where).row(0, named=True)


def test_observed_figures_are_those_of_the_reports(atlas: co.Atlas) -> None:
    rows = atlas.table("remittance_observed")
    assert rows.height == rows.select("sending", "receiving", "year").n_unique() == 135
    assert rows["publisher"].n_unique() == 14
    shares = rows.group_by("receiving", "year").agg(pl.col("share_pct").sum())
    assert shares["share_pct"].max() <= 100
    told = {
        (s, r, y): p for s, r, y, p in rows.select("sending", "receiving", "year", "share_pct").iter_rows()
    }
    assert [told["USA", "IND", year] for year in (2016, 2020, 2023)] == [22.9, 23.4, 27.7]
    assert told["USA", "MEX", 2023] == 96.2
    assert told["SAU", "BGD", 2017] == pytest.approx(17.3, abs=0.01)
    assert observed(atlas, "MYS", "PHL", 2023)["observed"] == 650.6
    assert rows.filter(read_in="publisher")["receiving"].unique().sort().to_list() == ["PHL", "SLV"]
    assert rows.filter(pl.col("value").is_not_null())["value"].is_finite().all()


def test_ranges_hold_two_thirds_of_what_central_banks_count(atlas: co.Atlas) -> None:
    """Less than the 80 % of a published model: money is booked where the channel sits."""
    both = atlas.table("remittance_check", where="modelled IS NOT NULL")
    assert both.height == 108
    assert both["inside"].mean() == pytest.approx(0.66, abs=0.03)
    assert ((both["lower"] <= both["modelled"]) & (both["modelled"] <= both["upper"])).all()
    india = observed(atlas, "USA", "IND", 2020)
    assert india["observed_on_recorded"] == pytest.approx(19_457, abs=5)
    assert india["inside"] is True
    logs = both.filter(pl.col("observed_on_recorded") > 1).select("observed_on_recorded", "modelled")
    assert logs.select(pl.corr(pl.col("observed_on_recorded").log(), pl.col("modelled").log())).item() > 0.88


def test_a_corridor_says_why_nothing_is_modelled(atlas: co.Atlas) -> None:
    closed, unknown = atlas.corridor("PAK", "IND"), atlas.corridor("PHL", "SGP")
    assert any("no money is taken to be sent" in note and "IND–PAK" in note for note in closed.notes)
    assert any("no migrant stock is published, which is not zero" in note for note in unknown.notes)
    counted = unknown.facts.filter(measure="remittance_observed", unit="USD million")
    assert counted.select("period", "value").rows() == [("2023", 2360.0)]
    assert not any("modelled" in note for note in atlas.corridor("MEX", "USA").notes)
    # Kosovo's people stand under Serbia in the stocks: its corridors are counted, and not modelled.
    kosovo = atlas.table("remittance_check", where="receiving = 'XKX'")
    assert kosovo.height == 16
    assert kosovo["modelled"].null_count() == 16
    assert observed(atlas, "DEU", "XKX", 2021)["observed_on_recorded"] == pytest.approx(664, abs=1)


def test_why_of_an_observed_figure_names_its_publisher(atlas: co.Atlas) -> None:
    why = atlas.why("remittance_observed", "SGP", "PHL", "2023")
    assert why.figure["publisher"] == "Bangko Sentral ng Pilipinas"
    assert "booked where the bank" in why.recipe["caveat"]
    assert why.sources[0]["title"].startswith("Remittances by country of the sender")
