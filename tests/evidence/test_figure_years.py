"""How old a figure is: its last year from the rows, the day it was taken, what replaced it."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from corridors.building.steps.published import source_table
from corridors.errors import DataError
from corridors.evidence import load, schema
from corridors.evidence.figure_years import last_year

EMBEDDED = load()
CARDS = {card.table: card for card in EMBEDDED.cards}


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("migrant_stock", "year"),
        ("remittance_price", "quarter"),
        ("income_distribution", "survey_year"),
        ("labour_agreement", "year"),
        ("treaty", "state_party_since"),
    ],
)
def test_the_last_year_is_that_of_the_newest_row(table: str, column: str) -> None:
    newest = max(str(value)[:4] for value in EMBEDDED.table(table)[column])
    assert CARDS[table].last_year == int(newest)


def test_of_several_columns_the_newest_counts() -> None:
    rows = EMBEDDED.table("health_workforce")
    columns = ("physicians_per_10000_year", "nurses_midwives_per_10000_year")
    assert CARDS["health_workforce"].last_year == max(max(rows[name]) for name in columns)


def test_rows_without_a_year_have_that_of_their_card_or_none() -> None:
    assert CARDS["proximity"].last_year is None
    rows = EMBEDDED.table("proximity")
    assert last_year(schema()["proximity"], rows, "1999-2004, distances of 2001") == 2004
    # Where the rows know it, the words of the card do not count.
    stock = EMBEDDED.table("migrant_stock").filter(pl.col("year") <= 2010)
    assert last_year(schema()["migrant_stock"], stock, "1990-2050") == 2010


def test_two_revisions_in_a_table_have_a_year_each(tmp_path: Path) -> None:
    """The world's people of one revision and a country's own census."""
    own = EMBEDDED.table("population").filter(country="NAM", year=2011).drop("source")
    own.write_csv(tmp_path / "population.csv")
    rest = '[population]\nmode = "extend"\n[population.card]\nrevision = "census"\naccessed = "2024-05"\n'
    (tmp_path / "corridors.toml").write_text(rest)
    with pytest.raises(DataError, match="mix two revisions"):
        load(tmp_path)
    (tmp_path / "corridors.toml").write_text(rest.replace("extend", "replace"))
    card = load(tmp_path).card("population@census")
    assert (card.last_year, card.accessed, card.superseded, card.rows) == (2011, "2024-05", "", 1)


@pytest.mark.parametrize("day", ["last spring", "2024-13", "2024-05-32", "20240501", "05/2024"])
def test_a_day_that_is_none_is_refused(tmp_path: Path, day: str) -> None:
    EMBEDDED.table("treaty").drop("source").write_csv(tmp_path / "treaty.csv")
    (tmp_path / "corridors.toml").write_text(f'[treaty.card]\naccessed = "{day}"\n')
    with pytest.raises(DataError, match="'accessed' is no day"):
        load(tmp_path)


def test_the_table_of_sources_says_it() -> None:
    rows = {row["table_name"]: row for row in source_table(EMBEDDED).to_dicts()}
    assert rows["income_distribution"]["superseded"].startswith("Poverty and Inequality Platform, June 2025")
    assert rows["proximity"]["last_year"] is None
    assert rows["proximity"]["superseded"] is None
    assert rows["displacement"]["accessed"] == "2025-12"
    assert (rows["treaty"]["accessed"], rows["income_distribution"]["accessed"]) == ("2022-06", "2022-09")
    assert rows["remittance_total"]["superseded"].startswith("World Development Indicators of July 2026")
    assert rows["migrant_stock"]["last_year"] == CARDS["migrant_stock"].last_year
