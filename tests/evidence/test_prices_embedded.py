"""The embedded prices: two vintages by corridor, and averages over all quotes."""

from __future__ import annotations

import runpy
from pathlib import Path

import polars as pl
import pytest

from conftest import FULL_DATA, ROOT
from corridors.errors import DataError
from corridors.evidence import load, validate

PRICES = load().table("remittance_price").drop("source")
NOW = PRICES.filter(quarter="2025Q3")
THEN = PRICES.filter(quarter="2020Q3")
QUOTES = load().table("quote_average").drop("source")
FIGURES = ROOT / "src" / "corridors" / "data" / "evidence" / "figures"
CORRIDOR = ["sending", "receiving"]


def test_prices_of_today_add_up_to_what_is_published() -> None:
    assert (NOW.height, NOW["sending"].n_unique(), NOW["quotes"].sum()) == (348, 46, 6_470)
    over_quotes = (NOW["quotes"] * NOW["cost_usd200_pct"]).sum() / NOW["quotes"].sum()
    assert over_quotes == pytest.approx(6.362, abs=0.0005)
    assert over_quotes == pytest.approx(QUOTES.filter(quarter="2025Q3")["mean_cost_pct"].item(), abs=0.002)
    assert NOW["cost_usd200_pct"].mean() == pytest.approx(7.18, abs=0.005)
    assert NOW["cost_usd200_pct"].median() == pytest.approx(5.145, abs=1e-9)


def test_the_two_vintages_are_told_apart_by_their_quotes() -> None:
    assert PRICES.filter(pl.col("quotes").is_null())["quarter"].unique().sort()[-1] == "2020Q3"
    assert PRICES.filter(pl.col("quotes").is_not_null())["quarter"].unique().to_list() == ["2025Q3"]
    [card] = [card for card in load().cards if card.table == "remittance_price"]
    assert "2020 Q3" in card.revision
    assert "Issue 54" in card.revision


def test_347_corridors_are_in_both_vintages() -> None:
    both = THEN.join(NOW, on=CORRIDOR, suffix="_now")
    assert both.height == 347
    assert both["cost_usd200_pct"].mean() == pytest.approx(7.08, abs=0.005)
    assert both["cost_usd200_pct_now"].mean() == pytest.approx(7.19, abs=0.005)
    assert both["cost_usd200_pct"].median() == pytest.approx(6.41, abs=0.005)
    gone = THEN.join(NOW, on=CORRIDOR, how="anti")
    assert (gone.height, gone.filter(sending="RUS").height) == (20, 13)
    assert NOW.join(THEN, on=CORRIDOR, how="anti").select(CORRIDOR).rows() == [("POL", "UKR")]


def test_averages_over_quotes_are_the_published_ones() -> None:
    assert (QUOTES.height, QUOTES["quotes"].sum()) == (54, 245_469)
    parts = QUOTES["mean_fee_pct"] + QUOTES["mean_fx_margin_pct"] - QUOTES["mean_cost_pct"]
    assert parts.abs().max() < 0.0015  # type: ignore[operator]
    published = {"2023Q2": 6.20, "2023Q3": 6.18, "2024Q1": 6.35, "2025Q1": 6.49, "2025Q3": 6.36}
    for quarter, mean in published.items():
        assert QUOTES.filter(quarter=quarter)["mean_cost_pct"].item() == pytest.approx(mean, abs=0.005)
    assert QUOTES.filter(quarter="2025Q3")["median_cost_pct"].item() == pytest.approx(4.13, abs=0.005)
    assert "2025Q2" not in QUOTES["quarter"].to_list()


def test_prices_without_the_number_of_quotes_are_taken() -> None:
    bare = NOW.drop("quotes")
    assert validate("remittance_price", bare)["quotes"].null_count() == bare.height
    assert validate("remittance_price", NOW).equals(NOW)
    with pytest.raises(DataError, match="'quotes': 1 value is below 1"):
        validate("remittance_price", NOW.head(1).with_columns(quotes=pl.lit(0)))


@pytest.mark.skipif(
    not (FULL_DATA / "rpw_corridors_2025Q3.csv").exists(), reason="needs the publisher's tables"
)
def test_the_script_makes_the_embedded_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["remittance_prices.py", str(FULL_DATA), str(tmp_path)])
    runpy.run_path(str(ROOT / "scripts" / "remittance_prices.py"), run_name="__main__")
    for name in ("remittance_price.csv.gz", "quote_average.csv"):
        assert (tmp_path / name).read_bytes() == (FIGURES / name).read_bytes()
