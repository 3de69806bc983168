"""Averages weighted by money against the published weighted average."""

from __future__ import annotations

import polars as pl
import pytest

import corridors as co
from corridors.remittances.prices import weighted_cost

# Quarter, as published, and how far the atlas may be from it: with all senders, and without Russia, which the
# published average leaves out. Of 2013 the published weights are of another matrix (of 2010, which with the
# prices of the atlas gives 6.91); the last published one is of 2020 Q4, after the last prices by corridor.
PUBLISHED = [
    ("2013Q1", 6.90, 1.00, 0.65),
    ("2014Q1", 5.91, 0.45, 0.20),
    ("2014Q2", 5.85, 0.50, 0.25),
    ("2016Q3", 5.73, 0.30, 0.15),
    ("2017Q1", 5.65, 0.20, 0.20),
    ("2017Q3", 5.46, 0.25, 0.15),
    ("2017Q4", 5.29, 0.15, 0.25),
    ("2020Q3", 4.82, 0.20, 0.15),
    ("2025Q3", 5.04, 0.10, 0.10),
]


@pytest.fixture(scope="module")
def without_russia(atlas: co.Atlas) -> dict[str, float]:
    prices = atlas.table("remittance_price", where="sending <> 'RUS'").drop("source")
    flows = atlas.table("remittance_flow", where="rule = 'reconciled' AND value > 0 AND sending <> 'UNK'")
    of = [quarter for quarter, *_ in PUBLISHED]
    made = weighted_cost(prices, flows.select("sending", "receiving", "year", "value"), quarters=of, draws=20)
    return dict(made.table.select("quarter", "mean_pct").iter_rows())


@pytest.mark.parametrize(("quarter", "published", "near", "nearer"), PUBLISHED)
def test_near_what_is_published(
    atlas: co.Atlas,
    without_russia: dict[str, float],
    quarter: str,
    published: float,
    near: float,
    nearer: float,
) -> None:
    rows = atlas.table("price_index", where=f"weighting = 'weighted by money' AND quarter = '{quarter}'")
    row = rows.row(0, named=True)
    assert row["value"] == pytest.approx(published, abs=near)
    assert row["flow_year"] == min(int(quarter[:4]), 2024)
    assert without_russia[quarter] == pytest.approx(published, abs=nearer)
    assert row["lower"] < row["least"] <= row["value"] <= row["most"] < row["upper"]
    assert 0.4 < row["priced_share"] < 0.65


def test_the_weights_are_traced_to_their_sources(atlas: co.Atlas) -> None:
    for table, key in (
        ("price_index", ("world", "World", "2025Q3", "weighted by money")),
        ("price_saving", ("3", "world", "World", "2025Q3", "2024")),
    ):
        why = atlas.why(table, *key)
        assert {card["source"].partition("@")[0] for card in why.sources} >= {
            "remittance_price", "remittances", "migrant_stock", "economy",
        }  # fmt: skip
        assert 0.5 < why.figure["priced_share"] < 0.65
        assert "sender_unknown" in next(f for n, f in why.inputs.items() if n.endswith(" flows")).columns


def test_why_savings_are_smaller_than_published_ones(atlas: co.Atlas) -> None:
    rows = atlas.table("price_saving", where="target_pct = 3 AND scope IN ('world', 'income')")
    poorer = rows.filter(pl.col("scope") == "income").row(0, named=True)
    assert 2 < poorer["as_published"] / poorer["saved"] < 3
    assert 20_000 < poorer["as_published"] < 26_000
    # Step by step: only what is priced, at the cost of that money instead of the mean service's, no
    # credit for corridors below the target.
    gap = poorer["as_published"] / (poorer["flow"] / poorer["priced_share"])
    priced = gap * poorer["flow"]
    weighted = (poorer["cost_pct"] - 3) / 100 * poorer["flow"]
    assert poorer["as_published"] > priced > weighted
    assert weighted < poorer["saved"] < 1.1 * weighted
